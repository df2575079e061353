"""The only file that asks the system for time, ids or randomness; everything else is handed a Clock and Ids."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

Clock = Callable[[], datetime]
Ids = Callable[[], str]


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """A time-ordered identifier of 32 hex digits (milliseconds since 1970, then 80 random bits)."""
    millis = time.time_ns() // 1_000_000
    return f"{millis:012x}{secrets.token_hex(10)}"


def new_secret() -> str:
    """A URL-safe secret of 256 bits."""
    return secrets.token_urlsafe(32)


def stopwatch() -> float:
    """Seconds on a clock that never jumps; only differences mean something."""
    return time.monotonic()


def rest(span: timedelta, until: threading.Event) -> bool:
    """Wait `span` of real time or until the event is set; True when it was set."""
    return until.wait(max(0.0, span.total_seconds()))


class StepClock:
    """A clock that stands still until somebody moves it: tests, drills and the headless demo."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, to: datetime) -> None:
        """Move to `to`; a clock never runs backwards here."""
        self.at = max(self.at, to)


class FastClock:
    """A clock that runs `speed` times as fast as the real one from `start`: the demo on screen."""

    def __init__(self, start: datetime, speed: float) -> None:
        self.start, self.speed = start, speed
        self._began = time.monotonic()

    def __call__(self) -> datetime:
        return self.start + timedelta(seconds=(time.monotonic() - self._began) * self.speed)


def steady_seconds() -> float:
    """Seconds on a clock nobody can set, which also counts while the machine sleeps where the system has such a one."""
    # Python's own steady clock stands still during suspend on Linux: timers would come due late by the sleep.
    boot: int | None = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


@dataclass(frozen=True, slots=True)
class Jump:
    """The machine's clock was set: `at` is our time then, `wall` what the machine said, `drift_s` wall minus ours."""

    at: datetime
    wall: datetime
    drift_s: float


class SteadyClock:
    """The machine's time at the start, carried on by a clock nobody can set: a set machine clock moves no timer.

    A drift of a few seconds is followed smoothly, never backwards; a jump is not followed but kept in `jumps`.
    `wall` and `steady` are the raw clocks; steady in seconds, of which only differences mean something. `start` is
    the time of somebody all processes trust (the store's server); a machine that is off from the start is a jump.
    """

    JUMP_S: Final = 5.0
    # Seconds of drift made good per second: time runs at 0.95 to 1.05 of its speed meanwhile.
    PACE: Final = 0.05
    KEPT: Final = 100

    def __init__(
        self, wall: Clock = utc_now, steady: Callable[[], float] = steady_seconds, start: datetime | None = None
    ) -> None:
        self._wall, self._steady = wall, steady
        self._lock = threading.Lock()
        self._began, self._read = start or wall(), steady()
        self._own = self._drift = 0.0
        self._away = False
        self._jumps: list[Jump] = []

    def __call__(self) -> datetime:
        with self._lock:
            read = self._steady()
            passed = max(0.0, read - self._read)
            self._read = read
            self._own += passed
            wall = self._wall()
            drift = (wall - self._began).total_seconds() - self._own
            self._notice(drift, wall)
            if not self._away:
                step = max(-passed * self.PACE, min(drift, passed * self.PACE))
                self._own += step
                drift -= step
            self._drift = drift
            return self._now()

    @property
    def drift_s(self) -> float:
        """Seconds the machine's clock was ahead of ours at the last reading."""
        with self._lock:
            return self._drift

    @property
    def jumps(self) -> tuple[Jump, ...]:
        """The newest jumps since the start, oldest first."""
        with self._lock:
            return tuple(self._jumps)

    def _now(self) -> datetime:
        return self._began + timedelta(seconds=self._own)

    def _notice(self, drift: float, wall: datetime) -> None:
        """A jump shows between two readings; many small steps that add up are told when they have become too much."""
        away = abs(drift) > self.JUMP_S
        if abs(drift - self._drift) > self.JUMP_S or (away and not self._away):
            self._jumps = [*self._jumps, Jump(self._now(), wall, drift)][-self.KEPT :]
        self._away = away
