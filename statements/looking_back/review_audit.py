"""Parts 6 to 10 of the review (pure): statements, claims, whys, decision lag, detection."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from statements.looking_back.outcome import Review
from statements.looking_back.review_words import CAUSES, CLAIMS, Say
from statements.looking_back.sheet import Block, Head, grid, items, line
from store.nouns import Draft, DraftState

_ENOUGH = 200


def audit(review: Review, say: Say) -> Iterator[Block]:
    """Statement audit, claims, five whys twice, where decisions lagged, what detection missed."""
    for part in (_statements, _claims, _whys, _lag, _detection):
        yield from part(review, say)


def _statements(review: Review, say: Say) -> Iterator[Block]:
    given = review.given
    yield Head(2, say.word("6 声明核查", "6 Statement audit"))
    yes = {one.draft: one for one in given.approvals if one.voided_at is None}
    posted = {one.draft for one in given.publications}
    if given.drafts:
        yield grid(
            (say.word("文本", "text"), say.word("版本", "version"), say.word("作者", "author"),
             say.word("批准", "approved by"), say.word("状态", "state")),
            [
                (
                    f"{one.kind} {one.lang}",
                    str(one.version),
                    say.person(given, one.author),
                    say.person(given, yes[one.id].who) if one.id in yes else "—",
                    (say.word("已发布，", "posted, ") if one.id in posted else "") + one.state.value,
                )
                for one in given.drafts[-_ENOUGH:]
            ],
        )  # fmt: skip
    yield items(
        list(_faults(review, say))
        or [(say.word("没有放行、证伪或更正。", "Nothing was let stand, refuted or corrected."),)]
    )


def _faults(review: Review, say: Say) -> Iterator[tuple[str, ...]]:
    """What was let stand, what proved wrong, what was corrected."""
    given = review.given
    for entry in given.journal:
        if entry.what == "wording_overridden":
            rule, words = str(entry.detail.get("rule", "")), str(entry.detail.get("words", ""))
            who = say.person(given, entry.who)
            yield (
                f"{say.at(entry.at)} {who} ",
                say.word("放行措辞 ", "let wording stand "),
                rule,
                " ",
                words,
                say.colon,
                entry.why,
            )
    for fact, used in review.refuted:
        texts = say.listed(_text(one) for one in used)
        yield (
            say.word("事后证伪：", "Found false afterwards: "),
            say.fact(fact),
            say.word("，用在 ", ", used in "),
            texts,
        )
    for one in given.drafts:
        if one.kind == "correction" and one.state in (DraftState.RELEASED, DraftState.SUPERSEDED):
            yield (say.word("发布更正：", "Correction posted: "), _text(one))
    for record in given.records:
        if record.supersedes:
            what = (
                say.word("撤回发布记录：", "Record taken back: ")
                if record.withdrawn
                else say.word("更正发布记录：", "Record corrected: ")
            )
            yield (f"{say.at(record.recorded_at)} ", what, record.platform, say.colon, record.reason)


def _text(draft: Draft) -> str:
    return f"{draft.kind} {draft.lang} v{draft.version}"


def _claims(review: Review, say: Say) -> Iterator[Block]:
    yield Head(2, say.word("7 网上说法", "7 Claims"))
    if not review.given.claims:
        yield line(say.word("没有登记说法。", "No claim is on record."))
        return
    head = (say.word("说法", "claim"), say.word("判定", "verdict"), say.word("怎样回答", "how it was answered"))
    yield grid(
        head,
        [
            (claim, say.of(CLAIMS.get(status, (status, status))), (zh if say.zh else en) or zh or en or say.blank)
            for claim, status, zh, en in review.given.claims
        ],
    )


def _whys(review: Review, say: Say) -> Iterator[Block]:
    """For the harm, and for the answer that came late or badly."""
    notes = review.given.notes
    yield Head(2, say.word("8 五个为什么", "8 Five whys"))
    slowest = [say.measure(one) for one in review.late[-1:]]
    asked = (
        ("harm", say.word("事件本身的伤害", "the harm itself")),
        (
            "response",
            say.word("回应的迟缓或不足", "the late or poor response") + "".join(f" · {one}" for one in slowest),
        ),
    )
    for name, said in asked:
        yield Head(3, said)
        why = say.word("为什么？", "Why? ")
        yield items([(why, say.note(notes.get(f"{name}_{number}"))) for number in range(1, 6)], numbered=True)
    cause = notes.get("root_cause")
    said = say.of(CAUSES.get(cause.code, CAUSES["unknown"])) + say.colon if cause else ""
    yield line(say.word("根本原因：", "Root cause: "), said, say.note(cause))
    if review.given.earlier:
        numbers = say.listed(f"#{one.number}" for one in review.given.earlier)
        yield line(
            say.word(
                "90 天内同品牌、同类别、同根因再次发生：",
                "The same cause again within 90 days, same brand and category: ",
            ),
            numbers,
        )


def _lag(review: Review, say: Say) -> Iterator[Block]:
    notes = review.given.notes
    yield Head(2, say.word("9 决策滞后", "9 Decision lag"))
    late = [
        (say.measure(one), say.colon, say.took(one), say.word(f"，目标 ≤ {one.goal}", f", goal ≤ {one.goal}"))
        for one in review.late
    ]
    if late:
        yield items(late)
    asked = (
        ("lag_timeline", "我们的时间线落后于事件的地方：", "Where our timeline lagged the event's: "),
        ("lag_assumption", "预案里哪个假设错了：", "Which assumption of the plan was wrong: "),
        ("lag_governance", "改哪条规矩会有帮助：", "Which change of governance would help: "),
    )
    yield items([(say.word(zh, en), say.note(notes.get(part))) for part, zh, en in asked])


def _detection(review: Review, say: Say) -> Iterator[Block]:
    given, incident = review.given, review.given.incident
    yield Head(2, say.word("10 监测核查", "10 Detection audit"))
    opened = given.opened or say.word("由人建立", "opened by a person")
    rows: list[tuple[str, ...]] = [(say.word("由什么发现：", "Found by: "), opened)]
    if given.first_heard_at:
        behind = (incident.detected_at - given.first_heard_at) // timedelta(minutes=1)
        heard = say.at(given.first_heard_at)
        rows.append(
            (
                say.word(
                    f"最早的提及 {heard} 读到，{behind} 分钟后判为事件",
                    f"The earliest mention was read at {heard}; it became an incident {behind} min later",
                ),
            )
        )
    used = str(incident.policy.get("thresholds") or say.word("文件中的默认值", "the file's defaults"))
    rows.append((say.word("判定用的阈值：", "Decided by thresholds: "), used))
    rows += _replayed(review, say)
    rows.append(
        (
            say.word(
                "换一组阈值会怎样：在“阈值”一屏用回放试。",
                "What other thresholds would have done: try a replay on the thresholds screen.",
            ),
        )
    )
    yield items(rows)


def _replayed(review: Review, say: Say) -> Iterator[tuple[str, ...]]:
    """The figures that were saved with the thresholds in force, for this brand."""
    version = review.given.thresholds
    for one in version.figures.get("brands", ()) if version else ():
        pages: Sequence[int] = one.get("pages") or ()
        if one.get("brand") != review.given.incident.brand or len(pages) != 2 or version is None:
            continue
        yield (
            say.word(
                f"第 {version.number} 版阈值保存时回放了 {one.get('mentions')} 条提及：呼叫 {pages[0]} → {pages[1]}，"
                f"新增 {one.get('gained')}，减少 {one.get('lost')}",
                f"Version {version.number} of the thresholds replayed {one.get('mentions')} mentions when saved: "
                f"pages {pages[0]} → {pages[1]}, {one.get('gained')} gained, {one.get('lost')} lost",
            ),
        )
