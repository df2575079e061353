"""The Q&A sheet: questions every crisis is asked, ordered by how many people ask, answered from facts or not at all."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from config.errors import SettingsError
from statements import moments
from statements.approval import sayable
from statements.marks import neutral
from statements.render import Context, Rendered, load_template, render
from store.nouns import Fact

SHIPPED = Path(__file__).parents[1] / "config" / "questions.yaml"
_ASKED = re.compile(r"[^。！!？?\n，,；;]{2,40}[？?]")
_SHOWN_OTHERS = 5
Status = Literal["READY", "PENDING_FACT", "REFER", "DECLINE"]


class Question(BaseModel):
    """One line of questions.yaml: words, the facts that answer it, and what is said while there are none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    for_: str = Field(alias="for")
    slots: tuple[str, ...]
    open: Status
    zh: str
    en: str
    none_zh: str
    none_en: str
    heat: str
    avoid_zh: str
    avoid_en: str


@dataclass(frozen=True, slots=True)
class Mined:
    """What the mentions ask: question id → how many ask it, and other questions with their counts."""

    heat: Mapping[str, int]
    others: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of the sheet, as the template reads it; every string is neutral already."""

    qid: str
    question: str
    answer: str
    status: str
    do_not_say: str
    facts: str


def load_questions(path: Path = SHIPPED) -> tuple[Question, ...]:
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
            questions.append(Question.model_validate(entry))
            re.compile(questions[-1].heat)
        except ValidationError as error:
            faults += [
                f"{path.name}: {number}.{one['loc'][0] if one['loc'] else ''}: {one['msg']}" for one in error.errors()
            ]
        except re.error as error:
            faults.append(f"{path.name}: {number}.heat: {error}")
    if faults:
        raise SettingsError(faults)
    return tuple(questions)


@lru_cache(maxsize=1)
def shipped_questions() -> tuple[Question, ...]:
    return load_questions()


def mine_questions(texts: Sequence[str], questions: Sequence[Question] | None = None) -> Mined:
    """Count who asks what; a mention counts once per question however often it repeats itself."""
    known = [(one.id, re.compile(one.heat, re.IGNORECASE)) for one in questions or shipped_questions()]
    heat: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for text in texts:
        hit = [qid for qid, pattern in known if pattern.search(text)]
        heat.update(hit)
        if not hit:
            others.update({neutral(one[0]).strip() for one in _ASKED.finditer(text[:500])})
    return Mined(dict(heat), tuple(others.most_common(_SHOWN_OTHERS)))


def render_sheet(context: Context, lang: str, mined: Mined) -> Rendered:
    """The sheet as text, hottest questions first; `fact_ids` are the facts its answers borrow."""
    questions = [one for one in shipped_questions() if one.for_ in ("all", context.category)]
    order = {one.id: place for place, one in enumerate(questions)}
    questions.sort(key=lambda one: (-mined.heat.get(one.id, 0), order[one.id]))
    used: dict[str, None] = {}
    lines = [_answer(one, context, lang, mined.heat.get(one.id, 0), used) for one in questions]
    lines += [_other(number, text, heat, lang) for number, (text, heat) in enumerate(mined.others, 1) if heat > 1]
    made = render(load_template("qa", context.category, lang), context, extra={"answers": tuple(lines)})
    return replace(made, fact_ids=tuple(dict.fromkeys([*made.fact_ids, *used])))


def _answer(question: Question, context: Context, lang: str, heat: int, used: dict[str, None]) -> Answer:
    facts = [fact for fact in context.facts if fact.slot in question.slots and sayable(fact) and _words(fact, lang)]
    for fact in facts:
        used[fact.label] = None
    zh = lang == "zh"
    if facts:
        mark = "；" if zh else "; "
        said = mark.join(_words(fact, lang) for fact in facts) + ("。" if zh else ".")
    else:
        said = _timed(question.none_zh if zh else question.none_en, context, lang)
    asked = question.zh if zh else question.en
    count = (f"（{heat} 人在问）" if zh else f" ({heat} asking)") if heat else ""
    return Answer(
        qid=question.id,
        question=asked + count,
        answer=said,
        status="READY" if facts else question.open,
        do_not_say=question.avoid_zh if zh else question.avoid_en,
        facts=", ".join(fact.label for fact in facts),
    )


def _other(number: int, text: str, heat: int, lang: str) -> Answer:
    """A question of the mentions that no line covers: shown as people ask it, unanswered until somebody writes."""
    zh = lang == "zh"
    return Answer(
        qid=f"M{number}",
        question=f"“{text}”（{heat} 人在问）" if zh else f'"{text}" ({heat} asking)',
        answer="这个问题还没有准备答案。" if zh else "No answer is prepared yet.",
        status="PENDING_FACT",
        do_not_say="猜测" if zh else "guesses",
        facts="",
    )


def _words(fact: Fact, lang: str) -> str:
    return neutral(fact.zh if lang == "zh" else fact.en).rstrip("。．.；;，, ")


def _timed(text: str, context: Context, lang: str) -> str:
    """The two times a ready line may name."""
    happened = moments.full(context.t0, context.zone, lang)
    seen = moments.beside(context.detected_at, context.t0, context.zone, lang)
    return text.replace("{{ happened_at }}", happened).replace("{{ seen_at }}", seen)
