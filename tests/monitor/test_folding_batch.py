"""Many texts at once read as each of them alone: folded, searched for risk words, and judged."""

from hypothesis import example, given
from hypothesis import strategies as st

from config.taxonomy import load_taxonomy
from monitor.folding import fold
from monitor.folding_batch import fold_all
from monitor.guessing import WordScorer
from monitor.judging import judge
from monitor.risk import RiskTerms
from monitor.sarcasm import sarcastic
from monitor.sarcasm_words import STEMS
from monitor.scorer import LexiconScorer

RISK = RiskTerms(load_taxonomy())
# What folding moves, drops, widens or leaves, and what no encoding likes.
PIECES = st.sampled_from(
    [
        *("食", "物", "中", "毒", "變質", " ", "  ", "\n", "\n\n", "\u200b", "*", "-", "…", "😀", "👨\u200d👩", "𠮷"),
        *("é", "e\u0301", "ﬁ", "㎏", "ＭＯＬＤ", "mold", "İ", "ß", "한", "가", "\x00", "\uffff"),
        *("\ud83d", "\ude00", "\ud800", "//", "a.co/中毒 ", "感谢", "沒有"),
    ]
)
TEXTS = st.lists(st.lists(PIECES, max_size=9).map("".join), max_size=9)
SAID = (
    ("", "感谢星禾，喝完在医院躺了三天👏"),
    ("星禾", "孩子喝了奶茶上吐下泻，在医院"),
    ("", "应急演练：星禾食物中毒，没有人受伤"),
    ("", "https://a.example/食物中毒 没有食物中毒，吃出蟑螂"),
    ("", "星禾的奶茶真好喝"),
    ("", "Love how they charged me twice, moldy cup and all"),
    ("", ""),
    ("蟑螂", "食 物 中-毒"),
)


@given(TEXTS, st.booleans())
@example(["😀食 物", "𠮷食*物", "食 😀 物😀", "食物"], True)
@example(["😀食 物", "𠮷食*物", "食 * 物😀", "食物"], False)
def test_texts_folded_together_are_folded_like_each_alone(texts, tight):
    together = fold_all(texts, tight=tight)
    assert together.texts == [fold(text, tight=tight).text for text in texts]
    for at, text in enumerate(texts):
        alone, said = fold(text, tight=tight), together[at].text
        assert together.joined[together.begin(at) : together.ends[at]] == said
        places = [(start, end) for start in range(len(said)) for end in range(start + 1, len(said) + 1)]
        assert [together[at].original(*one) for one in places] == [alone.original(*one) for one in places]


@given(TEXTS)
def test_texts_searched_together_betray_what_each_betrays_alone(texts):
    told = [*SAID, *(("", text) for text in texts), *SAID]
    looked = RISK.look(told)
    assert looked.risks == [RISK.find(*one) for one in told]
    assert looked.praise == {at for at, one in enumerate(told) if RISK.look([one]).praise}


def test_what_is_judged_together_is_judged_as_each_alone_whatever_stands_in_it():
    texts = [*SAID, ("", "\ud83d食物中毒\ud800"), ("\x00", "\uffff蟑螂"), ("", "感谢\ude00，又坏了")]
    scorer = WordScorer(LexiconScorer())
    together = judge(texts, scorer=scorer, risk=RISK)
    assert together == [score for one in texts for score in judge([one], scorer=scorer, risk=RISK)]
    assert [(one.crisis, one.triage) for one in together[-3:]] == [(True, ""), (True, "unsure"), (False, "sarcasm")]


@given(
    st.sampled_from(STEMS),
    st.sampled_from(["", "真的", "so ", "-", "。"]),
    st.sampled_from(["", "了", "！", "s", "\n"]),
)
def test_praise_is_noticed_wherever_it_stands_so_that_bitterness_is_looked_for(stem, before, after):
    text = f"{before}{stem}{after}，又坏了, broken again"
    looked = RISK.look([("", "星禾"), ("", text)])
    # An emoji between hanzi is folded away: then nobody sees it.
    assert (1 in looked.praise) == (stem.strip() in looked.folded.texts[1])
    assert 1 in looked.praise or not sarcastic(looked.folded.texts[1], looked.risks[1])
