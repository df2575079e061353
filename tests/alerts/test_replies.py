"""Taking by a word sent back: the code and the number that was called must both fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.replies import LASTS, answered, code_of
from config.errors import AccessError
from store import pages
from tests.alerts.crew import NOW, SECOND, page

CODE = code_of("p" * 32)


@pytest.fixture
def called(store):
    with store.transaction() as tx:
        pages.add(tx, page(channel="twilio_sms", address="+8613800001111", reply=CODE))
    return store


@pytest.mark.parametrize("text", [CODE, f"回复{CODE}接手", f" {CODE}。", f"ack {CODE}", f"我来\n{CODE}"])
@pytest.mark.parametrize("sender", ["+8613800001111", "13800001111", "86 138-0000-1111"])
def test_the_code_from_the_called_number_finds_the_page(called, text, sender):
    with called.reading() as tx:
        assert answered(tx, sender, text, NOW + LASTS - SECOND).id == "p" * 32


@pytest.mark.parametrize(
    ("sender", "text", "later"),
    [
        ("+8613800002222", CODE, 0 * SECOND),
        ("+8613800001111", "好的", 0 * SECOND),
        ("+8613800001111", f"1{CODE}", 0 * SECOND),
        ("+8613800001111", "", 0 * SECOND),
        ("", CODE, 0 * SECOND),
        ("1111", CODE, 0 * SECOND),
        ("+8613800001111", CODE, LASTS + SECOND),
    ],
)
def test_anything_else_takes_nothing(called, sender, text, later):
    with called.reading() as tx, pytest.raises(AccessError, match="No call to this number"):
        answered(tx, sender, text, NOW + later)


def test_a_notice_cannot_be_taken(store):
    with store.transaction() as tx:
        pages.add(tx, page(channel="twilio_sms", address="+8613800001111", reply=CODE, incident=""))
    with store.reading() as tx, pytest.raises(AccessError):
        answered(tx, "+8613800001111", CODE, NOW)


@given(st.text())
def test_a_code_is_four_digits_and_the_same_for_the_same_page(name):
    assert code_of(name) == code_of(name)
    assert len(code_of(name)) == 4
    assert code_of(name).isdecimal()
