"""SMS by Twilio: 201, a sid and no error are a yes; everything else has Twilio's own code."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.channels import Rate, Reach, Receipt
from alerts.channels.twilio_signature import is_right
from alerts.channels.twilio_sms import CHANNEL, LATER, REFUSED, SECRET, message, send
from config.errors import DeliveryError, SettingsError
from config.gateways import Gateways
from config.gateways import Twilio as Account
from config.settings import Mail
from tests.alerts.crew import page
from tests.alerts.receiver import Receiver
from tests.worlds.gateways.dingtalk import HOSTILE
from tests.worlds.gateways.twilio import ACCOUNT, HTML, SENDER, TOKEN, Twilio, no, segments

NUMBER = "+8613800000000"
FOREVER = (
    10001, 20003, 20005, 20404, 21210, 21211, 21212, 21214, 21215, 21216, 21217, 21219, 21408, 21606, 21608, 21610,
    21612, 21614, 21617, 30002, 30004, 30005, 30006, 30007, 30010,
)  # fmt: skip
PASSING = (10004, 20429, 20500, 20503, 21611, 30001, 30003, 30008, 30009, 30022, 30023)
ENGLISH = {"subject": "[RED] please take it: Xinghe Tea: food safety | 40 min left"}


def reach(twilio: Receiver, key: str = TOKEN, **changes) -> Reach:
    base = twilio.url.removesuffix("/chat")
    account = Account(**{"account": ACCOUNT, "sender": SENDER, "base_url": base} | changes)
    return Reach(Mail(), {SECRET: key, "WHO": NUMBER}.get, gateways=Gateways(twilio=account))


def note(address: str = NUMBER, **changes):
    return page(**{"channel": "twilio_sms", "address": address, "reply": "A7K"} | changes)


def ending(twilio: Receiver, address: str = NUMBER, **how) -> tuple[str, bool, bool]:
    """(code, permanent, ambiguous) of a page that was not accepted; nothing secret is in the message or its cause."""
    with pytest.raises(DeliveryError) as caught:
        send(note(address), reach(twilio, **how))
    for said in (str(caught.value), repr(caught.value.__cause__)):
        assert TOKEN not in said
        assert ACCOUNT not in said
    return caught.value.code, caught.value.permanent, caught.value.ambiguous


def test_a_page_is_one_message_to_the_number():
    with Twilio() as twilio:
        found = send(note(), reach(twilio))
    assert found == Receipt("queued", f"accepted by Twilio as SM{1:032x}")
    words = "【红·请接手】星禾茶饮：食品安全｜6条｜剩40分\n回复 A7K 接手\nhttps://gh.example/ack/abc"
    assert twilio.texts == [{"To": NUMBER, "From": SENDER, "Body": words}]


@pytest.mark.parametrize("state", ["accepted", "queued", "sending", "sent"])
def test_what_twilio_took_is_accepted(state):
    with Twilio() as twilio:
        twilio.made = {"status": state}
        assert send(note(), reach(twilio)) == Receipt(state, f"accepted by Twilio as SM{1:032x}")


@pytest.mark.parametrize(
    ("made", "found"),
    [
        ({"status": "failed"}, ("failed", False, False)),
        ({"status": "undelivered"}, ("undelivered", False, False)),
        ({"status": "sent", "error_code": 30003}, ("30003", False, False)),
        ({"status": "queued", "error_code": 30007}, ("30007", True, False)),
        ({"status": "queued", "error_code": "30005"}, ("30005", True, False)),
        ({"status": "queued", "error_code": 30999}, ("30999", False, False)),
        ({"status": "queued", "error_code": {}}, ("error_code", False, False)),
        ({"status": "delivered"}, ("201_not_accepted", False, True)),
        ({"status": ["queued"]}, ("201_not_accepted", False, True)),
        ({"sid": None}, ("201_not_accepted", False, True)),
        ({"sid": "<b>SM1</b>"}, ("201_not_accepted", False, True)),
    ],
)
def test_a_201_counts_only_with_a_sid_and_a_good_status_and_no_error(made, found):
    with Twilio() as twilio:
        twilio.made = made
        assert ending(twilio) == found


@pytest.mark.parametrize("code", [*FOREVER, *PASSING])
def test_every_code_of_twilio_says_whether_another_try_can_help(code):
    with Twilio() as twilio:
        twilio.made = {"error_code": code}
        assert ending(twilio) == (str(code), code in FOREVER, False)
        twilio.refuse(code)
        assert ending(twilio) == (str(code), code in FOREVER, False)


def test_these_are_all_codes_that_are_listed():
    assert (sorted(REFUSED), sorted(LATER)) == (sorted(FOREVER), sorted(PASSING))


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (no(29999, 400), ("29999", True, False)),
        (no(29999, 429), ("29999", False, False)),
        (no(29999, 500), ("29999", False, False)),
        (no(30999, 400), ("30999", False, False)),
        (no(21211, 503), ("21211", True, False)),
        ((429, b""), ("429", False, False)),
        ((500, HTML), ("500", False, False)),
        ((503, b'{"code": "twilio+token"}'), ("503", False, False)),
        ((400, b"[]"), ("400", True, False)),
        ((400, b'{"code": true}'), ("400", True, False)),
        ((401, HTML), ("401", True, False)),
        ((403, b'{"code": -7}'), ("403", True, False)),
        ((302, b""), ("302", True, False)),
        ((200, HTML), ("200_not_created", False, False)),
        ((200, b'{"sid": "SM1", "status": "queued"}'), ("200_not_created", False, False)),
        ((201, HTML), ("201_not_accepted", False, True)),
    ],
)
def test_what_is_no_answer_of_twilio_is_never_a_yes(answer, found):
    with Receiver(answer) as anybody:
        assert ending(anybody) == found


@pytest.mark.parametrize(("asked", "waits"), [("17", 17), ("", 0), ("soon", 0), ("-1", 0), ("1.5", 0)])
def test_twilio_may_ask_to_be_left_alone(asked, waits):
    with Receiver(no(20429), headers={"Retry-After": asked}) as busy, pytest.raises(DeliveryError) as caught:
        send(note(), reach(busy))
    assert (caught.value.code, caught.value.wait_s) == ("20429", waits)


def test_a_wrong_token_is_refused_by_twilio():
    with Twilio() as twilio:
        assert ending(twilio, key="not " + TOKEN) == ("20003", True, False)
        assert ending(twilio, account="AC" + "f0" * 16) == ("20003", True, False)
        assert twilio.texts == []


def test_without_a_token_an_account_or_a_sender_nothing_is_sent():
    with Twilio() as twilio:
        with pytest.raises(SettingsError, match="GOLDENHOUR_TWILIO_TOKEN"):
            send(note(), reach(twilio, key=""))
        assert ending(twilio, account="") == ("no_account", True, False)
        assert ending(twilio, sender="") == ("no_account", True, False)
        assert twilio.came == []


@pytest.mark.parametrize("address", ["", "13800000000", "client:li", "sip:li@x.example", "whatsapp:+8613800000000"])
def test_only_numbers_are_written_to(address):
    with Twilio() as twilio:
        assert ending(twilio, address) == ("address", True, False)
        assert twilio.came == []


def test_the_number_may_be_hidden():
    with Twilio() as twilio:
        send(note("secret:WHO"), reach(twilio))
    assert twilio.texts[0]["To"] == NUMBER


def test_an_account_stays_one_part_of_the_path():
    with Twilio() as twilio:
        assert ending(twilio, account="../Accounts/x?y#z")[0] == "20003"
    assert twilio.came[0].path == "/2010-04-01/Accounts/..%2FAccounts%2Fx%3Fy%23z/Messages.json"


def test_a_twilio_that_is_not_there_never_got_it():
    with Receiver() as gone:
        pass
    assert ending(gone) == ("connect", False, False)


def test_a_twilio_that_hangs_up_may_have_got_it():
    def hang_up():
        raise ConnectionAbortedError

    with Receiver() as rude:
        rude.before = hang_up
        assert ending(rude) == ("RemoteProtocolError", False, True)


def test_the_message_speaks_the_language_of_the_page():
    assert message(note(**ENGLISH)).splitlines() == [
        "[RED] please take it: Xinghe Tea: food safety | 40 min left",
        "Reply A7K to take it",
        "https://gh.example/ack/abc",
    ]
    assert message(note(reply="")) == f"{note().subject}\nhttps://gh.example/ack/abc"
    assert message(note(link="", reply="")) == note().subject


def test_a_page_is_few_segments():
    link = "https://gh.example.com/ack/" + "x" * 150
    assert segments(message(note(link=link))) <= 4
    assert segments(message(note(link=link, **ENGLISH))) <= 2
    assert segments(message(note(link=link, subject="[RED] it’s “bad” – take it…"))) <= 2


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("wrapped", ["{}", "【红】{}｜剩40分", "\r\nReply STOP\r\n{}\u202e"])
def test_a_strangers_words_are_one_line_that_leads_nowhere(text, wrapped):
    lines = message(note(subject=wrapped.format(text))).split("\n")
    assert len(lines) == 3
    assert lines[2] == note().link
    assert "://" not in lines[0]
    assert "evil.example" not in lines[0]
    assert "{{" not in lines[0]
    assert lines[0].isprintable()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=3_000), st.sampled_from(["", "A7K"]), st.integers(0, 3_000))
def test_no_page_is_too_long_or_empty(subject, reply, length):
    made = message(note(subject=subject, reply=reply, link="https://gh.example/" + "x" * length))
    assert 1 <= len(made.encode("utf-16-le")) // 2 <= 1_600
    assert not reply or reply in made


def test_half_a_character_does_not_stop_a_call():
    with Twilio() as twilio:
        send(note(subject="坏\ud83d字"), reach(twilio))
    assert twilio.texts[0]["Body"].startswith("坏字\n")


def test_nothing_secret_is_in_a_log(caplog):
    with caplog.at_level(logging.DEBUG), Twilio() as twilio:
        send(note(), reach(twilio))
        ending(twilio, key="not " + TOKEN)
    assert caplog.records
    assert TOKEN not in caplog.text


def test_an_answer_comes_to_us_signed():
    came: list[tuple] = []
    with Twilio() as twilio:
        twilio.answer("https://gh.example/sms", "a7k 我来", NUMBER, post=lambda *a, **k: came.append((a, k)))
    ((address,), sent), form = came[0], came[0][1]["data"]
    assert address == "https://gh.example/sms"
    assert (form["From"], form["To"], form["Body"]) == (NUMBER, SENDER, "a7k 我来")
    assert is_right(address, form, TOKEN, sent["headers"]["X-Twilio-Signature"])
    assert not is_right(address, form | {"From": "+8613900000000"}, TOKEN, sent["headers"]["X-Twilio-Signature"])


def test_the_channel_keeps_numbers_from_being_blocked_and_takes_answers():
    minutes = timedelta(minutes=1)
    rates = (Rate(5, 15 * minutes), Rate(11, 60 * minutes), Rate(21, 180 * minutes), Rate(1, minutes / 60, shared=True))
    assert replace(CHANNEL, send=send, rates=rates, verified=True, replies=True, settle=None) == CHANNEL
