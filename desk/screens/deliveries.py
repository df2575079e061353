"""Did it arrive? Each call with every try and the provider's own answer; what nobody will try again is loud."""

from urllib.parse import urlsplit

from starlette.responses import Response

from desk.screens.door import Ask
from desk.screens.frame import show
from store import agenda, incidents, pages
from store.nouns import Page

SHOWN = 200


def show_deliveries(ask: Ask) -> Response:
    """The newest calls; `?incident=` (a number) narrows them."""
    number = ask.query("incident", 9)
    with ask.room.store.reading() as tx:
        dead = agenda.dead(tx)
        chosen = incidents.by_number(tx, int(number)) if number.isdecimal() else None
        found = pages.of_incident(tx, chosen.id)[::-1] if chosen else pages.newest(tx, SHOWN)
        tries = pages.tries_of(tx, [page.id for page in found])
        numbers = {page.incident: incidents.get(tx, page.incident) for page in found}
    rows = [(page, where(page), tries.get(page.id, []), numbers[page.incident]) for page in found]
    return show(ask, "deliveries.html", rows=rows, dead=dead, chosen=chosen)


def where(page: Page) -> str:
    """The address as others may read it: a webhook's path and query are its key, so only its host is shown."""
    if "://" not in page.address:
        return page.address
    try:
        return urlsplit(page.address).hostname or ""
    except ValueError:
        return ""
