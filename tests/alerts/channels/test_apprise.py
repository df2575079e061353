"""Apprise, the optional extra: sent is only its word, nothing secret is logged, without it the call goes elsewhere."""

import json
import logging
import sys

import pytest

from alerts.channels import Channel, Reach, Receipt
from alerts.channels.apprise import CHANNEL, send, words
from config.errors import DeliveryError, SettingsError
from config.settings import Mail
from tests.alerts.crew import page
from tests.alerts.receiver import Receiver
from tests.worlds.gateways.dingtalk import HOSTILE

# What Apprise's own imports say under Python 3.11.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

PASSWORD, ROOM = "passw0rd-of-the-room", "room-of-the-crisis-team"


def hook(chat: Receiver) -> str:
    return chat.url.replace("http://", f"json://gh:{PASSWORD}@") + f"/{ROOM}"


def reach(address: str = "") -> Reach:
    return Reach(Mail(), {"HOOK": address}.get)


def ending(address: str) -> tuple[str, bool, bool]:
    """(code, permanent, ambiguous) of a page that was not accepted; nothing secret is in the message or its cause."""
    with pytest.raises(DeliveryError) as caught:
        send(page(channel="apprise", address=address), reach())
    for said in (str(caught.value), repr(caught.value.__cause__)):
        assert PASSWORD not in said
        assert ROOM not in said
    return caught.value.code, caught.value.permanent, caught.value.ambiguous


def test_what_apprise_calls_sent_is_shown_as_unverified():
    with Receiver() as chat:
        found = send(page(address=hook(chat)), reach())
    assert found == Receipt("unverified", "accepted (unverified): apprise says it was sent")
    (came,) = chat.came
    said = json.loads(came.body)
    assert came.path == f"/chat/{ROOM}"
    assert (said["title"], said["message"]) == (page().subject, words(page()))
    assert words(page()) == "事件 #7 星禾茶饮\n为什么：‹b›31 条‹/b› & 更多\n\nhttps://gh.example/ack/abc"


def test_the_channel_says_that_nobody_verified_it():
    assert Channel(send, verified=False) == CHANNEL


def test_the_address_may_be_hidden():
    with Receiver() as chat:
        send(page(address="secret:HOOK"), reach(hook(chat)))
        assert len(chat.came) == 1
    with pytest.raises(SettingsError, match="HOOK"):
        send(page(address="secret:HOOK"), reach(""))


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
def test_what_apprise_could_not_send_is_tried_again(status):
    with Receiver((status, b"")) as chat:
        assert ending(hook(chat)) == ("not_sent", False, False)


def test_a_service_that_is_not_there_is_tried_again():
    with Receiver() as gone:
        pass
    assert ending(hook(gone)) == ("not_sent", False, False)


@pytest.mark.parametrize("address", [f"nosuch://{PASSWORD}/{ROOM}", f"tgram://{PASSWORD}", "json://", "not an address"])
def test_no_try_can_help_an_address_apprise_does_not_know(address):
    assert ending(address) == ("address", True, False)


def test_without_the_extra_no_try_can_help(monkeypatch):
    # As on a machine where the package is not there: Python refuses the import.
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(DeliveryError, match='the extra "apprise"') as caught:
        send(page(address="json://127.0.0.1"), reach())
    assert (caught.value.code, caught.value.permanent, caught.value.ambiguous) == ("not_installed", True, False)


@pytest.mark.parametrize("text", [*HOSTILE, r"a\r\n\u0041\x41", "行\x00\x07\u202e一\u2028二\ud83d"])
def test_a_strangers_words_are_text_and_nothing_else(text):
    with Receiver() as chat:
        send(page(address=hook(chat), subject=f"【红】{text}", body=f"{text}\n打开：{page().link}"), reach())
    said = json.loads(chat.came[0].body)
    assert said["message"].endswith(f"\n\n{page().link}")
    for found in (said["title"], said["message"].removesuffix(page().link)):
        assert not any(one in found for one in ("<", "@", "://", "evil.example", "{{", "\x00", "\x07", "\u202e"))


def test_a_page_without_any_words_still_says_what_it_is():
    assert words(page(body="", link="")) == page().subject


def test_nothing_secret_is_in_a_log_however_loud_it_is_set(caplog):
    for name in ("", "apprise", "urllib3", "urllib3.connectionpool", "requests"):
        caplog.set_level(1, logger=name)
    with Receiver() as chat, Receiver((500, PASSWORD.encode())) as broken:
        send(page(address=hook(chat)), reach())
        ending(hook(broken))
    ending(f"nosuch://{PASSWORD}/{ROOM}")
    logging.getLogger("house").debug("the log works")
    assert [one.getMessage() for one in caplog.records] == ["the log works"]


def test_nothing_secret_is_printed(capfd):
    with Receiver((500, b"")) as broken:
        ending(hook(broken))
    ending(f"nosuch://{PASSWORD}/{ROOM}")
    out, err = capfd.readouterr()
    assert PASSWORD not in out + err
    assert ROOM not in out + err
