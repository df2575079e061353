"""Rates of the providers: never more in any span than allowed, a third kept free for orange and red."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from alerts.channels import Rate
from alerts.rates import allowed, free_at, kept, room
from tests.alerts.crew import NOW, SECOND

DINGTALK = (Rate(20, timedelta(minutes=1)),)
VOICE = (Rate(1, timedelta(minutes=1)), Rate(3, timedelta(minutes=15)))


def test_below_orange_may_use_seven_tenths_but_always_one():
    assert [allowed(Rate(n, SECOND), urgent=False) for n in (1, 2, 5, 20, 100)] == [1, 1, 3, 14, 70]
    assert [allowed(Rate(n, SECOND), urgent=True) for n in (1, 2, 5, 20, 100)] == [1, 2, 5, 20, 100]


def test_the_reserve_is_there_when_ordinary_calls_have_used_up_their_part():
    turns = [NOW - n * SECOND for n in range(14)]
    assert (room(turns, DINGTALK, NOW, urgent=False), room(turns, DINGTALK, NOW, urgent=True)) == (0, 6)
    assert free_at(turns, DINGTALK, NOW, urgent=False) == NOW - 13 * SECOND + timedelta(minutes=1)
    assert free_at(turns, DINGTALK, NOW, urgent=True) == NOW


def test_without_a_rate_there_is_always_room():
    assert (room([NOW] * 50, (), NOW, urgent=False), free_at([NOW] * 50, (), NOW, urgent=False)) == (1000, NOW)
    assert kept([NOW], (), NOW) == []


def test_the_strictest_of_several_rates_decides():
    turns = [NOW - timedelta(minutes=m) for m in (10, 6, 2)]
    assert room(turns, VOICE, NOW, urgent=True) == 0
    assert free_at(turns, VOICE, NOW, urgent=True) == NOW + timedelta(minutes=5)
    assert kept([*turns, NOW - timedelta(minutes=15)], VOICE, NOW) == turns


@given(st.lists(st.tuples(st.integers(0, 90), st.booleans()), max_size=120))
def test_no_span_ever_holds_more_than_allowed(asked):
    """Whoever asks when, sent at the moment the rule names: every window of every rate keeps its count."""
    rates = (Rate(5, timedelta(seconds=10)), Rate(12, timedelta(seconds=60)))
    now, sent, ordinary = NOW, [], []
    for wait, urgent in asked:
        now += wait * SECOND / 10
        if room(sent, rates, now, urgent=urgent) > 0:
            assert free_at(sent, rates, now, urgent=urgent) == now
            sent.append(now)
            ordinary += [] if urgent else [now]
        else:
            later = free_at(sent, rates, now, urgent=urgent)
            assert later > now
            assert room(sent, rates, later, urgent=urgent) > 0
            assert room(sent, rates, later - timedelta(microseconds=1), urgent=urgent) == 0
    for rate in rates:
        for at in sent:
            assert sum(at <= one < at + rate.per for one in sent) <= rate.count
        for at in ordinary:
            assert sum(at <= one < at + rate.per for one in ordinary) <= allowed(rate, urgent=False)
