"""The one drill that may run in this process: started, suspended, resumed and ended by people, or by a real crisis."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from config.clock import rest, stopwatch
from config.drills import SPEEDS, DrillScenario
from config.errors import InputError, MoveError, StoreError
from desk.drill.live import PARTS, BuildApp, Live, grave_in, make_live, tell_suspended
from desk.drill.pace import PacedClock
from desk.drill.record import make_sheet
from desk.drill.story import DRILL
from desk.room import Room
from desk.runner import LONGEST_REST, beat, inline
from store import drills, journal
from store.drills import subject
from store.nouns import Drill, DrillState, Incident

KINDS = ("full", "tabletop", "page_out")
SYSTEM = "system"
SEATS = 16
LONGEST_NOTE = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks for when they start a drill. `seats`: person -> another person's id, or one of PARTS."""

    scenario: DrillScenario
    kind: str
    speed: int
    seats: Mapping[str, str]


class Hall:
    """Verbs on the one open drill. `steady`: seconds for its clock; `threaded` False: `turn` is called by hand."""

    def __init__(
        self, room: Room, build: BuildApp, steady: Callable[[], float] = stopwatch, *, threaded: bool = True
    ) -> None:
        self.room, self.steady, self.threaded = room, steady, threaded
        self._build = build
        self._live: Live | None = None
        self._lock = threading.RLock()
        self._stop = threading.Event()

    @property
    def live(self) -> Live | None:
        return self._live

    def start(self, asked: Asked, who: str, now: datetime) -> Drill:
        """Open a drill; MoveError while another one is open or the real house has a crisis."""
        _usable(asked, {one.id for one in self.room.settings.team.person})
        with self._lock:
            if self._live:
                raise MoveError(f"Drill #{self._live.drill.number} is open; end it first.")
            grave = self._grave(set())
            if grave:
                raise MoveError(f"A real crisis is open: incident #{grave.number}. No drill is started now.")
            drill = self._begin(asked, who, now)
            clock = PacedClock(asked.scenario.meta.begins, drill.speed, self.steady)
            self._live = make_live(self.room, self._build, drill, asked.scenario, clock, self._quiet)
            clock.run()
            if self.threaded:
                self._stop = threading.Event()
                threading.Thread(target=self._run, args=(self._stop,), name="drill", daemon=True).start()
            return drill

    def turn(self) -> bool:
        """One beat: a real crisis suspends; else what is due happens. False when there is nothing to run any more."""
        with self._lock:
            live = self._live
            if live is None:
                return False
            if not live.clock.running:
                return True
            if why := self._crisis(live):
                self._suspend(live, SYSTEM, why)
                return True
            live.story.tell(live.clock())
            while beat(live.stage.house.desk, inline(live.stage.house.desk), SEATS):
                if why := self._crisis(live):
                    self._suspend(live, SYSTEM, why)
                    return True
            if live.clock() >= live.stage.scenario.ends:
                self._end(live, SYSTEM, self.room.clock())
            return True

    def suspend(self, who: str, why: str) -> None:
        """A person suspends it."""
        with self._lock:
            live = self._open()
            if not live.clock.running:
                raise MoveError("The drill is suspended already.")
            self._suspend(live, who, why or "by hand")

    def resume(self, who: str, now: datetime, *, despite: bool = False) -> None:
        """A person lets it go on; while a real crisis is open only `despite` it."""
        with self._lock:
            live = self._open()
            if live.clock.running:
                raise MoveError("The drill runs.")
            grave = self._grave(live.known)
            if grave and not despite:
                raise MoveError(
                    f"A real crisis is open: incident #{grave.number}. Contain it first, end the drill, "
                    "or say that the drill goes on all the same."
                )
            live.known |= {one.id for one in grave_in(self.room)}
            self._change(live, state=DrillState.RUNNING, suspended_at=None, why="")
            self._note(live, who, "drill_resumed", "", now)
            live.clock.run()

    def end(self, who: str, now: datetime) -> None:
        """A person ends it; the sheet is made at once."""
        with self._lock:
            self._end(self._open(), who, now)

    def go_at(self, speed: int) -> None:
        """Another pace."""
        if speed not in SPEEDS:
            raise InputError(f"A drill runs 1 to 10 times as fast as real time, not {speed}.")
        with self._lock:
            live = self._open()
            live.clock.go_at(speed)
            self._change(live, speed=speed)

    def note(self, who: str, words: str) -> None:
        """An observer's or player's note in the drill's own journal."""
        words = " ".join(words.split())
        if not 2 <= len(words) <= LONGEST_NOTE:
            raise InputError(f"A note has 2 to {LONGEST_NOTE} characters.")
        with self._lock:
            live = self._open()
            with live.stage.store.transaction() as tx:
                journal.write(tx, live.clock(), live.seat_of(who), "drill_note", DRILL, words)

    def close(self) -> None:
        """The process ends: what runs is ended and scored as it stands."""
        with self._lock:
            if self._live:
                self._end(self._live, SYSTEM, self.room.clock())

    def tidy(self, now: datetime) -> None:
        """A drill that a stopped process left open has ended: nobody plays it any more.

        Beside other processes (PostgreSQL) it may be theirs, so it is left alone for a day.
        """
        grace = timedelta() if self.room.store.is_sqlite else timedelta(days=1)
        with self._lock, self.room.store.transaction() as tx:
            for one in drills.unended(tx):
                ours = self._live is not None and one.id == self._live.drill.id
                if not ours and now >= one.started_at + grace:
                    why = "the service was restarted"
                    drills.change(tx, one.id, state=DrillState.ENDED, ended_at=now, ended_by=SYSTEM, why=why)
                    journal.write(tx, now, SYSTEM, "drill_ended", subject(one.id), why)

    def _run(self, stop: threading.Event) -> None:
        while not stop.is_set() and self.turn():
            rest(LONGEST_REST, stop)

    def _begin(self, asked: Asked, who: str, now: datetime) -> Drill:
        meta = asked.scenario.meta
        drill = Drill(
            id=self.room.ids(),
            number=0,
            scenario=asked.scenario.id,
            zh=meta.zh,
            en=meta.en,
            kind=asked.kind,
            state=DrillState.RUNNING,
            speed=asked.speed,
            started_at=now,
            started_by=who,
            seats=dict(asked.seats),
        )
        with self.room.store.transaction() as tx:
            made = drills.add_next(tx, drill)
            detail = {"scenario": made.scenario, "kind": made.kind, "seats": made.seats}
            journal.write(tx, now, who, "drill_started", subject(made.id), meta.zh, detail)
        return made

    def _open(self) -> Live:
        if self._live is None:
            raise MoveError("No drill is open here.")
        return self._live

    def _grave(self, known: set[str]) -> Incident | None:
        return next((one for one in grave_in(self.room) if one.id not in known), None)

    def _quiet(self) -> bool:
        return self._live is None or not self._crisis(self._live)

    def _crisis(self, live: Live) -> str:
        """Why the drill must stop now; "" when all is quiet. Who cannot look does not play on."""
        try:
            grave = self._grave(live.known)
        except StoreError:
            return "the real store cannot be read"
        return f"real crisis: incident #{grave.number} {grave.title}" if grave else ""

    def _suspend(self, live: Live, who: str, why: str) -> None:
        """Time stands still first, then everybody is told: real people must not take the drill for the crisis."""
        live.clock.pause()
        now = self.room.clock()
        live.drill = replace(live.drill, state=DrillState.SUSPENDED, suspended_at=now, why=why)
        tell_suspended(live, why, self.room.ids())
        try:
            self._change(live, state=DrillState.SUSPENDED, suspended_at=now, why=why)
            self._note(live, who, "drill_suspended", why, now)
        except StoreError:
            # The real store is away: the drill stands still all the same, and is ended when the service starts again.
            return

    def _end(self, live: Live, who: str, now: datetime) -> None:
        live.clock.pause()
        sheet = make_sheet(live.stage, live.story.played, live.clock(), live.drill.kind)
        sheet |= {"pages": len(live.stage.mailbox.letters()), "not_let_out": live.stage.edge.refused}
        state, score = DrillState.ENDED, int(sheet["score"]) if sheet["objectives"] else None
        self._change(live, state=state, ended_at=now, ended_by=who, score=score, sheet=sheet)
        self._note(live, who, "drill_ended", f"{sheet['score']}/100", now)
        self._live = None
        self._stop.set()
        live.stage.close()

    def _change(self, live: Live, **fields: Any) -> None:
        live.drill = replace(live.drill, **fields)
        with self.room.store.transaction() as tx:
            drills.change(tx, live.drill.id, **fields)

    def _note(self, live: Live, who: str, what: str, why: str, now: datetime) -> None:
        with self.room.store.transaction() as tx:
            journal.write(tx, now, who, what, subject(live.drill.id), why)


def _usable(asked: Asked, people: set[str]) -> None:
    """InputError says what of the asked drill cannot be, and what is allowed."""
    if asked.kind not in KINDS:
        raise InputError(f"A drill is one of: {', '.join(KINDS)}; not {asked.kind[:40]!r}.")
    if asked.speed not in SPEEDS:
        raise InputError(f"A drill runs 1 to 10 times as fast as real time, not {asked.speed}.")
    for person, seat in asked.seats.items():
        if person not in people or seat not in (*people, *PARTS):
            allowed = ", ".join((*sorted(people), *PARTS))
            raise InputError(f"{person[:40]!r} cannot play {seat[:40]!r}; allowed: {allowed}.")
