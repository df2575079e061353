"""What changed since a text was released, and what is promised as a remedy (pure): facts as updates need them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from store.nouns import Fact


@dataclass(frozen=True, slots=True)
class Change:
    """One fact then (None: it is new) and now."""

    before: Fact | None
    after: Fact


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of a remedy as a person wrote it: measure, the role that answers for it, its deadline in words."""

    what: str
    owner: str
    deadline: str


def changes_since(history: Iterable[Fact], at: datetime) -> tuple[Change, ...]:
    """What is otherwise than at `at`, in the order of the log; `history` holds every version of every fact."""
    then: dict[str, Fact] = {}
    now: dict[str, Fact] = {}
    for fact in sorted(history, key=lambda one: one.version):
        now[fact.label] = fact
        if fact.at <= at:
            then[fact.label] = fact
    return tuple(Change(then.get(label), fact) for label, fact in now.items() if then.get(label) != fact)


def read_measures(text: str) -> tuple[Measure, ...]:
    """Lines `measure | role | deadline`; a part that is not given stays empty. Blank lines do not count."""
    lines = [line.replace("｜", "|").replace("·", "|") for line in text.splitlines() if line.strip()]
    parts = [([part.strip() for part in line.split("|", 2)] + ["", ""])[:3] for line in lines]
    return tuple(Measure(*one) for one in parts)
