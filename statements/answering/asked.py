"""Which of a mention's sentences ask something, with or without a question mark (pure)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from statements.answering import question_words as words
from statements.answering.covering import covered
from statements.answering.folded import HAN, folded, undecorated
from statements.writing.marks import neutral

READ_OF_A_MENTION = 2000
LONGEST = 60
_SENTENCE = re.compile(r"[^。！!？?\n;；~～]+?(?:\.(?=\s|$)|[。！!？?\n;；~～]+|$)")
_MARKED = re.compile(r"[?？]")
_ENDS = " 。！!？?;；~～.…,，、:：\"'“”()（）【】#"
_CLAUSE = re.compile(rf"[,，:：]+|(?<=[{HAN}…])\s+(?=[{HAN}])|\s+[-–—]+\s+|…{{2,}}|——")


class Asked(NamedTuple):
    """One question: as its asker wrote it (covered), in one form for comparing, and with the sentence around it.

    `demand`: it asks for something to be done rather than told; it counts only for what somebody prepared.
    """

    shown: str
    form: str
    around: str
    demand: bool = False


def questions_in(text: str) -> tuple[Asked, ...]:
    """What a mention asks, each question once; rhetorical insults ask nothing."""
    found: dict[str, Asked] = {}
    for sentence in _SENTENCE.findall(covered(text[:READ_OF_A_MENTION])):
        for one in _of_sentence(sentence):
            found.setdefault(one.form, one)
    return tuple(found.values())


def _of_sentence(sentence: str) -> Iterator[Asked]:
    marked = _MARKED.search(sentence) is not None
    parts = [part for part in (_clean(one) for one in _CLAUSE.split(sentence)) if part]
    clauses = [(part, folded(part)) for part in parts]
    whole = " ".join(form for _, form in clauses)
    answered = False
    for place, (shown, form) in enumerate(clauses):
        if words.rhetorical(form):
            answered = True
            continue
        last = place == len(clauses) - 1
        if words.asks(form, marked=marked and last):
            span = _reach(clauses, place)
            answered = True
            yield _asked(clauses[span], whole)
        elif words.demands(form):
            yield _asked([(shown, form)], whole, demand=True)
    if marked and not answered and clauses:
        # The mark stands behind a part that asks nothing by itself: the sentence as a whole asks.
        yield _asked(clauses, whole)


def _reach(clauses: list[tuple[str, str]], place: int) -> slice:
    """The clauses one question is made of: a lead-in takes the next one along, an afterthought the one before."""
    form = clauses[place][1]
    if words.leads_in(form) and place + 1 < len(clauses):
        return slice(place, place + 2)
    if words.trails(form) and place:
        return slice(place - 1, place + 1)
    return slice(place, place + 1)


def _asked(clauses: list[tuple[str, str]], whole: str, *, demand: bool = False) -> Asked:
    shown = neutral("，".join(part for part, _ in clauses) if _han(clauses) else ", ".join(part for part, _ in clauses))
    form = " ".join(form for _, form in clauses)
    return Asked(shown[:LONGEST] + ("…" if len(shown) > LONGEST else ""), form, whole, demand)


def _han(clauses: list[tuple[str, str]]) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for part, _ in clauses for char in part)


def _clean(part: str) -> str:
    """A clause without decoration and marks around it; a cover at its edge stays."""
    text = " ".join(undecorated(part).split())
    return text.strip(_ENDS.replace("…", ""))
