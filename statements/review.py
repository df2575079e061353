"""The review sheet (pure): what the journal says of one incident: numbers against goals, timeline, open questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from statements.deeds import deed
from statements.marks import neutral
from store.nouns import (
    ClockState,
    Draft,
    Incident,
    JournalEntry,
    LevelChange,
    Page,
    PageStatus,
    Promise,
    Publication,
)

LEVEL = {"blue": "蓝", "yellow": "黄", "orange": "橙", "red": "红", "none": "无"}
# Minutes within which each thing should have happened, counted from what the second column says.
GOALS = {"detect": 5, "reach": 2, "acknowledge": 5, "draft": 2, "approve": 48, "publish": 60}
_MILESTONES = {
    "detect": ("发现（自首发）", "detected (since the event)"),
    "reach": ("首个呼叫送达（自发现）", "first page accepted (since detection)"),
    "acknowledge": ("有人接手（自发现）", "acknowledged (since detection)"),
    "draft": ("草稿备好（自发现）", "draft prepared (since detection)"),
    "approve": ("批准（自首发）", "approved (since the event)"),
    "publish": ("首次公开回应（自首发）", "first public response (since the event)"),
}
# Named per deed, so that a long incident's thousand pages do not hide its turning points.
_TOLD = frozenset({"page_accepted", "called", "reminded"})
_LONGEST_TIMELINE = 200


@dataclass(frozen=True, slots=True)
class ReviewInput:
    """Everything the sheet is made of, read in one look at the store."""

    incident: Incident
    journal: tuple[JournalEntry, ...]
    levels: tuple[LevelChange, ...]
    pages: tuple[Page, ...]
    drafts: tuple[Draft, ...]
    publications: tuple[Publication, ...]
    promises: tuple[Promise, ...]
    mention_count: int
    brand_name: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Measure:
    """One milestone: minutes it took (None: it never happened) against the goal."""

    name: str
    minutes: float | None
    goal: int

    @property
    def good(self) -> bool:
        return self.minutes is not None and self.minutes <= self.goal


@dataclass(frozen=True, slots=True)
class Review:
    """The sheet before it is written in a language."""

    given: ReviewInput
    measures: tuple[Measure, ...]
    kept: int
    broken: int
    accepted: int
    failed: int


def build_review(given: ReviewInput) -> Review:
    """Numbers from the journal; nothing is guessed, what did not happen is None."""
    incident = given.incident
    t0, seen = incident.t0, incident.detected_at
    first = {name: _first(given.journal, name) for name in ("acknowledged", "draft_prepared", "approved")}
    reached = min((page.accepted_at for page in given.pages if page.accepted_at), default=None)
    published = min((one.published_at for one in given.publications), default=None)
    found = {
        "detect": _minutes(t0, seen),
        "reach": _minutes(seen, reached),
        "acknowledge": _minutes(seen, first["acknowledged"]),
        "draft": _minutes(seen, first["draft_prepared"]),
        "approve": _minutes(t0, first["approved"]),
        "publish": _minutes(t0, published),
    }
    return Review(
        given=given,
        measures=tuple(Measure(name, found[name], goal) for name, goal in GOALS.items()),
        kept=sum(one.kept_at is not None for one in given.promises),
        broken=sum(one.broken_at is not None for one in given.promises),
        accepted=sum(page.status is PageStatus.ACCEPTED for page in given.pages),
        failed=sum(page.status is PageStatus.FAILED for page in given.pages),
    )


def to_markdown(review: Review, lang: str) -> str:
    """The sheet as Markdown; words from outside can form no markup in it."""
    zh = lang == "zh"
    parts = [
        _head(review, zh),
        _situation(review, zh),
        _tasks(review, zh),
        _actions(review, zh),
        _results(review, zh),
        _whys(review, zh),
        _lessons(review, zh),
    ]
    return "\n\n".join(parts) + "\n"


def _head(review: Review, zh: bool) -> str:
    incident, zone = review.given.incident, review.given.zone
    levels = " → ".join(
        f"{LEVEL[one.level.value] if zh else one.level.value} {_at(one.at, zone)}" for one in review.given.levels
    )
    if zh:
        return (
            f"# 复盘：事件 #{incident.number} {_plain(incident.title)}\n\n品牌：{_plain(review.given.brand_name)}　"
            f"等级：{levels}　处理人：{incident.owner or '未知'}"
        )
    return (
        f"# Review: incident #{incident.number} {_plain(incident.title)}\n\nBrand: {_plain(review.given.brand_name)}. "
        f"Levels: {levels}. Owner: {incident.owner or 'unknown'}."
    )


def _situation(review: Review, zh: bool) -> str:
    given, incident = review.given, review.given.incident
    platforms = "、".join(sorted({one.platform for one in given.publications})) or ("无" if zh else "none")
    rows = [
        (("何事", "What"), _plain(incident.title)),
        (("何时", "When"), f"{_at(incident.t0, given.zone)} → {_at(incident.detected_at, given.zone)}"),
        (("何地", "Where"), "【待补】" if zh else "[to fill]"),
        (("何人", "Who"), "【待补】" if zh else "[to fill]"),
        (("为何判定", "Why we thought so"), _plain(incident.why)),
        (("如何回应", "How we answered"), f"{len(given.publications)} · {_plain(platforms)}"),
    ]
    body = "\n".join(f"| {name[0] if zh else name[1]} | {value} |" for name, value in rows)
    head = "## S 情境（5W1H）\n\n| 项 | 内容 |" if zh else "## S Situation (5W1H)\n\n| point | what |"
    count = f"\n\n相关提及 {given.mention_count} 条。" if zh else f"\n\n{given.mention_count} mentions belong to it."
    return f"{head}\n|---|---|\n{body}{count}"


def _tasks(review: Review, zh: bool) -> str:
    rows = []
    for one in review.measures:
        name = _MILESTONES[one.name][0 if zh else 1]
        took = ("未发生" if zh else "never") if one.minutes is None else f"{one.minutes:.0f}"
        verdict = ("达到" if one.good else "未达到") if zh else ("met" if one.good else "missed")
        rows.append(f"| {name} | {took} | ≤ {one.goal} | {verdict} |")
    head = (
        "## T 目标与用时（分钟）\n\n| 环节 | 用时 | 目标 | 结果 |"
        if zh
        else "## T Goals (minutes)\n\n| step | took | goal | result |"
    )
    return head + "\n|---|---|---|---|\n" + "\n".join(rows)


def _actions(review: Review, zh: bool) -> str:
    zone = review.given.zone
    lines, told = [], set()
    for entry in review.given.journal[:_LONGEST_TIMELINE]:
        mark = (entry.what, entry.at, entry.why)
        if entry.what in _TOLD and mark in told:
            continue
        told.add(mark)
        why = f"：{_plain(entry.why)}" if entry.why else ""
        lines.append(f"- {_at(entry.at, zone)} {_plain(entry.who)} {deed(entry.what, 'zh' if zh else 'en')}{why}")
    left = len(review.given.journal) - _LONGEST_TIMELINE
    if left > 0:
        lines.append(f"- （另有 {left} 条，见日志）" if zh else f"- ({left} more in the journal)")
    return ("## A 行动时间线\n\n" if zh else "## A Timeline\n\n") + "\n".join(lines)


def _results(review: Review, zh: bool) -> str:
    incident, given = review.given.incident, review.given
    outcome = {
        ClockState.MET: ("一小时内完成首次回应", "answered within the hour"),
        ClockState.MET_LATE: ("回应了，但超过一小时", "answered, but after the hour"),
        ClockState.BREACHED: ("一小时内没有回应", "not answered within the hour"),
        ClockState.CANCELLED: ("计时取消", "clock cancelled"),
        ClockState.RUNNING: ("计时仍在走", "the clock still runs"),
        ClockState.NONE: ("未启动计时", "no clock was started"),
    }[incident.clock][0 if zh else 1]
    if zh:
        lines = [f"- 首响：{outcome}", f"- 呼叫：送达 {review.accepted}，未送达 {review.failed}"]
        lines += [f"- 承诺：兑现 {review.kept}，逾期 {review.broken}，共 {len(given.promises)}"]
        lines += [f"- 文本：{len(given.drafts)} 个版本，发布 {len(given.publications)} 次"]
    else:
        lines = [f"- First hour: {outcome}", f"- Pages: {review.accepted} accepted, {review.failed} failed"]
        lines += [f"- Promises: {review.kept} kept, {review.broken} broken, {len(given.promises)} in all"]
        lines += [f"- Texts: {len(given.drafts)} versions, {len(given.publications)} publications"]
    lines += [
        f"- {_at(one.published_at, given.zone)} {_plain(one.platform)} {_plain(one.url)}" for one in given.publications
    ]
    return ("## R 结果\n\n" if zh else "## R Results\n\n") + "\n".join(lines)


def _whys(review: Review, zh: bool) -> str:
    blank = "【由人填写】" if zh else "[for people to fill]"
    late = [one for one in review.measures if not one.good]
    name = _MILESTONES[late[0].name][0 if zh else 1] if late else ("事件本身" if zh else "the harm itself")
    lines = [f"{number}. {'为什么' if zh else 'Why'}？{blank}" for number in range(1, 6)]
    head = f"## 5 个为什么：{name}" if zh else f"## Five whys: {name}"
    return head + "\n\n" + "\n".join(lines)


def _lessons(review: Review, zh: bool) -> str:
    good = [_MILESTONES[one.name][0 if zh else 1] for one in review.measures if one.good]
    poor = [_MILESTONES[one.name][0 if zh else 1] for one in review.measures if not one.good]
    none = "无" if zh else "none"
    sign = "、" if zh else "; "
    if zh:
        return (
            f"## 经验与行动\n\n- 达到目标：{sign.join(good) or none}\n- 未达到：{sign.join(poor) or none}\n\n"
            "| 行动 | 负责人 | 期限 | 怎样算完成 |\n|---|---|---|---|\n| 【由人填写】 | | | |\n\n## 会议纪要\n\n"
            "- 参加：【由人填写】\n- 决定：【由人填写】"
        )
    return (
        f"## Lessons and actions\n\n- Goals met: {sign.join(good) or none}\n- Missed: {sign.join(poor) or none}\n\n"
        "| action | owner | due | done when |\n|---|---|---|---|\n| [for people to fill] | | | |\n\n## Minutes\n\n"
        "- Present: [for people to fill]\n- Decided: [for people to fill]"
    )


def _first(journal: Sequence[JournalEntry], what: str) -> datetime | None:
    return next((entry.at for entry in journal if entry.what == what), None)


def _minutes(since: datetime, at: datetime | None) -> float | None:
    return None if at is None else (at - since) / timedelta(minutes=1)


def _at(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%m-%d %H:%M}"


def _plain(text: str) -> str:
    """One harmless line: no table bars, emphasis, links or tags."""
    flat = neutral(text)[:300]
    for char in "\\`*_[]<>|#":
        flat = flat.replace(char, {"<": "‹", ">": "›", "|": "｜", "#": "＃", "[": "〔", "]": "〕"}.get(char, ""))
    return flat
