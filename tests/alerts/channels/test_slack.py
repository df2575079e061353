"""Slack: only its own ok is a yes, by bot or by hook; what strangers wrote calls nobody and hides no link."""

import json
import logging
import socket
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.channels import Rate, Reach, Receipt
from alerts.channels.chat_text import OPEN
from alerts.channels.slack import CHANNEL, HEADER, REFUSED, SECTION, message, send, units
from config.errors import DeliveryError
from config.gateways import Gateways
from config.settings import Mail
from store.nouns import Level
from tests.alerts.crew import page
from tests.alerts.receiver import Answer, Came
from tests.worlds.gateways.dingtalk import HOSTILE
from tests.worlds.gateways.slack import CHANNEL_ID, HOOK, HTML, TOKEN, Slack, buttons, texts

MARKS = (
    "<!channel> <!here|大家> <!everyone>",
    "<@U123> <@W123|li> <#C123> <!subteam^S1>",
    "@channel @everyone @here",
    "<https://evil.example|点我>",
    "&lt;!channel&gt; &amp;lt;!channel&amp;gt;",
    "*粗* _斜_ ~删~ `码` > 引",
)


def reach(room: Slack, token: str = TOKEN) -> Reach:
    names = {CHANNEL_ID: "BOT"} if token else {}
    return Reach(Mail(), {"BOT": token, "HOOK": room.hook}.__getitem__, names, Gateways(slack_url=room.base))


def call(room: Slack, address: str = CHANNEL_ID, token: str = TOKEN, **changes) -> Receipt:
    """By bot token, or by hook when the address is one."""
    return send(page(channel="slack", address=address, **changes), reach(room, token))


def ending(room: Slack, address: str = CHANNEL_ID, token: str = TOKEN, **changes) -> tuple[str, bool, bool]:
    """(code, permanent, ambiguous) of a page that was not accepted; no secret is in a message or its cause."""
    with pytest.raises(DeliveryError) as caught:
        call(room, address, token, **changes)
    said = f"{caught.value} {caught.value!r} {caught.value.__cause__!r} {caught.value.code}"
    assert TOKEN not in said
    assert HOOK not in said
    return caught.value.code, caught.value.permanent, caught.value.ambiguous


def hang_up(came: Came) -> Answer:
    raise ConnectionAbortedError


def test_a_page_is_a_header_words_and_a_button(clock):
    with Slack(clock) as room:
        found = call(room)
    assert found == Receipt("ok", "message 1773295200.000000 of Slack")
    assert room.came[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert room.came[0].headers["content-type"] == "application/json; charset=utf-8"
    head = "【红·请接手】星禾茶饮：食品安全｜6条｜剩40分"
    words = "事件 #7 星禾茶饮\n为什么：‹b›31 条‹/b› & 更多"
    assert room.shown == [
        {
            "channel": CHANNEL_ID,
            "text": head,
            "blocks": [
                {"type": "header", "text": {"type": "plain_text", "text": head, "emoji": False}},
                {"type": "section", "text": {"type": "plain_text", "text": words, "emoji": False}},
                {
                    "type": "actions",
                    "elements": [
                        {
                            "type": "button",
                            "text": {"type": "plain_text", "text": OPEN, "emoji": False},
                            "url": "https://gh.example/ack/abc",
                            "style": "primary",
                        }
                    ],
                },
            ],
            "mrkdwn": False,
            "parse": "none",
            "link_names": False,
            "unfurl_links": False,
            "unfurl_media": False,
        }
    ]


@pytest.mark.parametrize("secret", [True, False])
def test_a_hook_gets_the_same_without_a_channel(clock, secret):
    with Slack(clock) as room:
        found = call(room, "secret:HOOK" if secret else room.hook)
    assert found == Receipt("ok", "accepted by the Slack hook")
    assert room.shown == [message(page())]
    assert "authorization" not in room.came[0].headers


PASSING = ["ratelimited", "rate_limited", "service_unavailable", "request_timeout", "team_added_to_org", "new_word"]


@pytest.mark.parametrize("error", [*sorted(REFUSED), *PASSING, "internal_error", "fatal_error"])
def test_every_error_in_a_200_is_a_refusal(clock, error):
    permanent, ambiguous = error in REFUSED, error in ("internal_error", "fatal_error")
    with Slack(clock) as room:
        room.refuse(error)
        assert ending(room) == (error, permanent, ambiguous)
        # Whatever the word, a busy or broken Slack may say something else in a minute.
        room.refuse(error, 429)
        assert ending(room) == (error, False, ambiguous)
        room.refuse(error, 503)
        assert ending(room) == (error, False, ambiguous)


@pytest.mark.parametrize(
    "error",
    [
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "invalid_auth",
        "token_revoked",
        "account_inactive",
        "msg_too_long",
        "no_text",
    ],
)
def test_what_no_other_try_can_mend(error):
    assert error in REFUSED


@pytest.mark.parametrize(
    ("word", "status", "found"),
    [
        ("invalid_payload", 400, ("invalid_payload", True, False)),
        ("user_not_found", 400, ("user_not_found", True, False)),
        ("no_text", 400, ("no_text", True, False)),
        ("too_many_attachments", 400, ("too_many_attachments", True, False)),
        ("action_prohibited", 403, ("action_prohibited", True, False)),
        ("invalid_token", 403, ("invalid_token", True, False)),
        ("posting_to_general_channel_denied", 403, ("posting_to_general_channel_denied", True, False)),
        ("channel_not_found", 404, ("channel_not_found", True, False)),
        ("no_service", 404, ("no_service", True, False)),
        ("no_service", 200, ("no_service", True, False)),
        ("no_team", 404, ("no_team", True, False)),
        ("channel_is_archived", 410, ("channel_is_archived", True, False)),
        ("rollup_error", 500, ("rollup_error", False, False)),
        ("rate_limited", 429, ("rate_limited", False, False)),
        ("You are sending too many requests. Please relax.", 429, ("429", False, False)),
        ("", 500, ("500", False, False)),
        ("", 404, ("404", True, False)),
        ("", 302, ("302", True, False)),
        ("", 200, ("200_no_ok", False, False)),
        ("OK", 200, ("200_no_ok", False, False)),
        ("ok\n", 200, ("200_no_ok", False, False)),
        ('{"ok":true}', 200, ("200_no_ok", False, False)),
        ("ok", 201, ("201_no_ok", False, False)),
        ("ok", 400, ("400", True, False)),
    ],
)
def test_a_hook_accepts_with_exactly_ok(clock, word, status, found):
    with Slack(clock) as room:
        room.refuse_hook(word, status)
        assert ending(room, room.hook) == found


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ((200, HTML), ("200_no_ok", False, False)),
        ((200, b""), ("200_no_ok", False, False)),
        ((200, b"ok"), ("200_no_ok", False, False)),
        ((200, b'{"ok":"true"}'), ("200_no_ok", False, False)),
        ((200, b'{"ok":1}'), ("200_no_ok", False, False)),
        ((200, b'{"ok":false}'), ("200_no_ok", False, False)),
        ((200, b'{"ok":false,"error":7}'), ("200_no_ok", False, False)),
        ((200, b'[{"ok":true}]'), ("200_no_ok", False, False)),
        ((202, b'{"ok":true}'), ("202_no_ok", False, False)),
        ((500, b'{"ok":true}'), ("500", False, False)),
        ((408, b""), ("408", False, False)),
        ((404, HTML), ("404", True, False)),
        ((302, b""), ("302", True, False)),
    ],
)
def test_http_alone_is_never_a_yes(clock, answer, found):
    with Slack(clock) as room:
        room.instead = answer
        assert ending(room) == found


def test_an_echoed_token_is_no_code(clock):
    with Slack(clock) as room:
        room.refuse(TOKEN)
        assert ending(room) == ("200_no_ok", False, False)
        room.refuse_hook(room.hook, 400)
        assert ending(room, room.hook) == ("400", True, False)


def test_the_wait_it_asks_for_stands_in_the_words(clock):
    with Slack(clock) as room:
        room.refuse("ratelimited", 429, wait="30")
        with pytest.raises(
            DeliveryError, match=r"^Slack refused: ratelimited \(429\), it asks to wait 30 s$"
        ) as caught:
            call(room)
        assert caught.value.wait_s == 30
        room.refuse_hook("", 429, wait="12")
        with pytest.raises(DeliveryError, match=r"^Slack answered 429, it asks to wait 12 s$"):
            call(room, room.hook)


def test_token_channel_and_hook_are_checked(clock):
    with Slack(clock) as room:
        assert ending(room, token="xoxb-another") == ("invalid_auth", True, False)
        room.channels = {CHANNEL_ID: "not_in_channel"}
        assert ending(room) == ("not_in_channel", True, False)
        room.channels = {}
        assert ending(room) == ("channel_not_found", True, False)
        assert ending(room, room.hook + "x") == ("no_service", True, False)
        assert room.shown == []


def test_a_channel_without_a_token_is_not_tried(clock):
    with Slack(clock) as room:
        assert ending(room, token="") == ("no_token", True, False)
        assert room.came == []


def test_slack_away_never_got_it_and_one_that_hangs_up_may_have(clock):
    room = Slack(clock)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    there, room.base = room.base, f"http://127.0.0.1:{port}"
    assert ending(room) == ("connect", False, False)
    assert ending(room, f"http://127.0.0.1:{port}{HOOK}") == ("connect", False, False)
    with room:
        room.base = there
        room.take = hang_up  # type: ignore[method-assign]
        assert ending(room) == ("RemoteProtocolError", False, True)


def test_the_rate_is_one_a_second_in_a_channel(clock):
    assert CHANNEL.rates == (Rate(1, timedelta(seconds=1)),)
    with Slack(clock) as room:
        call(room)
        assert ending(room) == ("ratelimited", False, False)
        call(room, room.hook)
        clock.forward(clock() + timedelta(seconds=1))
        call(room)
    assert len(room.shown) == 3


def test_this_slack_would_ring(clock):
    """The marks below do something where they are not made harmless, so that their silence proves something."""
    with Slack(clock) as room:
        loud = {"text": "\n".join(MARKS), "blocks": [], "link_names": True}
        room._show(loud)
    assert {"!channel", "@U123", "@everyone", "https://evil.example|点我"} <= set(room.rang)


@pytest.mark.parametrize("post", [*HOSTILE, *MARKS])
@pytest.mark.parametrize("hook", [True, False])
def test_a_hostile_post_is_only_words(clock, post, hook):
    with Slack(clock) as room:
        told = {"subject": f"【红·请接手】{post}｜6条｜剩40分", "body": f"最早的帖子：\n- 14:00 weibo「{post}」"}
        call(room, room.hook if hook else CHANNEL_ID, **told)
    (shown,) = room.shown
    assert room.rang == []
    assert buttons(shown) == [page().link]
    assert not {"mrkdwn"} & {block.get("text", {}).get("type") for block in shown["blocks"]}
    for text in texts(shown):
        assert not set("@＠<>\r\x00\x1b\u202e\u200b\ufeff\u2028") & set(text)
        assert "{{" not in text
        assert "://" not in text
    assert len(texts(shown)[0].splitlines()) == 1
    assert not set("<>@") & set(shown["text"])


def test_three_thousand_characters_are_taken_whole(clock):
    with Slack(clock) as room:
        call(room, body="星" * 3000)
    assert texts(room.shown[0])[1] == "星" * 3000


@pytest.mark.parametrize("much", ["星" * 3001, '"' * 9_000, "👩" * 1501, "&" * 5000])
def test_what_is_too_long_is_cut_late_and_title_and_button_stay(clock, much):
    with Slack(clock) as room:
        call(room, body=much, subject="【红·请接手】" + "👩" * 300 + "｜6条｜剩40分")
    head, words, _ = texts(room.shown[0])
    assert head.startswith("【红·请接手】")
    assert head.endswith("｜6条｜剩40分")
    assert words.endswith("…")
    assert SECTION - 2 < units(words) <= SECTION
    assert buttons(room.shown[0]) == [page().link]


def test_an_ordinary_subject_is_not_cut():
    subject = "【红·无人应答！】" + "星" * 40 + "｜120条｜已超时15分"
    assert message(page(subject=subject))["blocks"][0]["text"]["text"] == f"{subject}"


@pytest.mark.parametrize(("length", "whole"), [(150, True), (151, False)])
def test_a_header_is_cut_from_its_limit_on(clock, length, whole):
    subject = "【红】" + "星" * (length - 7) + "剩40分"
    with Slack(clock) as room:
        call(room, subject=subject)
    head = texts(room.shown[0])[0]
    assert (head == subject) is whole
    assert whole or head.endswith("剩40分")


wild = st.lists(st.one_of(st.characters(), st.sampled_from([*HOSTILE, *MARKS, "\n", "👩" * 90])), max_size=40)


@settings(max_examples=60, deadline=None)
@given(wild.map("".join), wild.map("".join), st.sampled_from(Level))
def test_any_text_fits_and_leaves_the_link(subject, body, level):
    whole = page(subject=subject, body=body, level=level)
    said = json.loads(json.dumps(message(whole), ensure_ascii=False).encode("utf-8", "strict"))
    assert 0 < units(texts(said)[0]) <= HEADER
    assert all(0 < units(text) <= SECTION for text in texts(said))
    assert buttons(said) == [whole.link]


def test_a_notice_without_a_link_has_no_button(clock):
    with Slack(clock) as room:
        call(room, link="", body="")
    assert [block["type"] for block in room.shown[0]["blocks"]] == ["header"]


def test_the_token_is_in_no_log(clock, caplog):
    caplog.set_level(logging.DEBUG)
    with Slack(clock) as room:
        call(room)
        room.refuse("invalid_auth")
        ending(room)
    assert caplog.records
    assert TOKEN not in caplog.text


def test_the_hook_is_in_no_log(clock, caplog):
    caplog.set_level(logging.DEBUG)
    with Slack(clock) as room:
        call(room, room.hook)
        room.refuse_hook("no_service", 404)
        ending(room, room.hook)
    assert caplog.records
    assert HOOK not in caplog.text
