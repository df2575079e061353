"""An n-gram's texts and authors are counted, and what few authors repeat counts less than what many say."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from monitor.scoring.grams import grams_of
from monitor.scoring.units import units_of
from monitor.training.table_fit import CRISIS, Vocabulary, vocabulary_of

WORDS = st.sampled_from(["apple", "pear", "plum", "fig"])


def vocabulary(texts: list[str], authors: list[str] | None, rarest: int = 1) -> Vocabulary:
    return vocabulary_of(grams_of(units_of(texts), skips=False), rarest, authors)


def place(found: Vocabulary, word: str) -> int:
    wanted = grams_of(units_of([word]), skips=False).hash[0]
    return found.hash.tolist().index(wanted)


@given(st.lists(st.tuples(st.lists(WORDS, min_size=1, max_size=4), st.sampled_from("xyz")), min_size=1, max_size=12))
def test_every_word_has_as_many_texts_and_authors_as_one_counts_by_hand(said):
    texts, authors = [" ".join(words) for words, _ in said], [author for _, author in said]
    found = vocabulary(texts, authors)
    assert found.hash.tolist() == sorted(set(found.hash.tolist()))
    for word in {word for words, _ in said for word in words}:
        holders = [author for words, author in said if word in words]
        at = place(found, word)
        assert (found.texts[at], found.authors[at]) == (len(holders), len(set(holders)))


def test_without_authors_each_text_is_anothers():
    found = vocabulary(["fig", "fig fig", "plum"], None)
    assert (found.authors == found.texts).all()


def test_what_stands_in_too_few_texts_is_left_out():
    found = vocabulary(["fig plum", "fig pear"], None, rarest=2)
    assert found.texts.tolist() == [2]


def test_of_two_words_in_as_many_texts_the_one_of_more_authors_counts_more():
    found = vocabulary(["fig", "fig", "plum", "plum"], ["x", "x", "x", "y"])
    worth = found.worth(4, CRISIS)
    assert worth[place(found, "plum")] > worth[place(found, "fig")]
    even = found.worth(4, replace(CRISIS, habit=0.0))
    assert even[place(found, "plum")] == even[place(found, "fig")]


def test_a_rare_word_counts_more_than_a_common_one():
    found = vocabulary(["fig plum", "fig", "fig"], None)
    worth = found.worth(3, CRISIS)
    assert worth[place(found, "plum")] > worth[place(found, "fig")]
