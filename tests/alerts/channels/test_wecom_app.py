"""The WeCom app: one token as long as it lasts, one replacement within a try, and a member left out is no yes."""

import json
import socket
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.channels import Rate, Reach, Receipt
from alerts.channels.wecom_app import CHANNEL, SECRET, Sender, message
from config.errors import DeliveryError, SettingsError
from config.gateways import Gateways, WecomApp
from config.settings import Mail
from store.nouns import Level
from tests.alerts.crew import page
from tests.worlds.gateways.dingtalk import HOSTILE, bare
from tests.worlds.gateways.wecom_app import AGENT, CORP, HTML, MSGID, WecomApi

FOREVER = (
    40003, 40008, 40031, 40035, 40056, 40058, 40063, 41011, 41016, 41033, 44004, 45002,
    48002, 50002, 50003, 60011, 60020, 60111, 81013, 82001, 85002, 301002,
)  # fmt: skip
KEY = "app+secret/with=marks&more"


def reach(api: WecomApi, clock, key: str = KEY, **changes) -> Reach:
    app = WecomApp(**{"corp_id": CORP, "agent_id": AGENT, "base_url": api.base_url} | changes)
    return Reach(Mail(), {SECRET: key, "WHO": "li"}.__getitem__, gateways=Gateways(wecom_app=app), clock=clock)


def note(address: str = "li", **changes):
    return page(channel="wecom_app", address=address, **changes)


def ending(api: WecomApi, clock, sender: Sender | None = None, *, address: str = "li", **how) -> tuple[str, bool, bool]:
    """(code, permanent, ambiguous) of a page that was not accepted; nothing secret is in the message or its cause."""
    with pytest.raises(DeliveryError) as caught:
        (sender or Sender()).send(note(address), reach(api, clock, **how))
    for said in (str(caught.value), repr(caught.value.__cause__)):
        for hidden in (KEY, "app%2Bsecret", CORP, *api.given, "token%2B"):
            assert hidden not in said
    return caught.value.code, caught.value.permanent, caught.value.ambiguous


def test_a_page_is_one_card_that_leads_to_the_incident(clock):
    with WecomApi(clock, KEY) as api:
        found = Sender().send(note(), reach(api, clock))
    assert found == Receipt("0", f"accepted by WeCom, msgid {MSGID}")
    assert api.shown == [
        {
            "touser": "li",
            "agentid": AGENT,
            "msgtype": "textcard",
            "textcard": {
                "title": "【红·请接手】星禾茶饮：食品安全｜6条｜剩40分",
                "description": "事件 #7 星禾茶饮\n为什么：‹b›31 条‹/b› & 更多",
                "url": "https://gh.example/ack/abc",
                "btntxt": "打开",
            },
        }
    ]


def test_a_token_is_asked_for_once_and_again_when_its_time_is_over(clock):
    sender = Sender()
    with WecomApi(clock, KEY) as api:
        for _ in range(3):
            sender.send(note(), reach(api, clock))
        assert (api.asked("gettoken"), api.asked("send")) == (1, 3)
        clock.forward(clock() + timedelta(seconds=7200 - 61))
        sender.send(note(), reach(api, clock))
        assert (api.asked("gettoken"), api.asked("send")) == (1, 4)
        clock.forward(clock() + timedelta(seconds=1))
        sender.send(note(), reach(api, clock))
        assert (api.asked("gettoken"), api.asked("send")) == (2, 5)
    assert len(api.shown) == 5


@pytest.mark.parametrize("revoked", [True, False])
def test_a_refused_token_is_replaced_within_the_same_try(clock, revoked):
    sender = Sender()
    with WecomApi(clock, KEY) as api:
        sender.send(note(), reach(api, clock))
        if revoked:
            api.revoke()
        else:
            api.given.clear()
        sender.send(note(), reach(api, clock))
        assert (api.asked("gettoken"), api.asked("send")) == (2, 3)
        sender.send(note(), reach(api, clock))
        assert (api.asked("gettoken"), api.asked("send")) == (2, 4)
    assert len(api.shown) == 3


@pytest.mark.parametrize("code", [40014, 42001])
def test_a_token_is_replaced_only_once(clock, code):
    sender = Sender()
    with WecomApi(clock, KEY) as api:
        api.refuse("send", code)
        assert ending(api, clock, sender) == (str(code), False, False)
        assert (api.asked("gettoken"), api.asked("send")) == (2, 2)
        del api.instead["send"]
        sender.send(note(), reach(api, clock))
    assert len(api.shown) == 1


def test_accounts_and_a_changed_secret_do_not_share_a_token(clock):
    sender = Sender()
    with WecomApi(clock, KEY) as api, WecomApi(clock, "new") as other:
        sender.send(note(), reach(api, clock))
        sender.send(note(), reach(other, clock, "new"))
        api.secret = "rotated"
        sender.send(note(), reach(api, clock, "rotated"))
    assert (api.asked("gettoken"), other.asked("gettoken")) == (2, 1)


@pytest.mark.parametrize(
    ("code", "permanent"),
    [
        *((code, True) for code in FOREVER),
        *((code, False) for code in (-1, 45009, 45033, 123456)),
    ],
)
def test_every_code_of_a_message_is_a_refusal(clock, code, permanent):
    with WecomApi(clock, KEY) as api:
        api.refuse("send", code)
        assert ending(api, clock) == (str(code), permanent, False)
        api.refuse("send", code, 502)
        assert ending(api, clock) == (str(code), False, False)
    assert api.shown == []


@pytest.mark.parametrize(
    ("code", "permanent"),
    [
        *((code, True) for code in (40001, 40013, 40091, 41002, 41004, 60020)),
        *((code, False) for code in (-1, 45009)),
    ],
)
def test_every_code_of_a_token_is_a_refusal_and_nothing_is_sent(clock, code, permanent):
    with WecomApi(clock, KEY) as api:
        api.refuse("gettoken", code)
        assert ending(api, clock) == (str(code), permanent, False)
    assert api.asked("send") == 0


@pytest.mark.parametrize("what", ["gettoken", "send"])
@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ((200, HTML), ("200_no_code", False, False)),
        ((200, b""), ("200_no_code", False, False)),
        ((200, b'{"errcode":"0","access_token":"x"}'), ("200_no_code", False, False)),
        ((200, b'{"errcode":false,"access_token":"x"}'), ("200_no_code", False, False)),
        ((200, b'{"access_token":"x","errmsg":"ok"}'), ("200_no_code", False, False)),
        ((302, b""), ("302", True, False)),
        ((403, HTML), ("403", True, False)),
        ((429, b""), ("429", False, False)),
        ((500, b'{"errcode":0,"access_token":"x"}'), ("500", False, False)),
    ],
)
def test_http_alone_is_never_a_yes(clock, what, answer, found):
    with WecomApi(clock, KEY) as api:
        api.instead[what] = answer
        assert ending(api, clock) == found


@pytest.mark.parametrize("said", [{}, {"access_token": ""}, {"access_token": 7}])
def test_a_yes_without_a_token_is_none(clock, said):
    with WecomApi(clock, KEY) as api:
        api.instead["gettoken"] = (200, json.dumps({"errcode": 0, "errmsg": "ok", **said}).encode())
        assert ending(api, clock) == ("no_token", False, False)


@pytest.mark.parametrize("lasts", [None, "7200", True, -5, 0, 10**30])
def test_a_token_that_does_not_say_how_long_it_lasts_still_sends(clock, lasts):
    with WecomApi(clock, KEY) as api:
        Sender().send(note(), reach(api, clock))
        said = {"errcode": 0, "errmsg": "ok", "access_token": api.given[-1], "expires_in": lasts}
        api.instead["gettoken"] = (200, json.dumps(said).encode())
        Sender().send(note(), reach(api, clock))
    assert len(api.shown) == 2


@pytest.mark.parametrize("name", ["invaliduser", "unlicenseduser"])
def test_a_member_who_was_left_out_has_no_page(clock, name):
    with WecomApi(clock, KEY) as api:
        said = {"errcode": 0, "errmsg": "ok", "invaliduser": "", name: "li", "msgid": MSGID}
        api.instead["send"] = (200, json.dumps(said).encode())
        assert ending(api, clock) == (name, True, False)


@pytest.mark.parametrize("address", ["@all", "li|chen", "", "李", "-li", "a b", "x" * 65])
def test_only_one_member_can_be_called(clock, address):
    with WecomApi(clock, KEY) as api:
        assert ending(api, clock, address=address) == ("address", True, False)
    assert api.came == []


def test_what_is_not_set_is_said(clock):
    with WecomApi(clock, KEY) as api:
        assert ending(api, clock, corp_id="") == ("no_app", True, False)
        with pytest.raises(SettingsError) as caught:
            Sender().send(note(), reach(api, clock, ""))
        assert str(caught.value) == "environment: GOLDENHOUR_WECOM_SECRET: is needed to send and is not set"
        Sender().send(note("secret:WHO"), reach(api, clock))
    assert [one["touser"] for one in api.shown] == ["li"]


def test_the_api_checks_account_agent_and_member(clock):
    with WecomApi(clock, KEY) as api:
        assert ending(api, clock, corp_id="ww9") == ("40013", True, False)
        assert ending(api, clock, key="wrong") == ("40001", True, False)
        assert ending(api, clock, agent_id=9) == ("40056", True, False)
        assert ending(api, clock, address="nobody") == ("81013", True, False)


def test_the_rates_are_what_a_member_may_get():
    assert CHANNEL.rates == (Rate(30, timedelta(minutes=1)), Rate(1000, timedelta(hours=1)))


def test_an_api_that_is_not_there_never_got_it(clock):
    api = WecomApi(clock, KEY)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        api.base_url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    assert ending(api, clock) == ("connect", False, False)
    with api:
        pass


@pytest.mark.parametrize(("what", "ambiguous"), [("gettoken", False), ("send", True)])
def test_an_api_that_hangs_up_may_have_got_it_only_when_it_was_sent(clock, what, ambiguous):
    with WecomApi(clock, KEY) as api:
        take = api.take

        def hang_up(came):
            if f"/{what}?" in came.path:
                raise ConnectionAbortedError
            return take(came)

        api.take = hang_up  # type: ignore[method-assign]
        assert ending(api, clock) == ("RemoteProtocolError", False, ambiguous)


@pytest.mark.parametrize("post", HOSTILE)
def test_a_hostile_post_is_only_words(clock, post):
    told = note(subject=f"【红·请接手】{post}｜6条｜剩40分", body=f"- 14:00 weibo「{post}」\n{post}")
    with WecomApi(clock, KEY) as api:
        Sender().send(told, reach(api, clock))
        Sender().send(note(subject=told.subject, body=told.body, link=""), reach(api, clock))
    card, text = api.shown[0]["textcard"], api.shown[1]["text"]["content"]
    assert card["url"] == told.link
    assert card["title"].startswith("【红·请接手】")
    assert card["title"].endswith("｜剩40分")
    for words in (card["title"], card["description"], text):
        assert bare(words) == []
        assert not set("@＠<>\r\x00\x1b\u202e\u200b\ufeff\u2028") & set(words)
        assert "{{" not in words


@pytest.mark.parametrize("link", ["https://gh.example/ack/abc", ""])
def test_three_thousand_characters_are_cut_and_title_and_link_stay(clock, link):
    with WecomApi(clock, KEY) as api:
        told = note(body="星" * 3000, subject="【红·请接手】" + "长" * 3000 + "｜6条｜剩40分", link=link)
        Sender().send(told, reach(api, clock))
    (shown,) = api.shown
    words = (
        [shown["textcard"][name] for name in ("title", "description")] if link else shown["text"]["content"].split("\n")
    )
    assert words[0].startswith("【红·请接手】")
    assert words[0].endswith("｜6条｜剩40分")
    assert words[1].endswith("星…")
    assert (len(words[1].encode()) if link else len("\n".join(words).encode())) in range(
        *((510, 513) if link else (2046, 2049))
    )


wild = st.lists(st.one_of(st.characters(), st.sampled_from([*HOSTILE, "\n", "星" * 500])), max_size=40).map("".join)


@settings(max_examples=60, deadline=None)
@given(wild, wild, st.sampled_from(Level))
def test_any_text_fits_and_leaves_level_and_link(subject, body, level):
    whole = note(subject=f"【红】{subject}", body=body, level=level)
    card = message(whole, "li", AGENT)["textcard"]
    assert 0 < len(card["title"].encode("utf-8", "strict")) <= 128
    assert 0 < len(card["description"].encode("utf-8", "strict")) <= 512
    assert card["title"].startswith("【红】")
    assert card["url"] == whole.link
    assert bare(card["title"]) + bare(card["description"]) == []
    text = message(note(subject=subject, body=body, level=level, link=""), "li", AGENT)["text"]["content"]
    assert 0 < len(text.encode("utf-8", "strict")) <= 2_048
