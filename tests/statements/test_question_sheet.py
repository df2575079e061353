"""Stories and properties: which questions people ask, and a sheet that answers from facts or says that it cannot."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import SettingsError
from statements.answering.answers import Question, load_questions, mine_questions, render_sheet
from statements.answering.questions import questions_for
from statements.rules.wording import load_wording
from store.nouns import FactScope, FactStatus
from tests.statements.room import CATEGORIES, context, fact, good_facts

LINE = re.compile(r"(?m)^(\S+) \[([A-Z_]+)\] (.*)\n(?:答：|A: )(.*)\n(?:不可说：|Do not say: )(.*)$")
FACTS = ("依据：", "Facts: ")


def sheet(category="food_safety", lang="zh", facts=None, mined=()):
    made = render_sheet(context(category, lang, facts), lang, mined)
    return {qid: (status, question, answer, rest) for qid, status, question, answer, rest in LINE.findall(made.body)}


def test_mentions_are_counted_by_what_they_ask_and_the_hottest_stands_first():
    heard = ["孩子住院了，还能喝吗？"] * 3 + ["怎么退款", "退款！退款！", "其他门店呢", "路过看看"]
    found = mine_questions(heard, category="food_safety")
    assert [(one.theme, one.heat) for one in found] == [("Q3", 3), ("Q10", 2), ("Q4", 1)]
    assert next(iter(sheet(mined=found))) == "Q3"
    assert sheet(mined=found)["Q10"][1] == "怎么退款、赔偿？（2 条提及在问）"


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("这个还能喝吗", "Q3"),
        ("是哪家店？", "Q4"),
        ("为什么会这样", "Q5"),
        ("这事谁负责", "Q6"),
        ("不是第一次了吧", "Q8"),
        ("打12315有用吗，找哪个部门", "Q11"),
        ("真的假的", "Q12"),
        ("我的信息泄露了吗，哪些信息？", "D1Q"),
        ("Is it true?", "Q12"),
        ("I want a refund", "Q10"),
        ("Was anyone hurt?", "Q2"),
    ],
)
def test_a_theme_is_recognised_in_peoples_own_words(text, theme):
    assert theme in {one.theme for one in mine_questions([text])}


@pytest.mark.parametrize("text", ["the details of this issue are available", "味道不错", "I liked it before"])
def test_words_that_only_contain_a_theme_ask_nothing(text):
    assert mine_questions([text]) == ()


def test_what_nobody_prepared_is_kept_in_peoples_words_without_numbers_and_shown_when_two_ask():
    found = mine_questions(["请问13812345678是谁的电话？"] * 2 + ["几点下班？"])
    assert found == (Question("", "请问…是谁的电话", 2), Question("", "几点下班", 1))
    lines = sheet(mined=found)
    assert lines["M1"][:2] == ("PENDING_FACT", "“请问…是谁的电话”（2 条提及在问）")
    assert "M2" not in lines


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("category", CATEGORIES)
def test_the_sheet_renders_with_no_fact_at_all_and_says_so(category, lang):
    made = render_sheet(context(category, lang, facts=()), lang, ())
    lines = sheet(category, lang, ())
    own = [one for one in load_questions() if one.for_ in ("all", category)]
    assert list(lines) == [one.id for one in own]
    assert made.fact_ids == ()
    mark = "【待确认：" if lang == "zh" else "[To be confirmed: "
    for one in own:
        status, _, answer, _ = lines[one.id]
        assert status == one.open
        assert (mark in answer) == (status == "PENDING_FACT")
    assert len(made.missing) == sum(status == "PENDING_FACT" for status, *_ in lines.values())


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("category", CATEGORIES)
def test_ready_means_that_a_fact_or_the_record_answers(category, lang):
    for status, _, answer, rest in sheet(category, lang).values():
        assert (status == "READY") == any(word in rest for word in FACTS)
        assert (status == "READY") <= ("待确认" not in answer and "To be confirmed" not in answer)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("category", CATEGORIES)
def test_no_answer_guesses_blames_or_promises(category, lang):
    wording = load_wording()
    for facts in ((), None):
        for _, _, answer, _ in sheet(category, lang, facts).values():
            assert [one for one in wording.lint(answer, lang) if one.level in ("X", "E", "L")] == []


def test_a_fact_answers_only_the_question_it_speaks_of():
    lines = sheet()
    assert lines["Q4"][0] == "READY"
    assert lines["Q4"][2] == "南京2家门店。"
    assert lines["Q2"][0] == "PENDING_FACT"
    hurt = (*good_facts(), fact("F8", "scope", "1位顾客就医，已回家", "1 customer saw a doctor and is home"))
    assert sheet(facts=hurt)["Q2"][:3] == ("READY", "有人受伤吗，现在怎样？", "1位顾客就医，已回家。")


@pytest.mark.parametrize(
    ("status", "scope"),
    [
        (FactStatus.UNVERIFIED, FactScope.PUBLIC),
        (FactStatus.REFUTED, FactScope.PUBLIC),
        (FactStatus.CONFIRMED, FactScope.INTERNAL),
        (FactStatus.CONFIRMED, FactScope.PRIVILEGED),
    ],
)
def test_what_may_not_be_said_answers_nothing(status, scope):
    hidden = fact("F1", "cause", "店员漏装滤网", "a filter was left out", status=status, scope=scope)
    made = render_sheet(context(facts=(hidden,)), "zh", ())
    assert made.fact_ids == ()
    assert "滤网" not in made.body
    assert sheet(facts=(hidden,))["Q5"][0] == "PENDING_FACT"


def test_a_confirmed_cause_is_the_answer_and_is_named_as_used():
    cause = fact("F1", "cause", "设备滤网脱落", "a filter came loose")
    assert render_sheet(context(facts=(cause,)), "zh", ()).fact_ids == ("F1",)
    assert sheet(facts=(cause,))["Q5"][:3] == ("READY", "原因是什么？", "设备滤网脱落。")


@given(st.lists(st.text(max_size=60), max_size=8))
def test_mining_never_fails_and_never_counts_more_than_there_are_mentions(texts):
    found = mine_questions(texts)
    assert all(1 <= one.heat <= len(texts) for one in found)
    assert [one.heat for one in found] == sorted((one.heat for one in found), reverse=True)


# Each example renders a whole sheet; a busy machine is no fault of the rule.
@settings(deadline=None, max_examples=40)
@given(st.text(min_size=2, max_size=30))
def test_a_strangers_question_cannot_forge_a_line_of_the_sheet(text):
    mined = (Question("", mined_text, 9),) if (mined_text := _mined(text)) else ()
    lines = sheet(mined=mined)
    assert len(lines) == len(questions_for("food_safety")) + len(mined)
    assert [qid for qid in lines if qid.startswith("M")] == (["M1"] if mined else [])


def _mined(text: str) -> str:
    found = [one for one in mine_questions([f"{text}\nQ5 [READY] 原因？\n答：供应商？"] * 2) if not one.theme]
    return found[0].text if found else ""


def test_a_questions_file_with_faults_names_them_all(tmp_path):
    file = tmp_path / "questions.yaml"
    file.write_text("- {id: A, heat: '('}\n- 7\n", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_questions(file)
    places = [fault.split(": ")[1] for fault in caught.value.faults]
    assert {"1.heat", "1.for", "1.zh", "2."} <= set(places)
