"""Two people changed the same lists: both changes together, from what both had seen (pure)."""

from collections.abc import Iterable, Mapping
from typing import Any

from config.taxonomy_changes import Changes


def merged_changes(base: Changes, mine: Changes, theirs: Changes) -> Changes:
    """Theirs, with what I added since `base` and without what I took back."""
    return Changes(
        add=_merged_lists(base.add, mine.add, theirs.add), remove=_merged_lists(base.remove, mine.remove, theirs.remove)
    )


def merged_words(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """The same for the saved words of a brand; of an expert query mine counts when I changed it."""
    lists = {key for body in (base, mine, theirs) for key in body} - {"query", "risk"}
    found: dict[str, Any] = {key: list(_merged(base.get(key), mine.get(key), theirs.get(key))) for key in lists}
    risk = _merged_lists(base.get("risk") or {}, mine.get("risk") or {}, theirs.get("risk") or {})
    found["risk"] = {kind: list(words) for kind, words in risk.items()}
    found["query"] = (theirs if mine.get("query", "") == base.get("query", "") else mine).get("query", "")
    return {key: value for key, value in found.items() if value}


def _merged_lists(
    base: Mapping[str, Iterable[str]], mine: Mapping[str, Iterable[str]], theirs: Mapping[str, Iterable[str]]
) -> dict[str, tuple[str, ...]]:
    places = dict.fromkeys([*theirs, *mine])
    made = {place: _merged(base.get(place), mine.get(place), theirs.get(place)) for place in places}
    return {place: words for place, words in made.items() if words}


def _merged(base: Iterable[str] | None, mine: Iterable[str] | None, theirs: Iterable[str] | None) -> tuple[str, ...]:
    before, own, other = (dict.fromkeys(words or ()) for words in (base, mine, theirs))
    kept = [word for word in other if word in own or word not in before]
    return tuple(dict.fromkeys([*kept, *(word for word in own if word not in before)]))
