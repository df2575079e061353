"""The sheet as rows: every category has its questions in both languages, and an answer holds only what facts carry."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import InputError, MoveError, SettingsError
from config.taxonomy import load_taxonomy
from statements.answering.answer_library import HOLE, anonymised, matching, proposed
from statements.answering.answer_rules import Written, check, check_approval, cleaned
from statements.answering.answer_sheet import LONGEST, length, own_qid, proposal, sheet
from statements.answering.mining import Topic
from statements.answering.questions import (
    load_hostile,
    load_questions,
    questions_for,
    shipped_hostile,
    shipped_questions,
)
from statements.rules.wording import load_wording
from statements.writing.marks import missing_in
from store.nouns import FactScope, FactStatus, LibraryAnswer, SheetAnswer
from tests.statements.room import NOW, context, fact, good_facts

CATEGORIES = tuple(one.id for one in load_taxonomy().categories)
LANGS = ("zh", "en")
ANSWER = SheetAnswer(
    id="a1", incident="a" * 32, qid="Q4", lang="zh", version=1, question="影响多大？", asker="media", topic="extent",
    answer="南京2家门店。", status="READY", rests_on=("F4@1",), refer="", reason="", instead="", bridge="", avoid="",
    owner="li", author="li", at=NOW,
)  # fmt: skip


def rows(category="food_safety", lang="zh", facts=None, topics=(), saved=None, now=NOW):
    return {row.qid: row for row in sheet(context(category, lang, facts), lang, topics, saved or {}, now)}


def approved(**changes):
    return replace(ANSWER, approved_by="zhao", approved_at=NOW, valid_until=NOW + timedelta(hours=2), **changes)


def test_twelve_baseline_questions_and_four_to_six_of_each_of_seventeen_categories():
    assert len(CATEGORIES) == 17
    assert [one.id for one in questions_for("")] == [f"Q{n}" for n in range(1, 13)]
    for category in CATEGORIES:
        own = [one for one in questions_for(category) if one.for_ == category]
        assert 4 <= len(own) <= 6, category
    assert {one.for_ for one in shipped_questions()} == {"all", *CATEGORIES}


def test_five_hostile_questions_of_each_category_lead_to_an_answer_of_the_sheet():
    assert set(shipped_hostile()) == set(CATEGORIES)
    for worst in shipped_hostile().values():
        assert len({one.zh for one in worst} | {one.en for one in worst}) == 10


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("facts", [(), None], ids=["nothing known", "good facts"])
def test_every_line_is_short_clean_and_says_who_and_why(category, lang, facts):
    wording = load_wording()
    for row in rows(category, lang, facts).values():
        assert 0 < length(row.answer, lang) <= LONGEST[lang], row
        assert [one for one in wording.lint(row.answer, lang) if one.level in ("X", "E", "L")] == [], row
        assert missing_in(row.answer) == ()
        assert row.bridge
        assert row.avoid
        assert (row.status == "REFER") == bool(row.refer)
        assert (row.status == "DECLINE") == bool(row.reason and row.instead)
        assert not row.usable


def test_an_answer_goes_from_fact_over_deed_to_the_next_step():
    row = rows()["Q4"]
    assert row.answer == "南京2家门店；该门店已于14:30停止营业，3批次原料已封存。今天17:00前（北京时间）更新进展。"
    assert row.rests_on == ("F4@1", "F1@1")
    long = fact("F4", "scope", "南" * 80, "Nanjing")
    assert rows(facts=(long,))["Q4"].status == "PENDING_FACT"


def test_gaps_stand_first_and_an_approved_answer_is_none():
    topics = (
        Topic("Q2", "", "", 9, ("m1",)),
        Topic("Q4", "", "", 5, ("m2", "m3")),
        Topic("", "积分", "积分能用吗", 3, ("m4",)),
    )
    found = list(rows(topics=topics, saved={"Q4": approved()}).values())
    assert [row.qid for row in found[:3]] == ["Q2", own_qid("积分能用吗"), "Q4"]
    assert [row.gap for row in found[:3]] == [True, True, False]
    assert found[2].samples == ("m2", "m3")


@pytest.mark.parametrize(
    ("facts", "hours", "standing"),
    [
        (good_facts(), 0, "approved"),
        (good_facts(), 2, "expired"),
        ((*good_facts()[:3], replace(good_facts()[3], version=2)), 0, "stale"),
        ((*good_facts()[:3], replace(good_facts()[3], status=FactStatus.REFUTED)), 0, "stale"),
        ((*good_facts()[:3], replace(good_facts()[3], scope=FactScope.INTERNAL)), 0, "stale"),
        (good_facts()[:3], 0, "stale"),
    ],
)
def test_a_yes_holds_while_its_facts_and_its_time_do(facts, hours, standing):
    row = rows(facts=facts, saved={"Q4": approved()}, now=NOW + timedelta(hours=hours))["Q4"]
    assert row.standing == standing
    assert row.usable == (standing == "approved")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (Written("", "南京2家门店。", "READY", ("F4",)), "question is empty"),
        (Written("q", "", "READY", ("F4",)), "answer is empty"),
        (Written("q", "好" * 81, "PENDING_FACT"), "81 characters; 80"),
        (Written("q", "南京2家门店。", "READY"), "rests on a fact"),
        (Written("q", "南京2家门店。", "READY", ("F2",)), "F2 may not be said"),
        (Written("q", "南京2家门店。", "READY", ("F77",)), "no fact F77"),
        (Written("q", "南京9家门店。", "READY", ("F4",)), "holds: 9家"),
        (Written("q", "每人赔500元。", "PENDING_FACT"), "holds: 500元"),
        (Written("q", "问监管。", "REFER"), "names the authority"),
        (Written("q", "不说。", "DECLINE", instead="热线"), "names a reason"),
        (Written("q", "不说。", "DECLINE", reason="legal"), "in its place"),
        (Written("q", "不说。", "LATER"), "status is one of"),
        (Written("q", "不说。", "PENDING_FACT", asker="cats"), "Who asks is one of"),
    ],
)  # fmt: skip
def test_what_an_answer_must_hold(written, said):
    with pytest.raises(InputError, match=said):
        check(cleaned(written), "Q4", "zh", good_facts())


def test_the_words_of_what_may_not_be_said_are_found_in_an_answer():
    hidden = fact("F9", "cause", "店员漏装 滤网。", "a filter", status=FactStatus.UNVERIFIED)
    with pytest.raises(InputError, match="F9"):
        check(cleaned(Written("q", "据查，店员漏装滤网。", "PENDING_FACT")), "Q5", "zh", (*good_facts(), hidden))


def test_who_wrote_an_answer_does_not_approve_it_nor_what_moved_nor_what_has_marks():
    until = NOW + timedelta(hours=1)
    check_approval(ANSWER, "zhao", until, good_facts(), NOW)
    with pytest.raises(MoveError, match="another person"):
        check_approval(ANSWER, "li", until, good_facts(), NOW)
    with pytest.raises(MoveError, match="F4"):
        check_approval(ANSWER, "zhao", until, good_facts()[:3], NOW)
    with pytest.raises(MoveError, match="confirmed"):
        check_approval(replace(ANSWER, answer="【待确认：范围】"), "zhao", until, good_facts(), NOW)
    with pytest.raises(MoveError, match="already"):
        check_approval(approved(), "zhao", until, good_facts(), NOW)
    for wrong in (NOW, NOW + timedelta(days=8)):
        with pytest.raises(InputError, match="7 days"):
            check_approval(ANSWER, "zhao", wrong, good_facts(), NOW)


@pytest.mark.parametrize(
    ("text", "lang", "gone", "kept"),
    [
        ("星禾茶饮新街口店14:30停业，F3的3批次原料已封存，电话400-000-0000。",
         "zh", ("星禾", "新街口", "14:30", "F3", "3批", "400"), "原料"),
        ("南京鼓楼区2家门店，其他门店正在逐店核对。", "zh", ("南京", "鼓楼", "2家"), "其他门店正在逐店核对"),
        ("2 stores in Nanjing closed at 14:30 on 12 March; call +1 555 0100 200.",
         "en", ("2 stores", "Nanjing", "14:30", "March", "555"), "closed"),
    ],
)  # fmt: skip
def test_nothing_of_one_incident_goes_into_the_library(text, lang, gone, kept):
    said = anonymised(text, lang, ("星禾茶饮",))
    assert HOLE[lang] in said
    assert kept in said
    assert not [one for one in gone if one in said]
    assert missing_in(proposed(said, lang))


@given(st.text(max_size=80), st.sampled_from(LANGS))
def test_any_text_can_be_shelved_and_holds_no_digit_after(text, lang):
    said = anonymised(text, lang)
    assert "\n" not in said
    assert not any(char in "0123456789" for char in said)


def test_the_library_is_found_by_words_and_by_the_same_question():
    def shelved(qid, question, answer, category="food_safety"):
        return LibraryAnswer(qid + answer, category, qid, "zh", question, answer, "READY", "", "li", NOW)

    shelf = [shelved("Q4", "影响多大？", "其他门店正在逐店核对。"),
             shelved("Q10", "怎么退款？", "凭实物即可退款，不需要小票。"),
             shelved("Q10", "怎么退款？", "请联系客服登记。", "false_ad")]  # fmt: skip
    assert [one.qid for one in matching(shelf, "門店核對")] == ["Q4"]
    assert [one.category for one in matching(shelf, "怎么退款", "false_ad", "Q10")][0] == "false_ad"
    assert matching(shelf, "火星") == []
    assert len(matching(shelf, "", "food_safety")) == 3


def test_a_file_without_who_answers_or_what_is_offered_is_refused(tmp_path):
    file = tmp_path / "questions.yaml"
    words = "zh: z, en: e, none_zh: n, none_en: n, avoid_zh: a, avoid_en: a"
    line = "{id: A%d, for: all, topic: x_y, asker: media, slots: [], open: %s, " + words + "}"
    file.write_text(f"- {line % (1, 'REFER')}\n- {line % (2, 'DECLINE')}\n", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_questions(file)
    assert ["refer_zh" in caught.value.faults[0], "instead_zh" in caught.value.faults[1]] == [True, True]
    file.write_text("food_safety:\n  - [Q1, z, e]\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="food_safety"):
        load_hostile(file)


def test_a_proposal_of_the_record_needs_no_fact():
    row = proposal(questions_for("food_safety")[6], context(facts=()), "zh")
    assert (row.qid, row.status, row.rests_on) == ("Q7", "READY", ())
    assert "14:17" in row.answer
