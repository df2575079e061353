"""The Q&A sheet: questions every crisis is asked, ordered by how many people ask, answered from facts or not at all."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from config.errors import SettingsError
from statements import moments
from statements.approval import sayable
from statements.marks import mark, missing_in, neutral
from statements.render import Context, Rendered, load_template, render
from store.nouns import Fact, FactStatus

SHIPPED = Path(__file__).parents[1] / "config" / "questions.yaml"
_ASKED = re.compile(r"[^。！!？?\n，,；;]{2,40}[？?]")
_LONG_NUMBER = re.compile(r"\d[\d -]{4,}\d")
_SHOWN_OTHERS = 5
_READ_OF_A_MENTION = 2000
Status = Literal["READY", "PENDING_FACT", "REFER", "DECLINE"]


def _compiled(value: object) -> object:
    """A pattern of the file, blind to case; what is no pattern is a fault of the file."""
    try:
        return re.compile(value, re.IGNORECASE) if isinstance(value, str) else value
    except re.error as error:
        raise ValueError(f"no pattern: {error}") from error


Asks = Annotated[re.Pattern[str], BeforeValidator(_compiled)]


class Prepared(BaseModel):
    """One line of questions.yaml: words, the facts that answer it, and what is said while there are none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    for_: str = Field(alias="for")
    slots: tuple[str, ...]
    about: Asks = re.compile("")
    open: Status
    zh: str
    en: str
    none_zh: str
    none_en: str
    heat: Asks
    avoid_zh: str
    avoid_en: str


@dataclass(frozen=True, slots=True)
class Question:
    """What the mentions ask: `theme` is the id of a prepared question, "" for one nobody prepared; `heat` mentions."""

    theme: str
    text: str
    heat: int


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of the sheet, as the template reads it; every string is neutral already."""

    qid: str
    question: str
    answer: str
    status: str
    do_not_say: str
    facts: str


def load_questions(path: Path = SHIPPED) -> tuple[Prepared, ...]:
    """Read a questions file; SettingsError lists every fault."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError([f"{path.name}: cannot be read: {error}"]) from error
    if not isinstance(found, list) or not found:
        raise SettingsError([f"{path.name}: a list of questions is needed"])
    questions, faults = [], []
    for number, entry in enumerate(found, 1):
        try:
            questions.append(Prepared.model_validate(entry))
        except ValidationError as error:
            faults += [
                f"{path.name}: {number}.{one['loc'][0] if one['loc'] else ''}: {one['msg']}" for one in error.errors()
            ]
    twice = sorted(one for one, times in Counter(question.id for question in questions).items() if times > 1)
    faults += [f"{path.name}: {one}: stands there twice" for one in twice]
    if faults:
        raise SettingsError(faults)
    return tuple(questions)


@lru_cache(maxsize=1)
def shipped_questions() -> tuple[Prepared, ...]:
    return load_questions()


def mine_questions(texts: Sequence[str], prepared: Sequence[Prepared] | None = None) -> tuple[Question, ...]:
    """What the mentions ask, hottest first; a mention counts once per question however often it repeats itself.

    Questions no theme covers are kept in people's own words, at most five, with long numbers taken out.
    """
    known = prepared or shipped_questions()
    heat: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for text in texts:
        read = text[:_READ_OF_A_MENTION]
        hit = [one.id for one in known if one.heat.search(read)]
        heat.update(hit)
        if not hit:
            others.update({_unnumbered(one[0]) for one in _ASKED.finditer(read)})
    found = [Question(one.id, one.zh, heat[one.id]) for one in known if heat[one.id]]
    found += [Question("", text, count) for text, count in others.most_common(_SHOWN_OTHERS)]
    return tuple(sorted(found, key=lambda one: -one.heat))


def _unnumbered(text: str) -> str:
    """A stranger's question without phone or identity numbers: the sheet is read by many."""
    return _LONG_NUMBER.sub("…", neutral(text).strip())


def render_sheet(context: Context, lang: str, mined: Sequence[Question]) -> Rendered:
    """The sheet as text, hottest questions first; `fact_ids` are the facts its answers borrow.

    It renders with no facts at all: what is open says so with a mark, and `missing` names it.
    """
    heat = {one.theme: one.heat for one in mined if one.theme}
    prepared = [one for one in shipped_questions() if one.for_ in ("all", context.category)]
    order = {one.id: place for place, one in enumerate(prepared)}
    prepared.sort(key=lambda one: (-heat.get(one.id, 0), order[one.id]))
    used: dict[str, None] = {}
    lines = [_answer(one, context, lang, heat.get(one.id, 0), used) for one in prepared]
    others = [one for one in mined if not one.theme and one.heat > 1]
    lines += [_other(number, one, lang) for number, one in enumerate(others, 1)]
    made = render(load_template("qa", context.category, lang), context, extra={"answers": tuple(lines)})
    fact_ids = tuple(dict.fromkeys([*made.fact_ids, *used]))
    return replace(made, fact_ids=fact_ids, missing=missing_in(made.body))


def _answer(question: Prepared, context: Context, lang: str, heat: int, used: dict[str, None]) -> Answer:
    zh = lang == "zh"
    facts = [fact for fact in context.facts if _answers(fact, question, lang)]
    used.update(dict.fromkeys(fact.label for fact in facts))
    asked = question.zh if zh else question.en
    if facts:
        said = ("；" if zh else "; ").join(_words(fact, lang) for fact in facts) + ("。" if zh else ".")
    else:
        said = _timed(question.none_zh if zh else question.none_en, context, lang)
        if question.open == "PENDING_FACT":
            said += ("" if zh else " ") + mark(asked.rstrip("？?"), lang)
    # What is ready without facts stands on the incident's own two times.
    source = "" if question.open != "READY" else ("事件记录" if zh else "incident record")
    return Answer(
        qid=question.id,
        question=asked + _asking(heat, lang),
        answer=said,
        status="READY" if facts else question.open,
        do_not_say=question.avoid_zh if zh else question.avoid_en,
        facts=", ".join(fact.label for fact in facts) or source,
    )


def _answers(fact: Fact, question: Prepared, lang: str) -> bool:
    """A confirmed public fact of the right slot that speaks of what is asked, in words of this language."""
    fits = fact.slot in question.slots and sayable(fact) and fact.status is FactStatus.CONFIRMED
    return fits and bool(_words(fact, lang)) and bool(question.about.search(f"{fact.zh} {fact.en}"))


def _other(number: int, asked: Question, lang: str) -> Answer:
    """A question of the mentions that no line covers: shown as people ask it, unanswered until somebody writes."""
    zh = lang == "zh"
    said = "这个问题还没有准备答案。" if zh else "No answer is prepared yet. "
    return Answer(
        qid=f"M{number}",
        question=(f"“{asked.text}”" if zh else f'"{asked.text}"') + _asking(asked.heat, lang),
        answer=said + mark("这个问题的答案" if zh else "the answer to this question", lang),
        status="PENDING_FACT",
        do_not_say="猜测" if zh else "guesses",
        facts="",
    )


def _asking(heat: int, lang: str) -> str:
    if not heat:
        return ""
    return f"（{heat} 条提及在问）" if lang == "zh" else f" ({heat} mentions ask)"


def _words(fact: Fact, lang: str) -> str:
    return neutral(fact.zh if lang == "zh" else fact.en).rstrip("。．.；;，, ")


def _timed(text: str, context: Context, lang: str) -> str:
    """The two times a ready line may name."""
    happened = moments.full(context.t0, context.zone, lang)
    seen = moments.beside(context.detected_at, context.t0, context.zone, lang)
    return text.replace("{{ happened_at }}", happened).replace("{{ seen_at }}", seen)
