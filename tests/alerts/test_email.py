"""E-mail: accepted is a 250 after the whole message; every other ending has its own code and a right to another try."""

import html
import re
import socket
from datetime import timedelta
from email import message_from_bytes
from email.policy import default as MODERN

import pytest

from alerts.channels import Channel, Rate, Reach, Receipt
from alerts.channels.email import CHANNEL, compose, send
from config.errors import DeliveryError, SettingsError
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
        ({"GREET": HANG_UP}, ("disconnected", False, False)),
        ({"EHLO": HANG_UP}, ("disconnected", False, False)),
        ({"EHLO": "421 too many connections"}, ("421", False, False)),
        ({"EHLO": "502 what?", "HELO": "554 go away"}, ("554", True, False)),
        ({"RCPT": HANG_UP}, ("disconnected", False, False)),
        ({"DATA": HANG_UP}, ("disconnected", False, True)),
        ({"END": HANG_UP}, ("disconnected", False, True)),
        ({"END": "what?"}, ("-1", False, False)),
    ],
)
def test_every_refusal_has_the_servers_own_code(script, found):
    with ScriptedMail(**script) as server:
        assert ending(reach(server.port)) == found


@pytest.mark.parametrize(
    ("code", "permanent"),
    [(421, False), (450, False), (451, False), (452, False), (454, False)]
    + [(code, True) for code in (500, 530, 550, 551, 552, 553, 554)],
)
@pytest.mark.parametrize("verb", ["GREET", "MAIL", "RCPT", "DATA", "END"])
def test_what_begins_with_4_passes_and_what_begins_with_5_does_not(verb, code, permanent):
    with ScriptedMail(**{verb: f"{code} no"}) as server:
        assert ending(reach(server.port)) == (str(code), permanent, False)


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
        assert ending(reach(server.port), address="Li <li@xinghe.example>")[:2] == ("550", True)


def test_a_server_that_wants_no_password_is_not_given_one():
    with ScriptedMail() as server:
        assert ending(reach(server.port, user="gh")) == ("not_supported", True, False)
        assert server.verbs() == ["EHLO", "QUIT"]


@pytest.mark.parametrize("code", ["454 4.7.0 later", "535 5.7.8 wrong", "534 5.7.9 too weak", "550 5.7.1 no"])
def test_a_wrong_password_may_be_mended_so_it_is_tried_again(code, caplog):
    with caplog.at_level("DEBUG"), ScriptedMail(EHLO="250-here\r\n250 AUTH PLAIN", AUTH=code) as server:
        with pytest.raises(DeliveryError) as caught:
            send(page(), reach(server.port, user="gh"))
        assert server.letters == []
    assert (caught.value.code, caught.value.permanent, caught.value.ambiguous) == (code[:3], False, False)
    for hidden in ("the GOLDENHOUR_SMTP_PASSWORD", "AGdoAHRoZSBHT0xERU5IT1VSX1NNVFBfUEFTU1dPUkQ="):
        assert hidden not in caplog.text + str(caught.value) + repr(caught.value.__cause__)


def test_without_the_password_nobody_is_dialled():
    with ScriptedMail() as server:
        with pytest.raises(SettingsError, match="GOLDENHOUR_SMTP_PASSWORD"):
            send(page(), Reach(reach(server.port, user="gh").mail, {}.get))
        assert server.heard == []


def test_the_password_is_the_secret_of_its_name():
    with ScriptedMail(EHLO="250-here\r\n250 AUTH PLAIN", AUTH="235 welcome") as server:
        send(page(), reach(server.port, user="gh"))
        # base64 of \0 gh \0 the GOLDENHOUR_SMTP_PASSWORD
        assert "AUTH PLAIN AGdoAHRoZSBHT0xERU5IT1VSX1NNVFBfUEFTU1dPUkQ=" in server.heard


def test_nothing_is_said_in_the_clear_to_a_server_without_starttls():
    with ScriptedMail() as server:
        assert ending(reach(server.port, security="starttls", user="gh")) == ("not_supported", True, False)
        assert (server.verbs(), server.letters) == (["EHLO"], [])


def test_a_server_that_is_not_there_is_tried_again():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    assert ending(reach(port)) == ("ConnectionRefusedError", False, False)


def test_without_a_server_in_the_settings_no_try_can_help():
    assert ending(reach(25, host="")) == ("no_server", True, False)


def test_the_longest_key_travels_on_one_line():
    key = ("k" * 150 + ":remind:2026-03-12T06:20:00+00:00")[:160]
    assert f"X-GoldenHour-Key: {key}\r\n".encode() in compose(page(idempotency=key), reach(25).mail).as_bytes()


@pytest.mark.parametrize("field", ["subject", "address", "idempotency", "id"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_no_field_can_begin_a_header_of_its_own(field, end):
    with ScriptedMail() as server:
        code = ending(reach(server.port), **{field: f"li@xinghe.example{end}Bcc: all@xinghe.example"})
        assert code == ("unwritable", True, False)
        assert server.heard == []


@pytest.mark.parametrize("address", ["li@xinghe.example, all@xinghe.example", "Li", "undisclosed:;", ""])
def test_the_yes_of_a_server_is_about_one_person(address):
    with ScriptedMail() as server:
        assert ending(reach(server.port), address=address) == ("address", True, False)
        assert server.heard == []


def test_the_address_may_be_hidden():
    with ScriptedMail() as server:
        send(page(address="secret:WHO"), Reach(reach(server.port).mail, {"WHO": "li@xinghe.example"}.get))
        assert "rcpt TO:<li@xinghe.example>" in server.heard


@pytest.mark.parametrize(
    "ehlo", ["502 what?", "250 here", "250-here\r\n250 8BITMIME", "250-here\r\n250-8BITMIME\r\n250 SMTPUTF8"]
)
def test_three_thousand_characters_arrive_whole_at_the_oldest_server(ehlo):
    body = "\n".join("星禾茶饮喝出问题了" * 20 for _ in range(17)) + "\n" + "字" * 3_000
    with ScriptedMail(EHLO=ehlo, HELO="250 here") as server:
        send(page(body=body), reach(server.port))
    (letter,) = server.letters
    found = message_from_bytes(letter, policy=MODERN)
    assert letter.isascii()
    assert max(len(line) for line in letter.splitlines()) <= 998
    assert found["Subject"] == page().subject
    assert found.get_body(("plain",)).get_content().splitlines() == body.splitlines()


def test_a_chinese_address_needs_a_server_that_knows_such():
    with ScriptedMail() as old:
        assert ending(reach(old.port), address="李@星禾.example") == ("not_supported", True, False)
    with ScriptedMail(EHLO="250-here\r\n250-8BITMIME\r\n250 SMTPUTF8") as server:
        send(page(address="李@星禾.example"), reach(server.port))
    assert "SMTPUTF8" in next(line for line in server.heard if line.startswith("mail FROM"))
    assert message_from_bytes(server.letters[0], policy=MODERN)["Subject"] == page().subject


@pytest.mark.parametrize("marks", ["\u202e\u2066\u200b", "\x00\x07\x1b", "\ud83d"])
def test_marks_nobody_sees_are_left_out_and_stop_nothing(marks):
    with ScriptedMail() as server:
        send(page(subject=f"【红】{marks}甲", body=f"乙{marks}丙\r\n{{{{7*7}}}}"), reach(server.port))
    assert server.letters[0].isascii()
    found = message_from_bytes(server.letters[0], policy=MODERN)
    assert found["Subject"] == "【红】甲"
    assert found.get_body(("plain",)).get_content().splitlines() == ["乙丙", "{{7*7}}"]
    assert "乙丙<br>{{7*7}}" in found.get_body(("html",)).get_content()


def test_the_channel_sends_no_bursts():
    assert Channel(send, rates=(Rate(100, timedelta(minutes=1), shared=True),)) == CHANNEL


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
    assert re.findall(r'<a href="([^"]*)">([^<]*)</a>', found) == [(page().link, page().link)]


def test_a_link_with_quotes_cannot_leave_its_attribute():
    evil = 'https://x.example/" onclick="alert(1)'
    found = compose(page(link=evil, body=f"打开：{evil}"), reach(25).mail).get_body(("html",)).get_content()
    assert 'onclick="' not in found


def test_the_same_page_has_the_same_message_id_on_every_try():
    first, second = (compose(page(), reach(25).mail) for _ in range(2))
    assert first["Message-ID"] == second["Message-ID"] == f"<{page().id}@goldenhour>"
    assert compose(page(id="q" * 32), reach(25).mail)["Message-ID"] != first["Message-ID"]
