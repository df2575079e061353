"""Every road to taking an incident ends in one verb: voice key, SMS, API; forged ones change nothing."""

from datetime import timedelta

import pytest

from alerts.channels.twilio_signature import signature
from alerts.links import spoken
from alerts.replies import code_of
from desk.screens.answering import aliyun_token
from desk.screens.api import token_hash
from store import acks, pages, people
from store.nouns import PageStatus, Paging
from tests.alerts.crew import page
from tests.desk.house import SITE

TOKEN = "twilio auth token"
NUMBER = "+8613800001111"
CODE = code_of("s" * 32)


@pytest.fixture
def called(house):
    """An open incident whose li was called by SMS; the Twilio token is set."""
    object.__setattr__(house.room, "secret", {"GOLDENHOUR_TWILIO_TOKEN": TOKEN}.get)
    found = house.opens()
    with house.store.transaction() as tx:
        pages.add(
            tx,
            page(id="s" * 32, incident=found.id, channel="twilio_sms", address=NUMBER, reply=CODE, idempotency="sms"),
        )
    return house


def twilio(house, path: str, form: dict, token: str = TOKEN):
    headers = {"X-Twilio-Signature": signature(SITE + path, form, token)}
    return house.browser().http.post(path, data=form, headers=headers)


def voice(house, person: str = "li") -> str:
    link = house.room.links.make(house.incident().id, person, house.clock(), "voice")
    return spoken(link).removeprefix(SITE)


def taken(house) -> list[tuple[str, str]]:
    with house.store.reading() as tx:
        return [(one.person, one.via) for one in acks.standing(tx, house.incident().id)]


def test_pressing_one_takes_and_pressing_it_again_is_harmless(called):
    path = voice(called)
    for _ in range(2):
        answer = twilio(called, path, {"CallSid": "CA1", "Digits": "1"})
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/xml; charset=utf-8")
        assert "已由你接手" in answer.text
    assert taken(called) == [("li", "voice")]
    assert called.incident().paging == Paging.ACKED


def test_pressing_two_passes_on_and_anything_else_changes_nothing(called):
    before = called.all_states()
    for digits in ("9", "", "11", "<Dial>"):
        assert "没有改变任何事" in twilio(called, voice(called), {"Digits": digits}).text
    assert called.all_states() == before
    assert "已转给下一位" in twilio(called, voice(called), {"Digits": "2"}).text
    assert called.incident().paging == Paging.PAGING


def test_a_key_pressed_after_the_end_is_heard_to_change_nothing(called):
    called.signed_in("wang").post("/incidents/1/false-alarm", on="/incidents/1", why="误报")
    assert "没有改变任何事" in twilio(called, voice(called), {"Digits": "1"}).text
    assert taken(called) == []


@pytest.mark.parametrize("text", [CODE, f"回复 {CODE} 接手"])
def test_an_sms_with_the_code_from_the_called_number_takes_it(called, text):
    answer = twilio(called, "/sms/twilio", {"From": NUMBER, "Body": text, "MessageSid": "SM1"})
    assert "#1 已由你接手" in answer.text
    assert taken(called) == [("li", "sms")]
    with called.store.reading() as tx:
        assert pages.get(tx, "s" * 32).status == PageStatus.DROPPED


def test_an_sms_from_another_number_or_with_another_code_takes_nothing(called):
    before = called.all_states()
    for form in ({"From": "+8613900002222", "Body": CODE}, {"From": NUMBER, "Body": "好的"}):
        assert "Nothing was changed" in twilio(called, "/sms/twilio", form).text
    assert called.all_states() == before


@pytest.mark.parametrize("path", ["/sms/twilio", "voice"])
def test_what_our_provider_did_not_sign_is_refused(called, path):
    path = voice(called) if path == "voice" else path
    form, before = {"From": NUMBER, "Body": CODE, "Digits": "1"}, called.all_states()
    assert twilio(called, path, form, "another token").status_code == 403
    assert called.browser().http.post(path, data=form).status_code == 403
    tampered = {"X-Twilio-Signature": signature(SITE + path, form, TOKEN)}
    assert called.browser().http.post(path, data=form | {"Body": "x"}, headers=tampered).status_code == 403
    object.__setattr__(called.room, "secret", lambda name: "")
    assert twilio(called, path, form, "").status_code == 403
    assert called.all_states() == before


def test_a_foreign_or_old_voice_link_takes_nothing(called):
    path, before = voice(called), called.all_states()
    assert twilio(called, path[:-3] + "xyz", {"Digits": "1"}).status_code == 403
    called.clock.forward(called.clock() + timedelta(hours=25))
    assert twilio(called, path, {"Digits": "1"}).status_code == 403
    assert called.all_states() == before


def test_aliyun_pushes_replies_to_an_address_of_ours(called):
    path = f"/sms/aliyun/{aliyun_token(called.room.key)}"
    pushed = [
        {"phone_number": "13900002222", "content": CODE},
        {"phone_number": "13800001111", "content": "TD"},
        {"phone_number": "13800001111", "content": f"{CODE}"},
    ]
    answer = called.browser().http.post(path, json=pushed)
    assert (answer.status_code, answer.json()) == (200, {"code": 0, "msg": "accepted"})
    assert taken(called) == [("li", "sms")]


@pytest.mark.parametrize(("path", "said", "status"), [("x", [], 403), ("", {}, 400), ("", "no", 400), ("", [1], 400)])
def test_a_push_that_is_none_is_refused(called, path, said, status):
    address = f"/sms/aliyun/{path or aliyun_token(called.room.key)}"
    assert called.browser().http.post(address, json=said).status_code == status


@pytest.fixture
def api(called):
    """A program's client that acts for li."""
    with called.store.transaction() as tx:
        until = called.clock() + timedelta(days=1)
        people.add_api_token(tx, token_hash("t0ken"), "li", "chat bot", called.clock(), until)
        people.add_api_token(tx, token_hash("viewer"), "kan", "dashboard", called.clock(), until)
    client = called.browser().http
    client.headers["Authorization"] = "Bearer t0ken"
    return client


def test_a_program_reads_takes_and_gives_back_for_its_person(called, api):
    (found,) = api.get("/api/incidents").json()["incidents"]
    assert (found["number"], found["level"], found["paging"], found["owner"]) == (1, "red", "paging", "")
    answer = api.post("/api/incidents/1/acknowledge")
    assert (answer.status_code, answer.json()["paging"], answer.json()["owner"]) == (200, "acked", "li")
    assert taken(called) == [("li", "api")]
    assert api.post("/api/incidents/1/give-back").json()["paging"] == "paging"
    assert api.post("/api/incidents/1/give-back").status_code == 409
    assert api.post("/api/incidents/1/explode").status_code == 404


def test_without_a_living_token_of_somebody_who_may_nothing_changes(called, api):
    before = called.all_states()
    for given in ("", "Bearer wrong", "Basic t0ken", "Bearer viewer"):
        answer = api.post("/api/incidents/1/acknowledge", headers={"Authorization": given})
        assert (answer.status_code, list(answer.json())) == (403, ["error"])
    assert "t0ken" not in api.post("/api/incidents/1/acknowledge", headers={"Authorization": "Bearer wrong"}).text
    called.clock.forward(called.clock() + timedelta(days=1))
    assert api.post("/api/incidents/1/acknowledge").status_code == 403
    assert called.all_states() == before


def test_a_signed_in_browser_is_no_program(called):
    """The API takes no cookie, so no other site can make a browser act on it."""
    assert called.signed_in("li").http.post("/api/incidents/1/acknowledge").status_code == 403
    assert taken(called) == []
