"""The fact log: what people add and change, each one transaction that also voids the texts it moves."""

from dataclasses import dataclass
from datetime import datetime

from config.clock import Ids
from config.errors import AccessError, InputError
from statements.speaking import Speaking
from store import agenda, facts, incidents, journal, texts
from store.agenda import Job
from store.database import Tx
from store.incidents import subject
from store.nouns import DraftState, Fact, FactScope, FactStatus, Incident

WRITERS = ("drafter", "responder", "lead", "spokesperson", "legal", "admin")
SLOTS = ("done", "unknown", "action", "scope", "authority", "cause", "other")


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact as a person enters it."""

    slot: str
    zh: str
    en: str
    status: FactStatus
    scope: FactScope
    source: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class FactLog:
    """Facts of incidents. `speaking` says who may write."""

    ids: Ids
    speaking: Speaking

    def add_fact(self, tx: Tx, incident_id: str, new: NewFact, who: str, now: datetime) -> Fact:
        """A new line in the fact log."""
        self._writer(who)
        incident = self._incident(tx, incident_id)
        label = f"F{len(facts.current(tx, incident_id)) + 1}"
        return self._keep_fact(tx, incident, (label, 1), new, who, now)

    def change_fact(self, tx: Tx, incident_id: str, label: str, new: NewFact, who: str, now: datetime) -> Fact:
        """A fact changed: a new version, and every text that used it is stale."""
        self._writer(who)
        incident = self._incident(tx, incident_id)
        before = next((one for one in facts.current(tx, incident_id) if one.label == label), None)
        if before is None:
            raise InputError(f"There is no fact {label} in this incident.")
        fact = self._keep_fact(tx, incident, (label, before.version + 1), new, who, now)
        used = [one for one in texts.versions(tx, incident_id) if label in one.fact_ids]
        live = [one.id for one in used if one.state in (DraftState.DRAFT, DraftState.APPROVED)]
        texts.set_state(tx, live, DraftState.STALE)
        if texts.void_approvals(tx, live, now, f"{label} changed"):
            journal.write(tx, now, who, "approval_voided", subject(incident_id), f"{label} changed")
        return fact

    def _keep_fact(
        self, tx: Tx, incident: Incident, place: tuple[str, int], new: NewFact, who: str, now: datetime
    ) -> Fact:
        label, version = place
        if new.slot not in SLOTS:
            raise InputError(f"A fact belongs to one of: {', '.join(SLOTS)}; not {new.slot!r}.")
        if not (new.zh.strip() or new.en.strip()):
            raise InputError("A fact needs words in Chinese or English.")
        if new.status == FactStatus.CONFIRMED and not (new.source.strip() or new.evidence.strip()):
            raise InputError("A confirmed fact names its source or evidence.")
        fact = Fact(
            id=self.ids(),
            incident=incident.id,
            label=label,
            version=version,
            slot=new.slot,
            zh=new.zh.strip(),
            en=new.en.strip(),
            status=new.status,
            scope=new.scope,
            source=new.source.strip(),
            evidence=new.evidence.strip(),
            who=who,
            at=now,
        )
        facts.add(tx, fact)
        detail = {"label": label, "version": version, "status": fact.status.value, "slot": fact.slot}
        word = "fact_added" if version == 1 else "fact_changed"
        # Everybody signed in reads the journal; what is privileged stands there by its label alone.
        said = label if fact.scope is FactScope.PRIVILEGED else fact.zh or fact.en
        journal.write(tx, now, who, word, subject(incident.id), said, detail)
        incidents.touch(tx, incident.id, now)
        agenda.promise(tx, Job.DRAFT, incident.id, now)
        return fact

    def _writer(self, who: str) -> None:
        if not set(self.speaking.roles(who)) & set(WRITERS):
            raise AccessError("Your role may read, not write.")

    def _incident(self, tx: Tx, incident_id: str) -> Incident:
        incident = incidents.get(tx, incident_id, lock=True)
        if incident is None:
            raise InputError("There is no such incident.")
        return incident
