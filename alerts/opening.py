"""A spike opens an incident, joins one, raises it or brings it back; everything it causes is one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts import escalation
from alerts.first_hour import Hour
from alerts.joining import Known, find
from config.clock import Ids
from config.settings import Team
from store import agenda, incidents, journal
from store.agenda import Job
from store.database import Tx
from store.incidents import subject
from store.nouns import ClockState, Incident, IncidentStatus, Level, LevelChange, Paging, Spike

SYSTEM = "system"
# Writing texts takes a tenth of a second of one core; the pages are to be out of the house before it begins.
CALLS_FIRST = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Opener:
    """What opening needs to know of the team's rules."""

    team: Team
    ids: Ids

    def take(self, tx: Tx, spike: Spike, now: datetime) -> Incident | None:
        """Open or join; None when the spike is too small to be an incident."""
        if spike.level.rank < Level.YELLOW.rank:
            return None
        found = find(spike, self._known(tx, spike, now))
        if found is None:
            return self._open(tx, spike, now)
        return self._join(tx, found, spike, now)

    def _known(self, tx: Tx, spike: Spike, now: datetime) -> Sequence[Known]:
        known = []
        for incident in incidents.recent_of_brand(tx, spike.brand, now - self.team.first_hour.reopen):
            if incident.status in (IncidentStatus.FALSE_ALARM, IncidentStatus.MERGED):
                continue
            have = incidents.mention_ids(tx, incident.id)
            shared = len(have & set(spike.mention_ids)) / max(1, len(spike.mention_ids))
            same = incidents.share_of_category(tx, spike.brand, spike.mention_ids, incident.category)
            known.append(Known(incident, shared, same))
        return known

    def _open(self, tx: Tx, spike: Spike, now: datetime) -> Incident | None:
        hour = self._hour(spike.t0, now)
        incident = Incident(
            id=self.ids(),
            number=incidents.next_number(tx),
            brand=spike.brand,
            category=spike.category,
            key=f"{spike.brand}:{spike.category or 'general'}",
            title=spike.title,
            level=spike.level,
            status=IncidentStatus.OPEN,
            paging=Paging.QUIET,
            clock=ClockState.NONE,
            t0=spike.t0,
            detected_at=now,
            due_at=hour.due_at,
            born_breached=False,
            why=spike.why,
            policy=escalation.write(escalation.policy_of(self.team.escalation)),
        )
        if not incidents.add(tx, incident):
            # Another process opened this very topic between our look and our insert: the next try joins it.
            agenda.promise(tx, Job.OPEN, spike.id, now + timedelta(seconds=1))
            return None
        self._note_level(tx, incident, spike, now)
        detail = {"t0": incident.t0.isoformat(), "level": incident.level.value, "category": incident.category}
        journal.write(tx, now, SYSTEM, "incident_opened", subject(incident.id), spike.why, detail)
        incidents.add_mentions(tx, incident.id, spike.mention_ids)
        agenda.promise(tx, Job.DRAFT, incident.id, now + CALLS_FIRST)
        return self._start(tx, incident, now)

    def _join(self, tx: Tx, incident: Incident, spike: Spike, now: datetime) -> Incident:
        incidents.add_mentions(tx, incident.id, spike.mention_ids)
        if incident.status == IncidentStatus.RESOLVED:
            incident = incidents.change(
                tx, incident, status=IncidentStatus.OPEN, resolved_at=None, paging=Paging.QUIET, owner="", acked_at=None
            )
            journal.write(tx, now, SYSTEM, "incident_reopened", subject(incident.id), spike.why)
            # A missed hour nobody answered is still missed: its reminders go on.
            agenda.promise(tx, Job.CLOCK, incident.id, now)
            incident = self._start(tx, incident, now)
        if spike.t0 < incident.t0:
            incident = self._earlier(tx, incident, spike, now)
        if spike.level.rank > incident.level.rank:
            incident = self._raise(tx, incident, spike, now)
        return incident

    def _earlier(self, tx: Tx, incident: Incident, spike: Spike, now: datetime) -> Incident:
        """An older post of the same story came to light: T0 moves back, never forward."""
        detail = {"from": incident.t0.isoformat(), "to": spike.t0.isoformat()}
        journal.write(tx, now, SYSTEM, "t0_earlier", subject(incident.id), "an earlier post of this story", detail)
        agenda.promise(tx, Job.CLOCK, incident.id, now)
        due_at = spike.t0 + self.team.first_hour.promise
        born = incident.clock != ClockState.NONE and incident.detected_at >= due_at
        return incidents.change(tx, incident, t0=spike.t0, due_at=due_at, born_breached=born)

    def _raise(self, tx: Tx, incident: Incident, spike: Spike, now: datetime) -> Incident:
        was = incident.level
        incident = incidents.change(tx, incident, level=spike.level, why=spike.why)
        self._note_level(tx, incident, spike, now)
        detail = {"from": was.value, "to": spike.level.value}
        journal.write(tx, now, SYSTEM, "level_raised", subject(incident.id), "; ".join(spike.level_why), detail)
        agenda.promise(tx, Job.DRAFT, incident.id, now + CALLS_FIRST)
        return self._start(tx, incident, now)

    def _start(self, tx: Tx, incident: Incident, now: datetime) -> Incident:
        """Begin a round of paging and, from orange up, the clock. A rise escalates once, even when somebody has it."""
        wait = self.team.escalation.yellow_wait if incident.level.rank < Level.ORANGE.rank else timedelta()
        incident = incidents.change(
            tx, incident, paging=Paging.PAGING, paging_since=now + wait, step=0, round=incident.round + 1
        )
        agenda.promise(tx, Job.ESCALATE, incident.id, now + wait)
        if incident.level.rank >= Level.ORANGE.rank and incident.clock == ClockState.NONE:
            hour = self._hour(incident.t0, incident.detected_at)
            incident = incidents.change(
                tx, incident, clock=ClockState.RUNNING, due_at=hour.due_at, born_breached=hour.born_breached
            )
            why = "born breached: found after the hour" if hour.born_breached else ""
            detail = {"due_at": hour.due_at.isoformat()}
            journal.write(tx, now, SYSTEM, "clock_started", subject(incident.id), why, detail)
            agenda.promise(tx, Job.CLOCK, incident.id, now)
        return incident

    def _hour(self, t0: datetime, detected_at: datetime) -> Hour:
        rules = self.team.first_hour
        return Hour(t0, detected_at, rules.promise, rules.reminders, rules.after_breach)

    def _note_level(self, tx: Tx, incident: Incident, spike: Spike, now: datetime) -> None:
        why = "; ".join(spike.level_why) or spike.why
        incidents.note_level(tx, LevelChange(incident.id, now, spike.level, why, SYSTEM))
