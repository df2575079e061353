"""Telegram: only `"ok": true` is a yes, lengths count UTF-16 units, and the token of the URL is told to nobody."""

import json
import logging
import socket
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.channels import Rate, Reach, Receipt
from alerts.channels.chat_text import OPEN
from alerts.channels.telegram import CHANNEL, LIMIT, linkable, message, send, units
from config.errors import DeliveryError
from config.gateways import Gateways
from config.settings import Mail
from store.nouns import Level
from tests.alerts.crew import page
from tests.alerts.receiver import Answer, Came
from tests.worlds.gateways.dingtalk import HOSTILE
from tests.worlds.gateways.telegram import CHAT, GROUP, HTML, TOKEN, Telegram, acting, buttons

LOCAL = "http://localhost:8000/ack/abc"
MARKS = ("@li_ming @channel", "/start /ban@otherbot x /stop", "[点我](https://evil.example)", "*粗* _斜_ `码` <b>x</b>")


def reach(bots: Telegram, token: str = TOKEN) -> Reach:
    names = {CHAT: "BOT", GROUP: "BOT", "999": "BOT"} if token else {}
    return Reach(Mail(), {"BOT": token}.__getitem__, names, Gateways(telegram_url=bots.base))


def tell(bots: Telegram, chat: str = CHAT, token: str = TOKEN, **changes) -> Receipt:
    return send(page(channel="telegram", address=chat, **changes), reach(bots, token))


def ending(bots: Telegram, chat: str = CHAT, token: str = TOKEN, **changes) -> tuple[str, bool, bool]:
    """(code, permanent, ambiguous) of a page that was not accepted; no token is in a message or its cause."""
    with pytest.raises(DeliveryError) as caught:
        tell(bots, chat, token, **changes)
    said = f"{caught.value} {caught.value!r} {caught.value.__cause__!r} {caught.value.__cause__}"
    assert TOKEN not in said
    assert TOKEN.split(":")[1] not in said
    assert page().link not in said
    return caught.value.code, caught.value.permanent, caught.value.ambiguous


def hang_up(came: Came) -> Answer:
    raise ConnectionAbortedError


def test_a_page_is_plain_text_with_one_button(clock):
    with Telegram(clock) as bots:
        found = tell(bots)
    assert found == Receipt("ok", "message 1 of Telegram")
    assert bots.came[0].path == f"/bot{TOKEN}/sendMessage"
    assert bots.shown == [
        {
            "chat_id": CHAT,
            "text": "【红·请接手】星禾茶饮：食品安全｜6条｜剩40分\n\n事件 #7 星禾茶饮\n为什么：‹b›31 条‹／b› & 更多",
            "link_preview_options": {"is_disabled": True},
            "reply_markup": {"inline_keyboard": [[{"text": OPEN, "url": "https://gh.example/ack/abc"}]]},
        }
    ]


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("https://gh.example/ack/abc", True),
        ("http://gh.example:8443/ack/abc", True),
        (LOCAL, False),
        ("http://goldenhour/ack/abc", False),
        ("http://goldenhour./ack/abc", False),
        ("http://127.0.0.1:8000/ack/abc", False),
        ("http://10.0.0.5/ack/abc", False),
        ("http://[::1]:8000/ack/abc", False),
        ("http://[::1/ack", False),
        ("ftp://gh.example/x", False),
        ("", False),
    ],
)
def test_a_button_leads_to_a_public_host(link, found):
    assert linkable(link) is found


def test_a_link_no_button_may_have_stands_in_the_text(clock):
    with Telegram(clock) as bots:
        tell(bots, link=LOCAL, body="事件 #7\n打开并接手：\n" + LOCAL)
    (shown,) = bots.shown
    assert buttons(shown) == []
    assert shown["text"] == f"【红·请接手】星禾茶饮：食品安全｜6条｜剩40分\n\n事件 #7\n\n{LOCAL}"


def test_a_button_telegram_refuses_all_the_same_costs_nothing_but_the_button(clock):
    with Telegram(clock) as bots:
        bots.barred = {"gh.example"}
        assert tell(bots) == Receipt("ok", "message 1 of Telegram")
    assert len(bots.came) == 2
    (shown,) = bots.shown
    assert buttons(shown) == []
    assert shown["text"].endswith(f"\n\n{page().link}")


@pytest.mark.parametrize(
    ("code", "words", "permanent"),
    [
        (400, "Bad Request: chat not found", True),
        (400, "Bad Request: message is too long", True),
        (400, "Bad Request: not enough rights to send text messages to the chat", True),
        (401, "Unauthorized", True),
        (403, "Forbidden: bot was blocked by the user", True),
        (403, "Forbidden: bot was kicked from the supergroup chat", True),
        (403, "Forbidden: user is deactivated", True),
        (404, "Not Found", True),
        (429, "Too Many Requests: retry after 14", False),
        (500, "Internal Server Error", False),
        (502, "Bad Gateway", False),
    ],
)
def test_every_code_of_telegram_is_a_refusal(clock, code, words, permanent):
    with Telegram(clock) as bots:
        bots.refuse(code, words)
        assert ending(bots) == (str(code), permanent, False)
        bots.refuse(code, words, status=200)
        assert ending(bots) == (str(code), permanent, False)
    assert bots.shown == []


@pytest.mark.parametrize(
    ("code", "words", "numbers", "told"),
    [
        (429, "Too Many Requests: retry after 14", {"retry_after": 14}, "is busy (429), it asks to wait 14 s"),
        (403, "Forbidden: bot was blocked by the user", {}, "refused: the person has blocked the bot (403)"),
        (401, "Unauthorized", {}, "refused: the token is wrong or was revoked (401)"),
        (
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": -1009},
            "refused: the group has become a supergroup; its chat id is now -1009 (400)",
        ),
        (400, "Bad Request: something new", {}, "refused: for a reason not known here (400)"),
    ],
)
def test_the_words_say_what_to_do(clock, code, words, numbers, told):
    with Telegram(clock) as bots:
        bots.refuse(code, words, **numbers)
        with pytest.raises(DeliveryError) as caught:
            tell(bots)
    assert str(caught.value) == f"Telegram {told}"
    assert caught.value.wait_s == numbers.get("retry_after", 0)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ((200, HTML), ("200_no_ok", False, False)),
        ((200, b""), ("200_no_ok", False, False)),
        ((200, b'{"ok":"true"}'), ("200_no_ok", False, False)),
        ((200, b'{"ok":1}'), ("200_no_ok", False, False)),
        ((200, b'{"ok":false}'), ("200_no_ok", False, False)),
        ((200, b'{"result":{"message_id":1}}'), ("200_no_ok", False, False)),
        ((201, b'{"ok":true}'), ("201_no_ok", False, False)),
        ((500, b'{"ok":true}'), ("500", False, False)),
        ((408, b""), ("408", False, False)),
        ((302, b""), ("302", True, False)),
        ((404, HTML), ("404", True, False)),
        ((502, HTML), ("502", False, False)),
        ((400, b'{"ok":false,"error_code":"x"}'), ("400", True, False)),
    ],
)
def test_http_alone_is_never_a_yes(clock, answer, found):
    with Telegram(clock) as bots:
        bots.instead = answer
        assert ending(bots) == found


def test_token_and_chat_are_checked(clock):
    with Telegram(clock) as bots:
        assert ending(bots, token="123456789:another") == ("401", True, False)
        assert ending(bots, token="no/../token?") == ("404", True, False)
        assert ending(bots, "999") == ("400", True, False)
        bots.chats[CHAT] = "Forbidden: bot was blocked by the user"
        assert ending(bots) == ("403", True, False)


def test_a_chat_without_a_token_is_not_tried(clock):
    with Telegram(clock) as bots:
        assert ending(bots, token="") == ("no_token", True, False)
        assert bots.came == []


def test_telegram_away_never_got_it_and_one_that_hangs_up_may_have(clock):
    bots = Telegram(clock)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    there, bots.base = bots.base, f"http://127.0.0.1:{port}"
    assert ending(bots) == ("connect", False, False)
    with bots:
        bots.base = there
        bots.take = hang_up  # type: ignore[method-assign]
        assert ending(bots) == ("RemoteProtocolError", False, True)


def test_the_rates_are_those_of_chats_and_groups(clock):
    second, minute = timedelta(seconds=1), timedelta(minutes=1)
    assert CHANNEL.rates == (Rate(1, second), Rate(20, minute), Rate(30, second, shared=True))
    with Telegram(clock) as bots:
        tell(bots)
        assert ending(bots) == ("429", False, False)
        clock.forward(clock() + second)
        tell(bots)
        bots.turns = [(GROUP, clock() - timedelta(seconds=2 * at)) for at in range(1, 21)]
        assert ending(bots, GROUP) == ("429", False, False)
        clock.forward(clock() + minute)
        tell(bots, GROUP)


@pytest.mark.parametrize("post", [*HOSTILE, *MARKS])
def test_a_hostile_post_is_only_words(clock, post):
    with Telegram(clock) as bots:
        tell(bots, subject=f"【红·请接手】{post}｜6条｜剩40分", body=f"最早的帖子：\n- 14:00 weibo「{post}」")
    (shown,) = bots.shown
    assert "parse_mode" not in shown
    assert "entities" not in shown
    assert acting(shown["text"]) == []
    assert not set("@＠<>\r\x00\x1b\u202e\u200b\ufeff\u2028") & set(shown["text"])
    assert "{{" not in shown["text"]
    assert buttons(shown) == [page().link]


def test_this_telegram_would_act():
    """What the posts above try does act where it is not made harmless."""
    found = acting("@li_ming /stop [x](https://evil.example) evil.example")
    assert found == ["@li_ming", "/stop", "https://evil.example)", "evil.example"]


def test_three_thousand_characters_are_taken_whole(clock):
    with Telegram(clock) as bots:
        tell(bots, body="星" * 3000)
    assert "星" * 3000 in bots.shown[0]["text"]


@pytest.mark.parametrize("link", ["https://gh.example/ack/abc", LOCAL])
@pytest.mark.parametrize("much", ["星" * 5000, "👩" * 2100, "a👩" * 1500, '"' * 9000])
def test_what_is_too_long_is_cut_late_and_first_line_and_link_stay(clock, much, link):
    with Telegram(clock) as bots:
        tell(bots, body=much, subject="【红·请接手】" + "长" * 3000 + "｜6条｜剩40分", link=link)
    (shown,) = bots.shown
    head = shown["text"].split("\n")[0]
    assert head.startswith("【红·请接手】")
    assert head.endswith("｜6条｜剩40分")
    assert "…" in shown["text"].removeprefix(head)
    assert LIMIT - 2 < units(shown["text"]) <= LIMIT
    assert link in [*buttons(shown), shown["text"].split("\n")[-1]]


wild = st.lists(st.one_of(st.characters(), st.sampled_from([*HOSTILE, *MARKS, "\n", "👩" * 150])), max_size=40)


@settings(max_examples=60, deadline=None)
@given(wild.map("".join), wild.map("".join), st.sampled_from(Level), st.booleans())
def test_any_text_fits_and_leaves_the_link(subject, body, level, button):
    whole = page(subject=subject, body=body, level=level)
    raw = json.dumps(message(whole, CHAT, button=button), ensure_ascii=False).encode("utf-8", "strict")
    said = json.loads(raw)
    assert 0 < units(said["text"]) <= LIMIT
    assert said["text"].strip()
    assert buttons(said) == ([whole.link] if button else [])
    assert button or said["text"].endswith(whole.link)


def test_a_notice_without_a_link_has_no_button(clock):
    with Telegram(clock) as bots:
        tell(bots, link="", body="")
    assert bots.shown[0]["text"] == "【红·请接手】星禾茶饮：食品安全｜6条｜剩40分"
    assert buttons(bots.shown[0]) == []


def test_the_token_is_in_no_log(clock, caplog):
    caplog.set_level(logging.DEBUG)
    with Telegram(clock) as bots:
        tell(bots)
        bots.refuse(401, "Unauthorized")
        ending(bots)
    assert caplog.records
    assert TOKEN not in caplog.text
    assert TOKEN.split(":")[1] not in caplog.text
