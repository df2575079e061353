"""What do we know, what not? The fact log of an incident: the 5W1H grid, two lists, and the form for a fact."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from starlette.responses import Response

from config.errors import InputError, StaleError
from desk import access
from desk.screens import fact_one
from desk.screens.door import Ask, go
from desk.screens.fields import moment_of
from desk.screens.frame import show
from desk.screens.incident import by_number
from desk.screens.trouble import explain
from statements.known.fact_log import SLOTS, WRITERS, NewFact
from statements.known.fact_proof import enough
from statements.known.grid import CELLS, grid
from store import claims, facts
from store.database import Tx
from store.fact_chain import broken_at
from store.incidents import OPEN
from store.nouns import FactCell, FactScope, FactStatus, Incident

_W = TypeVar("_W", bound=StrEnum)
# What a new fact is while nobody has said otherwise: the form fits one thumb.
USUAL = dict.fromkeys(("label", "zh", "en", "source", "evidence", "cell", "sha256", "snapshot"), "")
USUAL |= {"slot": "done", "status": "unverified", "scope": "public"}
LISTS = {
    "known": (FactStatus.CONFIRMED,),
    "open": (FactStatus.UNKNOWN, FactStatus.UNVERIFIED),
    "gone": (FactStatus.REFUTED, FactStatus.WITHDRAWN),
}


def show_facts(ask: Ask) -> Response:
    """The grid, 已核实 and 未知, and below them what was refuted or withdrawn."""
    with ask.room.store.reading() as tx:
        return draw(ask, tx, by_number(ask, tx))


def draw(
    ask: Ask, tx: Tx, incident: Incident, typed: Mapping[str, str] | None = None, fault: str = "", status: int = 200
) -> Response:
    """The screen; `typed` hands back what somebody wrote that was refused because of `fault`."""
    versions = facts.history(tx, incident.id)
    known = facts.current(tx, incident.id)
    return show(
        ask,
        "fact_log.html",
        status,
        incident=incident,
        lists={name: [one for one in known if one.status in words] for name, words in LISTS.items()},
        cells=grid(incident, known, facts.cells(tx, incident.id), ask.now),
        short=[one.label for one in known if not enough(one, incident.level)],
        rows=len(versions),
        broken=broken_at(versions),
        kept=claims.snapshots_of(tx, incident.id),
        people=ask.room.settings.team.person,
        given={name: (typed or {}).get(name, usual) for name, usual in USUAL.items()},
        fault=fault,
        slots=SLOTS,
        cell_names=CELLS,
        statuses=list(FactStatus),
        scopes=list(FactScope),
        may_write=may_write(ask, incident),
    )


def may_write(ask: Ask, incident: Incident) -> bool:
    return incident.status in OPEN and access.may(ask.person, *WRITERS)


def write_fact(ask: Ask) -> Response:
    """A new fact, or with `label` a new version of one; texts that used it turn stale. Nothing typed is lost."""
    label = ask.field("label")
    try:
        new = _new_fact(ask)
        with ask.room.store.transaction() as tx:
            incident = by_number(ask, tx)
            if label:
                fact_one.readable_or_refuse(ask, facts.current(tx, incident.id), label)
                ask.room.release.change_fact(tx, incident.id, label, new, ask.who, ask.now)
            else:
                ask.room.release.add_fact(tx, incident.id, new, ask.who, ask.now)
    except (InputError, StaleError) as error:
        return _hand_back(ask, error)
    return go(f"/incidents/{incident.number}/facts/{label}" if label else f"/incidents/{incident.number}/facts")


def set_cell(ask: Ask) -> Response:
    """Who finds out what an empty cell lacks, and until when."""
    due_at = moment_of(ask, ask.field("due"))
    with ask.room.store.transaction() as tx:
        incident = by_number(ask, tx)
        cell = FactCell(incident.id, ask.field("cell"), ask.field("owner"), due_at, ask.who, ask.now)
        ask.room.release.set_cell(tx, incident.id, cell, ask.now)
    return go(f"/incidents/{incident.number}/facts")


def _hand_back(ask: Ask, error: InputError | StaleError) -> Response:
    status = 409 if isinstance(error, StaleError) else 400
    fault = explain(error, ask.lang)
    with ask.room.store.reading() as tx:
        return draw(ask, tx, by_number(ask, tx), ask.form, fault, status)


def _new_fact(ask: Ask) -> NewFact:
    captured = ask.field("captured")
    return NewFact(
        slot=ask.field("slot"),
        zh=ask.field("zh")[:500],
        en=ask.field("en")[:500],
        status=chosen(FactStatus, ask.field("status")),
        scope=chosen(FactScope, ask.field("scope")),
        source=ask.field("source")[:300],
        evidence=ask.field("evidence")[:300],
        cell=ask.field("cell"),
        sha256=ask.field("sha256"),
        captured_at=moment_of(ask, captured) if captured else None,
        snapshot=ask.field("snapshot")[:32],
        based_on=fact_one.whole(ask.field("based_on")),
    )


def chosen(words: type[_W], given: str) -> _W:
    """The word of the list, or InputError."""
    try:
        return words(given)
    except ValueError:
        raise InputError(f"The choice {given[:20]!r} is not one of the list.") from None


ROUTES = (
    ("/incidents/{number:int}/facts", "GET", show_facts),
    ("/incidents/{number:int}/facts", "POST", write_fact),
    ("/incidents/{number:int}/facts/cells", "POST", set_cell),
    ("/incidents/{number:int}/facts/{label}", "GET", fact_one.show_fact),
    ("/incidents/{number:int}/facts/{label}/verify", "POST", fact_one.verify),
    ("/incidents/{number:int}/facts/{label}/withdraw", "POST", fact_one.withdraw),
)
