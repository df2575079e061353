"""A thousand feeds that have not changed: what one poll costs this process, against one httpx client for all hosts."""

import asyncio
import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

import httpx

from bench.figures import Figure
from monitor.sources.wire.fetch import Fetcher

FEEDS = 1000
# Connections of the naive client: with all thousand it would take minutes.
NAIVE = 500
ETAG = '"v1"'
ANSWER = f"HTTP/1.1 304 Not Modified\r\nETag: {ETAG}\r\n\r\n".encode()


def measure(tick: Callable[[str], None]) -> list[Figure]:
    """Milliseconds of our CPU per unchanged feed, each on a host of its own, connections kept."""
    with _server() as port:
        urls = [f"http://127.0.{number // 250}.{number % 250 + 1}:{port}/feed" for number in range(FEEDS)]
        tick(f"unchanged: {FEEDS} feeds on {FEEDS} hosts, one client per host")
        ours = _ours(urls)
        tick(f"unchanged: {NAIVE} hosts, one client for all")
        naive = _naive(urls[:NAIVE])
    return [Figure("client CPU per unchanged feed (1,000 hosts)", ours, "ms", naive, 2, of="value", less=True)]


def _ours(urls: list[str]) -> float:
    with Fetcher(allow=["127.0.0.0/8"]) as fetch:
        for url in urls:
            fetch.fetch(url, etag=ETAG)
        return _cpu(lambda url: fetch.fetch(url, etag=ETAG).not_modified, urls)


def _naive(urls: list[str]) -> float:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=600)
    with httpx.Client(limits=limits, trust_env=False, timeout=20) as client:

        def unchanged(url: str) -> bool:
            return client.get(url, headers={"If-None-Match": ETAG}).status_code == 304

        for url in urls:
            unchanged(url)
        return _cpu(unchanged, urls)


def _cpu(read: Callable[[str], bool], urls: list[str]) -> float:
    """CPU milliseconds of all threads of this process per feed."""
    began = time.process_time()
    for url in urls:
        if not read(url):
            raise AssertionError(f"{url} answered something else than 304")
    return (time.process_time() - began) * 1000 / len(urls)


@contextmanager
def _server() -> Iterator[int]:
    """A server in a process of its own that answers 304 to everything; its port."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there,), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join(timeout=10)


def _serve(pipe: Connection) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(ANSWER)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def listen() -> None:
        server = await asyncio.start_server(answer, "0.0.0.0", 0)  # noqa: S104  every 127.x.x.x is a host of its own
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(listen())
