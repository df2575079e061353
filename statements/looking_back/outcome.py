"""The numbers of a review (pure): minutes against goals, promises and calls, as the journal tells them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from statements.looking_back.deeds import DECISIONS
from statements.looking_back.echo import Echo, answered_at
from store.nouns import (
    Approval,
    AskedReview,
    CorrectiveAction,
    Draft,
    Fact,
    Incident,
    JournalEntry,
    LevelChange,
    Page,
    PageStatus,
    Promise,
    Publication,
    ReviewNote,
    Version,
)

# Minutes within which each thing should have happened, counted from what the second column says.
GOALS = {"detect": 5, "reach": 2, "acknowledge": 5, "triage": 10, "draft": 2, "approve": 48, "publish": 60}
# What people do once they have understood it; the first of these after the alert is the triage.
_TRIAGE = (*DECISIONS, "resolved")


@dataclass(frozen=True, slots=True)
class ReviewInput:
    """Everything the sheet is made of, read in one look at the store.

    `publications` stand, `records` are all that were ever written. `facts` are all versions. `claims` are what was
    said about us as (claim, status, answer zh, answer en). `opened`: the kind of the spike that opened it, "" when a
    person did. `echo`: how loud it was after the first answer, None before one. `earlier` are incidents of the last
    90 days with the same root cause, `thresholds` those in force.
    """

    incident: Incident
    journal: tuple[JournalEntry, ...]
    levels: tuple[LevelChange, ...]
    pages: tuple[Page, ...]
    drafts: tuple[Draft, ...]
    publications: tuple[Publication, ...]
    promises: tuple[Promise, ...]
    mention_count: int
    brand_name: str
    zone: ZoneInfo
    records: tuple[Publication, ...] = ()
    approvals: tuple[Approval, ...] = ()
    asked: tuple[AskedReview, ...] = ()
    facts: tuple[Fact, ...] = ()
    notes: Mapping[str, ReviewNote] = field(default_factory=dict)
    actions: tuple[CorrectiveAction, ...] = ()
    claims: tuple[tuple[str, str, str, str], ...] = ()
    earlier: tuple[Incident, ...] = ()
    opened: str = ""
    first_heard_at: datetime | None = None
    thresholds: Version | None = None
    echo: Echo | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, person: str) -> str:
        """The name people read; the id of somebody who left."""
        return self.names.get(person, person)


@dataclass(frozen=True, slots=True)
class Measure:
    """One milestone: minutes it took (None: it never happened) against the goal."""

    name: str
    minutes: float | None
    goal: int

    @property
    def good(self) -> bool:
        return self.minutes is not None and self.minutes <= self.goal


@dataclass(frozen=True, slots=True)
class Review:
    """The sheet before it is written in a language; `happened` counts the journal by its `what`."""

    given: ReviewInput
    measures: tuple[Measure, ...]
    accepted: int
    failed: int
    happened: Mapping[str, int]

    @property
    def late(self) -> tuple[Measure, ...]:
        """What missed its goal or never happened."""
        return tuple(one for one in self.measures if not one.good)

    @property
    def promises(self) -> tuple[Promise, ...]:
        """Every public promise but the void ones: broken first, then late, then the others by their time."""
        order = {"broken": 0, "late": 1}
        found = [one for one in self.given.promises if one.outcome != "void"]
        return tuple(sorted(found, key=lambda one: (order.get(one.outcome, 2), one.due_at, one.id)))

    def count(self, outcome: str) -> int:
        """How many promises came to this: kept, late, broken or open."""
        return sum(one.outcome == outcome for one in self.promises)

    @property
    def kept(self) -> int:
        return self.count("kept")

    @property
    def broken(self) -> int:
        return self.count("broken")

    @property
    def refuted(self) -> tuple[tuple[Fact, tuple[Draft, ...]], ...]:
        """Facts found false, with the texts that had used them."""
        false = {one.label: one for one in self.given.facts if one.status == "refuted"}
        found = []
        for label, fact in sorted(false.items()):
            used = tuple(one for one in self.given.drafts if label in one.fact_ids and one.at <= fact.at)
            if used:
                found.append((fact, used))
        return tuple(found)

    @property
    def on_time(self) -> tuple[int, int]:
        """(updates kept in time, updates whose time is over or that were kept)."""
        due = [one.outcome for one in self.promises if one.kind == "update" and one.outcome != "open"]
        return due.count("kept"), len(due)

    @property
    def waits(self) -> tuple[tuple[str, float], ...]:
        """(part, longest minutes from being asked for a yes to its answer), of those who answered."""
        longest: dict[str, float] = {}
        for one in self.given.asked:
            if one.answered_at and one.answer in ("yes", "changes", "rejected"):
                took = (one.answered_at - one.asked_at) / timedelta(minutes=1)
                longest[one.part] = max(took, longest.get(one.part, 0.0))
        return tuple(sorted(longest.items()))

    @property
    def calls(self) -> tuple[tuple[str, int], ...]:
        """(person, pages of this incident), the most called first."""
        counted = Counter(page.person for page in self.given.pages)
        return tuple(sorted(counted.items(), key=lambda one: (-one[1], one[0])))

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody who did something, in the order in which they first did."""
        return tuple(dict.fromkeys(one.who for one in self.given.journal if one.who != "system"))


def build_review(given: ReviewInput) -> Review:
    """Numbers from the journal; nothing is guessed, what did not happen is None."""
    incident = given.incident
    t0, seen = incident.t0, incident.detected_at
    first = {name: _first(given.journal, name) for name in ("acknowledged", "draft_prepared", "approved")}
    reached = min((page.accepted_at for page in given.pages if page.accepted_at), default=None)
    decided = min((one.at for one in given.journal if one.what in _TRIAGE and one.who != "system"), default=None)
    found = {
        "detect": _minutes(t0, seen),
        "reach": _minutes(seen, reached),
        "acknowledge": _minutes(seen, first["acknowledged"]),
        "triage": _minutes(seen, decided),
        "draft": _minutes(seen, first["draft_prepared"]),
        "approve": _minutes(t0, first["approved"]),
        "publish": _minutes(t0, answered_at(given.publications)),
    }
    return Review(
        given=given,
        measures=tuple(Measure(name, found[name], goal) for name, goal in GOALS.items()),
        accepted=sum(page.status is PageStatus.ACCEPTED for page in given.pages),
        failed=sum(page.status is PageStatus.FAILED for page in given.pages),
        happened=Counter(entry.what for entry in given.journal),
    )


def _first(journal: Sequence[JournalEntry], what: str) -> datetime | None:
    """When it first happened to a statement; the Q&A sheet's approval is no milestone."""
    return next((one.at for one in journal if one.what == what and one.detail.get("kind") != "qa"), None)


def _minutes(since: datetime, at: datetime | None) -> float | None:
    return None if at is None else (at - since) / timedelta(minutes=1)
