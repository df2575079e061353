"""From draft to publication: nothing typed is lost, and a yes falls on exactly the text that was read."""

import re

import pytest

from store import texts
from store.nouns import ClockState, Level
from tests.desk.house import MINUTE, hidden
from tests.desk.test_screens import write_facts

TEXT = "/incidents/1/texts/holding/zh"


@pytest.fixture
def written(house):
    """An open incident, taken, with facts enough for a whole statement."""
    house.opens(level=Level.ORANGE)
    duty = house.signed_in("li")
    duty.post("/incidents/1/take", on="/incidents/1")
    write_facts(house, duty)
    return house


def newest(house):
    with house.store.reading() as tx:
        return texts.latest(tx, house.incident().id, "holding", "zh")


def body_on(html):
    found = re.search(r'<textarea id="body"[^>]*>\n(.*?)</textarea>', html, re.DOTALL)
    return found[1] if found else ""


def save(browser, body, based_on=None):
    screen = browser.get(TEXT).text
    fields = {"csrf": hidden(screen, "csrf"), "body": body, "based_on": based_on or hidden(screen, "based_on")}
    return browser.http.post(TEXT, data=fields)


def handed_in(house, by="chen"):
    """Duty hands the newest version in, legal says yes."""
    for person, deed in ((by, "hand-in"), ("zhou", "approve")):
        draft = newest(house)
        answer = house.signed_in(person).post(f"{TEXT}/{deed}", on=TEXT, draft=draft.id, sha256=draft.sha256)
        assert answer.status_code == 303


def approve(browser, screen=None):
    """The last yes, held long enough: the form then carries the digits that name the text."""
    if screen is None:
        handed_in(browser.house)
    html = screen or browser.get(TEXT).text
    fields = {name: hidden(html, name) for name in ("csrf", "draft", "sha256")}
    return browser.http.post(f"{TEXT}/approve", data={**fields, "confirm": fields["sha256"][:8]})


def test_an_edit_is_a_new_version_and_the_clean_text_stays_as_typed(written):
    browser = written.signed_in("li")
    body = newest(written).body + "\n谢谢大家的监督。"
    answer = save(browser, body)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{TEXT}?saved=saved")
    html = browser.get(answer.headers["location"]).text
    assert "已保存为新版本" in html
    assert body_on(html) == body


def test_who_saved_second_sees_both_texts_and_loses_nothing(written):
    first, second = written.signed_in("li"), written.signed_in("chen")
    base = newest(written)
    save(first, base.body + "\n第一位的改动。")
    answer = save(second, base.body + "\n第二位的改动。", str(base.version))
    assert answer.status_code == 409
    assert "两份都在下面" in answer.text
    assert "第二位的改动。" in body_on(answer.text)
    assert "第一位的改动。" in answer.text
    merged = {"csrf": hidden(answer.text, "csrf"), "based_on": hidden(answer.text, "based_on")}
    kept = second.http.post(TEXT, data={**merged, "body": base.body + "\n第一位的改动。\n第二位的改动。"})
    assert kept.status_code == 303
    assert newest(written).body.endswith("第一位的改动。\n第二位的改动。")


def test_an_empty_text_is_refused_without_losing_the_saved_one(written):
    before = newest(written)
    answer = save(written.signed_in("li"), "  \n ")
    assert answer.status_code == 400
    assert "文本是空的" in answer.text
    assert newest(written) == before


def test_findings_stand_beside_the_text_with_a_better_sentence(written):
    browser = written.signed_in("li")
    save(browser, newest(written).body + "\n网传内容纯属造谣，我们将追究法律责任。")
    html = browser.get(TEXT).text
    findings = html[html.index("措辞检查") : html.index("预览")]
    assert "可以写：" in findings
    assert "<mark>" in findings
    assert 'class="finding-' in findings
    assert 'class="tint-blocking"' in html


def test_gaps_are_marked_and_keep_the_button_away(house):
    house.opens()
    html = house.signed_in("zhao").get(TEXT).text
    assert re.search(r'<span class="tint-missing">【待确认：[^<]*】</span>', html)
    assert "批准这份文本" not in html
    assert approve_by_hand(house, "zhao").status_code == 409
    assert "现在不能批准：" in house.signed_in("li").get(TEXT).text
    draft = newest(house)
    refused = house.signed_in("li").post(f"{TEXT}/hand-in", on=TEXT, draft=draft.id, sha256=draft.sha256)
    assert refused.status_code == 409
    assert "还有待确认的内容" in refused.text


def approve_by_hand(house, person):
    """Post the approval although the screen shows no button."""
    browser, draft = house.signed_in(person), newest(house)
    fields = {"draft": draft.id, "sha256": draft.sha256}
    return browser.post(f"{TEXT}/approve", on=TEXT, **fields)


@pytest.mark.parametrize("person", ["li", "chen", "zhou", "ops", "kan"])
def test_only_the_spokesperson_and_the_deputy_have_the_button(written, person):
    browser = written.signed_in(person)
    handed_in(written)
    assert "批准这份文本" not in browser.get(TEXT).text
    on = TEXT if hidden(browser.get(TEXT).text, "csrf") else "/"
    draft = newest(written)
    refused = browser.post(f"{TEXT}/approve", on=on, draft=draft.id, sha256=draft.sha256)
    assert refused.status_code == 403


def test_whoever_wrote_it_does_not_approve_it(written):
    deputy = written.signed_in("wang")
    save(deputy, newest(written).body + "\n谢谢大家的监督。")
    handed_in(written)
    html = deputy.get(TEXT).text
    assert "写的人不能批准自己的文本" in html
    assert "批准这份文本" not in html


def test_a_yes_to_a_text_that_changed_meanwhile_is_refused(written):
    spokesperson = written.signed_in("zhao")
    handed_in(written)
    seen = spokesperson.get(TEXT).text
    save(written.signed_in("li"), newest(written).body + "\n又加了一句。")
    refused = approve(spokesperson, seen)
    assert refused.status_code == 409
    assert "不是最新" in refused.text


def test_approve_publish_and_the_clock_stops(written):
    spokesperson = written.signed_in("zhao")
    assert approve(spokesperson).headers["location"] == f"{TEXT}?saved=approved"
    html = spokesperson.get(TEXT).text
    assert "赵发言人 已批准" in html
    assert 'value="2026-03-12T14:00"' in html
    fields = {name: hidden(html, name) for name in ("csrf", "draft")}
    post = {"platform": "weibo", "url": "https://weibo.example/p/1", "published_at": "2026-03-12T14:00"}
    assert spokesperson.http.post(f"{TEXT}/publish", data={**fields, **post}).status_code == 303
    incident = written.incident()
    assert (incident.clock, incident.met_at - incident.t0) == (ClockState.MET, 20 * MINUTE)
    html = spokesperson.get("/incidents/1").text
    assert "已回应，用时" in html
    assert "下一步：兑现承诺，准备更新" in html


def test_a_post_is_recorded_only_with_a_web_address_and_a_possible_time(written):
    spokesperson = written.signed_in("zhao")
    approve(spokesperson)
    html = spokesperson.get(TEXT).text
    fields = {name: hidden(html, name) for name in ("csrf", "draft")} | {"platform": "weibo"}
    bad = [
        {"url": "javascript:alert(1)", "published_at": "2026-03-12T14:00"},
        {"url": "https://weibo.example/p/1", "published_at": "2026-03-12T15:00"},
        {"url": "https://weibo.example/p/1", "published_at": ""},
    ]
    assert [spokesperson.http.post(f"{TEXT}/publish", data={**fields, **one}).status_code for one in bad] == [400] * 3
    assert written.incident().clock == ClockState.RUNNING


def test_duty_cannot_record_a_publication(written):
    approve(written.signed_in("zhao"))
    duty = written.signed_in("li")
    assert "记录发布" not in duty.get(TEXT).text
    draft = newest(written)
    post = {
        "draft": draft.id,
        "platform": "weibo",
        "url": "https://weibo.example/1",
        "published_at": "2026-03-12T14:00",
    }
    assert duty.post(f"{TEXT}/publish", on=TEXT, **post).status_code == 403


def test_a_changed_fact_voids_the_yes_and_the_screen_says_why(written):
    approve(written.signed_in("zhao"))
    duty = written.signed_in("li")
    change = {"label": "F1", "slot": "done", "zh": "涉事门店已停业", "status": "confirmed", "scope": "public"}
    duty.post("/incidents/1/facts", **change, source="店长", evidence="照片", sha256="c" * 64)
    html = duty.get(TEXT).text
    assert "赵发言人 的批准已失效：F1 已变更" in html
    assert "引用的事实变了" in html


def test_the_sheet_of_questions_says_what_must_not_be_said(written):
    html = written.signed_in("li").get("/incidents/1/texts/qa/zh").text
    assert html.count('<article class="question">') >= 3
    assert "<b>不可说：</b>" in html
    assert "措辞检查" not in html


def test_lengths_are_counted_per_platform(written):
    browser = written.signed_in("li")
    save(browser, newest(written).body + "\n" + "很长。" * 700)
    html = browser.get(TEXT).text
    assert re.search(r'微博</th><td class="number">\d+ / 2000</td><td><b>超 \d+ 字', html)
    assert re.search(r'公众号</th><td class="number">\d+ / 20000</td><td>放得下', html)


def test_a_text_of_another_incident_is_not_approved_through_this_address(written):
    draft = newest(written)
    spokesperson = written.signed_in("zhao")
    wrong = spokesperson.post("/incidents/1/texts/qa/zh/approve", on=TEXT, draft=draft.id, sha256=draft.sha256)
    assert wrong.status_code == 400
