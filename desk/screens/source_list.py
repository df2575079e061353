"""Do we hear? Every source, worst first."""

from starlette.responses import Response

from desk.screens.door import Ask
from desk.screens.frame import show
from desk.screens.listening import ears
from store import agenda, sources
from store.agenda import Job


def show_sources(ask: Ask) -> Response:
    """Health in a word, since when, why, and when it is read next."""
    with ask.room.store.reading() as tx:
        heard = ears(ask.room.settings.watch.source, sources.all_states(tx), ask.now)
        waiting = agenda.waiting(tx)
    rows = [(ear, waiting.get(f"{Job.POLL.value}:{ear.source.id}")) for ear in heard]
    return show(ask, "source_list.html", rows=rows)
