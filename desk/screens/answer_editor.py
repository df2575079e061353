"""One answer of the sheet: write it, approve it, put it into the library, or take a proposal from there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from starlette.responses import Response

from config.errors import GoldenHourError, InputError, StaleError
from desk.screens.answers import HOME, answers_of, lang_of, may_write, never_said
from desk.screens.door import Ask, go
from desk.screens.fields import moment_of
from desk.screens.frame import show
from desk.screens.incident import by_number
from desk.screens.telling import tell
from desk.screens.trouble import missing
from statements.answering.answer_library import matching
from statements.answering.answer_rules import Written
from statements.answering.answer_sheet import HOT, LONGEST, Row, own_qid, unprepared
from statements.answering.answer_work import Place
from statements.answering.questions import ASKERS, REASONS, STATUSES
from statements.approving import delegation
from statements.approving.approval import sayable
from statements.writing.marks import neutral
from store import answers as kept
from store import facts, reviews_asked
from store.database import Tx
from store.nouns import Fact, FactStatus, Incident, LibraryAnswer, SheetAnswer

NEW = "new"
MOST_FACTS = 20
# An answer for which no update time is known holds so long.
HOLDS = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class View:
    """One answer with all that is needed to write or approve it. `offered`: what the facts alone say now."""

    incident: Incident
    lang: str
    row: Row
    offered: Row | None
    facts: tuple[Fact, ...]
    history: tuple[SheetAnswer, ...]
    shelf: tuple[LibraryAnswer, ...]
    until: datetime
    may_write: bool
    may_approve: bool


def show_answer(ask: Ask) -> Response:
    """The answer as it stands, or the form for a question nobody asked yet."""
    return _screen(ask, 200, {}, ())


def save(ask: Ask) -> Response:
    """A new version; when it is refused, or somebody saved first, nothing typed is lost."""
    lang, written = lang_of(ask), _written(ask)
    try:
        with ask.room.store.transaction() as tx:
            incident = by_number(ask, tx)
            asked = str(ask.request.path_params["qid"])
            qid = own_qid(written.question) if asked == NEW else asked
            place = Place(incident.id, qid, lang, _whole(ask.field("based_on")))
            answers_of(ask).save(tx, place, written, ask.who, ask.now)
    except (InputError, StaleError) as error:
        return _screen(ask, 409 if isinstance(error, StaleError) else 400, ask.form, _faults(error, ask.lang))
    return go(f"/incidents/{incident.number}/answers/{lang}/{qid}?saved=saved")


def approve(ask: Ask) -> Response:
    """A yes to the answer that was on the screen, until a time."""
    with ask.room.store.transaction() as tx:
        place = _place(ask, tx)
        until = moment_of(ask, ask.field("valid_until"))
        answers_of(ask).approve(tx, place, ask.field("answer"), until, ask.who, ask.now)
    return go(f"{_here(ask)}?saved=approved")


def shelve(ask: Ask) -> Response:
    """The approved answer into the library."""
    with ask.room.store.transaction() as tx:
        answers_of(ask).shelve(tx, _place(ask, tx), ask.who, ask.now)
    return go(f"{_here(ask)}?saved=shelved")


def propose(ask: Ask) -> Response:
    """An answer of the library as a proposal here."""
    with ask.room.store.transaction() as tx:
        answers_of(ask).propose(tx, _place(ask, tx), ask.field("shelved"), ask.who, ask.now)
    return go(f"{_here(ask)}?saved=proposed")


def _screen(ask: Ask, status: int, typed: Mapping[str, str], faults: tuple[str, ...]) -> Response:
    with ask.room.store.reading() as tx:
        view = _view(ask, tx)
        avoid = never_said(tx, view.incident, view.lang)
    return show(
        ask,
        "answer.html",
        status,
        view=view,
        typed=typed,
        faults=faults,
        avoid=avoid,
        saved=ask.query("saved"),
        askers=ASKERS,
        reasons=REASONS,
        statuses=STATUSES,
        longest=LONGEST[view.lang],
        hot=HOT,
    )


def _view(ask: Ask, tx: Tx) -> View:
    lang, incident = lang_of(ask), by_number(ask, tx)
    release, work = ask.room.release, answers_of(ask)
    known = facts.current(tx, incident.id)
    context = release.speaking.context(incident, known, lang, ask.now)
    qid = str(ask.request.path_params["qid"])
    rows = {row.qid: row for row in work.rows(tx, incident, lang, ask.now)}
    row = rows.get(qid)
    if row is None and (qid == NEW or qid.startswith("M")):
        question = neutral(ask.form.get("question", "") or ask.query("question", 200))
        row = replace(unprepared(question, "", context, lang), qid=qid)
    if row is None:
        raise missing()
    offered = work.computed(tx, incident, qid, lang, ask.now)
    speakers = delegation.speakers(release.speaking.team, reviews_asked.lent(tx, ask.now), incident.id, ask.now)
    update = context.next_update_at
    return View(
        incident=incident,
        lang=lang,
        row=row,
        offered=offered if offered and row.version and offered.answer != row.answer else None,
        facts=tuple(one for one in known if sayable(one) and one.status is FactStatus.CONFIRMED)[:MOST_FACTS],
        history=tuple(reversed(kept.versions(tx, incident.id, qid, lang))),
        shelf=tuple(matching(kept.library(tx, lang), row.question, incident.category, qid)[:5]),
        until=update if update and update > ask.now else ask.now + HOLDS,
        may_write=may_write(ask, incident),
        may_approve=ask.who in speakers and ask.who != row.author and not row.approved_by and qid != NEW,
    )


def _written(ask: Ask) -> Written:
    labels = tuple(name.removeprefix("fact_") for name in ask.form if name.startswith("fact_") and ask.field(name))
    words = ("question", "answer", "status", "asker", "refer", "reason", "instead", "bridge", "avoid")
    return Written(labels=labels, **{name: ask.field(name) for name in words})


def _place(ask: Ask, tx: Tx) -> Place:
    incident = by_number(ask, tx)
    return Place(incident.id, str(ask.request.path_params["qid"]), lang_of(ask), _whole(ask.field("based_on")))


def _faults(error: GoldenHourError, lang: str) -> tuple[str, ...]:
    return tuple(tell(line, lang) for line in str(error).split("\n"))


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _here(ask: Ask) -> str:
    place = ask.request.path_params
    return f"/incidents/{place['number']}/answers/{place['lang']}/{place['qid']}"


ONE = HOME + "/{lang}/{qid}"
ROUTES = (
    (ONE, "GET", show_answer),
    (ONE, "POST", save),
    (ONE + "/approve", "POST", approve),
    (ONE + "/shelve", "POST", shelve),
    (ONE + "/propose", "POST", propose),
)
