"""Did it arrive? Held calls first, then every way and how it is, then each call with the provider's own answers."""

from starlette.responses import Response

from config.errors import MoveError
from config.veil import PUBLIC_CHANNELS
from desk import access
from desk.access import ACTORS
from desk.screens.door import Ask, go
from desk.screens.endpoint_proof import masked
from desk.screens.frame import show
from desk.screens.trouble import missing
from store import agenda, endpoints, incidents, journal, pages
from store.nouns import EndpointState, Page, PageStatus

SHOWN = 200
DECISIONS = {"send": PageStatus.WAITING, "drop": PageStatus.DROPPED}


def show_deliveries(ask: Ask) -> Response:
    """The newest calls; `?incident=` (a number) narrows them."""
    number = ask.query("incident", 9)
    with ask.room.store.reading() as tx:
        dead = agenda.dead(tx)
        chosen = incidents.by_number(tx, int(number)) if number.isdecimal() else None
        found = pages.of_incident(tx, chosen.id)[::-1] if chosen else pages.newest(tx, SHOWN)
        held = pages.with_status(tx, PageStatus.HELD)
        tries = pages.tries_of(tx, [page.id for page in found])
        numbers = {page.incident: incidents.get(tx, page.incident) for page in (*found, *held)}
        states = () if chosen else endpoints.all_states(tx).values()
    rows = [(page, where(page), tries.get(page.id, []), numbers[page.incident]) for page in found]
    return show(
        ask,
        "deliveries.html",
        rows=rows,
        dead=dead,
        chosen=chosen,
        held=[(page, where(page), numbers[page.incident]) for page in held],
        ways=[(one, place(one.channel, one.address)) for one in sorted(states, key=_worst_first) if one.address != "*"],
        may_act=access.may(ask.person, *ACTORS, "ops"),
    )


def decide(ask: Ask) -> Response:
    """A person sends a held call after all, or drops it."""
    access.require(ask.person, *ACTORS, "ops")
    status = DECISIONS.get(ask.request.path_params["decision"])
    if status is None:
        raise missing()
    page_id = ask.request.path_params["page"]
    with ask.room.store.transaction() as tx:
        if not pages.decide_held(tx, page_id, status, ask.now):
            raise MoveError("This call is not held any more.")
        page = pages.get(tx, page_id)
        if page and page.incident:
            what = "page_sent_after_all" if status == PageStatus.WAITING else "page_dropped"
            journal.write(tx, ask.now, ask.who, what, incidents.subject(page.incident), "", {"person": page.person})
    return go("/deliveries")


def where(page: Page) -> str:
    """Where a page goes, as others may read it."""
    return place(page.channel, page.address)


def place(channel: str, address: str) -> str:
    """The address as others may read it: a key (a hook, a token) is masked, a person's own address is not."""
    return address if channel in PUBLIC_CHANNELS and "://" not in address else masked(channel, address)


def _worst_first(state: EndpointState) -> tuple[bool, int, str]:
    return (state.dead_at is None, -state.failures, state.key)
