"""One kept-alive HTTP client per host, a bounded number of them, and few requests to one host at the same time."""

import http.cookiejar
import logging
import ssl
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import httpcore
import httpx

from config.wire import DeadlinePassedError, Transport, remaining
from monitor.sources.wire.redirects import port_of

# At INFO httpx writes the whole address of every request, and with it whatever key stands there.
logging.getLogger("httpx").setLevel(logging.WARNING)

_MAX_CLIENTS: Final = 512
# However many sources lie on one host, no more of them are read at the same time.
_AT_ONCE: Final = 4


@dataclass(slots=True)
class _Seat:
    client: httpx.Client
    users: int = 0
    turns: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(_AT_ONCE))


class Hosts:
    """Thread-safe. One big pool for all hosts would look through every connection at every request."""

    def __init__(self) -> None:
        self._seats: OrderedDict[tuple[httpcore.NetworkBackend, str], _Seat] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def client(self, url: httpx.URL, tls: ssl.SSLContext, backend: httpcore.NetworkBackend) -> Iterator[httpx.Client]:
        """The client of this URL's host that dials by `backend`, when it is our turn; within the running deadline."""
        key = (backend, f"{url.scheme}://{url.host}:{port_of(url)}")
        with self._lock:
            seat = self._seats.get(key)
            if seat is None:
                seat = self._seats[key] = _Seat(_new_client(tls, backend))
            self._seats.move_to_end(key)
            seat.users += 1
            idle = self._idle() if len(self._seats) > _MAX_CLIENTS else None
        if idle is not None:
            idle.client.close()
        try:
            if not seat.turns.acquire(timeout=remaining()):
                raise DeadlinePassedError("deadline")
            try:
                yield seat.client
            finally:
                seat.turns.release()
        finally:
            with self._lock:
                seat.users -= 1

    def close(self) -> None:
        """Closes every kept connection. A request that still runs in another thread fails."""
        with self._lock:
            seats, self._seats = list(self._seats.values()), OrderedDict()
        for seat in seats:
            seat.client.close()

    def _idle(self) -> _Seat | None:
        """Takes out the least used client nobody is using: hostile redirects must not make this table grow."""
        key = next((key for key, seat in self._seats.items() if seat.users == 0), None)
        return self._seats.pop(key) if key is not None else None


def _new_client(tls: ssl.SSLContext, backend: httpcore.NetworkBackend) -> httpx.Client:
    # trust_env off: a proxy from the environment would do the dialling and undo the address check.
    # The cookie jar accepts nothing: one feed must not mark the next read.
    jar = http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
    return httpx.Client(transport=Transport(tls, backend), trust_env=False, follow_redirects=False, cookies=jar)
