"""What does the public see of it, in order? The timeline page as a preview and as one file to put on the own site."""

from starlette.responses import HTMLResponse, Response

from desk.screens.door import Ask
from desk.screens.frame import show
from desk.screens.incident import by_number
from statements.posting.timeline import POLICY, TimelineInput, entries, page_of
from store import facts, publications, texts
from store.database import Tx
from store.nouns import Incident

PLACE = "/incidents/{number:int}/timeline"


def show_timeline(ask: Ask) -> Response:
    """What stands on the page, and the two buttons."""
    with ask.room.store.reading() as tx:
        incident = by_number(ask, tx)
        given = _given(ask, tx, incident)
    return show(ask, "timeline.html", incident=incident, entries=entries(given))


def preview(ask: Ask) -> Response:
    """The page itself, as the public would see it: no script may run in it, and nothing is fetched."""
    policy = f"{POLICY}; frame-ancestors 'none'"
    return HTMLResponse(_page(ask)[1], headers={"Content-Security-Policy": policy})


def download(ask: Ask) -> Response:
    """The same as a file."""
    incident, page = _page(ask)
    name = f"statement-log-{incident.number}.html"
    return HTMLResponse(page, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _page(ask: Ask) -> tuple[Incident, str]:
    with ask.room.store.reading() as tx:
        incident = by_number(ask, tx)
        return incident, page_of(_given(ask, tx, incident))


def _given(ask: Ask, tx: Tx, incident: Incident) -> TimelineInput:
    settings = ask.room.settings
    brand = next((one for one in settings.watch.brand if one.id == incident.brand), None)
    contact = settings.team.contact
    return TimelineInput(
        brand=ask.room.brand_name(incident.brand),
        company=(brand.company or brand.name) if brand else "",
        phone=contact.phone,
        email=contact.email,
        records=tuple(publications.all_of(tx, incident.id)),
        standing=tuple(texts.publications_of(tx, incident.id)),
        drafts=tuple(texts.versions(tx, incident.id)),
        promises=tuple(facts.promises_of(tx, incident.id)),
        zone=ask.room.zone,
        now=ask.now,
    )


ROUTES = (
    (PLACE, "GET", show_timeline),
    (f"{PLACE}/preview", "GET", preview),
    (f"{PLACE}/download", "GET", download),
)
