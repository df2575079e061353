"""ntfy: a message with an id is a yes, titles are Chinese, and nothing grows so long that it becomes a file."""

import json
import logging
import socket
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.channels import Rate, Reach, Receipt
from alerts.channels.chat_text import OPEN
from alerts.channels.ntfy import CHANNEL, MESSAGE, REQUEST, parts, payload, send
from config.errors import DeliveryError
from config.settings import Mail
from store.nouns import Level
from tests.alerts.crew import page
from tests.alerts.receiver import Answer, Came
from tests.worlds.gateways.dingtalk import HOSTILE
from tests.worlds.gateways.ntfy import HTML, TOKEN, TOPIC, Ntfy


def publish(room: Ntfy, address: str = "", token: str = "", **changes) -> Receipt:
    where = address or room.topic
    names = {where: "TOKEN"} if token else {}
    reach = Reach(Mail(), {"TOKEN": token, "TOPIC": room.topic}.__getitem__, names)
    return send(page(channel="ntfy", address=where, **changes), reach)


def ending(room: Ntfy, address: str = "", token: str = "", **changes) -> tuple[str, bool, bool]:
    """(code, permanent, ambiguous) of a page that was not accepted; token and topic are in no message or cause."""
    with pytest.raises(DeliveryError) as caught:
        publish(room, address, token, **changes)
    said = f"{caught.value} {caught.value!r} {caught.value.__cause__!r}"
    assert TOKEN not in said
    assert TOPIC not in said
    return caught.value.code, caught.value.permanent, caught.value.ambiguous


def hang_up(came: Came) -> Answer:
    raise ConnectionAbortedError


def test_a_page_is_published_as_json_at_the_root(clock):
    with Ntfy(clock) as room:
        found = publish(room)
    assert found == Receipt("200", "message hwQ2YpKdm1 of ntfy")
    assert room.came[0].path == "/"
    assert "authorization" not in room.came[0].headers
    assert json.loads(room.came[0].body) == {
        "topic": TOPIC,
        "title": "【红·请接手】星禾茶饮：食品安全｜6条｜剩40分",
        "message": "事件 #7 星禾茶饮\n为什么：‹b›31 条‹/b› & 更多",
        "priority": 5,
        "click": "https://gh.example/ack/abc",
        "actions": [{"action": "view", "label": OPEN, "url": "https://gh.example/ack/abc"}],
    }


@pytest.mark.parametrize(
    ("level", "priority"),
    [(Level.RED, 5), (Level.ORANGE, 4), (Level.YELLOW, 3), (Level.BLUE, 2), (Level.NONE, 3)],
)
def test_the_level_is_the_priority(level, priority):
    assert json.loads(payload(page(level=level), TOPIC))["priority"] == priority


def test_the_topic_may_stand_in_the_environment(clock):
    with Ntfy(clock) as room:
        publish(room, "secret:TOPIC")
    assert room.shown[0]["topic"] == TOPIC


def test_a_token_opens_a_private_topic(clock):
    with Ntfy(clock, private=True) as room:
        assert ending(room) == ("40301", True, False)
        assert ending(room, token="tk_another") == ("40101", True, False)
        publish(room, token=TOKEN)
        assert room.came[-1].headers["authorization"] == f"Bearer {TOKEN}"
    assert len(room.shown) == 1


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://ntfy.example/alarm", ("https://ntfy.example/", "alarm")),
        ("https://ntfy.example:8443/alarm/", ("https://ntfy.example:8443/", "alarm")),
        ("https://house.example/ntfy/alarm", ("https://house.example/ntfy/", "alarm")),
        ("https://ntfy.example/alarm?auth=QmVhcmVy#x", ("https://ntfy.example/?auth=QmVhcmVy", "alarm")),
    ],
)
def test_root_and_topic_of_an_address(address, found):
    assert parts(address) == found


@pytest.mark.parametrize(
    "address", ["https://ntfy.example", "https://ntfy.example/", "https://x/主题", "http://[::1/t"]
)
def test_no_try_can_help_an_address_without_a_topic(clock, address):
    with Ntfy(clock) as room:
        assert ending(room, address) == ("address", True, False)
        assert room.came == []


@pytest.mark.parametrize(
    ("code", "permanent"),
    [
        (40009, True),
        (40014, True),
        (40024, True),
        (40101, True),
        (40301, True),
        (40401, True),
        (41301, True),
        (41303, True),
        (42901, False),
        (42905, False),
        (42908, False),
        (50001, False),
        (50701, False),
    ],
)
def test_every_code_of_ntfy_is_a_refusal(clock, code, permanent):
    with Ntfy(clock) as room:
        room.refuse(code)
        assert ending(room) == (str(code), permanent, False)
    assert room.shown == []


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ((200, HTML), ("200_no_id", False, False)),
        ((200, b""), ("200_no_id", False, False)),
        ((200, b"{}"), ("200_no_id", False, False)),
        ((200, b'{"id":"x"}'), ("200_no_id", False, False)),
        ((200, b'{"event":"message"}'), ("200_no_id", False, False)),
        ((200, b'{"id":"","event":"message"}'), ("200_no_id", False, False)),
        ((200, b'{"id":7,"event":"message"}'), ("200_no_id", False, False)),
        ((200, b'{"id":"x","event":"open"}'), ("200_no_id", False, False)),
        ((200, b'[{"id":"x","event":"message"}]'), ("200_no_id", False, False)),
        ((201, b'{"id":"x","event":"message"}'), ("201_no_id", False, False)),
        ((302, b""), ("302", True, False)),
        ((401, HTML), ("401", True, False)),
        ((403, b""), ("403", True, False)),
        ((404, b""), ("404", True, False)),
        ((408, b""), ("408", False, False)),
        ((413, b""), ("413", True, False)),
        ((429, b""), ("429", False, False)),
        ((502, HTML), ("502", False, False)),
        ((507, b""), ("507", False, False)),
    ],
)
def test_http_alone_is_never_a_yes(clock, answer, found):
    with Ntfy(clock) as room:
        room.instead = answer
        assert ending(room) == found


def test_the_wait_it_asks_for_stands_in_the_words(clock):
    with Ntfy(clock) as room:
        room.refuse(42901, wait="30")
        with pytest.raises(DeliveryError, match=r"^ntfy is busy \(42901\), it asks to wait 30 s$") as caught:
            publish(room)
        assert caught.value.wait_s == 30


def test_a_server_away_never_got_it_and_one_that_hangs_up_may_have(clock):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with Ntfy(clock) as room:
        assert ending(room, f"http://127.0.0.1:{port}/{TOPIC}") == ("connect", False, False)
        room.take = hang_up  # type: ignore[method-assign]
        assert ending(room) == ("RemoteProtocolError", False, True)


def test_the_rate_never_empties_the_bucket(clock):
    assert CHANNEL.rates == (Rate(60, timedelta(minutes=5), shared=True),)
    with Ntfy(clock) as room:
        room.left = 1.0
        publish(room)
        assert ending(room) == ("42901", False, False)
        clock.forward(clock() + timedelta(seconds=5))
        publish(room)
        # Sixty in five minutes: the bucket is full again whenever the next sixty come.
        clock.forward(clock() + timedelta(minutes=5))
        publish(room)
        assert room.left == 59


@pytest.mark.parametrize("post", [*HOSTILE, "<!channel> <@U123> @everyone @channel", "=?UTF-8?B?5p2l?="])
def test_a_hostile_post_is_only_words(clock, post):
    with Ntfy(clock) as room:
        publish(room, subject=f"【红·请接手】{post}｜6条｜剩40分", body=f"最早的帖子：\n- 14:00 weibo「{post}」")
    (shown,) = room.shown
    assert set(json.loads(room.came[0].body)) == {"topic", "title", "message", "priority", "click", "actions"}
    assert len(shown["title"].splitlines()) == 1
    for text in (shown["title"], shown["message"]):
        assert not set("@＠<>\r\x00\x1b\u202e\u200b\ufeff\u2028") & set(text)
        assert "{{" not in text
        assert "://" not in text
    assert shown["click"] == page().link
    assert [one["url"] for one in shown["actions"]] == [page().link]


@pytest.mark.parametrize(
    "much", ["星" * 3000, "星" * 1365, "a" * 4096, '"' * 9000, "\n星" * 3000, "👩" * 1100, "\\" * 4095]
)
@pytest.mark.parametrize("attachments", [True, False])
def test_what_is_too_long_is_cut_late_and_never_becomes_a_file(clock, much, attachments):
    with Ntfy(clock, attachments=attachments) as room:
        publish(room, body=much, subject="【红·请接手】" + "长" * 3000 + "｜6条｜剩40分")
    (shown,) = room.shown
    assert "attachment" not in shown
    assert shown["title"].startswith("【红·请接手】")
    assert shown["title"].endswith("｜6条｜剩40分")
    assert shown["click"] == page().link
    if shown["message"].endswith("…"):
        # Not one more character would have fitted.
        told = len(json.loads(room.came[0].body)["message"].encode())
        assert told > MESSAGE - 8 or len(room.came[0].body) > REQUEST - 8


def test_this_server_makes_files_of_what_is_too_long(clock):
    with Ntfy(clock, attachments=True) as room:
        room._show({"topic": TOPIC, "message": "a" * 4096})
        room._show({"topic": TOPIC, "message": "a" * 4095})
    assert ["attachment" in one for one in room.shown] == [True, False]


wild = st.lists(st.one_of(st.characters(), st.sampled_from([*HOSTILE, "\n", "星" * 300, '"' * 900])), max_size=40)


@settings(max_examples=60, deadline=None)
@given(wild.map("".join), wild.map("".join), st.sampled_from(Level))
def test_any_text_fits_and_leaves_the_link(subject, body, level):
    whole = page(subject=subject, body=body, level=level)
    raw = payload(whole, TOPIC)
    said = json.loads(raw.decode("utf-8", "strict"))
    assert len(raw) <= REQUEST
    assert 0 < len(said["message"].encode()) <= MESSAGE
    assert 0 < len(said["title"].encode()) <= 250
    assert said["click"] == whole.link


def test_a_notice_without_a_link_has_no_action(clock):
    with Ntfy(clock) as room:
        publish(room, link="", body="")
    assert set(json.loads(room.came[0].body)) == {"topic", "title", "message", "priority"}
    assert room.shown[0]["message"] == room.shown[0]["title"]


def test_token_and_topic_are_in_no_log(clock, caplog):
    caplog.set_level(logging.DEBUG)
    with Ntfy(clock) as room:
        publish(room, token=TOKEN)
        room.refuse(40101)
        ending(room, token=TOKEN)
    assert caplog.records
    assert TOKEN not in caplog.text
    assert TOPIC not in caplog.text
