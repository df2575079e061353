"""Twilio's signature by the vectors Twilio publishes; a changed field, another token or none at all is not right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.channels.twilio_signature import is_right, signature

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = {
    "CallSid": "CA1234567890ABCDE",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
    "Caller": "+14158675309",
}
TOKEN, RIGHT = "12345", "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_the_documented_example_has_the_documented_signature():
    assert signature(URL, FORM, TOKEN) == RIGHT
    assert is_right(URL, FORM, TOKEN, RIGHT)


def test_a_field_that_comes_twice_counts_with_both_values():
    form = [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234")]
    assert signature(URL, form, TOKEN) == "IK+Dwps556ElfBT0I3Rgjkr1wJU="
    assert is_right(URL, iter(form), TOKEN, "IK+Dwps556ElfBT0I3Rgjkr1wJU=")


@pytest.mark.parametrize(
    ("url", "given"),
    [
        (URL.replace(".com", ".com:1234"), RIGHT),
        (URL.replace(".com", ".com:443"), RIGHT),
        (URL, "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (URL.replace("https", "http"), "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        (URL.replace("https", "http").replace(".com", ".com:1234"), "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    ],
)
def test_twilio_signs_with_or_without_the_port(url, given):
    assert is_right(url, FORM, TOKEN, given)


@pytest.mark.parametrize(
    "changed",
    [
        {"form": FORM | {"Digits": "1235"}},
        {"form": FORM | {"More": ""}},
        {"form": {name: FORM[name] for name in list(FORM)[1:]}},
        {"form": {}},
        {"url": URL + "&more=1"},
        {"url": URL.replace("https", "http")},
        {"url": URL.replace("mycompany", "elsewhere")},
        {"url": "https://[half/an/address"},
        {"token": "12346"},
        {"token": ""},
        {"given": ""},
        {"given": RIGHT.lower()},
        {"given": RIGHT + "="},
        {"given": "签名"},
        {"given": "\ud83d"},
    ],
)
def test_anything_else_is_not_right(changed):
    assert not is_right(**({"url": URL, "form": FORM, "token": TOKEN, "given": RIGHT} | changed))


def test_without_a_token_not_even_its_own_signature_is_right():
    assert not is_right(URL, FORM, "", signature(URL, FORM, ""))


@given(st.dictionaries(st.text(), st.text()), st.text(min_size=1))
def test_whatever_is_in_the_form_its_order_does_not_matter(form, token):
    made = signature(URL, list(form.items())[::-1], token.encode("utf-8", "replace").decode())
    assert is_right(URL, form, token.encode("utf-8", "replace").decode(), made)
