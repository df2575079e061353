"""One score from two axes: risk words overrule what a model thinks of the mood, and mood alone is no crisis."""

from collections.abc import Sequence

import pytest

from config.taxonomy import load_taxonomy
from monitor.guessing import WordScorer, p_crisis
from monitor.judging import judge
from monitor.language import language
from monitor.risk import RiskTerms
from monitor.risk_record import Risk
from monitor.scorer import LexiconScorer
from store.nouns import Score

RISK = RiskTerms(load_taxonomy())
HURT = "孩子喝了星禾的奶茶上吐下泻，现在在医院住院"


class Says:
    """A scorer that thinks the same of every text."""

    name = "says"

    def __init__(self, p: float, degraded: bool = False) -> None:
        self.p, self.degraded = p, degraded
        self.heard: list[str] = []

    def p_negative(self, texts: Sequence[str]) -> list[float]:
        self.heard += texts
        return [self.p] * len(texts)

    def close(self) -> None:
        """Nothing to close."""


def one(text: str, p: float, **more: bool) -> Score:
    (score,) = judge([("", text)], scorer=WordScorer(Says(p, **more)), risk=RISK)
    return score


def test_a_model_that_is_delighted_does_not_hide_a_child_in_hospital():
    score = one(HURT, 0.0)
    assert (score.crisis, score.negative, score.category, score.harm) == (True, True, "food_safety", 3)
    assert score.p_crisis > 0.99
    assert score.p_negative == 0.0
    assert {"hospital", "symptom", "vulnerable"} <= set(score.aggravators)


@pytest.mark.parametrize(("p", "negative"), [(1.0, True), (0.6, True), (0.5999, False), (0.0, False)])
def test_a_model_that_is_furious_makes_a_post_negative_but_no_crisis(p, negative):
    score = one("星禾今天的排队好长", p)
    assert score == Score(
        p_negative=p, p_crisis=0.02, negative=negative, crisis=False, lang="zh", model="says"
    )  # fmt: skip


def test_what_is_no_crisis_keeps_its_words_but_no_category_harm_or_floor():
    score = one("星禾辟谣：食物中毒系不实信息", 0.5)
    assert [span.term for span in score.spans] == ["辟谣", "食物中毒"]
    assert (score.crisis, score.category, score.categories, score.harm, score.hard) == (False, "", (), 0, False)


def test_a_hard_word_sets_the_floor_only_in_a_crisis():
    assert one("星禾食物中毒", 0.5).hard
    assert not one("星禾蟑螂", 0.9).hard


def test_the_stand_in_signs_with_a_star():
    assert [one(HURT, 0.5).model, one(HURT, 0.5, degraded=True).model] == ["says", "says*"]


def test_answers_come_in_the_order_of_the_texts_and_the_title_counts():
    texts = [("星禾食物中毒", ""), ("", "星禾上新"), ("Xinghe", "caught fire")]
    scores = judge(texts, scorer=WordScorer(LexiconScorer()), risk=RISK)
    assert [(one.category, one.lang) for one in scores] == [("food_safety", "zh"), ("", "zh"), ("product_safety", "en")]
    assert judge([], scorer=WordScorer(LexiconScorer()), risk=RISK) == []


def test_the_model_hears_title_and_text():
    scorer = Says(0.5)
    judge([("星禾", "好喝"), ("", "茶"), ("茶", "")], scorer=WordScorer(scorer), risk=RISK)
    assert scorer.heard == ["星禾 好喝", "茶", "茶"]


def test_each_sign_moves_the_odds_its_own_way():
    base = Risk(category="food_safety", weight=0.6)
    p = p_crisis(base, 0.5)
    up = [
        p_crisis(Risk(category="food_safety", weight=1.0), 0.5),
        p_crisis(Risk(category="food_safety", weight=0.6, aggravators=("hospital",)), 0.5),
        p_crisis(base, 0.9),
    ]
    down = [
        p_crisis(Risk(category="food_safety", weight=0.2), 0.5),
        p_crisis(Risk(category="food_safety", weight=0.6, suppressors=1), 0.5),
        p_crisis(Risk(category="food_safety", weight=0.6, mild_suppressors=1), 0.5),
        p_crisis(base, 0.1),
    ]
    assert min(up) > p > max(down)
    assert p_crisis(Risk(weight=2.0, aggravators=("death_injury", "hospital", "injury")), 1.0) == 0.02
    assert 0.0 <= p_crisis(Risk(category="x", weight=9.0, aggravators=("death_injury",)), 1.0) <= 1.0


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("星禾 milk tea 真好喝", "zh"),
        ("Xinghe milk tea", "en"),
        ("", "zh"),
        ("123", "zh"),
        ("禾 abcd", "zh"),
        ("禾 abcde", "en"),
    ],  # fmt: skip
)
def test_a_fifth_of_hanzi_makes_a_text_chinese(text, lang):
    assert language(text) == lang


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("难喝，差评", 1),
        ("好喝，推荐", -1),
        ("星禾在三楼", 0),
        ("难喝但是好看", 0),
        ("難喝", 1),
        ("难 喝", 1),
        ("ＴＥＲＲＩＢＬＥ", 1),
        ("delicious", -1),
        ("a classick", 0),
        ("greatly", 0),
        ("", 0),
    ],
)
def test_the_word_list_counts_grief_against_praise(text, sign):
    (p,) = LexiconScorer().p_negative([text])
    assert (p > 0.5) - (p < 0.5) == sign


def test_saying_it_twice_says_it_once_and_more_words_say_more():
    once, twice, both = LexiconScorer().p_negative(["难喝", "难喝难喝", "难喝，恶心"])
    assert once == twice < both < 1
