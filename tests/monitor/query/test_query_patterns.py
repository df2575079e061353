"""Patterns say what `re` says where both can, and no pattern makes a text slow."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.clock import stopwatch
from monitor.query.faults import QueryError
from monitor.query.patterns.machine import Machine

ATOMS = st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", "[a-b1]", r"\d", r"\w", r"\s", "云", "(?:ab)", "(a|云b)"])
REPEATS = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{1,2}", "{0,1}", "{2,}", "*?"])
ROWS = st.lists(st.tuples(ATOMS, REPEATS).map("".join), min_size=1, max_size=5).map("".join)
PATTERNS = st.recursive(
    ROWS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("|".join),
        inner.map(lambda one: f"(?:{one})+"),
        inner.map(lambda one: f"^{one}"),
        inner.map(lambda one: f"{one}$"),
    ),
    max_leaves=3,
)


@settings(max_examples=600, deadline=None)
@given(PATTERNS, st.text(st.sampled_from("abc1云 "), max_size=10))
def test_a_pattern_says_what_re_says(pattern, text):
    assert Machine(pattern).matches(text) is (re.search(pattern, text) is not None), pattern


@settings(deadline=None)
@given(st.lists(st.sampled_from(["a", "b", r"\b", r"\B", " "]), max_size=6), st.text("ab ", min_size=1, max_size=8))
def test_edges_of_latin_words_are_those_of_re(parts, text):
    pattern = "".join(parts)
    assert Machine(pattern).matches(text) is (re.search(pattern, text) is not None), pattern


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"\bai\b", "用ai写", True),
        (r"云\b", "云朵", False),
        (r"云\bai", "云ai", True),
        (r"\Bai", "用ai", False),
        ("CLOUD", "cloud", True),
        ("[A-Z]", "q", True),
        ("[^A-Z]", "q", False),
        ("[Ａ]", "a", True),
        ("雲", "云", True),
        ("[雲茶]朵", "云朵", True),
        ("云 朵", "云朵", True),
        ("云 a", "云a", False),
        ("ﬁne", "fine", True),
        (r"\x61\u4e91", "a云", True),
        (r"\.\*\/", ".*/", True),
        (r"[\]\-]", "-", True),
        ("[a-]", "-", True),
        ("[]a]", "]", True),
        (r"[\d\s]", " ", True),
        (r"[^\D]", "7", True),
        (".", "\n", False),
        ("a{", "a{", True),
        ("a{x}", "a{x}", True),
        ("(|a)b", "b", True),
        ("", "", True),
        ("a*", "", True),
        ("^$", "", True),
        ("^$", "a", False),
        ("(?:)", "x", True),
        ("(a*)*b", "aab", True),
        ("(a*)+$", "b", True),
        ("a{0}b", "b", True),
        ("a{3}", "aa", False),
    ],
)
def test_what_a_pattern_finds(pattern, text, expected):
    assert Machine(pattern).matches(text) is expected


def test_a_class_that_is_never_closed_is_a_fault():
    with pytest.raises(QueryError) as raised:
        Machine("a[b", column=5)
    assert (raised.value.column, raised.value.code) == (6, "pattern_bracket")


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a+)+$", "a" * 50_000 + "!"),
        ("(a|a)*b", "a" * 50_000),
        ("(a|aa)+$", "a" * 50_000 + "b"),
        ("(.*)*x", "y" * 50_000),
        ("(云+朵*)+异", "云" * 50_000),
        ("a?" * 30 + "a" * 30 + "b", "a" * 50_000),
        ("([a-z]+)*[0-9]", "q" * 50_000),
    ],
)
def test_what_hangs_others_is_read_once(pattern, text):
    machine, began = Machine(pattern), stopwatch()
    assert machine.matches(text) is False
    assert stopwatch() - began < 2


def test_a_pattern_of_more_states_than_memory_stays_linear_and_small():
    machine = Machine("(a|b)*a(a|b){14}c")
    # Every window of 14 letters occurs: as many states as there are windows.
    letters, seed = [], 1
    for _ in range(20_000):
        seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
        letters.append("ab"[seed >> 63])
    began = stopwatch()
    assert machine.matches("".join(letters)) is False
    assert machine.matches("".join(letters) + "a" * 15 + "c") is True
    assert stopwatch() - began < 10
    assert len(machine._states) <= Machine.KEPT
