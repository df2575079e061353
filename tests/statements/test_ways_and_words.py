"""The table of moves, the order in which people are asked, sentences and comparisons: what always holds."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import AccessError, MoveError
from statements.approving.comparing_texts import compare
from statements.approving.moves import MOVES, Action, Part, after, needs_legal, possible
from statements.approving.objections import sentence_at, sentences
from statements.approving.reviewers import ladder
from store.nouns import DraftState, Level
from tests.statements.room import draft, speaking

CJK = st.text(alphabet="甲乙。！\n abc.12", max_size=80)


def test_only_a_speaker_brings_a_text_to_approved_or_out_and_only_the_house_to_stale_or_expired():
    for table in MOVES.values():
        for (_, _, part), to in table.items():
            if to in (DraftState.APPROVED, DraftState.RELEASED, DraftState.WITHDRAWN, DraftState.CORRECTED):
                assert part is Part.SPEAKER
            if to in (DraftState.STALE, DraftState.EXPIRED, DraftState.SUPERSEDED):
                assert part is Part.HOUSE


def test_where_legal_is_asked_nothing_reaches_the_spokesperson_without_them():
    into = {part for (_, _, part), to in MOVES[True].items() if to is DraftState.SPOKESPERSON_REVIEW}
    assert into == {Part.LEGAL}


@pytest.mark.parametrize("legal", [True, False])
def test_what_is_possible_is_exactly_what_is_not_refused(legal):
    for parts in (set(some) for n in range(len(Part) + 1) for some in combinations(Part, n)):
        for state in DraftState:
            for action in Action:
                try:
                    after(state, action, parts, legal=legal)
                    allowed = True
                except (AccessError, MoveError):
                    allowed = False
                assert allowed == (action in possible(state, parts, legal=legal))


@pytest.mark.parametrize(
    ("level", "kind", "levels", "lane", "legal"),
    [
        (Level.YELLOW, "holding", (), False, False),
        (Level.YELLOW, "holding", ("L",), False, True),
        (Level.ORANGE, "holding", (), False, True),
        (Level.ORANGE, "holding", (), True, False),
        (Level.RED, "holding", (), False, True),
        (Level.RED, "qa", (), False, False),
    ],
)
def test_when_legal_is_asked(level, kind, levels, lane, legal):
    assert needs_legal(level, kind, levels, lane=lane) == legal


def test_nobody_is_asked_about_their_own_text_and_who_is_away_is_passed_over():
    team = speaking().team
    speakers = ("zhao", "wang")
    assert ladder(team, Part.SPEAKER, draft("声明"), speakers) == ("zhao", "wang")
    assert ladder(team, Part.SPEAKER, draft("声明", author="zhao"), speakers) == ("wang",)
    assert ladder(team, Part.SPEAKER, draft("声明"), speakers, {"zhao"}) == ("wang",)
    assert ladder(team, Part.LEGAL, draft("声明"), speakers, {"zhou"}) == ("zhou",)


@given(CJK, CJK)
def test_a_comparison_holds_both_texts_whole(before, later):
    pieces = compare(before, later)
    assert "".join(one.text for one in pieces if one.kind != "new") == before
    assert "".join(one.text for one in pieces if one.kind != "cut") == later


@given(CJK)
def test_sentences_lie_in_order_and_leave_out_nothing_but_white_space(body):
    found = sentences(body)
    assert all(a < b for a, b in found)
    assert all(first[1] <= second[0] for first, second in zip(found, found[1:], strict=False))
    assert (
        "".join("".join(body[a:b].split()) for a, b in found) == "".join(body.split()) or "。" in body or "！" in body
    )


def test_the_sentence_of_a_hit_is_the_whole_one():
    body = "第一句。如给您带来不便，我们深表歉意。第三句。"
    start, end = sentence_at(body, 5, 7)
    assert body[start:end] == "如给您带来不便，我们深表歉意。"
