"""Is the watcher itself well? JSON for monitors (200 or 503) and a screen: would you believe the silence?"""

from dataclasses import dataclass, field
from datetime import timedelta

from starlette.responses import JSONResponse, Response

from config.errors import StoreError
from desk.screens.door import Ask
from desk.screens.frame import show
from desk.wellness import Wellness, look
from monitor import sourcebook
from store import figures
from store.database import Tx
from store.nouns import PageStatus

# Beyond this the machine's clock was set; the service keeps its own.
SMALL_DRIFT_S = 5.0
STATES = ("bad", "note", "unknown", "well")
DAY = timedelta(days=1)
AWAY: dict[str, object] = {
    "ok": False,
    "store": "away",
    "agenda_lag_s": None,
    "oldest_page_s": None,
    "workers": None,
    "beat_age_s": None,
    "dead": None,
    "sources": {},
    "drift_s": None,
    "exhausted": [],
    "dead_endpoints": None,
}


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the screen: words `well_NAME` and `well_NAME_STATE` with `values`; `url` is where to act."""

    name: str
    state: str
    values: dict[str, object] = field(default_factory=dict)
    url: str = ""


def show_health(ask: Ask) -> Response:
    """What was seen, and `ok`: the rule of desk.wellness."""
    beat = ask.room.well()
    try:
        with ask.room.store.reading() as tx:
            well = _look(ask, tx)
    except StoreError:
        return JSONResponse(AWAY | beat, 503)
    found: dict[str, object] = {
        "ok": well.ok,
        "store": "ok",
        "agenda_lag_s": well.agenda_lag_s,
        "oldest_page_s": well.oldest_page_s,
        "workers": well.workers,
        "beat_age_s": None,
        "dead": well.dead,
        "sources": {ear.source.id: ear.word for ear in well.ears},
        "drift_s": well.drift_s,
        "exhausted": list(well.exhausted),
        "dead_endpoints": well.dead_endpoints,
    }
    return JSONResponse(found | beat, 200 if well.ok else 503)


def show_watching(ask: Ask) -> Response:
    """The same for people, worst first, and what to do about it."""
    with ask.room.store.reading() as tx:
        well = _look(ask, tx)
        faults = ask.room.in_force(tx).faults
        last = figures.newest_notice(tx, "daily")
        ends = figures.notice_ends(tx, "daily", f"{last.astimezone(ask.room.zone):%Y-%m-%d}") if last else {}
    daily = _daily(ask, ends, recent=last is not None and ask.now - last < DAY)
    words = [Check("words", "bad", {"names": "; ".join(map(str, faults))}, "/taxonomy")] if faults else []
    found = sorted([*checks(ask, well), daily, *words], key=lambda one: STATES.index(one.state))
    return show(ask, "health.html", checks=found, well=well, last_daily=last)


def checks(ask: Ask, well: Wellness) -> list[Check]:
    """Everything that could make silence a lie, each as well, bad, worth a note, or unknown."""
    bad = well.faults

    def span(seconds: float) -> str:
        return ask.times.span(timedelta(seconds=seconds))

    beat = "unknown" if well.beat_age_s is None else _state("beat", bad)
    numbers = " ".join(f"#{number}" for number in well.exhausted)
    deaf = ", ".join(ear.source.id for ear in well.ears if ear.deaf)
    unwell = sum(not ear.well for ear in well.ears)
    heard = "bad" if deaf else "unknown" if not well.ears else "note" if unwell else "well"
    workers = "unknown" if not well.served else _state("workers", bad)
    drifts = abs(well.drift_s) > SMALL_DRIFT_S
    return [
        Check("exhausted", _state("exhausted", bad), {"numbers": numbers}, "/incidents"),
        Check("beat", beat, {"span": span(well.beat_age_s or 0)}),
        Check("workers", workers, {"n": well.workers}),
        Check("agenda", _state("agenda", bad), {"span": span(well.agenda_lag_s)}, "/deliveries"),
        Check("pages", _state("pages", bad), {"span": span(well.oldest_page_s or 0)}, "/deliveries"),
        Check("sources", heard, {"names": deaf, "n": len(well.ears), "unwell": unwell}, "/sources"),
        Check("dead", "note" if well.dead else "well", {"n": well.dead}, "/deliveries"),
        Check("endpoints", "note" if well.dead_endpoints else "well", {"n": well.dead_endpoints}, "/deliveries"),
        Check("clock", "note" if drifts else "well", {"span": span(abs(well.drift_s))}),
        Check("outside", "well" if ask.room.settings.service.watching.heartbeat_url else "note"),
    ]


def _daily(ask: Ask, ends: dict[PageStatus, int], *, recent: bool) -> Check:
    """Did the last daily page arrive? Off is a note, for then nobody would miss it."""
    at = ask.room.settings.service.watching.daily
    sent = ends.get(PageStatus.ACCEPTED, 0) + ends.get(PageStatus.UNVERIFIED, 0)
    values: dict[str, object] = {"at": at, "sent": sent, "n": sum(ends.values())}
    if not at:
        return Check("daily", "note", values)
    if not ends:
        return Check("daily", "unknown", values)
    return Check("daily", "well" if recent and PageStatus.FAILED not in ends else "bad", values, "/deliveries")


def _look(ask: Ask, tx: Tx) -> Wellness:
    beat = ask.room.well().get("beat_age_s")
    return look(
        tx, sourcebook.listed(tx, ask.room.settings.watch), ask.now, beat if isinstance(beat, (int, float)) else None
    )


def _state(name: str, bad: tuple[str, ...]) -> str:
    return "bad" if name in bad else "well"
