"""What the alerts wing does by itself: open, escalate, keep the clock, call at promises."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts import acks, escalation, first_hour, promising
from alerts.calling import Caller, Why
from alerts.opening import Opener
from alerts.roster import called_for
from alerts.rounds import LOOK_AGAIN, RESTORED, SYSTEM
from config.clock import Clock
from config.taxonomy import Taxonomy
from store import endpoints, facts, incidents, journal, pages, texts, volumes
from store.database import Store, Tx
from store.incidents import OPEN, subject
from store.nouns import ClockState, Incident, IncidentStatus, Page, PageStatus, Paging, Promise

PROMISE_NOTICE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Alerts:
    """The wing's jobs with what they touch: the store, the clock, who opens and who is called."""

    store: Store
    clock: Clock
    opener: Opener
    caller: Caller
    taxonomy: Taxonomy | None = None

    def open(self, spike_id: str) -> None:
        """A spike opens, joins, raises or reopens an incident."""
        now = self.clock()
        with self.store.transaction() as tx:
            spike = volumes.spike(tx, spike_id)
            if spike:
                self.opener.take(tx, spike, now)

    def escalate(self, incident_id: str) -> datetime | None:
        """Call every step that is due; go on at once when a step reaches nobody; be loud when all walks are over."""
        now = self.clock()
        with self.store.transaction() as tx:
            incident = incidents.get(tx, incident_id, lock=True)
            if incident is None or incident.status not in OPEN:
                return None
            if incident.paging == Paging.SILENCED:
                return self._held(tx, incident, now)
            if incident.paging == Paging.ACKED and incident.status == IncidentStatus.CONTAINED:
                return None
            if incident.paging == Paging.ACKED:
                fresh_until = self._fresh_until(incident)
                if now < fresh_until:
                    return fresh_until
                if incident.clock not in (ClockState.RUNNING, ClockState.BREACHED):
                    return None
                incident = acks.expire(tx, incident, now)
            if incident.paging not in (Paging.PAGING, Paging.ACK_EXPIRED) or incident.paging_since is None:
                return None
            return self._walk(tx, incident, now)

    def clock_ticks(self, incident_id: str) -> datetime | None:
        """Remind (late reminders collapse into one) and record a breach at its due time."""
        now = self.clock()
        with self.store.transaction() as tx:
            incident = incidents.get(tx, incident_id, lock=True)
            if incident is None or incident.status not in OPEN:
                return None
            if incident.clock not in (ClockState.RUNNING, ClockState.BREACHED):
                return None
            hour = first_hour.hour_of(incident, first_hour.rules_of(self.caller.team.first_hour))
            due = first_hour.due(hour, incident.reminded_at, now)
            if due.breached and incident.clock == ClockState.RUNNING:
                incident = self._breach(tx, incident, now)
            if due.remind:
                self._remind(tx, incident, due.remind, now)
            return due.next_at

    def promise_due(self, promise_id: str) -> datetime | None:
        """Call owner and spokesperson a quarter of an hour before a public deadline, again when it passes unkept."""
        now = self.clock()
        with self.store.transaction() as tx:
            promise = facts.promise(tx, promise_id)
            incident = incidents.get(tx, promise.incident) if promise else None
            if promise is None or incident is None or not promise.open:
                return None
            owners = self.caller.people([promise.owner], now, tx) or self.caller.people(["duty"], now, tx)
            people = dict.fromkeys([*owners, self.caller.team.spokesperson])
            if now < promise.due_at:
                self._tell(tx, incident, promise, ("promise", people), now)
                return promise.due_at
            facts.settle_promise(tx, promise.id, kept_at=None, broken_at=promise.due_at)
            detail = {"what": promise.what, "due_at": promise.due_at.isoformat()}
            journal.write(tx, now, SYSTEM, "promise_broken", subject(incident.id), promise.what, detail)
            people |= dict.fromkeys(self.caller.people(["lead"], now, tx))
            self._tell(tx, incident, promise, ("broken", people), now)
            return None

    def _tell(
        self, tx: Tx, incident: Incident, promise: Promise, call: tuple[str, Iterable[str]], now: datetime
    ) -> None:
        """Call everybody about a promise in their own language."""
        reason, people = call
        drafts = texts.versions(tx, incident.id)
        for one in people:
            person = self.caller.team.find(one)
            lang = person.language if person else "zh"
            extra = promising.said(promise, drafts, self.caller.zone, now, lang)
            self.caller.call(tx, incident, [one], Why(reason, promise.id, extra=extra), now)

    def _walk(self, tx: Tx, incident: Incident, now: datetime) -> datetime | None:
        policy = escalation.read(incident.policy)
        since, step = incident.paging_since, incident.step
        assert since is not None  # noqa: S101  checked by the caller
        due = escalation.due(policy, since, step, now)
        for ordinal in due.steps:
            self._call_step(tx, incident, policy, ordinal, now)
            step = ordinal + 1
        total = len(policy.steps) * policy.cycles
        while not due.exhausted and 0 < step < total and not self._anybody(tx, incident, step - 1):
            # Empty rota, no endpoint or every try refused: the next step is called now, not in five minutes.
            since -= escalation.moment(policy, since, step) - now
            self._call_step(tx, incident, policy, step, now)
            step += 1
        if due.exhausted:
            self._exhausted(tx, incident, now)
            return None
        incidents.change(tx, incident, step=step, paging_since=since)
        return escalation.moment(policy, since, step)

    def _call_step(self, tx: Tx, incident: Incident, policy: escalation.Policy, step: int, now: datetime) -> None:
        duties = escalation.duties(policy, step)
        if step % len(policy.steps) == 0:
            # Food safety needs quality, a leak needs security: who answers for the category is called with the first.
            category = self.taxonomy.category(incident.category) if self.taxonomy else None
            duties = (*duties, *called_for(self.caller.team, category, incident.level))
        people = self.caller.people(duties, now, tx)
        new = self.caller.call(tx, incident, people, Why("call", f"{incident.round}.{step}", step), now)
        detail = {"step": step, "duties": list(duties), "people": people, "pages": new}
        journal.write(tx, now, SYSTEM, "called", subject(incident.id), "", detail)

    def _anybody(self, tx: Tx, incident: Incident, step: int) -> bool:
        """Did the step's call reach, or may it still reach, anybody?"""
        mark = f"{incident.id}:call:{incident.round}.{step}:"
        of_step = [page for page in pages.of_incident(tx, incident.id) if page.idempotency.startswith(mark)]
        return any(self._may_reach(tx, page) for page in of_step)

    def _may_reach(self, tx: Tx, page: Page) -> bool:
        """Accepted, or still on its way over an address that is not dead."""
        if page.status in (PageStatus.FAILED, PageStatus.UNVERIFIED):
            return False
        state = endpoints.get(tx, page.channel, page.address) if page.status == PageStatus.WAITING else None
        return state is None or state.dead_at is None

    def _held(self, tx: Tx, incident: Incident, now: datetime) -> datetime | None:
        """Calls that are held back begin when what held them is over; after a restore only a person begins them."""
        if incident.hushed == RESTORED:
            return None
        held_by = self.opener.rounds.held_by(tx, incident, now)
        if held_by:
            incidents.change(tx, incident, hushed=held_by)
            return now + LOOK_AGAIN
        journal.write(tx, now, SYSTEM, "calls_let_go", subject(incident.id), incident.hushed)
        return self.opener.rounds.call(tx, incident, now).paging_since

    def _exhausted(self, tx: Tx, incident: Incident, now: datetime) -> None:
        incidents.change(tx, incident, paging=Paging.EXHAUSTED, paging_since=None)
        everybody = [person.id for person in self.caller.team.person]
        self.caller.call(tx, incident, everybody, Why("exhausted", str(incident.round)), now)
        journal.write(tx, now, SYSTEM, "exhausted", subject(incident.id), "every walk of the escalation is over")

    def _fresh_until(self, incident: Incident) -> datetime:
        moments = [at for at in (incident.acked_at, incident.active_at) if at]
        return max(moments, default=incident.detected_at) + escalation.read(incident.policy).ack_expires

    def _breach(self, tx: Tx, incident: Incident, now: datetime) -> Incident:
        detail = {"due_at": incident.due_at.isoformat(), "noted_at": now.isoformat()}
        journal.write(tx, now, SYSTEM, "clock_breached", subject(incident.id), "", detail)
        after = incidents.change(tx, incident, clock=ClockState.BREACHED, breached_at=incident.due_at)
        self.caller.call(tx, after, self._reminded(tx, after, now, urgent=True), Why("breach", "hour"), now)
        return after

    def _remind(self, tx: Tx, incident: Incident, moment: datetime, now: datetime) -> None:
        minutes = (moment - incident.t0) // timedelta(minutes=1)
        incidents.change(tx, incident, reminded_at=now)
        journal.write(
            tx, now, SYSTEM, "reminded", subject(incident.id), "", {"at": moment.isoformat(), "minute": minutes}
        )
        if moment != incident.due_at:
            urgent = moment >= incident.due_at - timedelta(minutes=15)
            people = self._reminded(tx, incident, now, urgent=urgent)
            self.caller.call(tx, incident, people, Why("remind", moment.isoformat(), extra=f"+{minutes} min"), now)

    def _reminded(self, tx: Tx, incident: Incident, now: datetime, *, urgent: bool) -> list[str]:
        """The owner, or who is on duty (both, when the owner let it run out); when urgent, lead and speaker too."""
        first = self.caller.people([incident.owner] if incident.owner else [], now, tx)
        if not first or incident.paging != Paging.ACKED:
            first += self.caller.people(["duty"], now, tx)
        more = [*self.caller.people(["lead"], now, tx), self.caller.team.spokesperson] if urgent else []
        return list(dict.fromkeys([*first, *more]))
