"""What have we promised in public, until when, and is it kept? All incidents side by side, due next first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from starlette.responses import Response

from config.errors import GoldenHourError, InputError, MoveError
from desk import access
from desk.screens.door import Ask, go, local_path
from desk.screens.fields import moment_of
from desk.screens.frame import chosen_brand, show
from desk.screens.incident import by_number
from desk.screens.quoting import safe_url
from desk.screens.trouble import explain, missing
from statements.approving.moves import NOT_PUBLIC
from statements.known.fact_log import WRITERS
from statements.posting.promising import Delivery
from store import actions, facts, promises, texts
from store.database import Tx
from store.nouns import DraftState, Incident, Promise

SOON = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Card:
    """One promise as it is shown: its incident, what is missing for it, and where its keeping can be seen."""

    promise: Promise
    incident: Incident
    link: str
    approved: bool
    soon: bool


def show_all(ask: Ask) -> Response:
    """Every promise of every incident."""
    return _draw(ask, None)


def show_own(ask: Ask) -> Response:
    """Those of one incident."""
    with ask.room.store.reading() as tx:
        incident = by_number(ask, tx)
    return _draw(ask, incident)


def keep(ask: Ask) -> Response:
    """It was done: when, what shows it, and where the public sees it."""
    promise_id = ask.request.path_params["promise"][:32]
    try:
        with ask.room.store.transaction() as tx:
            if facts.promise(tx, promise_id) is None:
                raise missing()
            # The form knows minutes only.
            at = min(moment_of(ask, ask.field("kept_at")), ask.now)
            given = Delivery(at, ask.field("evidence"), ask.field("link"))
            ask.room.release.keep_promise(tx, promise_id, given, ask.who, ask.now)
    except (InputError, MoveError) as error:
        return _draw(ask, _incident_of(ask, promise_id), error)
    return go(local_path(ask.field("back") or "/promises") + "?done=kept")


def hand_over(ask: Ask) -> Response:
    """Somebody else answers for it from now on."""
    promise_id = ask.request.path_params["promise"][:32]
    try:
        with ask.room.store.transaction() as tx:
            ask.room.release.hand_promise(tx, promise_id, ask.field("person"), ask.who, ask.now)
    except (InputError, MoveError) as error:
        return _draw(ask, _incident_of(ask, promise_id), error)
    return go(local_path(ask.field("back") or "/promises") + "?done=kept")


def _incident_of(ask: Ask, promise_id: str) -> Incident | None:
    """The incident of a form that came from an incident's own list."""
    if not ask.field("back").startswith("/incidents/"):
        return None
    with ask.room.store.reading() as tx:
        found = facts.promise(tx, promise_id)
        return actions.incidents_of(tx, [found.incident]).get(found.incident) if found else None


def _draw(ask: Ask, incident: Incident | None, error: GoldenHourError | None = None) -> Response:
    with ask.room.store.reading() as tx:
        found = facts.promises_of(tx, incident.id) if incident else promises.listed(tx)
        cards = _cards(ask, tx, found)
    order = ("open", "broken", "late", "kept", "void")
    status = 200 if error is None else 409 if isinstance(error, MoveError) else 400
    return show(
        ask,
        "promises.html",
        status,
        incident=incident,
        waiting=sorted((one for one in cards if one.promise.outcome == "open"), key=lambda one: one.promise.due_at),
        owed=[one for one in cards if one.promise.outcome == "broken"],
        settled=sorted(
            (one for one in cards if one.promise.outcome in order[2:]), key=lambda one: one.promise.due_at, reverse=True
        ),
        may_keep=access.may(ask.person, *WRITERS),
        fault=explain(error, ask.lang) if error else "",
        typed=ask.form if error else {},
        place=ask.request.path_params.get("promise", ""),
        back=f"/incidents/{incident.number}/promises" if incident else "/promises",
        done=ask.query("done") == "kept",
    )


def _cards(ask: Ask, tx: Tx, found: Sequence[Promise]) -> list[Card]:
    brand = chosen_brand(ask)
    homes = actions.incidents_of(tx, list({one.incident for one in found}))
    approved = {key for key in homes if _has_approved(tx, key)}
    return [
        Card(
            promise=one,
            incident=homes[one.incident],
            link=safe_url(one.link),
            approved=one.incident in approved,
            soon=one.due_at - ask.now <= SOON,
        )
        for one in found
        if not brand or homes[one.incident].brand == brand
    ]


def _has_approved(tx: Tx, incident: str) -> bool:
    """Is a text for the public approved and not yet posted?"""
    drafts = texts.versions(tx, incident)
    return any(one.state is DraftState.APPROVED and one.kind not in NOT_PUBLIC for one in drafts)


ROUTES = (
    ("/promises", "GET", show_all),
    ("/incidents/{number:int}/promises", "GET", show_own),
    ("/promises/{promise}/keep", "POST", keep),
    ("/promises/{promise}/owner", "POST", hand_over),
)
