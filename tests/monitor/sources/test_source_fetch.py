"""The fetch against hostile and broken servers: time, size, packing, redirects, addresses, threads."""

import gzip
import tracemalloc
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import repeat

import httpx
import pytest

from config.clock import rest, stopwatch
from config.errors import InputError, SourceError
from monitor.sources.wire.fetch import Fetcher
from monitor.sources.wire.redirects import Ask, redirected
from tests.worlds.feeds import FeedWorld

FEED = (
    '<rss version="2.0"><channel><title>t</title><item><guid>1</guid><title>Cup breaks</title></item></channel></rss>'
)
MEGABYTE = 1_000_000
SHORT = timedelta(milliseconds=300)
TOO_LARGE = ("too_large", "127.0.0.1: the answer is too large; allowed are 1,000,000 bytes")
TOO_SLOW = ("timeout", "127.0.0.1: no complete answer within 0.3 s")


@pytest.fixture
def hasty(web):
    with Fetcher(allow=["127.0.0.0/8"], max_bytes=MEGABYTE, deadline=SHORT) as fetcher:
        yield fetcher


def titles(reading) -> list[str]:
    return [one.title for one in reading.mentions]


# Time


def drip_body(world: FeedWorld):
    return lambda asked: world.drip(b" ", timedelta(milliseconds=20))


def drip_headers(world: FeedWorld):
    def never(asked):
        rest(timedelta(seconds=30), world.closing)
        return b""

    return never


def drip_redirects(world: FeedWorld):
    def slow_hop(asked):
        rest(timedelta(milliseconds=120), world.closing)
        return b""

    return slow_hop


@pytest.mark.parametrize(
    ("body", "status", "headers"),
    [(drip_body, 200, {}), (drip_headers, 200, {}), (drip_body, 500, {}), (drip_redirects, 302, {"Location": "/feed"})],
    ids=["body", "silence", "error answer", "redirects"],
)
def test_one_deadline_ends_every_slow_answer(web, hasty, refused, body, status, headers):
    url = web.put("/feed", body(web), status=status, headers=headers)
    began = stopwatch()
    assert refused(url, by=hasty) == TOO_SLOW
    assert stopwatch() - began < 3


def test_a_resolver_that_hangs_ends_at_the_deadline_too(web, refused):
    def hang(host: str, port: int) -> list[str]:
        rest(timedelta(seconds=30), web.closing)
        return ["127.0.0.1"]

    with Fetcher(allow=["slow.example"], deadline=SHORT, resolver=hang) as fetcher:
        assert refused("http://slow.example/feed", by=fetcher) == (
            "timeout", "slow.example: no complete answer within 0.3 s",
        )  # fmt: skip


def test_after_a_timeout_the_next_read_is_served(web, hasty, read, refused):
    web.put("/slow", drip_body(web))
    web.put("/feed", FEED)
    assert (refused(web.url("/slow"), by=hasty), titles(read(web.url("/feed"), by=hasty))) == (TOO_SLOW, ["Cup breaks"])


# Size


@pytest.mark.parametrize("chunked", [False, True])
def test_ten_megabytes_are_refused(web, refused, chunked):
    body = b"x" * 10 * MEGABYTE
    url = web.put("/feed", (lambda asked: repeat(body[:65536], 160)) if chunked else body)
    assert refused(url) == TOO_LARGE


def test_a_bomb_stops_at_the_cap_and_not_in_memory(web, refused):
    bomb = gzip.compress(bytes(64 * MEGABYTE), 9)
    url = web.put("/feed", bomb, headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    try:
        found = refused(url)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (found, peak < 6 * MEGABYTE) == (TOO_LARGE, True), peak


def test_a_bomb_of_many_members_stops_too(web, refused):
    url = web.put("/feed", gzip.compress(bytes(50_000)) * 40, headers={"Content-Encoding": "gzip"})
    assert refused(url) == TOO_LARGE


# A block of the one kind that deflate does not have.
BROKEN_GZIP = gzip.compress(b"")[:10] + b"\x07" * 20


def packed_raw(body: bytes) -> bytes:
    squeeze = zlib.compressobj(wbits=-15)
    return squeeze.compress(body) + squeeze.flush()


@pytest.mark.parametrize(
    ("pack", "encoding"),
    [
        (gzip.compress, "gzip"), (gzip.compress, "x-gzip"), (gzip.compress, ""), (zlib.compress, "deflate"),
        (packed_raw, "deflate"), (bytes, "gzip"), (bytes, "identity"),
        (lambda body: gzip.compress(body) + b"\0" * 9, "gzip"),
        (lambda body: gzip.compress(body[:50]) + gzip.compress(body[50:]), "gzip"),
    ],
    ids=["gzip", "x-gzip", "unsaid", "zlib", "deflate", "said but not done", "identity", "padded", "two members"],
)  # fmt: skip
@pytest.mark.parametrize("length", [1, 9000])
def test_every_way_servers_pack_is_unpacked(web, read, pack, encoding, length):
    body = FEED.replace("Cup breaks", "Cup breaks" * length).encode()
    reading = read(web.put("/feed", pack(body), headers={"Content-Encoding": encoding} if encoding else {}))
    assert titles(reading) == [("Cup breaks" * length)[:20_000]]


@pytest.mark.parametrize("length", [65_535, 65_536, 65_537, 65_800, 131_322])
def test_the_last_bytes_of_a_packed_run_are_not_lost(web, fetch, length):
    url = web.put("/feed", packed_raw(b" " * length), headers={"Content-Encoding": "deflate"})
    assert len(fetch.fetch(url).body) == length


@pytest.mark.parametrize(
    ("body", "headers", "found"),
    [
        (
            b"xx",
            {"Content-Encoding": "br"},
            ("malformed", "the answer is packed as 'br'; allowed are gzip and deflate"),
        ),
        (BROKEN_GZIP, {"Content-Encoding": "gzip"}, ("malformed", "the packed answer is broken")),
        (b"short", {"Content-Length": "900"}, ("network", "the answer is not proper HTTP")),
        (b"x", {"X-Long": "y" * 200_000}, ("network", "the answer is not proper HTTP")),
    ],
    ids=["brotli", "broken", "shorter than said", "endless header"],
)
def test_what_cannot_be_unpacked_or_understood_is_said(web, hasty, refused, body, headers, found):
    assert refused(web.put("/feed", body, headers={"Connection": "close", **headers}), by=hasty) == (
        found[0],
        f"127.0.0.1: {found[1]}",
    )


# Addresses


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.0.0.1", "0", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]",
        "10.0.0.7", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "[fd00::1]", "[fe80::1]",
        "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "224.0.0.1", "255.255.255.255",
    ],
)  # fmt: skip
def test_inside_addresses_are_refused_however_they_are_spelled(web, refused, host):
    with Fetcher(deadline=timedelta(seconds=5)) as fetcher:
        outcome, message = refused(f"http://{host}:{web.port}/feed", by=fetcher)
    assert (outcome, web.requests) == ("blocked", []), message
    assert "leads to an inside address; allowed are public addresses" in message


@pytest.mark.parametrize(
    ("allow", "reached"),
    [
        ("127.0.0.1", True), ("127.0.0.1:{port}", True), ("127.0.0.0/8", True), ("feeds.example", True),
        ("feeds.example:{port}", True), ("FEEDS.example.", True), ("127.0.0.1:1", False), ("10.0.0.0/8", False),
        ("feeds.example:1", False), ("other.example", False),
    ],
)  # fmt: skip
def test_only_the_named_inside_places_are_reached(web, read, allow, reached):
    web.put("/feed", FEED)
    url = f"http://feeds.example:{web.port}/feed"
    with Fetcher(allow=[allow.format(port=web.port)], resolver=lambda host, port: ["127.0.0.1"]) as fetcher:
        try:
            heard = titles(read(url, by=fetcher)) == ["Cup breaks"]
        except SourceError as error:
            heard = error.outcome != "blocked"
    assert (heard, web.count("/feed")) == (reached, int(reached))


@pytest.mark.parametrize("entry", ["", "10.0.0.1/8", "host:port", "host:0", "two words/x", "http://host/"])
def test_an_allowed_place_that_cannot_be_meant_is_refused_at_the_start(entry):
    with pytest.raises(InputError):
        Fetcher(allow=[entry])


def test_one_inside_address_among_public_ones_spoils_the_name(web, refused):
    with Fetcher(resolver=lambda host, port: ["93.184.216.34", "127.0.0.1"]) as fetcher:
        outcome, _ = refused(f"http://mixed.example:{web.port}/feed", by=fetcher)
    assert (outcome, web.requests) == ("blocked", [])


def test_what_was_checked_is_what_is_dialled(web, read):
    """A name that turns to another address after the check is not asked a second time."""
    web.put("/feed", FEED)
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    with Fetcher(allow=["127.0.0.0/8"], resolver=lambda host, port: next(answers)) as fetcher:
        assert titles(read(f"http://turning.example:{web.port}/feed", by=fetcher)) == ["Cup breaks"]


def test_a_name_nobody_knows_and_a_closed_door_are_network_faults(web, refused):
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    with FeedWorld() as gone:
        closed = gone.url("/feed")
    with Fetcher(allow=["127.0.0.1"], resolver=unknown) as fetcher:
        assert refused("http://nobody.example/", by=fetcher) == (
            "network", "nobody.example: the name does not resolve",
        )  # fmt: skip
    with Fetcher(allow=["127.0.0.1"]) as fetcher:
        assert refused(closed, by=fetcher) == (
            "network", "127.0.0.1: the connection was refused or TLS was not accepted",
        )  # fmt: skip


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a.example/x", "gopher://a/", "/feed", "http://", "http://[", "data:,x"]
)
def test_only_http_and_https_are_fetched(refused, url):
    outcome, message = refused(url)
    assert (outcome, "allowed are http" in message) == ("blocked", True), message


# Redirects


def test_redirects_are_followed_to_an_allowed_place(web, read):
    web.put("/old", status=301, headers={"Location": "/older"})
    web.put("/older", status=308, headers={"Location": web.url("/feed")})
    web.put("/feed", FEED)
    assert titles(read(web.url("/old"))) == ["Cup breaks"]


def test_a_redirect_to_an_inside_address_is_refused_before_it_is_dialled(web, refused):
    with FeedWorld() as secret:
        url = web.put("/feed", status=302, headers={"Location": secret.put("/admin", "SECRET")})
        outcome, message = refused(url)
        assert (outcome, secret.requests, "SECRET" in message) == ("blocked", [], False)


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest/meta-data", "file:///etc/passwd", "http://[", "//10.0.0.1/"]
)
def test_a_redirect_to_where_nothing_may_be_fetched_is_refused(web, refused, target):
    assert refused(web.put("/feed", status=302, headers={"Location": target}))[0] == "blocked"


def test_a_redirect_loop_ends(web, refused):
    url = web.put("/feed", status=302, headers={"Location": "/feed?again"})
    assert (refused(url), web.count("/feed")) == (
        ("server_error", "127.0.0.1: more than 5 redirects; allowed are 5"), 6,
    )  # fmt: skip


def test_secrets_and_validators_do_not_travel_to_another_place(web):
    with FeedWorld() as other, Fetcher(allow=["127.0.0.1"]) as fetcher:
        other.put("/feed", FEED)
        url = web.put("/feed", status=302, headers={"Location": other.url("/feed"), "Set-Cookie": "a=b"})
        fetcher.fetch(url, etag='"v1"', headers={"Authorization": "Bearer s3cret", "X-Key": "s3cret"})
        fetcher.fetch(url)
        sent = [set(asked.headers) & {"authorization", "x-key", "if-none-match", "cookie"} for asked in other.requests]
        kept = [set(asked.headers) & {"authorization", "x-key", "if-none-match", "cookie"} for asked in web.requests]
    assert (sent, kept) == ([set(), set()], [{"authorization", "x-key", "if-none-match"}, set()])


@pytest.mark.parametrize(
    ("start", "location", "allowed"),
    [
        ("https://a.example/x", "http://a.example/x", False),
        ("http://a.example/x", "https://a.example/x", True),
        ("https://a.example/x", "//b.example/y", True),
    ],
)
def test_a_redirect_never_leads_down_to_plain_http(start, location, allowed):
    try:
        followed = redirected(Ask(httpx.URL(start)), location).url.scheme == "https"
    except SourceError as error:
        followed = error.outcome != "blocked"
    assert followed is allowed


# Threads


def test_many_threads_share_one_fetcher(web, read):
    for number in range(8):
        web.put(f"/{number}", FEED.replace("Cup breaks", f"Cup {number}"), headers={"ETag": f'"{number}"'})
    with ThreadPoolExecutor(16) as pool:
        readings = list(pool.map(lambda turn: titles(read(web.url(f"/{turn % 8}"))), range(64)))
    assert readings == [[f"Cup {turn % 8}"] for turn in range(64)]


def test_closing_while_a_fetch_runs_ends_it_with_a_word(web, refused):
    fetcher = Fetcher(allow=["127.0.0.1"], deadline=timedelta(seconds=5))

    def close_then_answer(asked):
        fetcher.close()
        return FEED

    assert refused(web.put("/feed", close_then_answer), by=fetcher) == ("network", "127.0.0.1: the connection broke")
