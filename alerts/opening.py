"""A spike or a person opens an incident; a spike joins one, raises it, brings it back. All of it in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts import escalation, first_hour
from alerts.joining import Known, find
from alerts.rounds import SYSTEM, Rounds
from config.clock import Ids
from config.errors import MoveError
from config.settings import Team
from store import agenda, incidents, journal
from store.agenda import Job
from store.database import Tx
from store.incidents import subject
from store.nouns import ClockState, Incident, IncidentStatus, Level, LevelChange, Paging, Spike

# Writing texts takes a tenth of a second of one core; the pages are to be out of the house before it begins.
CALLS_FIRST = timedelta(seconds=2)
# After people lowered a level, only this many times the evidence they knew raises it again by itself.
CLEARLY_MORE = 1.5


@dataclass(frozen=True, slots=True)
class Tip:
    """What a person knows before any post says it: an internal tip, a call from a shop. `t0` is when it happened.

    `thresholds`: by which a spike was decided; "" of a person.
    """

    brand: str
    category: str
    level: Level
    title: str
    t0: datetime
    why: str
    thresholds: str = ""


@dataclass(frozen=True, slots=True)
class Opener:
    """What opening needs to know of the team's rules."""

    team: Team
    ids: Ids

    @property
    def rounds(self) -> Rounds:
        return Rounds(self.team)

    def take(self, tx: Tx, spike: Spike, now: datetime) -> Incident | None:
        """Open or join; None when the spike is too small to be an incident."""
        if spike.level.rank < Level.YELLOW.rank:
            return None
        found = find(spike, self._known(tx, spike, now))
        if found is None:
            return self._open(tx, spike, now)
        return self._join(tx, found, spike, now)

    def open_by_hand(self, tx: Tx, tip: Tip, person: str, now: datetime) -> Incident:
        """A person declares a crisis nobody has posted about yet; MoveError when this topic is open already."""
        if not tip.title.strip() or not tip.why.strip():
            raise MoveError("Opening an incident needs a title and a reason.")
        if tip.t0 > now:
            raise MoveError("The event cannot begin in the future.")
        if tip.level.rank < Level.YELLOW.rank:
            raise MoveError("Choose yellow, orange or red; blue opens no incident.")
        made = incidents.add_next(tx, self._made(tip, now))
        if made is None:
            open_ = incidents.open_with_key(tx, self._made(tip, now).key)
            raise MoveError(f"This topic is open already: incident #{open_.number if open_ else '?'}.")
        return self._opened(tx, made, person, tip.why, tip.why, now)

    def _known(self, tx: Tx, spike: Spike, now: datetime) -> Sequence[Known]:
        known = []
        for incident in incidents.recent_of_brand(tx, spike.brand, now - self.team.first_hour.reopen):
            if incident.status in (IncidentStatus.FALSE_ALARM, IncidentStatus.MERGED, IncidentStatus.REVIEWED):
                continue
            have = incidents.mention_ids(tx, incident.id)
            shared = len(have & set(spike.mention_ids)) / max(1, len(spike.mention_ids))
            topics = {incident.category} | {one.category for one in incidents.merged_from(tx, incident.id)}
            same = max(incidents.share_of_category(tx, spike.brand, spike.mention_ids, one) for one in topics)
            known.append(Known(incident, frozenset(topics), shared, same))
        return known

    def _open(self, tx: Tx, spike: Spike, now: datetime) -> Incident | None:
        tip = Tip(spike.brand, spike.category, spike.level, spike.title, spike.t0, spike.why, spike.thresholds)
        made = incidents.add_next(tx, self._made(tip, now))
        if made is None:
            # Another process opened this very topic between our look and our insert: the next try joins it.
            agenda.promise(tx, Job.OPEN, spike.id, now + timedelta(seconds=1))
            return None
        incidents.add_mentions(tx, made.id, spike.mention_ids)
        return self._opened(tx, made, SYSTEM, spike.why, _level_why(spike), now)

    def _made(self, tip: Tip, now: datetime) -> Incident:
        return Incident(
            id=self.ids(),
            number=0,
            brand=tip.brand,
            category=tip.category,
            key=f"{tip.brand}:{tip.category or 'general'}",
            title=tip.title.strip(),
            level=tip.level,
            status=IncidentStatus.OPEN,
            paging=Paging.QUIET,
            clock=ClockState.NONE,
            t0=tip.t0,
            detected_at=now,
            due_at=tip.t0 + self.team.first_hour.promise,
            born_breached=False,
            why=tip.why,
            policy=escalation.write(escalation.policy_of(self.team.escalation)) | _decided_by(tip.thresholds),
        )

    def _opened(self, tx: Tx, made: Incident, who: str, why: str, level_why: str, now: datetime) -> Incident:
        incidents.note_level(tx, LevelChange(made.id, now, made.level, level_why, who))
        detail = {"t0": made.t0.isoformat(), "level": made.level.value, "category": made.category}
        detail |= _decided_by(made.policy.get("thresholds", ""))
        journal.write(tx, now, who, "incident_opened", subject(made.id), why, detail)
        agenda.promise(tx, Job.DRAFT, made.id, now + CALLS_FIRST)
        return self.rounds.start(tx, made, now)

    def _join(self, tx: Tx, incident: Incident, spike: Spike, now: datetime) -> Incident:
        held = incidents.get(tx, incident.id, lock=True)
        if held is None or held.status != incident.status:
            # A person ended or merged it between our look and our lock: the next try sees that.
            agenda.promise(tx, Job.OPEN, spike.id, now + timedelta(seconds=1))
            return incident
        # Another incident of its topic may have been opened since it was over: that one is joined.
        incident = (incidents.open_with_key(tx, held.key) if held.status == IncidentStatus.RESOLVED else None) or held
        incidents.add_mentions(tx, incident.id, spike.mention_ids)
        if incident.status == IncidentStatus.RESOLVED:
            incident = self.rounds.reopen(tx, incident, SYSTEM, spike.why, now)
        if spike.t0 < incident.t0:
            incident = self._earlier(tx, incident, spike, now)
        if self._rises(tx, incident, spike):
            incident = self._raise(tx, incident, spike, now)
        return incident

    def _earlier(self, tx: Tx, incident: Incident, spike: Spike, now: datetime) -> Incident:
        """An older post of the same story came to light: T0 moves back, never forward."""
        detail = {"from": incident.t0.isoformat(), "to": spike.t0.isoformat()}
        journal.write(tx, now, SYSTEM, "t0_earlier", subject(incident.id), "an earlier post of this story", detail)
        agenda.promise(tx, Job.CLOCK, incident.id, now)
        due_at = spike.t0 + (incident.due_at - incident.t0)
        return incidents.change(tx, incident, **first_hour.moved(incident, spike.t0, due_at, now))

    def _raise(self, tx: Tx, incident: Incident, spike: Spike, now: datetime) -> Incident:
        was = incident.level
        policy = incident.policy | _decided_by(spike.thresholds)
        incident = incidents.change(
            tx, incident, level=spike.level, why=spike.why, status=IncidentStatus.OPEN, policy=policy
        )
        incidents.note_level(tx, LevelChange(incident.id, now, spike.level, _level_why(spike), SYSTEM))
        detail = {"from": was.value, "to": spike.level.value} | _decided_by(spike.thresholds)
        journal.write(tx, now, SYSTEM, "level_raised", subject(incident.id), "; ".join(spike.level_why), detail)
        agenda.promise(tx, Job.DRAFT, incident.id, now + CALLS_FIRST)
        return self.rounds.start(tx, incident, now)

    def _rises(self, tx: Tx, incident: Incident, spike: Spike) -> bool:
        """A graver spike raises; where people lowered the level, only clearly more evidence or a graver kind does."""
        if spike.level.rank <= incident.level.rank:
            return False
        lowered = incident.policy.get("lowered")
        if lowered is None or spike.level.rank > Level(lowered["from"]).rank:
            return True
        known = max(1, int(lowered["mentions"]))
        return len(incidents.mention_ids(tx, incident.id)) >= known * CLEARLY_MORE


def _level_why(spike: Spike) -> str:
    return "; ".join(spike.level_why) or spike.why


def _decided_by(thresholds: str) -> dict[str, str]:
    """What the incident and its journal keep of the thresholds that decided; nothing when a person did."""
    return {"thresholds": thresholds} if thresholds else {}
