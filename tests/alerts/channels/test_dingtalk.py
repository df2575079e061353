"""DingTalk: only errcode 0 is a yes, the signature is quoted once, strangers' markdown does nothing, 20,000 bytes."""

import base64
import hashlib
import hmac
import json
import socket
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.channels import Rate, Reach, Receipt
from alerts.channels.chat_text import OPEN
from alerts.channels.dingtalk import CHANNEL, LIMIT, payload, send, signed
from config.errors import DeliveryError
from config.settings import Mail
from store.nouns import Level
from tests.alerts.crew import page
from tests.worlds.gateways import dingtalk as world
from tests.worlds.gateways.dingtalk import HOSTILE, HTML, TOKEN, Dingtalk, linked, texts

SECRET = "SEC+secret/with=marks"
SECRETS = [SECRET, "plain", "+", "/", "=", "a b", "中文钥匙", "%2B%2F"]


def reach(address: str, clock, secret: str = SECRET) -> Reach:
    names = {address: "BOT"} if secret else {}
    return Reach(Mail(), {"BOT": secret, "HOOK": address}.__getitem__, names, clock=clock)


def ending(room: Dingtalk, clock, **changes) -> tuple[str, bool, bool]:
    """(code, permanent, ambiguous) of a page that was not accepted; nothing secret is in the message or its cause."""
    with pytest.raises(DeliveryError) as caught:
        send(page(**{"address": room.hook} | changes), reach(room.hook, clock))
    for said in (str(caught.value), repr(caught.value.__cause__)):
        assert TOKEN not in said
        assert room.hook not in said
        assert SECRET not in said
    return caught.value.code, caught.value.permanent, caught.value.ambiguous


def test_a_page_is_one_card_with_one_button(clock):
    with Dingtalk(clock, secret=SECRET) as room:
        found = send(page(address=room.hook), reach(room.hook, clock))
    assert found == Receipt("0", "accepted by DingTalk")
    head = "【红·请接手】星禾茶饮：食品安全｜6条｜剩40分"
    assert room.shown == [
        {
            "msgtype": "actionCard",
            "actionCard": {
                "title": head,
                "text": f"### {head}\n\n事件 #7 星禾茶饮\n\n为什么：‹b›31 条‹/b› & 更多",
                "btnOrientation": "0",
                "singleTitle": OPEN,
                "singleURL": "https://gh.example/ack/abc",
            },
        }
    ]


@pytest.mark.parametrize("secret", SECRETS)
def test_the_signature_is_the_one_dingtalk_makes(clock, secret):
    # Many moments, so that the signatures hold each of + / = somewhere.
    for millis in range(1773295200000, 1773295200040):
        url = signed("https://oapi.dingtalk.example/robot/send?access_token=t", secret, millis)
        made = hmac.new(secret.encode(), f"{millis}\n{secret}".encode(), hashlib.sha256).digest()
        assert parse_qs(urlsplit(url).query) == {
            "access_token": ["t"],
            "timestamp": [str(millis)],
            "sign": [base64.b64encode(made).decode()],
        }
        assert "%25" not in url
    with Dingtalk(clock, secret=secret) as room:
        for _ in range(10):
            clock.forward(clock() + timedelta(milliseconds=7))
            send(page(address=room.hook), reach(room.hook, clock, secret))
    assert len(room.shown) == 10


def test_a_known_signature():
    # Worked out once with openssl: printf '1577262236757\ndemo' | openssl dgst -sha256 -hmac demo -binary | base64
    sign = "1dwwHgBbHHAn7yQPz4L%2BjDGZ06elw33tJWmujapwmkc%3D"
    assert signed("https://x.example/robot/send", "demo", 1577262236757).endswith(
        f"?timestamp=1577262236757&sign={sign}"
    )


def test_without_a_key_the_hook_is_used_as_it_is(clock):
    with Dingtalk(clock) as room:
        send(page(address=room.hook), reach(room.hook, clock, ""))
        send(page(address="secret:HOOK"), reach(room.hook, clock, ""))
    assert [one.path for one in room.came] == [f"/robot/send?access_token={TOKEN}"] * 2


@pytest.mark.parametrize(
    ("code", "words", "permanent"),
    [
        (310000, world.SIGN, True),
        (310000, "sign not match, more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]", True),
        (310000, world.KEYWORD, True),
        (
            310000,
            "错误描述:关键词不匹配;解决方案:请联系群管理员查看此机器人的关键词，并在发送的信息中包含此关键词;",
            True,
        ),
        (310000, "keywords not in content, more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]", True),
        (310000, world.ADDRESS, True),
        (310000, "ip 203.0.113.9 not in whitelist", True),
        (310000, "", True),
        (310000, world.LATE, False),
        (310000, "invalid timestamp, more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]", False),
        (40035, "缺少参数 json", True),
        (43004, "无效的HTTP HEADER Content-Type", True),
        (300001, "token is not exist", True),
        (300005, "token is not exist", True),
        (400013, "群已被解散", True),
        (400101, "access_token不存在", True),
        (400102, "机器人已停用", True),
        (400105, "不支持的消息类型", True),
        (400106, "机器人不存在", True),
        (430101, "含有不安全的外链", True),
        (430102, "含有不合适的文本", True),
        (430103, "含有不合适的图片", True),
        (430104, "含有不合适的内容", True),
        (460101, world.LONG, True),
        (130101, world.FAST, False),
        (410100, "发送速度太快而限流", False),
        (660026, "send too fast", False),
        (-1, "系统繁忙", False),
        (88, "ding talk error", False),
        (123456, f"unknown, token {TOKEN} key {SECRET}", False),
    ],
)
def test_every_code_of_dingtalk_is_a_refusal(clock, code, words, permanent):
    with Dingtalk(clock, secret=SECRET) as room:
        room.refuse(code, words)
        assert ending(room, clock) == (str(code), permanent, False)
        room.refuse(code, words, 500)
        assert ending(room, clock) == (str(code), False, False)
    assert room.shown == []


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ((200, HTML), ("200_no_code", False, False)),
        ((200, b""), ("200_no_code", False, False)),
        ((200, b"{}"), ("200_no_code", False, False)),
        ((200, b'{"errcode":"0","errmsg":"ok"}'), ("200_no_code", False, False)),
        ((200, b'{"errcode":false,"errmsg":"ok"}'), ("200_no_code", False, False)),
        ((200, b'{"errmsg":"ok"}'), ("200_no_code", False, False)),
        ((200, b'{"code":0}'), ("200_no_code", False, False)),
        ((302, b""), ("302", True, False)),
        ((403, HTML), ("403", True, False)),
        ((429, b""), ("429", False, False)),
        ((500, b'{"errcode":0,"errmsg":"ok"}'), ("500", False, False)),
        ((502, HTML), ("502", False, False)),
    ],
)
def test_http_alone_is_never_a_yes(clock, answer, found):
    with Dingtalk(clock) as room:
        room.instead = answer
        assert ending(room, clock) == found


def test_the_robot_checks_token_key_clock_keyword_and_address(clock):
    with Dingtalk(clock, secret="another") as room:
        assert ending(room, clock) == ("310000", True, False)
    with Dingtalk(lambda: clock() + timedelta(hours=1, seconds=1), secret=SECRET) as room:
        assert ending(room, clock) == ("310000", False, False)
    with Dingtalk(lambda: clock() + timedelta(minutes=59), secret=SECRET) as room:
        send(page(address=room.hook), reach(room.hook, clock))
    with Dingtalk(clock, keyword="值班") as room:
        assert ending(room, clock) == ("310000", True, False)
    with Dingtalk(clock, closed=True) as room:
        assert ending(room, clock) == ("310000", True, False)
    with Dingtalk(clock) as room:
        room.hook += "0"
        assert ending(room, clock, address=room.hook)[:2] == ("300001", True)


def test_more_than_twenty_a_minute_mean_ten_minutes_of_silence(clock):
    assert CHANNEL.rates == (Rate(20, timedelta(minutes=1)),)
    with Dingtalk(clock) as room:
        for _ in range(20):
            send(page(address=room.hook), reach(room.hook, clock))
        assert ending(room, clock) == ("130101", False, False)
        clock.forward(clock() + timedelta(minutes=9))
        assert ending(room, clock) == ("130101", False, False)
        clock.forward(clock() + timedelta(minutes=1))
        send(page(address=room.hook), reach(room.hook, clock))


def test_a_robot_that_is_not_there_never_got_it_and_one_that_hangs_up_may_have(clock):
    room = Dingtalk(clock)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        room.hook = f"http://127.0.0.1:{probe.getsockname()[1]}/robot/send?access_token={TOKEN}"
    assert ending(room, clock) == ("connect", False, False)
    with room:
        room.hook = room.url
        room.take = lambda _: (_ for _ in ()).throw(ConnectionAbortedError())  # type: ignore[method-assign]
        assert ending(room, clock) == ("RemoteProtocolError", False, True)


@pytest.mark.parametrize("post", HOSTILE)
def test_a_hostile_post_is_only_words(clock, post):
    told = page(subject=f"【红·请接手】{post}｜6条｜剩40分", body=f"最早的帖子：\n- 14:00 weibo「{post}」\n{post}")
    with Dingtalk(clock, secret=SECRET) as room:
        send(replace(told, address=room.hook), reach(room.hook, clock))
    (message,) = room.shown
    assert message["actionCard"]["singleURL"] == told.link
    assert "at" not in message
    for text in texts(message):
        assert linked(text) == []
        assert not set("@＠<>[]`*_~|\\\r\x00\x1b\u202e\u200b\ufeff\u2028") & set(text)
        assert "{{" not in text
    lines = texts(message)[1].split("\n")
    assert [line for line in lines if line.startswith("#")] == lines[:1]
    assert not [line for line in lines if line.startswith((" ", "\t"))]


def test_three_thousand_characters_are_taken_whole(clock):
    with Dingtalk(clock, secret=SECRET) as room:
        send(page(address=room.hook, body="星" * 3000), reach(room.hook, clock))
    assert texts(room.shown[0])[1].endswith("\n\n" + "星" * 3000)


@pytest.mark.parametrize("much", ["星" * 9_000, '"' * 30_000, "星\n" * 9_000, "*" * 12_000, "👩" * 7_000])
def test_what_is_too_long_is_cut_late_and_title_and_button_stay(clock, much):
    whole = page(body=much, subject="【红·请接手】" + "长" * 3000 + "｜6条｜剩40分")
    with Dingtalk(clock, secret=SECRET) as room:
        send(replace(whole, address=room.hook), reach(room.hook, clock))
    (message,) = room.shown
    title, text = texts(message)
    assert title.startswith("【红·请接手】")
    assert title.endswith("｜6条｜剩40分")
    assert text.startswith(f"### {title}\n\n")
    assert text.endswith("…")
    assert message["actionCard"]["singleURL"] == whole.link
    assert LIMIT - 12 < len(room.came[0].body) <= LIMIT


wild = st.lists(st.one_of(st.characters(), st.sampled_from([*HOSTILE, "\n", "星" * 500, '"' * 900])), max_size=40)


@settings(max_examples=60, deadline=None)
@given(wild.map("".join), wild.map("".join), st.sampled_from(Level))
def test_any_text_fits_and_leaves_level_and_link(subject, body, level):
    whole = page(subject=f"【红】{subject}", body=body, level=level)
    raw = payload(whole)
    assert len(raw) <= LIMIT
    message = json.loads(raw.decode("utf-8", "strict"))
    assert message["actionCard"]["singleURL"] == whole.link
    assert all(text.removeprefix("### ").startswith("【红】") and linked(text) == [] for text in texts(message))


def test_a_notice_without_a_link_has_no_button(clock):
    with Dingtalk(clock) as room:
        send(page(address=room.hook, link="", body="来源失联"), reach(room.hook, clock))
        send(page(address=room.hook, link="", body="", subject="\u200b", level=Level.NONE), reach(room.hook, clock))
    head = "【红·请接手】星禾茶饮：食品安全｜6条｜剩40分"
    assert room.shown == [
        {"msgtype": "markdown", "markdown": {"title": head, "text": f"### {head}\n\n来源失联"}},
        {"msgtype": "markdown", "markdown": {"title": "Golden Hour", "text": "### Golden Hour"}},
    ]


def test_a_link_cannot_end_early():
    odd = 'https://gh.example/ack/a)b]"c d>e%20f'
    made = json.loads(payload(page(link=odd)))["actionCard"]["singleURL"]
    assert made == "https://gh.example/ack/a%29b%5D%22c%20d%3Ee%20f"
