"""The sentence of a reading: counts, what is usual, how often the watched past saw as much; no probability ever."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from monitor.peaks import KEPT
from monitor.saying import past, reason, reasons, sentence, volume
from monitor.series import Reading
from monitor.signals import NOTICE, PAGE, Evidence
from tests.monitor.lives import START

VOLUME = Evidence("volume", PAGE, 400, 80, 30, share=0.6, base=0.1)
COMPLAINTS = Evidence("complaints", PAGE, 240, 16, 60, share=0.6, base=0.1)
LOUD = Reading(
    START, score=3.4, level=PAGE, told=PAGE, evidence=(VOLUME,), count=312, usual=40, ratio=7.8, times=1, loud_days=3,
    days=38.2,
)  # fmt: skip
KINDS = (
    Evidence("volume", PAGE, 400, 80, 30, 0.6, 0.1),
    COMPLAINTS,
    Evidence("share", NOTICE, 30, 9, 180, 0.5, 0.15),
    Evidence("cold", PAGE, 25, 0.4, 30, 0.4, 0.15),
    Evidence("slow_burn", NOTICE, 600, 200, 360, 0.2, 0.15),
    Evidence("flood", NOTICE, 400, 20, 30, 0.96, authors=28),
    Evidence("reach", PAGE, 44, 6, 30, 0.9, 0.15, followers=3_250_000),
    Evidence("trend", NOTICE, 20, 6, 3 * 24 * 60),
    Evidence("campaign", PAGE, 90, 12, 60, 0.5, 0.1),
)
IMPOSSIBLE = re.compile(r"概率|几率|可能性|百年|年一遇|probab|chance|likel|odds|once in|sigma|σ", re.IGNORECASE)


def test_the_whole_sentence_in_both_languages():
    assert sentence(LOUD) == (
        "15 分钟 312 条；此品牌此时通常 40 条（7.8 倍）。过去 38 天里只有 1 次达到这个倍数。最近 30 分钟负面 60%。"
    )
    assert sentence(LOUD, "en") == (
        "312 in 15 minutes; usually 40 at this hour (7.8 times). So many times the usual only 1x in the past 38 days. "
        "Complaints of the last 30 minutes: 60%."
    )
    assert sentence(structs.replace(LOUD, evidence=())) == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"times": 0}, "过去 38 天里从没有达到这个倍数"),
        ({"times": 2}, "过去 38 天里只有 2 次达到这个倍数"),
        ({"times": 3}, "过去 38 天里有 3 次达到这个倍数"),
        ({"times": 5, "loud_days": 2}, "过去 38 天里只有 2 天有过这么多"),
        ({"times": 5, "loud_days": 0}, "过去 38 天里从没有这么多"),
        ({"ratio": 1.9, "times": 0, "loud_days": 4}, "过去 38 天里有 4 天有过这么多"),
        ({"times": 9, "loud_days": 9}, "过去 38 天里有 9 次达到这个倍数"),
        ({"times": 10, "loud_days": 10}, ""),
        ({"times": KEPT, "loud_days": KEPT}, ""),
        ({"days": 3.9, "times": 0}, "才监测 94 小时，只按绝对数判断"),
        ({"days": 4.0, "times": 0}, "过去 4 天里从没有达到这个倍数"),
    ],
    ids=[
        "never", "twice", "oftener", "the count is rarer", "never so many", "hardly above usual", "nine times",
        "it is no news", "so often or oftener", "no history yet", "history",
    ],
)  # fmt: skip
def test_how_often_the_watched_past_saw_as_much(changes, said):
    assert past(structs.replace(LOUD, **changes)) == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"usual": 9.95}, "15 分钟 312 条；此品牌此时通常 9.9 条（7.8 倍）"),
        ({"usual": 0.9}, "15 分钟 312 条；此品牌此时通常不到 1 条"),
        ({"days": 0.9}, "15 分钟 312 条"),
        ({"days": 1.0}, "15 分钟 312 条；此品牌此时通常 40 条（7.8 倍）"),
    ],
    ids=["few are usual", "hardly any is usual", "the first day", "a day later"],
)
def test_a_volume_is_told_beside_what_is_usual(changes, said):
    assert volume(structs.replace(LOUD, **changes)) == said


@pytest.mark.parametrize(
    ("found", "zh", "en"),
    [
        (KINDS[1], "最近 1 小时负面 240 条，通常 16 条；负面占 60%，平时 10%", "240 complaints in 1 hour, usually 16"),
        (KINDS[2], "最近 3 小时负面占 50%（30 条），平时 15%", "complaints are 50% of the last 3 hours (30)"),
        (KINDS[3], "最近 30 分钟 25 条，负面 40%", "25 in 30 minutes, complaints 40%"),
        (KINDS[4], "最近 6 小时 600 条，通常 200 条（3.0 倍），在慢慢涨", "600 in 6 hours, usually 200 (3.0 times)"),
        (KINDS[5], "最近 30 分钟 400 条里 96% 是重复的文本，作者最多 28 位，像刷屏", "96% of 400 posts in 30 minutes"),
        (KINDS[6], "有粉丝 325 万的账号参与；最近 30 分钟 44 条，负面 90%", "an account with 3,250,000 followers"),
        (
            KINDS[7],
            "投诉平台最近 3 天 20 条，之前通常 6 条（3.3 倍），还在涨",
            "20 on complaint platforms in 3 days",
        ),
        (KINDS[8], "计划活动进行中，但最近 1 小时负面 90 条，占 50%，平时 10%", "a campaign is on, but 90 complaints"),
        (replace(KINDS[6], followers=8000), "有粉丝 8000 的账号参与；最近 30 分钟 44 条，负面 90%", "8,000 followers"),
        (replace(KINDS[5], authors=None), "最近 30 分钟 400 条里 96% 是重复的文本，像刷屏", "repeat one text:"),
        (replace(KINDS[3], share=None), "最近 30 分钟 25 条，负面 未知", "complaints unknown"),
        (replace(KINDS[1], usual=0.4), "最近 1 小时负面 240 条，通常 不到 1 条；负面占 60%，平时 10%", "less than 1"),
    ],
)
def test_each_kind_of_evidence_speaks_in_its_own_numbers(found, zh, en):
    assert reason(found) == zh
    assert en in reason(found, "en")


def test_the_weightiest_two_reasons_are_enough():
    assert reasons(structs.replace(LOUD, evidence=KINDS[1:7])) == f"{reason(KINDS[1])}；{reason(KINDS[3])}"


def test_a_share_is_not_told_twice_and_a_volume_of_unknown_mood_says_it_all():
    share = Evidence("share", NOTICE, 240, 16, 60, 0.6, 0.1)
    assert reasons(structs.replace(LOUD, evidence=(COMPLAINTS, share, VOLUME))) == reason(COMPLAINTS)
    assert reasons(structs.replace(LOUD, evidence=(replace(VOLUME, share=None),))) == ""


@given(
    st.sampled_from(KINDS),
    st.floats(0, 6),
    st.integers(0, 10**6),
    st.floats(0, 1e5),
    st.integers(0, KEPT),
    st.integers(0, KEPT),
    st.floats(0, 800),
    st.sampled_from(["zh", "en"]),
)
def test_no_sentence_claims_what_was_never_watched(kind, score, count, usual, times, loud, days, lang):
    """Whatever the numbers: no probability, no "once in so many years", and no longer past than was watched."""
    reading = structs.replace(
        LOUD, evidence=(kind,), score=score, count=count, usual=usual, ratio=count / max(usual, 1), times=times,
        loud_days=loud, days=days,
    )  # fmt: skip
    said = sentence(reading, lang)
    assert said
    assert not IMPOSSIBLE.search(said)
    watched = re.search(r"过去 (\d+) 天|past (\d+) days", said)
    assert watched is None or int(watched.group(1) or watched.group(2)) <= days + 0.5
