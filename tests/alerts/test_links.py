"""Acknowledge links: what we signed is read back; anything forged, changed, old or of another house is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer

from alerts.links import Link
from config.errors import AccessError
from tests.alerts.crew import LINKS, NOW, SECOND

DAY = timedelta(hours=24)
HEAD = "https://gh.example/ack/"


def token(person: str = "li") -> str:
    link = LINKS.make("i1", person, NOW)
    assert link.startswith(HEAD)
    return link.removeprefix(HEAD)


def test_a_link_names_its_incident_and_person_for_a_day():
    assert LINKS.read(token(), NOW) == Link("i1", "li", "link")
    assert LINKS.read(token(), NOW + DAY - SECOND) == Link("i1", "li", "link")


def test_after_a_day_it_is_too_old():
    with pytest.raises(AccessError, match="too old"):
        LINKS.read(token(), NOW + DAY)


def test_a_link_signed_with_another_key_is_refused():
    with pytest.raises(AccessError, match="not valid"):
        replace(LINKS, key="another").read(token(), NOW)


def test_a_token_of_another_purpose_is_no_link():
    until = int((NOW + DAY).timestamp())
    for salt in ("session", "itsdangerous", ""):
        forged = URLSafeSerializer(LINKS.key, salt=salt).dumps(["i1", "wang", until])
        with pytest.raises(AccessError, match="not valid"):
            LINKS.read(forged, NOW)


def test_one_persons_signature_does_not_fit_anothers_words():
    words, _, signature = token("li").rpartition(".")
    others = token("wang").rpartition(".")[0]
    assert LINKS.read(f"{words}.{signature}", NOW) == Link("i1", "li", "link")
    with pytest.raises(AccessError):
        LINKS.read(f"{others}.{signature}", NOW)


@given(st.text(max_size=80))
def test_no_made_up_token_is_accepted(made_up):
    with pytest.raises(AccessError):
        LINKS.read(made_up, NOW)


@given(st.integers(0, len(token()) - 2), st.sampled_from("Aa0-_.~é\x00"))
def test_no_changed_token_is_accepted(at, letter):
    # The very last character carries spare bits that base64 ignores, so it is left alone.
    good = token()
    changed = good[:at] + letter + good[at + 1 :]
    if changed != good:
        with pytest.raises(AccessError):
            LINKS.read(changed, NOW)


@pytest.mark.parametrize("words", ["li", 7, None, ["i1", "li"], ["i1", "li", "soon"], {"a": 1, "b": 2, "c": 3}])
def test_signed_words_of_another_form_are_refused(words):
    with pytest.raises(AccessError):
        LINKS.read(URLSafeSerializer(LINKS.key, salt="acknowledge").dumps(words), NOW)
