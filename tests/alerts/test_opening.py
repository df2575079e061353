"""A spike opens an incident once, joins it afterwards, raises it once, brings it back within six hours."""

from datetime import timedelta

import pytest

from alerts import acks, moves
from alerts.opening import CALLS_FIRST
from store import agenda, incidents
from store.nouns import ClockState, IncidentStatus, Level, Paging
from tests.alerts.crew import MINUTE, NOW, SECOND

HOUR = timedelta(hours=1)


def waiting(crew) -> dict:
    with crew.store.reading() as tx:
        return agenda.waiting(tx)


def test_an_orange_spike_opens_pages_starts_the_clock_and_orders_a_draft(crew):
    crew.spikes()
    found = crew.one()
    assert (found.number, found.key, found.status) == (1, "xinghe:food_safety", IncidentStatus.OPEN)
    assert (found.level, found.paging, found.clock) == (Level.ORANGE, Paging.PAGING, ClockState.RUNNING)
    assert (found.t0, found.due_at, found.born_breached) == (NOW - 6 * MINUTE, NOW + 54 * MINUTE, False)
    assert (found.round, found.step, found.paging_since) == (1, 0, NOW)
    called = {f"{job}:{found.id}": NOW for job in ("escalate", "clock", "legal")}
    assert waiting(crew) == called | {f"draft:{found.id}": NOW + CALLS_FIRST}
    assert crew.told() == ["incident_opened", "clock_started"]


def test_yellow_waits_a_minute_to_be_grouped_and_has_no_clock(crew):
    crew.spikes(level=Level.YELLOW)
    assert crew.one().clock == ClockState.NONE
    assert waiting(crew)[f"escalate:{crew.one().id}"] == NOW + MINUTE
    assert f"clock:{crew.one().id}" not in waiting(crew)
    assert crew.alerts.escalate(crew.one().id) == NOW + MINUTE
    assert crew.pages() == []


@pytest.mark.parametrize("level", [Level.NONE, Level.BLUE])
def test_what_is_below_yellow_opens_nothing(crew, level):
    crew.spikes(level=level)
    assert crew.all() == []


def test_found_after_the_hour_it_is_born_breached_and_says_so(crew):
    crew.spikes(t0=NOW - 2 * HOUR)
    assert (crew.one().born_breached, crew.one().due_at) == (True, NOW - HOUR)
    crew.alerts.clock_ticks(crew.one().id)
    assert (crew.one().clock, crew.one().breached_at) == (ClockState.BREACHED, NOW - HOUR)


def test_one_topic_is_one_incident_however_many_spikes(crew):
    for n in range(5):
        crew.spikes(f"s{n}")
        crew.clock.forward(crew.clock() + MINUTE)
    crew.alerts.open("s0")
    assert len(crew.all()) == 1
    assert crew.told() == ["incident_opened", "clock_started"]
    crew.spikes("other", category="data_breach")
    crew.spikes("brand", brand="yuelin")
    assert [(one.number, one.key) for one in crew.all()] == [
        (1, "xinghe:food_safety"),
        (2, "xinghe:data_breach"),
        (3, "yuelin:food_safety"),
    ]


def test_who_loses_the_race_to_open_comes_back_to_join(crew):
    """Between our look and our insert somebody else opened this very topic: the store refuses the second."""
    crew.spikes()
    crew.change(category="renamed")
    crew.spikes("s2")
    assert len(crew.all()) == 1
    assert waiting(crew)["open:s2"] == NOW + SECOND
    crew.change(category="food_safety")
    crew.alerts.open("s2")
    assert len(crew.all()) == 1


def test_followers_bring_their_posts_with_them(crew):
    first = crew.hears("喝出金属丝", "孩子住院了")
    crew.spikes(mention_ids=first)
    more = crew.hears("我也喝到了")
    crew.spikes("s2", category="rumour", mention_ids=(*first, *more))
    with crew.store.reading() as tx:
        assert incidents.mention_ids(tx, crew.one().id) == {*first, *more}


def test_a_rise_escalates_once_even_when_somebody_has_it(crew):
    crew.spikes(level=Level.YELLOW)
    crew.act(acks.acknowledge, "li", "link")
    crew.spikes("s2", level=Level.RED)
    crew.spikes("s3", level=Level.RED)
    crew.spikes("s4", level=Level.ORANGE)
    found = crew.one()
    assert (found.level, found.paging, found.round, found.clock) == (Level.RED, Paging.PAGING, 2, ClockState.RUNNING)
    assert found.owner == "li"
    assert crew.told().count("level_raised") == 1
    with crew.store.reading() as tx:
        assert [one.level for one in incidents.levels(tx, found.id)] == [Level.YELLOW, Level.RED]


def test_a_rise_does_not_start_a_running_clock_anew(crew):
    crew.spikes()
    due = crew.one().due_at
    crew.clock.forward(NOW + 30 * MINUTE)
    crew.spikes("s2", level=Level.RED)
    assert crew.one().due_at == due
    assert crew.told().count("clock_started") == 1


def test_an_earlier_post_moves_the_event_back_and_a_later_one_never_forward(crew):
    crew.spikes()
    crew.spikes("later", t0=NOW - MINUTE)
    assert crew.one().t0 == NOW - 6 * MINUTE
    crew.spikes("earlier", t0=NOW - 20 * MINUTE)
    assert (crew.one().t0, crew.one().due_at) == (NOW - 20 * MINUTE, NOW + 40 * MINUTE)
    assert crew.told().count("t0_earlier") == 1
    assert waiting(crew)[f"clock:{crew.one().id}"] == NOW


def test_an_earlier_post_may_show_that_the_hour_was_over_before_we_knew(crew):
    crew.spikes()
    crew.spikes("earlier", t0=NOW - 3 * HOUR)
    assert crew.one().born_breached


def resolve(crew, clock=ClockState.MET) -> None:
    crew.change(clock=clock)
    crew.act(moves.resolve, "wang", "回落")


@pytest.mark.parametrize(("later", "same"), [(6 * HOUR - SECOND, True), (6 * HOUR, False)])
def test_what_returns_within_six_hours_is_brought_back(crew, later, same):
    crew.spikes()
    crew.act(acks.acknowledge, "li", "link")
    resolve(crew)
    crew.clock.forward(NOW + later)
    crew.spikes("s2", t0=NOW)
    assert len(crew.all()) == (1 if same else 2)
    first = crew.all()[0]
    assert (first.status == IncidentStatus.OPEN) == same
    assert ("incident_reopened" in crew.told()) == same
    if same:
        assert (first.paging, first.round, first.owner, first.resolved_at) == (Paging.PAGING, 2, "", None)
        crew.alerts.escalate(first.id)
        assert crew.called() == [(0, "li")]


def test_what_comes_back_unanswered_is_reminded_of_again(crew):
    crew.spikes()
    crew.clock.forward(NOW + 2 * HOUR)
    crew.alerts.clock_ticks(crew.one().id)
    resolve(crew, ClockState.BREACHED)
    with crew.store.transaction() as tx:
        for task in agenda.claim(tx, crew.clock(), 9, MINUTE, crew.ids):
            agenda.finish(tx, task, None)
    crew.spikes("s2")
    assert f"clock:{crew.one().id}" in waiting(crew)


def test_a_false_alarm_is_not_joined_and_not_brought_back(crew):
    crew.spikes()
    crew.act(moves.false_alarm, "wang", "是活动文案")
    crew.spikes("s2")
    assert [one.status for one in crew.all()] == [IncidentStatus.FALSE_ALARM, IncidentStatus.OPEN]


def test_an_unknown_spike_is_no_error(crew):
    crew.alerts.open("nobody")
    assert crew.all() == []
