"""A process at work is seen, a silent one is forgotten, and a machine whose clock was set is told to ops, once."""

import threading
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from config.clock import SteadyClock, new_id, rest, utc_now
from desk.runner import Desk, Threads
from desk.signs import RQ, Signs
from desk.watching import tell_jump
from store import journal, workers
from store.nouns import Level, PageStatus
from store.tables import pages as page_rows
from tests.alerts.crew import Crew, person, team
from tests.config.test_clock import Machine

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def crew(store, clock, ids):
    ops = person("sun", ("ops",), ("email", "webhook"), language="en")
    return Crew(store, clock, ids, team(ops))


def rows(store):
    with store.reading() as tx:
        return [(one.kind, one.seen_at, one.drift_s) for one in workers.alive(tx, utc_now() - 9999 * DAY)]


def test_a_sign_is_given_every_ten_seconds_and_not_more(store, clock):
    signs, began = Signs(store, clock, "threads"), clock()
    given = []
    for _ in range(50):
        signs.looked()
        given += [seen for _, seen, _ in rows(store)]
        clock.forward(clock() + 0.5 * SECOND)
    assert sorted(set(given)) == [began, began + 10 * SECOND, began + 20 * SECOND]


def test_who_fell_silent_is_forgotten_after_a_day_but_not_by_workers_that_look_at_no_agenda(store, clock):
    Signs(store, clock, "threads", host="old").looked()
    began = clock()
    clock.forward(began + DAY + SECOND)
    Signs(store, clock, RQ, host="new").looked()
    assert rows(store) == [(RQ, clock(), 0.0), ("threads", began, 0.0)]
    Signs(store, clock, "redis", host="new").looked()
    assert sorted(rows(store)) == [("redis", clock(), 0.0), (RQ, clock(), 0.0)]


@pytest.fixture
def machine(clock):
    return Machine(clock())


def signs_of(crew, machine, kind="threads", host="pr-1"):
    own = SteadyClock(machine.wall, machine.steady)
    return Signs(crew.store, own, kind, partial(tell_jump, crew.caller), host)


def told(crew):
    with crew.store.reading() as tx:
        entries = journal.entries(tx, "clock:pr-1")
        columns = (page_rows.c.person, page_rows.c.channel, page_rows.c.level, page_rows.c.status, page_rows.c.subject)
        found = tx.execute(select(*columns).where(page_rows.c.reason == "clock_jump")).all()
    return [(one.what, one.detail["drift_s"]) for one in entries], sorted(map(tuple, found))


def test_a_clock_that_was_set_is_written_down_and_paged_to_ops_once(crew, machine):
    one, other = signs_of(crew, machine), signs_of(crew, machine, "redis")
    one.looked()
    machine.is_set(timedelta(hours=2))
    for _ in range(5):
        machine.runs(10 * SECOND)
        one.looked()
        other.looked()
    subject = "[clock jumped] pr-1: clock is 2:00:00 ahead"
    waiting = (Level.YELLOW, PageStatus.WAITING, subject)
    assert told(crew) == ([("clock_jumped", 7200.0)], [("sun", "email", *waiting), ("sun", "webhook", *waiting)])
    assert [(kind, drift) for kind, _, drift in rows(crew.store)] == [("redis", 7200.0), ("threads", 7200.0)]


def test_the_next_jump_is_another_one(crew, machine):
    signs = signs_of(crew, machine)
    signs.looked()
    machine.is_set(-timedelta(hours=2))
    machine.runs(11 * SECOND)
    signs.looked()
    machine.is_set(timedelta(hours=2))
    machine.runs(5 * MINUTE)
    signs.looked()
    entries, pages = told(crew)
    assert entries == [("clock_jumped", -7200.0), ("clock_jumped", 0.0)]
    words = ("[clock jumped] pr-1: clock agrees again", "[clock jumped] pr-1: clock is 2:00:00 behind")
    assert sorted(subject for *_, subject in pages) == [words[0], words[0], words[1], words[1]]


def test_a_small_drift_is_no_news(crew, machine):
    signs = signs_of(crew, machine)
    for _ in range(6):
        machine.is_set(0.2 * SECOND)
        machine.runs(10 * SECOND)
        signs.looked()
    assert told(crew) == ([], [])


def test_a_runner_gives_signs_from_its_beat(store):
    running = Threads(Desk(store, utc_now, new_id, {}, 15 * SECOND), 1)
    running.start()
    try:
        for _ in range(500):
            if rows(store):
                break
            rest(0.01 * SECOND, threading.Event())
    finally:
        running.stop()
    ((kind, seen, drift),) = rows(store)
    assert (kind, drift) == ("threads", 0.0)
    assert utc_now() - seen < MINUTE
