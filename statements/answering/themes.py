"""Which prepared question somebody asks in their own words: patterns first, then likeness to others (pure)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from statements.answering.asked import Asked
from statements.answering.folded import folded
from statements.answering.likeness import Weights, terms
from statements.answering.questions import EVERY, Prepared, questions_for, shipped_questions

STRONG, WEAK = 2.0, 1.0
LIKENESS, PLACE = 0.4, 0.3
# Without any pattern, words must be this like those of somebody who asked it.
ALIKE = 0.62
_REMEMBERED = 200_000


class Themes:
    """Prepared questions ready to be recognised. `own`: id → wordings of questions this incident's people answered."""

    def __init__(self, prepared: Sequence[Prepared], own: Mapping[str, str] | None = None) -> None:
        self.known = {one.id: one for one in prepared}
        self.own = dict(own or {})
        self._first = [one for one in prepared if one.for_ == EVERY]
        self._later = [one for one in prepared if one.for_ != EVERY]
        told = [(one.id, terms(folded(text))) for one in prepared for text in (*one.asked, one.zh, one.en)]
        told += [(qid, terms(folded(text))) for qid, text in self.own.items()]
        self._told = [(qid, content) for qid, content in told if content]
        self._weights = Weights([content for _, content in self._told])
        self._by_term: dict[str, list[int]] = defaultdict(list)
        for place, (_, content) in enumerate(self._told):
            for term in content:
                self._by_term[term].append(place)
        self._memory: dict[tuple[str, bool], str] = {}

    def told(self, theme: str, lang: str) -> tuple[str, str]:
        """(topic, question) of an id, as they are shown."""
        found = self.known.get(theme)
        return (found.topic, found.question(lang)) if found else ("", self.own[theme])

    def of(self, asked: Asked) -> str:
        """Id of the question that is asked, "" when nobody prepared it."""
        key = (asked.form, asked.demand)
        if key not in self._memory:
            if len(self._memory) >= _REMEMBERED:
                self._memory.clear()
            self._memory[key] = self._seek(asked.form, asked.demand) or (
                self._seek(asked.around, demand=True) if asked.around != asked.form and _thin(asked.form) else ""
            )
        return self._memory[key]

    def _seek(self, form: str, demand: bool) -> str:
        like = {} if demand else self._likeness(form)
        own = max((qid for qid in like if qid in self.own), key=lambda qid: like[qid], default="")
        if own and like[own] >= ALIKE:
            return own
        scored = self._scored(self._first, form, like)
        if max((score for score, _ in scored), default=0.0) < STRONG:
            scored += self._scored(self._later, form, like)
        elif len(self._later) <= MOST_BESIDE:
            # Where both are met alike, the question of this very category is nearer.
            scored = self._scored(self._later, form, like) + scored
        best = max(scored, default=None, key=lambda one: one[0])
        return best[1] if best and best[0] >= (STRONG if demand else WEAK) else self._nearest(like)

    def _scored(self, prepared: Sequence[Prepared], form: str, like: Mapping[str, float]) -> list[tuple[float, str]]:
        """(score, id) of every question a pattern of which is met; a little more for likeness and for the right place.

        Chinese asks at the end of a clause, English at its beginning.
        """
        found = []
        for one in prepared:
            hit = one.heat.search(form)
            place = hit or one.hint.search(form)
            if place:
                near = place.end() / len(form) if form[-1] >= "\u3400" else 1 - place.start() / len(form)
                score = (STRONG if hit else WEAK) + LIKENESS * like.get(one.id, 0.0) + PLACE * near
                found.append((score, one.id))
        return found

    def _likeness(self, form: str) -> dict[str, float]:
        """Id → likeness to the nearest of its known wordings."""
        content = terms(form)
        found: dict[str, float] = {}
        for place in {place for term in content for place in self._by_term.get(term, ())}:
            qid, told = self._told[place]
            if min(len(content), len(told)) == 1 and content != told:
                # One word in common says too little.
                continue
            found[qid] = max(found.get(qid, 0.0), self._weights.alike(content, told))
        return found

    def _nearest(self, like: Mapping[str, float]) -> str:
        best = max(like, key=lambda qid: like[qid], default="")
        return best if best and like[best] >= ALIKE else ""


# So few category questions are always looked at beside the baseline; all of them only when the baseline is silent.
MOST_BESIDE = 12


def _thin(form: str) -> bool:
    """A question that says too little alone: it is read with its sentence."""
    return len(terms(form)) <= 1


@lru_cache(maxsize=32)
def themes_for(category: str) -> Themes:
    """The shipped baseline with one category's questions; "": with those of all categories."""
    return Themes(questions_for(category) if category else shipped_questions())
