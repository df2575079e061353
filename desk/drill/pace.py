"""Virtual time of a drill: ×1 to ×10 of real time, standing still while it is suspended."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from config.clock import stopwatch


class PacedClock:
    """Stands still until `run`; `steady` gives seconds of which only differences mean something."""

    def __init__(self, start: datetime, speed: int = 1, steady: Callable[[], float] = stopwatch) -> None:
        self._at, self._speed, self._steady = start, speed, steady
        self._since: float | None = None
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        with self._lock:
            return self._now()

    @property
    def running(self) -> bool:
        return self._since is not None

    @property
    def speed(self) -> int:
        return self._speed

    def run(self) -> None:
        """Time passes from here."""
        with self._lock:
            self._at, self._since = self._now(), self._steady()

    def pause(self) -> None:
        """Time stands still from here."""
        with self._lock:
            self._at, self._since = self._now(), None

    def go_at(self, speed: int) -> None:
        """Another pace from here; time neither jumps nor stops."""
        with self._lock:
            self._at, self._speed = self._now(), speed
            self._since = None if self._since is None else self._steady()

    def forward(self, to: datetime) -> None:
        """Jump to `to`, never backwards: a drill that is played by nobody."""
        with self._lock:
            self._at = max(self._now(), to)
            self._since = None if self._since is None else self._steady()

    def _now(self) -> datetime:
        passed = 0.0 if self._since is None else max(0.0, self._steady() - self._since)
        return self._at + timedelta(seconds=passed * self._speed)
