"""The Q&A sheet as a text: questions ordered by how many people ask, answered from facts or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from statements.answering.mining import mine
from statements.answering.questions import Prepared, load_questions, questions_for, shipped_questions
from statements.answering.themes import Themes, themes_for
from statements.approving.approval import sayable
from statements.writing import moments
from statements.writing.contexts import Context, Rendered
from statements.writing.marks import mark, missing_in, neutral
from statements.writing.render import load_template, render
from store.nouns import Fact, FactStatus

__all__ = ["Answer", "Question", "load_questions", "mine_questions", "render_sheet", "shipped_questions"]
_SHOWN_OTHERS = 5


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


def mine_questions(
    texts: Sequence[str], prepared: Sequence[Prepared] | None = None, category: str = ""
) -> tuple[Question, ...]:
    """What the mentions ask, hottest first; a mention counts once per question however often it repeats itself.

    Questions nobody prepared are kept in people's own words, at most five. `category`: only its questions beside the
    baseline; "": those of all categories.
    """
    themes = Themes(prepared) if prepared else themes_for(category)
    found = mine(((str(place), text) for place, text in enumerate(texts)), themes, "zh")
    known = [Question(one.theme, one.question, one.heat) for one in found if one.theme]
    others = [Question("", one.question, one.heat) for one in found if not one.theme][:_SHOWN_OTHERS]
    return tuple(sorted([*known, *others], key=lambda one: -one.heat))


def render_sheet(context: Context, lang: str, mined: Sequence[Question], source: str = "") -> Rendered:
    """The sheet as text, hottest questions first; `fact_ids` are the facts its answers borrow.

    It renders with no facts at all: what is open says so with a mark, and `missing` names it.
    """
    heat = {one.theme: one.heat for one in mined if one.theme}
    prepared = list(questions_for(context.category))
    order = {one.id: place for place, one in enumerate(prepared)}
    prepared.sort(key=lambda one: (-heat.get(one.id, 0), order[one.id]))
    used: dict[str, None] = {}
    lines = [_answer(one, context, lang, heat.get(one.id, 0), used) for one in prepared]
    others = [one for one in mined if not one.theme and one.heat > 1]
    lines += [_other(number, one, lang) for number, one in enumerate(others, 1)]
    made = render(source or load_template("qa", context.category, lang), context, extra={"answers": tuple(lines)})
    fact_ids = tuple(dict.fromkeys([*made.fact_ids, *used]))
    return replace(made, fact_ids=fact_ids, missing=missing_in(made.body))


def answering(question: Prepared, facts: Sequence[Fact], lang: str) -> list[Fact]:
    """The confirmed public facts of the right slot that speak of what is asked, in words of this language."""
    return [one for one in facts if _answers(one, question, lang)]


def fact_words(fact: Fact, lang: str) -> str:
    """What a fact says, without the mark at its end."""
    return neutral(fact.zh if lang == "zh" else fact.en).rstrip("。．.；;，, ")


def timed(text: str, context: Context, lang: str) -> str:
    """A prepared line with the two times it may name."""
    happened = moments.full(context.t0, context.zone, lang)
    seen = moments.beside(context.detected_at, context.t0, context.zone, lang)
    return text.replace("{{ happened_at }}", happened).replace("{{ seen_at }}", seen)


def _answer(question: Prepared, context: Context, lang: str, heat: int, used: dict[str, None]) -> Answer:
    zh = lang == "zh"
    facts = answering(question, context.facts, lang)
    used.update(dict.fromkeys(fact.label for fact in facts))
    asked = question.question(lang)
    if facts:
        said = ("；" if zh else "; ").join(fact_words(fact, lang) for fact in facts) + ("。" if zh else ".")
    else:
        said = timed(question.said("none", lang), context, lang)
        if question.open == "PENDING_FACT":
            said += ("" if zh else " ") + mark(asked.rstrip("？?"), lang)
    # What is ready without facts stands on the incident's own two times.
    source = "" if question.open != "READY" else ("事件记录" if zh else "incident record")
    return Answer(
        qid=question.id,
        question=asked + _asking(heat, lang),
        answer=said,
        status="READY" if facts else question.open,
        do_not_say=question.said("avoid", lang),
        facts=", ".join(fact.label for fact in facts) or source,
    )


def _answers(fact: Fact, question: Prepared, lang: str) -> bool:
    fits = fact.slot in question.slots and sayable(fact) and fact.status is FactStatus.CONFIRMED
    return fits and bool(fact_words(fact, lang)) and bool(question.about.search(f"{fact.zh} {fact.en}"))


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
