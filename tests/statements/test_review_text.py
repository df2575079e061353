"""Stories: the review tells minutes, clock, promises and timeline as they were, and lets no stranger write markup."""

import ast
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from statements.looking_back.deeds import DEEDS
from statements.looking_back.review import Measure, ReviewInput, build_review
from statements.looking_back.review import to_text as to_markdown
from store.nouns import ClockState, Level, LevelChange, Page, PageStatus, Promise, Publication
from tests.statements.room import NOW, SEEN, T0, ZONE, draft, entry, incident

ROOT = Path(__file__).parents[2]


def after(minutes: float):
    return T0 + timedelta(minutes=minutes)


def page(number: int, status: PageStatus = PageStatus.ACCEPTED, accepted_at=None) -> Page:
    return Page(
        f"p{number}", "a" * 32, "li", "email", "li@x", "call", "s", "b", "", Level.ORANGE, f"k{number}", status, SEEN,
        accepted_at=accepted_at,
    )  # fmt: skip


def promise(what: str, minutes: int, kept=None, broken=None) -> Promise:
    return Promise(what, "a" * 32, "u1", what, after(minutes), "zhao", kept, broken)


def told(**changes) -> ReviewInput:
    publication = Publication(
        "u1", "a" * 32, "d1", "0" * 64, "weibo", "https://weibo.example/a_b/7", after(47), NOW, "zhao"
    )
    given = ReviewInput(
        incident=incident(clock=ClockState.MET, owner="li"),
        journal=(
            entry(1, SEEN, "incident_opened", "12 分钟内 41 条"),
            entry(2, after(12.5), "page_accepted", "call"),
            entry(3, after(13), "draft_prepared"),
            entry(4, after(14), "acknowledged", who="li"),
            entry(5, after(40), "approved", who="zhao"),
            entry(6, after(47), "publication_recorded", who="zhao"),
        ),
        levels=(LevelChange("a" * 32, SEEN, Level.ORANGE, "", "system"),),
        pages=(page(1, accepted_at=after(12.5)), page(2, PageStatus.FAILED)),
        drafts=(draft("声明"),),
        publications=(publication,),
        promises=(
            promise("今天17:00前更新", 175, kept=after(170)),
            promise("明天9:00前更新", 1135, broken=after(1135)),
        ),
        mention_count=41,
        brand_name="星禾茶饮",
        zone=ZONE,
    )
    return replace(given, **changes)


def test_minutes_are_counted_from_the_event_or_from_its_detection():
    review = build_review(told())
    assert review.measures == (
        Measure("detect", 12, 5),
        Measure("reach", 0.5, 2),
        Measure("acknowledge", 2, 5),
        Measure("triage", None, 10),
        Measure("draft", 1, 2),
        Measure("approve", 40, 48),
        Measure("publish", 47, 60),
    )
    assert [one.name for one in review.late] == ["detect", "triage"]
    assert (review.kept, review.broken, review.accepted, review.failed) == (1, 1, 1, 1)


def test_what_never_happened_is_none_and_missed():
    review = build_review(told(journal=(), pages=(), publications=(), promises=()))
    assert [one.minutes for one in review.measures] == [12, None, None, None, None, None, None]
    assert len(review.late) == 7
    assert "| 首次公开回应（自首发） | 未发生 | ≤ 60 | 未达到 |" in to_markdown(review, "zh")


def test_the_question_sheets_approval_is_not_the_statements():
    early = replace(entry(4, after(20), "approved", who="zhao"), detail={"kind": "qa"})
    given = told(journal=(early, *told().journal))
    assert build_review(given).measures[5] == Measure("approve", 40, 48)


@pytest.mark.parametrize(
    ("clock", "zh", "en"),
    [
        (ClockState.MET, "达成：", "met: "),
        (ClockState.MET_LATE, "超时后完成：", "met late: "),
        (ClockState.BREACHED, "超时：", "breached: "),
    ],
)
def test_the_clock_is_told_plainly(clock, zh, en):
    review = build_review(told(incident=incident(clock=clock)))
    assert f"- 首响：{zh}" in to_markdown(review, "zh")
    assert f"- First hour: {en}" in to_markdown(review, "en")


def test_the_sheet_has_every_part_in_order_in_both_languages():
    heads = {lang: re.findall(r"(?m)^##? .*$", to_markdown(build_review(told()), lang)) for lang in ("zh", "en")}
    assert heads == {
        "zh": [
            "# 复盘：事件 #7 星禾 食品安全", "## 1 概要", "## 2 S 情境（5W1H）", "## 3 T 目标与用时（分钟）",
            "## 4 A 行动时间线", "## 5 R 结果", "## 6 声明核查", "## 7 网上说法", "## 8 五个为什么", "## 9 决策滞后",
            "## 10 监测核查", "## 11 补救与善后", "## 12 改进行动", "## 13 建议的改动", "## 14 留作资料", "## 15 人",
            "## 复盘会",
        ],
        "en": [
            "# Review: incident #7 星禾 食品安全", "## 1 Header", "## 2 S Situation (5W1H)", "## 3 T Goals (minutes)",
            "## 4 A Timeline", "## 5 R Results", "## 6 Statement audit", "## 7 Claims", "## 8 Five whys",
            "## 9 Decision lag", "## 10 Detection audit", "## 11 Remedy and aftercare", "## 12 Actions",
            "## 13 Proposed changes", "## 14 For the library", "## 15 People", "## The review itself",
        ],
    }  # fmt: skip


def test_promises_are_listed_one_by_one_the_broken_first():
    text = to_markdown(build_review(told()), "zh")
    assert "逾期未兑现 1，逾期后兑现 0，兑现 1，未到期 0。" in text
    kept = "| 03-12 17:00 | 更新 | 今天17:00前更新 | 兑现 03-12 16:55 |"
    broken = "| 03-13 09:00 | 更新 | 明天9:00前更新 | 逾期未兑现 |"
    assert text.index(broken) < text.index(kept)


def test_well_and_badly_come_from_the_numbers():
    text = to_markdown(build_review(told(journal=(*told().journal, entry(7, after(48), "exhausted")))), "en")
    well = text[text.index("### What went well") : text.index("### What went badly")].strip().split("\n")[2:]
    badly = text[text.index("### What went badly") : text.index("## The review itself")].strip().split("\n")[2:]
    assert well[0] == "- first page accepted (since detection) 0, goal ≤ 2"
    assert well[-1] == "- 1 promises kept"
    assert badly == [
        "- 1 promises broken",
        "- detected (since the event) 12, goal ≤ 5",
        "- first decision (since detection) never, goal ≤ 10",
        "- nobody answered ×1",
    ]


def test_a_long_row_of_calls_is_one_line_and_hides_no_turning_point():
    calls = tuple(entry(9 + n, after(15), "page_accepted", "call") for n in range(900))
    end = entry(1000, after(47), "publication_recorded", who="zhao")
    text = to_markdown(build_review(told(journal=(*calls, end))), "zh")
    assert "- 03-12 14:20 系统 呼叫已送达 ×900：call" in text
    assert "- 03-12 14:52 zhao 记录发布" in text


def test_two_facts_noted_in_a_row_are_both_told():
    facts = (entry(1, after(20), "fact_added", "门店停业", "li"), entry(2, after(20), "fact_added", "原料封存", "li"))
    text = to_markdown(build_review(told(journal=facts)), "zh")
    assert "- 03-12 14:25 li 记录事实：门店停业\n- 03-12 14:25 li 记录事实：原料封存" in text


HOSTILE = (
    "<script>alert(1)</script> | **b** [x](javascript:1) ![i](http://e.example/p) `c`\n# h\n- l &lt; "
    "www.e.example a@e.example _e_"
)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_words_from_outside_stay_words(lang):
    calm = to_markdown(build_review(told()), lang)
    hostile = told(
        incident=incident(clock=ClockState.MET, owner="li", title=HOSTILE, why=HOSTILE),
        journal=tuple(replace(one, why=HOSTILE, who=HOSTILE) for one in told().journal),
        promises=tuple(replace(one, what=HOSTILE) for one in told().promises),
        publications=tuple(
            replace(one, url="https://x.example/<b>|[x](y)", platform=HOSTILE) for one in told().publications
        ),
        brand_name=HOSTILE,
    )
    text = to_markdown(build_review(hostile), lang)
    assert text.count("\n") == calm.count("\n")
    assert [line.count("|") for line in text.split("\n")] == [line.count("|") for line in calm.split("\n")]
    for sign in ("<", ">", "*", "`", "[", "]", "&", "](", "://", "www.", "a@e"):
        assert sign not in text


def test_our_own_post_keeps_its_whole_address():
    assert "- 03-12 14:52 weibo https://weibo.example/a_b/7" in to_markdown(build_review(told()), "zh")


def journal_words() -> set[str]:
    """Every word the house writes into an incident's journal, read from the source."""
    found: set[str] = set()
    for room in ("monitor", "alerts", "statements", "desk"):
        for file in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                called = node.func if isinstance(node, ast.Call) else None
                if isinstance(called, ast.Attribute) and ast.unparse(called) == "journal.write":
                    found |= {one.value for one in ast.walk(node.args[3]) if isinstance(one, ast.Constant)}
    return found


def test_every_word_of_the_journal_has_a_chinese_and_an_english_name():
    words = journal_words()
    assert {"incident_opened", "publication_recorded", "promise_broken"} <= words
    assert words - set(DEEDS) == set()
    assert all(zh and en and zh != en for zh, en in DEEDS.values())
