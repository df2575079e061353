"""What did we learn? Minutes against goals, what is missing before it is over, the sheet, and its files."""

from datetime import datetime, time, timedelta
from urllib.parse import quote

from starlette.responses import Response

from config.errors import GoldenHourError, InputError
from desk import access
from desk.screens.door import Ask, go
from desk.screens.fields import moment_of
from desk.screens.frame import show
from desk.screens.incident import by_number
from desk.screens.markdown import to_html as markdown_to_html
from desk.screens.trouble import explain, missing
from statements.known.fact_log import WRITERS
from statements.looking_back import closing, review_export
from statements.looking_back.review import Review, build_review, sheet_of, to_text
from statements.looking_back.review_reading import read_review
from statements.looking_back.reviewing import SIGNERS, NewAction, Noted, Reviewing
from statements.looking_back.sheet import to_markdown
from store import texts
from store.database import Tx
from store.incidents import OPEN
from store.nouns import Incident, IncidentStatus

PLACE = "/incidents/{number:int}/review"
# Free parts of the sheet, in its order; whys, cause, remedy and date have forms of their own.
FREE = (
    "where", "who", "lag_timeline", "lag_assumption", "lag_governance", "aftercare_7", "aftercare_30", "changes",
    "library", "people", "held",
)  # fmt: skip
DONE = ("note", "action")


def show_review(ask: Ask) -> Response:
    """The figures as they stand; the sheet itself appears when the incident is resolved."""
    return _draw(ask)


def write_note(ask: Ask) -> Response:
    """One part of the review in a person's words."""
    due = ask.field("due_at")
    try:
        given = Noted(
            part=ask.field("part"),
            text=ask.field("text"),
            code=ask.field("code"),
            evidence=ask.field("evidence"),
            assumed=bool(ask.field("assumed")),
            due_at=moment_of(ask, due) if due else None,
        )
        with ask.room.store.transaction() as tx:
            _reviewing(ask).note(tx, by_number(ask, tx).id, given, ask.who, ask.now)
    except InputError as error:
        return _draw(ask, error)
    anchor = quote(ask.field("part")[:24], safe="_")
    return go(f"/incidents/{ask.request.path_params['number']}/review?done=note#{anchor}")


def add_action(ask: Ask) -> Response:
    """Somebody will change something by a day."""
    try:
        new = NewAction(ask.field("what"), ask.field("owner"), ask.field("verifier"), _end_of_day(ask))
        with ask.room.store.transaction() as tx:
            _reviewing(ask).add_action(tx, by_number(ask, tx).id, new, ask.who, ask.now)
    except InputError as error:
        return _draw(ask, error)
    return go(f"/incidents/{ask.request.path_params['number']}/review?done=action#actions")


def export(ask: Ask) -> Response:
    """The sheet as a file: html, md or docx, in the reader's language."""
    form = ask.request.path_params["form"]
    if form not in ("html", "md", "docx"):
        raise missing()
    with ask.room.store.reading() as tx:
        incident = by_number(ask, tx)
        blocks = sheet_of(_figures(ask, tx, incident), ask.lang)
    body: str | bytes
    if form == "docx":
        body, kind = review_export.to_docx(blocks, ask.lang), review_export.DOCX
    elif form == "html":
        body, kind = review_export.to_html(blocks, ask.lang), "text/html"
    else:
        body, kind = to_markdown(blocks), "text/markdown"
    name = f"review-{incident.number}-{ask.lang}.{form}"
    return Response(body, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _draw(ask: Ask, error: GoldenHourError | None = None) -> Response:
    with ask.room.store.reading() as tx:
        incident = by_number(ask, tx)
        figures = _figures(ask, tx, incident)
        kept = texts.review(tx, incident.id)
        then = IncidentStatus.RESOLVED if incident.status in OPEN else IncidentStatus.REVIEWED
        gaps = closing.open_gaps(tx, incident, then) if incident.status in (*OPEN, IncidentStatus.RESOLVED) else ()
    sheet = markdown_to_html(to_text(figures, ask.lang)) if kept else None
    return show(
        ask,
        "review_sheet.html",
        400 if error else 200,
        incident=incident,
        figures=figures,
        notes=figures.given.notes,
        sheet=sheet,
        written_at=kept[0] if kept else None,
        gaps=gaps,
        then=then.value,
        causes=closing.ROOT_CAUSES,
        remedies=closing.REMEDY_STATES,
        free=FREE,
        latest=ask.now + closing.LATEST_REVIEW,
        planned=ask.now + timedelta(days=3),
        may_write=access.may(ask.person, *WRITERS),
        may_sign=access.may(ask.person, *SIGNERS),
        matrix=ask.room.release.speaking.remedies,
        fault=explain(error, ask.lang) if error else "",
        typed=ask.form if error else {},
        done=ask.query("done") if ask.query("done") in DONE else "",
    )


def _figures(ask: Ask, tx: Tx, incident: Incident) -> Review:
    team = ask.room.settings.team
    return build_review(read_review(tx, incident, ask.room.brand_name(incident.brand), ask.room.zone, team, ask.now))


def _reviewing(ask: Ask) -> Reviewing:
    return Reviewing(ask.room.ids, ask.room.release.speaking)


def _end_of_day(ask: Ask) -> datetime:
    """A date field as the last minute of that day where the service is."""
    try:
        day = datetime.fromisoformat(ask.field("due")).date()
    except ValueError:
        raise InputError("The date is not readable; write it like 2026-03-12.") from None
    return datetime.combine(day, time(23, 59), tzinfo=ask.room.zone)


ROUTES = (
    (PLACE, "GET", show_review),
    (f"{PLACE}/notes", "POST", write_note),
    (f"{PLACE}/actions", "POST", add_action),
    (f"{PLACE}/export/{{form}}", "GET", export),
)
