"""Carries httpx requests over a connection pool that dials through the checking backend."""

import ssl
from collections.abc import Iterator

import httpcore
import httpx

from monitor.sources.dial import CheckedBackend


class Transport(httpx.BaseTransport):
    """One host's pool: HTTP/1.1, few connections, kept alive between polls. Raises httpcore's errors as they are."""

    def __init__(self, tls: ssl.SSLContext, backend: CheckedBackend) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls, max_connections=8, max_keepalive_connections=2, keepalive_expiry=90.0,
            http1=True, http2=False, network_backend=backend,
        )  # fmt: skip

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
        )
        asked = httpcore.Request(
            method=request.method, url=url, headers=request.headers.raw, extensions=request.extensions
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
