"""The service's own time: a machine clock that is set two hours off moves no timer, and is told once."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from config.clock import SteadyClock, steady_seconds, utc_now

START = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
HOURS, SECOND, MINUTE = timedelta(hours=2), timedelta(seconds=1), timedelta(minutes=1)


@dataclass
class Machine:
    """The raw clocks of a machine: both run, and somebody may set the one on the wall."""

    at: datetime = START
    ticks: float = 1000.0

    def wall(self) -> datetime:
        return self.at

    def steady(self) -> float:
        return self.ticks

    def runs(self, span: timedelta) -> None:
        self.at += span
        self.ticks += span.total_seconds()

    def is_set(self, by: timedelta) -> None:
        self.at += by


@pytest.fixture
def machine():
    return Machine()


@pytest.fixture
def clock(machine):
    return SteadyClock(machine.wall, machine.steady)


def test_it_goes_with_the_machine(machine, clock):
    machine.runs(90 * MINUTE)
    assert (clock(), clock.drift_s, clock.jumps) == (START + 90 * MINUTE, 0.0, ())


@pytest.mark.parametrize("by", [HOURS, -HOURS, 6 * SECOND, -6 * SECOND])
def test_a_jump_is_not_followed_and_told_once_however_often_one_asks(machine, clock, by):
    clock()
    machine.is_set(by)
    for minutes in range(1, 120):
        machine.runs(MINUTE)
        assert clock() == START + minutes * MINUTE
    assert clock.drift_s == by.total_seconds()
    (jump,) = clock.jumps
    assert (jump.at, jump.wall, jump.drift_s) == (START + MINUTE, START + MINUTE + by, by.total_seconds())


@pytest.mark.parametrize("by", [2 * SECOND, -2 * SECOND, 0.3 * SECOND])
def test_a_small_drift_is_followed_smoothly_and_never_backwards(machine, clock, by):
    machine.is_set(by)
    former, slowest, fastest = clock(), timedelta.max, timedelta()
    for _ in range(60):
        machine.runs(SECOND)
        now = clock()
        slowest, fastest = min(slowest, now - former), max(fastest, now - former)
        former = now
    assert (former, clock.jumps) == (START + 60 * SECOND + by, ())
    assert abs(clock.drift_s) < 0.001
    assert 0.949 * SECOND <= slowest <= fastest <= 1.051 * SECOND


def test_a_night_asleep_is_time_that_passed_and_no_jump(machine, clock):
    clock()
    machine.runs(9 * timedelta(hours=1))
    assert (clock(), clock.jumps) == (START + timedelta(hours=9), ())


def test_a_clock_put_right_again_is_told_and_followed_as_before(machine, clock):
    machine.is_set(HOURS)
    clock()
    machine.runs(10 * MINUTE)
    machine.is_set(-HOURS + SECOND)
    assert clock() - (START + 10 * MINUTE) <= SECOND
    assert [round(jump.drift_s) for jump in clock.jumps] == [7200, 1]
    machine.runs(MINUTE)
    assert (clock(), len(clock.jumps)) == (machine.at, 2)


def test_small_steps_that_add_up_are_told_when_they_are_too_much(machine, clock):
    for _ in range(6):
        machine.is_set(3 * SECOND)
        machine.runs(SECOND)
        clock()
    assert len(clock.jumps) == 1
    assert clock() < machine.at - 5 * SECOND


def test_without_other_clocks_it_reads_those_of_this_machine():
    began, clock = steady_seconds(), SteadyClock()
    assert abs((clock() - utc_now()).total_seconds()) < 1
    assert 0 <= steady_seconds() - began < 5
