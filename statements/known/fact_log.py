"""The fact log: what people add and change, each one transaction that also voids the texts it moves.

A fact is never deleted: it is withdrawn or refuted, and whoever has a text open with it is told at the next save.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from config.clock import Ids
from config.errors import AccessError, InputError, MoveError, StaleError
from statements.approving.moves import LIVE
from statements.known import fact_proof
from statements.known.grid import CELLS
from statements.writing.speaking import Speaking
from store import agenda, claims, facts, incidents, journal, reviews_asked, texts
from store.agenda import Job
from store.database import Tx
from store.incidents import subject
from store.nouns import DraftState, Fact, FactCell, FactScope, FactStatus, Incident

WRITERS = ("drafter", "responder", "lead", "spokesperson", "legal", "admin")
SLOTS = ("done", "unknown", "action", "scope", "authority", "cause", "other")


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact as a person enters it. `snapshot` is evidence kept of one of the incident's mentions; it is a document.

    `based_on` is the version that was read (0: not asked): somebody else's change meanwhile is not overwritten.
    """

    slot: str
    zh: str
    en: str
    status: FactStatus
    scope: FactScope
    source: str = ""
    evidence: str = ""
    cell: str = ""
    sha256: str = ""
    captured_at: datetime | None = None
    snapshot: str = ""
    based_on: int = 0


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody vouches for a fact with: a source of their own, a document, or both."""

    source: str = ""
    evidence: str = ""
    sha256: str = ""
    snapshot: str = ""


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
        """A fact changed: a new version, and every text that used it is stale. StaleError: it is another one by now."""
        self._writer(who)
        incident = self._incident(tx, incident_id)
        before = self._known(tx, incident_id, label)
        if new.based_on and new.based_on != before.version:
            raise StaleError(f"{label} was changed by somebody else: version {before.version} is the newest.")
        fact = self._keep_fact(tx, incident, (label, before.version + 1), new, who, now)
        self._make_stale(tx, incident_id, label, who, now)
        return fact

    def verify_fact(self, tx: Tx, incident_id: str, label: str, proof: Proof, who: str, now: datetime) -> Fact:
        """Somebody vouches for the words as they stand."""
        before = self._known(tx, incident_id, label)
        if before.status not in (FactStatus.UNVERIFIED, FactStatus.CONFIRMED):
            raise MoveError(f"{label} is {before.status}; only what is unverified or confirmed can be verified.")
        words = NewFact(before.slot, before.zh, before.en, FactStatus.CONFIRMED, before.scope, proof.source)
        new = replace(words, evidence=proof.evidence, cell=before.cell, sha256=proof.sha256, snapshot=proof.snapshot)
        return self.change_fact(tx, incident_id, label, new, who, now)

    def withdraw_fact(self, tx: Tx, incident_id: str, label: str, who: str, now: datetime) -> Fact:
        """Take a fact back: it stays on record, nothing may rest on it any more."""
        before = self._known(tx, incident_id, label)
        words = NewFact(before.slot, before.zh, before.en, FactStatus.WITHDRAWN, before.scope, before.source)
        return self.change_fact(tx, incident_id, label, replace(words, cell=before.cell), who, now)

    def set_cell(self, tx: Tx, incident_id: str, cell: FactCell, now: datetime) -> None:
        """Who finds out what an empty cell of the grid lacks, and until when."""
        self._writer(cell.who)
        incident = self._incident(tx, incident_id)
        if cell.cell not in CELLS:
            raise InputError(f"A cell of the grid is one of: {', '.join(CELLS)}; not {cell.cell!r}.")
        if self.speaking.team.find(cell.owner) is None:
            raise InputError(f"Nobody in the team is called {cell.owner[:40]!r}.")
        if cell.due_at <= now:
            raise InputError("An unknown is due at a moment that is still to come.")
        facts.keep_cell(tx, cell)
        detail = {"cell": cell.cell, "person": cell.owner, "due_at": cell.due_at.isoformat()}
        journal.write(tx, now, cell.who, "cell_set", subject(incident.id), "", detail)

    def _known(self, tx: Tx, incident_id: str, label: str) -> Fact:
        found = next((one for one in facts.current(tx, incident_id) if one.label == label), None)
        if found is None:
            raise InputError(f"There is no fact {label} in this incident.")
        return found

    def _make_stale(self, tx: Tx, incident_id: str, label: str, who: str, now: datetime) -> None:
        """Every text that used the fact falls, and its owner is called (the TEXT job)."""
        used = [one for one in texts.versions(tx, incident_id) if label in one.fact_ids]
        live = [one.id for one in used if one.state in LIVE]
        texts.set_state(tx, live, DraftState.STALE)
        reviews_asked.close(tx, live, "void", now)
        # A draft only the house has touched is written anew by the house; nobody needs calling for it.
        for one in (each for each in used if each.id in live):
            if one.author != "system" or one.state is not DraftState.DRAFT:
                agenda.promise(tx, Job.TEXT, one.id, now)
        if texts.void_approvals(tx, live, now, f"{label} changed"):
            journal.write(tx, now, who, "approval_voided", subject(incident_id), f"{label} changed")

    def _keep_fact(
        self, tx: Tx, incident: Incident, place: tuple[str, int], new: NewFact, who: str, now: datetime
    ) -> Fact:
        label, version = place
        _check_words(new)
        versions = [one for one in facts.history(tx, incident.id) if one.label == label]
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
            cell=new.cell,
            supersedes=versions[-1].id if versions else "",
        )
        fact = fact_proof.joined(_with_document(tx, fact, new, now), versions)
        fact_proof.check(fact, incident.level)
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


def kept_evidence(tx: Tx, incident_id: str, snapshot_id: str, said: str) -> dict[str, Any]:
    """The fields evidence, sha256, captured_at and snapshot for evidence kept of one of the incident's mentions."""
    found = next((one for one in claims.snapshots_of(tx, incident_id) if one.id == snapshot_id), None)
    if found is None:
        raise InputError("There is no such kept evidence in this incident.")
    address = said or str(found.body.get("url") or "") or f"mention {found.mention}"
    return {"evidence": address, "sha256": found.sha256, "captured_at": found.at, "snapshot": found.id}


def _with_document(tx: Tx, fact: Fact, new: NewFact, now: datetime) -> Fact:
    """The fact with its document: a kept snapshot of a mention, or a file or address with its SHA-256."""
    if new.snapshot:
        return replace(fact, **kept_evidence(tx, fact.incident, new.snapshot, fact.evidence))
    sha256, captured_at = fact_proof.document(fact.evidence, new.sha256, new.captured_at, now)
    return replace(fact, sha256=sha256, captured_at=captured_at)


def _check_words(new: NewFact) -> None:
    if new.slot not in SLOTS:
        raise InputError(f"A fact belongs to one of: {', '.join(SLOTS)}; not {new.slot!r}.")
    if new.cell and new.cell not in CELLS:
        raise InputError(f"A cell of the grid is one of: {', '.join(CELLS)}; not {new.cell!r}.")
    if not (new.zh.strip() or new.en.strip()):
        raise InputError("A fact needs words in Chinese or English.")
