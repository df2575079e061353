"""Begins a round of paging and, from orange up, the clock; or holds the calls back and says what holds them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts import first_hour
from alerts.first_hour import Rules
from alerts.roster import profile_for
from alerts.spells import hushing
from config.settings import Team
from store import agenda, incidents, journal, spells
from store.agenda import Job
from store.database import Tx
from store.incidents import subject
from store.nouns import ClockState, Incident, IncidentStatus, Level, Paging, Window

SYSTEM = "system"
# What holds calls back may end early; so long a held incident is not looked at.
LOOK_AGAIN = timedelta(minutes=5)
# Set by a person's hand after the service was away: only a person lets these calls go.
RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Rounds:
    """What beginning a round needs to know of the team's rules."""

    team: Team

    def start(self, tx: Tx, incident: Incident, now: datetime) -> Incident:
        """Call from the first step; a rise escalates once, even when somebody has it. The clock starts regardless."""
        incident = self.start_clock(tx, incident, now)
        # The law's clocks run beside ours, whether or not anybody is called.
        agenda.promise(tx, Job.LEGAL, incident.id, now)
        held_by = self.held_by(tx, incident, now)
        if held_by:
            incident = incidents.change(tx, incident, paging=Paging.SILENCED, hushed=held_by, paging_since=None)
            journal.write(tx, now, SYSTEM, "calls_held", subject(incident.id), held_by)
            agenda.promise(tx, Job.ESCALATE, incident.id, now + LOOK_AGAIN)
            return incident
        return self.call(tx, incident, now)

    def reopen(self, tx: Tx, incident: Incident, who: str, why: str, now: datetime) -> Incident:
        """It was not over after all: open again, in nobody's hands, and calling."""
        after = incidents.change(
            tx, incident, status=IncidentStatus.OPEN, resolved_at=None, paging=Paging.QUIET, owner="", acked_at=None
        )
        journal.write(tx, now, who, "incident_reopened", subject(incident.id), why)
        # A missed hour nobody answered is still missed: its reminders go on.
        agenda.promise(tx, Job.CLOCK, incident.id, now)
        return self.start(tx, after, now)

    def call(self, tx: Tx, incident: Incident, now: datetime) -> Incident:
        """A new round from the first step; below orange after a minute in which others may join."""
        urgent = incident.level.rank >= Level.ORANGE.rank
        begins = now if urgent else now + self.team.escalation.yellow_wait
        incident = incidents.change(
            tx, incident, paging=Paging.PAGING, paging_since=begins, step=0, round=incident.round + 1, hushed=""
        )
        agenda.promise(tx, Job.ESCALATE, incident.id, begins, urgent=urgent)
        return incident

    def held_by(self, tx: Tx, incident: Incident, now: datetime) -> str:
        """The silence or the graver incident of the same brand that holds this one's calls back; "" when none does."""
        silences = spells.at(tx, Window.SILENCE, now)
        others = [one for one in incidents.listed(tx, open_only=True, brand=incident.brand) if one.id != incident.id]
        return hushing(incident.brand, incident.category, incident.level, silences, others, now)

    def start_clock(self, tx: Tx, incident: Incident, now: datetime) -> Incident:
        """From orange up the promise runs; a rise to a level with a shorter promise shortens a running one."""
        if incident.level.rank < Level.ORANGE.rank:
            return incident
        rules = self.rules(incident)
        if incident.clock in (ClockState.NONE, ClockState.CANCELLED):
            return self._clock_on(tx, incident, rules, now)
        if incident.clock == ClockState.RUNNING and rules.promise < incident.due_at - incident.t0:
            detail = {"from": incident.due_at.isoformat(), "to": (incident.t0 + rules.promise).isoformat()}
            journal.write(tx, now, SYSTEM, "clock_shortened", subject(incident.id), "", detail)
            agenda.promise(tx, Job.CLOCK, incident.id, now, urgent=True)
            return self._with_rules(tx, incident, rules)
        return incident

    def rules(self, incident: Incident) -> Rules:
        """The promise for an incident of this category and level."""
        return profile_for(self.team.first_hour, incident.category, incident.level)

    def _clock_on(self, tx: Tx, incident: Incident, rules: Rules, now: datetime) -> Incident:
        incident = replace(self._with_rules(tx, incident, rules), clock=ClockState.RUNNING)
        incidents.change(tx, incident, clock=ClockState.RUNNING)
        why = "born breached: found after the hour" if incident.born_breached else ""
        detail = {"due_at": incident.due_at.isoformat()}
        journal.write(tx, now, SYSTEM, "clock_started", subject(incident.id), why, detail)
        agenda.promise(tx, Job.CLOCK, incident.id, now, urgent=True)
        return incident

    def _with_rules(self, tx: Tx, incident: Incident, rules: Rules) -> Incident:
        due_at = incident.t0 + rules.promise
        policy = incident.policy | {"hour": first_hour.write(rules)}
        born = incident.detected_at >= due_at
        return incidents.change(tx, incident, due_at=due_at, born_breached=born, policy=policy)
