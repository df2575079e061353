"""What many mentions ask: told in any words, by nobody twice, without anybody's numbers, and fast."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.clock import stopwatch
from statements.answering.mining import mine
from statements.answering.themes import themes_for

ASKED = {
    "Q10": (
        "还能退吗", "求问这家的饮料能不能退", "有没有人知道，这个能不能退", "不知道没小票能不能退",
        "想问下退款多久到账", "請問可以退費嗎？😭",
        "我要退款", "小票丢了还给退不", "钱能要回来吗", "anyone know if I can get a refund",
        "so do we get our money back or not", "do they offer any compensation", "How long does the refund take",
    ),
    "Q3": (
        "家里还有一箱没喝的，要扔吗", "昨天买了两杯 现在要不要去医院检查", "孕妇喝了这个要紧吗",
        "想問一下之前買的還可以吃嗎", "我囤了十盒咋整",
        "is the rest of the pack ok to eat", "Should I take my son to the doctor?", "孩子住院了，还能喝吗？",
    ),
    "Q2": ("孩子怎么样了", "人没事吧", "那小孩没大碍吧", "到底有几个人进医院了", "was the kid seriously hurt",
        "did anyone actually get sick"),
    "Q4": ("其他门店呢", "是哪家店？", "我们小区门口那家也是吗", "浙江这边有没有受影响的店",
        "wondering which stores are affected", "批次是多少能公布吗"),
    "Q5": ("为什么会这样", "是不是机器坏了导致的", "有没有查明源头", "why was there metal in the cup",
        "anyone know what caused the outage"),
    "Q6": ("这事谁负责", "有没有领导出来担责", "who is going to be held accountable",
        "who's taking responsibility here"),
    "Q7": ("公司到底几号知道这事的", "为什么到现在都没人出来回应", "Why did it take you three days to say anything?"),
    "Q8": ("这是第几回了", "不是第一次了吧", "Has this happened before"),
    "Q9": ("到现在还不回应，什么时候给个说法？", "下一步准备怎么整改", "what steps are being taken", "会发公告吗"),
    "Q11": ("有没有人举报", "应该打12315还是12345", "who can I report this restaurant to"),
    "Q12": ("不知道是真是假", "为啥我发的评论秒没", "有官方证实吗", "is this legit or just clickbait",
        "听说老板跑路了，真的吗"),
    "F2Q": ("什么时候出检测报告", "检测结果呢"),
}  # fmt: skip
SILENT = (
    "你们还要脸吗？", "良心不会痛吗？", "谁还敢买啊？", "这也叫食品？", "就这态度？", "谁给你们的胆子？",
    "真当消费者是傻子？", "这公司怎么不去死？",
    "怎么还不倒闭？", "Are you kidding me?", "How do you sleep at night?",
    "What kind of idiots run this company?", "how dare you?",
    "Do you people have no shame?", "味道不错", "I liked it before",
    "the details of this issue are available", "好几个同事都在喝", "门店已停业整改",
    "不知道为什么就是很喜欢", "怎么说呢，一般般", "不管怎么样我都支持", "这味道绝了，怎么这么好喝",
    "已经打12315了", "我知道是哪家店了",
    "官方已经说明了原因", "已经退款了，谢谢客服", "I got my refund yesterday", "They recalled the product",
    "Best tea in town, how good is that",
)  # fmt: skip


def topics(*texts, category="food_safety", lang=""):
    return mine([(str(place), text) for place, text in enumerate(texts)], themes_for(category), lang)


@pytest.mark.parametrize(("theme", "text"), [(theme, text) for theme, texts in ASKED.items() for text in texts])
def test_a_question_is_known_in_peoples_own_words(theme, text):
    assert [one.theme for one in topics(text)] == [theme]


@pytest.mark.parametrize("text", SILENT)
def test_insults_praise_and_news_ask_nothing(text):
    assert topics(text) == ()


def test_the_hottest_stands_first_and_a_mention_counts_once_per_topic():
    found = topics("能退吗？怎么退？退不退？", "可以退款吗", "哪家店，退款吗？", "其他门店呢")
    assert [(one.theme, one.heat, one.ids) for one in found] == [("Q10", 3, ("0", "1", "2")), ("Q4", 2, ("2", "3"))]
    assert found[0].topic == "refund"


def test_what_nobody_prepared_is_grouped_by_what_it_shares_over_scripts_and_wordings():
    found = topics("会员积分会不会清零", "積分怎麼兌換啊？", "请问积分还能用吗", "店长电话是多少",
    "店長的聯繫電話多少啊😭", "is parking free at the mall?",
                   "anyone know if there's parking")  # fmt: skip
    assert {one.ids for one in found} == {("0", "1", "2"), ("3", "4"), ("5", "6")}
    assert all(one.theme == "" and one.question for one in found)


def test_a_mark_behind_an_insult_does_not_hide_the_question_beside_it():
    assert [one.theme for one in topics("你们还要脸吗，到底能不能退款？")] == ["Q10"]


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("店长电话13812345678是真的老板吗？", "138"),
        ("店长一三八一二三四五六七八是老板本人吗？", "一三八"),
        ("@路人甲 积分还有效吗", "路人甲"),
        ("//@某某某: 积分还有效吗", "某某某"),
        ("我身份证32010119900101123X能查积分吗", "3201"),
        ("加微信 abc_12345 问积分有效吗？", "abc_12345"),
        ("积分在 https://evil.example/x 能查吗", "evil"),
        ("can a.person@mail.example use the points?", "person"),
        ("车牌苏A12345停在店门口可以吗", "A12345"),
        ("联系138-1234-5678还是＋86 138 1234 5678呢？", "1234"),
    ],
)
def test_nobodys_number_handle_or_address_is_shown(text, gone):
    found = topics(text)
    assert found
    assert all(gone not in one.question and gone not in one.topic for one in found)


def test_words_from_outside_stay_one_harmless_line():
    found = topics("积分{{ 7*7 }}\u202e还有效吗？", "积分\x00能用吗")
    assert all("{" not in one.question and "\n" not in one.question and "\u202e" not in one.question for one in found)


@given(st.lists(st.text(max_size=60), max_size=8))
def test_any_text_is_read_and_heat_is_the_number_of_ids(texts):
    for one in topics(*texts):
        assert one.heat == len(one.ids) == len(set(one.ids))
        assert set(one.ids) <= {str(place) for place in range(len(texts))}


def test_ten_thousand_mentions_take_a_few_seconds():
    who, what = ("我妈", "同事", "孩子", "隔壁"), [text for texts in ASKED.values() for text in texts] + list(SILENT)
    texts = [f"{who[n % 4]}{n}号说，{what[n % len(what)]}。第{n % 977}天" for n in range(10_000)]
    began = stopwatch()
    found = topics(*texts)
    assert stopwatch() - began < 8
    assert Counter({one.theme: one.heat for one in found}).most_common(1)[0][0] == "Q10"


def test_distinct_unknown_questions_cost_no_more_than_their_number():
    texts = [
        f"第{n}种口味{chr(0x4E00 + n)}{chr(0x5E00 + n % 3000)}的配料含{chr(0x6E00 + n % 1000)}吗" for n in range(6000)
    ]
    began = stopwatch()
    topics(*texts)
    assert stopwatch() - began < 8
