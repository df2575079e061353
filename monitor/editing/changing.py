"""Adds words to and takes words from the lists of the taxonomy, and says what its author may not have meant (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from config.taxonomy import Taxonomy
from config.taxonomy_changes import COUNTING, Changes, Lists, apply, counts, words_at
from monitor.folding import is_latin
from monitor.risk_words import form_of

MOST_CHANGED: Final = 5_000
LONGEST_WORD: Final = 60
SHORTEST_LATIN: Final = 3
_PATTERN: Final = frozenset("*+?[](){}|^$\\")


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said of a word: `code` of desk's words; a `wrong` one keeps everything from being changed."""

    code: str
    word: str = ""
    where: str = ""
    count: int = 0
    wrong: bool = True


@dataclass(frozen=True, slots=True)
class Changed:
    """The changes afterwards (as they were when something is wrong), and what is to be said of them."""

    changes: Changes
    remarks: tuple[Remark, ...] = ()

    @property
    def ok(self) -> bool:
        return not any(one.wrong for one in self.remarks)


def add(file: Taxonomy, changes: Changes, place: str, words: Iterable[str]) -> Changed:
    """Words into a list. A word that only stands removed there comes back; InputError when there is no such list."""
    listed = _once(words)
    here = {form_of(word) for word in words_at(apply(file, changes), place)}
    homes = _homes(apply(file, changes)) if counts(place) else {}
    remarks = [one for word in listed for one in _doubts(word, place, here, homes)] or _none(listed)
    fresh = [word for word in listed if form_of(word) not in here]
    back = {form_of(word) for word in changes.remove.get(place, ())} & {form_of(word) for word in fresh}
    kept = [word for word in changes.remove.get(place, ()) if form_of(word) not in back]
    more = [*changes.add.get(place, ()), *(word for word in fresh if form_of(word) not in back)]
    return _settled(changes, _with(changes.add, place, more), _with(changes.remove, place, kept), remarks)


def remove(file: Taxonomy, changes: Changes, place: str, words: Iterable[str]) -> Changed:
    """Words out of a list. One that was only added is taken back; InputError when there is no such list."""
    listed = _once(words)
    here = {form_of(word): word for word in words_at(apply(file, changes), place)}
    gone = {form_of(word) for word in listed}
    remarks = [Remark("not_there", word, place) for word in listed if form_of(word) not in here] or _none(listed)
    own = {form_of(word) for word in changes.add.get(place, ())}
    kept = [word for word in changes.add.get(place, ()) if form_of(word) not in gone]
    shipped = [word for word in words_at(file, place) if form_of(word) in gone - own]
    lost = [*changes.remove.get(place, ()), *shipped]
    return _settled(changes, _with(changes.add, place, kept), _with(changes.remove, place, lost), remarks)


def undo(changes: Changes, kind: str, place: str, word: str) -> Changes:
    """Without one change; one that is not there is none."""
    lists = changes.add if kind == "add" else changes.remove
    left = _with(lists, place, [one for one in lists.get(place, ()) if one != word])
    return Changes(add=left, remove=changes.remove) if kind == "add" else Changes(add=changes.add, remove=left)


def _settled(before: Changes, add: Lists, remove: Lists, remarks: list[Remark]) -> Changed:
    after = Changes(add=add, remove=remove)
    if after.size > MOST_CHANGED:
        remarks = [Remark("too_many", count=after.size)]
    wrong = any(one.wrong for one in remarks)
    return Changed(before if wrong else after, tuple(remarks))


def _doubts(word: str, place: str, here: set[str], homes: Mapping[str, str]) -> list[Remark]:
    form = form_of(word)
    if not any(char.isalnum() for char in form):
        return [Remark("no_letters", word)]
    if len(word) > LONGEST_WORD:
        return [Remark("too_long", word[:LONGEST_WORD], count=LONGEST_WORD)]
    home = homes.get(form, "")
    if home and home.partition(".")[0] != place.partition(".")[0]:
        return [Remark("other_home", word, home)]
    if form in here:
        return [Remark("there", word, place, wrong=False)]
    found = []
    if len(form) == 1 or (len(form) < SHORTEST_LATIN and all(map(is_latin, form))):
        found.append(Remark("short", word, wrong=False))
    if not _PATTERN.isdisjoint(word):
        found.append(Remark("literal", word, wrong=False))
    return found


def _homes(taxonomy: Taxonomy) -> dict[str, str]:
    """Form of every word that counts → its list."""
    return {
        form_of(word): f"{category.id}.{name}"
        for category in taxonomy.categories
        for name in COUNTING
        for word in getattr(category, name).all
    }


def _once(words: Iterable[str]) -> list[str]:
    """Each word once, without blanks around it; empty lines are none."""
    found: dict[str, str] = {}
    for word in words:
        plain = " ".join(word.split())
        if plain:
            found.setdefault(form_of(plain) or plain, plain)
    return list(found.values())


def _none(listed: list[str]) -> list[Remark]:
    return [] if listed else [Remark("empty")]


def _with(lists: Lists, place: str, words: Iterable[str]) -> Lists:
    return {key: value for key, value in (lists | {place: tuple(words)}).items() if value}
