"""Opens connections only to addresses that were just checked, and never past the deadline of the running fetch."""

import ssl
import threading
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from queue import Empty, SimpleQueue
from typing import Any, Final

import httpcore

from config.clock import stopwatch
from monitor.sources.addresses import Allowed, Resolver, checked

# Stopwatch reading at which the fetch of this thread must end. A context variable, because connections are kept
# alive and serve many fetches: the deadline belongs to the fetch, not to the connection.
DEADLINE: Final[ContextVar[float]] = ContextVar("deadline")


class DeadlinePassedError(httpcore.TimeoutException):
    """The fetch used up its whole time."""


def remaining(longest: float | None = None) -> float:
    """Seconds until the deadline, at most `longest`; DeadlinePassedError when there are none."""
    left = DEADLINE.get() - stopwatch()
    if left <= 0:
        raise DeadlinePassedError("deadline")
    return left if longest is None else min(left, longest)


class _Stream(httpcore.NetworkStream):
    """A network stream whose every wait ends at the deadline, so headers sent byte by byte end there too."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, remaining(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, remaining(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class CheckedBackend(httpcore.NetworkBackend):
    """Resolves, checks and dials in one step: what was checked is what is dialled, nothing is resolved twice.

    TLS keeps verifying the name, not the address: only the socket below it is pinned.
    """

    def __init__(self, allowed: Allowed, resolver: Resolver) -> None:
        self._allowed, self._resolver = allowed, resolver
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A stream to the first checked address that answers; SourceError when none may be dialled."""
        addresses = checked(host, port, self._allowed, self._resolved)
        for address in addresses[:-1]:
            try:
                return self._dial(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._dial(addresses[-1], port, timeout, local_address, socket_options)

    def _resolved(self, host: str, port: int) -> Sequence[str]:
        """Asks the resolver in a thread of its own: the system's resolver knows no deadline."""
        answers: SimpleQueue[Sequence[str] | OSError | UnicodeError] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolver(host, port))
            except (OSError, UnicodeError) as error:
                answers.put(error)

        threading.Thread(target=ask, name="resolve", daemon=True).start()
        try:
            answer = answers.get(timeout=remaining())
        except Empty as error:
            raise DeadlinePassedError("deadline") from error
        if isinstance(answer, OSError | UnicodeError):
            raise answer
        return answer

    def _dial(
        self, address: str, port: int, timeout: float | None, local: str | None, options: Iterable[Any] | None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.connect_tcp(address, port, remaining(timeout), local, options))
