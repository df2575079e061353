"""Which texts does this incident have, in what state, and which should be prepared next?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from config.errors import GoldenHourError
from desk import access
from desk.screens.door import Ask, Handler, go
from desk.screens.frame import show
from desk.screens.incident import by_number
from desk.screens.trouble import STATUS, explain
from statements.known.fact_log import WRITERS
from statements.known.since import Change, read_measures
from statements.writing.preparing import ON_DEMAND, Preparing, changed_since_release
from statements.writing.render import KINDS, LANGS
from store import texts
from store.database import Tx
from store.incidents import OPEN
from store.nouns import Draft, Incident

LONGEST_MEASURES: Final = 5000


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of text: its newest version per language, None where there is none."""

    kind: str
    newest: tuple[tuple[str, Draft | None], ...]
    on_demand: bool


def show_texts(ask: Ask) -> Response:
    """Every kind with its two languages; what changed since the last release stands above."""
    return _draw(ask)


def prepare(ask: Ask) -> Response:
    """A fresh draft from the facts as they are; nobody's open work is replaced."""
    place = ask.request.path_params
    kind, lang = place["kind"], place["lang"]
    try:
        with ask.room.store.transaction() as tx:
            incident = by_number(ask, tx)
            measures = read_measures(ask.form.get("measures", "")[:LONGEST_MEASURES])
            maker = Preparing(ask.room.ids, ask.room.release.speaking)
            maker.prepare(tx, incident.id, (kind, lang), ask.who, ask.now, measures)
    except GoldenHourError as error:
        if type(error) not in STATUS:
            raise
        return _draw(ask, explain(error, ask.lang), STATUS[type(error)])
    return go(f"/incidents/{place['number']}/texts/{kind}/{lang}")


def _draw(ask: Ask, fault: str = "", status: int = 200) -> Response:
    with ask.room.store.reading() as tx:
        incident = by_number(ask, tx)
        rows, changes = _rows(tx, incident), changed_since_release(tx, incident)
    return show(
        ask,
        "text_list.html",
        status,
        incident=incident,
        rows=rows,
        changes=[_shown(ask, one) for one in changes],
        may=incident.status in OPEN and access.may(ask.person, *WRITERS),
        measures=ask.form.get("measures", ""),
        fault=fault,
    )


def _rows(tx: Tx, incident: Incident) -> Sequence[Row]:
    newest: dict[tuple[str, str], Draft] = {}
    for one in sorted(texts.versions(tx, incident.id), key=lambda draft: draft.version):
        newest[one.kind, one.lang] = one
    return [Row(kind, tuple((lang, newest.get((kind, lang))) for lang in LANGS), kind in ON_DEMAND) for kind in KINDS]


def _shown(ask: Ask, change: Change) -> tuple[str, str, str]:
    """(label, words then, words now) as this person may read them."""
    if not access.may_read(ask.person, change.after):
        return change.after.label, "", ask.word("fact_privileged")
    before = change.before
    hidden = before is None or not access.may_read(ask.person, before)
    then = "" if before is None or hidden else before.zh or before.en
    return change.after.label, then, change.after.zh or change.after.en


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("/incidents/{number:int}/texts", "GET", show_texts),
    ("/incidents/{number:int}/texts/{kind}/{lang}/prepare", "POST", prepare),
)
