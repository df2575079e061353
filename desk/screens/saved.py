"""Saved versions as screens handle them: who may save, how a version is kept, told, signed and gone back to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from config.errors import InputError, MoveError, StaleError
from desk import access
from desk.screens.door import Ask
from store import journal, versions
from store.database import Tx
from store.nouns import Version, VersionKind

EDITORS: Final = ("lead", "ops", "admin")
SHORTEST_REASON: Final = 4
LONGEST_REASON: Final = 500
SHOWN_WORDS: Final = 6
SHOWN_VERSIONS: Final = 30


@dataclass(frozen=True, slots=True)
class Past:
    """One version and what it changed against the one before: (list, word) added and gone, and how many more."""

    version: Version
    added: tuple[tuple[str, str], ...]
    gone: tuple[tuple[str, str], ...]
    more: int
    may_sign: bool


def about(kind: VersionKind, subject: str) -> str:
    """What the journal writes under."""
    return f"{kind.value}:{subject}" if subject else kind.value


def reason_of(ask: Ask) -> str:
    """The reason that was typed, without blanks around it; "" when it is too short to be one."""
    said = ask.field("reason")[:LONGEST_REASON]
    return said if len(said) >= SHORTEST_REASON else ""


def number_of(ask: Ask, name: str) -> int:
    """The number of a version in a field; InputError when it is none."""
    text = ask.field(name)
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InputError("The number of a version is a whole number.")
    return int(text)


def keep(ask: Ask, draft: Version, what: str = "words_saved") -> bool:
    """Save a version and note it in the journal; False when somebody else saved since the author looked."""
    with ask.room.store.transaction() as tx:
        made = versions.save(tx, draft)
        if made is None:
            return False
        detail = {"version": made.number, "sha256": made.sha256}
        journal.write(tx, ask.now, ask.who, what, about(made.kind, made.subject), made.reason, detail)
    return True


def draft_of(ask: Ask, kind: VersionKind, subject: str, base: int, body: dict[str, Any], reason: str) -> Version:
    """A version that follows `base`."""
    return Version(kind, subject, base + 1, ask.now, ask.who, reason, body, {}, "")


def go_back(ask: Ask, kind: VersionKind, subject: str, what: str = "words_back") -> None:
    """The words of an older version (0: of the file) under a new number; nothing that was saved is lost."""
    access.require(ask.person, *EDITORS)
    base, to = number_of(ask, "base"), number_of(ask, "to")
    reason = reason_of(ask)
    if not reason:
        raise InputError("Going back needs a reason.")
    with ask.room.store.reading() as tx:
        older = versions.get(tx, kind, subject, to) if to else None
    if to and older is None:
        raise MoveError("There is no such version.")
    if not keep(ask, draft_of(ask, kind, subject, base, older.body if older else {}, reason), what):
        raise StaleError("Somebody has saved another version meanwhile; look at it first.")


def sign(ask: Ask, kind: VersionKind, subject: str, what: str = "words_signed") -> None:
    """A second person's yes to a version."""
    access.require(ask.person, *EDITORS)
    number = number_of(ask, "number")
    with ask.room.store.transaction() as tx:
        version = versions.get(tx, kind, subject, number)
        if version is None or not versions.sign(tx, version, ask.who, ask.now):
            raise MoveError("A version is signed once, by somebody else than its author.")
        journal.write(tx, ask.now, ask.who, what, about(kind, subject), "", {"version": number})


def history(ask: Ask, tx: Tx, kind: VersionKind, subject: str, file: Mapping[str, Any]) -> list[Past]:
    """The newest versions, newest first; `file` is the body of what lies underneath."""
    found = versions.history(tx, kind, subject, SHOWN_VERSIONS + 1)
    bodies: list[Mapping[str, Any]] = [*(one.body or file for one in found), file]
    return [_past(ask, one, *bodies[at : at + 2]) for at, one in enumerate(found[:SHOWN_VERSIONS])]


def _past(ask: Ask, version: Version, after: Mapping[str, Any], before: Mapping[str, Any]) -> Past:
    old, new = dict.fromkeys(_flat(before)), dict.fromkeys(_flat(after))
    added, gone = [one for one in new if one not in old], [one for one in old if one not in new]
    more = max(0, len(added) - SHOWN_WORDS) + max(0, len(gone) - SHOWN_WORDS)
    return Past(version, tuple(added[:SHOWN_WORDS]), tuple(gone[:SHOWN_WORDS]), more, may_sign(ask, version))


def may_sign(ask: Ask, version: Version) -> bool:
    """Whether the person who asks may say the second yes."""
    return not version.signed_by and version.author != ask.who and access.may(ask.person, *EDITORS)


def _flat(body: object, path: str = "") -> Iterator[tuple[str, str]]:
    """(list, word) of every word of a body, whatever its shape."""
    if isinstance(body, Mapping):
        for key, value in body.items():
            yield from _flat(value, f"{path}.{key}" if path else str(key))
    elif isinstance(body, list | tuple):
        for value in body:
            yield from _flat(value, path)
    elif body:
        yield path, str(body)[:200]
