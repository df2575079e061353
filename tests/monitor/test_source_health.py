"""What one read says of a source: heard, limping, or blind since when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.hearing import AT_ONCE, judge_health
from store.nouns import Health, Outcome, Reading, SourceState

NOW = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
HOUR_AGO = NOW - timedelta(hours=1)
NEW = SourceState("weibo", Health.UNKNOWN, "", "", None, None, None, 0, None, "", "", 0, 0)
OK = replace(NEW, health=Health.OK, last_success_at=HOUR_AGO, etag='"v1"', last_modified="Thu", read_count=7)
LIMPING = replace(OK, health=Health.DEGRADED, failures=2)
BLIND = replace(OK, health=Health.BLIND, failures=3, blind_since=NOW - timedelta(hours=9))
HEARD, FAILING = Reading(Outcome.OK, etag='"v2"'), Reading(Outcome.TIMEOUT, note="no answer in 20 s")

MOVES = [
    # before, reading, health, failures, blind since
    (NEW, HEARD, "ok", 0, None),
    (NEW, Reading(Outcome.EMPTY), "empty", 0, None),
    (NEW, replace(HEARD, degraded=True), "degraded", 0, None),
    (NEW, Reading(Outcome.NOT_MODIFIED), "ok", 0, None),
    (NEW, FAILING, "degraded", 1, None),
    (NEW, Reading(Outcome.GONE), "degraded", 1, None),
    (NEW, Reading(Outcome.AUTH_FAILED), "blind", 1, NOW),
    (LIMPING, Reading(Outcome.NOT_MODIFIED), "ok", 0, None),
    (OK, HEARD, "ok", 0, None),
    (OK, Reading(Outcome.NOT_MODIFIED), "ok", 0, None),
    (OK, Reading(Outcome.EMPTY), "empty", 0, None),
    (OK, FAILING, "degraded", 1, None),
    (replace(OK, failures=1), FAILING, "degraded", 2, None),
    (LIMPING, FAILING, "blind", 3, HOUR_AGO),
    (LIMPING, HEARD, "ok", 0, None),
    (LIMPING, Reading(Outcome.EMPTY), "empty", 0, None),
    (BLIND, FAILING, "blind", 4, NOW - timedelta(hours=9)),
    (BLIND, HEARD, "ok", 0, None),
    (BLIND, Reading(Outcome.NOT_MODIFIED), "ok", 0, None),
    (replace(OK, health=Health.EMPTY), Reading(Outcome.NOT_MODIFIED), "empty", 0, None),
    *[(OK, Reading(outcome), "blind", 1, HOUR_AGO) for outcome in AT_ONCE],
    *[
        (OK, Reading(outcome), "degraded", 1, None)
        for outcome in Outcome
        if outcome not in (*AT_ONCE, Outcome.OK, Outcome.EMPTY, Outcome.NOT_MODIFIED)
    ],
]


@pytest.mark.parametrize(("before", "reading", "health", "failures", "since"), MOVES)
def test_health_moves(before, reading, health, failures, since):
    after = judge_health(before, reading, NOW)
    assert (after.health, after.failures, after.blind_since) == (health, failures, since)
    assert (after.outcome, after.last_read_at, after.read_count) == (reading.outcome, NOW, before.read_count + 1)
    heard = reading.outcome in (Outcome.OK, Outcome.EMPTY, Outcome.NOT_MODIFIED)
    assert after.last_success_at == (NOW if heard else before.last_success_at)


@pytest.mark.parametrize(
    ("reading", "etag", "last_modified"),
    [
        (Reading(Outcome.OK, etag='"v2"', last_modified="Fri"), '"v2"', "Fri"),
        (Reading(Outcome.OK), "", ""),
        (Reading(Outcome.NOT_MODIFIED), '"v1"', "Thu"),
        (Reading(Outcome.NOT_MODIFIED, etag='"v3"'), '"v3"', "Thu"),
        (FAILING, '"v1"', "Thu"),
    ],
)
def test_validators_are_those_of_the_last_answer(reading, etag, last_modified):
    after = judge_health(OK, reading, NOW)
    assert (after.etag, after.last_modified) == (etag, last_modified)


def test_a_note_is_kept_short():
    assert judge_health(OK, Reading(Outcome.TIMEOUT, note="x" * 900), NOW).note == "x" * 500
