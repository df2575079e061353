"""The heartbeat is silent unless all is well, and an address that fails is neither a storm nor a leak."""

import logging
from functools import partial

import pytest

from desk.metrics import HEARTBEATS
from store import agenda
from store.nouns import Health
from tests.alerts.receiver import Receiver
from tests.desk.watch import given, moment, opened


@pytest.fixture
def watch(store, ids):
    return partial(opened, store, ids)


def counted() -> dict[str, float]:
    return {how: HEARTBEATS.labels(sent=how)._value.get() for how in ("sent", "held", "failed")}


def since(before: dict[str, float]) -> dict[str, int]:
    return {how: int(now - before[how]) for how, now in counted().items()}


def test_while_all_is_well_the_address_is_pinged_every_minute(watch):
    before = counted()
    with Receiver((200, b"OK")) as outside:
        watch(heartbeat_url=outside.url).at("12 09:05")
        assert len(outside.came) == 6
        assert {one.body for one in outside.came} == {b""}
    assert since(before) == {"sent": 6, "held": 0, "failed": 0}


def test_when_something_is_wrong_the_heartbeat_stops_and_comes_back_with_it(watch):
    before = counted()
    with Receiver((200, b"OK")) as outside:
        found = watch(heartbeat_url=outside.url)
        found.hears(Health.BLIND)
        found.at("12 09:03")
        assert outside.came == []
        found.hears()
        found.at("12 09:05")
        assert len(outside.came) == 2
    assert since(before) == {"sent": 2, "held": 4, "failed": 0}


def test_an_address_that_is_a_secret_is_in_no_log(watch, caplog):
    caplog.set_level(logging.DEBUG, "goldenhour")
    with Receiver((500, b"no")) as outside:
        watch(heartbeat_url="secret:PING_URL", env={"PING_URL": outside.url}).at("12 09:03")
        assert len(outside.came) == 4
    assert outside.url not in caplog.text
    assert caplog.text.count("heartbeat failed: the other side answered 500") == 1


@pytest.mark.parametrize("env", [{"PING_URL": "http://127.0.0.1:9/ping"}, {}])
def test_an_address_nobody_answers_at_is_tried_again_each_minute_and_said_once(watch, caplog, env):
    before = counted()
    found = watch(heartbeat_url="secret:PING_URL", env=env).at("12 09:10")
    assert since(before) == {"sent": 0, "held": 0, "failed": 11}
    assert caplog.text.count("heartbeat failed") == 1
    assert found.waiting()["heartbeat:outside"] == moment("12 09:11")
    with found.store.reading() as tx:
        assert agenda.dead(tx) == []


def test_without_an_address_there_is_no_heartbeat(watch):
    assert list(watch().at("12 09:10").waiting()) == ["daily:check"]


def test_an_address_taken_out_of_the_settings_ends_the_pings(watch):
    with Receiver((200, b"")) as outside:
        found = watch(heartbeat_url=outside.url).at("12 09:01")
        found.settings = given()
        found.start().at("12 09:10")
        assert len(outside.came) == 2
    assert list(found.waiting()) == ["daily:check"]
