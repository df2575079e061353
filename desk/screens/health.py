"""Is the watcher itself well? One JSON answer for monitors: 200 when it works and hears, else 503. No secrets."""

from starlette.responses import JSONResponse, Response

from config.errors import StoreError
from desk.screens.door import Ask
from desk.screens.listening import ears
from store import agenda, sources

# A calm runner looks every half second; work that waits longer than this is not being done.
LONGEST_LAG_S = 60.0
LONGEST_BEAT_S = 30.0


def show_health(ask: Ask) -> Response:
    """`ok` needs the store, an agenda that is worked off, a beating runner and ears that hear."""
    found: dict[str, object] = {"ok": False, "store": "away", "agenda_lag_s": None, "dead": None, "sources": {}}
    found |= {"beat_age_s": None} | ask.room.well()
    try:
        with ask.room.store.reading() as tx:
            lag = agenda.lag(tx, ask.now).total_seconds()
            dead = len(agenda.dead(tx))
            heard = ears(ask.room.settings.watch.source, sources.all_states(tx), ask.now)
    except StoreError:
        return JSONResponse(found, 503)
    beat = found["beat_age_s"]
    beats = not isinstance(beat, (int, float)) or beat <= LONGEST_BEAT_S
    found["store"] = "ok"
    found["agenda_lag_s"] = round(lag, 1)
    found["dead"] = dead
    found["sources"] = {ear.source.id: ear.word for ear in heard}
    found["ok"] = lag <= LONGEST_LAG_S and beats and not any(ear.deaf for ear in heard)
    return JSONResponse(found, 200 if found["ok"] else 503)
