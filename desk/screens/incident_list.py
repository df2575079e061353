"""Every incident there was, the open ones first."""

from starlette.responses import Response

from desk import access
from desk.access import ACTORS
from desk.screens.door import Ask
from desk.screens.frame import chosen_brand, countdown, show
from store import incidents
from store.incidents import OPEN


def show_list(ask: Ask) -> Response:
    """Newest first below the open ones."""
    with ask.room.store.reading() as tx:
        found = incidents.listed(tx, open_only=False, brand=chosen_brand(ask))
    found.sort(key=lambda one: one.status not in OPEN)
    rows = [(one, countdown(one, ask.now)) for one in found]
    return show(ask, "incident_list.html", found=rows, may_act=access.may(ask.person, *ACTORS))


def show_new(ask: Ask) -> Response:
    """The form for what people know before anybody posts it."""
    access.require(ask.person, *ACTORS)
    return show(ask, "incident_new.html", brand=chosen_brand(ask), t0=ask.times.field(ask.now))
