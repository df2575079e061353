"""SnowNLP in a process of its own: it loads slowly, eats memory and may hang, and none of that may stop hearing."""

import json
import logging
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import timedelta
from typing import IO, Any

from monitor.scorer import LexiconScorer

log = logging.getLogger("goldenhour.scorer")
# SnowNLP's cost grows with length and its verdict does not: the beginning decides.
LONGEST = 300
# After this many silent batches in a row the process is not tried again until the service restarts.
GIVE_UP_AFTER = 3


class SnowScorer:
    """Starts the process at the first batch; when it does not answer in time the word list answers instead."""

    name = "snownlp"

    def __init__(self, timeout: timedelta) -> None:
        self._timeout = timeout
        self._stand_in = LexiconScorer()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._silent = 0

    @property
    def degraded(self) -> bool:
        return self._silent > 0

    def p_negative(self, texts: Sequence[str]) -> list[float]:
        """One number per text; empty texts are 0.5."""
        if not texts or self._silent >= GIVE_UP_AFTER:
            return self._stand_in.p_negative(texts)
        with self._lock:
            found = self._ask([text[:LONGEST] for text in texts])
        if found is None:
            self._silent += 1
            log.warning("snownlp gave no answer in %s; the word list answers", self._timeout)
            return self._stand_in.p_negative(texts)
        self._silent = 0
        return found

    def close(self) -> None:
        with self._lock:
            self._end()

    def _ask(self, texts: list[str]) -> list[float] | None:
        try:
            process = self._process or self._start()
            # A batch is larger than a pipe: told by a thread, a process that does not listen holds nobody up.
            threading.Thread(target=_tell, args=(process.stdin, json.dumps(texts) + "\n"), daemon=True).start()
            line = self._answers.get(timeout=self._timeout.total_seconds())
            found: list[float] = json.loads(line)
        except (queue.Empty, OSError, ValueError):
            self._end()
            return None
        return found if len(found) == len(texts) else None

    def _start(self) -> subprocess.Popen[str]:
        self._answers = queue.SimpleQueue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "monitor.snownlp_scorer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="ascii",
        )
        threading.Thread(target=_listen, args=(self._process.stdout, self._answers), daemon=True).start()
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                _shut(pipe)


def _tell(stdin: IO[str] | None, line: str) -> None:
    try:
        if stdin:
            stdin.write(line)
            stdin.flush()
    except (OSError, ValueError):
        log.debug("the scorer went away while it was told the texts")


def _shut(pipe: IO[str]) -> None:
    try:
        pipe.close()
    except OSError:
        log.debug("a pipe of the scorer was broken already")


def _listen(stdout: IO[str] | None, answers: "queue.SimpleQueue[str]") -> None:
    try:
        for line in stdout or ():
            answers.put(line)
    except ValueError:
        # The pipe was closed while we read: the scorer is being shut down.
        return
    answers.put("")


def _serve() -> None:
    from snownlp import SnowNLP

    def one(text: str) -> float:
        if not text.strip():
            return 0.5
        try:
            happy: Any = SnowNLP(text).sentiments
        except (ValueError, ZeroDivisionError, KeyError, IndexError):
            return 0.5
        return 1.0 - float(happy)

    for line in sys.stdin:
        sys.stdout.write(json.dumps([round(one(text), 6) for text in json.loads(line)]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
