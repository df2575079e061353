"""What a person may ask of us: all we keep of them, and that it goes, unless a hold or an open incident keeps it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from config.errors import InputError
from monitor.privacy import ERASED, author_hash
from store import authors, heard, holds, incidents, journal, keeping, lookup, mentions
from store.database import Tx
from store.nouns import Author, Hold

_HASH = re.compile(r"[0-9a-f]{64}")
HOLDS = ("all", "brand:ID", "author:HASH", "incident:ID")


@dataclass(frozen=True, slots=True)
class Subject:
    """One person as far as we can tell them from others: their hashes, and the names we still have."""

    hashes: tuple[str, ...]
    names: tuple[Author, ...]


@dataclass(frozen=True, slots=True)
class Erased:
    """How many mentions lost their words and author, and how many are kept for now."""

    erased: int
    held: int


def find(tx: Tx, who: str, platforms: tuple[str, ...], key: str) -> Subject:
    """Everybody whose name or account is exactly `who` on these platforms, also when only the hash is left."""
    names = tuple(one for platform in platforms for one in authors.named(tx, who, platform))
    hashes = {one.author_hash for one in names} | {author_hash(key, platform, who) for platform in platforms}
    return Subject(tuple(sorted(hashes)), names)


def platforms(tx: Tx) -> set[str]:
    """Every platform there are mentions of."""
    return set(lookup.platforms(tx))


def export(tx: Tx, subject: Subject, who: str) -> Iterator[dict[str, Any]]:
    """All rows about them, one by one, each with its `kind`: author, mention, snapshot, named (others naming them)."""
    for author in subject.names:
        yield {"kind": "author", "platform": author.platform, "name": author.name, "handle": author.handle}
    own = keeping.of_authors(tx, subject.hashes)
    for row in own:
        yield {"kind": "mention", **row}
    for row in keeping.snapshots_of(tx, [row["id"] for row in own]):
        yield {"kind": "snapshot", **row}
    mine = {row["id"] for row in own}
    for one in mentions.saying(tx, f"@{who}"):
        if one.id not in mine:
            yield {"kind": "named", "id": one.id, "platform": one.platform, "url": one.url, "text": one.text}


def erase(tx: Tx, subject: Subject, who: str, reason: str, now: datetime) -> Erased:
    """Take words, name and address out of what is theirs; held mentions stay as they are until the hold is over."""
    heard.alone(tx)
    rows = keeping.of_authors(tx, subject.hashes)
    kept = keeping.held(tx, [row["id"] for row in rows], holds.standing(tx))
    free = [(row["id"], row["title"], row["text"]) for row in rows if row["id"] not in kept]
    keeping.erase(tx, free, ERASED, now)
    if not kept:
        authors.forget(tx, subject.hashes)
    detail = {"hashes": [one[:12] for one in subject.hashes], "erased": len(free), "held": len(kept)}
    journal.write(tx, now, who, "subject_erased", "privacy", reason, detail)
    return Erased(len(free), len(kept))


def hold(tx: Tx, made: Hold) -> None:
    """Begin a legal hold; InputError when it is about nothing we know."""
    kind, _, name = made.subject.partition(":")
    if made.subject != "all" and (kind not in ("brand", "author", "incident") or not name):
        raise InputError(f"hold: {made.subject[:40]!r} is nothing that can be held; allowed: {', '.join(HOLDS)}")
    # A hold that keeps nothing is worse than none: somebody relies on it.
    if kind == "author" and not _HASH.fullmatch(name):
        raise InputError("hold: author: needs the whole hash of 64 digits; ./goldenhour subject export shows it")
    if kind == "incident" and incidents.get(tx, name) is None:
        raise InputError(f"hold: there is no incident with the id {name[:40]!r}; its id stands in its address")
    if not made.reason.strip():
        raise InputError("hold: a reason is needed")
    holds.add(tx, made)
    journal.write(
        tx, made.since, made.author, "hold_begun", "privacy", made.reason, {"hold": made.id, "of": made.subject}
    )


def release(tx: Tx, hold_id: str, who: str, reason: str, now: datetime) -> None:
    """End a legal hold; InputError when there is none of this id."""
    if not holds.end(tx, hold_id, who, now):
        raise InputError(f"hold: no standing hold is called {hold_id[:40]!r}; ./goldenhour subject holds lists them")
    journal.write(tx, now, who, "hold_ended", "privacy", reason, {"hold": hold_id})
