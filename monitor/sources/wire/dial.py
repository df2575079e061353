"""Opens connections only to addresses that were just checked, and never past the deadline of the running fetch."""

import threading
from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from typing import Any

import httpcore

from config.wire import DeadlinePassedError, TimedStream, remaining
from monitor.sources.wire.addresses import Allowed, Resolver, checked, is_public


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

    def is_inside(self, host: str, port: int) -> bool:
        """Whether this place is one of the operator's own: it may be dialled and is not on the open internet."""
        return not all(is_public(ip_address(one)) for one in checked(host, port, self._allowed, self._resolved))

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
        return TimedStream(self._inner.connect_tcp(address, port, remaining(timeout), local, options))
