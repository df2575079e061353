"""Why an incident is one: who was first, where it spread, what is repeated, what people say and ask, how it rose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from desk.screens.door import Ask
from monitor.clusters.telling import Question, Spread, copies, first_poster, questions, spread
from monitor.clusters.terms import Term, top_terms
from store import incidents, mentions
from store.database import Tx
from store.nouns import Incident, Judged, LevelChange

# What was usually said: of so many days before, at most so many mentions.
BEFORE, USUAL = timedelta(days=3), 400
TERMS, QUESTIONS, TEXTS, QUOTED = 8, 5, 3, 80


@dataclass(frozen=True, slots=True)
class Repeat:
    """A text that was said more than once: its beginning, how often, and the mention that said it first."""

    text: str
    times: int
    first: Judged


@dataclass(frozen=True, slots=True)
class WhyPanel:
    """What the panel shows; every part may be empty."""

    first: Judged | None
    spread: Sequence[Spread]
    repeats: Sequence[Repeat]
    terms: Sequence[Term]
    questions: Sequence[Question]
    levels: Sequence[LevelChange]


def why_panel(ask: Ask, tx: Tx, incident: Incident, evidence: Sequence[Judged]) -> WhyPanel:
    """Read off the incident's own mentions, against what was said of the brand in the days before."""
    brand = ask.room.in_force(tx).brands.get(incident.brand)
    words = (brand.name, *brand.any, *brand.aliases) if brand else ()
    usual = mentions.between(tx, incident.brand, incident.t0 - BEFORE, incident.t0 - timedelta(seconds=1), limit=USUAL)
    return WhyPanel(
        first=first_poster(evidence),
        spread=spread(evidence),
        repeats=[_repeat(some) for some in copies(evidence) if len(some) > 1][:TEXTS],
        terms=top_terms(evidence, usual, words, most=TERMS),
        questions=questions(evidence, most=QUESTIONS),
        levels=incidents.levels(tx, incident.id),
    )


def _repeat(some: Sequence[Judged]) -> Repeat:
    said = some[0].mention.text or some[0].mention.title
    return Repeat(said[:QUOTED] + ("…" if len(said) > QUOTED else ""), len(some), some[0])
