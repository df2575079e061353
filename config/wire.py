"""One HTTP exchange ends at its deadline, however slowly the other side speaks: byte by byte, in headers or body."""

import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import httpcore
import httpx

from config.clock import stopwatch

# Stopwatch reading at which the exchange of this thread must end. A context variable, because connections are kept
# alive and serve many exchanges: the deadline belongs to the exchange, not to the connection.
DEADLINE: Final[ContextVar[float]] = ContextVar("deadline")


class DeadlinePassedError(httpcore.TimeoutException):
    """The exchange used up its whole time."""


@contextmanager
def ends_within(seconds: float) -> Iterator[None]:
    """Everything the wire does inside ends this many seconds from now, or sooner where something around it must end."""
    at = stopwatch() + seconds
    token = DEADLINE.set(min(at, DEADLINE.get(at)))
    try:
        yield
    finally:
        DEADLINE.reset(token)


def remaining(longest: float | None = None) -> float:
    """Seconds until the deadline, at most `longest`; DeadlinePassedError when there are none."""
    left = DEADLINE.get() - stopwatch()
    if left <= 0:
        raise DeadlinePassedError("deadline")
    return left if longest is None else min(left, longest)


class TimedStream(httpcore.NetworkStream):
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
        return TimedStream(self._inner.start_tls(ssl_context, server_hostname, remaining(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class TimedBackend(httpcore.NetworkBackend):
    """Dials where it is told, in time: for addresses the company itself has set."""

    def __init__(self) -> None:
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = remaining(timeout)
        return TimedStream(self._inner.connect_tcp(host, port, left, local_address, socket_options))


class Transport(httpx.BaseTransport):
    """One pool of few kept connections over HTTP/1.1. Raises httpcore's errors as they are."""

    def __init__(self, tls: ssl.SSLContext, backend: httpcore.NetworkBackend) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls, max_connections=8, max_keepalive_connections=2, keepalive_expiry=90.0,
            http1=True, http2=False, network_backend=backend,
        )  # fmt: skip

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
        )
        asked = httpcore.Request(
            method=request.method,
            url=url,
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        answer = self._pool.handle_request(asked)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions)

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer.iter_stream())

    def close(self) -> None:
        self._answer.close()
