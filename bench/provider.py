"""The other side of a page: a provider on loopback that answers by a rule and remembers everything it was asked."""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from config.clock import rest, utc_now

# A request that is never answered is let go when the provider closes, or after this.
FOR_EVER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came; `headers` have lower-case names."""

    at: datetime
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered, and how long after it was decided."""

    status: int
    body: bytes = b""
    after: timedelta = timedelta()


# None: the connection stays open and nothing ever comes. Called for one request at a time.
Rule = Callable[[Asked], Answer | None]


class Provider:
    """`with Provider(rule) as one: one.url("/chat")`."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> "Provider":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def judge(self, asked: Asked) -> Answer | None:
        with self._lock:
            return self.rule(asked)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Hundreds of pages may knock within a moment; a full queue would cost each a second.
    request_queue_size = 512


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = provider.judge(Asked(utc_now(), self.path, headers, body))
            if answer is None:
                rest(FOR_EVER, provider.closing)
                return
            rest(answer.after, provider.closing)
            # Whoever asked may be dead by now: that is what is measured.
            with suppress(ConnectionError):
                self.send_response(answer.status)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

        def finish(self) -> None:
            with suppress(ConnectionError):
                super().finish()

        def log_message(self, format: str, *args: object) -> None:
            """The terminal belongs to the figures."""

    return Handler
