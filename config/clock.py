"""The only file that asks the system for time, ids or randomness; everything else is handed a Clock and Ids."""

import secrets
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
Ids = Callable[[], str]


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """A time-ordered identifier of 32 hex digits (milliseconds since 1970, then 80 random bits)."""
    millis = time.time_ns() // 1_000_000
    return f"{millis:012x}{uuid.uuid4().hex[:20]}"


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
