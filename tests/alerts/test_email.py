"""E-mail: accepted is a 250 after the whole message; every other ending has its own code and a right to another try."""

import html
import re
import socket
from email import message_from_bytes
from email.policy import default as MODERN

import pytest

from alerts.channels import Reach, Receipt
from alerts.channels.email import compose, send
from config.errors import DeliveryError
from config.settings import Mail
from desk.demo.mailbox import Mailbox
from tests.alerts.crew import page
from tests.worlds.mail import HANG_UP, ScriptedMail


def reach(port: int, **changes) -> Reach:
    mail = Mail(**{"host": "127.0.0.1", "port": port, "security": "none", "sender": "gh@xinghe.example"} | changes)
    return Reach(mail, lambda name: f"the {name}", {})


def ending(reach_: Reach, **changes) -> tuple[str, bool, bool]:
    """(code, permanent, ambiguous) of a page that was not accepted."""
    with pytest.raises(DeliveryError) as caught:
        send(page(**changes), reach_)
    return caught.value.code, caught.value.permanent, caught.value.ambiguous


@pytest.fixture
def mailbox(clock):
    box = Mailbox(clock)
    box.start()
    yield box
    box.stop()


def test_a_page_arrives_whole_once_with_its_key(mailbox):
    assert send(page(), reach(mailbox.port)) == Receipt("250", "accepted by the mail server")
    (letter,) = mailbox.letters()
    assert (letter.to, letter.subject, letter.key) == (page().address, page().subject, page().idempotency)
    assert letter.body.splitlines() == page().body.splitlines()


def test_a_server_in_trouble_says_try_again_and_then_takes_it(mailbox):
    mailbox.refuse = True
    assert ending(reach(mailbox.port)) == ("451", False, False)
    assert mailbox.letters() == []
    mailbox.refuse = False
    send(page(), reach(mailbox.port))
    assert len(mailbox.letters()) == 1


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ({"RCPT": "550 5.1.1 no such user"}, ("550", True, False)),
        ({"RCPT": "450 mailbox busy"}, ("450", False, False)),
        ({"MAIL": "530 5.7.0 sign in first"}, ("530", True, False)),
        ({"END": "554 looks like spam"}, ("554", True, False)),
        ({"END": "421 shutting down"}, ("421", False, False)),
        ({"DATA": "451 not now"}, ("451", False, False)),
        ({"GREET": "421 too many connections"}, ("421", False, False)),
        ({"GREET": "554 go away"}, ("554", True, False)),
        ({"DATA": HANG_UP}, ("disconnected", False, True)),
        ({"END": HANG_UP}, ("disconnected", False, True)),
    ],
)
def test_every_refusal_has_the_servers_own_code(script, found):
    with ScriptedMail(**script) as server:
        assert ending(reach(server.port)) == found


@pytest.mark.parametrize("goodbye", ["421 too slow", "500 what?", HANG_UP])
def test_what_was_accepted_stays_accepted_however_rude_the_goodbye(goodbye):
    with ScriptedMail(QUIT=goodbye) as server:
        assert send(page(), reach(server.port)).code == "250"
        assert len(server.letters) == 1


def test_a_rude_goodbye_does_not_hide_why_it_was_refused():
    with ScriptedMail(RCPT="550 no such user", QUIT="421 too slow") as server:
        assert ending(reach(server.port)) == ("550", True, False)


def test_a_refused_address_with_a_name_before_it_is_refused_too():
    with ScriptedMail(RCPT="550 no such user") as server:
        assert ending(reach(server.port), address="Li <li@xinghe.example>") == ("550", True, False)


def test_a_server_that_wants_no_password_is_not_given_one():
    with ScriptedMail() as server:
        assert ending(reach(server.port, user="gh")) == ("not_supported", True, False)
        assert server.verbs() == ["EHLO", "QUIT"]


def test_a_wrong_password_may_be_mended_so_it_is_tried_again():
    with ScriptedMail(EHLO="250-here\r\n250 AUTH PLAIN", AUTH="535 5.7.8 wrong") as server:
        assert ending(reach(server.port, user="gh")) == ("535", False, False)
        assert server.letters == []


def test_the_password_is_the_secret_of_its_name():
    with ScriptedMail(EHLO="250-here\r\n250 AUTH PLAIN", AUTH="235 welcome") as server:
        send(page(), reach(server.port, user="gh"))
        # base64 of \0 gh \0 the GOLDENHOUR_SMTP_PASSWORD
        assert "AUTH PLAIN AGdoAHRoZSBHT0xERU5IT1VSX1NNVFBfUEFTU1dPUkQ=" in server.heard


def test_nothing_is_said_in_the_clear_to_a_server_without_starttls():
    with ScriptedMail() as server:
        assert ending(reach(server.port, security="starttls", user="gh")) == ("not_supported", True, False)
        assert server.verbs() == ["EHLO"]
        assert server.letters == []


def test_a_server_that_is_not_there_is_tried_again():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    assert ending(reach(port)) == ("ConnectionRefusedError", False, False)


def test_without_a_server_in_the_settings_no_try_can_help():
    assert ending(reach(25, host="")) == ("no_server", True, False)


def test_the_longest_key_travels_on_one_line():
    key = "k" * 150 + ":remind:2026-03-12T06:20:00+00:00"
    raw = compose(page(idempotency=key[:160]), reach(25).mail).as_bytes()
    assert f"X-GoldenHour-Key: {key[:160]}\r\n".encode() in raw


@pytest.mark.parametrize("field", ["subject", "address", "idempotency", "id"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_no_field_can_begin_a_header_of_its_own(field, end):
    with ScriptedMail() as server:
        code = ending(reach(server.port), **{field: f"li@xinghe.example{end}Bcc: all@xinghe.example"})
        assert code == ("unwritable", True, False)
        assert server.heard == []


def test_hostile_words_in_the_body_stay_in_the_body():
    body = "好\r\n.\r\nMAIL FROM:<x@evil.example>\nBcc: a@x.example\n.\n末"
    with ScriptedMail() as server:
        send(page(body=body), reach(server.port))
        assert server.verbs() == ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"]
        found = message_from_bytes(server.letters[0], policy=MODERN)
    assert found["Bcc"] is None
    assert found.get_body(("plain",)).get_content().split() == body.split()


def test_the_html_twin_has_the_same_words_and_no_markup_of_strangers():
    found = compose(page(), reach(25).mail).get_body(("html",)).get_content()
    visible = html.unescape(re.sub(r"<br>", "\n", re.sub(r"</?(?!br)[a-z!][^>]*>", "", found))).strip()
    assert visible == page().subject + page().body
    assert "<b>" not in found
    assert re.findall(r'<a href="([^"]*)">([^<]*)</a>', found) == [(page().link, page().link)]


def test_a_link_with_quotes_cannot_leave_its_attribute():
    evil = 'https://x.example/" onclick="alert(1)'
    found = compose(page(link=evil, body=f"打开：{evil}"), reach(25).mail).get_body(("html",)).get_content()
    assert 'onclick="' not in found


def test_the_same_page_has_the_same_message_id_on_every_try():
    first, second = (compose(page(), reach(25).mail) for _ in range(2))
    assert first["Message-ID"] == second["Message-ID"] == f"<{page().id}@goldenhour>"
    assert compose(page(id="q" * 32), reach(25).mail)["Message-ID"] != first["Message-ID"]
