"""Calls that are held back: by a silence, by a graver incident of the same brand, after a restore; and let go again."""

from datetime import timedelta

import pytest

from alerts import acks, moves, spells
from alerts.rounds import RESTORED
from alerts.spells import Asked, add_silence
from config.errors import MoveError
from store import agenda, incidents
from store.nouns import ClockState, Level, Paging
from tests.alerts.crew import MINUTE, NOW, person

HOUR = timedelta(hours=1)
LEAD = person("wang", ("lead",))


def silence(crew, level: Level = Level.YELLOW, hours: int = 2):
    with crew.store.transaction() as tx:
        asked = Asked(crew.clock(), crew.clock() + hours * HOUR, "新品发布会当天")
        return add_silence(tx, crew.ids, LEAD, "xinghe", "", level, asked, crew.clock())


def look(crew, number: int = 1):
    """The escalation job of an incident, done at the crew's time."""
    return crew.alerts.escalate(of(crew, number).id)


def of(crew, number: int):
    return next(one for one in crew.all() if one.number == number)


def test_a_silence_holds_yellow_calls_until_it_is_over(crew):
    made = silence(crew)
    crew.spikes(level=Level.YELLOW)
    assert (of(crew, 1).paging, of(crew, 1).hushed) == (Paging.SILENCED, f"silence:{made.id}")
    assert crew.told()[-1] == "calls_held"
    crew.clock.forward(NOW + HOUR)
    assert look(crew) == NOW + HOUR + 5 * MINUTE
    crew.clock.forward(NOW + 2 * HOUR)
    assert look(crew) == NOW + 2 * HOUR + MINUTE
    assert (of(crew, 1).paging, of(crew, 1).hushed, crew.told()[-1]) == (Paging.PAGING, "", "calls_let_go")
    crew.clock.forward(NOW + 2 * HOUR + MINUTE)
    look(crew)
    assert crew.called() == [(0, "li")]


def test_a_silence_that_is_ended_early_lets_its_calls_go(crew):
    made = silence(crew)
    crew.spikes(level=Level.YELLOW)
    crew.clock.forward(NOW + 10 * MINUTE)
    with crew.store.transaction() as tx:
        spells.end(tx, made.id, LEAD, crew.clock())
    look(crew)
    assert of(crew, 1).paging == Paging.PAGING


@pytest.mark.parametrize("level", [Level.ORANGE, Level.RED])
def test_orange_and_red_pass_a_silence(crew, level):
    silence(crew)
    crew.spikes(level=level)
    assert (of(crew, 1).paging, of(crew, 1).hushed) == (Paging.PAGING, "")


def test_a_lead_may_hold_back_even_orange_but_never_the_clock(crew):
    silence(crew, Level.ORANGE)
    crew.spikes()
    assert (of(crew, 1).paging, of(crew, 1).clock) == (Paging.SILENCED, ClockState.RUNNING)
    crew.spikes("s2", level=Level.RED)
    assert of(crew, 1).paging == Paging.PAGING


def test_another_brand_is_not_held(crew):
    silence(crew)
    crew.spikes(level=Level.YELLOW, brand="lanhe")
    assert of(crew, 1).paging == Paging.PAGING


def test_beside_a_red_incident_a_yellow_one_of_the_brand_waits_until_that_is_over(crew):
    crew.spikes(level=Level.RED)
    crew.spikes("s2", level=Level.YELLOW, category="pricing", mention_ids=crew.hears("涨价", category="pricing"))
    red, yellow = of(crew, 1), of(crew, 2)
    assert (yellow.paging, yellow.hushed) == (Paging.SILENCED, f"incident:{red.id}")
    with crew.store.transaction() as tx:
        moves.false_alarm(tx, red.id, "wang", "误报", crew.clock())
        assert agenda.waiting(tx)[f"escalate:{yellow.id}"] == NOW
    look(crew, 2)
    assert of(crew, 2).paging == Paging.PAGING


def test_taking_what_is_held_ends_the_holding(crew):
    silence(crew)
    crew.spikes(level=Level.YELLOW)
    found = crew.act(acks.acknowledge, "li", "screen")
    assert (found.paging, found.hushed) == (Paging.ACKED, "")


def test_after_a_restore_only_a_person_lets_calls_go(crew):
    crew.spikes()
    crew.change(paging=Paging.SILENCED, hushed=RESTORED, paging_since=None)
    crew.clock.forward(NOW + 20 * HOUR)
    assert look(crew) is None
    assert crew.called() == []
    with crew.store.transaction() as tx:
        found = moves.let_go(tx, crew.rounds, of(crew, 1).id, "wang", crew.clock())
    assert (found.paging, found.hushed) == (Paging.PAGING, "")
    look(crew)
    assert crew.called() == [(0, "li")]
    with pytest.raises(MoveError, match="no calls are held"), crew.store.transaction() as tx:
        moves.let_go(tx, crew.rounds, found.id, "wang", crew.clock())


def test_a_shorter_promise_shortens_a_running_clock_and_never_lengthens_it(crew):
    crew.spikes()
    found = of(crew, 1)
    with crew.store.transaction() as tx:
        incidents.change(tx, found, due_at=found.t0 + 2 * HOUR)
    crew.spikes("s2", level=Level.RED)
    assert of(crew, 1).due_at == found.t0 + HOUR
    with crew.store.transaction() as tx:
        incidents.change(tx, of(crew, 1), due_at=found.t0 + HOUR / 2, level=Level.ORANGE)
    crew.spikes("s3", level=Level.RED)
    assert of(crew, 1).due_at == found.t0 + HOUR / 2
