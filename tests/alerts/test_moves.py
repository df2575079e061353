"""What people decide: contained, resolved, reviewed, reopened, how bad (from red by two), opened by hand."""

import pytest

from alerts import acks, moves
from alerts.opening import Tip
from alerts.states import MOVES, may_become
from config.errors import MoveError
from store import agenda, incidents
from store.nouns import ClockState, IncidentStatus, Level, PageStatus, Paging
from tests.alerts.crew import MINUTE, NOW, SECOND

HOUR = 60 * MINUTE


def level(crew, who: str, to: Level, why: str = "复核"):
    with crew.store.transaction() as tx:
        return moves.set_level(tx, crew.rounds, crew.one().id, who, to, why, crew.clock())


def opened(crew, **changes) -> object:
    found = {
        "brand": "xinghe",
        "category": "",
        "level": Level.ORANGE,
        "title": "门店来电：有人受伤",
        "t0": NOW,
        "why": "店长电话",
    }
    with crew.store.transaction() as tx:
        return crew.opener.open_by_hand(tx, Tip(**(found | changes)), "wang", crew.clock())


def due(crew, job: str):
    with crew.store.reading() as tx:
        return agenda.waiting(tx).get(f"{job}:{crew.all()[0].id}")


def test_every_state_names_what_it_may_become_and_ends_somewhere():
    assert set(MOVES) == set(IncidentStatus)
    assert [one for one in IncidentStatus if not MOVES[one]] == [IncidentStatus.REVIEWED, IncidentStatus.MERGED]
    assert not may_become(IncidentStatus.OPEN, IncidentStatus.REVIEWED)
    assert not may_become(IncidentStatus.RESOLVED, IncidentStatus.FALSE_ALARM)


def test_contained_means_no_more_calls_and_a_rise_brings_them_back(crew):
    crew.spikes()
    crew.alerts.escalate(crew.one().id)
    found = crew.act(moves.contain, "wang", "门店已关闭")
    assert (found.status, found.paging, found.clock) == (IncidentStatus.CONTAINED, Paging.QUIET, ClockState.RUNNING)
    assert {one.status for one in crew.pages()} == {PageStatus.DROPPED}
    crew.clock.forward(NOW + 30 * MINUTE)
    assert crew.alerts.escalate(found.id) is None
    crew.spikes("s2", level=Level.RED)
    assert (crew.one().status, crew.one().paging, crew.one().level) == (IncidentStatus.OPEN, Paging.PAGING, Level.RED)


def test_resolved_becomes_reviewed_and_that_is_the_end(crew):
    crew.spikes()
    crew.change(clock=ClockState.MET)
    crew.act(moves.resolve, "wang", "回落")
    found = crew.act(moves.reviewed, "wang", "教训三条")
    assert found.status == IncidentStatus.REVIEWED
    for verb in (moves.reviewed, moves.resolve):
        with pytest.raises(MoveError, match="reviewed"):
            crew.act(verb, "wang", "再来")
    crew.spikes("s2")
    assert len(crew.all()) == 2


@pytest.mark.parametrize("verb", [moves.resolve, moves.false_alarm])
def test_a_person_brings_back_what_was_not_over_and_it_calls_again(crew, verb):
    crew.spikes()
    crew.change(clock=ClockState.BREACHED)
    crew.act(verb, "wang", "看起来结束了")
    crew.clock.forward(NOW + 20 * HOUR)
    with crew.store.transaction() as tx:
        found = moves.reopen(tx, crew.rounds, crew.one().id, "zhao", "又有新帖", crew.clock())
    assert (found.status, found.paging, found.owner, found.round) == (IncidentStatus.OPEN, Paging.PAGING, "", 2)
    assert (due(crew, "escalate"), due(crew, "clock")) == (NOW, NOW)
    with (
        pytest.raises(MoveError, match="allowed: contained, false_alarm, merged, resolved"),
        crew.store.transaction() as tx,
    ):
        moves.reopen(tx, crew.rounds, found.id, "zhao", "再来", crew.clock())


def test_a_person_raises_at_once_and_it_escalates_once(crew):
    crew.spikes(level=Level.YELLOW)
    found = level(crew, "li", Level.RED, "确认有人住院")
    assert (found.level, found.clock, found.round, found.paging_since) == (Level.RED, ClockState.RUNNING, 2, NOW)
    assert crew.told()[-2:] == ["level_raised", "clock_started"]
    with crew.store.reading() as tx:
        assert [(one.level, one.who) for one in incidents.levels(tx, found.id)] == [
            (Level.YELLOW, "system"),
            (Level.RED, "li"),
        ]


def test_the_proposed_level_is_declared_once_and_again_when_the_system_raises_it(crew):
    crew.spikes()
    level(crew, "wang", Level.ORANGE, "多人就医")
    assert crew.told()[-1] == "level_declared"
    with pytest.raises(MoveError, match="is orange; choose another level"):
        level(crew, "li", Level.ORANGE)
    crew.spikes("s2", level=Level.RED)
    level(crew, "li", Level.RED, "住院三人")
    with crew.store.reading() as tx:
        found = [(one.level, one.who) for one in incidents.levels(tx, crew.one().id)]
    orange, red = Level.ORANGE, Level.RED
    assert found == [(orange, "system"), (orange, "wang"), (red, "system"), (red, "li")]


def test_whoever_stands_by_red_ends_the_wish_to_lower_it(crew):
    crew.spikes(level=Level.RED)
    level(crew, "wang", Level.RED, "住院三人")
    level(crew, "li", Level.YELLOW, "没那么重")
    level(crew, "wang", Level.RED, "仍是三人")
    assert level(crew, "wang", Level.YELLOW).level is Level.RED, "the first wish is gone; this is a new one"


def test_red_is_lowered_by_two_people_within_the_hour(crew):
    crew.spikes(level=Level.RED)
    assert level(crew, "wang", Level.YELLOW).level == Level.RED
    assert crew.told()[-1] == "lowering_asked"
    assert level(crew, "wang", Level.YELLOW).level == Level.RED, "the same person twice is one person"
    assert level(crew, "zhao", Level.ORANGE).level == Level.RED, "the second yes is to the very same level"
    crew.clock.forward(NOW + 30 * MINUTE)
    found = level(crew, "wang", Level.ORANGE)
    assert (found.level, found.lower_to, found.lower_by, found.clock) == (Level.ORANGE, None, "", ClockState.RUNNING)
    assert crew.told()[-1] == "level_lowered"


def test_the_second_yes_comes_within_an_hour_or_counts_as_the_first(crew):
    crew.spikes(level=Level.RED)
    level(crew, "wang", Level.YELLOW)
    crew.clock.forward(NOW + HOUR + SECOND)
    found = level(crew, "zhao", Level.YELLOW)
    assert (found.level, found.lower_by) == (Level.RED, "zhao")


def test_below_orange_no_public_answer_is_due_within_the_hour(crew):
    crew.spikes()
    found = level(crew, "wang", Level.YELLOW, "玩笑")
    assert (found.level, found.clock) == (Level.YELLOW, ClockState.CANCELLED)
    assert crew.alerts.clock_ticks(found.id) is None
    again = level(crew, "wang", Level.ORANGE, "不是玩笑")
    assert (again.clock, again.due_at) == (ClockState.RUNNING, found.t0 + HOUR)


def test_what_people_knew_when_they_lowered_it_does_not_raise_it_again_clearly_more_does(crew):
    heard = crew.hears(*[f"帖{n}" for n in range(10)])
    crew.spikes(mention_ids=heard)
    level(crew, "wang", Level.YELLOW)
    more = crew.hears(*[f"又{n}" for n in range(4)])
    crew.spikes("s2", mention_ids=heard + more)
    assert crew.one().level == Level.YELLOW
    crew.spikes("s3", mention_ids=heard + more + crew.hears("再一条"))
    assert crew.one().level == Level.ORANGE


def test_a_graver_kind_than_was_lowered_raises_at_once(crew):
    crew.spikes()
    level(crew, "wang", Level.YELLOW)
    crew.spikes("s2", level=Level.RED)
    assert crew.one().level == Level.RED


@pytest.mark.parametrize(
    ("to", "why", "said"),
    [
        (Level.YELLOW, " ", "needs a reason"),
        (Level.ORANGE, "", "needs a reason"),
        (Level.NONE, "x", "from blue to red"),
    ],
)
def test_a_level_needs_a_reason_and_to_be_a_level(crew, to, why, said):
    crew.spikes()
    with pytest.raises(MoveError, match=said):
        level(crew, "wang", to, why)


def test_an_internal_tip_opens_before_any_post_and_calls_like_any_other(crew):
    crew.clock.forward(NOW + 5 * MINUTE)
    found = opened(crew, level=Level.RED)
    assert (found.t0, found.detected_at, found.clock, found.paging) == (
        NOW,
        NOW + 5 * MINUTE,
        ClockState.RUNNING,
        Paging.PAGING,
    )
    crew.alerts.escalate(found.id)
    assert crew.called() == [(0, "li")]
    assert crew.pages()[0].subject == "【红·请接手】门店来电：有人受伤｜0条｜剩55分"
    assert crew.told()[:2] == ["incident_opened", "clock_started"]


def test_posts_that_follow_a_tip_join_it(crew):
    opened(crew, category="food_safety")
    crew.spikes()
    assert [one.number for one in crew.all()] == [1]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": " "}, "needs a title"),
        ({"why": ""}, "needs a title and a reason"),
        ({"t0": NOW + MINUTE}, "in the future"),
        ({"level": Level.BLUE}, "blue opens no incident"),
        ({"category": "food_safety"}, "open already: incident #1"),
    ],
)
def test_a_tip_that_cannot_be_opened_says_why(crew, changes, said):
    crew.spikes()
    with pytest.raises(MoveError, match=said):
        opened(crew, **changes)


def test_what_is_taken_or_over_is_told_to_providers_that_keep_alerts(crew):
    crew.spikes()
    crew.act(acks.acknowledge, "li", "link")
    crew.act(moves.false_alarm, "li", "误报")
    with crew.store.reading() as tx:
        waiting = agenda.waiting(tx)
    assert {key for key in waiting if key.startswith("settle:")} == {
        f"settle:{crew.one().id}:acknowledged",
        f"settle:{crew.one().id}:resolved",
    }


def test_an_answer_is_judged_anew_when_the_event_turns_out_to_be_older(crew):
    crew.spikes(t0=NOW)
    crew.change(clock=ClockState.MET, met_at=NOW + 50 * MINUTE)
    crew.clock.forward(NOW + HOUR)
    older = crew.act(moves.correct_t0, "wang", NOW - 20 * MINUTE, "监控")
    assert (older.clock, older.breached_at) == (ClockState.MET_LATE, NOW + 40 * MINUTE)
    back = crew.act(moves.correct_t0, "wang", NOW, "看错了")
    assert (back.clock, back.breached_at) == (ClockState.MET, None)


def test_lowering_after_the_hour_does_not_hide_the_breach(crew):
    crew.spikes(t0=NOW)
    crew.clock.forward(NOW + 61 * MINUTE)
    found = level(crew, "wang", Level.YELLOW)
    assert (found.clock, found.breached_at) == (ClockState.BREACHED, NOW + HOUR)


def test_a_topic_that_is_open_again_is_not_opened_twice_by_bringing_back_the_old_one(crew):
    crew.spikes()
    old = crew.act(moves.false_alarm, "wang", "误报")
    crew.spikes("s2")
    with pytest.raises(MoveError, match="open already: incident #2"), crew.store.transaction() as tx:
        moves.reopen(tx, crew.rounds, old.id, "wang", "又来了", crew.clock())
