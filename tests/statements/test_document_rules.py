"""Stories: what a whole statement must hold, and what must never slip into it."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from statements.rules.documents import lint_document
from statements.rules.wording import load_wording
from statements.writing.render import load_template, render
from store.nouns import FactScope, FactStatus
from tests.statements.room import CATEGORIES, NOW, context, document, fact, good_facts

WORDING = load_wording()


def body(category: str = "food_safety", lang: str = "zh") -> str:
    return render(load_template("holding", category, lang), context(category, lang)).body


def rules(text: str, lang: str = "zh", **changes) -> list[tuple[str, str, str]]:
    return [(one.rule, one.level, text[one.start : one.end]) for one in lint_document(text, lang, document(**changes))]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("minutes", [0, 40])
def test_every_shipped_statement_with_good_facts_is_quiet(category, lang, minutes):
    text = body(category, lang)
    later = replace(document(category), now=NOW + timedelta(minutes=minutes))
    assert (*WORDING.lint(text, lang), *lint_document(text, lang, later)) == ()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_facts_the_marks_are_called_out(lang):
    text = render(load_template("holding", "food_safety", lang), context("food_safety", lang, facts=())).body
    found = {(one.rule, one.level) for one in lint_document(text, lang, document(facts=()))}
    assert ("D21", "E") in found


@pytest.mark.parametrize(
    ("lang", "begins", "rule"),
    [
        ("zh", "联系我们", "D02"),
        ("zh", "下一次更新", "D01"),
        ("zh", "我们现在还不知道的", "D05"),
        ("zh", "吃进嘴里", "D03"),
        ("zh", "如果您买过", "D04"),
        ("en", "Contact", "D02"),
        ("en", "Next update", "D01"),
        ("en", "What we do not know", "D05"),
    ],
)
def test_a_missing_part_is_missed(lang, begins, rule):
    kept = "\n".join(line for line in body("food_safety", lang).split("\n") if not line.startswith(begins))
    assert kept != body("food_safety", lang)
    assert [(one.rule, one.level) for one in lint_document(kept, lang, document())] == [(rule, "E")]


def test_a_text_that_says_nothing_lacks_every_part():
    assert [(rule, level) for rule, level, _ in rules("关于此事，我们高度关注。")] == [
        ("D20", "E"),
        ("D02", "E"),
        ("D03", "E"),
        ("D04", "E"),
        ("D05", "E"),
        ("D09", "W"),
        ("D01", "E"),
    ]


@pytest.mark.parametrize(
    ("sentence", "level", "figure"),
    [
        ("有3人住院。", "E", "3人"),
        ("有三位顾客不适。", "E", "三位"),
        ("涉及12家门店。", "E", "12家"),
        ("共4批次。", "E", "4批"),
        ("合格率99%。", "E", "99%"),
        ("每人200元。", "E", "200元"),
        ("我们在13:10停业。", "W", "13:10"),
        ("检查从3月9日开始。", "W", "3月9日"),
        ("耗时5小时。", "W", "5小时"),
    ],
)
def test_a_figure_no_confirmed_fact_carries_is_named(sentence, level, figure):
    text = body().replace("我们现在已经做的", sentence + "\n我们现在已经做的")
    assert rules(text) == [("D06", level, figure)]


@pytest.mark.parametrize("sentence", ["12 stores were checked.", "Dozens of people called.", "We paid $200."])
def test_english_quantities_need_a_fact_too(sentence):
    text = body(lang="en").replace("What we have done", sentence + "\nWhat we have done")
    assert [(one[0], one[1]) for one in rules(text, "en")] == [("D06", "E")]


def test_a_figure_in_the_last_line_is_no_hiding_place():
    assert rules(body() + "，3人住院") == [("D06", "E", "3人")]


@pytest.mark.parametrize(
    ("status", "scope"),
    [
        (FactStatus.UNVERIFIED, FactScope.PUBLIC),
        (FactStatus.CONFIRMED, FactScope.INTERNAL),
        (FactStatus.REFUTED, FactScope.PUBLIC),
    ],
)
def test_only_confirmed_public_facts_carry_a_figure(status, scope):
    facts = (*good_facts(), fact("F9", "scope", "共有5人不适就诊", "5 people saw a doctor", status=status, scope=scope))
    text = body().replace("我们现在已经做的", "有5人。\n我们现在已经做的")
    assert rules(text, facts=facts) == [("D06", "E", "5人")]


def test_an_unknown_may_be_quoted_with_its_figures_but_carries_none():
    unknown = fact("F9", "unknown", "5人不适的原因", "why 5 people felt unwell", status=FactStatus.UNKNOWN)
    quoted = body().replace("我们现在还不知道的：", "我们现在还不知道的：5人不适的原因；")
    assert rules(quoted, facts=(*good_facts(), unknown)) == []
    stated = quoted.replace("我们现在已经做的", "有5人不适。\n我们现在已经做的")
    assert rules(stated, facts=(*good_facts(), unknown)) == [("D06", "E", "5人")]


def test_the_same_day_of_another_year_is_another_date():
    text = body().replace("2026年3月12日14:05", "2025年3月12日14:05")
    assert rules(text) == [("D06", "W", "2025年3月12日")]


@pytest.mark.parametrize(
    ("status", "scope", "level"),
    [
        (FactStatus.CONFIRMED, FactScope.INTERNAL, "X"),
        (FactStatus.CONFIRMED, FactScope.PRIVILEGED, "X"),
        (FactStatus.REFUTED, FactScope.PUBLIC, "X"),
        (FactStatus.UNVERIFIED, FactScope.PUBLIC, "E"),
        (FactStatus.WITHDRAWN, FactScope.PUBLIC, "X"),
    ],
)
def test_the_words_of_a_fact_that_may_not_be_said_are_found(status, scope, level):
    hidden = fact("F9", "cause", "店员漏装滤网。", "A filter was left out.", status=status, scope=scope)
    zh = body().replace("我们现在已经做的", "店员漏装滤网。\n我们现在已经做的")
    en = body(lang="en").replace("What we have done", "A  FILTER was left out.\nWhat we have done")
    assert rules(zh, facts=(*good_facts(), hidden)) == [("D07", level, "店员漏装滤网")]
    assert rules(en, "en", facts=(*good_facts(), hidden)) == [("D07", level, "A  FILTER was left out")]


def test_words_that_are_public_elsewhere_may_be_said():
    twin = replace(good_facts()[0], label="F9", scope=FactScope.INTERNAL)
    assert rules(body(), facts=(*good_facts(), twin)) == []


def test_a_next_update_that_has_passed_or_is_far_away_is_told():
    late = replace(document(), now=NOW + timedelta(hours=3))
    found = [(one.rule, one.level, one.message) for one in lint_document(body(), "zh", late)]
    assert ("D01", "E", "下一次更新的时间已经过了") in found
    far = body().replace("今天17:00前", "3月15日17:00前")
    assert rules(far) == [("D01", "E", "")]


def test_contacts_nobody_verified_are_told():
    text = body().replace("联系我们：", "联系我们：400-111-2222，help@other.example，")
    assert rules(text) == [("D02", "E", "400-111-2222"), ("D02", "E", "help@other.example")]


def test_a_question_sheet_is_only_asked_for_what_it_quotes():
    hidden = fact("F9", "cause", "店员漏装滤网", "a filter was left out", scope=FactScope.PRIVILEGED)
    assert rules("Q5 店员漏装滤网，3人", kind="qa", facts=(hidden,)) == [("D07", "X", "店员漏装滤网")]


@pytest.mark.parametrize(
    "run", ["三", "1", "1 ", "a", ".a", "a@", "\n", " ", "更新1:11(", "一位顾客，3人；", "¥1", "two a "]
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_longest_text_a_person_may_save_is_judged_in_seconds(run, lang):
    """Nobody can stop the house with a long row of characters; CPU time, so a busy machine fails nothing."""
    text = (run * 20_000)[:20_000]
    began = time.process_time()
    WORDING.lint(text, lang)
    lint_document(text, lang, document())
    assert time.process_time() - began < 10
