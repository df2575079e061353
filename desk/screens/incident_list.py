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
    """The form for what people know before anybody posts it, or for a mention they raise: the address fills it in."""
    access.require(ask.person, *ACTORS)
    now = ask.times.field(ask.now)
    return show(
        ask,
        "incident_new.html",
        brand=ask.query("brand") or chosen_brand(ask),
        title=ask.query("title", 60),
        category=ask.query("category"),
        mention=ask.query("mention", 32),
        t0=ask.query("t0", 20) or now,
        latest=now,
    )
