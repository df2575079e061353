"""Signs of life: a process that looks at the agenda says so every ten seconds, and tells when its clock was set."""

import os
import socket
from collections.abc import Callable
from datetime import datetime, timedelta

from config.clock import Clock, Jump, SteadyClock
from store import journal, workers
from store.database import Store, Tx
from store.nouns import Worker

EVERY = timedelta(seconds=10)
# So long a process that fell silent is remembered.
REMEMBERED = timedelta(days=1)
# Processes of one machine see the same jump; within this time it is told once.
SAME_JUMP = timedelta(minutes=1)
# Workers that are handed their jobs look at no agenda; kinds that do are what "served" means.
RQ = "rq"

# (tx, the jump, the machine's name, now): tells people.
TellJump = Callable[[Tx, Jump, str, datetime], None]


def told_nobody(_tx: Tx, _jump: Jump, _host: str, _now: datetime) -> None:
    """The journal knows."""


class Signs:
    """This process's row among the workers, with how far the machine's clock is from ours."""

    def __init__(self, store: Store, clock: Clock, kind: str, tell: TellJump = told_nobody, host: str = "") -> None:
        self.store, self.clock, self.kind, self.tell = store, clock, kind, tell
        self.host = (host or socket.gethostname())[:40]
        self._last: datetime | None = None
        self._told: tuple[Jump, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.host}:{os.getpid()}:{self.kind}"

    def me(self, now: datetime) -> Worker:
        """The row as it would be written now."""
        drift = self.clock.drift_s if isinstance(self.clock, SteadyClock) else 0.0
        return Worker(self.name, self.kind, now, round(drift, 3))

    def looked(self) -> None:
        """The store was just looked at: say so when the last sign is ten seconds old. StoreError when it is away."""
        now = self.clock()
        if self._last is not None and now - self._last < EVERY:
            return
        jumps = self.clock.jumps if isinstance(self.clock, SteadyClock) else ()
        with self.store.transaction() as tx:
            workers.seen(tx, self.me(now))
            if self.kind != RQ:
                workers.forget(tx, now - REMEMBERED)
            for jump in jumps:
                if jump not in self._told:
                    self._note(tx, jump, now)
        self._last, self._told = now, jumps

    def missed(self) -> None:
        """A silent process says nothing."""

    def _note(self, tx: Tx, jump: Jump, now: datetime) -> None:
        subject = f"clock:{self.host}"
        for entry in journal.entries(tx, subject):
            if abs(entry.at - jump.at) < SAME_JUMP and abs(entry.detail["drift_s"] - jump.drift_s) < SteadyClock.JUMP_S:
                return
        detail = {"drift_s": round(jump.drift_s, 3), "wall": jump.wall.isoformat()}
        journal.write(tx, jump.at, "system", "clock_jumped", subject, "the machine's clock was set", detail)
        self.tell(tx, jump, self.host, now)
