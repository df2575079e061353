"""The pairs of many texts at once are those of each alone, in words and in numbers."""

from hypothesis import example, given
from hypothesis import strategies as st

from store.letter_pairs import coded, coded_all, lines, pairs

LETTERS = st.sampled_from("星禾茶饮院a Ab Bß０　，。！\"%_\\'😀𠮷\n\u200bé二〇々\ufffe\ufffd\u1680\ud800\x00KkK")
TEXTS = st.text(LETTERS, max_size=12) | st.text(max_size=12)
ROWS = st.lists(st.tuples(TEXTS, TEXTS), max_size=6)


def test_pairs_stand_inside_a_run_of_letters_and_digits():
    assert pairs("星禾，茶A 9b") == {"星禾", "茶a", "9b"}
    assert pairs("一", "😀😀", "a-b", "") == set()


@given(ROWS)
@example([("", ""), ("星禾", "禾茶"), ("", ""), ("b\x00c\u1680", "\u1680d"), ("", "")])
def test_many_rows_have_the_pairs_of_each_alone(rows):
    assert lines(rows) == [" ".join(sorted(pairs(*row))) for row in rows]
    assert coded_all(rows) == [coded(sorted(pairs(*row))) for row in rows]
