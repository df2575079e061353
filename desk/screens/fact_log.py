"""What do we know, what not? The fact log of an incident: two lists, and the forms that add and change."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from starlette.responses import Response

from config.errors import InputError
from desk import access
from desk.screens.door import Ask, go
from desk.screens.frame import show
from desk.screens.incident import by_number
from statements.fact_log import SLOTS, WRITERS, NewFact
from store import facts
from store.incidents import OPEN
from store.nouns import Fact, FactScope, FactStatus

_W = TypeVar("_W", bound=StrEnum)


def show_facts(ask: Ask) -> Response:
    """已核实 and 未知, and below them what was refuted or withdrawn."""
    with ask.room.store.reading() as tx:
        incident = by_number(ask, tx)
        known = facts.current(tx, incident.id)
    status = {
        "known": (FactStatus.CONFIRMED,),
        "open": (FactStatus.UNKNOWN, FactStatus.UNVERIFIED),
        "gone": (FactStatus.REFUTED, FactStatus.WITHDRAWN),
    }
    return show(
        ask,
        "fact_log.html",
        incident=incident,
        lists={name: [one for one in known if one.status in words] for name, words in status.items()},
        slots=SLOTS,
        statuses=list(FactStatus),
        scopes=list(FactScope),
        may_write=incident.status in OPEN and access.may(ask.person, *WRITERS),
    )


def write_fact(ask: Ask) -> Response:
    """A new fact, or with `label` a new version of one; texts that used it turn stale."""
    new = NewFact(
        slot=ask.field("slot"),
        zh=ask.field("zh")[:500],
        en=ask.field("en")[:500],
        status=_choice(FactStatus, ask.field("status")),
        scope=_choice(FactScope, ask.field("scope")),
        source=ask.field("source")[:300],
        evidence=ask.field("evidence")[:300],
    )
    label = ask.field("label")
    with ask.room.store.transaction() as tx:
        incident = by_number(ask, tx)
        if label:
            _readable_or_refuse(ask, facts.current(tx, incident.id), label)
            ask.room.release.change_fact(tx, incident.id, label, new, ask.who, ask.now)
        else:
            ask.room.release.add_fact(tx, incident.id, new, ask.who, ask.now)
    return go(f"/incidents/{incident.number}/facts")


def _readable_or_refuse(ask: Ask, known: Sequence[Fact], label: str) -> None:
    """Nobody changes words they may not read."""
    if any(fact.label == label and not access.may_read(ask.person, fact) for fact in known):
        access.require(ask.person, *access.CLEARED)


def _choice(words: type[_W], given: str) -> _W:
    try:
        return words(given)
    except ValueError:
        raise InputError(f"The choice {given[:20]!r} is not one of the list.") from None
