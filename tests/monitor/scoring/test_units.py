"""A text is cut into units however it is spelled: tricks of spelling change nothing, borders of texts hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.folding import fold
from monitor.scoring.grams import grams_of
from monitor.scoring.units import HEAD, TAIL, units_of


def hashes(text: str) -> list[int]:
    return units_of([text]).hash.tolist()


@pytest.mark.parametrize(
    ("tricked", "plain"),
    [
        ("食 物 中 毒", "食物中毒"),
        ("食\u200b物\ufeff中毒", "食物中毒"),
        ("食*物.中-毒", "食物中毒"),
        ("食物\n中毒", "食物中毒"),
        ("裡面有蟲", "里面有虫"),
        ("ＦＩＲＥ", "fire"),
        ("Fire", "fire"),
        ("a  b", "a b"),
    ],
)
def test_spelling_tricks_change_nothing(tricked, plain):
    assert hashes(tricked) == hashes(plain)


@pytest.mark.parametrize(
    ("one", "other"), [("食物,中毒", "食物中毒"), ("ab", "a b"), ("食a物", "食物"), ("fire!", "fire"), ("毒中", "中毒")]
)
def test_what_is_told_apart(one, other):
    assert hashes(one) != hashes(other)


def test_a_word_is_one_unit_and_a_hanzi_is_one():
    assert len(hashes("the firefighters 来了!")) == 5


def test_long_words_share_their_beginning():
    units = units_of(["explode exploded explo"])
    assert len(set(units.stem.tolist())) == 1
    assert units.long.tolist() == [0, 1]
    assert units.hash[2] == units.stem[0]
    assert len(set(units.hash.tolist())) == 3


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "\uffff", "😀", "\u200b", "---"])
def test_odd_texts_have_few_units_and_fail_nowhere(text):
    units = units_of([text, "食", text])
    assert units.size == 3
    assert (units.text == 1).sum() == 1


def test_only_the_ends_of_a_very_long_text_are_read():
    middle = units_of(["头" * HEAD + "中" * 1_000_000 + "尾" * TAIL])
    assert middle.hash.size == HEAD + TAIL
    assert middle.hash.tolist() == units_of(["头" * HEAD + "尾" * TAIL]).hash.tolist()


@given(st.lists(st.text(max_size=40), min_size=1, max_size=6))
def test_a_batch_says_what_its_texts_say_alone(texts):
    batch = grams_of(units_of(texts), skips=True)
    for number, text in enumerate(texts):
        alone = grams_of(units_of([text]), skips=True)
        assert sorted(batch.hash[batch.text == number].tolist()) == sorted(alone.hash.tolist())


@given(st.text(alphabet="食物中毒裡蟲 ＡbC*-\u200b1,。", max_size=30))
def test_folding_by_table_is_folding(text):
    assert hashes(text) == hashes(fold(text, tight=True).text)
