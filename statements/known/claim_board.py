"""The claim board 说法板: what is said about us, what we know of it, our answer; and a person's word on the cluster."""

from dataclasses import dataclass, replace
from datetime import datetime

from config.errors import AccessError, InputError, StaleError
from statements.known import claims as rules
from statements.known import fact_proof
from statements.known.fact_log import FactLog, kept_evidence
from store import claims, facts, incidents, journal
from store.database import Tx
from store.incidents import subject
from store.nouns import Attribution, Claim, ClaimKind, ClaimStatus, CrisisCluster

DECIDERS = ("legal", "lead", "spokesperson", "admin")
SHORTEST_REASON = 4
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class NewClaim:
    """A claim as a person enters it. `label` "" is a new one; `based_on` the version that was read.

    `owner` "" is whoever enters it; `snapshot` is evidence kept of one of the incident's mentions.
    """

    said: str
    kind: ClaimKind
    status: ClaimStatus
    label: str = ""
    based_on: int = 0
    answer_zh: str = ""
    answer_en: str = ""
    facts: tuple[str, ...] = ()
    evidence: str = ""
    sha256: str = ""
    snapshot: str = ""
    keywords: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    owner: str = ""


@dataclass(frozen=True, slots=True)
class ClaimBoard(FactLog):
    """Claims beside the facts that answer them."""

    def keep_claim(self, tx: Tx, incident_id: str, new: NewClaim, who: str, now: datetime) -> Claim:
        """A new claim, or a new version of one; its former versions stay."""
        self._writer(who)
        incident = self._incident(tx, incident_id)
        if new.owner and self.speaking.team.find(new.owner) is None:
            raise InputError(f"Nobody in the team is called {new.owner[:40]!r}.")
        known = claims.current(tx, incident_id)
        before = _before(known, new)
        claim = Claim(
            id=self.ids(),
            incident=incident_id,
            label=new.label or f"C{len(known) + 1}",
            version=before.version + 1 if before else 1,
            said=new.said.strip(),
            kind=new.kind,
            status=new.status,
            who=who,
            at=now,
            answer_zh=new.answer_zh.strip(),
            answer_en=new.answer_en.strip(),
            facts=tuple(dict.fromkeys(new.facts)),
            evidence=new.evidence.strip(),
            keywords=new.keywords,
            urls=new.urls,
            owner=new.owner or who,
        )
        claim = _with_document(tx, claim, new, before)
        rules.check(claim, facts.current(tx, incident_id))
        claims.add(tx, claim)
        detail = {"label": claim.label, "version": claim.version, "status": claim.status.value}
        if before and before.status is not claim.status:
            detail["from"] = before.status.value
        word = "claim_changed" if before else "claim_added"
        journal.write(tx, now, who, word, subject(incident_id), claim.said, detail)
        incidents.touch(tx, incident.id, now)
        return claim

    def attribute(self, tx: Tx, incident_id: str, said: Attribution, now: datetime) -> Attribution:
        """A person's word on whose responsibility it is, after facts and with a reason; `said.id` is not looked at."""
        if not set(self.speaking.roles(said.who)) & set(DECIDERS):
            raise AccessError(f"Your role may not do this; it takes one of: {', '.join(DECIDERS)}.")
        self._incident(tx, incident_id)
        reason = said.reason.strip()
        if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
            raise InputError(f"Setting the cluster needs a reason of {SHORTEST_REASON} to {LONGEST_REASON} characters.")
        if not any(one.verified_by or one.status == "confirmed" for one in facts.current(tx, incident_id)):
            raise InputError("The cluster is set after facts: at least one fact must be confirmed first.")
        made = replace(said, id=self.ids(), incident=incident_id, reason=reason, at=now)
        claims.attribute(tx, made)
        detail = {"cluster": made.cluster.value, "history": made.history}
        journal.write(tx, now, made.who, "cluster_set", subject(incident_id), reason, detail)
        return made

    def prior(self, category: str) -> CrisisCluster | None:
        """The taxonomy's cluster of a category, a prior only; None when it is not known."""
        found = self.speaking.taxonomy.category(category)
        return CrisisCluster(found.scct) if found else None


def _before(known: list[Claim], new: NewClaim) -> Claim | None:
    if not new.label:
        return None
    found = next((one for one in known if one.label == new.label), None)
    if found is None:
        raise InputError(f"There is no claim {new.label[:12]} in this incident.")
    if new.based_on and new.based_on != found.version:
        raise StaleError(f"{found.label} was changed by somebody else: version {found.version} is the newest.")
    return found


def _with_document(tx: Tx, claim: Claim, new: NewClaim, before: Claim | None) -> Claim:
    """The claim with its document; one that was kept before and is not replaced stays."""
    if new.snapshot and not (before and before.snapshot == new.snapshot):
        return replace(claim, **kept_evidence(tx, claim.incident, new.snapshot, claim.evidence))
    same = before and before.sha256 and (not new.sha256 or new.sha256.strip().lower() == before.sha256)
    if before and same and claim.evidence in ("", before.evidence):
        named = ("evidence", "sha256", "captured_at", "snapshot")
        return replace(claim, **{name: getattr(before, name) for name in named})
    sha256, captured_at = fact_proof.document(claim.evidence, new.sha256, None, claim.at)
    return replace(claim, sha256=sha256, captured_at=captured_at)
