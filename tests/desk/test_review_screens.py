"""What reviewers touch: the inbox, live findings, a suggestion taken, versions compared, read aloud, a right lent."""

import re
from datetime import timedelta

from config.clock import stopwatch
from store.nouns import Level
from tests.desk.house import MINUTE, hidden
from tests.desk.test_editor import TEXT, approve, handed_in, newest, save, written

__all__ = ["written"]
QUICK_MS = 200


def waiting(house, person):
    return house.signed_in(person).get("/approvals").text


def test_each_finds_what_waits_for_them_and_nobody_else_does(written):
    assert "核对事实并送审" in waiting(written, "li")
    assert "没有文本在等你" in waiting(written, "zhou")
    draft = newest(written)
    written.signed_in("chen").post(f"{TEXT}/hand-in", on=TEXT, draft=draft.id, sha256=draft.sha256)
    legal = waiting(written, "zhou")
    assert "请法务审阅" in legal
    assert "点名请你" in legal
    assert f'href="{TEXT}"' in legal
    assert "请批准" not in waiting(written, "zhao")
    written.signed_in("zhou").post(f"{TEXT}/approve", on=TEXT, draft=draft.id, sha256=draft.sha256)
    assert "请批准" in waiting(written, "zhao")
    assert "没有文本在等你" in waiting(written, "zhou")


def test_the_link_stands_only_for_those_with_such_roles(written):
    assert 'href="/approvals"' in written.signed_in("zhou").get("/").text
    assert 'href="/approvals"' not in written.signed_in("kan").get("/").text


def test_findings_come_while_one_types_and_nothing_is_kept(written):
    browser = written.signed_in("li")
    csrf = hidden(browser.get(TEXT).text, "csrf")
    body = newest(written).body + "\n如给您带来不便，我们深表歉意。"
    before = newest(written)
    found = browser.http.post(f"{TEXT}/lint", data={"csrf": csrf, "body": body}).json()["findings"]
    hit = next(one for one in found if one["rule"] == "S05")
    start, end = hit["sentence"]
    assert body[start:end] == "如给您带来不便，我们深表歉意。"
    assert newest(written) == before
    assert browser.http.post(f"{TEXT}/lint", data={"body": body}).status_code == 403
    assert browser.http.post(f"{TEXT}/lint", data={"csrf": csrf, "body": "长" * 20_001}).status_code == 400


def test_two_thousand_characters_are_linted_within_two_hundred_milliseconds(written):
    browser = written.signed_in("li")
    csrf = hidden(browser.get(TEXT).text, "csrf")
    body = (newest(written).body * 10)[:2000]
    times = []
    for _ in range(5):
        began = stopwatch()
        assert browser.http.post(f"{TEXT}/lint", data={"csrf": csrf, "body": body}).status_code == 200
        times.append((stopwatch() - began) * 1000)
    assert min(times) <= QUICK_MS


def test_one_tap_puts_the_suggested_sentence_in_the_place_of_the_faulty_one(written):
    browser = written.signed_in("li")
    body = newest(written).body + "\n如给您带来不便，我们深表歉意。谢谢大家。"
    save(browser, body)
    screen = browser.get(TEXT).text
    value = re.search(r'name="adopt" value="(S05:\d+)"', screen)[1]
    fields = {"csrf": hidden(screen, "csrf"), "body": body, "based_on": hidden(screen, "based_on"), "adopt": value}
    assert browser.http.post(f"{TEXT}/adopt", data=fields).status_code == 303
    assert "不便" not in newest(written).body
    assert "我们向她和她的家人道歉。谢谢大家。" in newest(written).body
    assert browser.http.post(f"{TEXT}/adopt", data={**fields, "adopt": "S05:1"}).status_code == 400


def test_any_two_versions_are_compared_and_the_text_is_read_aloud(written):
    browser = written.signed_in("li")
    save(browser, newest(written).body + "\n谢谢大家的监督。")
    assert "<ins>" in browser.get(f"{TEXT}/diff").text
    number = newest(written).version
    html = browser.get(f"{TEXT}/diff?a={number - 1}&b={number}").text
    assert re.search(r"<ins>\s*谢谢大家的监督。</ins>", html)
    assert browser.get(f"{TEXT}/diff?a=1&b=99").status_code == 404
    assert browser.get(f"{TEXT}/diff?a=77").status_code == 404
    assert re.search(r"约 \d+ 秒", browser.get(f"{TEXT}/aloud").text)


def test_the_last_yes_without_a_held_button_asks_once_more(written):
    handed_in(written)
    browser = written.signed_in("zhao")
    screen = browser.get(TEXT).text
    fields = {name: hidden(screen, name) for name in ("csrf", "draft", "sha256")}
    asked = browser.http.post(f"{TEXT}/approve", data=fields)
    assert asked.status_code == 200
    assert newest(written).sha256[:8] in asked.text
    assert newest(written).state.value == "spokesperson_review"
    wrong = browser.http.post(f"{TEXT}/approve", data={**fields, "confirm": "00000000"})
    assert wrong.status_code == 200
    assert newest(written).state.value == "spokesperson_review"
    assert approve(browser, screen).status_code == 303
    assert newest(written).state.value == "approved"


def test_an_objection_is_shown_with_its_sentence_and_only_its_author_takes_it_back(written):
    draft, legal = newest(written), written.signed_in("zhou")
    said = {"draft": draft.id, "sentence": "在查清之前，我们不作猜测。", "note": "没有证据", "strong": "yes"}
    assert legal.post(f"{TEXT}/object", on=TEXT, **said).status_code == 303
    html = written.signed_in("zhao").get(TEXT).text
    assert "强烈反对" in html
    assert "<mark>在查清之前，我们不作猜测。</mark>" in html
    objection = hidden(legal.get(TEXT).text, "objection")
    other = written.signed_in("zhao").post(f"{TEXT}/withdraw", on=TEXT, draft=draft.id, objection=objection)
    assert other.status_code == 403
    assert legal.post(f"{TEXT}/withdraw", on=TEXT, draft=draft.id, objection=objection).status_code == 303


def test_the_right_to_speak_is_lent_with_one_tap_and_taken_back(written):
    speaker = written.signed_in("zhao")
    assert "授权副手" in speaker.get("/approvals").text
    assert "授权副手" not in waiting(written, "li")
    assert written.signed_in("li").post("/approvals/lend", on="/approvals", person="li").status_code == 403
    assert speaker.post("/approvals/lend", on="/approvals", person="chen", incident="1").status_code == 303
    html = speaker.get("/approvals").text
    assert "陈备班" in html
    address = re.search(r'action="(/approvals/lent/\w+/end)"', html)[1]
    assert speaker.post(address, on="/approvals").status_code == 303
    assert speaker.post(address, on="/approvals").status_code == 400


def test_after_thirty_five_minutes_without_legal_the_short_form_is_offered(house):
    house.opens(level=Level.ORANGE, ago=34 * MINUTE)
    from tests.desk.test_screens import write_facts

    write_facts(house, house.signed_in("li"))
    draft = newest(house)
    house.signed_in("chen").post(f"{TEXT}/hand-in", on=TEXT, draft=draft.id, sha256=draft.sha256)
    assert "改用短声明" not in house.signed_in("li").get(TEXT).text
    house.clock.forward(house.clock() + timedelta(minutes=2))
    assert "改用短声明" in house.signed_in("li").get(TEXT).text
    assert "改用短声明" in waiting(house, "zhou")
    answer = house.signed_in("li").post(f"{TEXT}/short", on=TEXT)
    assert answer.headers["location"] == "/incidents/1/texts/short/zh"
