"""What an answer must hold before it is kept, and before somebody may say it (pure)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from config.errors import InputError, MoveError
from statements.answering.answer_sheet import LONGEST, length, moved
from statements.answering.questions import ASKERS, REASONS, STATUSES
from statements.approving.approval import sayable
from statements.rules.figures import GRAVE, figures_in
from statements.writing.marks import missing_in, neutral
from store.nouns import Fact, FactStatus, SheetAnswer

LONGEST_QUESTION = 200
LONGEST_NOTE = 200
LONGEST_VALID = timedelta(days=7)
# Shorter words of a fact stand in many texts by chance.
SHORTEST_WORDS = 4
# An answer may be ready without facts only where the incident's own record is the answer.
RECORDED = ("Q1", "Q7")


@dataclass(frozen=True, slots=True)
class Written:
    """An answer as a person enters it; `labels` are the facts it rests on."""

    question: str
    answer: str
    status: str
    labels: tuple[str, ...] = ()
    asker: str = "consumer"
    refer: str = ""
    reason: str = ""
    instead: str = ""
    bridge: str = ""
    avoid: str = ""
    owner: str = ""


def cleaned(written: Written) -> Written:
    """The same with every text as one harmless line, and only what its status takes."""
    return Written(
        question=neutral(written.question),
        answer=neutral(written.answer),
        status=written.status,
        labels=tuple(dict.fromkeys(written.labels)),
        asker=written.asker,
        refer=neutral(written.refer) if written.status == "REFER" else "",
        reason=written.reason if written.status == "DECLINE" else "",
        instead=neutral(written.instead) if written.status == "DECLINE" else "",
        bridge=neutral(written.bridge),
        avoid=neutral(written.avoid),
        owner=written.owner,
    )


def check(written: Written, qid: str, lang: str, facts: Sequence[Fact]) -> None:
    """Return when the answer may be kept; InputError names everything that is wrong with it."""
    faults = [*_shape(written, lang), *_of_status(written, qid), *_of_facts(written, lang, facts)]
    if faults:
        raise InputError("\n".join(faults))


def check_approval(answer: SheetAnswer, who: str, until: datetime, facts: Sequence[Fact], now: datetime) -> None:
    """Return when `who` may say yes to it until then; MoveError or InputError otherwise."""
    if who == answer.author:
        raise MoveError("whoever wrote an answer does not approve it; another person does")
    if answer.approved_by:
        raise MoveError("this answer is approved already")
    gone = moved(answer.rests_on, facts)
    if gone:
        raise MoveError(f"facts changed since it was written: {', '.join(gone)}; write it again")
    if missing_in(answer.answer):
        raise MoveError("still to be confirmed: " + "; ".join(missing_in(answer.answer)))
    if not now < until <= now + LONGEST_VALID:
        raise InputError(f"An answer holds until a time you say, at most {LONGEST_VALID.days} days from now.")


def _shape(written: Written, lang: str) -> Iterator[str]:
    if not written.question:
        yield "The question is empty."
    if len(written.question) > LONGEST_QUESTION:
        yield f"The question has {len(written.question)} characters; {LONGEST_QUESTION} are allowed."
    if not written.answer:
        yield "The answer is empty."
    long = length(written.answer, lang)
    if long > LONGEST[lang]:
        unit = "characters" if lang == "zh" else "words"
        yield f"The answer has {long} {unit}; {LONGEST[lang]} are allowed."
    for name in ("refer", "instead", "bridge", "avoid"):
        if len(getattr(written, name)) > LONGEST_NOTE:
            yield f"The field {name} has more than {LONGEST_NOTE} characters."
    if written.asker not in ASKERS:
        yield f"Who asks is one of: {', '.join(ASKERS)}; not {written.asker[:20]!r}."


def _of_status(written: Written, qid: str) -> Iterator[str]:
    if written.status not in STATUSES:
        yield f"The status is one of: {', '.join(STATUSES)}; not {written.status[:20]!r}."
    if written.status == "READY" and not written.labels and qid not in RECORDED:
        yield "READY rests on a fact; name one, or choose PENDING_FACT."
    if written.status == "READY" and missing_in(written.answer):
        yield "READY has nothing left to confirm; fill the marks, or choose PENDING_FACT."
    if written.status == "REFER" and not written.refer:
        yield "REFER names the authority that answers."
    if written.status == "DECLINE" and written.reason not in REASONS:
        yield f"DECLINE names a reason: {', '.join(REASONS)}."
    if written.status == "DECLINE" and not written.instead:
        yield "DECLINE offers something in its place."


def _of_facts(written: Written, lang: str, facts: Sequence[Fact]) -> Iterator[str]:
    known = {one.label: one for one in facts}
    for label in written.labels:
        if label not in known:
            yield f"There is no fact {label[:12]} in this incident."
        elif not sayable(known[label]) or known[label].status is not FactStatus.CONFIRMED:
            yield f"{label} may not be said; only confirmed public facts may."
    flat = _flat(written.answer)
    for fact in facts:
        words = _flat(neutral(fact.zh if lang == "zh" else fact.en))
        if len(words) >= SHORTEST_WORDS and words in flat and not sayable(fact):
            yield f"The answer uses the words of {fact.label}, which may not be said."
    told = [one for one in facts if sayable(one) and one.status is FactStatus.CONFIRMED]
    bound = frozenset(
        key for fact in told for text in (fact.zh, fact.en) for one in figures_in(text) for key in one.keys
    )
    free = [one for one in figures_in(written.answer) if one.kind in GRAVE and not one.keys <= bound]
    if free:
        said = ", ".join(written.answer[one.start : one.end] for one in free[:3])
        yield f"No confirmed public fact holds: {said}."


def _flat(text: str) -> str:
    return "".join(text.split()).rstrip("。．.；;，,").lower()
