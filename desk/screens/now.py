"""Is anything burning, and do we hear everything? The first screen, and the small answer that keeps it fresh."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup
from starlette.responses import JSONResponse, Response

from desk.chart import sparkline, usual_of
from desk.screens.door import Ask
from desk.screens.frame import Countdown, chosen_brand, countdown, show
from desk.screens.listening import Ear, ears
from desk.screens.steps import Next, next_step, read_progress
from desk.screens.times import clock_face
from monitor import sourcebook
from store import agenda, incidents, sources, volumes
from store.database import Tx
from store.nouns import Incident

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Burning:
    """One open incident as a card. `since_seen` is the second clock: time since detection."""

    incident: Incident
    countdown: Countdown
    since_seen: str
    seen_due_at: datetime
    next: Next


@dataclass(frozen=True, slots=True)
class Quiet:
    """A brand's last 24 hours against usual; `usual` is None while there is too little history."""

    brand: str
    name: str
    mentions: int
    negative: int
    usual: float | None
    line: Markup


def show_now(ask: Ask) -> Response:
    """Open incidents first; else how quiet it is, per brand, and which sources are not well."""
    lang = ask.room.settings.service.language
    brand = chosen_brand(ask)
    with ask.room.store.reading() as tx:
        burning = [_burning(tx, one, lang, ask.now) for one in incidents.listed(tx, open_only=True, brand=brand)]
        quiet = [_quiet(ask, tx, one.id) for one in ask.room.settings.watch.brand if brand in ("", one.id)]
        heard = ears(sourcebook.listed(tx, ask.room.settings.watch), sources.all_states(tx), ask.now)
        dead = len(agenda.dead(tx))
    return show(
        ask,
        "now.html",
        burning=burning,
        quiet=quiet,
        unwell=[ear for ear in heard if not ear.well],
        heard=len([ear for ear in heard if ear.word in ("ok", "empty")]),
        listening=_listening(heard),
        dead=dead,
    )


def pulse(ask: Ask) -> Response:
    """The server's time and a mark that changes when an open incident does; the countdown script asks for it."""
    with ask.room.store.reading() as tx:
        found = incidents.listed(tx, open_only=True)
        heard = ears(sourcebook.listed(tx, ask.room.settings.watch), sources.all_states(tx), ask.now)
    state = [(one.number, one.level, one.paging, one.clock, one.owner, one.status, one.t0) for one in found]
    deaf = [ear.source.id for ear in heard if ear.deaf]
    mark = hashlib.sha256(repr((state, deaf)).encode()).hexdigest()[:16]
    return JSONResponse({"now": ask.now.isoformat(), "mark": mark})


def _listening(heard: tuple[Ear, ...]) -> str:
    """none: no source at all; deaf: some source is not heard; unread: none was read yet; well."""
    active = [ear for ear in heard if ear.word != "off"]
    if not active:
        return "none"
    if any(ear.deaf for ear in active):
        return "deaf"
    return "unread" if all(ear.word == "unknown" for ear in active) else "well"


def _burning(tx: Tx, incident: Incident, lang: str, now: datetime) -> Burning:
    step = next_step(read_progress(tx, incident, lang), lang)
    promise = incident.due_at - incident.t0
    since = clock_face(now - incident.detected_at)
    return Burning(incident, countdown(incident, now), since, incident.detected_at + promise, step)


def _quiet(ask: Ask, tx: Tx, brand: str) -> Quiet:
    end = volumes.bucket_of(ask.now, volumes.HOUR) + HOUR
    buckets = volumes.between(tx, brand, end - 8 * DAY, end, volumes.HOUR)
    day = [one for one in buckets if one.at >= end - DAY]
    hours = [end - DAY + HOUR * n for n in range(24)]
    usual = usual_of(buckets, hours, volumes.first_at(tx, brand))
    return Quiet(
        brand=brand,
        name=ask.room.brand_name(brand),
        mentions=sum(one.mentions for one in day),
        negative=sum(one.negative for one in day),
        usual=sum(usual) if usual else None,
        line=sparkline(day, hours, usual, ask.word("spark_title", brand=ask.room.brand_name(brand))),
    )
