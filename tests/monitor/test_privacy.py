"""What is kept of a person: masked names, hashed accounts, covered numbers; and what is not touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.privacy import author_hash, mask_name, mask_numbers

COVERED = [
    ("打我电话13812345678", "打我电话138****5678"),
    ("+86 138 1234 5678 找我", "+86 138 **** 5678 找我"),
    ("138-1234-5678。", "138-****-5678。"),
    ("身份证11010519491231002X", "身份证110*************2X"),
    ("卡号6222 0212 3456 7894 求退款", "卡号6222 **** **** 7894 求退款"),
    ("手机号：１３８１２３４５６７８", "手机号：１３８****５６７８"),
]
LEFT = [
    "客服热线 400-820-8820",
    "95588",
    "订单号 20261122031500123",
    "2026年11月22日 10:05 有 12345678901 条",
    "价格 3.1415926535897932",
    "110105194913320021 不是证件：没有 13 月",
    "",
]


@pytest.mark.parametrize(("said", "kept"), COVERED)
def test_phone_identity_and_card_numbers_are_covered(said, kept):
    assert mask_numbers(said) == kept
    assert mask_numbers(kept) == kept


@pytest.mark.parametrize("text", LEFT)
def test_other_numbers_stay(text):
    assert mask_numbers(text) == text


@given(
    st.integers(13_000_000_000, 19_999_999_999), st.text("茶店 ,。a", max_size=10), st.text("茶店 ,。a", max_size=10)
)
def test_no_mobile_number_survives_whole(number, before, after):
    assert str(number) not in mask_numbers(f"{before}{number}{after}")


@pytest.mark.parametrize(
    ("name", "kept"),
    [("", ""), ("张", "张*"), ("张三", "张*"), ("星禾老顾客", "星***客"), ("abc", "a*c"), (" 李四 ", "李*")],
)
def test_a_name_keeps_its_ends_at_most(name, kept):
    assert mask_name(name) == kept


def test_an_account_is_one_hash_per_platform_and_key():
    one = author_hash("k" * 32, "weibo", "1404376560")
    assert len(one) == 64
    assert one == author_hash("k" * 32, "weibo", "1404376560")
    others = {author_hash("k" * 32, "x", "1404376560"), author_hash("j" * 32, "weibo", "1404376560")}
    assert one not in others
    assert author_hash("k" * 32, "weibo", "") == ""
