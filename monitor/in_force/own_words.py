"""A brand's own words over the taxonomy: what alone tells of its crisis, and what only sounds like one (pure)."""

from collections.abc import Iterator

from config.taxonomy import Taxonomy
from config.taxonomy_changes import COUNTING, Changes, apply
from config.watch import Brand
from monitor.risk import RiskTerms
from monitor.risk_words import form_of


def terms_of(file: Taxonomy, changes: Changes, brand: Brand | None = None) -> RiskTerms:
    """The risk terms of everybody, or of one brand; InputError when the changes do not fit the file.

    A brand's words win: a risk word of its own counts in its own category, a harmless one counts nowhere.
    """
    taxonomy = apply(file, changes)
    own = [word for place, words in changes.add.items() if place.endswith(".hard") for word in words]
    if brand is None or not (brand.risk or brand.harmless):
        return RiskTerms(taxonomy, own)
    harmless = {form_of(word) for word in brand.harmless}
    gone = {place: tuple(words) for place, words in _lost(taxonomy, harmless)}
    more = {f"{kind}.hard": words for kind, words in brand.risk.items()} | {"idioms": brand.harmless}
    whole = apply(taxonomy, Changes(add=more, remove=gone))
    named = [word for words in brand.risk.values() for word in words]
    return RiskTerms(whole, [word for word in (*own, *named) if form_of(word) not in harmless])


def _lost(taxonomy: Taxonomy, harmless: set[str]) -> Iterator[tuple[str, list[str]]]:
    """The taxonomy's own words that a brand calls harmless, by list."""
    if not harmless:
        return
    for category in taxonomy.categories:
        for name in COUNTING:
            words = [word for word in getattr(category, name).all if form_of(word) in harmless]
            if words:
                yield f"{category.id}.{name}", words
