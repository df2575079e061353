"""The API for programs that act for a person: read open incidents, take, pass on, give back. JSON, Bearer token."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from starlette.responses import JSONResponse, Response

from alerts import acks
from config.errors import AccessError, GoldenHourError
from config.team import Person
from desk import access
from desk.access import ACTORS
from desk.screens.door import Ask
from desk.screens.incident import by_number
from desk.screens.trouble import STATUS
from store import incidents, people
from store.database import Tx
from store.nouns import Incident

Verb = Callable[[Tx, str, str, str, datetime], Incident]
VERBS: dict[str, Verb] = {"acknowledge": acks.acknowledge, "pass": acks.pass_on, "give-back": acks.give_back}


def list_open(ask: Ask) -> Response:
    """Open incidents, worst first."""
    try:
        _person(ask)
    except AccessError as error:
        return _no(error)
    with ask.room.store.reading() as tx:
        found = incidents.listed(tx, open_only=True)
    return JSONResponse({"incidents": [told(one) for one in found]})


def act(ask: Ask) -> Response:
    """One of VERBS on an incident, as the token's person; the answer is the incident as it is now."""
    try:
        person = _person(ask)
        access.require(person, *ACTORS)
        with ask.room.store.transaction() as tx:
            incident = by_number(ask, tx)
            after = VERBS[ask.request.path_params["verb"]](tx, incident.id, person.id, "api", ask.now)
    except KeyError:
        return JSONResponse({"error": f"No such verb; allowed: {', '.join(VERBS)}."}, 404)
    except GoldenHourError as error:
        return _no(error)
    return JSONResponse(told(after))


def told(incident: Incident) -> dict[str, object]:
    """An incident as programs read it; moments in ISO, UTC."""
    return {
        "number": incident.number,
        "brand": incident.brand,
        "title": incident.title,
        "level": incident.level.value,
        "status": incident.status.value,
        "paging": incident.paging.value,
        "owner": incident.owner,
        "clock": incident.clock.value,
        "t0": incident.t0.isoformat(),
        "detected_at": incident.detected_at.isoformat(),
        "due_at": incident.due_at.isoformat(),
    }


def token_hash(token: str) -> str:
    """What the store keeps of a token."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def _person(ask: Ask) -> Person:
    kind, _, token = ask.request.headers.get("authorization", "").partition(" ")
    with ask.room.store.reading() as tx:
        found = people.api_person(tx, token_hash(token.strip()), ask.now) if kind.lower() == "bearer" else None
    person = ask.room.settings.team.find(found) if found else None
    if person is None:
        raise AccessError("A valid token is needed: Authorization: Bearer … (./goldenhour token PERSON makes one).")
    return person


def _no(error: GoldenHourError) -> Response:
    return JSONResponse({"error": str(error)}, STATUS.get(type(error), 400))
