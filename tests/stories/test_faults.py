"""What breaks while people have to be called: Redis, PostgreSQL, a provider, a clock. No page is lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from alerts.delivery import wait_after
from bench.delivery import Stubborn
from bench.delivery_house import detect, make_site
from bench.delivery_worker import Fleet, work
from bench.provider import Answer, Asked, Provider
from config.clock import StepClock, utc_now
from desk.stepping import forward, settle
from store.nouns import Level
from tests.worlds.calls import (
    Chat,
    all_accepted,
    promise,
    put_off,
    serving,
    the_incident,
    told,
    tries_of,
)
from tests.worlds.chaos import SECOND, YES, OfTheStore, OwnRedis, Rude, RunningClock, Shifted, Wire, soon

MINUTE = timedelta(minutes=1)
T0 = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
# The shortest lease a runner keeps alive with certainty: it looks twice a second.
LEASE = "2s"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.realserver)])
def store_url(request):
    return "sqlite:///faults.db" if request.param == "sqlite" else request.getfixturevalue("servers").new_database()


@pytest.mark.realserver
def test_redis_dies_a_second_before_a_reminder_and_stays_away(servers, tmp_path):
    clock = RunningClock(tmp_path / "clock")
    chat = Chat(clock)
    with OwnRedis(tmp_path) as redis, Provider(chat) as provider:
        ways, url = [("webhook", provider.url("/chat"))], servers.new_database()
        site = replace(make_site(tmp_path, ways, store_url=url, redis_url=redis.url), clock=clock)
        with Fleet(site, [work]), serving(site, redis.url) as (house, runner):
            detect(house.desk.store, 0, Level.RED, clock())
            assert soon(lambda: chat.at("call"))
            assert not runner.redis_is_away
            incident = the_incident(house.desk.store)

            reminder = incident.t0 + 15 * MINUTE
            clock.forward(reminder - SECOND)
            redis.stop()
            assert soon(lambda: chat.at("remind"))
            assert reminder <= chat.at("remind")[0] <= reminder + 10 * SECOND

            clock.forward(incident.due_at - SECOND)
            assert soon(lambda: chat.at("breach"))
            assert incident.due_at <= chat.at("breach")[0] <= incident.due_at + 10 * SECOND
            assert runner.redis_is_away
            (breach,) = told(house.desk.store, "clock_breached")
            assert the_incident(house.desk.store).breached_at == incident.due_at
            assert breach.at <= incident.due_at + 10 * SECOND


@pytest.mark.realserver
def test_redis_that_comes_and_goes_twenty_times_loses_no_page(servers, tmp_path):
    """Every other time it is back before anybody noticed; the runner looks twice a second, so this takes seconds."""
    rule = Stubborn("", 1, first=0)
    with OwnRedis(tmp_path) as redis, Wire(redis.port) as wire, Provider(rule) as provider:
        ways, through = [("webhook", provider.url("/chat"))], f"redis://127.0.0.1:{wire.port}/0"
        site = make_site(tmp_path, ways, store_url=servers.new_database(), redis_url=through)
        rule.secret = site.secret
        with Fleet(site, [work, work]), serving(site, through) as (house, runner):
            store, keys = house.desk.store, []
            for flap in range(20):
                keys += promise(store, ways[0][1], 3 * flap)
                wire.cut()
                keys += promise(store, ways[0][1], 3 * flap + 1)
                if flap % 2:
                    assert soon(lambda: runner.redis_is_away)
                wire.mend()
                keys += promise(store, ways[0][1], 3 * flap + 2)
            assert soon(lambda: all_accepted(store))
            assert soon(lambda: not runner.redis_is_away)
    assert sorted(rule.accepted) == sorted(keys)
    assert {len(set(headers)) for headers in rule.accepted.values()} == {1}


def test_all_of_it_down_over_the_breach_records_one_breach_at_its_minute_and_reminds_once(store_url, tmp_path):
    clock = StepClock(T0 + 6 * MINUTE)
    chat = Chat(clock)
    with Provider(chat) as provider:
        site = replace(make_site(tmp_path, [("webhook", provider.url("/chat"))], store_url=store_url), clock=clock)
        before = site.house()
        detect(before.desk.store, 0, Level.RED, clock())
        forward(before.desk, clock, T0 + 40 * MINUTE)
        before.close()
        assert chat.at("remind") == [T0 + 15 * MINUTE, T0 + 30 * MINUTE]

        clock.forward(T0 + 75 * MINUTE)
        after = site.house()
        settle(after.desk)
        forward(after.desk, clock, T0 + 80 * MINUTE)
        incident = the_incident(after.desk.store)
        breaches = told(after.desk.store, "clock_breached")
        after.close()
    assert incident.breached_at == T0 + 60 * MINUTE
    assert [one.detail["due_at"] for one in breaches] == [(T0 + 60 * MINUTE).isoformat()]
    assert chat.at("breach") == [T0 + 75 * MINUTE]
    assert len(chat.at("remind")) <= 3
    assert set(chat.at("remind")[2:]) <= {T0 + 75 * MINUTE}


@pytest.mark.realserver
def test_postgres_is_cut_off_in_the_middle_of_delivering(servers, tmp_path):
    direct = urlsplit(servers.new_database())
    (folder,) = parse_qs(direct.query)["host"]
    rule, cuts = Stubborn("", 1, first=0), []

    def cutting(asked: Asked) -> Answer:
        answer = rule(asked)
        if len(rule.accepted) in (1, 4) and len(rule.accepted) not in cuts:
            # It is accepted, and nobody can write that down.
            cuts.append(len(rule.accepted))
            wire.cut()
        return answer

    with Wire(f"{folder}/.s.PGSQL.5432") as wire, Provider(cutting) as provider:
        url = f"postgresql://postgres@127.0.0.1:{wire.port}{direct.path}"
        site = make_site(tmp_path, [("webhook", provider.url("/chat"))], store_url=url, lease=LEASE)
        rule.secret = site.secret
        with serving(site, seats=2) as (house, runner):
            keys = promise(house.desk.store, provider.url("/chat"), *range(6))
            for count in (1, 2):
                assert soon(lambda count=count: len(cuts) == count)
                # Until the runner has looked in vain as well.
                assert soon(lambda: utc_now() - runner.last_beat > SECOND)
                wire.mend()
            assert soon(lambda: all_accepted(house.desk.store))
    assert sorted(rule.accepted) == sorted(keys)
    assert {len(set(headers)) for headers in rule.accepted.values()} == {1}
    # Two seats, two cuts: what was in the air is sent once more, nothing else.
    assert 2 <= sum(len(headers) - 1 for headers in rule.accepted.values()) <= 4


def test_a_provider_without_manners_gets_the_same_page_again_and_only_a_whole_yes_counts(tmp_path):
    with Rude() as rude:
        ways = [("webhook", rude.url(manner)) for manner in Rude.MANNERS]
        site = make_site(tmp_path, ways)
        with serving(site) as (house, _):
            keys = {manner: promise(house.desk.store, rude.url(manner), n)[0] for n, manner in enumerate(Rude.MANNERS)}
            assert soon(lambda: all_accepted(house.desk.store))
            told_by = {manner: tries_of(house.desk.store)[keys[manner]] for manner in Rude.MANNERS}
    assert set(rude.accepted.values()) == {1}
    assert {manner: [yes for yes, _ in of] for manner, of in told_by.items()} == {
        manner: [False, True] for manner in Rude.MANNERS
    }
    assert {manner: of[0][1] for manner, of in told_by.items()} == {
        "hang": "ReadTimeout",
        "drip": "ReadTimeout",
        "reset": "ReadError",
        "half": "RemoteProtocolError",
        "portal": "200_not_accepted",
        "no": "200_not_accepted",
    }
    for key in keys.values():
        assert len(rude.came[key]) == 2
        assert len(set(rude.came[key])) == 1


@pytest.mark.realserver
def test_a_worker_whose_clock_is_two_hours_slow_works_beside_a_right_one(servers, tmp_path):
    clock = RunningClock(tmp_path / "clock")
    rule = Stubborn("", 1, first=1)
    with OwnRedis(tmp_path) as redis, Provider(rule) as provider:
        ways, url = [("webhook", provider.url("/chat"))], servers.new_database()
        right = replace(make_site(tmp_path, ways, store_url=url, redis_url=redis.url), clock=clock)
        wrong = replace(right, clock=Shifted(clock, -timedelta(hours=2)))
        rule.secret = right.secret
        with Fleet(right, [work]), Fleet(wrong, [work]), serving(right, redis.url) as (house, _):
            store = house.desk.store
            keys = promise(store, ways[0][1], *range(12))
            assert soon(lambda: all_accepted(store) or put_off(store, clock()))
            assert not put_off(store, clock())
            detect(store, 0, Level.RED, clock())
            assert soon(lambda: told(store, "clock_started"))
            incident = the_incident(store)
            clock.forward(incident.due_at - SECOND)
            assert soon(lambda: told(store, "clock_breached"))
            assert len(told(store, "clock_breached")) == 1
            assert the_incident(store).breached_at == incident.due_at
            assert clock() >= incident.due_at
    assert set(keys) <= set(rule.accepted)
    assert max(len(headers) for headers in rule.accepted.values()) <= 2


@pytest.mark.realserver
@pytest.mark.parametrize("hours", [-2, 2])
def test_a_worker_whose_machine_is_two_hours_off_keeps_the_time_of_the_store(servers, tmp_path, hours):
    moments = []

    def once(asked: Asked) -> Answer:
        moments.append(asked.at)
        return Answer(200, YES) if len(moments) > 1 else Answer(503)

    with OwnRedis(tmp_path) as redis, Provider(once) as provider:
        ways, url = [("webhook", provider.url("/chat"))], servers.new_database()
        right = make_site(tmp_path, ways, store_url=url, redis_url=redis.url)
        wrong = replace(right, clock=OfTheStore(url, timedelta(hours=hours)))
        with Fleet(wrong, [work]), serving(right, redis.url) as (house, _):
            promise(house.desk.store, ways[0][1], 0)
            assert soon(lambda: all_accepted(house.desk.store))
    assert wait_after(1) <= moments[1] - moments[0] <= wait_after(1) + 5 * SECOND
