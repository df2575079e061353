"""What a company changed of the shipped taxonomy: words added to and taken from its lists, kept apart from the file."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pydantic import Field, ValidationError

from config.errors import InputError
from config.model import Model, faults_said
from config.taxonomy import Aggravators, Taxonomy, Words

# Words that count by themselves: each has one home. The last list of a category cancels its words.
COUNTING: Final = ("hard", "terms", "weak")
OF_CATEGORY: Final = (*COUNTING, "false_friends")
GLOBAL: Final = (
    "idioms",
    "suppressors",
    "mild_suppressors",
    "negations",
    "not_negations",
    "certainty",
    *(f"aggravators.{name}" for name in Aggravators.model_fields),
)
_HAN: Final = re.compile(r"[\u3005-\u3007\u3400-\u9fff\uf900-\ufaff]")

Lists = dict[str, Words]


class Changes(Model):
    """List (`food_safety.hard`, `aggravators.hospital`, `idioms`) → words added to it, and words taken from it."""

    add: Lists = Field({}, description="Words the shipped file does not have there.")
    remove: Lists = Field({}, description="Words of the shipped file that do not count.")

    @property
    def size(self) -> int:
        """How many words are changed."""
        return sum(len(words) for lists in (self.add, self.remove) for words in lists.values())

    def body(self) -> dict[str, Any]:
        """The JSON form that is saved; without empty lists."""
        kept = {"add": self.add, "remove": self.remove}
        return {name: {place: list(words) for place, words in lists.items() if words} for name, lists in kept.items()}


def places(taxonomy: Taxonomy) -> tuple[str, ...]:
    """Every list there is, those of the categories first."""
    return (*(f"{one.id}.{name}" for one in taxonomy.categories for name in OF_CATEGORY), *GLOBAL)


def counts(place: str) -> bool:
    """Whether the words of a list count by themselves."""
    return place.rpartition(".")[2] in COUNTING


def read_changes(body: object) -> Changes:
    """Changes out of JSON; InputError says what is no list of words."""
    try:
        return Changes.model_validate(body)
    except ValidationError as error:
        raise InputError(faults_said(error, "body")) from error


def words_at(taxonomy: Taxonomy, place: str) -> tuple[str, ...]:
    """The words of a list in both languages; InputError when there is no such list."""
    pair = _pair(taxonomy.model_dump(), place, taxonomy)
    return (*pair["zh"], *pair["en"])


def apply(taxonomy: Taxonomy, changes: Changes) -> Taxonomy:
    """The shipped taxonomy with the changes over it; InputError when they no longer fit.

    A word that is gone from the file need not be removed, one that it has by now need not be added, and where the file
    counts an added word elsewhere, the company's own home of it counts.
    """
    if not changes.size:
        return taxonomy
    whole = taxonomy.model_dump()
    lists = {place: _pair(whole, place, taxonomy) for place in (*changes.remove, *changes.add)}
    for place, words in changes.remove.items():
        _drop(lists[place], words)
    counting = [word for place, words in changes.add.items() if counts(place) for word in words]
    for category in whole["categories"] if counting else ():
        for name in COUNTING:
            _drop(category[name], counting)
    for place, words in changes.add.items():
        _put(lists[place], words)
    try:
        return Taxonomy.model_validate(whole)
    except ValidationError as error:
        raise InputError(faults_said(error, "body")) from error


def _pair(whole: dict[str, Any], place: str, taxonomy: Taxonomy) -> dict[str, Any]:
    """The list of a dumped taxonomy, its words by language."""
    if place in GLOBAL:
        table, _, name = place.rpartition(".")
        found: dict[str, Any] = whole[table][name] if table else whole[name]
        return found
    category, _, name = place.partition(".")
    at = next((number for number, one in enumerate(taxonomy.categories) if one.id == category), None)
    if at is None or name not in OF_CATEGORY:
        raise InputError(f"{place[:60]}: there is no such list of words")
    listed: dict[str, Any] = whole["categories"][at][name]
    return listed


def _drop(pair: dict[str, Any], words: Iterable[str]) -> None:
    gone = {word.strip().lower() for word in words}
    for lang in ("zh", "en"):
        pair[lang] = tuple(word for word in pair[lang] if word.strip().lower() not in gone)


def _put(pair: dict[str, Any], words: Words) -> None:
    known = {word.strip().lower() for word in (*pair["zh"], *pair["en"])}
    more: dict[str, dict[str, str]] = {"zh": {}, "en": {}}
    for word in words:
        if word.strip().lower() not in known:
            more["zh" if _HAN.search(word) else "en"].setdefault(word.strip().lower(), word)
    for lang, added in more.items():
        pair[lang] = (*pair[lang], *added.values())


def listed(changes: Changes) -> Iterator[tuple[str, str, str]]:
    """("add" or "remove", list, word) of every change, in order."""
    for kind, lists in (("add", changes.add), ("remove", changes.remove)):
        for place, words in lists.items():
            yield from ((kind, place, word) for word in words)
