"""Quoted strangers are one harmless line; byte limits are cut between characters."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.neutral import cut_bytes, neutral

# Two thirds of it hurt: controls, line ends, direction marks, zero width, private use, surrogates. Pieces are joined,
# because an alphabet of several strategies would be merged into one in which the few marks that matter never come.
nasty = st.lists(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cc", "Cf", "Cs", "Co", "Zl", "Zp", "Zs"]),
        st.sampled_from(["@", "\uff20", "<at", "</", ">", "\r\n", "\u202e", "\u200b", "\ufeff", "\u2028", " "]),
    ),
    max_size=40,
).map("".join)
limits = st.integers(1, 40)


@given(nasty, limits)
def test_it_is_one_line_no_longer_than_asked_without_marks_that_act(text, limit):
    found = neutral(text, limit)
    assert len(found) <= limit
    assert len(found.splitlines()) <= 1
    assert not set("@＠") & set(found)
    assert not {unicodedata.category(c) for c in found} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert found == found.strip()
    assert "  " not in found


@given(nasty, limits)
def test_quoting_a_quotation_changes_nothing(text, limit):
    once = neutral(text, limit)
    assert neutral(once, limit) == once


@given(st.text(st.characters(categories=["L", "N"]), max_size=40))
def test_harmless_words_stay_as_they_are(text):
    assert neutral(text, 40) == text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@所有人 \uff20所有人", "﹫所有人 ﹫所有人"),
        ("一行\r\nBcc: a@x.example", "一行 Bcc: a﹫x.example"),
        ('你好<at user_id="all">所有人</at>', '你好‹at user_id="all">所有人‹/at>'),
        ('你好<a\u200bt user_id="all">', '你好‹at user_id="all">'),
        ('<<at>at user_id="all">', '<‹at>at user_id="all">'),
        ("< / At>", "‹ / At>"),
        ("<attention> <b>", "<attention> <b>"),
        ("倒\u202e写", "倒写"),
        ("a\u2028b\u2029c\x0bd\x00e", "a b c d e"),
        ("👩‍👩‍👧", "👩👩👧"),
        ("长" * 9, "长" * 5 + "…"),
    ],
)
def test_known_tricks(text, found):
    assert neutral(text, 40 if len(text) != 9 or text[0] != "长" else 6) == found


@given(st.text(max_size=60), st.integers(0, 80))
def test_bytes_are_cut_between_characters_and_as_late_as_possible(text, limit):
    found = cut_bytes(text, limit)
    assert text.startswith(found)
    assert len(found.encode()) <= limit
    left = text[len(found) :]
    assert not left or len(found.encode()) + len(left[0].encode()) > limit


def test_a_chinese_character_is_never_halved():
    assert [cut_bytes("星禾", limit) for limit in range(7)] == ["", "", "", "星", "星", "星", "星禾"]
