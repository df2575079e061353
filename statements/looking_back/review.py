"""The review sheet (pure), 15 parts: header, STAR, audits, whys, remedy, actions, people. This file: the first five."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from statements.looking_back.deeds import CLOCKS, deed
from statements.looking_back.echo import answered_at
from statements.looking_back.outcome import GOALS, Measure, Review, ReviewInput, build_review
from statements.looking_back.review_after import after
from statements.looking_back.review_audit import audit
from statements.looking_back.review_echo import loudness
from statements.looking_back.review_words import KINDS, WAITED, Say
from statements.looking_back.sheet import Address, Block, Head, Line, grid, items, line, to_markdown
from statements.writing import moments
from store.nouns import Fact, FactStatus, JournalEntry

__all__ = ["GOALS", "Measure", "Review", "ReviewInput", "build_review", "sheet_of", "to_text"]

# A long incident's thousand calls must not hide its turning points: rows of these become one line.
_FREQUENT = frozenset({"page_accepted", "page_failed", "called", "reminded", "draft_prepared"})
_LONGEST_TIMELINE = 300


def sheet_of(review: Review, lang: str) -> tuple[Block, ...]:
    """The whole sheet in zh or en as blocks; screens and files write them down each in its own way."""
    say = Say(lang == "zh", review.given.zone)
    parts = (_head, _situation, _tasks, _actions, _results)
    return (*(block for part in parts for block in part(review, say)), *audit(review, say), *after(review, say))


def to_text(review: Review, lang: str) -> str:
    """The sheet as Markdown."""
    return to_markdown(sheet_of(review, lang))


def _head(review: Review, say: Say) -> Iterator[Block]:
    given, incident = review.given, review.given.incident
    zone = moments.zone_name(incident.t0, say.zone.key, say.lang)
    yield Head(1, say.word("复盘：事件 ", "Review: incident ") + f"#{incident.number} {incident.title}")
    yield line(
        say.word("只问事情，不追究个人。时间均为", "This sheet asks about things, and blames nobody. All times in "),
        zone,
        say.word("。", "."),
    )
    yield Head(2, say.word("1 概要", "1 Header"))
    levels = " → ".join(f"{say.level(one.level.value)} {say.at(one.at)}" for one in given.levels)
    owner = given.name(incident.owner) if incident.owner else say.word("无", "nobody")
    ended = say.at(incident.resolved_at) if incident.resolved_at else say.word("未结束", "not over")
    took_part = say.listed(given.name(one) for one in review.people) or say.word("无", "nobody")
    rows = [
        (say.word("品牌", "Brand"), given.brand_name),
        (say.word("等级", "Levels"), levels),
        (say.word("首发 T0", "T0"), moments.full(incident.t0, say.zone.key, say.lang)),
        (say.word("解决", "Resolved"), ended),
        (say.word("处理人", "Owner"), owner),
        (say.word("参与者", "Took part"), took_part),
    ]
    yield grid((say.word("项", "point"), say.word("内容", "what")), rows)


def _situation(review: Review, say: Say) -> Iterator[Block]:
    given, incident = review.given, review.given.incident
    newest: dict[str, Fact] = {one.label: one for one in given.facts}
    known = [one for one in newest.values() if one.status is FactStatus.CONFIRMED]
    note = given.notes
    seen = moments.full(incident.detected_at, say.zone.key, say.lang)
    began = moments.full(incident.t0, say.zone.key, say.lang)
    where = say.note(note.get("where")) if "where" in note else _slots(known, ("scope",), say)
    cause = note.get("root_cause")
    platforms = sorted({one.platform for one in given.publications})
    said = say.word(f"发布 {len(given.publications)} 次：", f"{len(given.publications)} publications: ")
    yield Head(2, say.word("2 S 情境（5W1H）", "2 S Situation (5W1H)"))
    yield grid(
        (say.word("项", "point"), say.word("内容", "what")),
        [
            (say.word("何事 What", "What"), incident.title),
            (
                say.word("何时 When", "When"),
                say.word(f"首发 {began}；发现 {seen}", f"first post {began}; seen {seen}"),
            ),
            (say.word("何地 Where", "Where"), where),
            (say.word("何人 Who", "Who"), say.note(note.get("who"))),
            (say.word("为何 Why", "Why"), say.note(cause) if cause else _slots(known, ("cause",), say)),
            (say.word("判定依据", "Why we judged it so"), incident.why or say.blank),
            (say.word("如何 How（做了什么）", "How: what was done"), _slots(known, ("done", "action"), say)),
            (
                say.word("如何 How（怎样回应）", "How we answered"),
                said + (say.listed(platforms) or say.word("无", "none")),
            ),
        ],
    )
    yield line(say.word(f"相关提及 {given.mention_count} 条。", f"{given.mention_count} mentions belong to it."))


def _slots(known: Iterable[Fact], slots: Sequence[str], say: Say) -> str:
    """The confirmed facts of these slots of the fact log."""
    return say.listed(say.fact(one) for one in known if one.slot in slots) or say.blank


def _tasks(review: Review, say: Say) -> Iterator[Block]:
    yield Head(2, say.word("3 T 目标与用时（分钟）", "3 T Goals (minutes)"))
    head = (say.word("环节", "step"), say.word("用时", "took"), say.word("目标", "goal"), say.word("结果", "result"))
    yield grid(
        head,
        [
            (
                say.measure(one),
                say.took(one),
                f"≤ {one.goal}",
                say.word("达到" if one.good else "未达到", "met" if one.good else "missed"),
            )
            for one in review.measures
        ],
    )


def _actions(review: Review, say: Say) -> Iterator[Block]:
    yield Head(2, say.word("4 A 行动时间线", "4 A Timeline"))
    rows = list(_timeline(review.given, say))
    left = len(rows) - _LONGEST_TIMELINE
    if left > 0:
        more = say.word(f"（另有 {left} 条，见日志）", f"({left} more in the journal)")
        rows = [*rows[:_LONGEST_TIMELINE], (more,)]
    yield items(rows or [(say.word("日志中没有记录", "nothing in the journal"),)])


def _timeline(given: ReviewInput, say: Say) -> Iterator[tuple[str, ...]]:
    """Who, when, what and why; the same frequent word of the same person in a row is told once, with its count."""
    rows: list[tuple[JournalEntry, int]] = []
    for entry in given.journal:
        before = rows[-1][0] if rows else None
        if before and entry.what in _FREQUENT and (entry.what, entry.who) == (before.what, before.who):
            rows[-1] = (before, rows[-1][1] + 1)
        else:
            rows.append((entry, 1))
    for entry, times in rows:
        count = f" ×{times}" if times > 1 else ""
        said = f"{say.at(entry.at)} {say.person(given, entry.who)} {deed(entry.what, say.lang)}{count}"
        yield (said, say.colon, entry.why) if entry.why else (said,)


def _results(review: Review, say: Say) -> Iterator[Block]:
    incident, given = review.given.incident, review.given
    clock = say.of(CLOCKS[incident.clock])
    late = say.word("（发现时已超过一小时）", " (already past the hour when seen)") if incident.born_breached else ""
    yield Head(2, say.word("5 R 结果", "5 R Results"))
    count = (len(given.drafts), len(given.publications))
    rows: list[tuple[str, ...]] = [
        (say.word("首响：", "First hour: "), clock + late),
        (
            say.word(
                f"呼叫：送达 {review.accepted}，未送达 {review.failed}",
                f"Pages: {review.accepted} accepted, {review.failed} failed",
            ),
        ),
        (say.word("文本：{} 个版本，发布 {} 次", "Texts: {} versions, {} publications").format(*count),),
    ]
    rows += _figures(review, say)
    rows += [(f"{say.at(one.published_at)} ", one.platform, " ", Address(one.url)) for one in given.publications]
    yield items(rows)
    if given.echo:
        yield from loudness(given.echo, say)
    yield line(
        say.word(
            "声明之后情绪好转只是先后关系，不证明由声明引起。",
            "Mood that recovers after a statement is correlation, it does not prove what the statement did.",
        )
    )
    yield from _promises(review, say)


def _figures(review: Review, say: Say) -> Iterator[tuple[str, ...]]:
    """Rates and waits beside the minutes of part 3."""
    posted = answered_at(review.given.publications)
    if posted:
        minutes = f"{(posted - review.given.incident.detected_at) / timedelta(minutes=1):.0f}"
        yield (say.word("首次公开回应（自发现），分钟：", "First public response since detection, minutes: "), minutes)
    settled = review.kept + review.count("late") + review.broken
    kept, due = review.on_time
    yield (say.word("更新准时：", "Updates on time: "), f"{kept} / {due}")
    yield (say.word("承诺按时兑现：", "Promises kept in time: "), f"{review.kept} / {settled}")
    for part, minutes_waited in review.waits:
        who = say.of(WAITED.get(part, (part, part)))
        yield (say.word("等批准最长，分钟：", "Longest wait for a yes, minutes: "), f"{who} {minutes_waited:.0f}")
    overridden, mended = review.happened.get("wording_overridden", 0), review.happened.get("publication_corrected", 0)
    yield (
        say.word(
            f"放行措辞 {overridden} 次，更正发布记录 {mended} 次",
            f"{overridden} wordings let stand, {mended} records corrected",
        ),
    )


def _promises(review: Review, say: Say) -> Iterator[Block]:
    yield Head(3, say.word("公开承诺（逾期的在前）", "Public promises (broken first)"))
    if not review.promises:
        yield line(say.word("没有作出承诺。", "No promise was made."))
        return
    yield _promise_count(review, say)
    head = (say.word("时限", "due"), say.word("类别", "kind"), say.word("承诺", "promise"), say.word("结果", "outcome"))
    yield grid(
        head,
        [
            (say.at(one.due_at), say.of(KINDS.get(one.kind, KINDS["deed"])), one.what, say.outcome(one))
            for one in review.promises
        ],
    )


def _promise_count(review: Review, say: Say) -> Line:
    count = {name: review.count(name) for name in ("kept", "late", "broken", "open")}
    return line(
        say.word(
            "逾期未兑现 {broken}，逾期后兑现 {late}，兑现 {kept}，未到期 {open}。",
            "{broken} broken, {late} kept late, {kept} kept, {open} open.",
        ).format(**count)
    )
