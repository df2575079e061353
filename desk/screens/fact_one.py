"""One fact: its evidence, every version of it, the texts that use it; verify it or take it back."""

from collections.abc import Sequence

from starlette.responses import Response

from config.errors import InputError
from desk import access
from desk.screens.door import Ask, go
from desk.screens.frame import show
from desk.screens.incident import by_number
from desk.screens.quoting import safe_url
from desk.screens.trouble import missing
from statements.known.fact_log import SLOTS, WRITERS, Proof
from statements.known.fact_proof import enough, has_document
from statements.known.grid import CELLS
from store import claims, facts, texts
from store.incidents import OPEN
from store.nouns import Fact, FactScope, FactStatus, Snapshot

LARGEST = 2**31


def show_fact(ask: Ask) -> Response:
    """The newest version, or a 404 screen when the incident has no such fact."""
    label = _label(ask)
    with ask.room.store.reading() as tx:
        incident = by_number(ask, tx)
        versions = [one for one in facts.history(tx, incident.id) if one.label == label]
        if not versions:
            raise missing()
        drafts = [one for one in texts.versions(tx, incident.id) if label in one.fact_ids]
        kept = claims.snapshots_of(tx, incident.id)
    fact = versions[-1]
    newest = {(one.kind, one.lang): one for one in sorted(drafts, key=lambda one: one.version)}
    return show(
        ask,
        "fact.html",
        incident=incident,
        fact=fact,
        versions=versions[::-1],
        used=list(newest.values()),
        evidence_url=safe_url(fact.evidence),
        snapshot=_snapshot(kept, fact),
        documented=has_document(fact),
        enough=enough(fact, incident.level),
        kept=kept,
        slots=SLOTS,
        cell_names=CELLS,
        statuses=list(FactStatus),
        scopes=list(FactScope),
        verifiable=fact.status in (FactStatus.UNVERIFIED, FactStatus.CONFIRMED),
        may_write=incident.status in OPEN and access.may(ask.person, *WRITERS) and access.may_read(ask.person, fact),
    )


def verify(ask: Ask) -> Response:
    """Somebody vouches for the words as they stand, with a source or a document of their own."""
    proof = Proof(
        ask.field("source")[:300], ask.field("evidence")[:300], ask.field("sha256"), ask.field("snapshot")[:32]
    )
    if not (proof.source or proof.evidence or proof.snapshot):
        raise InputError("Say from whom you have it, or name a document.")
    with ask.room.store.transaction() as tx:
        incident, label = by_number(ask, tx), _label(ask)
        readable_or_refuse(ask, facts.current(tx, incident.id), label)
        ask.room.release.verify_fact(tx, incident.id, label, proof, ask.who, ask.now)
    return go(f"/incidents/{incident.number}/facts/{label}")


def withdraw(ask: Ask) -> Response:
    """Take it back; it stays on record and every text with it falls."""
    with ask.room.store.transaction() as tx:
        incident, label = by_number(ask, tx), _label(ask)
        readable_or_refuse(ask, facts.current(tx, incident.id), label)
        ask.room.release.withdraw_fact(tx, incident.id, label, ask.who, ask.now)
    return go(f"/incidents/{incident.number}/facts/{label}")


def readable_or_refuse(ask: Ask, known: Sequence[Fact], label: str) -> None:
    """Nobody changes words they may not read."""
    if any(fact.label == label and not access.may_read(ask.person, fact) for fact in known):
        access.require(ask.person, *access.CLEARED)


def whole(text: str) -> int:
    """A version number of a form; 0 when none was given."""
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()) or int(text) >= LARGEST:
        raise InputError("The number of a version is a whole number.")
    return int(text)


def _label(ask: Ask) -> str:
    return str(ask.request.path_params["label"])[:12]


def _snapshot(kept: Sequence[Snapshot], fact: Fact) -> Snapshot | None:
    return next((one for one in kept if one.id == fact.snapshot), None) if fact.snapshot else None
