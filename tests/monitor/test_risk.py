"""Risk words: what a text betrays, where exactly it says so, and what slang, denials and rumours do not betray."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.clock import stopwatch
from config.taxonomy import Taxonomy, load_taxonomy
from monitor.folding import fold
from monitor.risk import RiskTerms
from monitor.risk_record import Risk

SHIPPED = RiskTerms(load_taxonomy())
SMALL = RiskTerms(
    Taxonomy.model_validate(
        {
            "version": 2,
            "aggravators": {
                "death_injury": {"zh": ["死亡"]},
                "hospital": {"zh": ["住院"]},
                "injury": {"zh": ["流血"]},
                "symptom": {"zh": ["腹泻"]},
                "vulnerable": {"zh": ["孩子"]},
                "collective": {"zh": ["多人"]},
            },
            "certainty": {"zh": ["网传"]},
            "negations": {"zh": ["没有"], "en": ["no"]},
            "not_negations": {"zh": ["没有想到"]},
            "suppressors": {"zh": ["演练", "辟谣"]},
            "mild_suppressors": {"zh": ["优惠"]},
            "idioms": {"zh": ["爆炸好喝", "蟑螂", "去急诊"], "en": ["fire sale"]},
            "categories": [
                {
                    "id": "food",
                    "zh_name": "食品",
                    "en_name": "Food",
                    "scct": "preventable",
                    "floor": "orange",
                    "harm": 2,
                    "hard": {"zh": ["食物中毒"]},
                    "terms": {"zh": ["变质", "吃出蟑螂", "中毒"], "en": ["mold", "rosé"]},
                    "weak": {"zh": ["怪味"]},
                    "pairs": [
                        {"first": ["喝了"], "then": ["医院", "急诊"], "within": 6, "aggravator": "hospital"},
                        {"first": ["吃了"], "then": ["医院"], "within": 6},
                    ],
                    "false_friends": {"zh": ["变质岩", "臭豆腐"]},
                },
                {
                    "id": "product",
                    "zh_name": "产品",
                    "en_name": "Product",
                    "scct": "preventable",
                    "floor": "red",
                    "harm": 1,
                    "hard": {"zh": ["爆炸"], "en": ["fire"]},
                    "weak": {"zh": ["掉漆"]},
                },
            ],
        }
    )
)


def said(risk: Risk) -> list[tuple[str, str]]:
    return [(span.term, span.category) for span in risk.spans]


@pytest.mark.parametrize(
    ("title", "text", "shown"),
    [
        ("", "星禾食物中毒了", ["食物中毒"]),
        ("星禾食物中毒", "变质", ["食物中毒", "变质"]),
        ("转", "说食\u200b物*中-毒！", ["食\u200b物*中-毒"]),
        ("", "\u200b食 物\n中😀毒\u200b", ["食 物\n中😀毒"]),
        ("", "東西變質啦", ["變質"]),
        ("", "so much ＭＯＬＤ here", ["ＭＯＬＤ"]),
        ("é", "e\u0301 Mold", ["Mold"]),
        ("", "ROSE\u0301!", ["ROSE\u0301"]),
    ],
)
def test_a_span_shows_the_very_characters_the_writer_wrote(title, text, shown):
    whole = f"{title}\n{text}"
    assert [whole[span.start : span.end] for span in SMALL.find(title, text).spans] == shown


TRICKS = st.sampled_from(["\u200b", " ", "*", "-", "😀", "·", "\u00ad", "\ufe0f"])
PIECES = st.sampled_from(
    ["食物中毒", "變質", "爆炸", "ＭＯＬＤ", "mold", "怪味", "喝了", "医院", "，", "。", "星禾", "é", "ﬁ", "㎏", "字"]
)


@given(st.lists(st.tuples(PIECES, TRICKS, st.booleans()), max_size=12), st.integers(0, 12))
def test_every_span_folds_to_its_word(pieces, cut):
    words = [trick.join(word) if tricked and not word.isascii() else word for word, trick, tricked in pieces]
    title, text = " ".join(words[:cut]), "，".join(words[cut:])
    whole = f"{title}\n{text}"
    for span in SMALL.find(title, text).spans:
        shown = fold(whole[span.start : span.end], tight=True).text
        ends = sorted(span.term.split("…"), key=shown.find)
        assert shown.startswith(ends[0])
        assert shown.endswith(ends[-1])
        assert "…" in span.term or shown == span.term


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("星禾没有食物中毒", []),
        ("没有任何一个顾客食物中毒", []),
        ("没有任何一个老顾客食物中毒", ["食物中毒"]),
        ("没有，食物中毒", ["食物中毒"]),
        ("没有想到食物中毒", ["食物中毒"]),
        ("食物中毒没有", ["食物中毒"]),
        ("there is no mold", []),
        ("no. mold everywhere", ["mold"]),
        ("no milk in this tea at all but mold", ["mold"]),
        ("no milk but mold", []),
        ("没有变质，食物中毒", ["食物中毒"]),
    ],
)
def test_a_denial_reaches_a_little_way_and_never_over_a_clause(text, terms):
    assert [span.term for span in SMALL.find("", text).spans] == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("杯子爆炸了", ["爆炸"]),
        ("爆炸好喝", []),
        ("爆炸好喝，然后真的爆炸", ["爆炸"]),
        ("big fire sale", []),
        ("a fire in the sale", ["fire"]),
        ("fireplace", []),
        ("吃出蟑螂", ["吃出蟑螂"]),
        ("变质岩标本", []),
        ("变质岩，变质了", ["变质"]),
        ("臭豆腐有怪味", []),
        ("臭豆腐。有怪味", ["怪味"]),
        ("有怪味的臭豆腐", []),
        ("臭豆腐变质", ["变质"]),
        ("臭豆腐掉漆", ["掉漆"]),
        ("看 https://x.example/爆炸 吧", []),
    ],
)
def test_slang_false_friends_and_addresses_cover_what_they_cover_and_no_more(text, terms):
    assert [span.term for span in SMALL.find("", text).spans] == terms


@pytest.mark.parametrize(
    ("text", "terms", "aggravators"),
    [
        ("喝了三杯去医院", ["喝了…医院"], ("hospital",)),
        ("医院里喝了", ["喝了…医院"], ("hospital",)),
        ("喝了一二三四五六医院", ["喝了…医院"], ("hospital",)),
        ("喝了一二三四五六七医院", [], ()),
        ("喝了没有去医院", [], ()),
        ("没有喝了一二三四五医院", [], ()),
        ("喝了去急诊", [], ()),
        ("医院一二三四五六喝了", ["喝了…医院"], ("hospital",)),
        ("医院一二三四五六七喝了", [], ()),
        ("吃了去医院喝了去医院", ["吃了…医院"], ("hospital",)),
        ("喝了没有去医院，急诊", ["喝了…急诊"], ("hospital",)),
        ("喝了就医院喝了就急诊", ["喝了…医院"], ("hospital",)),
    ],
)
def test_two_ordinary_words_close_together_tell_of_harm_once(text, terms, aggravators):
    risk = SMALL.find("", text)
    assert ([span.term for span in risk.spans], risk.aggravators) == (terms, aggravators)


@pytest.mark.parametrize(
    ("text", "harm"),
    [
        ("死亡住院孩子", 0),
        ("怪味，孩子", 0),
        ("变质", 2),
        ("爆炸", 1),
        ("变质，孩子", 2),
        ("变质，腹泻", 2),
        ("变质，孩子腹泻", 3),
        ("变质，多人腹泻", 3),
        ("爆炸，流血", 3),
        ("变质，住院", 3),
        ("喝了去医院", 3),
        ("爆炸，住院，死亡", 4),
        ("变质，没有死亡", 2),
    ],
)
def test_harm_is_what_happened_to_people(text, harm):
    assert SMALL.find("", text).harm == harm


def test_the_whole_answer():
    risk = SMALL.find("网传", "演练优惠 爆炸，食物中毒，食物中毒，怪味，多人")
    assert said(risk) == [("爆炸", "product"), ("食物中毒", "food"), ("食物中毒", "food"), ("怪味", "food")]
    assert (risk.category, risk.categories) == ("food", ("food", "product"))
    assert risk.weight == pytest.approx(1.2)
    assert (risk.aggravators, risk.unsure, risk.hard, risk.harm) == (("collective",), True, True, 2)
    assert (risk.suppressors, risk.mild_suppressors) == (1, 1)
    assert SMALL.find("", "食物中毒，爆炸").categories == ("product", "food")
    assert SMALL.find("", "今天天气不错") == SMALL.find("", "") == Risk()


@pytest.mark.parametrize(
    ("text", "worse"),
    [
        ("老板住院了", ("hospital",)),
        ("老板没有住院", ()),
        ("今天没有下雨，老板住院了", ("hospital",)),
        ("没有住院。老板后来住院了", ("hospital",)),
        ("he was hospitalized", ("hospital",)),
        ("he was not hospitalized", ()),
        ("he was not here. Later, as we all know by now, hospitalized", ("hospital",)),
    ],
)
def test_what_would_make_it_worse_is_denied_only_where_a_denial_stands_before_it(text, worse):
    assert SHIPPED.find("", text).aggravators == worse


def test_grumbles_alone_are_shown_but_name_no_category():
    risk = SMALL.find("", "怪味，掉漆")
    assert (said(risk), risk.category, risk.categories) == ([("怪味", "food"), ("掉漆", "product")], "", ())


def test_every_process_gives_the_same_answer():
    script = (
        "from config.taxonomy import load_taxonomy\n"
        "from monitor.risk import RiskTerms\n"
        "r = RiskTerms(load_taxonomy())\n"
        "for t in ('员工说宣传没有造假，其实是虚假', '宣传0糖，实际检测含糖，虚假宣传', '喝了肚子疼发烧去医院输液',\n"
        "          '孩子和宝宝都去医院', '女儿儿子闺女在医院'):\n"
        "    print(ascii(r.find('', t)))"
    )
    root = Path(__file__).parents[2]
    running = [
        subprocess.Popen([sys.executable, "-c", script], cwd=root, stdout=subprocess.PIPE, env={"PYTHONHASHSEED": seed})
        for seed in ("0", "1", "4", "5")
    ]
    answers = {process.communicate()[0] for process in running}
    assert len(answers) == 1
    assert answers.pop().count(b"Risk(") == 5


@pytest.mark.parametrize(
    "text",
    [
        "蟑螂" * 10_000,
        "孩子" * 5000 + "医院" * 5000,
        "火爆爆炸" * 5000,
        "住院" * 10_000 + "好" * 99 + "没有" * 10_000,
        "a.co/x 蟑螂 " * 2000,
        "上瘾过期" * 5000,
    ],
)
def test_a_flood_of_risk_words_in_one_post_holds_nobody_up(text):
    began = stopwatch()
    SHIPPED.find("", text)
    assert stopwatch() - began < 5
