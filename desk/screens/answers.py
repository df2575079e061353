"""What will they ask, what do we answer? The Q&A sheet, gaps first; and the sheet for practice."""

from collections.abc import Sequence

from starlette.responses import Response

from desk import access
from desk.screens.door import Ask, go
from desk.screens.frame import show
from desk.screens.incident import by_number
from desk.screens.trouble import missing
from statements.answering.answer_sheet import Row
from statements.answering.answer_work import Answers
from statements.answering.questions import Hostile, hostile_for
from statements.known.do_not_say import DoNotSay, do_not_say
from statements.known.fact_log import WRITERS
from store import claims, facts
from store.database import Tx
from store.incidents import OPEN
from store.nouns import Incident

LANGS = ("zh", "en")
HOME = "/incidents/{number:int}/answers"


def answers_of(ask: Ask) -> Answers:
    """The sheet's verbs, with the words and people of this house."""
    release = ask.room.release
    return Answers(ask.room.ids, release.speaking, release.wording)


def lang_of(ask: Ask) -> str:
    """The language of the address, or a 404 screen."""
    lang = str(ask.request.path_params["lang"])
    if lang not in LANGS:
        raise missing()
    return lang


def never_said(tx: Tx, incident: Incident, lang: str) -> tuple[DoNotSay, ...]:
    """What nobody may say yet, of the facts and of what is claimed."""
    return do_not_say(facts.current(tx, incident.id), claims.current(tx, incident.id), lang)


def may_write(ask: Ask, incident: Incident) -> bool:
    return incident.status in OPEN and access.may(ask.person, *WRITERS)


def choose(ask: Ask) -> Response:
    """The sheet in the reader's language."""
    with ask.room.store.reading() as tx:
        incident = by_number(ask, tx)
    return go(f"/incidents/{incident.number}/answers/{ask.lang}")


def show_sheet(ask: Ask) -> Response:
    """All questions: gaps first, then the hottest."""
    lang = lang_of(ask)
    with ask.room.store.reading() as tx:
        incident = by_number(ask, tx)
        rows = answers_of(ask).rows(tx, incident, lang, ask.now)
        avoid = never_said(tx, incident, lang)
    return show(
        ask,
        "answers.html",
        incident=incident,
        of=lang,
        gaps=[row for row in rows if row.gap],
        rest=[row for row in rows if not row.gap],
        ready=sum(row.usable and row.status == "READY" for row in rows),
        avoid=avoid,
        may_write=may_write(ask, incident),
        saved=ask.query("saved"),
    )


def show_practice(ask: Ask) -> Response:
    """The five worst questions, each with the nearest answer of the sheet hidden until it is asked for."""
    lang = lang_of(ask)
    with ask.room.store.reading() as tx:
        incident = by_number(ask, tx)
        rows = answers_of(ask).rows(tx, incident, lang, ask.now)
        avoid = never_said(tx, incident, lang)
    worst = paired(hostile_for(incident.category), rows)
    return show(ask, "answers_practice.html", incident=incident, of=lang, worst=worst, avoid=avoid)


def paired(worst: Sequence[Hostile], rows: Sequence[Row]) -> list[tuple[Hostile, Row | None]]:
    """Each of the worst questions with the answer of the sheet that is nearest."""
    known = {row.qid: row for row in rows}
    return [(one, known.get(one.like)) for one in worst]


ROUTES = (
    (HOME, "GET", choose),
    (HOME + "/{lang}", "GET", show_sheet),
    (HOME + "/{lang}/practice", "GET", show_practice),
)
