"""What makes a fact confirmed (pure): a document that is kept, or two sources who do not have it from each other."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from config.errors import InputError
from store.nouns import Fact, FactScope, FactStatus, Level

_SHA256 = re.compile(r"[0-9a-f]{64}")
_BLANKS = re.compile(r"\s+")
NEEDS_TWO = (
    "On red, a confirmed public fact needs two sources that are independent (another person verifies it, from another "
    "source) or a document with its SHA-256; keep it unverified until then."
)


def document(evidence: str, sha256: str, captured_at: datetime | None, now: datetime) -> tuple[str, datetime | None]:
    """(sha256, captured_at) of a document as it is kept; ("", None) when none was given. InputError names the fault."""
    sha256 = sha256.strip().lower()
    if not sha256:
        return "", None
    if not _SHA256.fullmatch(sha256):
        raise InputError("A SHA-256 has 64 hexadecimal digits.")
    if not evidence.strip():
        raise InputError("A document with a SHA-256 needs its address or a few words on where it is kept.")
    if captured_at and captured_at > now:
        raise InputError("A document cannot have been captured in the future.")
    return sha256, captured_at or now


def has_document(fact: Fact) -> bool:
    """Evidence that is kept: its hash and the moment it was captured are on record."""
    return bool(fact.evidence and fact.sha256 and fact.captured_at)


def has_two_sources(fact: Fact) -> bool:
    """Two names of sources that are not the same one written twice."""
    return bool(fact.source and fact.second_source) and not same(fact.source, fact.second_source)


def enough(fact: Fact, level: Level) -> bool:
    """Whether a confirmed public fact has what the level asks; every other fact has enough by itself."""
    if level is not Level.RED or fact.status is not FactStatus.CONFIRMED or fact.scope is not FactScope.PUBLIC:
        return True
    return has_document(fact) or has_two_sources(fact)


def check(fact: Fact, level: Level) -> None:
    """InputError when a confirmed fact lacks what it needs on this level."""
    if fact.status is FactStatus.CONFIRMED and not (fact.source or fact.evidence):
        raise InputError("A confirmed fact names its source or evidence.")
    if not enough(fact, level):
        raise InputError(NEEDS_TWO)


def joined(fact: Fact, versions: Sequence[Fact]) -> Fact:
    """The new version with what earlier versions of the same words brought: sources, and who verified it.

    `versions` are those of its label, oldest first. A second source counts when somebody else names it.
    """
    before = versions[-1] if versions else None
    if before is None or not _same_words(fact, before):
        return _verified(fact)
    if not fact.evidence:
        named = ("evidence", "sha256", "captured_at", "snapshot")
        fact = replace(fact, **{name: getattr(before, name) for name in named})
    if not fact.source or same(fact.source, before.source) or same(fact.source, before.second_source):
        kept = replace(fact, source=before.source, second_source=before.second_source)
    elif before.source and _first_said_by(before, versions) != fact.who:
        kept = replace(fact, source=before.source, second_source=fact.source)
    else:
        kept = fact
    was = before.status is FactStatus.CONFIRMED
    if was and kept.status is FactStatus.CONFIRMED and kept.second_source == before.second_source:
        return replace(kept, verified_by=before.verified_by, verified_at=before.verified_at)
    return _verified(kept)


def same(one: str, other: str) -> bool:
    """Two names of one source, whatever the case and the blanks."""
    return _flat(one) == _flat(other)


def _verified(fact: Fact) -> Fact:
    sure = fact.status in (FactStatus.CONFIRMED, FactStatus.REFUTED)
    return replace(fact, verified_by=fact.who, verified_at=fact.at) if sure else fact


def _first_said_by(fact: Fact, versions: Sequence[Fact]) -> str:
    """Who first wrote these words from this source."""
    found = [one for one in versions if _same_words(one, fact) and same(one.source, fact.source)]
    return found[0].who if found else fact.who


def _same_words(one: Fact, other: Fact) -> bool:
    return _flat(one.zh) == _flat(other.zh) and _flat(one.en) == _flat(other.en)


def _flat(text: str) -> str:
    return _BLANKS.sub("", text).casefold()
