"""Taking, passing on, resolving, correcting: what each changes, and what is refused."""

import pytest

from alerts import acks, moves
from config.errors import MoveError
from store import agenda, incidents, journal, pages
from store.nouns import ClockState, IncidentStatus, PageStatus, Paging, Try
from tests.alerts.crew import MINUTE, NOW, person, team


@pytest.fixture
def open_one(crew):
    """An orange incident whose first step has been called, its pages not delivered yet."""
    crew.team = team(person("li", ("responder",), ways=("email", "webhook")))
    crew.spikes()
    crew.alerts.escalate(crew.one().id)
    return crew


def states(crew) -> list[PageStatus]:
    return [one.status for one in crew.pages()]


def due(crew, job: str):
    with crew.store.reading() as tx:
        return agenda.waiting(tx).get(f"{job}:{crew.all()[0].id}")


def test_taking_it_stops_the_calls_not_the_clock(open_one):
    found = open_one.act(acks.acknowledge, "li", "link")
    assert (found.paging, found.owner, found.acked_at, found.clock) == (Paging.ACKED, "li", NOW, ClockState.RUNNING)
    assert states(open_one) == [PageStatus.DROPPED] * 2
    assert open_one.told()[-1] == "acknowledged"
    open_one.clock.forward(NOW + 15 * MINUTE)
    open_one.alerts.escalate(found.id)
    assert open_one.called() == [(0, "li")] * 2


def test_taking_it_twice_is_harmless_and_keeps_it_fresh(open_one):
    open_one.act(acks.acknowledge, "li", "link")
    before = open_one.told()
    open_one.clock.forward(NOW + 9 * MINUTE)
    open_one.act(acks.acknowledge, "li", "screen")
    assert open_one.told() == before
    assert (open_one.one().acked_at, open_one.one().active_at) == (NOW, NOW + 9 * MINUTE)
    open_one.clock.forward(NOW + 20 * MINUTE)
    assert open_one.alerts.escalate(open_one.one().id) == NOW + 29 * MINUTE


def test_the_first_one_owns_it(open_one):
    open_one.act(acks.acknowledge, "li", "link")
    found = open_one.act(acks.acknowledge, "chen", "link")
    assert (found.owner, found.acked_at) == ("li", NOW)


def test_after_it_expired_the_next_one_owns_it(open_one):
    open_one.act(acks.acknowledge, "li", "link")
    open_one.clock.forward(NOW + 20 * MINUTE)
    open_one.alerts.escalate(open_one.one().id)
    assert open_one.act(acks.acknowledge, "chen", "link").owner == "chen"


def test_what_was_accepted_already_stays_so(open_one):
    first, _ = open_one.pages()
    with open_one.store.transaction() as tx:
        pages.note_try(tx, first, Try(first.id, NOW, True, "250", "ok", 3), PageStatus.ACCEPTED)
    open_one.act(acks.acknowledge, "li", "link")
    assert sorted(states(open_one)) == [PageStatus.ACCEPTED, PageStatus.DROPPED]


def test_passing_on_calls_the_next_step_now_and_then_keeps_the_pace(open_one):
    open_one.clock.forward(NOW + MINUTE)
    open_one.act(acks.pass_on, "li", "link")
    assert due(open_one, "escalate") <= NOW + MINUTE
    again = open_one.alerts.escalate(open_one.one().id)
    assert open_one.called() == [(0, "li"), (0, "li"), (1, "chen")]
    assert again == NOW + 6 * MINUTE


def test_the_owner_may_hand_it_over_and_nobody_else(open_one):
    open_one.act(acks.acknowledge, "li", "link")
    before = open_one.one()
    assert open_one.act(acks.pass_on, "chen", "link") == before
    assert open_one.one() == before
    found = open_one.act(acks.pass_on, "li", "screen")
    assert (found.paging, found.owner, found.round) == (Paging.PAGING, "", 2)
    open_one.alerts.escalate(found.id)
    assert open_one.called()[-1] == (1, "chen")
    assert open_one.told()[-2:] == ["passed_on", "called"]


def test_passing_on_the_last_step_is_exhaustion_now(open_one):
    open_one.clock.forward(NOW + 80 * MINUTE)
    open_one.alerts.escalate(open_one.one().id)
    open_one.act(acks.pass_on, "zhao", "link")
    assert open_one.alerts.escalate(open_one.one().id) is None
    assert open_one.one().paging == Paging.EXHAUSTED


def test_it_cannot_be_resolved_while_the_clock_runs(open_one):
    with pytest.raises(MoveError, match="clock still runs"):
        open_one.act(moves.resolve, "wang", "没事了")
    assert open_one.one().status == IncidentStatus.OPEN
    assert "resolved" not in open_one.told()


@pytest.mark.parametrize("state", [ClockState.MET, ClockState.MET_LATE, ClockState.BREACHED, ClockState.NONE])
def test_else_it_is_resolved_calls_end_and_the_review_is_ordered(open_one, state):
    open_one.change(clock=state)
    found = open_one.act(moves.resolve, "wang", "回落")
    assert (found.status, found.paging, found.resolved_at, found.clock) == (
        IncidentStatus.RESOLVED,
        Paging.QUIET,
        NOW,
        state,
    )
    assert due(open_one, "review") == NOW
    assert states(open_one) == [PageStatus.DROPPED] * 2
    assert open_one.alerts.escalate(found.id) is None
    assert open_one.alerts.clock_ticks(found.id) is None


@pytest.mark.parametrize("why", ["", "  \n"])
def test_a_false_alarm_needs_a_reason(open_one, why):
    with pytest.raises(MoveError, match="needs a reason"):
        open_one.act(moves.false_alarm, "wang", why)
    assert open_one.one().status == IncidentStatus.OPEN


def test_a_false_alarm_ends_everything_and_keeps_the_reason(open_one):
    found = open_one.act(moves.false_alarm, "wang", "是活动文案")
    assert (found.status, found.paging, found.clock) == (
        IncidentStatus.FALSE_ALARM,
        Paging.QUIET,
        ClockState.CANCELLED,
    )
    assert states(open_one) == [PageStatus.DROPPED] * 2
    with open_one.store.reading() as tx:
        last = journal.entries(tx, incidents.subject(found.id))[-1]
    assert (last.what, last.who, last.why) == ("false_alarm", "wang", "是活动文案")


def test_a_missed_hour_stays_missed_in_a_false_alarm(open_one):
    open_one.change(clock=ClockState.BREACHED)
    assert open_one.act(moves.false_alarm, "wang", "误报").clock == ClockState.BREACHED


def test_correcting_when_it_began_moves_both_clocks_and_remembers(open_one):
    found = open_one.act(moves.correct_t0, "wang", NOW - 30 * MINUTE, "门店监控")
    assert (found.t0, found.due_at, found.born_breached) == (NOW - 30 * MINUTE, NOW + 30 * MINUTE, False)
    assert due(open_one, "clock") == NOW
    with open_one.store.reading() as tx:
        last = journal.entries(tx, incidents.subject(found.id))[-1]
    assert (last.what, last.why) == ("t0_corrected", "门店监控")
    assert last.detail == {"from": (NOW - 6 * MINUTE).isoformat(), "to": (NOW - 30 * MINUTE).isoformat()}


def test_corrected_to_more_than_an_hour_before_it_was_found_it_is_born_breached_and_back(open_one):
    assert open_one.act(moves.correct_t0, "wang", NOW - 61 * MINUTE, "监控").born_breached
    assert not open_one.act(moves.correct_t0, "wang", NOW - 59 * MINUTE, "看错了").born_breached


@pytest.mark.parametrize(
    ("t0", "why", "said"),
    [(NOW - 9 * MINUTE, " ", "needs a reason"), (NOW + MINUTE, "监控", "cannot begin after")],
)
def test_a_correction_needs_a_reason_and_a_moment_before_we_knew(open_one, t0, why, said):
    before = open_one.one()
    with pytest.raises(MoveError, match=said):
        open_one.act(moves.correct_t0, "wang", t0, why)
    assert open_one.one() == before


MOVES = [
    (acks.acknowledge, ("li", "link")),
    (acks.pass_on, ("li", "link")),
    (moves.resolve, ("wang", "")),
    (moves.false_alarm, ("wang", "误报")),
    (moves.correct_t0, ("wang", NOW - 9 * MINUTE, "监控")),
]


@pytest.mark.parametrize(("verb", "words"), MOVES)
def test_what_is_over_or_not_there_cannot_be_changed(open_one, verb, words):
    for status in set(IncidentStatus) - set(incidents.OPEN):
        open_one.change(status=status)
        before = open_one.one()
        with pytest.raises(MoveError, match=f"is {status.value}"):
            open_one.act(verb, *words)
        assert open_one.one() == before
    with open_one.store.transaction() as tx, pytest.raises(MoveError, match="no such incident"):
        verb(tx, "0" * 32, *words, open_one.clock())


def test_given_back_with_nobody_else_it_calls_again_from_the_first_step(open_one):
    open_one.act(acks.acknowledge, "li", "link")
    open_one.clock.forward(NOW + 3 * MINUTE)
    found = open_one.act(acks.give_back, "li", "screen")
    assert (found.paging, found.owner, found.round, found.step) == (Paging.PAGING, "", 2, 0)
    open_one.alerts.escalate(found.id)
    assert open_one.called() == [(0, "li")] * 4
    assert "ack_undone" in open_one.told()


def test_given_back_while_another_has_it_too_that_one_owns_it(open_one):
    open_one.act(acks.acknowledge, "li", "link")
    open_one.act(acks.acknowledge, "chen", "sms")
    found = open_one.act(acks.give_back, "li", "screen")
    assert (found.paging, found.owner) == (Paging.ACKED, "chen")
    assert open_one.act(acks.give_back, "chen", "screen").paging == Paging.PAGING


def test_only_who_has_it_gives_it_back(open_one):
    open_one.act(acks.acknowledge, "li", "link")
    with pytest.raises(MoveError, match="not in your hands"):
        open_one.act(acks.give_back, "chen", "screen")
    assert open_one.one().owner == "li"


def test_when_it_expired_nobody_has_it_any_more(open_one):
    open_one.act(acks.acknowledge, "li", "link")
    open_one.clock.forward(NOW + 20 * MINUTE)
    open_one.alerts.escalate(open_one.one().id)
    with pytest.raises(MoveError, match="not in your hands"):
        open_one.act(acks.give_back, "li", "screen")
