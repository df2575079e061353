"""A small web on loopback that tests fill: what to answer on which path, and what was asked."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, socket
from typing import Any

from config.clock import rest

RSS = "application/rss+xml; charset=utf-8"
Pieces = bytes | str | Iterable[bytes]


@dataclass(frozen=True)
class Asked:
    """One request as it came: `headers` have lower-case names; `path` carries the query; `body` is what was posted."""

    path: str
    headers: Mapping[str, str]
    method: str = "GET"
    body: bytes = b""

    @property
    def if_none_match(self) -> str:
        return self.headers.get("if-none-match", "")


@dataclass(frozen=True)
class Answer:
    """What a path answers. `body` may be whole, in pieces (sent chunked, as they come), or made from the request."""

    body: "Pieces | Callable[[Asked], Pieces | Answer]" = b""
    content_type: str = RSS
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class FeedWorld:
    """`with FeedWorld() as web: web.put("/feed", body)`; unknown paths answer 404.

    An answer with an ETag or Last-Modified header becomes 304 when the request carries the same one.
    """

    def __init__(self, *, host: str = "127.0.0.1") -> None:
        self.requests: list[Asked] = []
        self.closing = threading.Event()
        self._answers: dict[str, Answer] = {}
        self._lock = threading.Lock()
        self._server = _Server((host, 0), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self.host, self.port = host, self._server.server_address[1]

    def __enter__(self) -> "FeedWorld":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()

    def url(self, path: str = "/") -> str:
        return f"http://{self.host}:{self.port}{path}"

    def put(self, path: str, body: Any = b"", content_type: str = RSS, status: int = 200, headers: Any = None) -> str:
        """Answer `path` (without its query) like this from now on; returns its URL."""
        with self._lock:
            self._answers[path] = Answer(body, content_type, status, headers or {})
        return self.url(path)

    def count(self, path: str) -> int:
        """How often `path` was asked for, whatever the query."""
        with self._lock:
            return sum(1 for asked in self.requests if asked.path.partition("?")[0] == path)

    def drip(self, piece: bytes, every: timedelta) -> Iterator[bytes]:
        """`piece` again and again until the world closes or the client hangs up."""
        while not rest(every, self.closing):
            yield piece

    def answer(self, asked: Asked) -> Answer:
        with self._lock:
            self.requests.append(asked)
            found = self._answers.get(asked.path.partition("?")[0], Answer(b"no such feed", "text/plain", 404))
        made = found.body(asked) if callable(found.body) else found.body
        answer = made if isinstance(made, Answer) else Answer(made, found.content_type, found.status, found.headers)
        return Answer(b"", answer.content_type, 304, answer.headers) if _unchanged(asked, answer) else answer


def _unchanged(asked: Asked, answer: Answer) -> bool:
    sent = {name.lower(): value for name, value in answer.headers.items()}
    if answer.status != 200:
        return False
    if asked.if_none_match:
        return asked.if_none_match == sent.get("etag")
    since = asked.headers.get("if-modified-since", "")
    return bool(since) and since == sent.get("last-modified")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], world: FeedWorld) -> None:
        super().__init__(address, _Handler)
        self.world = world
        self._open: set[socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """Ends kept-alive connections, so that no handler waits for a next request for ever."""
        for request in list(self._open):
            with suppress(OSError):
                request.shutdown(SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    # Headers and body leave in one packet; otherwise Nagle costs 40 ms per answer.
    wbufsize = 65_536

    def handle(self) -> None:
        # A client that hangs up in the middle is what several stories are about.
        with suppress(ConnectionError):
            super().handle()

    def finish(self) -> None:
        with suppress(ConnectionError):
            super().finish()

    def do_GET(self) -> None:
        self._reply()

    def do_POST(self) -> None:
        self._reply(self.rfile.read(int(self.headers.get("content-length") or 0)))

    def _reply(self, posted: bytes = b"") -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.path, headers, self.command, posted)
        answer = self.server.world.answer(asked)
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        self.send_response(answer.status)
        names = {name.lower() for name in answer.headers}
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.content_type and "content-type" not in names:
            self.send_header("Content-Type", answer.content_type)
        if isinstance(body, bytes):
            self._whole(body, "content-length" in names)
        else:
            self._pieces(body)

    def _whole(self, body: bytes, measured: bool) -> None:
        if not measured:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def _pieces(self, body: Any) -> None:
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in body:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """A test prints nothing of its own."""
