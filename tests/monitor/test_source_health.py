"""What one read says of a source: heard, limping, or blind since when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.health import AT_ONCE, address, judge_health, must_call
from store.nouns import Health, Outcome, Reading, SourceState

NOW = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
HOUR_AGO = NOW - timedelta(hours=1)
NEW = SourceState("weibo", Health.UNKNOWN, "", "", None, None, None, 0, None, "", "", 0, 0)
OK = replace(NEW, health=Health.OK, last_success_at=HOUR_AGO, etag='"v1"', last_modified="Thu", read_count=7)
LIMPING = replace(OK, health=Health.DEGRADED, failures=2)
BLIND = replace(OK, health=Health.BLIND, failures=3, blind_since=NOW - timedelta(hours=9))
HEARD, FAILING = Reading(Outcome.OK, etag='"v2"'), Reading(Outcome.TIMEOUT, note="no answer in 20 s")
WAIT = Reading(Outcome.RATE_LIMITED, until=NOW + timedelta(minutes=1))

MOVES = [
    # before, reading, health, failures, blind since
    (NEW, HEARD, "ok", 0, None),
    (NEW, Reading(Outcome.EMPTY), "empty", 0, None),
    (NEW, replace(HEARD, degraded=True), "degraded", 0, None),
    (NEW, Reading(Outcome.EMPTY, degraded=True), "degraded", 0, None),
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
        if outcome not in (*AT_ONCE, Outcome.OK, Outcome.EMPTY, Outcome.NOT_MODIFIED, Outcome.RATE_LIMITED)
    ],
    # Being asked to wait is no failure; it is deafness when it lasts.
    (replace(OK, last_success_at=NOW - timedelta(minutes=4)), WAIT, "ok", 0, None),
    (replace(OK, last_success_at=NOW - timedelta(minutes=5)), WAIT, "degraded", 0, None),
    (OK, WAIT, "blind", 0, HOUR_AGO),
    (BLIND, WAIT, "blind", 3, NOW - timedelta(hours=9)),
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


GONE = Reading(Outcome.GONE, note="410")


def test_what_will_never_come_back_is_blind_at_once_and_a_missing_page_is_not():
    assert judge_health(OK, GONE, NOW, at_once=True).health is Health.BLIND
    assert judge_health(OK, GONE, NOW).health is Health.DEGRADED


@pytest.mark.parametrize(
    ("outcome", "failures", "blind_for", "call"),
    [
        ("auth_failed", 1, 0, True),
        ("quota_exhausted", 1, 0, True),
        ("gone", 1, 0, True),
        ("blocked", 1, 0, False),
        ("blocked", 3, 0, True),
        ("blocked", 1, 10, True),
        ("rate_limited", 0, 9, False),
        ("rate_limited", 0, 10, True),
    ],
)
def test_ops_are_called_at_once_for_what_only_they_can_mend(outcome, failures, blind_for, call):
    since = NOW - timedelta(minutes=blind_for)
    state = replace(BLIND, outcome=outcome, failures=failures, blind_since=since)
    assert must_call(state, NOW) is call
    assert must_call(replace(state, health=Health.DEGRADED), NOW) is False


def test_a_quiet_source_is_degraded_and_says_so_even_when_it_answers_well():
    after = judge_health(OK, Reading(Outcome.EMPTY), NOW, quiet="nothing new in 3 hours")
    assert (after.health, after.note) == (Health.DEGRADED, "nothing new in 3 hours")


def test_an_address_is_moved_after_three_equal_permanent_redirects_in_a_row():
    there, elsewhere = replace(HEARD, moved="https://new.example/f"), replace(HEARD, moved="https://evil.example/f")
    state = OK
    for reading in (there, there, elsewhere, there, there):
        state = judge_health(state, reading, NOW)
        assert address(state, "https://old.example/f") == "https://old.example/f"
    state = judge_health(state, there, NOW)
    assert address(state, "https://old.example/f") == "https://new.example/f"
    # Read at its new address nothing redirects any more, and it stays moved …
    state = judge_health(state, HEARD, NOW)
    assert address(state, "https://old.example/f") == "https://new.example/f"
    # … until it fails there.
    state = judge_health(state, Reading(Outcome.GONE), NOW)
    assert address(state, "https://old.example/f") == "https://old.example/f"
