"""Drives the house on a clock that jumps from one due moment to the next: tests, drills and the headless demo."""

from collections.abc import Callable
from datetime import datetime

from config.clock import StepClock
from desk.runner import Desk, beat, inline
from store import agenda

SEATS = 64
# A job that asks for "again now" for ever would hang a drill; no honest moment needs so many turns.
MOST_TURNS = 20_000


def settle(desk: Desk) -> int:
    """Run everything that is due now, also what that causes; returns how many tasks ran."""
    ran = turns = 0
    submit = inline(desk)
    while claimed := beat(desk, submit, SEATS):
        ran += claimed
        turns += 1
        if turns > MOST_TURNS:
            raise RuntimeError(f"the agenda never settles at {desk.clock()}")
    return ran


def forward(desk: Desk, clock: StepClock, to: datetime, on_step: Callable[[datetime], None] | None = None) -> None:
    """Let time pass until `to`, stopping at every due moment; `on_step` is told each moment after it settled."""
    settle(desk)
    while True:
        with desk.store.reading() as tx:
            due = agenda.next_due(tx)
        if due is None or due > to:
            break
        clock.forward(due)
        settle(desk)
        if on_step:
            on_step(clock())
    clock.forward(to)
    settle(desk)
