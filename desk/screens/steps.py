"""What comes next in an incident, and how its hour is spent: the next step and the budget line (pure but one read)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from statements.approving.approval import SPEAKING, sayable
from store import facts, texts
from store.database import Tx
from store.incidents import OPEN
from store.nouns import Approval, ClockState, Draft, DraftState, Fact, Incident, Paging, Publication

MINUTE = timedelta(minutes=1)
# Where each step should end, in parts of the promise (5, 25, 48 and 60 of 60 minutes).
_DETECT, _FACTS, _APPROVE = 5 / 60, 25 / 60, 48 / 60
_TAKE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an incident has come: newest facts, newest statement, who said yes, what was posted."""

    incident: Incident
    facts: tuple[Fact, ...]
    first_fact_at: datetime | None
    holding: Draft | None
    approvals: tuple[Approval, ...]
    publications: tuple[Publication, ...]


@dataclass(frozen=True, slots=True)
class Next:
    """The one prominent step: a key of the word table and where its button leads."""

    key: str
    url: str


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the hour. `state`: done, now, ahead; `slack` is goal minus (done or now), negative when late."""

    name: str
    goal_at: datetime
    done_at: datetime | None
    state: str
    slack: timedelta

    @property
    def late(self) -> bool:
        return self.slack < timedelta()

    @property
    def minutes(self) -> int:
        """Whole minutes of slack, without its sign."""
        return abs(self.slack) // MINUTE


def read_progress(tx: Tx, incident: Incident, lang: str) -> Progress:
    """Everything the next step depends on; `lang` is the language the company speaks first."""
    holding = texts.latest(tx, incident.id, "holding", lang)
    versions = [one.id for one in texts.versions(tx, incident.id, "holding")]
    said = [one.at for one in facts.history(tx, incident.id) if sayable(one) and one.slot != "unknown"]
    return Progress(
        incident=incident,
        facts=tuple(facts.current(tx, incident.id)),
        first_fact_at=min(said, default=None),
        holding=holding,
        approvals=tuple(texts.approvals_of(tx, versions)),
        publications=tuple(texts.publications_of(tx, incident.id)),
    )


def next_step(progress: Progress, lang: str) -> Next:
    """What the team should do now, whoever looks."""
    incident = progress.incident
    home = f"/incidents/{incident.number}"
    if incident.status not in OPEN:
        return Next("next_review", f"{home}/review")
    if not incident.owner or incident.paging in (Paging.PAGING, Paging.ACK_EXPIRED, Paging.EXHAUSTED):
        return Next("next_take", home)
    if progress.publications or incident.clock in (ClockState.MET, ClockState.MET_LATE):
        return Next("next_follow", f"{home}#promises")
    if not any(sayable(fact) and fact.slot != "unknown" for fact in progress.facts):
        return Next("next_facts", f"{home}/facts")
    return Next(_text_step(progress.holding), f"{home}/texts/holding/{lang}")


def _text_step(holding: Draft | None) -> str:
    if holding is None:
        return "next_wait_draft"
    if holding.state in (DraftState.APPROVED, DraftState.RELEASED):
        return "next_publish"
    if holding.state is DraftState.STALE:
        return "next_stale"
    if holding.missing:
        return "next_fill"
    if holding.state in (DraftState.CHANGES_REQUESTED, DraftState.REJECTED):
        return "next_rewrite"
    return "next_approve"


def budget(progress: Progress, now: datetime) -> tuple[Step, ...]:
    """The hour as steps with slack. An incident found after its hour is measured from detection."""
    incident = progress.incident
    promise = incident.due_at - incident.t0
    base = incident.detected_at if incident.born_breached else incident.t0
    standing = [one.at for one in progress.approvals if one.voided_at is None and one.role in SPEAKING]
    posted = [one.published_at for one in progress.publications]
    plan = (
        ("detect", incident.t0 + promise * _DETECT, incident.detected_at),
        ("take", incident.detected_at + _TAKE, incident.acked_at),
        ("facts", base + promise * _FACTS, progress.first_fact_at),
        ("approve", base + promise * _APPROVE, min(standing, default=None)),
        ("publish", base + promise, incident.met_at or min(posted, default=None)),
    )
    steps, current = [], True
    for name, goal_at, done_at in plan:
        state = "done" if done_at else ("now" if current else "ahead")
        current = current and done_at is not None
        steps.append(Step(name, goal_at, done_at, state, goal_at - (done_at or now)))
    return tuple(steps)
