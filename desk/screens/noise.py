"""The noise ledger: which calls were worth it, which were not, what was missed, and whom it woke how often."""

from datetime import timedelta

from starlette.responses import Response

from desk.screens.door import Ask
from desk.screens.frame import show
from monitor.noise import ledger
from store import ledger as books

WEEKS = 12


def show_noise(ask: Ask) -> Response:
    """The last twelve weeks."""
    since = ask.now - timedelta(weeks=WEEKS)
    with ask.room.store.reading() as tx:
        opened = books.opened(tx, since)
        calls = books.calls(tx, since)
    first = min((one.incident.detected_at for one in opened), default=ask.now)
    # A house younger than that is not made to look calmer than it is.
    weeks = max(1.0, min(WEEKS, (ask.now - first) / timedelta(weeks=1)))
    return show(ask, "noise.html", ledger=ledger(opened), calls=[(who, n, n / weeks) for who, n in calls], weeks=WEEKS)
