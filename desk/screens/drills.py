"""When did we last train, and what next? The library of scenarios, past sheets, and the form that opens a drill."""

from collections.abc import Sequence
from typing import cast

from markupsafe import Markup
from starlette.responses import Response

from config.drill_files import find_scenario, scenario_names
from config.drills import SPEEDS, DrillScenario
from config.errors import InputError
from desk import access
from desk.drill.hall import KINDS, Asked, Hall
from desk.drill.live import PARTS
from desk.screens.door import Ask, go
from desk.screens.fields import choice
from desk.screens.frame import show
from statements.drills.drill_next import propose, scored, turns
from statements.drills.drill_words import NAMES
from store import drills
from store.nouns import Drill

STARTERS = ("lead", "ops", "admin")
WIDTH, HEIGHT, EDGE = 320, 96, 12
SHOWN = 12


def hall_of(ask: Ask) -> Hall:
    """The one hall of this process."""
    return cast(Hall, ask.request.app.state.hall)


def show_drills(ask: Ask) -> Response:
    """What is open, what is due, what to play next, what came of the last ones."""
    with ask.room.store.reading() as tx:
        past = drills.listed(tx)
    scenarios = library()
    live = hall_of(ask).live
    return show(
        ask,
        "drills.html",
        live=live.drill if live else None,
        scenarios=scenarios,
        past=past[:SHOWN],
        trend=trend([one.score or 0 for one in reversed(scored(past)[:SHOWN])], ask.word("drill_trend")),
        next=propose(scenarios, past),
        turns=turns(past),
        names=NAMES,
        may_start=access.may(ask.person, *STARTERS),
        kinds=KINDS,
        speeds=SPEEDS,
        seats=_choices(ask),
    )


def start(ask: Ask) -> Response:
    """Open a drill. It is another form on another screen than the one that declares a crisis, on purpose."""
    access.require(ask.person, *STARTERS)
    name = choice(ask, "scenario", scenario_names())
    speed = ask.field("speed") or "1"
    if not speed.isdigit():
        raise InputError("A drill runs 1 to 10 times as fast as real time.")
    seats = {
        person.id: seat
        for person in ask.room.settings.team.person
        if (seat := ask.field(f"seat_{person.id}")) and seat != person.id
    }
    hall = hall_of(ask)
    hall.tidy(ask.now)
    asked = Asked(find_scenario(name), ask.field("kind") or "full", int(speed[:4]), seats)
    drill = hall.start(asked, ask.who, ask.now)
    return go(f"/drills/{drill.number}")


def library() -> list[DrillScenario]:
    """Every shipped scenario, ordinary ones first."""
    return sorted((find_scenario(name) for name in scenario_names()), key=lambda one: (one.meta.hard, one.id))


def seat_name(ask: Ask, seat: str) -> str:
    """A seat as people read it: somebody's own, or one from outside."""
    return ask.word(f"drill_part_{seat}") if seat in PARTS else ask.room.person_name(seat)


def trend(scores: Sequence[int], label: str) -> Markup:
    """The scores of the last drills, oldest first, 0 to 100, as SVG; empty below two."""
    if len(scores) < 2:
        return Markup("")
    step = (WIDTH - 2 * EDGE) / (len(scores) - 1)
    places = [(EDGE + n * step, HEIGHT - EDGE - score * (HEIGHT - 2 * EDGE) / 100) for n, score in enumerate(scores)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in places)
    x, y = places[-1]
    text = f'<text x="{x:.1f}" y="{max(EDGE, y - 6):.1f}" text-anchor="end">{scores[-1]}</text>'
    said = Markup(label).striptags()  # noqa: S704  a word of our own table
    return Markup(  # noqa: S704  numbers and our own word only
        f'<svg class="chart drill-trend" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{said}">'
        f'<polyline class="expected" points="{line}"/>{dots}{text}</svg>'
    )


def _choices(ask: Ask) -> list[tuple[str, str]]:
    people = [(one.id, one.name) for one in ask.room.settings.team.person]
    return [*people, *((one, ask.word(f"drill_part_{one}")) for one in PARTS)]


def title_of(drill: Drill, lang: str) -> str:
    """The drill's title in the reader's language."""
    return drill.zh if lang == "zh" else drill.en


ROUTES = (
    ("/drills", "GET", show_drills),
    ("/drills", "POST", start),
)
