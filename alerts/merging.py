"""Two incidents that are one crisis, and one that is two: nothing is lost, the earliest moment governs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from alerts import acks as taking
from alerts.acks import open_one
from alerts.rounds import Rounds
from alerts.states import require_move
from config.clock import Ids
from config.errors import MoveError
from store import acks, agenda, incidents, journal, mentions, pages
from store.agenda import Job
from store.database import Tx
from store.incidents import subject
from store.nouns import ClockState, Incident, IncidentStatus, LevelChange, Paging

_TICKING = (ClockState.RUNNING, ClockState.BREACHED)


@dataclass(frozen=True, slots=True)
class Apart:
    """What becomes an incident of its own: mention ids, its category and title, and why."""

    mentions: Sequence[str]
    category: str
    title: str
    why: str


def merge(tx: Tx, rounds: Rounds, gone_id: str, into_id: str, person: str, why: str, now: datetime) -> Incident:
    """`gone` becomes part of `into`, which keeps the earliest T0, the graver level and all evidence. Returns `into`.

    Only within one brand. Whoever had one of the two has the whole; a rise by merging escalates once.
    """
    if gone_id == into_id:
        raise MoveError("An incident cannot be merged into itself.")
    # Held in one order, so that two people merging both ways never wait for each other.
    held = {one: open_one(tx, one) for one in sorted((gone_id, into_id))}
    gone, into = held[gone_id], held[into_id]
    if gone.brand != into.brand:
        raise MoveError(f"#{gone.number} and #{into.number} are of different brands; only one brand's incidents merge.")
    require_move(gone, IncidentStatus.MERGED)
    _close(tx, gone, into, now)
    after = _joined_clocks(tx, gone, into, now)
    incidents.add_mentions(tx, into.id, sorted(incidents.mention_ids(tx, gone.id)))
    detail = {"number": gone.number, "t0": after.t0.isoformat()}
    journal.write(tx, now, person, "merged_in", subject(into.id), why, detail)
    journal.write(tx, now, person, "merged_away", subject(gone.id), why, {"number": into.number})
    agenda.promise(tx, Job.DRAFT, into.id, now)
    if gone.level.rank > into.level.rank:
        incidents.note_level(tx, LevelChange(into.id, now, gone.level, why, person))
        return rounds.start(tx, incidents.change(tx, after, level=gone.level), now)
    after = _joined_people(tx, gone, after, now)
    calling = (Paging.PAGING, Paging.ACK_EXPIRED)
    if gone.paging in calling and after.paging not in (*calling, Paging.ACKED):
        # Somebody was being called for a part: the whole must not be quieter than that.
        return rounds.start(tx, incidents.change(tx, after, status=IncidentStatus.OPEN), now)
    return after


def split(tx: Tx, rounds: Rounds, ids: Ids, incident_id: str, apart: Apart, person: str, now: datetime) -> Incident:
    """Some mentions are a story of their own: a new incident with its own T0, taken by the person who split it."""
    old = open_one(tx, incident_id)
    have = incidents.mention_ids(tx, incident_id)
    moved = [one for one in dict.fromkeys(apart.mentions) if one in have]
    if not moved or len(moved) == len(have):
        raise MoveError(f"Choose some, not all, of the {len(have)} mentions of incident #{old.number}.")
    if not apart.title.strip() or not apart.why.strip():
        raise MoveError("A split needs a title and a reason.")
    first = mentions.earliest(tx, moved)
    new_id = ids()
    new = replace(
        old,
        id=new_id,
        category=apart.category,
        # A topic of its own, even when the category is the same.
        key=f"{old.brand}:{apart.category or 'general'}:{new_id[-8:]}",
        title=apart.title.strip(),
        status=IncidentStatus.OPEN,
        paging=Paging.QUIET,
        clock=ClockState.NONE,
        t0=min(first or old.t0, old.detected_at),
        breached_at=None,
        met_at=None,
        owner="",
        acked_at=None,
        paging_since=None,
        reminded_at=None,
        active_at=None,
        hushed="",
        lower_to=None,
        lower_by="",
        lower_at=None,
        round=0,
        step=0,
        policy={name: value for name, value in old.policy.items() if name not in ("hour", "lowered")},
    )
    # Its key is its own, so nobody else can have it open.
    new = incidents.add_next(tx, new) or new
    incidents.move_mentions(tx, old.id, new.id, moved)
    incidents.note_level(tx, LevelChange(new.id, now, new.level, apart.why, person))
    journal.write(
        tx, now, person, "split_from", subject(new.id), apart.why, {"number": old.number, "mentions": len(moved)}
    )
    journal.write(
        tx, now, person, "split_off", subject(old.id), apart.why, {"number": new.number, "mentions": len(moved)}
    )
    agenda.promise(tx, Job.DRAFT, new.id, now)
    _later(tx, old, first, now)
    rounds.start(tx, new, now)
    return taking.acknowledge(tx, new.id, person, "screen", now)


def _close(tx: Tx, gone: Incident, into: Incident, now: datetime) -> None:
    pages.drop_waiting(tx, gone.id, ("call", "remind", "breach", "exhausted"))
    agenda.promise(tx, Job.SETTLE, f"{gone.id}:resolved", now)
    incidents.change(
        tx,
        gone,
        status=IncidentStatus.MERGED,
        merged_into=into.id,
        resolved_at=now,
        paging=Paging.QUIET,
        paging_since=None,
        clock=ClockState.CANCELLED if gone.clock == ClockState.RUNNING else gone.clock,
    )


def _joined_clocks(tx: Tx, gone: Incident, into: Incident, now: datetime) -> Incident:
    """The earliest event governs both; the shorter promise holds; an answer to either answered the whole."""
    t0, detected = min(gone.t0, into.t0), min(gone.detected_at, into.detected_at)
    promise = min((one.due_at - one.t0 for one in (gone, into) if one.clock != ClockState.NONE), default=None)
    due_at = t0 + (promise or into.due_at - into.t0)
    answers = [one.met_at for one in (gone, into) if one.met_at]
    clock, met_at = into.clock, min(answers, default=None)
    if met_at:
        clock = ClockState.MET if met_at <= due_at else ClockState.MET_LATE
    elif ClockState.BREACHED in (gone.clock, into.clock):
        clock = ClockState.BREACHED
    elif ClockState.RUNNING in (gone.clock, into.clock):
        clock = ClockState.RUNNING
    breaches = [one.breached_at for one in (gone, into) if one.breached_at]
    if clock in _TICKING:
        agenda.promise(tx, Job.CLOCK, into.id, now)
    return incidents.change(
        tx,
        into,
        t0=t0,
        detected_at=detected,
        due_at=due_at,
        clock=clock,
        met_at=met_at,
        breached_at=min(breaches, default=None),
        born_breached=clock != ClockState.NONE and detected >= due_at,
    )


def _joined_people(tx: Tx, gone: Incident, into: Incident, now: datetime) -> Incident:
    for one in acks.standing(tx, gone.id):
        into = taking.acknowledge(tx, into.id, one.person, one.via, now)
    acks.undo(tx, gone.id, now)
    return into


def _later(tx: Tx, old: Incident, moved_first: datetime | None, now: datetime) -> None:
    """When the first post went with the others, the rest began later; a T0 a person set stays."""
    rest = mentions.earliest(tx, sorted(incidents.mention_ids(tx, old.id)))
    if moved_first != old.t0 or rest is None or rest <= old.t0:
        return
    t0 = min(rest, old.detected_at)
    due_at = t0 + (old.due_at - old.t0)
    incidents.change(tx, old, t0=t0, due_at=due_at, born_breached=old.born_breached and old.detected_at >= due_at)
    detail = {"from": old.t0.isoformat(), "to": t0.isoformat()}
    journal.write(
        tx, now, "system", "t0_corrected", subject(old.id), "the first post belongs to the split incident", detail
    )
    agenda.promise(tx, Job.CLOCK, old.id, now)
