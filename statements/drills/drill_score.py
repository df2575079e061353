"""What a drill came to (pure): each objective measured against its goal, from the drill's own journal."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from statements.looking_back.deeds import DECISIONS
from store.nouns import JournalEntry, Promise

MINUTES, COUNT, SHARE = "minutes", "count", "share"
# (unit, goal): minutes at most, faults at most, share at least.
GOALS: dict[str, tuple[str, float]] = {
    "ack": (MINUTES, 5),
    "triage": (MINUTES, 15),
    "draft": (MINUTES, 25),
    "release": (MINUTES, 60),
    "update": (MINUTES, 120),
    "wording": (COUNT, 0),
    "facts": (COUNT, 0),
    "consistency": (COUNT, 0),
    "questions": (SHARE, 0.5),
    "promises": (SHARE, 1.0),
    "log": (SHARE, 0.8),
}
# What a person decides about an incident; the first of these is the triage decision.
TRIAGE = (*DECISIONS, "split_off")
# What counts as the action an inject expects.
DONE: dict[str, tuple[str, ...]] = {
    "ack": ("acknowledged",),
    "triage": TRIAGE,
    "fact": ("fact_added", "fact_changed"),
    "draft": ("draft_saved",),
    "approve": ("approved",),
    "release": ("publication_recorded",),
    "correct": ("publication_recorded",),
    "answer": ("inquiry_answered",),
    "note": ("drill_note",),
}
_CLOSING = ("resolved", "contained", "false_alarm", "reviewed")
_LOGGED = ("acknowledged", "fact_added", "draft_saved", "approved", "publication_recorded")
_NOBODY = ("system", "drill")


@dataclass(frozen=True, slots=True)
class Due:
    """What somebody should have done after an inject (`said`: its first words); `people` may do it, () anybody."""

    inject: str
    said: str
    action: str
    people: tuple[str, ...]
    role: str
    at: datetime
    within: int


@dataclass(frozen=True, slots=True)
class Played:
    """Everything the sheet is made of. Moments are the drill's own.

    `findings`: levels of the findings in the texts that were posted, `posted` how many those were. `unverified`: times
    a text held a fact nobody may say yet. `differing`: pairs of texts that disagree, of `pairs`. `asked`: themes the
    injects ask about; `answered`: those the Q&A sheet answers, `pending` those it says are not known yet (half).
    """

    began: datetime
    ended: datetime
    journal: tuple[JournalEntry, ...]
    findings: tuple[str, ...] = ()
    posted: int = 0
    unverified: int = 0
    differing: int = 0
    pairs: int = 0
    asked: tuple[str, ...] = ()
    answered: frozenset[str] = frozenset()
    pending: frozenset[str] = frozenset()
    promises: tuple[Promise, ...] = ()
    expected: tuple[Due, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """One objective; `measured` None: it never happened."""

    name: str
    unit: str
    measured: float | None
    goal: float
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def reached(self) -> bool:
        if self.measured is None:
            return False
        return self.measured >= self.goal if self.unit == SHARE else self.measured <= self.goal

    @property
    def lack(self) -> float:
        """How far it was missed, 0 (reached) to 1 (never happened): the weakest objective has the most."""
        if self.reached:
            return 0.0
        if self.measured is None:
            return 1.0
        if self.unit == SHARE:
            return (self.goal - self.measured) / self.goal
        return min(0.99, (self.measured - self.goal) / max(1.0, self.goal, self.measured))


def results(played: Played, objectives: Sequence[str], goals: Mapping[str, float]) -> tuple[Result, ...]:
    """Each asked objective in its order, then what single injects expected; what had no occasion is left out."""
    found = []
    for name in objectives:
        unit, usual = GOALS[name]
        occasion, measured = _MEASURES[name](played)
        goal = _goal(name, played, goals.get(name, usual))
        if occasion and not (measured is None and _cut_short(name, played, goal)):
            found.append(Result(name, unit, measured, goal))
    expected = [_expected(played, one) for one in played.expected if _time_was_up(played, one)]
    return (*found, *expected)


def score_of(found: Sequence[Result]) -> int:
    """0 to 100: the part of the objectives that was reached."""
    return round(100 * sum(one.reached for one in found) / len(found)) if found else 0


def weakest(found: Sequence[Result]) -> str:
    """The objective to train next: the one missed by most; "" when all were reached."""
    missed = [one for one in found if not one.reached and one.name in GOALS]
    return max(missed, key=lambda one: one.lack).name if missed else ""


def _first(played: Played, words: Sequence[str], *, people: bool = False) -> datetime | None:
    entries = (one for one in played.journal if one.what in words and one.detail.get("kind") != "qa")
    return next((one.at for one in entries if not people or one.who not in _NOBODY), None)


def _since(start: datetime | None, at: datetime | None) -> float | None:
    return None if start is None or at is None else round((at - start) / timedelta(minutes=1), 1)


def _after_opening(words: Sequence[str]) -> Callable[[Played], tuple[bool, float | None]]:
    def measure(played: Played) -> tuple[bool, float | None]:
        opened = _first(played, ("incident_opened",))
        return True, _since(opened, _first(played, words, people=True))

    return measure


def _release(played: Played) -> tuple[bool, float | None]:
    return True, _since(played.began, _first(played, ("publication_recorded",)))


def _due_first(played: Played) -> datetime | None:
    return min((one.due_at for one in played.promises), default=None)


def _update(played: Played) -> tuple[bool, float | None]:
    """Minutes from the first statement to the next one; no occasion when nothing was promised before the end."""
    first, due = _first(played, ("publication_recorded",)), _due_first(played)
    later = [one.at for one in played.journal if first and one.what == "publication_recorded" and one.at > first]
    occasion = first is not None and (bool(later) or (due is not None and due <= played.ended))
    return occasion, _since(first, min(later, default=None))


def _goal(name: str, played: Played, usual: float) -> float:
    first, due = _first(played, ("publication_recorded",)), _due_first(played)
    promised = _since(first, due) if name == "update" else None
    return promised if promised is not None and promised > 0 else usual


def _cut_short(name: str, played: Played, goal: float) -> bool:
    """The drill was ended before the goal's own moment, so that not having done it yet says nothing."""
    start = _first(played, ("incident_opened",)) if name in ("ack", "triage", "draft") else played.began
    minutes = GOALS["release"][1] if GOALS[name][0] != MINUTES else goal
    return played.ended < (start or played.began) + timedelta(minutes=minutes)


def _time_was_up(played: Played, due: Due) -> bool:
    return _expected(played, due).measured is not None or played.ended >= due.at + timedelta(minutes=due.within)


def _wording(played: Played) -> tuple[bool, float | None]:
    return True, float(sum(one in ("X", "E") for one in played.findings)) if played.posted else None


def _facts(played: Played) -> tuple[bool, float | None]:
    """No occasion while no person wrote a text."""
    wrote = _first(played, ("draft_saved", "publication_recorded"), people=True)
    return wrote is not None or played.unverified > 0, float(played.unverified)


def _consistency(played: Played) -> tuple[bool, float | None]:
    return played.pairs > 0, float(played.differing)


def _questions(played: Played) -> tuple[bool, float | None]:
    asked = set(played.asked)
    told = len(asked & played.answered) + 0.5 * len((asked & played.pending) - played.answered)
    return bool(asked), round(told / len(asked), 2) if asked else None


def _promises(played: Played) -> tuple[bool, float | None]:
    due = [one for one in played.promises if one.due_at <= played.ended or one.kept_at or one.broken_at]
    return bool(due), round(sum(one.kept_at is not None for one in due) / len(due), 2) if due else None


def _log(played: Played) -> tuple[bool, float | None]:
    """The part of the usual decisions that stands in the journal with a name, and the closing one with its reason."""
    by_people = {one.what for one in played.journal if one.who not in _NOBODY}
    closed = any(one.what in _CLOSING and one.why.strip() and one.who not in _NOBODY for one in played.journal)
    whole = not _cut_short("log", played, 0)
    return whole, round((sum(one in by_people for one in _LOGGED) + closed) / (len(_LOGGED) + 1), 2)


_MEASURES: dict[str, Callable[[Played], tuple[bool, float | None]]] = {
    "ack": _after_opening(("acknowledged",)),
    "triage": _after_opening(TRIAGE),
    "draft": _after_opening(("draft_saved",)),
    "release": _release,
    "update": _update,
    "wording": _wording,
    "facts": _facts,
    "consistency": _consistency,
    "questions": _questions,
    "promises": _promises,
    "log": _log,
}


def _expected(played: Played, due: Due) -> Result:
    """Minutes from the inject to the first such deed; a deed already done by then is in time (0)."""
    moments = [
        one.at
        for one in played.journal
        if one.what in DONE[due.action] and one.who not in _NOBODY and (not due.people or one.who in due.people)
    ]
    # Taking it and the first decision count once for the whole incident; the rest must answer this very inject.
    before = due.action in ("ack", "triage", "approve", "release") and any(at <= due.at for at in moments)
    after = min((at for at in moments if at >= due.at), default=None)
    measured = 0.0 if before else _since(due.at, after)
    about = {"inject": due.inject, "said": due.said, "action": due.action, "role": due.role}
    return Result(f"{due.inject}:{due.action}", MINUTES, measured, float(due.within), about)
