"""Every step is called once, in order and not early; a step that reaches nobody makes the next one due now."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from alerts import acks, escalation
from alerts.escalation import Policy
from config.team import Escalation, Step
from store import pages
from store.nouns import PageStatus, Paging, Try
from tests.alerts.crew import MINUTE, NOW, SECOND, person, rota, team

minutes = st.integers(0, 40).map(lambda n: n * MINUTE)
policies = st.builds(
    Policy,
    steps=st.lists(minutes, min_size=1, max_size=5).map(lambda found: tuple((at, ("duty",)) for at in sorted(found))),
    cycles=st.integers(1, 4),
    cycle=st.integers(1, 30).map(lambda n: n * MINUTE),
    ack_expires=st.integers(1, 90).map(lambda n: n * MINUTE),
)
looks = st.lists(st.integers(0, 40_000).map(lambda n: n * SECOND), max_size=20).map(sorted)


def total(policy: Policy) -> int:
    return len(policy.steps) * policy.cycles


@given(policies, looks)
def test_however_rarely_one_looks_no_step_is_skipped_repeated_or_early(policy, pauses):
    end = escalation.moment(policy, NOW, total(policy)) - NOW
    called: list[int] = []
    exhausted = []
    for pause in [*pauses, max([end, *pauses])]:
        found = escalation.due(policy, NOW, len(called), NOW + pause)
        called += found.steps
        exhausted.append((found.exhausted, pause >= end))
        assert all(escalation.moment(policy, NOW, step) <= NOW + pause for step in found.steps)
    assert called == list(range(total(policy)))
    assert all(said == true for said, true in exhausted)


@given(policies)
def test_who_comes_when_asked_calls_each_step_at_its_very_moment(policy):
    now, step, called = NOW, 0, []
    while (found := escalation.due(policy, NOW, step, now)).next_at is not None:
        called += [(one, now) for one in found.steps]
        step += len(found.steps)
        assert found.next_at > now
        now = found.next_at
    called += [(one, now) for one in found.steps]
    assert found.exhausted
    assert called == [(one, escalation.moment(policy, NOW, one)) for one in range(total(policy))]


@given(policies)
def test_what_is_kept_with_the_incident_reads_back_as_the_same_policy(policy):
    assert escalation.read(escalation.write(policy)) == policy


def test_the_shipped_steps_are_walked_three_times_and_exhausted_a_cycle_later():
    policy = escalation.policy_of(Escalation())
    at = [(escalation.moment(policy, NOW, step) - NOW) // MINUTE for step in range(13)]
    assert at == [0, 5, 10, 15, 30, 35, 40, 45, 60, 65, 70, 75, 90]
    assert [escalation.duties(policy, step)[0] for step in range(5)] == ["duty", "backup", "lead", "responder", "duty"]


def test_steps_are_walked_in_the_order_of_time_not_of_the_file():
    late, soon = Step(after=5 * MINUTE, call=("lead",)), Step(after=timedelta(), call=("duty",))
    policy = escalation.policy_of(Escalation(steps=(late, soon)))
    assert [call for _, call in policy.steps] == [("duty",), ("lead",)]


def test_a_running_walk_keeps_the_steps_it_began_with(crew):
    crew.spikes()
    crew.team = team(escalation=Escalation(steps=(Step(after=timedelta(), call=("lead",)),)))
    crew.alerts.escalate(crew.one().id)
    assert crew.called() == [(0, "li")]


def test_an_empty_duty_means_the_next_step_now_and_the_following_one_on_its_pace(crew):
    crew.team = team(rota=(rota("backup", "chen"), rota("lead", "wang")))
    crew.spikes()
    again = crew.alerts.escalate(crew.one().id)
    assert crew.called() == [(0, ""), (1, "chen")][1:]
    assert again == NOW + 5 * MINUTE
    crew.clock.forward(again)
    crew.alerts.escalate(crew.one().id)
    assert crew.called() == [(1, "chen"), (2, "wang")]


def test_people_without_a_way_to_reach_them_are_passed_over_at_once(crew):
    crew.team = team(person("li", ways=()), person("chen", ways=()))
    crew.spikes()
    crew.alerts.escalate(crew.one().id)
    assert crew.called() == [(2, "wang")]


def test_a_step_whose_every_try_was_refused_makes_the_next_one_due_now(crew):
    crew.spikes()
    crew.alerts.escalate(crew.one().id)
    (first,) = crew.pages("call")
    with crew.store.transaction() as tx:
        pages.note_try(tx, first, Try(first.id, NOW, False, "550", "no such user", 3), PageStatus.FAILED)
    crew.clock.forward(NOW + 20 * SECOND)
    again = crew.alerts.escalate(crew.one().id)
    assert crew.called() == [(0, "li"), (1, "chen")]
    assert again == NOW + 20 * SECOND + 5 * MINUTE


def test_a_step_still_under_way_is_waited_for(crew):
    crew.spikes()
    assert crew.alerts.escalate(crew.one().id) == NOW + 5 * MINUTE
    crew.clock.forward(NOW + 4 * MINUTE)
    assert crew.alerts.escalate(crew.one().id) == NOW + 5 * MINUTE
    assert crew.called() == [(0, "li")]


def test_a_team_nobody_can_reach_is_walked_through_at_once_and_then_loud(crew):
    crew.team = team(*[person(one.id, one.roles, ways=()) for one in team().person])
    crew.spikes()
    again = crew.alerts.escalate(crew.one().id)
    assert crew.one().step == 12
    crew.clock.forward(again)
    assert crew.alerts.escalate(crew.one().id) is None
    assert crew.one().paging == Paging.EXHAUSTED
    assert crew.told().count("called") == 12
    assert crew.told()[-1] == "exhausted"


def test_exhaustion_calls_everybody_on_all_their_ways_even_when_it_is_only_yellow(crew):
    crew.team = team(person("li", ways=("email", "webhook")), person("zhou", ("legal",)))
    crew.spikes(level="yellow")
    crew.clock.forward(NOW + 91 * MINUTE)
    crew.alerts.escalate(crew.one().id)
    loud = sorted((one.person, one.channel) for one in crew.pages("exhausted"))
    assert loud == [(who, "email") for who in ("chen", "li")] + [("li", "webhook")] + [
        (who, "email") for who in ("wang", "zhao", "zhou")
    ]


def test_running_the_same_step_twice_writes_no_second_page(crew):
    crew.spikes()
    crew.alerts.escalate(crew.one().id)
    before = crew.pages()
    crew.change(step=0)
    crew.alerts.escalate(crew.one().id)
    assert crew.pages() == before


def test_a_taken_incident_without_activity_calls_again_from_the_first_step(crew):
    crew.spikes()
    crew.alerts.escalate(crew.one().id)
    crew.act(acks.acknowledge, "li", "link")
    fresh = NOW + 20 * MINUTE
    assert crew.alerts.escalate(crew.one().id) == fresh
    crew.clock.forward(fresh - SECOND)
    assert crew.alerts.escalate(crew.one().id) == fresh
    crew.clock.forward(fresh)
    crew.alerts.escalate(crew.one().id)
    assert (crew.one().paging, crew.one().round) == (Paging.ACK_EXPIRED, 2)
    assert crew.called() == [(0, "li"), (0, "li")]
