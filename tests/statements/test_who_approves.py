"""Stories: who may say yes, to exactly which text, and when that yes falls."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import AccessError, MoveError, StaleError
from statements.approving.approval import Case, may_move, may_publish, same_facts, sha256_of, stale_reasons
from statements.approving.moves import Action
from statements.approving.reviewers import parts_of
from statements.rules.wording import Finding
from store.nouns import Approval, DraftState, FactScope, FactStatus
from tests.statements.room import NOW, draft, good_facts

SPOKESPEOPLE = ("zhao", "wang")
ROLES = {"zhao": ("spokesperson",), "wang": ("lead",), "li": ("drafter",), "v": ("viewer",)}
LAST = DraftState.SPOKESPERSON_REVIEW


def approve(text=None, who="zhao", spokespeople=SPOKESPEOPLE, **changes):
    """The last yes to a text that legal needs not see."""
    case = Case(text or draft("声明", state=LAST, fact_ids=("F1",)), 1, (), good_facts())
    parts = parts_of(ROLES[who], who, spokespeople, (), legal=False)
    return may_move(replace(case, **changes), Action.APPROVE, who, parts)


@pytest.mark.parametrize("who", SPOKESPEOPLE)
def test_the_spokesperson_and_a_named_deputy_may_approve(who):
    assert approve(who=who) is DraftState.APPROVED


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"who": "li"}, AccessError),
        ({"who": "v", "spokespeople": ("v",)}, AccessError),
        ({"text": draft("声明", state=LAST, author="zhao")}, MoveError),
        ({"latest_version": 2}, StaleError),
        ({"text": draft("声明", state=DraftState.STALE)}, StaleError),
        ({"text": replace(draft("声明", state=LAST), body="声明。")}, StaleError),
        ({"text": draft("声明", state=DraftState.APPROVED)}, MoveError),
        ({"text": draft("声明", state=DraftState.DRAFT)}, MoveError),
        ({"text": draft("声明", state=LAST, missing=("门店名称",))}, MoveError),
        ({"findings": (Finding("S12", "X", 0, 1, "", ""),)}, MoveError),
        ({"findings": (Finding("S02", "E", 0, 1, "", ""),)}, MoveError),
        ({"legal": True}, MoveError),
    ],
)
def test_everything_else_is_refused(changes, error):
    with pytest.raises(error):
        approve(**changes)


def test_warnings_hints_and_legal_notes_do_not_block_and_a_question_sheet_may_be_open():
    notes = tuple(Finding("S13", level, 0, 1, "", "") for level in ("I", "W", "L"))
    assert approve(findings=notes) is DraftState.APPROVED
    assert approve(draft("问答", kind="qa", state=LAST, missing=("原因是什么",))) is DraftState.APPROVED


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        ({"status": FactStatus.REFUTED}, "F1: is now refuted, public"),
        ({"scope": FactScope.INTERNAL}, "F1: is now confirmed, internal"),
        ({"version": 2, "at": NOW + timedelta(minutes=1)}, "F1: was changed (version 2)"),
    ],
)
def test_a_changed_fact_makes_the_text_stale(after, reason):
    used = draft("声明", state=LAST, fact_ids=("F1",))
    changed = (replace(good_facts()[0], **after), *good_facts()[1:])
    assert stale_reasons(used, changed) == (reason,)
    assert stale_reasons(used, changed[1:]) == ("F1: is no longer in the fact log",)
    assert stale_reasons(used, good_facts()) == ()
    with pytest.raises(StaleError):
        approve(used, facts=changed)


def yes(text, **changes):
    return replace(Approval("a1", text.id, text.sha256, "zhao", "spokesperson", NOW), **changes)


def test_only_the_very_text_that_was_approved_may_be_posted():
    text = draft("声明", state=DraftState.APPROVED)
    assert may_publish(text, [yes(text)], who="wang", spokespeople=SPOKESPEOPLE) == yes(text)
    for no in ([], [yes(text, voided_at=NOW)], [yes(text, sha256=sha256_of("另一稿"))], [yes(text, who="li")]):
        with pytest.raises(MoveError):
            may_publish(text, no, who="zhao", spokespeople=SPOKESPEOPLE)
    with pytest.raises(AccessError):
        may_publish(text, [yes(text)], who="li", spokespeople=SPOKESPEOPLE)
    with pytest.raises(StaleError):
        may_publish(replace(text, body="声明！"), [yes(text)], who="zhao", spokespeople=SPOKESPEOPLE)
    with pytest.raises(StaleError):
        may_publish(replace(text, state=DraftState.STALE), [yes(text)], who="zhao", spokespeople=SPOKESPEOPLE)
    with pytest.raises(MoveError):
        may_publish(draft("声明"), [yes(text)], who="zhao", spokespeople=SPOKESPEOPLE)


def test_a_question_sheet_is_never_posted():
    sheet = draft("问答\n不可说：供应商", kind="qa", state=DraftState.APPROVED)
    with pytest.raises(MoveError):
        may_publish(sheet, [yes(sheet)], who="zhao", spokespeople=SPOKESPEOPLE)


@settings(deadline=None)
@given(st.text(min_size=1, max_size=60), st.integers(min_value=0), st.characters())
def test_one_changed_character_is_another_text(body, place, char):
    place %= len(body)
    changed = body[:place] + char + body[place + 1 :]
    assert (sha256_of(body) == sha256_of(changed)) == (body == changed)


def test_a_yes_that_ran_out_covers_a_post_made_while_it_held_and_no_later_one():
    text = draft("声明", state=DraftState.EXPIRED)
    ask = {"who": "zhao", "spokespeople": SPOKESPEOPLE}
    assert may_publish(text, [yes(text)], **ask, posted_at=NOW + timedelta(minutes=30)) == yes(text)
    with pytest.raises(MoveError):
        may_publish(text, [yes(text)], **ask, posted_at=NOW + timedelta(minutes=31))


def test_a_variant_rests_on_the_very_facts_of_its_master():
    assert same_facts(("F1", "F2"), ("F2", "F1")) is None
    for variant in (("F1",), ("F1", "F2", "F3")):
        with pytest.raises(MoveError):
            same_facts(("F1", "F2"), variant)
