"""What people do to an incident from its screen: take, pass on, resolve, false alarm, correct when it began."""

from datetime import UTC, datetime

from starlette.responses import Response

from alerts import acks, moves
from config.errors import InputError
from desk import access
from desk.screens.door import Ask, go
from desk.screens.incident import ACTORS, by_number

VIA = "screen"


def take(ask: Ask) -> Response:
    """我来处理."""
    return _act(ask, "take")


def pass_on(ask: Ask) -> Response:
    """转给下一位."""
    return _act(ask, "pass")


def resolve(ask: Ask) -> Response:
    """Over; needs a reason in a few words."""
    return _act(ask, "resolve")


def false_alarm(ask: Ask) -> Response:
    """It was none; the reason tunes thresholds."""
    return _act(ask, "false_alarm")


def correct_t0(ask: Ask) -> Response:
    """When it really began, with a reason."""
    return _act(ask, "t0")


def moment_of(ask: Ask, text: str) -> datetime:
    """A datetime-local field, read in the service's zone, as aware UTC; InputError when it is none."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        raise InputError("The time is not readable; write it like 2026-03-12T14:05.") from None
    aware = local if local.tzinfo else local.replace(tzinfo=ask.room.zone)
    return aware.astimezone(UTC)


def _act(ask: Ask, what: str) -> Response:
    access.require(ask.person, *ACTORS)
    why, who, now = ask.field("why")[:1000], ask.who, ask.now
    t0 = moment_of(ask, ask.field("t0")) if what == "t0" else now
    with ask.room.store.transaction() as tx:
        incident = by_number(ask, tx)
        match what:
            case "take":
                acks.acknowledge(tx, incident.id, who, VIA, now)
            case "pass":
                acks.pass_on(tx, incident.id, who, VIA, now)
            case "resolve":
                moves.resolve(tx, incident.id, who, why, now)
            case "false_alarm":
                moves.false_alarm(tx, incident.id, who, why, now)
            case _:
                moves.correct_t0(tx, incident.id, who, t0, why, now)
    return go(f"/incidents/{incident.number}")
