"""What makes a fact sure, the chain that shows tampering, the grid whose empty cells are unknowns (pure)."""

from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import InputError
from statements.known import fact_proof
from statements.known.grid import CELLS, grid
from store.fact_chain import broken_at, digest
from store.nouns import FactCell, FactScope, FactStatus, Level
from tests.statements.room import NOW, SEEN, T0, fact, incident

DOCUMENT = {"evidence": "检测报告", "sha256": "a" * 64, "captured_at": NOW}


def chain(*facts):
    """These facts in the order they were written, each hashed over the one before."""
    before, kept = "", []
    for seq, one in enumerate(facts, start=1):
        numbered = replace(one, seq=seq)
        before = digest(asdict(numbered), before)
        kept.append(replace(numbered, hash=before))
    return kept


LOG = chain(
    fact("F1", "done", "门店已停业", "closed"),
    fact("F2", "scope", "两家门店", "two stores", **DOCUMENT),
    fact("F1", "done", "门店已停业", "closed", version=2, second_source="照片"),
)


def test_a_whole_chain_is_whole_in_whatever_order_it_is_read():
    assert broken_at(LOG) is None
    assert broken_at(LOG[::-1]) is None
    assert broken_at([]) is None


@given(row=st.integers(0, 2), words=st.text(max_size=20), field=st.sampled_from(["zh", "source", "who", "evidence"]))
def test_a_changed_row_is_found_at_its_number(row, words, field):
    changed = list(LOG)
    changed[row] = replace(LOG[row], **{field: getattr(LOG[row], field) + "改" + words})
    assert broken_at(changed) == row + 1


def test_a_row_that_was_changed_and_hashed_anew_is_found_behind_it():
    changed = replace(LOG[1], zh="没有这回事")
    changed = replace(changed, hash=digest(asdict(changed), LOG[0].hash))
    assert broken_at([LOG[0], changed, LOG[2]]) == 3


def test_a_row_that_is_gone_is_found_where_it_stood():
    assert broken_at([LOG[0], LOG[2]]) == 2
    assert broken_at(LOG[1:]) == 1


@pytest.mark.parametrize(
    ("level", "changes", "is_enough"),
    [
        (Level.RED, {"evidence": ""}, False),
        (Level.RED, {"evidence": "照片"}, False),
        (Level.RED, {"second_source": " 店 长"}, False),
        (Level.RED, {"second_source": "区域经理"}, True),
        (Level.RED, DOCUMENT, True),
        (Level.RED, {"scope": FactScope.INTERNAL}, True),
        (Level.RED, {"status": FactStatus.UNVERIFIED}, True),
        (Level.ORANGE, {}, True),
    ],
)
def test_what_red_asks_of_a_confirmed_public_fact(level, changes, is_enough):
    assert fact_proof.enough(fact("F1", "done", "已停业", "closed", **changes), level) is is_enough


def said(who, source, **changes):
    """One version of the same words by one person from one source."""
    plain = {"status": FactStatus.UNVERIFIED, "evidence": ""} | changes
    return fact("F1", "done", "门店已停业", "closed", who=who, source=source, **plain)


def test_a_second_source_counts_from_another_person_only():
    first = said("li", "店长")
    other = fact_proof.joined(said("chen", "区域经理", status=FactStatus.CONFIRMED), [first])
    assert (other.source, other.second_source, other.verified_by) == ("店长", "区域经理", "chen")
    same_person = fact_proof.joined(said("li", "区域经理", status=FactStatus.CONFIRMED), [first])
    assert (same_person.source, same_person.second_source) == ("区域经理", "")
    same_source = fact_proof.joined(said("chen", "店长 ", status=FactStatus.CONFIRMED), [first])
    assert same_source.second_source == ""


def test_a_source_that_said_other_words_supports_nothing():
    first = replace(said("li", "店长"), zh="门店照常营业")
    changed = fact_proof.joined(said("chen", "区域经理", status=FactStatus.CONFIRMED), [first])
    assert (changed.source, changed.second_source) == ("区域经理", "")


def test_who_only_moved_a_fact_elsewhere_is_not_its_source():
    first = said("li", "店长")
    moved = replace(said("chen", "店长"), slot="other")
    verified = fact_proof.joined(said("chen", "区域经理", status=FactStatus.CONFIRMED), [first, moved])
    assert verified.second_source == "区域经理"


@pytest.mark.parametrize(
    ("evidence", "sha256", "ahead", "wrong"),
    [
        ("报告", "abc", 0, "64 hexadecimal"),
        ("", "a" * 64, 0, "address or a few words"),
        ("报告", "a" * 64, 5, "future"),
    ],
)
def test_a_document_that_cannot_be_is_refused(evidence, sha256, ahead, wrong):
    with pytest.raises(InputError, match=wrong):
        fact_proof.document(evidence, sha256, NOW + timedelta(minutes=ahead), NOW)


def test_an_empty_cell_is_an_unknown_with_owner_and_time():
    facts = (
        fact("F1", "scope", "两家门店", "two stores"),
        fact("F2", "cause", "设备故障", "", status=FactStatus.REFUTED),
    )
    given_ = (FactCell("a" * 32, "why", "chen", SEEN + timedelta(minutes=10), "wang", SEEN),)
    cells = {one.name: one for one in grid(incident(owner="li"), facts, given_, NOW)}
    assert tuple(cells) == CELLS
    assert not cells["where"].open
    assert not cells["where"].overdue
    assert (cells["why"].owner, cells["why"].facts, cells["why"].overdue) == ("chen", (), True)
    # Nobody said anything of this one: the owner of the incident has until the first round of facts ends.
    assert (cells["when"].owner, cells["when"].due_at) == ("li", max(T0, SEEN) + timedelta(minutes=15))
    assert cells["when"].set is False


def test_a_cell_that_only_says_unknown_stays_open():
    facts = (fact("F1", "cause", "原因还不知道", "not known", status=FactStatus.UNKNOWN),)
    why = grid(incident(), facts, (), NOW)[4]
    assert (why.open, [one.label for one in why.facts]) == (True, ["F1"])
