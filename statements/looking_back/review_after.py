"""Parts 11 to 15 of the review (pure): remedy, actions, proposals, library, people; and how the review was held."""

from collections.abc import Iterator

from statements.looking_back.deeds import deed
from statements.looking_back.outcome import Review
from statements.looking_back.review_words import ACTION_STATES, REMEDIES, Say
from statements.looking_back.sheet import Block, Head, grid, items, line

# Journal words that say of themselves that something went wrong.
_TROUBLE = ("page_failed", "ack_expired", "exhausted", "clock_breached", "draft_failed", "approval_voided")


def after(review: Review, say: Say) -> Iterator[Block]:
    """What follows from it, and for whom."""
    for part in (_remedy, _actions, _changes, _library, _people, _held):
        yield from part(review, say)


def _remedy(review: Review, say: Say) -> Iterator[Block]:
    notes = review.given.notes
    yield Head(2, say.word("11 补救与善后", "11 Remedy and aftercare"))
    status = notes.get("remedy")
    state = say.of(REMEDIES[status.code]) + say.colon if status and status.code in REMEDIES else ""
    rows: list[tuple[str, ...]] = [(say.word("补救状态：", "Remedy: "), state, say.note(status))]
    rows += [
        (say.word("承诺的补救：", "Promised remedy: "), one.what, say.colon, say.outcome(one))
        for one in review.promises
        if one.kind == "remedy"
    ]
    for days in (7, 30):
        rows.append((f"D+{days}", say.colon, say.note(notes.get(f"aftercare_{days}"))))
    yield items(rows)


def _actions(review: Review, say: Say) -> Iterator[Block]:
    given = review.given
    yield Head(2, say.word("12 改进行动", "12 Actions"))
    if not given.actions:
        yield line(say.word("还没有登记行动：", "No action is on record: "), say.blank)
        return
    head = (say.word("行动", "action"), say.word("负责人", "owner"), say.word("期限", "due"),
            say.word("核验人", "verifier"), say.word("状态", "status"), say.word("依据", "evidence"))  # fmt: skip
    yield grid(
        head,
        [
            (
                one.what,
                given.name(one.owner),
                f"{one.due_at.astimezone(say.zone):%Y-%m-%d}",
                given.name(one.verifier),
                say.of(ACTION_STATES[one.status]),
                one.evidence or "—",
            )
            for one in given.actions
        ],
    )


def _changes(review: Review, say: Say) -> Iterator[Block]:
    yield Head(2, say.word("13 建议的改动", "13 Proposed changes"))
    yield line(
        say.word("阈值、词表、模板、排班：", "Thresholds, terms, templates, rota: "),
        say.note(review.given.notes.get("changes")),
    )


def _library(review: Review, say: Say) -> Iterator[Block]:
    yield Head(2, say.word("14 留作资料", "14 For the library"))
    yield line(
        say.word("脱敏后的问答与演练场景：", "Questions, answers and a drill scenario, without names: "),
        say.note(review.given.notes.get("library")),
    )


def _people(review: Review, say: Say) -> Iterator[Block]:
    given = review.given
    yield Head(2, say.word("15 人", "15 People"))
    if review.calls:
        calls = [(given.name(person), str(number)) for person, number in review.calls]
        yield grid((say.word("谁", "who"), say.word("被呼叫次数", "pages")), calls)
    yield line(say.word("感谢与压力：", "Thanks and strain: "), say.note(given.notes.get("people")))
    yield Head(3, say.word("做得好的", "What went well"))
    goal = say.word("，目标 ≤", ", goal ≤")
    well = [f"{say.measure(one)} {say.took(one)}{goal} {one.goal}" for one in review.measures if one.good]
    if review.kept:
        well.append(say.word(f"兑现承诺 {review.kept} 项", f"{review.kept} promises kept"))
    yield items(well or [say.word("无", "nothing")])
    yield Head(3, say.word("做得不好的", "What went badly"))
    badly = [say.word(f"逾期承诺 {review.broken} 项", f"{review.broken} promises broken")] if review.broken else []
    badly += [f"{say.measure(one)} {say.took(one)}{goal} {one.goal}" for one in review.late]
    badly += [f"{deed(what, say.lang)} ×{review.happened[what]}" for what in _TROUBLE if review.happened.get(what)]
    yield items(badly or [say.word("无", "nothing")])


def _held(review: Review, say: Say) -> Iterator[Block]:
    notes = review.given.notes
    yield Head(2, say.word("复盘会", "The review itself"))
    planned, waived = notes.get("scheduled"), notes.get("waived")
    when = say.at(planned.due_at) if planned and planned.due_at else say.blank
    rows: list[tuple[str, ...]] = [(say.word("安排在：", "Planned for: "), when)]
    if waived:
        who = review.given.name(waived.who)
        rows.append((say.word(f"由{who}签字免除：", f"Waived, signed by {who}: "), waived.text))
    rows.append((say.word("参加与决定：", "Present and decided: "), say.note(notes.get("held"))))
    yield items(rows)
