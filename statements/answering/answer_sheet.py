"""The Q&A sheet as rows (pure): computed from the facts, overruled by people, and whether each still holds."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from statements.answering.answers import answering, fact_words, timed
from statements.answering.mining import Topic
from statements.answering.questions import BRIDGES, Prepared, questions_for
from statements.approving.approval import sayable
from statements.writing import moments
from statements.writing.contexts import Context
from statements.writing.marks import neutral
from store.nouns import Fact, SheetAnswer

SYSTEM = "system"
# So many people asking makes a question hot: unanswered it is a gap.
HOT = 2
LONGEST = {"zh": 80, "en": 40}
SAMPLES = 5
MOST_OTHERS = 8


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the sheet. `standing`: draft, approved, stale (a fact it rests on changed) or expired.

    `version` 0: computed just now, nobody has touched it. `samples` are ids of mentions that ask it; `moved` the
    labels of the facts that changed. `qid` begins with M for a question nobody prepared.
    """

    qid: str
    lang: str
    question: str
    asker: str
    topic: str
    heat: int
    samples: tuple[str, ...]
    answer: str
    status: str
    rests_on: tuple[str, ...]
    refer: str
    reason: str
    instead: str
    bridge: str
    avoid: str
    owner: str
    author: str
    version: int
    standing: str = "draft"
    moved: tuple[str, ...] = ()
    approved_by: str = ""
    approved_at: datetime | None = None
    valid_until: datetime | None = None

    @property
    def usable(self) -> bool:
        """Whether it may be said, printed and exported as an answer."""
        return self.standing == "approved"

    @property
    def dead(self) -> bool:
        """Once approved, and no longer to be used."""
        return self.standing in ("stale", "expired")

    @property
    def gap(self) -> bool:
        """A hot question without an answer that may be given."""
        return self.heat >= HOT and (not self.usable or self.status == "PENDING_FACT")

    @property
    def labels(self) -> tuple[str, ...]:
        """The facts it rests on, without their versions."""
        return tuple(one.partition("@")[0] for one in self.rests_on)


def sheet(
    context: Context, lang: str, topics: Sequence[Topic], saved: Mapping[str, SheetAnswer], now: datetime
) -> tuple[Row, ...]:
    """All rows: gaps first, then by heat; within one heat in the file's order, people's own questions last."""
    heat = {one.theme or own_qid(one.question): one for one in topics}
    rows = [_row(proposal(one, context, lang), heat.get(one.id), saved.get(one.id), context, now)
            for one in questions_for(context.category)]  # fmt: skip
    known = {row.qid for row in rows}
    others = [one for one in topics if not one.theme and one.heat >= HOT][:MOST_OTHERS]
    fresh = [one for one in others if own_qid(one.question) not in saved]
    rows += [_row(unprepared(one.question, one.topic, context, lang), one, None, context, now) for one in fresh]
    rows += [_row(read(one), heat.get(one.qid), one, context, now) for one in saved.values() if one.qid not in known]
    return tuple(sorted(rows, key=lambda row: (not row.gap, -row.heat)))


def own_qid(question: str) -> str:
    """The id of a question nobody prepared: the same words have the same id."""
    return "M" + hashlib.sha256(neutral(question).encode("utf-8")).hexdigest()[:10]


def proposal(question: Prepared, context: Context, lang: str) -> Row:
    """What the facts allow to answer now: fact, what was done, next step, within the length of an answer."""
    found = answering(question, context.facts, lang)
    said, used = _from_facts(found, question, context, lang)
    if not said:
        rest = question.said("instead", lang) if question.open == "DECLINE" else next_step(context, lang)
        said = _fitting([timed(question.said("none", lang), context, lang), rest], lang)
    status = "READY" if used else question.open
    return Row(
        qid=question.id,
        lang=lang,
        question=question.question(lang),
        asker=question.asker,
        topic=question.topic,
        heat=0,
        samples=(),
        answer=said,
        status=status,
        rests_on=tuple(f"{one.label}@{one.version}" for one in used),
        refer=question.said("refer", lang) if status == "REFER" else "",
        reason=question.reason if status == "DECLINE" else "",
        instead=question.said("instead", lang) if status == "DECLINE" else "",
        bridge=bridge(status, lang),
        avoid=question.said("avoid", lang),
        owner="",
        author=SYSTEM,
        version=0,
    )


def unprepared(question: str, topic: str, context: Context, lang: str) -> Row:
    """A question only the mentions ask: it waits for somebody to write."""
    zh = lang == "zh"
    said = "这个问题还在核实。" if zh else "We are still checking this."
    return Row(
        qid=own_qid(question), lang=lang, question=neutral(question), asker="consumer", topic=topic, heat=0,
        samples=(), answer=_fitting([said, next_step(context, lang)], lang), status="PENDING_FACT", rests_on=(),
        refer="", reason="", instead="", bridge=bridge("PENDING_FACT", lang), avoid="猜测" if zh else "guesses",
        owner="", author=SYSTEM, version=0,
    )  # fmt: skip


def read(saved: SheetAnswer) -> Row:
    """A version somebody saved, as a row."""
    return Row(
        qid=saved.qid, lang=saved.lang, question=saved.question, asker=saved.asker, topic=saved.topic, heat=0,
        samples=(), answer=saved.answer, status=saved.status, rests_on=saved.rests_on, refer=saved.refer,
        reason=saved.reason, instead=saved.instead, bridge=saved.bridge, avoid=saved.avoid, owner=saved.owner,
        author=saved.author, version=saved.version, approved_by=saved.approved_by, approved_at=saved.approved_at,
        valid_until=saved.valid_until,
    )  # fmt: skip


def moved(rests_on: Sequence[str], facts: Sequence[Fact]) -> tuple[str, ...]:
    """Labels of facts that are not any more what the answer was written on."""
    now = {one.label: one for one in facts}
    found = []
    for entry in rests_on:
        label, _, version = entry.partition("@")
        fact = now.get(label)
        if fact is None or str(fact.version) != version or not sayable(fact):
            found.append(label)
    return tuple(found)


def standing(row: Row, facts: Sequence[Fact], now: datetime) -> str:
    """Whether the yes to it still holds."""
    if moved(row.rests_on, facts):
        return "stale"
    if not row.approved_by or row.valid_until is None:
        return "draft"
    return "approved" if now < row.valid_until else "expired"


def bridge(status: str, lang: str) -> str:
    """The line that leads back to what can be said."""
    zh, en = BRIDGES[status]
    return zh if lang == "zh" else en


def length(text: str, lang: str) -> int:
    """Characters without blanks in Chinese, words in English."""
    return len("".join(text.split())) if lang == "zh" else len(text.split())


def next_step(context: Context, lang: str) -> str:
    """When and where more is said; "" when no time is fixed."""
    at = context.next_update_at
    if at is None or at <= context.now:
        return ""
    when = moments.deadline(at, context.now, context.zone, lang)
    return f"{when}更新进展。" if lang == "zh" else f"We will give an update {when}."


def _row(row: Row, topic: Topic | None, saved: SheetAnswer | None, context: Context, now: datetime) -> Row:
    row = read(saved) if saved else row
    return replace(
        row,
        heat=topic.heat if topic else 0,
        samples=topic.ids[:SAMPLES] if topic else (),
        standing=standing(row, context.facts, now),
        moved=moved(row.rests_on, context.facts),
    )


def _from_facts(found: Sequence[Fact], question: Prepared, context: Context, lang: str) -> tuple[str, list[Fact]]:
    """The answer as fact → done → next step, and the facts in it; ("", []) when no fact fits whole."""
    used: list[Fact] = []
    joint, end = ("；", "。") if lang == "zh" else ("; ", ".")
    done = [] if "done" in question.slots else [
        one for one in context.facts if one.slot == "done" and sayable(one) and fact_words(one, lang)
    ]  # fmt: skip
    said = ""
    for fact in [*found, *(done if found else [])]:
        tried = joint.join([*(fact_words(one, lang) for one in used), fact_words(fact, lang)]) + end
        if length(tried, lang) <= LONGEST[lang] and fact not in used:
            said, used = tried, [*used, fact]
        elif not used:
            break
    return (_fitting([said, next_step(context, lang)], lang), used) if used else ("", [])


def _fitting(parts: Sequence[str], lang: str) -> str:
    """As many parts, in order, as an answer may be long; a part is never cut."""
    said = ""
    for part in parts:
        tried = said + ("" if lang == "zh" or not said else " ") + part
        if part and length(tried, lang) <= LONGEST[lang]:
            said = tried
    return said
