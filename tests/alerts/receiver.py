"""A webhook receiver on loopback: answers what it is told, or keeps the contract, and remembers what came."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from alerts.channels.webhook import sign

Answer = tuple[int, bytes]
YES = b'{"accepted": true}'


@dataclass(frozen=True)
class Came:
    """One request; `headers` have lower-case names."""

    path: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """`answers` are given in turn, the last one for ever. `before` runs while the sender waits for the answer."""

    def __init__(self, *answers: Answer, headers: dict[str, str] | None = None) -> None:
        self.answers = list(answers) or [(200, YES)]
        self.headers = headers or {}
        self.came: list[Came] = []
        self.before: Callable[[], None] = lambda: None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/chat"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def take(self, came: Came) -> Answer:
        self.came.append(came)
        self.before()
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def messages(self, secret: str) -> list[str]:
        """Keys of what a receiver shows that checks signatures and drops an Idempotency-Key it knows."""
        right = [one for one in self.came if one.headers["x-goldenhour-signature"] == sign(one.body, secret)]
        known = {one.headers["idempotency-key"]: json.loads(one.body)["key"] for one in right}
        return list(known.values())


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, said = receiver.take(Came(self.path, headers, body))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(said)), **receiver.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:
            """The terminal belongs to the tests."""

    return Handler
