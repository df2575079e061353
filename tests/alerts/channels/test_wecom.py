"""The WeCom group bot: only errcode 0 is a yes, 4,096 bytes of markdown, strangers' marks do nothing in it."""

import socket
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.channels import Rate, Reach, Receipt
from alerts.channels.chat_text import OPEN
from alerts.channels.wecom import CHANNEL, LIMIT, content, send
from config.errors import DeliveryError
from config.settings import Mail
from store.nouns import Level
from tests.alerts.crew import page
from tests.worlds.gateways.dingtalk import HOSTILE, linked
from tests.worlds.gateways.wecom import HTML, KEY, Wecom, no


def reach(room: Wecom, clock) -> Reach:
    return Reach(Mail(), {"HOOK": room.hook}.__getitem__, clock=clock)


def ending(room: Wecom, clock) -> tuple[str, bool, bool]:
    """(code, permanent, ambiguous) of a page that was not accepted; nothing secret is in the message or its cause."""
    with pytest.raises(DeliveryError) as caught:
        send(page(address=room.hook), reach(room, clock))
    for said in (str(caught.value), repr(caught.value.__cause__)):
        assert KEY not in said
        assert room.hook not in said
    return caught.value.code, caught.value.permanent, caught.value.ambiguous


def test_a_page_is_one_text_with_one_link(clock):
    with Wecom(clock) as room:
        found = send(page(address=room.hook), reach(room, clock))
        send(page(address="secret:HOOK"), reach(room, clock))
    assert found == Receipt("0", "accepted by WeCom")
    assert (
        room.shown
        == [
            "**【红·请接手】星禾茶饮：食品安全｜6条｜剩40分**\n"
            f"[{OPEN}](https://gh.example/ack/abc)\n"
            "事件 #7 星禾茶饮\n为什么：‹b›31 条‹/b› & 更多"
        ]
        * 2
    )


@pytest.mark.parametrize(
    ("code", "permanent"),
    [
        *((code, True) for code in (40008, 40035, 40058, 40063, 44004, 45002, 85002, 93000, 93004, 93008)),
        *((code, False) for code in (-1, 45009, 45033, 123456)),
    ],
)
def test_every_code_of_wecom_is_a_refusal(clock, code, permanent):
    with Wecom(clock) as room:
        room.refuse(code)
        assert ending(room, clock) == (str(code), permanent, False)
        room.refuse(code, 503)
        assert ending(room, clock) == (str(code), False, False)
        room.instead = no(code, f"invalid webhook k {KEY}")
        assert ending(room, clock) == (str(code), permanent, False)
    assert room.shown == []


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ((200, HTML), ("200_no_code", False, False)),
        ((200, b""), ("200_no_code", False, False)),
        ((200, b"{}"), ("200_no_code", False, False)),
        ((200, b'{"errcode":"0","errmsg":"ok"}'), ("200_no_code", False, False)),
        ((200, b'{"errcode":false}'), ("200_no_code", False, False)),
        ((200, b'{"errmsg":"ok"}'), ("200_no_code", False, False)),
        ((302, b""), ("302", True, False)),
        ((403, HTML), ("403", True, False)),
        ((429, b""), ("429", False, False)),
        ((500, b'{"errcode":0,"errmsg":"ok"}'), ("500", False, False)),
        ((502, HTML), ("502", False, False)),
    ],
)
def test_http_alone_is_never_a_yes(clock, answer, found):
    with Wecom(clock) as room:
        room.instead = answer
        assert ending(room, clock) == found


def test_the_bot_checks_key_and_rate(clock):
    assert CHANNEL.rates == (Rate(20, timedelta(minutes=1)),)
    with Wecom(clock) as room:
        for _ in range(20):
            send(page(address=room.hook), reach(room, clock))
        assert ending(room, clock) == ("45009", False, False)
        clock.forward(clock() + timedelta(minutes=1))
        send(page(address=room.hook), reach(room, clock))
        room.hook += "0"
        assert ending(room, clock) == ("93000", True, False)


def test_a_bot_that_is_not_there_never_got_it_and_one_that_hangs_up_may_have(clock):
    room = Wecom(clock)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        room.hook = f"http://127.0.0.1:{probe.getsockname()[1]}/cgi-bin/webhook/send?key={KEY}"
    assert ending(room, clock) == ("connect", False, False)
    with room:
        room.hook = room.url
        room.take = lambda _: (_ for _ in ()).throw(ConnectionAbortedError())  # type: ignore[method-assign]
        assert ending(room, clock) == ("RemoteProtocolError", False, True)


@pytest.mark.parametrize("post", HOSTILE)
def test_a_hostile_post_is_only_words(clock, post):
    told = page(subject=f"【红·请接手】{post}｜6条｜剩40分", body=f"最早的帖子：\n- 14:00 weibo「{post}」\n{post}")
    with Wecom(clock) as room:
        send(replace(told, address=room.hook), reach(room, clock))
    (text,) = room.shown
    assert linked(text) == [told.link]
    head, _, rest = text.split("\n", 2)
    assert head.startswith("**【红·请接手】")
    assert head.endswith("｜剩40分**")
    for words in (head[2:-2], rest):
        assert not set("@＠<>[]`*_~|\\\r\x00\x1b\u202e\u200b\ufeff\u2028") & set(words)
        assert "{{" not in words
        assert not [line for line in words.split("\n") if line.startswith(("#", " ", "\t"))]


@pytest.mark.parametrize("much", ["星" * 3_000, "*" * 3_000, "星\n" * 3_000, "👩" * 3_000, "a" * 5_000])
def test_what_is_too_long_is_cut_late_and_title_and_link_stay(clock, much):
    whole = page(body=much, subject="【红·请接手】" + "长" * 3000 + "｜6条｜剩40分")
    with Wecom(clock) as room:
        send(replace(whole, address=room.hook), reach(room, clock))
    (text,) = room.shown
    head, link, rest = text.split("\n", 2)
    assert head.startswith("**【红·请接手】")
    assert head.endswith("｜6条｜剩40分**")
    assert link == f"[{OPEN}]({whole.link})"
    assert rest.endswith("…")
    assert LIMIT - 4 < len(text.encode()) <= LIMIT


wild = st.lists(st.one_of(st.characters(), st.sampled_from([*HOSTILE, "\n", "星" * 500])), max_size=40).map("".join)


@settings(max_examples=60, deadline=None)
@given(wild, wild, st.sampled_from(Level))
def test_any_text_fits_and_leaves_level_and_link(subject, body, level):
    whole = page(subject=f"【红】{subject}", body=body, level=level)
    text = content(whole)
    assert len(text.encode("utf-8", "strict")) <= LIMIT
    assert text.startswith("**【红】")
    assert linked(text) == [whole.link]


def test_a_notice_without_a_link_has_none(clock):
    with Wecom(clock) as room:
        send(page(address=room.hook, link="", body="来源失联"), reach(room, clock))
    assert room.shown == ["**【红·请接手】星禾茶饮：食品安全｜6条｜剩40分**\n来源失联"]
