"""The chain of a fact log (pure): each row is hashed over the row before, so a changed or lost row is found."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from store.nouns import Fact

# What is hashed, for ever: a column that comes later is not in it.
HASHED = (
    "id", "incident", "label", "version", "slot", "zh", "en", "status", "scope", "source", "evidence", "who", "at",
    "cell", "second_source", "sha256", "captured_at", "snapshot", "verified_by", "verified_at", "supersedes", "seq",
)  # fmt: skip


def digest(row: Mapping[str, Any], before: str) -> str:
    """The 64 hex digits of a row, given the hash of the row before it ("" for the first)."""
    said = json.dumps([_plain(row[name]) for name in HASHED], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256((before + said).encode("utf-8", "surrogatepass")).hexdigest()


def broken_at(rows: Sequence[Fact]) -> int | None:
    """The number of the first row that does not fit, given all rows of one incident; None when all is well."""
    before = ""
    for expected, fact in enumerate(sorted(rows, key=lambda one: one.seq), start=1):
        if fact.seq != expected or fact.hash != digest(asdict(fact), before):
            return expected
        before = fact.hash
    return None


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value
