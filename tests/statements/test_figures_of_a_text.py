"""Stories and properties: what counts as a figure, and when two texts say the same one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statements.rules.figures import amount, figures_in


def said(text: str) -> list[tuple[str, set[tuple[str, str]]]]:
    return [(one.kind, set(one.keys)) for one in figures_in(text)]


@pytest.mark.parametrize(
    ("chinese", "english", "kind", "key"),
    [
        ("三位顾客", "three customers", "people", "3"),
        ("3人受伤", "3 affected people", "people", "3"),
        ("12家门店", "12 stores", "places", "12"),
        ("两批原料", "two batches", "things", "2"),
        ("1.2万人", "12,000 people", "people", "12000"),
        ("百分之二十", "20 percent", "share", "20"),
        ("赔偿1000元", "$1,000", "money", "1000"),
        ("两小时", "two hours", "span", "2"),
        ("下午2点半", "2:30 p.m.", "time", "14:30"),
    ],
)
def test_both_languages_say_the_same_figure(chinese, english, kind, key):
    assert said(chinese) == said(english) == [(kind, {(kind, key)})]


def test_a_month_is_not_a_number_of_people():
    assert said("2026年3月12日有3人") == [("date", {("date", "3-12"), ("year", "2026")}), ("people", {("people", "3")})]
    assert said("3月12日") == said("12 March") == said("March 12") == [("date", {("date", "3-12")})]


@pytest.mark.parametrize(
    "text", ["一位顾客", "下一次更新", "第三方机构", "周三人多", "food24@xinghe.example", "F12", "UTC+8"]
)
def test_what_only_looks_like_a_figure_is_none(text):
    assert said(text) == []


@pytest.mark.parametrize(("text", "value"), [("十二", 12), ("两百", 200), ("twenty-four", 24), ("36", 36), ("天", 0)])
def test_short_numerals_become_whole_numbers(text, value):
    assert amount(text) == value


@settings(deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("0123456789一二三十百千万年月日点:：.,-/ %元人家小时前 apmthreetwo$RMB\n"), max_size=80
    )
)
def test_any_text_has_figures_in_order_that_never_overlap(text):
    found = list(figures_in(text))
    assert all(one.keys and one.start < one.end for one in found)
    assert all(left.end <= right.start for left, right in zip(found, found[1:], strict=False))


@settings(deadline=None)
@given(st.integers(min_value=2, max_value=9_999_999))
def test_a_quantity_is_the_same_however_its_thousands_are_written(number):
    assert said(f"{number}人") == said(f"{number:,} people") == [("people", {("people", str(number))})]
