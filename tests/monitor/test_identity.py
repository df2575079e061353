"""Is it the same thing we heard before? Rules of the three keys."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.identity import Keys, Known, same, text_key, url_key

SAME = [
    ("https://news.example/a/1", "http://www.news.example/a/1/"),
    ("https://news.example/a/1?utm_source=x&id=3", "https://news.example/a/1?id=3&spm=a.b"),
    ("https://news.example/a/1#comments", "https://news.example/a/1"),
    ("https://m.news.example/a/1", "https://news.example/a/1"),
    ("https://news.example/a?b=2&a=1", "https://news.example/a?a=1&b=2"),
]
OTHER = [
    ("https://news.example/a/1", "https://news.example/a/2"),
    ("https://news.example/a?id=1", "https://news.example/a?id=2"),
    ("https://news.example/#/post/1", "https://news.example/#/post/2"),
]
NOTHING = [
    ("", "article"),
    ("https://news.example/", "article"),
    ("https://news.example?utm_source=x", "post"),
    ("https://[broken", "post"),
    ("https://news.example/a/1", "comment"),
    ("https://shop.example/item/1", "review"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_how_somebody_came_there_is_no_part_of_an_address(one, other):
    assert url_key(one, "article") == url_key(other, "article") != ""


PARTS = st.sampled_from(
    ["www.", "m.", "a", "B", ".", "-", ":80", "@", "/", "//", ";p=1", "%41", "é", " ", "\t", "1", "&", "["]
)


@given(st.sampled_from(["http://", "https://", "HTTP://", "ftp://", ""]), st.lists(PARTS, max_size=9).map("".join))
def test_an_address_has_one_key_whether_it_must_be_taken_apart_or_not(scheme, rest):
    # An empty question and an empty place on the page ask nothing, but make it an address that is taken apart.
    url = f"{scheme}{rest}"
    assert url_key(url, "post") == url_key(f"{url}?#", "post")


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_other_addresses_are_other_things(one, other):
    assert "" != url_key(one, "article") != url_key(other, "article") != ""


@pytest.mark.parametrize(("url", "klass"), NOTHING)
def test_what_names_no_single_thing_has_no_key(url, klass):
    assert url_key(url, klass) == ""


def test_words_are_the_same_whatever_stands_between_them_and_short_ones_say_nothing():
    assert text_key("h", "", "星禾茶饮喝出异物，店员不理！") == text_key("h", "星禾茶饮", "喝出异物 店员不理") != ""
    assert text_key("h", "", "星禾茶饮喝出异物，店员不理！") != text_key("g", "", "星禾茶饮喝出异物，店员不理！")
    assert text_key("h", "", "退钱！退钱！") == ""


@given(st.text(st.sampled_from("星禾茶饮喝出异物Ａa１㎏①e\u0301ﬁ，。！＿_…　～@·\n-·ｶﾞ"), min_size=12))
def test_words_are_what_normalising_leaves_of_letters_and_digits(text):
    plain = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).lower()))
    assert text_key("h", "", text) == text_key("h", "", plain)
    assert bool(text_key("h", "", text)) == (len(plain) >= 12)


KNOWN = Known({"w\0old": "m1"}, {"url": ("m1", "w\0old"), "u2": ("m2", "w\0two")}, {"words": ("m1", "w\0old")})


@pytest.mark.parametrize(
    ("batch", "by_text", "found"),
    [
        ([Keys("w\0old")], False, ["m1"]),
        ([Keys("w\0new", "url")], False, ["m1"]),
        ([Keys("w\0new", "", "words")], True, ["m1"]),
        ([Keys("w\0new", "", "words")], False, [""]),
        # The known one stands there itself: the new one shares its address or words, but is another.
        ([Keys("w\0old", "url"), Keys("w\0new", "url")], True, ["m1", ""]),
        ([Keys("w\0old", "", "words"), Keys("w\0new", "", "words")], True, ["m1", ""]),
        # A key of several is the key of none.
        ([Keys("w\0a", "url"), Keys("w\0b", "url")], True, ["", ""]),
        # The id wins over the address.
        ([Keys("w\0old", "u2")], True, ["m1"]),
        ([Keys("w\0new", "other", "else")], True, [""]),
    ],
)
def test_which_known_thing_each_of_a_batch_is(batch, by_text, found):
    assert same(batch, KNOWN, by_text=by_text) == found
