"""What is said about us, what do we know of it, what do we answer? The claim board, and which messages are open now."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from config.errors import InputError, StaleError
from desk import access
from desk.screens.door import Ask, go
from desk.screens.fact_log import chosen, may_write
from desk.screens.fact_one import whole
from desk.screens.frame import show
from desk.screens.incident import by_number
from desk.screens.quoting import safe_url
from desk.screens.trouble import explain
from statements.known import claims as rules
from statements.known.claim_board import DECIDERS, ClaimBoard, NewClaim
from statements.known.do_not_say import do_not_say
from statements.known.report_pack import refusal
from statements.rules.strategy import allowed, locked
from statements.rules.strategy_words import Strategy
from store import claims, facts, mentions
from store.database import Tx
from store.incidents import OPEN
from store.nouns import Attribution, Claim, ClaimKind, ClaimStatus, CrisisCluster, Fact, Incident, Judged

MANY = 200
USUAL = dict.fromkeys(("label", "said", "owner", "keywords", "answer_zh", "answer_en", "facts"), "")
USUAL |= dict.fromkeys(("evidence", "sha256", "snapshot", "urls"), "") | {"status": "unknown", "kind": "fact"}


@dataclass(frozen=True, slots=True)
class Row:
    """One claim as the board shows it: `refused` says why no report pack is made of it, "" when one is."""

    claim: Claim
    heat: rules.Heat
    samples: tuple[tuple[Judged, str], ...]
    history: tuple[Claim, ...]
    proven: bool
    carried: bool
    refused: str
    url: str


def board(ask: Ask) -> ClaimBoard:
    return ClaimBoard(ask.room.release.ids, ask.room.release.speaking)


def show_claims(ask: Ask) -> Response:
    """The board, hottest first among what is open."""
    with ask.room.store.reading() as tx:
        return _draw(ask, tx, by_number(ask, tx))


def write_claim(ask: Ask) -> Response:
    """A new claim, or with `label` a new version of one. Nothing typed is lost."""
    try:
        new = _new_claim(ask)
        with ask.room.store.transaction() as tx:
            incident = by_number(ask, tx)
            made = board(ask).keep_claim(tx, incident.id, new, ask.who, ask.now)
    except (InputError, StaleError) as error:
        status = 409 if isinstance(error, StaleError) else 400
        with ask.room.store.reading() as tx:
            return _draw(ask, tx, by_number(ask, tx), ask.form, explain(error, ask.lang), status)
    return go(f"/incidents/{incident.number}/claims#{made.label}")


def set_cluster(ask: Ask) -> Response:
    """A person's word on whose responsibility it is; it opens and locks what texts may do."""
    said = Attribution(
        id="",
        incident="",
        cluster=chosen(CrisisCluster, ask.field("cluster")),
        history=ask.field("history") == "yes",
        reason=ask.field("reason"),
        who=ask.who,
        at=ask.now,
    )
    with ask.room.store.transaction() as tx:
        incident = by_number(ask, tx)
        board(ask).attribute(tx, incident.id, said, ask.now)
    return go(f"/incidents/{incident.number}/claims#strategy")


def _draw(
    ask: Ask, tx: Tx, incident: Incident, typed: Mapping[str, str] | None = None, fault: str = "", status: int = 200
) -> Response:
    known, versions = facts.current(tx, incident.id), claims.history(tx, incident.id)
    newest, heard = claims.current(tx, incident.id), mentions.of_incident(tx, incident.id, incident.brand)
    rows = [_row(ask, one, versions, known, heard) for one in newest]
    said = claims.attributions_of(tx, incident.id)
    cluster = said[-1] if said else None
    return show(
        ask,
        "claims.html",
        status,
        incident=incident,
        rows=sorted(rows, key=lambda row: (row.claim.status is not ClaimStatus.UNKNOWN, -row.heat.count)),
        facts=known,
        kept=claims.snapshots_of(tx, incident.id),
        forbidden=do_not_say(known, newest, ask.lang),
        cluster=cluster,
        prior=board(ask).prior(incident.category),
        open_=[one for one in Strategy if one in allowed(cluster, known, newest)],
        shut=[why for one in Strategy for why in locked({one}, cluster, known, newest)],
        kinds=list(ClaimKind),
        statuses=list(ClaimStatus),
        clusters=list(CrisisCluster),
        people=ask.room.settings.team.person,
        given={name: (typed or {}).get(name, usual) for name, usual in USUAL.items()},
        fault=fault,
        may_write=may_write(ask, incident),
        may_decide=incident.status in OPEN and access.may(ask.person, *DECIDERS),
    )


def _row(ask: Ask, claim: Claim, versions: Sequence[Claim], known: Sequence[Fact], heard: Sequence[Judged]) -> Row:
    found = rules.heat(claim, heard)
    why = refusal(claim, known)
    return Row(
        claim=claim,
        heat=found,
        samples=tuple((one, safe_url(one.mention.url)) for one in found.samples),
        history=tuple(one for one in reversed(versions) if one.label == claim.label)[1:],
        proven=rules.proven_false(claim, known),
        carried=rules.carried(claim, known),
        refused=explain(InputError(why), ask.lang) if why else "",
        url=safe_url(claim.evidence),
    )


def _new_claim(ask: Ask) -> NewClaim:
    labels = tuple(one.upper() for one in re.split(r"[\s,，、;；]+", ask.field("facts")[:MANY]) if one)
    return NewClaim(
        said=ask.field("said")[: rules.LONGEST_SAID + MANY],
        kind=chosen(ClaimKind, ask.field("kind")),
        status=chosen(ClaimStatus, ask.field("status")),
        label=ask.field("label")[:12],
        based_on=whole(ask.field("based_on")),
        answer_zh=ask.field("answer_zh"),
        answer_en=ask.field("answer_en"),
        facts=labels,
        evidence=ask.field("evidence")[:300],
        sha256=ask.field("sha256"),
        snapshot=ask.field("snapshot")[:32],
        keywords=rules.keywords(ask.field("keywords")),
        urls=rules.addresses(ask.field("urls")),
        owner=ask.field("owner")[:40],
    )


ROUTES = (
    ("/incidents/{number:int}/claims", "GET", show_claims),
    ("/incidents/{number:int}/claims", "POST", write_claim),
    ("/incidents/{number:int}/cluster", "POST", set_cluster),
)
