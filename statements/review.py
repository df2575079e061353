"""The review sheet as Markdown (pure): STAR, 5W1H, timeline, promises, whys and the blanks that people fill."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from statements import moments
from statements.deeds import CLOCKS, LEVELS, MILESTONES, deed
from statements.marks import plain, plain_address
from statements.outcome import GOALS, Measure, Review, ReviewInput, build_review
from store.nouns import JournalEntry, Promise

__all__ = ["GOALS", "Measure", "Review", "ReviewInput", "build_review", "to_markdown"]

# Journal words that say of themselves that something went wrong.
_TROUBLE = ("page_failed", "ack_expired", "exhausted", "clock_breached", "draft_failed", "approval_voided")
# A long incident's thousand calls must not hide its turning points: rows of these become one line.
_FREQUENT = frozenset({"page_accepted", "page_failed", "called", "reminded", "draft_prepared"})
_LONGEST_TIMELINE = 300
_BLANK = ("【由人填写】", "〔for people to fill〕")


def to_markdown(review: Review, lang: str) -> str:
    """The sheet in zh or en; words from outside can form no markup in it."""
    zh = lang == "zh"
    parts = (_head, _situation, _tasks, _actions, _results, _promises, _whys, _lessons, _to_do)
    return "\n\n".join(part(review, zh) for part in parts) + "\n"


def _head(review: Review, zh: bool) -> str:
    given, incident = review.given, review.given.incident
    levels = " → ".join(f"{_level(one.level.value, zh)} {_at(one.at, given.zone)}" for one in given.levels)
    owner = plain(incident.owner) or _word(zh, "无", "nobody")
    zone = moments.zone_name(incident.t0, given.zone.key, "zh" if zh else "en")
    title = f"#{incident.number} {plain(incident.title)}"
    if zh:
        return (
            f"# 复盘：事件 {title}\n\n品牌：{plain(given.brand_name)}。等级：{levels}。处理人：{owner}。"
            f"时间均为{zone}。本复盘只问事情，不追究个人。"
        )
    return (
        f"# Review: incident {title}\n\nBrand: {plain(given.brand_name)}. Levels: {levels}. Owner: {owner}. "
        f"All times in {zone}. This sheet asks about things, and blames nobody."
    )


def _situation(review: Review, zh: bool) -> str:
    given, incident = review.given, review.given.incident
    zone, lang = given.zone.key, "zh" if zh else "en"
    platforms = sorted({plain(one.platform) for one in given.publications})
    blank = _blank(zh)
    seen = moments.full(incident.detected_at, zone, lang)
    began = moments.full(incident.t0, zone, lang)
    rows = [
        (_word(zh, "何事 What", "What"), plain(incident.title)),
        (_word(zh, "何时 When", "When"), _word(zh, f"首发 {began}；发现 {seen}", f"first post {began}; seen {seen}")),
        (_word(zh, "何地 Where", "Where"), blank),
        (_word(zh, "何人 Who", "Who"), blank),
        (_word(zh, "为何 Why（判定依据）", "Why we judged it so"), plain(incident.why) or blank),
        (
            _word(zh, "如何 How（怎样回应）", "How we answered"),
            _word(zh, f"发布 {len(given.publications)} 次：", f"{len(given.publications)} publications: ")
            + ("、".join(platforms) or _word(zh, "无", "none")),
        ),
    ]
    head = _word(zh, "## S 情境（5W1H）\n\n| 项 | 内容 |", "## S Situation (5W1H)\n\n| point | what |")
    count = _word(zh, f"相关提及 {given.mention_count} 条。", f"{given.mention_count} mentions belong to it.")
    body = "\n".join(f"| {name} | {value} |" for name, value in rows)
    return f"{head}\n|---|---|\n{body}\n\n{count}"


def _tasks(review: Review, zh: bool) -> str:
    rows = [
        f"| {_name(one, zh)} | {_took(one, zh)} | ≤ {one.goal} | "
        f"{_word(zh, '达到' if one.good else '未达到', 'met' if one.good else 'missed')} |"
        for one in review.measures
    ]
    title = _word(
        zh,
        "## T 目标与用时（分钟）\n\n| 环节 | 用时 | 目标 | 结果 |",
        "## T Goals (minutes)\n\n| step | took | goal | result |",
    )
    return title + "\n|---|---|---|---|\n" + "\n".join(rows)


def _actions(review: Review, zh: bool) -> str:
    lines = list(_timeline(review.given.journal, review.given.zone, zh))
    left = len(lines) - _LONGEST_TIMELINE
    if left > 0:
        lines = lines[:_LONGEST_TIMELINE]
        lines.append(_word(zh, f"- （另有 {left} 条，见日志）", f"- ({left} more in the journal)"))
    empty = _word(zh, "- 日志中没有记录", "- nothing in the journal")
    return _word(zh, "## A 行动时间线\n\n", "## A Timeline\n\n") + ("\n".join(lines) or empty)


def _timeline(journal: Sequence[JournalEntry], zone: ZoneInfo, zh: bool) -> Iterator[str]:
    """Who, when, what and why; the same frequent word of the same person in a row is told once, with its count."""
    rows: list[tuple[JournalEntry, int]] = []
    for entry in journal:
        before = rows[-1][0] if rows else None
        if before and entry.what in _FREQUENT and (entry.what, entry.who) == (before.what, before.who):
            rows[-1] = (before, rows[-1][1] + 1)
        else:
            rows.append((entry, 1))
    for entry, times in rows:
        who = plain(entry.who) if entry.who != "system" else _word(zh, "系统", "system")
        why = _word(zh, "：", ": ") + plain(entry.why) if entry.why else ""
        count = f" ×{times}" if times > 1 else ""
        yield f"- {_at(entry.at, zone)} {who} {plain(deed(entry.what, 'zh' if zh else 'en'))}{count}{why}"


def _results(review: Review, zh: bool) -> str:
    incident, given = review.given.incident, review.given
    born = incident.born_breached
    clock = _word(zh, *CLOCKS[incident.clock])
    late = _word(zh, "（发现时已超过一小时）", " (already past the hour when seen)") if born else ""
    if zh:
        lines = [f"- 首响：{clock}{late}", f"- 呼叫：送达 {review.accepted}，未送达 {review.failed}"]
        lines += [f"- 文本：{len(given.drafts)} 个版本，发布 {len(given.publications)} 次"]
    else:
        lines = [f"- First hour: {clock}{late}", f"- Pages: {review.accepted} accepted, {review.failed} failed"]
        lines += [f"- Texts: {len(given.drafts)} versions, {len(given.publications)} publications"]
    lines += [
        f"- {_at(one.published_at, given.zone)} {plain(one.platform)} {plain_address(one.url)}"
        for one in given.publications
    ]
    return _word(zh, "## R 结果\n\n", "## R Results\n\n") + "\n".join(lines)


def _promises(review: Review, zh: bool) -> str:
    title = _word(zh, "## 公开承诺\n\n", "## Public promises\n\n")
    if not review.promises:
        return title + _word(zh, "没有作出带时限的承诺。", "No promise with a deadline was made.")
    still_open = len(review.promises) - review.kept - review.broken
    count = _word(
        zh,
        f"兑现 {review.kept}，逾期 {review.broken}，未到期 {still_open}。",
        f"{review.kept} kept, {review.broken} broken, {still_open} open.",
    )
    head = _word(zh, "| 时限 | 承诺 | 结果 |", "| due | promise | outcome |")
    rows = [
        f"| {_at(one.due_at, review.given.zone)} | {plain(one.what)} | {_kept(one, review.given.zone, zh)} |"
        for one in review.promises
    ]
    return f"{title}{count}\n\n{head}\n|---|---|---|\n" + "\n".join(rows)


def _kept(promise: Promise, zone: ZoneInfo, zh: bool) -> str:
    if promise.kept_at:
        return _word(zh, "兑现 ", "kept ") + _at(promise.kept_at, zone)
    if promise.broken_at:
        return _word(zh, "逾期", "broken")
    return _word(zh, "未到期", "open")


def _whys(review: Review, zh: bool) -> str:
    """For the harm always, for the slowest answer when a goal was missed."""
    asked = [_word(zh, "事件本身", "the harm itself")] + [_name(one, zh) for one in review.late[-1:]]
    blocks = []
    for name in asked:
        lines = [f"{number}. {_word(zh, '为什么？', 'Why? ')}{_blank(zh)}" for number in range(1, 6)]
        blocks.append(_word(zh, f"## 5 个为什么：{name}\n\n", f"## Five whys: {name}\n\n") + "\n".join(lines))
    return "\n\n".join(blocks)


def _lessons(review: Review, zh: bool) -> str:
    """What the numbers say went well and badly; nothing else is judged."""
    goal = _word(zh, "，目标 ≤", ", goal ≤")
    well = [f"- {_name(one, zh)} {_took(one, zh)}{goal} {one.goal}" for one in review.measures if one.good]
    badly = [f"- {_name(one, zh)} {_took(one, zh)}{goal} {one.goal}" for one in review.late]
    if review.kept:
        well.append(_word(zh, f"- 兑现承诺 {review.kept} 项", f"- {review.kept} promises kept"))
    if review.broken:
        badly.append(_word(zh, f"- 逾期承诺 {review.broken} 项", f"- {review.broken} promises broken"))
    badly += [
        f"- {deed(what, 'zh' if zh else 'en')} ×{review.happened[what]}"
        for what in _TROUBLE
        if review.happened.get(what)
    ]
    none = _word(zh, "- 无", "- nothing")
    return (
        _word(zh, "## 做得好的\n\n", "## What went well\n\n")
        + ("\n".join(well) or none)
        + _word(zh, "\n\n## 做得不好的\n\n", "\n\n## What went badly\n\n")
        + ("\n".join(badly) or none)
    )


def _to_do(_review: Review, zh: bool) -> str:
    blank = _blank(zh)
    head = _word(
        zh,
        "## 改进行动\n\n| 行动 | 负责人 | 期限 | 怎样算完成 |",
        "## Actions\n\n| action | owner | due | done when |",
    )
    minutes = _word(
        zh,
        f"## 会议纪要\n\n- 参加：{blank}\n- 决定：{blank}",
        f"## Minutes\n\n- Present: {blank}\n- Decided: {blank}",
    )
    return f"{head}\n|---|---|---|---|\n| {blank} | | | |\n\n{minutes}"


def _word(zh: bool, chinese: str, english: str) -> str:
    return chinese if zh else english


def _blank(zh: bool) -> str:
    return _BLANK[0 if zh else 1]


def _level(value: str, zh: bool) -> str:
    return LEVELS[value] if zh else value


def _name(measure: Measure, zh: bool) -> str:
    return MILESTONES[measure.name][0 if zh else 1]


def _took(measure: Measure, zh: bool) -> str:
    return _word(zh, "未发生", "never") if measure.minutes is None else f"{measure.minutes:.0f}"


def _at(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%m-%d %H:%M}"
