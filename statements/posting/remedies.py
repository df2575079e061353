"""The compensation matrix as texts may use it (pure): which words are cleared, and what is only the law's floor."""

from config.remedies import EVERY, Remedies, Remedy


def rows_for(remedies: Remedies, category: str) -> tuple[Remedy, ...]:
    """The rows that concern a category, cleared or not, in the order of the file."""
    return tuple(one for one in remedies.remedy if one.category in (EVERY, category))


def cleared_amounts(remedies: Remedies, category: str) -> tuple[str, ...]:
    """Chinese and English words of the cleared rows of a category; `consistency.amounts` makes them keys of D13."""
    return tuple(words for one in rows_for(remedies, category) if one.cleared for words in (one.zh, one.en))
