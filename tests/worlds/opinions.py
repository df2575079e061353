"""A chat-completions endpoint one can fill with answers, and whose questions one can read."""

import json
import threading
from collections import deque
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Opinions(AbstractContextManager["Opinions"]):
    """`answers`: what it will say, in order (a string is the message's words; a number is a status without any).

    `questions`: every request as (headers, body). Without an answer left it says nothing until it is closed.
    """

    def __init__(self) -> None:
        self.answers: deque[str | int | bytes] = deque()
        self.questions: list[tuple[dict[str, str], dict[str, Any]]] = []
        self._closed = threading.Event()
        world = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                world.questions.append(({name.lower(): value for name, value in self.headers.items()}, body))
                if not world.answers:
                    world._closed.wait(30)
                    return
                status, said = world._next()
                self.send_response(status)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1/chat/completions"

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _next(self) -> tuple[int, bytes]:
        answer = self.answers.popleft()
        if isinstance(answer, int):
            return answer, b"{}"
        if isinstance(answer, bytes):
            return 200, answer
        return 200, json.dumps({"choices": [{"message": {"role": "assistant", "content": answer}}]}).encode()
