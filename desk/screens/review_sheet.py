"""What did we learn? Minutes against goals, and the review sheet written from the journal."""

from starlette.responses import Response

from desk.screens.door import Ask
from desk.screens.frame import show
from desk.screens.incident import by_number
from desk.screens.markdown import to_html
from statements.review import Review, ReviewInput, build_review
from store import facts, incidents, journal, pages, texts
from store.database import Tx
from store.incidents import subject
from store.nouns import Incident


def show_review(ask: Ask) -> Response:
    """The figures as they stand; the sheet itself appears when the incident is resolved."""
    with ask.room.store.reading() as tx:
        incident = by_number(ask, tx)
        figures = _figures(ask, tx, incident)
        kept = texts.review(tx, incident.id)
    sheet = to_html(kept[1] if ask.lang == "zh" else kept[2]) if kept else None
    return show(
        ask, "review_sheet.html", incident=incident, figures=figures, sheet=sheet, written_at=kept[0] if kept else None
    )


def _figures(ask: Ask, tx: Tx, incident: Incident) -> Review:
    return build_review(
        ReviewInput(
            incident=incident,
            journal=tuple(journal.entries(tx, subject(incident.id))),
            levels=tuple(incidents.levels(tx, incident.id)),
            pages=tuple(pages.of_incident(tx, incident.id)),
            drafts=tuple(texts.versions(tx, incident.id)),
            publications=tuple(texts.publications_of(tx, incident.id)),
            promises=tuple(facts.promises_of(tx, incident.id)),
            mention_count=len(incidents.mention_ids(tx, incident.id)),
            brand_name=ask.room.brand_name(incident.brand),
            zone=ask.room.zone,
        )
    )
