"""Providers that keep alerts of their own hear that one was taken or is over; somebody's word is no acceptance."""

import pytest

from alerts import acks, moves
from alerts.channels.registry import CHANNELS
from config.gateways import Gateways
from config.team import Endpoint, Person
from store.nouns import ClockState, Level, PageStatus
from tests.alerts.crew import NOW, SECOND, Crew, team
from tests.alerts.receiver import Receiver
from tests.worlds.gateways.pagerduty import KEY, Pagerduty


@pytest.fixture
def duty(store, clock, ids):
    """li is called by PagerDuty."""
    with Pagerduty(clock) as world:
        way = Endpoint(channel="pagerduty", address=KEY)
        crew = team(Person(id="li", name="李", endpoint=(way,)))
        world.crew = Crew(store, clock, ids, crew, gateways=Gateways(pagerduty_url=world.base))
        yield world


def call(crew: Crew, **changes) -> None:
    """An incident opens, its first step is called and delivered."""
    crew.spikes(**changes)
    crew.alerts.escalate(crew.one().id)
    for one in crew.pages():
        crew.delivery.deliver(one.id)


def states(world: Pagerduty) -> list[str]:
    return [alert.state for alert in (*world.closed, *world.alerts.values())]


def test_taken_is_acknowledged_there_and_over_is_resolved_there(duty):
    crew = duty.crew
    call(crew)
    assert states(duty) == ["triggered"]
    crew.act(acks.acknowledge, "li", "screen")
    crew.delivery.settle(f"{crew.one().id}:acknowledged")
    assert states(duty) == ["acknowledged"]
    crew.change(clock=ClockState.MET)
    crew.act(moves.resolve, "wang", "回落")
    crew.delivery.settle(f"{crew.one().id}:resolved")
    assert states(duty) == ["resolved"]


def test_an_acknowledgement_that_comes_after_the_end_is_not_told_any_more(duty):
    crew = duty.crew
    call(crew)
    crew.act(moves.false_alarm, "wang", "误报")
    crew.delivery.settle(f"{crew.one().id}:resolved")
    crew.delivery.settle(f"{crew.one().id}:acknowledged")
    assert states(duty) == ["resolved"]


def test_a_round_after_an_expired_acknowledgement_rings_again(duty):
    crew = duty.crew
    call(crew)
    crew.act(acks.acknowledge, "li", "screen")
    crew.delivery.settle(f"{crew.one().id}:acknowledged")
    crew.clock.forward(NOW + 20 * 60 * SECOND)
    crew.alerts.escalate(crew.one().id)
    for one in crew.pages():
        crew.delivery.deliver(one.id)
    assert states(duty) == ["acknowledged", "triggered"]
    assert [alert.rang for alert in duty.alerts.values()] == [1, 1]


def test_settling_what_never_was_is_no_failure(duty):
    duty.crew.delivery.settle("nothing:resolved")
    assert states(duty) == []


def by_word(store, clock, ids, chat: Receiver) -> Crew:
    """li has a way whose acceptance is only somebody's word, then a webhook."""
    ways = (
        Endpoint(channel="apprise", address=chat.url.replace("http://", "json://")),
        Endpoint(channel="webhook", address=chat.url, secret_env="CHAT"),
        Endpoint(channel="webhook", address=chat.url + "2", secret_env="CHAT"),
    )
    return Crew(store, clock, ids, team(Person(id="li", name="李", endpoint=ways)))


@pytest.mark.parametrize(("level", "asked"), [(Level.ORANGE, 3), (Level.YELLOW, 1)])
def test_somebodys_word_is_not_enough_for_orange_and_red(store, clock, ids, level, asked):
    with Receiver() as chat:
        crew = by_word(store, clock, ids, chat)
        crew.spikes(level=level)
        crew.change(paging_since=NOW)
        crew.alerts.escalate(crew.one().id)
        for one in crew.pages():
            crew.delivery.deliver(one.id)
    found = crew.pages()
    assert len(found) == asked
    assert (found[0].channel, found[0].status) == ("apprise", PageStatus.UNVERIFIED)
    assert "page_unverified" in crew.told()


def test_a_step_that_only_somebodys_word_reached_does_not_hold_the_next_one(store, clock, ids):
    with Receiver() as chat:
        way = Endpoint(channel="apprise", address=chat.url.replace("http://", "json://"))
        crew = Crew(store, clock, ids, team(Person(id="li", name="李", endpoint=(way,))))
        call(crew)
        crew.alerts.escalate(crew.one().id)
    assert crew.called()[-1] == (1, "chen")


def test_only_the_long_tail_is_taken_at_its_word():
    assert [name for name, channel in CHANNELS.items() if not channel.verified] == ["apprise"]
    assert [name for name, channel in CHANNELS.items() if channel.settle] == ["pagerduty"]
    assert sorted(name for name, channel in CHANNELS.items() if channel.replies) == ["aliyun_sms", "twilio_sms"]
