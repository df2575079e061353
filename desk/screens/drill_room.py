"""One drill: while it is open its time, story and buttons; afterwards its sheet, the hot wash and a download."""

from datetime import datetime
from urllib.parse import quote

from pydantic import ValidationError
from starlette.responses import Response

from config.drills import SPEEDS, Inject
from config.errors import InputError, MoveError
from config.team import Person
from desk import access
from desk.drill.hall import LONGEST_NOTE
from desk.drill.live import Live
from desk.drill.watermark import BOTH, PATH, ZH
from desk.screens.door import Ask, go
from desk.screens.drills import STARTERS, hall_of, seat_name, title_of
from desk.screens.fields import choice
from desk.screens.frame import show
from desk.screens.trouble import missing
from statements.drills.drill_sheet import to_text
from store import drills, journal
from store.database import Tx
from store.nouns import Drill, DrillState

LONGEST_SAID = 500
SHOWN_LETTERS = 40
# What somebody from outside may do, and how it reaches the team.
VOICES = {"reporter": ("call", "reporter"), "parent": ("post", "customer")}


def show_drill(ask: Ask) -> Response:
    """The room while it is open here, else the sheet."""
    hall = hall_of(ask)
    hall.tidy(ask.now)
    with ask.room.store.reading() as tx:
        drill = _drill(ask, tx)
        notes = [one for one in journal.entries(tx, drills.subject(drill.id)) if one.what == "drill_note"]
    live = hall.live if hall.live and hall.live.drill.id == drill.id else None
    seat = drill.seats.get(ask.who, ask.who)
    return show(
        ask,
        "drill_room.html",
        drill=drill,
        title=title_of(drill, ask.lang),
        mark=BOTH,
        inside=f"{PATH}/",
        live=live,
        now=live.clock() if live else None,
        happened=_happened(live) if live else [],
        letters=live.stage.mailbox.letters()[-SHOWN_LETTERS:][::-1] if live else [],
        refused=live.stage.edge.refused if live else [],
        seats=[(one.name, seat_name(ask, drill.seats[one.id])) for one in _swapped(ask, drill)],
        seat=seat,
        seat_name=seat_name(ask, seat),
        voice=seat if seat in VOICES else "",
        speeds=SPEEDS,
        notes=notes,
        may_run=access.may(ask.person, *STARTERS),
        sheet=drill.sheet,
    )


def suspend(ask: Ask) -> Response:
    """Anybody may stop a drill; only who starts them lets it go on."""
    hall_of(ask).suspend(ask.who, ask.field("why")[:200])
    return _back(ask)


def resume(ask: Ask) -> Response:
    """Go on; beside a real crisis only with a tick."""
    access.require(ask.person, *STARTERS)
    hall_of(ask).resume(ask.who, ask.now, despite=ask.field("despite") == "yes")
    return _back(ask)


def end(ask: Ask) -> Response:
    """End it: the sheet is there at once."""
    access.require(ask.person, *STARTERS)
    hall_of(ask).end(ask.who, ask.now)
    return _back(ask)


def pace(ask: Ask) -> Response:
    """Another speed."""
    access.require(ask.person, *STARTERS)
    hall_of(ask).go_at(int(choice(ask, "speed", [str(one) for one in SPEEDS])))
    return _back(ask)


def note(ask: Ask) -> Response:
    """A note: into the drill's journal while it is open, into the hot wash afterwards."""
    words = ask.field("words")
    with ask.room.store.reading() as tx:
        drill = _drill(ask, tx)
    if drill.state is not DrillState.ENDED:
        hall_of(ask).note(ask.who, words)
        return _back(ask)
    flat = " ".join(words.split())
    if not 2 <= len(flat) <= LONGEST_NOTE:
        raise InputError(f"A note has 2 to {LONGEST_NOTE} characters.")
    with ask.room.store.transaction() as tx:
        journal.write(tx, ask.now, ask.who, "drill_note", drills.subject(drill.id), flat)
    return _back(ask)


def say(ask: Ask) -> Response:
    """Who plays a reporter or a parent speaks up: a call or a post, played like any inject."""
    live = hall_of(ask).live
    if live is None or not live.clock.running:
        raise MoveError("The drill is suspended; nothing is done in it now.")
    seat = live.drill.seats.get(ask.who, "")
    if seat not in VOICES:
        raise MoveError("Only who plays a reporter or a parent speaks from outside.")
    channel, author = VOICES[seat]
    words = ask.field("words")
    if not 2 <= len(words) <= LONGEST_SAID:
        raise InputError(f"What is said has 2 to {LONGEST_SAID} characters.")
    brand = live.stage.scenario.brand.any[0]
    text = words if brand in words else f"{brand}：{words}"
    inject = _inject({"id": f"said-{ask.room.ids()[-12:]}", "channel": channel, "author": author, "text": text})
    now: datetime = live.clock()
    with live.stage.store.transaction() as tx:
        live.story.happen(tx, inject, now)
    return _back(ask)


def download(ask: Ask) -> Response:
    """The sheet as Markdown, the mark in its name and its first line."""
    with ask.room.store.reading() as tx:
        drill = _drill(ask, tx)
    if drill.sheet is None:
        raise missing()
    name = quote(f"{ZH}{drill.scenario}-{drill.number}.md")
    headers = {"Content-Disposition": f"attachment; filename=\"DRILL-{drill.number}.md\"; filename*=UTF-8''{name}"}
    text = to_text(drill.sheet, title_of(drill, ask.lang), ask.lang)
    return Response(text, headers=headers, media_type="text/markdown; charset=utf-8")


def _inject(given: dict[str, str]) -> Inject:
    try:
        return Inject.model_validate({"at": 0} | given)
    except ValidationError as error:
        raise InputError("In a drill nobody says real numbers, mail addresses or addresses of the web.") from error


def _drill(ask: Ask, tx: Tx) -> Drill:
    found = drills.by_number(tx, int(ask.request.path_params["number"]))
    if found is None:
        raise missing()
    return found


def _happened(live: Live) -> list[tuple[datetime, Inject]]:
    known = {one.id: one for one in live.stage.scenario.inject}
    return [(at, known[name]) for name, at in reversed(live.story.played.items())]


def _swapped(ask: Ask, drill: Drill) -> list[Person]:
    return [one for one in ask.room.settings.team.person if one.id in drill.seats]


def _back(ask: Ask) -> Response:
    return go(f"/drills/{int(ask.request.path_params['number'])}")


ROUTES = (
    ("/drills/{number:int}", "GET", show_drill),
    ("/drills/{number:int}/suspend", "POST", suspend),
    ("/drills/{number:int}/resume", "POST", resume),
    ("/drills/{number:int}/end", "POST", end),
    ("/drills/{number:int}/pace", "POST", pace),
    ("/drills/{number:int}/note", "POST", note),
    ("/drills/{number:int}/say", "POST", say),
    ("/drills/{number:int}/sheet.md", "GET", download),
)
