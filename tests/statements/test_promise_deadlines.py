"""Stories and properties: which sentences set a public deadline, and for when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statements.posting.promises import commitments_in, deadlines_in, promises_in
from tests.statements.room import ZONE

NOW = datetime(2026, 3, 12, 6, 52, tzinfo=UTC)  # 14:52 in Beijing


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("lang", "text", "due"),
    [
        ("zh", "下一次更新：今天17:00前（北京时间），在本账号发布", at(12, 17)),
        ("zh", "下一次更新：今天17:00（北京时间）前发布", at(12, 17)),
        ("zh", "我们将于明天9:00前公布结果", at(13, 9)),
        ("zh", "3月13日18:00前说明进展", at(13, 18)),
        ("zh", "2026年3月14日18时30分前说明进展", at(14, 18, 30)),
        ("zh", "我们在两小时内通报", at(12, 16, 52)),
        ("zh", "24小时内逐件答复", at(13, 14, 52)),
        ("zh", "今晚8点前更新", at(12, 20)),
        ("zh", "今晚12点前更新", at(13, 0)),
        ("zh", "明天中午11点半前更新", at(13, 11, 30)),
        ("zh", "今天下午5点半之前更新", at(12, 17, 30)),
        ("en", "Next update: by 17:00 (Beijing time) today, on this account", at(12, 17)),
        ("en", "Next update: by 09:30 (Beijing time) tomorrow", at(13, 9, 30)),
        ("en", "Next update: by 17:00 (Beijing time)", at(12, 17)),
        ("en", "We will report by 09:00 on 13 March 2026", at(13, 9)),
        ("en", "We will report by 9 a.m. on March 13, 2026", at(13, 9)),
        ("en", "We will update you by 5 p.m. today", at(12, 17)),
        ("en", "Refunds are paid within two hours", at(12, 16, 52)),
        ("en", "We answer every message within twenty-four hours", at(13, 14, 52)),
    ],
)
def test_a_deadline_becomes_its_moment(lang, text, due):
    assert promises_in(text + ("。" if lang == "zh" else "."), lang, now=NOW, zone=ZONE) == [(text, due)]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("zh", "门店已于14:30停止营业。"),
        ("zh", "今天14:00前的情况已经公布。"),
        ("zh", "如在24小时内感到不适，请就医。"),
        ("en", "This was reported by 3 customers."),
        ("en", "The store closed at 14:30."),
        ("en", "By 14:00 today we had published the list."),
    ],
)
def test_what_is_past_or_no_deed_of_ours_is_no_promise(lang, text):
    assert promises_in(text, lang, now=NOW, zone=ZONE) == []


def test_the_same_moment_counts_once_and_moments_come_in_order():
    text = "下一次更新：明天9:00前。今天17:00前公布检测安排。届时在今天17:00前一并说明。"
    assert promises_in(text, "zh", now=NOW, zone=ZONE) == [
        ("今天17:00前公布检测安排", at(12, 17)),
        ("下一次更新：明天9:00前", at(13, 9)),
    ]


def test_a_day_without_its_year_said_in_december_may_be_next_year():
    december = datetime(2026, 12, 31, 12, 0, tzinfo=UTC)
    found = promises_in("1月2日9:00前公布", "zh", now=december, zone=ZONE)
    assert found == [("1月2日9:00前公布", datetime(2027, 1, 2, 1, 0, tzinfo=UTC))]


def test_a_long_sentence_is_cut_to_120_characters():
    text = "我们将于今天17:00前公布" + "进展" * 100
    assert promises_in(text, "zh", now=NOW, zone=ZONE) == [(text[:120], at(12, 17))]


_PIECES = [
    "今天",
    "明天",
    "后天",
    "17:00",
    "25:99",
    "99",
    "9月31日",
    "0000年",
    "前",
    "更新",
    "两小时内",
    "999天内",
    "十十分钟内",
]
_PIECES += [
    "by ",
    "17:00",
    " today",
    " on 31 June 9999",
    "within ",
    "twenty hours",
    "update",
    "(",
    ")",
    "。",
    "\n",
    "٣",
    " p.m.",
]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(_PIECES) | st.text(max_size=4), max_size=14).map("".join),
    st.sampled_from(["zh", "en"]),
    st.integers(min_value=200_000, max_value=253_402_000_000).map(lambda one: datetime.fromtimestamp(one, UTC)),
)
def test_no_text_and_no_moment_breaks_it_and_every_promise_lies_ahead(text, lang, now):
    found = promises_in(text, lang, now=now, zone=ZONE)
    assert all(due > now and due.utcoffset() == timedelta(0) and 0 < len(said) <= 120 for said, due in found)
    assert set(found) <= set(deadlines_in(text, lang, now=now, zone=ZONE))


@settings(deadline=None)
@given(st.integers(min_value=1, max_value=10), st.sampled_from([("分钟", 1), ("小时", 60), ("天", 1440)]))
def test_spans_count_from_the_moment_it_is_said(number, unit):
    word, minutes = unit
    expected = NOW + timedelta(minutes=number * minutes)
    for numeral in (str(number), "一两三四五六七八九十"[number - 1]):
        assert [due for _, due in promises_in(f"我们将在{numeral}{word}内答复", "zh", now=NOW, zone=ZONE)] == [expected]


THREE_DAYS = timedelta(days=3)


def kinds(text: str, lang: str):
    found = commitments_in(text, lang, now=NOW, zone=ZONE, remedy_due=THREE_DAYS)
    return [(one.kind, one.timed, one.due_at) for one in found]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("zh", "下一次更新：今天17:00前（北京时间）。", [("update", True, at(12, 17))]),
        ("zh", "我们将在24小时内逐件答复。", [("deed", True, at(13, 14, 52))]),
        ("zh", "涉事饮品可在任一门店退款，无需小票。", [("remedy", False, NOW + THREE_DAYS)]),
        ("zh", "就医顾客的治疗费用由我们先行垫付。", [("remedy", False, NOW + THREE_DAYS)]),
        ("zh", "退款将于今天17:00前完成。", [("remedy", True, at(12, 17))]),
        ("zh", "我们已为41位顾客退款。", []),
        ("zh", "是否涉及赔偿，我们正在核实。", []),
        ("en", "Drinks can be returned for a full refund at any store.", [("remedy", False, NOW + THREE_DAYS)]),
        ("en", "We pay the medical costs of the customers.", [("remedy", False, NOW + THREE_DAYS)]),
        ("en", "We have refunded 41 customers.", []),
        ("en", "Next update: by 17:00 (Beijing time) today.", [("update", True, at(12, 17))]),
    ],
)
def test_times_deadlines_and_remedies_are_told_apart(lang, text, expected):
    assert kinds(text, lang) == expected


def test_the_same_remedy_said_twice_is_one():
    assert len(kinds("可在任一门店退款。可在任一门店退款。我们承担治疗费。", "zh")) == 2


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from(["zh", "en"]))
def test_no_text_breaks_it_and_every_commitment_lies_ahead(text, lang):
    found = commitments_in(text, lang, now=NOW, zone=ZONE, remedy_due=THREE_DAYS)
    assert all(one.due_at > NOW and one.what and len(one.what) <= 120 for one in found)
