"""Feishu: only its own code 0 is a yes, the signature is Feishu's, a card is plain words and one button in 20 KB."""

import base64
import hashlib
import hmac
import json
import socket
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.channels import Rate, Reach, Receipt
from alerts.channels.chat_text import OPEN
from alerts.channels.feishu import CHANNEL, COLOUR, LIMIT, payload, send, sign
from config.errors import DeliveryError
from config.settings import Mail
from store.nouns import Level
from tests.alerts.crew import NOW, page
from tests.worlds.gateways.dingtalk import HOSTILE, bare
from tests.worlds.gateways.feishu import HTML, TOKEN, Feishu, buttons, tags, texts

SECRET = "sign+secret/with=marks"
SECRETS = [SECRET, "plain", "+", "/", "=", "a b", "中文钥匙", "%2B%2F"]


def reach(address: str, clock, secret: str = SECRET) -> Reach:
    names = {address: "BOT"} if secret else {}
    return Reach(Mail(), {"BOT": secret, "HOOK": address}.__getitem__, names, clock=clock)


def ending(room: Feishu, clock, **changes) -> tuple[str, bool, bool]:
    """(code, permanent, ambiguous) of a page that was not accepted; nothing secret is in the message or its cause."""
    with pytest.raises(DeliveryError) as caught:
        send(page(**{"address": room.hook} | changes), reach(room.hook, clock))
    for said in (str(caught.value), repr(caught.value.__cause__)):
        assert TOKEN not in said
        assert room.hook not in said
        assert SECRET not in said
    return caught.value.code, caught.value.permanent, caught.value.ambiguous


def test_a_page_is_one_card_with_one_button(clock):
    with Feishu(clock, secret=SECRET) as room:
        found = send(page(address=room.hook), reach(room.hook, clock))
    assert found == Receipt("0", "accepted by Feishu")
    (card,) = room.shown
    assert card == {
        "config": {"wide_screen_mode": True},
        "header": {
            "template": "red",
            "title": {"tag": "plain_text", "content": "【红·请接手】星禾茶饮：食品安全｜6条｜剩40分"},
        },
        "elements": [
            {"tag": "div", "text": {"tag": "plain_text", "content": "事件 #7 星禾茶饮\n为什么：‹b›31 条‹/b› & 更多"}},
            {
                "tag": "action",
                "actions": [
                    {
                        "tag": "button",
                        "type": "primary",
                        "text": {"tag": "plain_text", "content": OPEN},
                        "url": "https://gh.example/ack/abc",
                    }
                ],
            },
        ],
    }


@pytest.mark.parametrize("secret", SECRETS)
def test_the_signature_is_the_one_feishu_makes(clock, secret):
    made = hmac.new(f"{int(NOW.timestamp())}\n{secret}".encode(), b"", hashlib.sha256).digest()
    assert sign(secret, int(NOW.timestamp())) == {"timestamp": "1773295200", "sign": base64.b64encode(made).decode()}
    with Feishu(clock, secret=secret) as room:
        send(page(address=room.hook), reach(room.hook, clock, secret))
    assert len(room.shown) == 1


def test_a_known_signature():
    # Worked out once with openssl: printf '' | openssl dgst -sha256 -hmac $'1599360473\ndemo' -binary | base64
    assert sign("demo", 1599360473)["sign"] == "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="


def test_without_a_key_nothing_is_signed(clock):
    with Feishu(clock) as room:
        send(page(address=room.hook), reach(room.hook, clock, ""))
    assert set(json.loads(room.came[0].body)) == {"msg_type", "card"}


def test_the_hook_may_stand_in_the_environment(clock):
    with Feishu(clock) as room:
        send(page(address="secret:HOOK"), reach(room.hook, clock, ""))
    assert len(room.shown) == 1


@pytest.mark.parametrize(
    ("code", "permanent"),
    [
        *((code, True) for code in (9499, 11246, 19001, 19002, 19007, 19021, 19022, 19024, 19036)),
        *((code, False) for code in (11232, -1, 99999)),
    ],
)
def test_every_code_of_feishu_is_a_refusal(clock, code, permanent):
    with Feishu(clock, secret=SECRET) as room:
        room.refuse(code)
        assert ending(room, clock) == (str(code), permanent, False)
        room.refuse(code, 400)
        assert ending(room, clock) == (str(code), permanent, False)
        room.refuse(code, 429)
        assert ending(room, clock) == (str(code), False, False)
    assert room.shown == []


def test_the_other_meaning_of_9499_is_too_many(clock):
    with Feishu(clock, secret=SECRET) as room:
        room.instead = (200, b'{"StatusCode":0,"StatusMessage":"","code":9499,"msg":"too many request"}')
        assert ending(room, clock) == ("9499", False, False)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ((200, HTML), ("200_no_code", False, False)),
        ((200, b""), ("200_no_code", False, False)),
        ((200, b"{}"), ("200_no_code", False, False)),
        ((200, b"[]"), ("200_no_code", False, False)),
        ((200, b"\xff\xfe"), ("200_no_code", False, False)),
        ((200, b'{"code":"0"}'), ("200_no_code", False, False)),
        ((200, b'{"code":false}'), ("200_no_code", False, False)),
        ((200, b'{"code":0.0}'), ("200_no_code", False, False)),
        ((200, b'{"code":null}'), ("200_no_code", False, False)),
        ((200, b'{"msg":"success"}'), ("200_no_code", False, False)),
        ((200, b'{"code":0,"StatusCode":9499}'), ("9499", True, False)),
        ((200, b'{"code":19021,"StatusCode":0}'), ("19021", True, False)),
        ((302, b""), ("302", True, False)),
        ((403, HTML), ("403", True, False)),
        ((404, b'{"code":0}'), ("404", True, False)),
        ((408, b""), ("408", False, False)),
        ((429, b""), ("429", False, False)),
        ((500, b'{"code":0,"msg":"success"}'), ("500", False, False)),
        ((502, HTML), ("502", False, False)),
        ((503, b'{"code":19021}'), ("19021", False, False)),
    ],
)
def test_http_alone_is_never_a_yes(clock, answer, found):
    with Feishu(clock) as room:
        room.instead = answer
        assert ending(room, clock) == found


@pytest.mark.parametrize("said", [b'{"code":0}', b'{"Extra":null,"StatusCode":0,"StatusMessage":"success"}'])
def test_newer_and_older_bots_say_yes(clock, said):
    with Feishu(clock) as room:
        room.instead = (200, said)
        assert send(page(address=room.hook), reach(room.hook, clock)).code == "0"


def test_the_bot_checks_key_clock_keyword_and_address(clock):
    with Feishu(clock, secret="another") as room:
        assert ending(room, clock) == ("19021", True, False)
    with Feishu(lambda: clock() + timedelta(hours=1, seconds=1), secret=SECRET) as room:
        assert ending(room, clock) == ("19021", True, False)
    with Feishu(lambda: clock() + timedelta(minutes=59), secret=SECRET) as room:
        send(page(address=room.hook), reach(room.hook, clock))
    with Feishu(clock, keyword="值班") as room:
        assert ending(room, clock) == ("19024", True, False)
    with Feishu(clock, closed=True) as room:
        assert ending(room, clock) == ("19022", True, False)
    with Feishu(clock) as room:
        room.hook += "0"
        with pytest.raises(DeliveryError) as caught:
            send(page(address=room.hook), reach(room.hook, clock))
        assert (caught.value.code, caught.value.permanent) == ("19001", True)


def test_the_rates_are_what_the_bot_allows(clock):
    assert CHANNEL.rates == (Rate(100, timedelta(minutes=1)), Rate(5, timedelta(seconds=1)))
    with Feishu(clock) as room:
        for _ in range(5):
            send(page(address=room.hook), reach(room.hook, clock))
        assert ending(room, clock) == ("11232", False, False)
        clock.forward(clock() + timedelta(seconds=1))
        send(page(address=room.hook), reach(room.hook, clock))


def test_a_room_that_is_not_there_never_got_it_and_one_that_hangs_up_may_have(clock):
    room = Feishu(clock)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        room.hook = f"http://127.0.0.1:{probe.getsockname()[1]}/open-apis/bot/v2/hook/{TOKEN}"
    assert ending(room, clock) == ("connect", False, False)
    with room:
        room.hook = room.url
        room.take = lambda _: (_ for _ in ()).throw(ConnectionAbortedError())  # type: ignore[method-assign]
        assert ending(room, clock) == ("RemoteProtocolError", False, True)


@pytest.mark.parametrize("post", HOSTILE)
def test_a_hostile_post_is_only_words(clock, post):
    told = page(subject=f"【红·请接手】{post}｜6条｜剩40分", body=f"最早的帖子：\n- 14:00 weibo「{post}」")
    with Feishu(clock, secret=SECRET) as room:
        send(replace(told, address=room.hook), reach(room.hook, clock))
    (card,) = room.shown
    assert tags(card) == {"div", "plain_text", "action", "button"}
    assert buttons(card) == [told.link]
    for text in texts(card):
        assert bare(text) == []
        assert not set("@＠<>\r\x00\x1b\u202e\u200b\ufeff\u2028") & set(text)
        assert "{{" not in text
    assert len(texts(card)[0].splitlines()) == 1


def test_the_words_of_a_hostile_post_stay_readable():
    (title, body, _) = texts(
        json.loads(payload(page(body="「@所有人 看 http://a.example 50% < 60%」"), "", NOW))["card"]
    )
    assert body == "「﹫所有人 看 http:／／a．example 50% ‹ 60%」"
    assert title.endswith("剩40分")


def test_three_thousand_characters_are_taken_whole(clock):
    with Feishu(clock, secret=SECRET) as room:
        send(page(address=room.hook, body="星" * 3000), reach(room.hook, clock))
    assert texts(room.shown[0])[1] == "星" * 3000


@pytest.mark.parametrize("much", ["星" * 9_000, '"' * 30_000, "\n\n" * 20_000 + "末", "\\" * 12_000, "👩" * 7_000])
def test_what_is_too_long_is_cut_late_and_title_and_button_stay(clock, much):
    whole = page(body=much, subject="【红·请接手】" + "长" * 3000 + "｜6条｜剩40分")
    with Feishu(clock, secret=SECRET) as room:
        send(replace(whole, address=room.hook), reach(room.hook, clock))
    (card,) = room.shown
    title = texts(card)[0]
    assert title.startswith("【红·请接手】")
    assert title.endswith("｜6条｜剩40分")
    assert buttons(card) == [whole.link]
    if len(texts(card)) == 3 and texts(card)[1].endswith("…"):
        # Not one more character would have fitted.
        assert LIMIT - 8 < len(room.came[0].body) <= LIMIT


wild = st.lists(st.one_of(st.characters(), st.sampled_from([*HOSTILE, "\n", "星" * 500, '"' * 900])), max_size=40)


@settings(max_examples=60, deadline=None)
@given(wild.map("".join), wild.map("".join), st.sampled_from([*COLOUR, Level.NONE]))
def test_any_text_fits_and_leaves_level_and_link(subject, body, level):
    whole = page(subject=subject, body=body, level=level)
    raw = payload(whole, SECRET, NOW)
    assert len(raw) <= LIMIT
    card = json.loads(raw.decode("utf-8", "strict"))["card"]
    assert card["header"]["template"] == COLOUR.get(level, "grey")
    assert buttons(card) == [whole.link]
    assert all(texts(card))
    assert all(bare(text) == [] for text in texts(card))


def test_a_notice_without_a_link_has_no_button(clock):
    with Feishu(clock) as room:
        send(page(address=room.hook, link="", body=""), reach(room.hook, clock))
        send(page(address=room.hook, link="", body="来源失联"), reach(room.hook, clock))
    assert [buttons(card) for card in room.shown] == [[], []]
    assert texts(room.shown[0])[1:] == ["【红·请接手】星禾茶饮：食品安全｜6条｜剩40分"]
    assert texts(room.shown[1])[1:] == ["来源失联"]
