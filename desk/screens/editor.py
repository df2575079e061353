"""May I say this? The text with its findings, who must still say yes, and the record of where it was posted."""

from datetime import datetime

from starlette.responses import Response

from config.errors import GoldenHourError, InputError, StaleError
from desk.screens.door import Ask, go
from desk.screens.editor_place import home, own_draft, place, whole
from desk.screens.editor_view import fits, text_view
from desk.screens.fields import moment_of
from desk.screens.frame import show
from desk.screens.trouble import explain
from statements.approving.comparing_texts import compare
from statements.approving.release import Edit, Post
from store.nouns import Incident


def show_text(ask: Ask) -> Response:
    """The newest version."""
    with ask.room.store.reading() as tx:
        incident, kind, lang = place(ask, tx)
        view = text_view(ask, tx, incident, kind, lang)
    return show(ask, "editor.html", view=view, mine=None, fault="", saved=ask.query("saved"), pieces=(), fits=fits)


def save(ask: Ask) -> Response:
    """A new version on top of the one that was read; when somebody saved first both texts are shown."""
    body = ask.form.get("body", "")
    try:
        with ask.room.store.transaction() as tx:
            incident, kind, lang = place(ask, tx)
            edit = Edit(incident.id, kind, lang, body, whole(ask.field("based_on")))
            ask.room.release.save(tx, edit, ask.who, ask.now)
    except (StaleError, InputError) as error:
        return _hand_back(ask, body, error)
    return go(f"{home(ask)}?saved=saved")


def publish(ask: Ask) -> Response:
    """Where and when a human posted it."""
    with ask.room.store.transaction() as tx:
        incident, kind, lang = place(ask, tx)
        draft = own_draft(tx, incident, kind, lang, ask.field("draft"))
        post = Post(ask.field("platform")[:40], ask.field("url")[:500], _posted_at(ask, incident))
        ask.room.release.publish(tx, draft.id, post, ask.who, ask.now)
    return go(f"{home(ask)}?saved=published")


def _hand_back(ask: Ask, body: str, error: GoldenHourError) -> Response:
    """Nothing typed is lost: the person's text stays in the form, based on the newest version now."""
    with ask.room.store.reading() as tx:
        incident, kind, lang = place(ask, tx)
        view = text_view(ask, tx, incident, kind, lang)
    status = 409 if isinstance(error, StaleError) else 400
    theirs = view.draft.body if view.draft else ""
    pieces = compare(theirs, body.replace("\r\n", "\n")) if status == 409 else ()
    fault = explain(error, ask.lang)
    return show(ask, "editor.html", status, view=view, mine=body, fault=fault, saved="", pieces=pieces, fits=fits)


def _posted_at(ask: Ask, incident: Incident) -> datetime:
    """The form knows minutes only: a post in the very minute of the event is not before it."""
    at = moment_of(ask, ask.field("published_at"))
    same_minute = at == incident.t0.replace(second=0, microsecond=0)
    return incident.t0 if same_minute else at
