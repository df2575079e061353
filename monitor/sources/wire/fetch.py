"""Fetches one URL of a source without trusting the other side: time, size, address and redirects are capped."""

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

import httpcore
import httpx

from config.errors import SourceError
from config.wire import ends_within, remaining
from monitor.sources.wire.addresses import Allowed, Resolver, resolve
from monitor.sources.wire.answers import headers_of, raise_for_answer
from monitor.sources.wire.bodies import read_body
from monitor.sources.wire.dial import CheckedBackend
from monitor.sources.wire.hosts import Hosts
from monitor.sources.wire.redirects import Ask, checked_url, port_of, redirected
from store.nouns import Outcome

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PERMANENT: Final = frozenset({301, 308})
_MAX_HOPS: Final = 5
# A silent server is given up before the deadline, so that a retry is still worth something.
_READ_WAIT: Final = 10.0
_LONGEST_VALIDATOR: Final = 1000
_PACKED: Final = "gzip, deflate"
_CONDITIONAL: Final = frozenset({"If-None-Match", "If-Modified-Since"})
_DEFAULTS: Final = {
    "User-Agent": "GoldenHour/0.1 (feed reader)",
    "Accept": "application/feed+json, application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A 2xx or 304 answer. `body` is unpacked, "" with a 304; `content_type` is the header as sent.

    `headers` have lower-case names. `moved`: where the whole way led by permanent redirects only, "" otherwise.
    """

    status: int
    body: bytes
    content_type: str
    etag: str
    last_modified: str
    final_url: str
    host: str
    not_modified: bool
    headers: Mapping[str, str] = field(default_factory=dict)
    moved: str = ""


class Fetcher:
    """Thread-safe fetcher with one kept-alive client per host. `close()` it, or use it as a context manager.

    `allow` names inside hosts, host:port pairs, addresses or networks that may be reached; all else must be public.
    `max_bytes` bounds the body before and after decompression; `deadline` bounds the whole fetch with its redirects.
    """

    def __init__(
        self,
        *,
        allow: Sequence[str] = (),
        max_bytes: int = 5_000_000,
        deadline: timedelta = timedelta(seconds=20),
        resolver: Resolver = resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._backend = CheckedBackend(Allowed.read(allow), resolver)
        # Where the open internet sends us, the operator's permission does not count.
        self._outside = CheckedBackend(Allowed(), resolver)
        self._max_bytes, self._deadline = max_bytes, deadline.total_seconds()
        self._tls = tls if tls is not None else httpx.create_ssl_context(trust_env=False)
        self._hosts = Hosts()

    def __enter__(self) -> "Fetcher":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes every kept connection. A fetch that still runs in another thread fails with outcome network."""
        self._hosts.close()

    def fetch(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Fetched:
        """The answer to a GET of `url`, conditional when validators are given, or to a POST of `body`.

        SourceError with the outcome that says why there is none; ErrorAnswer (a SourceError with status, body and
        the wait it asked for) when the server answered 4xx or 5xx. Messages name the host, never path or query.
        """
        sent = _headers(headers or {}, etag, last_modified)
        ask = Ask(checked_url(url), sent, conditional=not _CONDITIONAL.isdisjoint(sent), body=body)
        with ends_within(self._deadline):
            for _ in range(_MAX_HOPS + 1):
                answer = self._hop(ask)
                if isinstance(answer, Fetched):
                    return answer
                ask = answer
            raise SourceError(
                f"{ask.url.host}: more than {_MAX_HOPS} redirects; allowed are {_MAX_HOPS}",
                outcome=Outcome.SERVER_ERROR,
            )

    def _hop(self, ask: Ask) -> Fetched | Ask:
        host = ask.url.host
        try:
            backend = self._outside if ask.hops and not ask.inside else self._backend
            with self._hosts.client(ask.url, self._tls, backend) as client:
                wait = remaining(_READ_WAIT)
                verb = "GET" if ask.body is None else "POST"
                request = client.build_request(verb, ask.url, headers=ask.headers, content=ask.body, timeout=wait)
                response = client.send(request, stream=True)
                try:
                    return self._answer(ask, response)
                finally:
                    response.close()
        except (httpcore.TimeoutException, httpx.TimeoutException) as error:
            raise SourceError(
                f"{host}: no complete answer within {self._deadline:g} s", outcome=Outcome.TIMEOUT
            ) from error
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpx.HTTPError,
            httpx.InvalidURL,
            RuntimeError,
            UnicodeError,
        ) as error:
            # RuntimeError: the client was closed by another thread while this one was using it.
            # UnicodeError: httpx looked at a Location whose xn-- labels are wrong.
            raise SourceError(f"{host}: {_fault(error)}", outcome=Outcome.NETWORK) from error

    def _answer(self, ask: Ask, response: httpx.Response) -> Fetched | Ask:
        status, host = response.status_code, ask.url.host
        if status in _REDIRECTS and "location" in response.headers:
            inside = ask.inside if ask.hops else self._backend.is_inside(host, port_of(ask.url))
            return redirected(replace(ask, inside=inside), response.headers["location"], permanent=status in _PERMANENT)
        if status == 304 and ask.conditional:
            # Reading the empty body is what lets the connection be used again.
            response.read()
            return _fetched(ask, response, b"")
        if 200 <= status < 300:
            return _fetched(ask, response, read_body(response, self._max_bytes, host))
        raise_for_answer(response, host)


def _headers(asked: Mapping[str, str], etag: str, last_modified: str) -> dict[str, str]:
    named = {name.title(): value for name, value in asked.items()}
    given = {"If-None-Match": _either(etag), "If-Modified-Since": last_modified}
    # A stored validator that cannot travel in a header is left out, which costs one full read.
    sent = {name: value for name, value in given.items() if value and value.isascii() and value.isprintable()}
    # Accept-Encoding comes last: only what can be unpacked under a cap may be asked for.
    return {**_DEFAULTS, **named, **sent, "Accept-Encoding": _PACKED}


def _either(etag: str) -> str:
    """A weak tag in both forms: RSSHub weakens its tag when it packs an answer, and then knows only the strong one."""
    return f"{etag}, {etag[2:]}" if etag.startswith('W/"') and etag.count('"') == 2 else etag


def _validator(response: httpx.Response, name: str) -> str:
    """A validator worth keeping, else "": `Expires: 0` says that nothing may be kept, and odd bytes cannot be sent."""
    value = response.headers.get(name, "")[:_LONGEST_VALIDATOR]
    return value if value.isascii() and response.headers.get("expires", "").strip() != "0" else ""


def _fetched(ask: Ask, response: httpx.Response, body: bytes) -> Fetched:
    # A 304 need not repeat the validators that made it one.
    kept = ask.headers if response.status_code == 304 else {}
    return Fetched(
        status=response.status_code,
        body=body,
        content_type=response.headers.get("content-type", "")[:200],
        etag=_validator(response, "etag") or kept.get("If-None-Match", ""),
        last_modified=_validator(response, "last-modified") or kept.get("If-Modified-Since", ""),
        final_url=str(ask.url.copy_with(username=None, password=None)),
        host=ask.url.host,
        not_modified=response.status_code == 304,
        headers=headers_of(response),
        moved=str(ask.url) if ask.hops and ask.steady else "",
    )


def _fault(error: Exception) -> str:
    if isinstance(error, httpcore.ConnectError):
        return "the connection was refused or TLS was not accepted"
    if isinstance(error, httpcore.ProtocolError | httpx.ProtocolError | UnicodeError):
        return "the answer is not proper HTTP"
    return "the connection broke"
