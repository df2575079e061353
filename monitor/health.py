"""How well we hear through a source, from one read to the next; and when ops must be told (pure)."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from store.nouns import Health, Outcome, Reading, SourceState

HEARD: Final = (Outcome.OK, Outcome.EMPTY, Outcome.NOT_MODIFIED)
# These do not mend themselves: waiting for a third failure would only lose time.
AT_ONCE: Final = (Outcome.AUTH_FAILED, Outcome.QUOTA_EXHAUSTED, Outcome.BLOCKED)
BLIND_AFTER: Final = 3
# Being asked to wait is no deafness until it lasts.
PATIENCE: Final = timedelta(minutes=15)
# Ops are called at once for what only they can mend; for the rest when it has lasted.
CALL_AT_ONCE: Final = (Outcome.AUTH_FAILED, Outcome.QUOTA_EXHAUSTED, Outcome.GONE)
CALL_AFTER: Final = timedelta(minutes=10)
# The same new address so many times in a row is a move, not a trick.
MOVED_AFTER: Final = 3


def judge_health(
    before: SourceState, reading: Reading, now: datetime, *, quiet: str = "", at_once: bool = False
) -> SourceState:
    """The source's state after this read: heard, degraded, or blind since when and why.

    `quiet` says that it gives far less than it used to; `at_once` that one failure is enough to call it blind.
    """
    base = replace(
        before,
        outcome=reading.outcome.value,
        note=reading.note[:500],
        last_read_at=now,
        read_count=before.read_count + 1,
        until=reading.until,
        cursor=before.cursor if reading.cursor is None else reading.cursor,
        truncated_at=now if reading.truncated else before.truncated_at,
    )
    if reading.outcome in HEARD:
        return _heard(base, before, reading, now, quiet)
    if reading.mentions and reading.outcome not in AT_ONCE:
        return _cut_short(base, before)
    if reading.outcome == Outcome.RATE_LIMITED:
        return _asked_to_wait(base, before, now)
    failures = before.failures + 1
    blind = failures >= BLIND_AFTER or reading.outcome in AT_ONCE or at_once
    # A source that moved and is not there goes back to the address people gave it.
    if failures == 1:
        base = replace(base, moved_to="", moved_times=0)
    return _unheard(replace(base, failures=failures), before, now, blind=blind)


def must_call(state: SourceState, now: datetime) -> bool:
    """Whether ops are to be told that this blind source is blind."""
    if state.health != Health.BLIND:
        return False
    lasting = state.blind_since is not None and now - state.blind_since >= CALL_AFTER
    return state.outcome in CALL_AT_ONCE or state.failures >= BLIND_AFTER or lasting


def address(state: SourceState, url: str) -> str:
    """Where a feed is read: its new address once the old one has said so often enough."""
    return state.moved_to if state.moved_times >= MOVED_AFTER else url


def _heard(base: SourceState, before: SourceState, reading: Reading, now: datetime, quiet: str) -> SourceState:
    unchanged = reading.outcome == Outcome.NOT_MODIFIED
    health = Health.DEGRADED if reading.degraded or quiet else Health.OK
    if reading.outcome == Outcome.EMPTY and health == Health.OK:
        health = Health.EMPTY
    elif unchanged and before.health == Health.EMPTY:
        health = before.health
    moved = reading.moved or (before.moved_to if before.moved_times >= MOVED_AFTER else "")
    times = before.moved_times + 1 if moved and moved == before.moved_to else int(bool(moved))
    return replace(
        base,
        health=health,
        note=quiet or base.note,
        failures=0,
        blind_since=None,
        last_success_at=now,
        etag=reading.etag or (before.etag if unchanged else ""),
        last_modified=reading.last_modified or (before.last_modified if unchanged else ""),
        full_read_at=before.full_read_at if unchanged else now,
        moved_to=moved,
        moved_times=min(times, MOVED_AFTER),
    )


def _cut_short(base: SourceState, before: SourceState) -> SourceState:
    """It was stopped in the middle but it was heard: not blind, and no reason to read it much more seldom."""
    failures = 0 if base.outcome == Outcome.RATE_LIMITED else min(before.failures + 1, BLIND_AFTER - 1)
    return replace(base, health=Health.DEGRADED, failures=failures, blind_since=None, last_success_at=base.last_read_at)


def _asked_to_wait(base: SourceState, before: SourceState, now: datetime) -> SourceState:
    since = before.last_success_at or before.last_read_at or now
    waited = now - since
    if waited >= PATIENCE:
        return _unheard(base, before, now, blind=True)
    if before.health == Health.BLIND:
        return base
    return replace(base, health=Health.DEGRADED if waited >= PATIENCE / 3 else before.health)


def _unheard(base: SourceState, before: SourceState, now: datetime, *, blind: bool) -> SourceState:
    since = (before.blind_since or before.last_success_at or now) if blind else None
    return replace(base, health=Health.BLIND if blind else Health.DEGRADED, blind_since=since)
