"""The frame around every screen: bar, strip of the worst open incident, what we do not hear; and drawing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import cast

import jinja2
from starlette.responses import HTMLResponse

from desk.access import may, may_read
from desk.screens.door import Ask
from desk.screens.listening import Ear, ears
from desk.screens.steps import Next, next_step, read_progress
from desk.screens.telling import tell
from desk.screens.times import clock_face
from desk.words import platform_word, word
from monitor import sourcebook
from statements.looking_back.deeds import deed
from store import incidents, sources
from store.database import Tx
from store.nouns import ClockState, Incident, Paging

HTML = Path(__file__).parents[1] / "html"
NAV = (
    ("/", "nav_now"),
    ("/incidents", "nav_incidents"),
    ("/inquiries", "inq_nav"),
    ("/mentions", "nav_mentions"),
    ("/triage", "tri_nav"),
    ("/sources", "nav_sources"),
    ("/thresholds", "thr_nav"),
)
# Only for those who write texts or say yes to them.
APPROVERS = ("responder", "drafter", "legal", "spokesperson", "lead")
NavExtra = Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Countdown:
    """What the first-hour clock shows: `state` is none, running, over, met, met_late or cancelled."""

    state: str
    due_at: datetime
    face: str

    @property
    def ticks(self) -> bool:
        return self.state in ("running", "over")


@dataclass(frozen=True, slots=True)
class Strip:
    """The worst open incident, on every screen."""

    incident: Incident
    countdown: Countdown
    next: Next
    others: int


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a screen."""

    strip: Strip | None
    unanswered: tuple[Incident, ...]
    deaf: tuple[Ear, ...]
    nav: tuple[tuple[str, str, bool], ...]
    brands: tuple[tuple[str, str], ...]
    brand: str
    here: str


def show(ask: Ask, template: str, status: int = 200, *, bare: bool = False, **values: object) -> HTMLResponse:
    """Draw a screen. `bare` leaves out everything that needs the store (and what a stranger may not see)."""
    bare = bare or ask.person is None
    if bare:
        frame = Frame(None, (), (), (), (), "", ask.request.url.path)
    else:
        with ask.room.store.reading() as tx:
            frame = frame_of(ask, tx)
    html = (
        pages()
        .get_template(template)
        .render(
            {
                "ask": ask,
                "t": partial(word, lang=ask.lang),
                "lang": ask.lang,
                "other_lang": "en" if ask.lang == "zh" else "zh",
                "times": ask.times,
                "room": ask.room,
                "frame": frame,
                "bare": bare,
                "platform_word": partial(platform_word, lang=ask.lang),
                "deed": partial(deed, lang=ask.lang),
                "tell": partial(tell, lang=ask.lang),
                "readable": partial(may_read, ask.person),
                **values,
            }
        )
    )
    return HTMLResponse(html, status_code=status)


def frame_of(ask: Ask, tx: Tx) -> Frame:
    """The frame as it stands now."""
    watch = ask.room.settings.watch
    brand = chosen_brand(ask)
    here = ask.request.url.path
    extra = cast(NavExtra, ask.request.app.state.nav_extra)
    known = (*NAV, ("/approvals", "apr_nav")) if may(ask.person, *APPROVERS) else NAV
    nav = [(url, ask.word(key)) for url, key in known]
    nav += [(url, zh if ask.lang == "zh" else en) for url, zh, en in extra]
    heard = ears(sourcebook.listed(tx, watch), sources.all_states(tx), ask.now)
    found = incidents.listed(tx, open_only=True)
    return Frame(
        strip=_strip(ask, tx, found),
        unanswered=tuple(one for one in found if one.paging == Paging.EXHAUSTED),
        deaf=tuple(ear for ear in heard if ear.deaf),
        nav=tuple((url, name, here == url or (url != "/" and here.startswith(url + "/"))) for url, name in nav),
        brands=tuple((one.id, one.name) for one in watch.brand),
        brand=brand,
        here=here,
    )


def chosen_brand(ask: Ask) -> str:
    """The brand of the switch; "" is all of them."""
    chosen = ask.request.cookies.get("brand", "")
    return chosen if any(one.id == chosen for one in ask.room.settings.watch.brand) else ""


def countdown(incident: Incident, now: datetime) -> Countdown:
    """The promise counted from the event, in the words of its present state."""
    left = incident.due_at - now
    if incident.clock in (ClockState.RUNNING, ClockState.BREACHED):
        return Countdown("running" if left > timedelta() else "over", incident.due_at, clock_face(left))
    if incident.met_at and incident.clock in (ClockState.MET, ClockState.MET_LATE):
        return Countdown(incident.clock.value, incident.due_at, clock_face(incident.met_at - incident.t0))
    return Countdown("cancelled" if incident.clock == ClockState.CANCELLED else "none", incident.due_at, "")


def _strip(ask: Ask, tx: Tx, found: Sequence[Incident]) -> Strip | None:
    if not found:
        return None
    worst = min(found, key=lambda one: (-one.level.rank, one.due_at))
    lang = ask.room.settings.service.language
    step = next_step(read_progress(tx, worst, lang), lang)
    return Strip(worst, countdown(worst, ask.now), step, len(found) - 1)


@cache
def pages() -> jinja2.Environment:
    """All templates; everything printed is escaped, an unknown name is an error."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(HTML),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
