"""May I say this? The text with its findings, who must still say yes, and the record of where it was posted."""

from datetime import datetime

from starlette.responses import Response

from config.errors import GoldenHourError, InputError, StaleError
from desk.screens.door import Ask, go
from desk.screens.editor_view import text_view
from desk.screens.fields import moment_of
from desk.screens.frame import show
from desk.screens.incident import by_number
from desk.screens.trouble import explain, missing
from statements.release import Edit, Post
from store import texts
from store.database import Tx
from store.nouns import Draft, Incident

KINDS, LANGS = ("holding", "qa"), ("zh", "en")


def show_text(ask: Ask) -> Response:
    """The newest version."""
    with ask.room.store.reading() as tx:
        incident, kind, lang = _place(ask, tx)
        view = text_view(ask, tx, incident, kind, lang)
    return show(ask, "editor.html", view=view, mine=None, fault="", saved=ask.query("saved"))


def save(ask: Ask) -> Response:
    """A new version on top of the one that was read; when somebody saved first both texts are shown."""
    body = ask.form.get("body", "")
    try:
        with ask.room.store.transaction() as tx:
            incident, kind, lang = _place(ask, tx)
            edit = Edit(incident.id, kind, lang, body, _whole(ask.field("based_on")))
            ask.room.release.save(tx, edit, ask.who, ask.now)
    except (StaleError, InputError) as error:
        return _hand_back(ask, body, error)
    return go(f"{_home(ask)}?saved=saved")


def approve(ask: Ask) -> Response:
    """A yes to exactly the text that was on the screen."""
    with ask.room.store.transaction() as tx:
        incident, kind, lang = _place(ask, tx)
        draft = _own_draft(tx, incident, kind, lang, ask.field("draft"))
        ask.room.release.approve(tx, draft.id, ask.field("sha256"), ask.who, ask.now)
    return go(f"{_home(ask)}?saved=approved")


def publish(ask: Ask) -> Response:
    """Where and when a human posted it."""
    with ask.room.store.transaction() as tx:
        incident, kind, lang = _place(ask, tx)
        draft = _own_draft(tx, incident, kind, lang, ask.field("draft"))
        post = Post(ask.field("platform")[:40], ask.field("url")[:500], _posted_at(ask, incident))
        ask.room.release.publish(tx, draft.id, post, ask.who, ask.now)
    return go(f"{_home(ask)}?saved=published")


def _hand_back(ask: Ask, body: str, error: GoldenHourError) -> Response:
    """Nothing typed is lost: the person's text stays in the form, based on the newest version now."""
    with ask.room.store.reading() as tx:
        incident, kind, lang = _place(ask, tx)
        view = text_view(ask, tx, incident, kind, lang)
    status = 409 if isinstance(error, StaleError) else 400
    return show(ask, "editor.html", status, view=view, mine=body, fault=explain(error, ask.lang), saved="")


def _place(ask: Ask, tx: Tx) -> tuple[Incident, str, str]:
    kind, lang = ask.request.path_params["kind"], ask.request.path_params["lang"]
    if kind not in KINDS or lang not in LANGS:
        raise missing()
    return by_number(ask, tx), kind, lang


def _own_draft(tx: Tx, incident: Incident, kind: str, lang: str, draft_id: str) -> Draft:
    """The posted draft, when it is one of this very text."""
    found = texts.draft(tx, draft_id)
    if found is None or (found.incident, found.kind, found.lang) != (incident.id, kind, lang):
        raise InputError("There is no such text.")
    return found


def _posted_at(ask: Ask, incident: Incident) -> datetime:
    """The form knows minutes only: a post in the very minute of the event is not before it."""
    at = moment_of(ask, ask.field("published_at"))
    same_minute = at == incident.t0.replace(second=0, microsecond=0)
    return incident.t0 if same_minute else at


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _home(ask: Ask) -> str:
    place = ask.request.path_params
    return f"/incidents/{place['number']}/texts/{place['kind']}/{place['lang']}"
