"""Carries a file into the store in committed chunks, from where it stopped last time, and tells of each refused row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from config.clock import Clock
from config.errors import InputError
from config.place import Place
from monitor.imports.files import Brought
from monitor.imports.rows import Rules
from monitor.imports.shapes import Shape
from monitor.imports.tables import Record
from monitor.intake import Intake, Kept
from monitor.taking import take
from store import imports
from store.database import Store, Tx
from store.imports import Import
from store.nouns import Outcome, RawMention, Reading

CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken: where it begins, why, and its cells."""

    line: int
    reason: str
    raw: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What one chunk came to; `at` is how far the file has come with it."""

    at: Import
    rejected: tuple[Rejected, ...]
    dropped: int
    # Dates nobody could read: those mentions count from when they are brought.
    undated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bringing:
    """One import: where to, whose rows, and how they are read."""

    store: Store
    clock: Clock
    intake: Intake
    place: Place
    shape: Shape
    rules: Rules

    def begin(self, digest: str, name: str, *, again: bool) -> Import:
        """Where this file stands; `again` starts it anew."""
        with self.store.transaction() as tx:
            found = imports.begin(tx, self.place.id, digest, name[:200], self.clock())
            return imports.restart(tx, found, self.clock()) if again else found

    def carry(self, brought: Brought, begun: Import) -> Iterator[Step]:
        """Every chunk of the file; those that are in the store already are only looked at for what was refused."""
        at, seen = begun, 0
        while chunk := list(islice(brought.records, CHUNK)):
            mentions, rejected, dropped = self._read(chunk)
            seen += len(chunk)
            if seen > begun.rows:
                at = self._keep(at, len(chunk), mentions, len(rejected))
            yield Step(
                at, rejected, dropped, tuple(one.raw_date for one in mentions if one.raw_date and not one.published_at)
            )
        with self.store.transaction() as tx:
            _advance(tx, at, replace(at, done_at=self.clock()))

    def _read(self, chunk: Sequence[Record]) -> tuple[tuple[RawMention, ...], tuple[Rejected, ...], int]:
        good = [record for record in chunk if not record.fault]
        read = self.shape.read([record.item for record in good], self.rules)
        refused = [(record, record.fault) for record in chunk if record.fault]
        refused += [(good[index], reason) for index, reason in read.rejected]
        told = [Rejected(record.line, reason, record.raw) for record, reason in refused]
        return read.mentions, tuple(sorted(told, key=lambda one: one.line)), read.dropped

    def _keep(self, before: Import, rows: int, mentions: Sequence[RawMention], rejected: int) -> Import:
        now = self.clock()
        with self.store.transaction() as tx:
            reading = Reading(Outcome.OK, tuple(mentions))
            kept = take(tx, self.intake, self.place, reading, now)[0] if mentions else Kept()
            after = replace(
                before,
                rows=before.rows + rows,
                accepted=before.accepted + kept.new,
                known=before.known + kept.known,
                rejected=before.rejected + rejected,
            )
            _advance(tx, before, after)
        return after


def _advance(tx: Tx, before: Import, after: Import) -> None:
    if not imports.advance(tx, before, after):
        raise InputError(f"{before.name}: another process is importing this file; nothing of this chunk was taken")
