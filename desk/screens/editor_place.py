"""Which text an address means: its incident, kind and language, and the very version a form was made from."""

from config.errors import InputError
from desk.screens.door import Ask
from desk.screens.incident import by_number
from desk.screens.trouble import missing
from statements.writing.render import KINDS, LANGS
from store import texts
from store.database import Tx
from store.nouns import Draft, Incident

# The short form is asked for before there is a template of that kind.
ALL_KINDS = tuple(dict.fromkeys((*KINDS, "short")))


def place(ask: Ask, tx: Tx) -> tuple[Incident, str, str]:
    """(incident, kind, lang) of the address, or a 404 screen."""
    kind, lang = ask.request.path_params["kind"], ask.request.path_params["lang"]
    if kind not in ALL_KINDS or lang not in LANGS:
        raise missing()
    return by_number(ask, tx), kind, lang


def own_draft(tx: Tx, incident: Incident, kind: str, lang: str, draft_id: str) -> Draft:
    """The posted draft, when it is one of this very text."""
    found = texts.draft(tx, draft_id)
    if found is None or (found.incident, found.kind, found.lang) != (incident.id, kind, lang):
        raise InputError("There is no such text.")
    return found


def whole(text: str) -> int:
    """The whole number a form says; 0 when it is none."""
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def home(ask: Ask) -> str:
    """The address of the text itself."""
    found = ask.request.path_params
    return f"/incidents/{found['number']}/texts/{found['kind']}/{found['lang']}"
