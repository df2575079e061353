"""What does the law want done, and how soon? The regulatory clocks of an incident, and a person's word on each."""

from starlette.responses import Response

from desk import access
from desk.screens.door import Ask, go
from desk.screens.fields import choice, moment_or_now
from desk.screens.frame import show
from desk.screens.incident import by_number
from desk.screens.legal_view import clocks_of, countdown_of, legal_desk
from statements.law.legal_marking import MARKERS
from store import claims
from store.incidents import OPEN
from store.nouns import LegalMark

STATES = ("done", "not_applicable", "open")


def show_clocks(ask: Ask) -> Response:
    """All lines of the incident's category."""
    with ask.room.store.reading() as tx:
        incident = by_number(ask, tx)
        found = clocks_of(ask, tx, incident)
        marks = claims.marks_of(tx, incident.id)
    return show(
        ask,
        "legal_clocks.html",
        incident=incident,
        clocks=[(one, countdown_of(one), [mark for mark in marks if mark.line == one.line.id]) for one in found],
        category=ask.room.taxonomy.name(incident.category, ask.lang),
        may_mark=incident.status in OPEN and access.may(ask.person, *MARKERS),
    )


def mark(ask: Ask) -> Response:
    """Done with when and how, not applicable with a reason, or open again."""
    state = choice(ask, "state", STATES)
    with ask.room.store.transaction() as tx:
        incident = by_number(ask, tx)
        at = moment_or_now(ask, "at") if state == "done" else ask.now
        said = LegalMark("", incident.id, ask.field("line")[:40], state, at, ask.field("how"), ask.who, ask.now)
        legal_desk(ask).mark(tx, incident.id, said, ask.room.settings.legal_clocks, ask.now)
    return go(f"/incidents/{incident.number}/legal#{said.line}")


ROUTES = (
    ("/incidents/{number:int}/legal", "GET", show_clocks),
    ("/incidents/{number:int}/legal", "POST", mark),
)
