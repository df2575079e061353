"""The signed webhook: accepted is 2xx *and* `accepted: true`; the key is the same on every try."""

import hashlib
import hmac
import json
import socket

import pytest

from alerts.channels import Reach, Receipt
from alerts.channels.webhook import send
from config.errors import DeliveryError
from config.settings import Mail
from tests.alerts.crew import SECRET, page
from tests.alerts.receiver import YES, Receiver


def reach(address: str) -> Reach:
    return Reach(Mail(), {"CHAT": SECRET}.__getitem__, {address: "CHAT"})


def ending(address: str) -> tuple[str, bool, bool]:
    """(code, permanent, ambiguous) of a page that was not accepted."""
    with pytest.raises(DeliveryError) as caught:
        send(page(channel="webhook", address=address), reach(address))
    return caught.value.code, caught.value.permanent, caught.value.ambiguous


@pytest.mark.parametrize("status", [200, 201, 202])
def test_accepted_is_said_by_the_receiver(status):
    with Receiver((status, YES)) as chat:
        found = send(page(address=chat.url), reach(chat.url))
    assert found == Receipt(str(status), "the receiver said accepted")


def test_the_receiver_gets_the_whole_page_signed_by_the_shared_secret():
    with Receiver() as chat:
        send(page(address=chat.url), reach(chat.url))
    (came,) = chat.came
    signature = hmac.new(SECRET.encode(), came.body, hashlib.sha256).hexdigest()
    assert came.headers["x-goldenhour-signature"] == f"sha256={signature}"
    assert came.headers["content-type"] == "application/json; charset=utf-8"
    assert json.loads(came.body) == {
        "id": page().id,
        "key": page().idempotency,
        "incident": page().incident,
        "level": "red",
        "reason": "call",
        "person": "li",
        "subject": page().subject,
        "body": page().body,
        "link": page().link,
        "created_at": "2026-03-12T06:00:00+00:00",
    }


@pytest.mark.parametrize(
    "said",
    [b"", b"ok", b'{"accepted": false}', b'{"accepted": "true"}', b'{"accepted": 1}', b"[true]", b"true", b"\xff\xfe"],
)
def test_a_200_that_does_not_say_accepted_is_not_accepted(said):
    with Receiver((200, said)) as chat:
        assert ending(chat.url) == ("200_not_accepted", False, False)


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(429, False), (500, False), (502, False), (503, False), (400, True), (401, True), (404, True), (410, True)],
)
def test_trouble_over_there_is_tried_again_a_refusal_is_not(status, permanent):
    with Receiver((status, YES)) as chat:
        assert ending(chat.url) == (str(status), permanent, False)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status):
    with Receiver() as elsewhere, Receiver((status, YES), headers={"Location": elsewhere.url}) as chat:
        assert ending(chat.url) == (str(status), True, False)
        assert elsewhere.came == []


def test_every_try_of_a_page_carries_the_same_key_and_body():
    with Receiver((503, b""), (200, b"?"), (200, YES)) as chat:
        assert ending(chat.url)[0] == "503"
        assert ending(chat.url)[0] == "200_not_accepted"
        send(page(channel="webhook", address=chat.url), reach(chat.url))
        assert [one.headers["idempotency-key"] for one in chat.came] == [page().id] * 3
        assert len({one.body for one in chat.came}) == 1
        assert chat.messages(SECRET) == [page().idempotency]


def test_a_receiver_that_is_not_there_never_got_it():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    assert ending(f"http://127.0.0.1:{port}/chat") == ("connect", False, False)


def test_a_receiver_that_hangs_up_may_have_got_it():
    with Receiver() as chat:

        def hang_up() -> None:
            raise ConnectionAbortedError

        chat.before = hang_up
        code, permanent, ambiguous = ending(chat.url)
    assert (code, permanent, ambiguous) == ("RemoteProtocolError", False, True)


@pytest.mark.parametrize("address", ["ftp://chat.example", "not an address", "https://", "http://x\ny/"])
def test_no_try_can_help_an_address_that_is_none(address):
    assert ending(address) == ("address", True, False)


def test_half_a_character_does_not_stop_a_call():
    with Receiver() as chat:
        send(page(address=chat.url, body="坏\ud83d字"), reach(chat.url))
    assert json.loads(chat.came[0].body)["body"] == "坏?字"
