"""The numbers of a review (pure): minutes against goals, promises and calls, as the journal tells them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from store.nouns import Draft, Incident, JournalEntry, LevelChange, Page, PageStatus, Promise, Publication

# Minutes within which each thing should have happened, counted from what the second column says.
GOALS = {"detect": 5, "reach": 2, "acknowledge": 5, "draft": 2, "approve": 48, "publish": 60}


@dataclass(frozen=True, slots=True)
class ReviewInput:
    """Everything the sheet is made of, read in one look at the store."""

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
    kept: int
    broken: int
    accepted: int
    failed: int
    happened: Mapping[str, int]

    @property
    def late(self) -> tuple[Measure, ...]:
        """What missed its goal or never happened."""
        return tuple(one for one in self.measures if not one.good)

    @property
    def promises(self) -> tuple[Promise, ...]:
        """Every public deadline, broken ones first."""
        return tuple(sorted(self.given.promises, key=lambda one: (one.broken_at is None, one.due_at)))


def build_review(given: ReviewInput) -> Review:
    """Numbers from the journal; nothing is guessed, what did not happen is None."""
    incident = given.incident
    t0, seen = incident.t0, incident.detected_at
    first = {name: _first(given.journal, name) for name in ("acknowledged", "draft_prepared", "approved")}
    reached = min((page.accepted_at for page in given.pages if page.accepted_at), default=None)
    published = min((one.published_at for one in given.publications), default=None)
    found = {
        "detect": _minutes(t0, seen),
        "reach": _minutes(seen, reached),
        "acknowledge": _minutes(seen, first["acknowledged"]),
        "draft": _minutes(seen, first["draft_prepared"]),
        "approve": _minutes(t0, first["approved"]),
        "publish": _minutes(t0, published),
    }
    return Review(
        given=given,
        measures=tuple(Measure(name, found[name], goal) for name, goal in GOALS.items()),
        kept=sum(one.kept_at is not None for one in given.promises),
        broken=sum(one.broken_at is not None for one in given.promises),
        accepted=sum(page.status is PageStatus.ACCEPTED for page in given.pages),
        failed=sum(page.status is PageStatus.FAILED for page in given.pages),
        happened=Counter(entry.what for entry in given.journal),
    )


def _first(journal: Sequence[JournalEntry], what: str) -> datetime | None:
    """When it first happened to a statement; the Q&A sheet's approval is no milestone."""
    return next((one.at for one in journal if one.what == what and one.detail.get("kind") != "qa"), None)


def _minutes(since: datetime, at: datetime | None) -> float | None:
    return None if at is None else (at - since) / timedelta(minutes=1)
