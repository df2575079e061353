"""How the regulatory clocks of an incident are shown: in which order, and as a countdown that ticks."""

from desk.screens.door import Ask
from desk.screens.frame import Countdown
from desk.screens.times import clock_face
from statements.law.legal_clocks import LegalClock
from statements.law.legal_marking import LegalDesk
from store.database import Tx
from store.nouns import Incident

# What needs somebody first stands first.
ORDER = ("over", "soon", "at_once", "running", "waiting", "done_late", "done", "not_applicable")


def clocks_of(ask: Ask, tx: Tx, incident: Incident) -> list[LegalClock]:
    """The clocks of an incident, what needs somebody first standing first."""
    given = (ask.room.settings.legal_clocks, ask.room.settings.calendar)
    found = legal_desk(ask).read(tx, given, incident, ask.now)
    return sorted(found, key=lambda one: (ORDER.index(one.state), one.due_at or ask.now))


def countdown_of(clock: LegalClock) -> Countdown | None:
    """A clock that ticks on screen; None for one that does not count."""
    if clock.due_at is None or clock.state not in ("over", "soon", "running"):
        return None
    state = "over" if clock.state == "over" else "running"
    return Countdown(state, clock.due_at, clock_face(clock.due_at - clock.now))


def open_clocks(ask: Ask, tx: Tx, incident: Incident) -> list[tuple[LegalClock, Countdown | None]]:
    """The same for the panel beside the hour: only what is not settled."""
    return [(one, countdown_of(one)) for one in clocks_of(ask, tx, incident) if one.open]


def legal_desk(ask: Ask) -> LegalDesk:
    return LegalDesk(ask.room.release.ids, ask.room.release.speaking)
