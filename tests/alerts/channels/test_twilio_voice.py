"""Calls by Twilio: what is heard, the two keys, and that a stranger's words stay words."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alerts.channels import Rate, Receipt
from alerts.channels.twilio_signature import is_right
from alerts.channels.twilio_sms import LATER, REFUSED
from alerts.channels.twilio_voice import CHANNEL, SILENCE, send, speech, twiml
from alerts.links import spoken
from config.errors import DeliveryError
from store.nouns import Level
from tests.alerts.channels.test_twilio_sms import NUMBER, reach
from tests.alerts.crew import page
from tests.alerts.receiver import Receiver
from tests.worlds.gateways.dingtalk import HOSTILE
from tests.worlds.gateways.twilio import ACCOUNT, HTML, SENDER, TOKEN, Twilio, heard, no

ENGLISH = {"subject": "[RED] please take it: Xinghe Tea: food safety | 40 min left"}
ATTACKS = (
    "</Say><Dial>+19005550100</Dial><Say>",
    "<Response><Dial>+19005550100</Dial></Response>",
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>',
    "]]></Say><Redirect>https://evil.example</Redirect>",
    '" action="https://evil.example',
    "&lt;/Say&gt; &#60;Dial&#62;",
    "<!-- --> <![CDATA[x]]>",
    "{{7*7}} ${7*7} {% x %}",
    "行\r\n一\x00\x07\u2028二\u202e三\ufffe\uffff\ud83d",
    *HOSTILE,
)


def note(**changes):
    return page(**{"channel": "twilio_voice", "address": NUMBER, "reply": ""} | changes)


def ending(twilio: Receiver, **how) -> tuple[str, bool, bool]:
    """(code, permanent, ambiguous) of a call that was not accepted; nothing secret is in the message or its cause."""
    with pytest.raises(DeliveryError) as caught:
        send(note(), reach(twilio, **how))
    for said in (str(caught.value), repr(caught.value.__cause__)):
        assert TOKEN not in said
        assert ACCOUNT not in said
    return caught.value.code, caught.value.permanent, caught.value.ambiguous


def test_a_page_is_a_call_that_says_it_twice_and_takes_a_key():
    with Twilio() as twilio:
        found = send(note(), reach(twilio))
    (call,) = twilio.calls
    words = "黄金一小时，红色呼叫。红，请接手，星禾茶饮：食品安全，6条，还剩 40 分钟。 按 1 接手，按 2 转给下一位。"
    assert found == Receipt("queued", f"accepted by Twilio as {call.sid}")
    assert (call.to, call.said) == (NUMBER, (words, words, SILENCE["zh"]))
    assert call.verbs == ("Response", "Gather", "Say", "Say")
    assert call.twiml == (
        '<Response><Gather numDigits="1" action="https://gh.example/voice/abc" method="POST" timeout="10">'
        f'<Say language="zh-CN" loop="2">{words}</Say></Gather><Say language="zh-CN">{SILENCE["zh"]}</Say></Response>'
    )


def test_the_call_speaks_the_language_of_the_page():
    call = heard("CA1", NUMBER, twiml(note(**ENGLISH)))
    assert call.said[0] == call.said[1]
    assert call.said[0] == (
        "Golden Hour, level red. RED, please take it: Xinghe Tea: food safety, 40 minutes left. "
        "Press 1 to take it, press 2 to pass it on."
    )
    assert call.said[2] == SILENCE["en"]
    assert call.twiml.count('language="en-US"') == 2


@pytest.mark.parametrize(
    ("subject", "level", "says"),
    [
        ("【橙·首响提醒】星禾｜剩5分", Level.ORANGE, "黄金一小时，橙色呼叫。橙，首响提醒，星禾，还剩 5 分钟。"),
        ("【红】星禾｜已超时5分", Level.RED, "黄金一小时，红色呼叫。红，星禾，已超时 5 分钟。"),
        ("【每日自检】没有收到就是坏了", Level.NONE, "黄金一小时，呼叫。每日自检，没有收到就是坏了。"),
        ("[BLUE] test: x | 5 min over", Level.BLUE, "Golden Hour, level blue. BLUE, test: x, 5 minutes over."),
        ("", Level.RED, "Golden Hour, level red."),
        (" [] |,|", Level.NONE, "Golden Hour."),
    ],
)  # fmt: skip
def test_the_line_is_read_as_somebody_would_say_it(subject, level, says):
    assert speech(note(subject=subject, level=level)) == says


def test_a_long_title_gives_way_and_the_minutes_stay():
    said = speech(note(subject="【红·请接手】" + "星禾茶饮" * 100 + "｜6条｜剩40分"))
    assert len(said) <= 180
    assert said.startswith("黄金一小时，红色呼叫。红，请接手，星禾")
    assert said.endswith("，6条，还剩 40 分钟。")


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("wrapped", ["{}", "【红·请接手】{}｜6条｜剩40分"])
def test_a_strangers_words_are_only_ever_said(attack, wrapped):
    with Twilio() as twilio:
        send(note(subject=wrapped.format(attack)), reach(twilio))
    (call,) = twilio.calls
    assert call.verbs == ("Response", "Gather", "Say", "Say")
    assert call.action == "https://gh.example/voice/abc"
    assert all(one.isprintable() for one in call.said)


def test_a_line_that_begins_with_a_tag_is_still_words():
    call = heard("CA1", NUMBER, twiml(note(subject="<Response><Dial>+19005550100</Dial></Response>")))
    assert "<Response><Dial>+19005550100</Dial></Response>" in call.said[0]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=2_000), st.text(max_size=300), st.sampled_from(list(Level)))
@example('"' * 2_000, '"&<' * 100, Level.RED)
@example("<" * 2_000, "x" * 3_950, Level.RED)
def test_no_call_is_too_long_or_does_anything_else(subject, token, level):
    made = twiml(note(subject=subject, link=f"https://gh.example/ack/{token}", level=level))
    call = heard("CA1", NUMBER, made)
    assert len(made) <= 4_000
    assert call.verbs in (("Response", "Gather", "Say", "Say"), ("Response", "Say"))


@pytest.mark.parametrize("link", ["", "https://gh.example/deliveries", "https://gh.example/ack/" + "x" * 4_000])
def test_without_a_link_that_takes_keys_none_are_offered(link):
    call = heard("CA1", NUMBER, twiml(note(link=link)))
    assert (call.verbs, call.action) == (("Response", "Say"), "")
    assert all("按 1" not in one for one in call.said)
    assert len(call.said) == 2


@pytest.mark.parametrize("digit", ["1", "2"])
def test_a_key_comes_to_us_signed(digit):
    came: list[tuple] = []
    with Twilio() as twilio:
        send(note(link="https://gh.example/ack/a.b-c_d"), reach(twilio))
        twilio.press(twilio.calls[0], digit, post=lambda *a, **k: came.append((a, k)))
    ((address,), sent) = came[0]
    assert address == spoken("https://gh.example/ack/a.b-c_d")
    assert (sent["data"]["Digits"], sent["data"]["To"], sent["data"]["From"]) == (digit, NUMBER, SENDER)
    assert is_right(address, sent["data"], TOKEN, sent["headers"]["X-Twilio-Signature"])
    assert not is_right(address, sent["data"] | {"Digits": "9"}, TOKEN, sent["headers"]["X-Twilio-Signature"])


@pytest.mark.parametrize("state", ["queued", "initiated", "ringing"])
def test_what_twilio_took_is_accepted(state):
    with Twilio() as twilio:
        twilio.made = {"status": state}
        assert send(note(), reach(twilio)) == Receipt(state, f"accepted by Twilio as CA{0:032x}")


@pytest.mark.parametrize(
    ("made", "found"),
    [
        ({"status": "failed"}, ("failed", False, False)),
        ({"status": "busy"}, ("busy", False, False)),
        ({"status": "no-answer"}, ("no-answer", False, False)),
        ({"status": "canceled"}, ("canceled", False, False)),
        ({"status": "in-progress"}, ("201_not_accepted", False, True)),
        ({"status": "sent"}, ("201_not_accepted", False, True)),
        ({"sid": None}, ("201_not_accepted", False, True)),
    ],
)
def test_a_201_counts_only_with_a_sid_and_a_good_status(made, found):
    with Twilio() as twilio:
        twilio.made = made
        assert ending(twilio) == found


@pytest.mark.parametrize("code", sorted({*REFUSED, *LATER}))
def test_every_code_of_twilio_is_told(code):
    with Twilio() as twilio:
        twilio.refuse(code)
        assert ending(twilio) == (str(code), code in REFUSED, False)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (no(13223, 400), ("13223", True, False)),
        ((429, b""), ("429", False, False)),
        ((503, HTML), ("503", False, False)),
        ((200, HTML), ("200_not_created", False, False)),
        ((201, HTML), ("201_not_accepted", False, True)),
    ],
)
def test_what_is_no_answer_of_twilio_is_never_a_yes(answer, found):
    with Receiver(answer) as anybody:
        assert ending(anybody) == found


def test_a_wrong_token_is_refused_by_twilio_and_told_to_nobody(caplog):
    with caplog.at_level(logging.DEBUG), Twilio() as twilio:
        assert ending(twilio, key="not " + TOKEN) == ("20003", True, False)
        send(note(), reach(twilio))
    assert caplog.records
    assert TOKEN not in caplog.text


def test_nobody_is_rung_up_more_often_than_people_bear():
    minutes = timedelta(minutes=1)
    rates = (Rate(1, minutes), Rate(3, 15 * minutes), Rate(7, 60 * minutes), Rate(15, 180 * minutes))
    assert replace(CHANNEL, send=send, rates=rates, verified=True, replies=False, settle=None) == CHANNEL
