"""The Q&A screens: gaps first, nothing typed is lost, another person says yes, and paper shows only what holds."""

import re
from datetime import timedelta

import pytest

from store import answers, journal
from store.incidents import subject
from tests.desk.house import hidden

POSTS = (
    ("weibo", "甲", "", "孩子喝了上吐下泻，现在还能喝吗", "上吐下泻", 0),
    ("weibo", "乙", "", "求问家里那箱还能不能喝", "", 1),
    ("weibo", "丙", "", "其他门店呢", "", 2),
    ("xiaohongshu", "丁", "", "新街口店几点关门啊", "", 3),
    ("xiaohongshu", "戊", "", "請問門店幾點關門？<script>alert(1)</script>", "", 4),
)
SHEET = "/incidents/1/answers/zh"
Q4 = SHEET + "/Q4"


@pytest.fixture
def opened(house):
    house.opens(POSTS)
    return house


def fact(house, person="li", label="", **changes):
    fields = {
        "slot": "scope", "zh": "涉及南京2家门店", "en": "2 stores in Nanjing", "status": "confirmed", "scope": "public",
        "source": "店长", "evidence": "照片", "sha256": "a" * 64, **changes,
    }  # fmt: skip
    fields |= {"label": label} if label else {}
    answer = house.signed_in(person).post("/incidents/1/facts", **fields)
    assert answer.status_code == 303, answer.text
    return answer


def written(house, person="li", path=Q4, **changes):
    browser = house.signed_in(person)
    screen = browser.get(path).text
    fields = {name: hidden(screen, name) for name in ("csrf", "based_on", "question")}
    fields |= {"answer": "涉及南京2家门店，范围还在核对。", "status": "READY", "asker": "media", "fact_F1": "1"}
    return browser.http.post(path, data={**fields, **changes})


def approved(house, person="zhao", path=Q4, until="2026-03-12T18:00", screen=None):
    browser = house.signed_in(person)
    html = screen or browser.get(path).text
    fields = {name: hidden(html, name) for name in ("based_on", "answer")}
    fields["csrf"] = hidden(browser.get(path).text, "csrf")
    return browser.http.post(f"{path}/approve", data={**fields, "valid_until": until})


def newest(house, qid="Q4"):
    with house.store.reading() as tx:
        found = answers.versions(tx, house.incident().id, qid, "zh")
        return found[-1] if found else None


def paper(house, lang="zh"):
    return house.signed_in("zhao").get(f"/incidents/1/answers/{lang}/print")


def test_the_sheet_stands_at_once_with_gaps_first_by_word_and_links_to_who_asks(opened):
    html = opened.signed_in("li").get(SHEET).text
    gaps, rest = html.split('id="rest"')
    assert "我买过，现在该怎么办？" in gaps
    assert "缺口" in gaps
    assert "2 条提及在问" in gaps
    assert re.search(r'href="/mentions/[0-9a-f]{32}"', gaps)
    assert "影响多大" in rest
    assert gaps.count("<article") + rest.count("<article") == 12 + 5 + 1


def test_a_strangers_question_is_shown_escaped_and_can_be_answered(opened):
    html = opened.signed_in("li").get(SHEET).text
    assert "<script>alert" not in html
    path = re.search(r'href="(/incidents/1/answers/zh/M[0-9a-f]+)"', html)[1]
    answer = written(
        opened,
        path=path,
        status="PENDING_FACT",
        answer="营业时间还在核实。",
        fact_F1="",
        question=hidden_question(opened, path),
    )
    assert answer.status_code == 303, answer.text
    kept = opened.signed_in("li").get(SHEET).text
    assert "营业时间还在核实。" in kept
    assert kept.count("幾點關門") >= 1


def hidden_question(house, path):
    return re.search(r'name="question"[^>]*value="([^"]*)"', house.signed_in("li").get(path).text)[1]


def test_a_confirmed_fact_answers_and_an_answer_is_approved_by_another_person_only(opened):
    fact(opened)
    assert written(opened).status_code == 303
    assert approved(opened, "li").status_code == 403
    assert written(opened, "wang", answer="涉及南京2家门店。").status_code == 303
    assert approved(opened, "wang").status_code == 409
    assert approved(opened).status_code == 303
    assert newest(opened).approved_by == "zhao"
    with opened.store.reading() as tx:
        words = [one.what for one in journal.entries(tx, subject(opened.incident().id))]
    assert words.count("answer_saved") == 2
    assert words.count("answer_approved") == 1


def test_a_computed_answer_can_be_approved_as_it_stands_but_not_when_the_facts_moved_meanwhile(opened):
    fact(opened)
    screen = opened.signed_in("zhao").get(Q4).text
    fact(opened, label="F1", zh="涉及南京3家门店", en="3 stores in Nanjing")
    assert approved(opened, screen=screen).status_code == 409
    assert newest(opened) is None
    assert approved(opened).status_code == 303
    assert newest(opened).rests_on == ("F1@2",)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"answer": "字" * 81}, "最多 80 字"),
        ({"answer": " "}, "答案是空的"),
        ({"fact_F1": "", "fact_F9": "1"}, "没有事实 F9"),
        ({"answer": "涉及南京7家门店。"}, "没有已核实的公开事实支持这些数字"),
        ({"status": "REFER"}, "写明是哪个部门"),
        ({"status": "DECLINE", "reason": "privacy"}, "作为替代"),
        ({"status": "DECLINE", "instead": "热线", "reason": "mood"}, "选择理由"),
        ({"status": "MAYBE"}, "列表里选择状态"),
        ({"answer": "涉及南京2家门店【待确认：批次】。"}, "不能还有待确认"),
        ({"answer": "店员漏装滤网，正在处理。"}, "不能对外说"),
    ],
)  # fmt: skip
def test_what_an_answer_must_not_be_is_refused_with_all_that_was_typed(opened, changes, said):
    fact(opened)
    fact(opened, slot="cause", zh="店员漏装滤网", en="a filter was left out", status="unverified")
    answer = written(opened, **{"bridge": "我的过渡句", **changes})
    assert answer.status_code == 400
    assert said in answer.text
    assert "我的过渡句" in answer.text
    assert changes.get("answer", "涉及南京2家门店，范围还在核对。").strip() in answer.text
    assert newest(opened) is None


def test_two_writers_lose_nothing(opened):
    fact(opened)
    first = opened.signed_in("li")
    screen = first.get(Q4).text
    assert written(opened, "chen", answer="涉及南京2家门店，先到先存。").status_code == 303
    fields = {
        "csrf": hidden(screen, "csrf"),
        "based_on": "0",
        "question": "x",
        "status": "READY",
        "asker": "media",
        "fact_F1": "1",
    }
    answer = first.http.post(Q4, data={**fields, "answer": "涉及南京2家门店，后到的话。"})
    assert answer.status_code == 409
    assert "后到的话" in answer.text
    assert "先到先存" in answer.text


def test_expired_and_stale_answers_are_never_printed_as_answers(opened):
    fact(opened)
    written(opened, answer="涉及南京2家门店，逐店核对。")
    assert "逐店核对" in paper(opened).text
    assert (
        "未批准"
        in re.search(r"<section class=\"row[^>]*>(?:(?!</section>).)*逐店核对", paper(opened).text, re.DOTALL)[0]
    )
    approved(opened)
    assert "有效至" in paper(opened).text
    opened.clock.forward(opened.clock() + timedelta(hours=5))
    html = paper(opened).text
    assert "逐店核对" not in html
    assert "已过期" in html
    assert "已过期" in opened.signed_in("li").get(SHEET).text


def test_a_changed_fact_takes_the_answer_off_the_paper_and_out_of_reach_of_a_yes(opened):
    fact(opened)
    written(opened, answer="涉及南京2家门店，逐店核对。")
    approved(opened)
    fact(opened, label="F1", zh="涉及南京2家门店", status="refuted")
    html = paper(opened).text
    assert "逐店核对" not in html
    assert "事实已变" in html
    assert approved(opened).status_code in (400, 409)


def test_the_paper_stands_alone_and_everything_on_it_is_escaped(opened):
    answer = paper(opened)
    assert answer.headers["content-disposition"] == 'attachment; filename="answers-1-zh.html"'
    assert "default-src 'none'; style-src 'sha256-" in answer.headers["content-security-policy"]
    assert not re.search(r"""(src|href)\s*=|url\(|@import|<script""", answer.text)
    assert "<style>" in answer.text


def test_only_an_approved_answer_goes_into_the_library_and_comes_back_as_a_proposal(opened):
    fact(opened)
    written(opened, answer="涉及南京2家门店，正在逐店核对。")
    assert opened.signed_in("li").post(f"{Q4}/shelve", on=Q4).status_code == 409
    approved(opened)
    assert opened.signed_in("li").post(f"{Q4}/shelve", on=Q4).status_code == 303
    html = opened.signed_in("li").get("/answers?q=门店").text
    assert "逐店核对" in html
    assert "2家" not in html
    assert "南京" not in html
    browser = opened.signed_in("li")
    screen = browser.get(Q4).text
    fields = {name: hidden(screen, name) for name in ("csrf", "shelved")}
    assert browser.http.post(f"{Q4}/propose", data={**fields, "based_on": "1"}).status_code == 303
    made = newest(opened)
    assert (made.status, made.approved_by, made.rests_on) == ("PENDING_FACT", "", ())
    assert "待确认" in made.answer
    assert approved(opened).status_code == 409


def test_readers_read_and_do_nothing(opened):
    fact(opened)
    assert opened.signed_in("kan").get(SHEET).status_code == 200
    assert written(opened, "kan").status_code == 403
    assert approved(opened, "kan").status_code == 403
    assert newest(opened) is None
    for path in ("/incidents/1/answers/fr", "/incidents/1/answers/zh/Q99", "/incidents/9/answers/zh"):
        assert opened.signed_in("li").get(path).status_code == 404


def test_practice_shows_five_and_the_paper_none(opened):
    html = opened.signed_in("li").get(f"{SHEET}/practice").text
    assert html.count("<details><summary>看最接近") == 5
    assert "良心过得去" in html
    assert "良心过得去" not in paper(opened).text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_yes_ends_at_its_time_and_takes_a_time_that_can_be(opened, lang):
    path = f"/incidents/1/answers/{lang}/Q7"
    assert approved(opened, path=path, until="2026-03-12T13:00").status_code == 400
    assert approved(opened, path=path, until="2026-05-12T13:00").status_code == 400
    assert approved(opened, path=path, until="soon").status_code == 400
    assert approved(opened, path=path).status_code == 303
