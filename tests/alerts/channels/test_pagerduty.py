"""PagerDuty: one alert per incident lives trigger, acknowledge, resolve; only 202 with "success" is a yes."""

import json
import logging
import socket
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.channels import Rate, Reach, Receipt
from alerts.channels.chat_text import OPEN
from alerts.channels.pagerduty import CHANNEL, LIMIT, SEVERITY, dedup_key, event, send, settle
from config.errors import DeliveryError
from config.gateways import Gateways
from config.settings import Mail
from store.nouns import Level
from tests.alerts.crew import page
from tests.alerts.receiver import Answer, Came
from tests.worlds.gateways.dingtalk import HOSTILE
from tests.worlds.gateways.pagerduty import HTML, KEY, OTHER_KEY, Pagerduty


def reach(base: str, key: str = KEY) -> Reach:
    return Reach(Mail(), {"KEY": key}.__getitem__, gateways=Gateways(pagerduty_url=base))


def deliver(duty: Pagerduty, key: str = KEY, **changes) -> Receipt:
    return send(page(channel="pagerduty", address="secret:KEY", **changes), reach(duty.base, key))


def close(duty: Pagerduty, state: str, key: str = KEY, **changes) -> None:
    settle(page(channel="pagerduty", address="secret:KEY", **changes), reach(duty.base, key), state)


def ending(act, *words, **changes) -> tuple[str, bool, bool]:
    """(code, permanent, ambiguous) of what was not accepted; the key is in no message and no cause."""
    with pytest.raises(DeliveryError) as caught:
        act(*words, **changes)
    assert KEY not in f"{caught.value} {caught.value!r} {caught.value.__cause__!r}"
    return caught.value.code, caught.value.permanent, caught.value.ambiguous


def hang_up(came: Came) -> Answer:
    raise ConnectionAbortedError


def test_a_page_is_an_alert_with_severity_words_and_link(clock):
    with Pagerduty(clock) as duty:
        found = deliver(duty)
    assert found == Receipt("202", "accepted by PagerDuty as goldenhour-c-call-1")
    assert json.loads(duty.came[0].body) == {
        "routing_key": KEY,
        "dedup_key": "goldenhour-c-call-1",
        "event_action": "trigger",
        "client": "Golden Hour",
        "links": [{"href": "https://gh.example/ack/abc", "text": OPEN}],
        "payload": {
            "summary": "【红·请接手】星禾茶饮：食品安全｜6条｜剩40分",
            "source": "golden-hour",
            "severity": "critical",
            "timestamp": "2026-03-12T06:00:00+00:00",
            "class": "call",
            "custom_details": {
                "text": "事件 #7 星禾茶饮\n为什么：‹b›31 条‹/b› & 更多",
                "level": "red",
                "reason": "call",
            },
        },
    }
    assert duty.came[0].headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize(
    ("level", "severity"),
    [
        (Level.RED, "critical"),
        (Level.ORANGE, "error"),
        (Level.YELLOW, "warning"),
        (Level.BLUE, "info"),
        (Level.NONE, "info"),
    ],
)
def test_the_level_is_the_severity(level, severity):
    assert json.loads(event(page(level=level), KEY))["payload"]["severity"] == severity


def test_an_alert_is_triggered_acknowledged_and_resolved(clock):
    with Pagerduty(clock) as duty:
        deliver(duty)
        (alert,) = duty.alerts.values()
        assert alert.state == "triggered"
        close(duty, "acknowledged")
        assert alert.state == "acknowledged"
        close(duty, "resolved")
        assert (alert.state, duty.alerts, duty.closed) == ("resolved", {}, [alert])
    assert [json.loads(one.body) for one in duty.came[1:]] == [
        {"routing_key": KEY, "dedup_key": "goldenhour-c-call-1", "event_action": action}
        for action in ("acknowledge", "resolve")
    ]


def test_every_step_of_a_round_is_told_to_one_alert_and_a_new_round_rings_again(clock):
    with Pagerduty(clock) as duty:
        deliver(duty)
        deliver(duty, id="q" * 32, person="chen", idempotency="c:call:1.1:chen:pagerduty")
        deliver(duty, id="r" * 32, idempotency="c:call:2.0:li:pagerduty")
        deliver(duty, id="s" * 32, reason="remind", idempotency="c:remind:2026-03-12T06:30:00+00:00:li:pagerduty")
        first, again, remind = duty.alerts.values()
    assert [len(one.told) for one in (first, again, remind)] == [2, 1, 1]
    assert [one.rang for one in (first, again, remind)] == [1, 1, 1]
    assert remind.told[0]["payload"]["class"] == "remind"


def test_a_call_after_the_end_opens_a_new_alert(clock):
    with Pagerduty(clock) as duty:
        deliver(duty)
        close(duty, "resolved")
        deliver(duty)
        assert [alert.state for alert in (*duty.closed, *duty.alerts.values())] == ["resolved", "triggered"]


def test_a_page_without_an_incident_is_its_own_alert():
    assert dedup_key(page(incident="", id="e" * 32)) == "e" * 32
    assert len(dedup_key(page())) <= 255


def test_settling_what_pagerduty_does_not_know_is_no_failure(clock):
    with Pagerduty(clock) as duty:
        deliver(duty, OTHER_KEY)
        close(duty, "acknowledged")
        close(duty, "resolved", incident="d" * 32)
        assert [alert.state for alert in duty.alerts.values()] == ["triggered"]


CODES = [(400, True), (401, True), (403, True), (404, True), (413, True), (429, False), (500, False), (503, False)]


@pytest.mark.parametrize(("status", "permanent"), CODES)
def test_every_other_code_is_a_refusal(clock, status, permanent):
    with Pagerduty(clock) as duty:
        duty.refuse(status)
        assert ending(deliver, duty) == (str(status), permanent, False)
        assert ending(close, duty, "acknowledged") == (str(status), permanent, False)
    assert duty.alerts == {}


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ((202, b""), ("202_no_success", False, False)),
        ((202, HTML), ("202_no_success", False, False)),
        ((202, b'{"status":"Success"}'), ("202_no_success", False, False)),
        ((202, b'["success"]'), ("202_no_success", False, False)),
        ((200, HTML), ("200_no_success", False, False)),
        ((200, b'{"status":"success","message":"Event processed"}'), ("200_no_success", False, False)),
        ((302, b""), ("302", True, False)),
        ((400, b'{"status":"success"}'), ("400", True, False)),
        ((403, b'{"status":"throttle exceeded"}'), ("403", False, False)),
        ((408, b""), ("408", False, False)),
        ((502, HTML), ("502", False, False)),
    ],
)
def test_http_alone_is_never_a_yes(clock, answer, found):
    with Pagerduty(clock) as duty:
        duty.instead = answer
        assert ending(deliver, duty) == found


def test_the_wait_it_asks_for_stands_in_the_words(clock):
    with Pagerduty(clock) as duty:
        duty.refuse(429, wait="30")
        with pytest.raises(DeliveryError, match=r"^PagerDuty is busy \(429\), it asks to wait 30 s$") as caught:
            deliver(duty)
        assert caught.value.wait_s == 30


@pytest.mark.parametrize("key", ["short", "b" * 32])
def test_a_wrong_key_is_permanent(clock, key):
    with Pagerduty(clock) as duty:
        assert ending(deliver, duty, key) == ("400", True, False)


def test_pagerduty_away_never_got_it_and_one_that_hangs_up_may_have(clock):
    duty = Pagerduty(clock)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    there, duty.base = duty.base, f"http://127.0.0.1:{port}"
    assert ending(deliver, duty) == ("connect", False, False)
    with duty:
        duty.base = there
        duty.take = hang_up  # type: ignore[method-assign]
        assert ending(deliver, duty) == ("RemoteProtocolError", False, True)


def test_the_rate_is_what_a_key_may(clock):
    assert CHANNEL.rates == (Rate(120, timedelta(minutes=1)),)
    assert CHANNEL.settle is settle
    with Pagerduty(clock) as duty:
        duty.turns = [(KEY, clock())] * 119
        deliver(duty)
        assert ending(deliver, duty) == ("429", False, False)
        clock.forward(clock() + timedelta(minutes=1))
        deliver(duty)


@pytest.mark.parametrize("post", [*HOSTILE, "<!channel> <@U123> @everyone @channel"])
def test_a_hostile_post_is_only_words(clock, post):
    with Pagerduty(clock) as duty:
        deliver(duty, subject=f"【红·请接手】{post}｜6条｜剩40分", body=f"最早的帖子：\n- 14:00 weibo「{post}」")
    ((told,),) = (alert.told for alert in duty.alerts.values())
    summary, words = told["payload"]["summary"], told["payload"]["custom_details"]["text"]
    assert len(summary.splitlines()) == 1
    for text in (summary, words):
        assert not set("@＠<>\r\x00\x1b\u202e\u200b\ufeff\u2028") & set(text)
        assert "{{" not in text
        assert "://" not in text
    assert told["links"] == [{"href": page().link, "text": OPEN}]


def test_three_thousand_characters_are_taken_whole(clock):
    with Pagerduty(clock) as duty:
        deliver(duty, body="星" * 3000)
    ((told,),) = (alert.told for alert in duty.alerts.values())
    assert told["payload"]["custom_details"]["text"] == "星" * 3000


@pytest.mark.parametrize("much", ["星" * 200_000, '"' * 300_000, "👩" * 140_000])
def test_what_is_too_long_is_cut_late_and_summary_and_link_stay(clock, much):
    with Pagerduty(clock) as duty:
        deliver(duty, body=much, subject="【红·请接手】" + "长" * 3000 + "｜6条｜剩40分")
    ((told,),) = (alert.told for alert in duty.alerts.values())
    assert told["payload"]["summary"].startswith("【红·请接手】")
    assert told["payload"]["summary"].endswith("｜6条｜剩40分")
    assert told["payload"]["custom_details"]["text"].endswith("…")
    assert told["links"][0]["href"] == page().link
    assert LIMIT - 8 < len(duty.came[0].body) <= LIMIT


wild = st.lists(st.one_of(st.characters(), st.sampled_from([*HOSTILE, "\n", "星" * 500])), max_size=40)


@settings(max_examples=60, deadline=None)
@given(wild.map("".join), wild.map("".join), st.sampled_from([*SEVERITY, Level.NONE]))
def test_any_text_fits_and_leaves_level_and_link(subject, body, level):
    whole = page(subject=subject, body=body, level=level)
    raw = event(whole, KEY)
    assert len(raw) <= LIMIT
    said = json.loads(raw.decode("utf-8", "strict"))
    assert 0 < len(said["payload"]["summary"]) <= 1024
    assert said["payload"]["severity"] == SEVERITY.get(level, "info")
    assert said["links"] == [{"href": whole.link, "text": OPEN}]


def test_a_notice_without_a_link_has_none():
    assert json.loads(event(replace(page(), link=""), KEY))["links"] == []


def test_the_key_is_in_no_log(clock, caplog):
    caplog.set_level(logging.DEBUG)
    with Pagerduty(clock) as duty:
        deliver(duty)
        duty.refuse(400)
        ending(deliver, duty)
    assert caplog.records
    assert KEY not in caplog.text
