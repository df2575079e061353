"""Who may come in, who may do what, and that a form from elsewhere does nothing."""

from datetime import timedelta

import httpx
import pytest

from store import people
from tests.desk.house import PASSWORD, Browser, Inside, hidden


def test_a_stranger_is_sent_to_sign_in_and_back_again_afterwards(house):
    browser = house.browser()
    sent = browser.get("/mentions?q=茶")
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in?next=%2Fmentions%3Fq%3D%25E8%258C%25B6")
    entered = browser.sign_in("li", back="/mentions")
    assert (entered.status_code, entered.headers["location"]) == (303, "/mentions")
    assert browser.get("/mentions").status_code == 200


def test_the_cookie_is_not_readable_by_scripts_and_the_store_keeps_only_its_hash(house):
    entered = house.browser().sign_in("li")
    cookie = next(one for one in entered.headers.get_list("set-cookie") if one.startswith("goldenhour="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    token = cookie.partition("=")[2].partition(";")[0]
    with house.store.reading() as tx:
        assert people.session(tx, token, house.clock()) is None


def test_five_wrong_passwords_close_the_door_for_fifteen_minutes_even_for_the_right_one(house):
    browser = house.browser()
    assert [browser.sign_in("li", "wrong").status_code for _ in range(5)] == [403] * 5
    closed = browser.sign_in("li")
    assert (closed.status_code, closed.headers["retry-after"]) == (429, "900")
    assert "14:15" in closed.text
    house.clock.forward(house.clock() + timedelta(minutes=15))
    assert browser.sign_in("li").status_code == 303


def test_unknown_names_are_throttled_like_known_ones_and_told_the_same(house):
    browser = house.browser()
    unknown, known = browser.sign_in("nobody", "wrong"), browser.sign_in("li", "wrong")
    assert unknown.status_code == known.status_code == 403
    assert "登录名或密码不对" in unknown.text
    assert "登录名或密码不对" in known.text
    assert [browser.sign_in(f"guess{n}", "x").status_code for n in range(4)] == [403, 403, 403, 429]


def test_good_sign_ins_do_not_use_up_the_tries_of_an_office(house):
    assert [house.browser().sign_in("li").status_code for _ in range(7)] == [303] * 7


def test_a_sign_in_form_from_another_site_is_refused(house):
    browser = house.browser()
    browser.get("/sign-in")
    answer = browser.http.post("/sign-in", data={"csrf": "guessed", "person": "li", "password": PASSWORD})
    assert answer.status_code == 403
    assert "goldenhour" not in browser.http.cookies


def test_a_form_without_its_token_changes_nothing(house):
    house.opens()
    browser, before = house.signed_in("li"), house.all_states()
    for data in ({}, {"csrf": ""}, {"csrf": "x" * 43}):
        answer = browser.http.post("/incidents/1/take", data=data)
        assert answer.status_code == 403
        assert "表单早于你这次登录" in answer.text
    assert house.all_states() == before


def test_signing_out_ends_the_session_in_the_store(house):
    browser = house.signed_in("li")
    token = browser.http.cookies["goldenhour"]
    assert browser.post("/sign-out", on="/").headers["location"] == "/sign-in"
    thief = httpx.Client(transport=Inside(house.app), base_url="http://desk.test", cookies={"goldenhour": token})
    assert thief.get("/").status_code == 303


def test_a_session_ends_after_its_time(house):
    browser = house.signed_in("li")
    house.clock.forward(house.clock() + house.room.settings.service.web.session)
    assert browser.get("/").status_code == 303


def test_a_text_typed_before_the_session_ended_is_handed_back(house):
    house.opens()
    browser = house.signed_in("li")
    house.clock.forward(house.clock() + timedelta(hours=13))
    answer = browser.http.post("/incidents/1/texts/holding/zh", data={"csrf": "old", "body": "写了一小时的声明"})
    assert answer.status_code == 403
    assert "写了一小时的声明" in answer.text


@pytest.mark.parametrize("person", ["kan", "zhou"])
@pytest.mark.parametrize("act", ["take", "pass", "resolve", "false-alarm", "t0"])
def test_who_may_only_look_or_advise_cannot_act_on_an_incident(house, person, act):
    house.opens()
    browser, before = house.signed_in(person), house.all_states()
    fields = {"why": "试试", "t0": "2026-03-12T13:30"}
    answer = browser.post(f"/incidents/1/{act}", on="/incidents/1", **fields)
    assert answer.status_code == 403
    assert "你的角色不能做这一步" in answer.text
    assert house.all_states() == before


def test_a_viewer_cannot_write_facts_or_texts(house):
    house.opens()
    browser, before = house.signed_in("kan"), house.all_states()
    fact = {"slot": "done", "zh": "假的", "status": "confirmed", "scope": "public", "source": "我"}
    assert browser.post("/incidents/1/facts", on="/incidents/1", **fact).status_code == 403
    text = browser.post("/incidents/1/texts/holding/zh", on="/incidents/1", body="假的", based_on="1")
    assert text.status_code == 403
    assert house.all_states() == before


@pytest.mark.parametrize("path", ["/", "/incidents", "/incidents/1", "/mentions", "/sources", "/deliveries", "/pulse"])
def test_nothing_is_shown_to_strangers(house, path):
    house.opens()
    answer = house.browser().get(path)
    assert (answer.status_code, answer.content) == (303, b"")


@pytest.mark.parametrize(
    "back",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/x\r\nSet-Cookie: a=b"],
)
def test_no_link_of_ours_leads_to_another_site(house, back):
    browser = house.browser()
    assert browser.sign_in("li", back=back).headers["location"] == "/"
    for path in ("/language", "/brand"):
        answer = browser.http.get(path, params={"to": "en", "back": back})
        assert answer.headers["location"] == "/"


def test_every_answer_carries_the_security_headers(house):
    house.opens()
    browser = house.signed_in("li")
    for path in ("/", "/incidents/1", "/nowhere", "/health", "/static/desk.css"):
        headers = browser.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == ("public, max-age=300" if path.startswith("/static") else "no-store")


def test_no_screen_needs_what_the_policy_forbids(house):
    house.opens()
    browser = house.signed_in("zhao")
    for path in ("/", "/incidents/1", "/incidents/1/facts", "/incidents/1/texts/holding/zh", "/sources", "/deliveries"):
        html = browser.get(path).text
        assert " style=" not in html
        assert "<style" not in html
        assert html.count("<script") == html.count('<script src="/static/') > 0


def test_a_form_that_is_too_large_or_of_another_kind_is_refused(house):
    browser: Browser = house.signed_in("li")
    large = browser.http.post("/sign-out", data={"csrf": "x" * 300_000})
    token = hidden(browser.get("/").text, "csrf")
    other = browser.http.post("/sign-out", content=f"csrf={token}", headers={"Content-Type": "text/plain"})
    # Read, but no form: the token of a form must stand in a form.
    program = browser.http.post("/sign-out", json={"csrf": token})
    assert (large.status_code, other.status_code, program.status_code) == (400, 400, 403)
