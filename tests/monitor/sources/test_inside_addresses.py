"""No spelling, redirect or turning name leads a source to this machine or its network: a listening door counts."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer

import pytest

from config.errors import SourceError
from monitor.sources.wire.addresses import Allowed, Resolver, checked
from monitor.sources.wire.fetch import Fetcher
from store.nouns import Outcome
from tests.worlds.feeds import Answer, FeedWorld

SECRET = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nSECRET"
REFUSED = (Outcome.BLOCKED, True)
# A Location that is no URL at all makes the whole answer no proper one.
BROKEN = (Outcome.NETWORK, False)
ELSEWHERE = (Outcome.GONE, False)
STATUSES = [301, 302, 303, 307, 308]
PUBLIC = "93.184.216.34"


class Door(ThreadingTCPServer):
    """Listens on this machine and tells its secret to everybody who comes in; `reached` counts them."""

    daemon_threads = True
    allow_reuse_address = True
    _thread: threading.Thread | None = None
    _six: socket.socket | None = None

    def __init__(self, port: int = 0) -> None:
        self.reached = 0
        super().__init__(("127.0.0.1", port), Teller)
        self.port = self.server_address[1]
        self._six = self._also(self.port)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def _also(self, port: int) -> socket.socket | None:
        """The same door on ::1, where there is one; nobody is served there, whoever comes in stays in its queue."""
        with suppress(OSError):
            return socket.create_server(("::1", port), family=socket.AF_INET6)
        return None

    def verify_request(self, request, client_address) -> bool:
        self.reached += 1
        return True

    def server_close(self) -> None:
        # A port that is taken ends the door before anybody serves at it: there is nothing to wait for then.
        if self._thread is not None:
            self.shutdown()
            self._thread.join()
        super().server_close()
        if self._six is not None:
            self._six.close()

    def count(self) -> int:
        """How many came in by now, over both families."""
        if self._six is not None:
            self._six.settimeout(0)
            with suppress(BlockingIOError):
                self._six.accept()[0].close()
                self.reached += 1
        return self.reached


class Teller(BaseRequestHandler):
    def handle(self) -> None:
        self.request.recv(65_536)
        self.request.sendall(SECRET)


@pytest.fixture
def door() -> Iterator[Door]:
    with Door() as listening:
        yield listening


def worst(host: str, port: int) -> list[str]:
    """Numbers as this system reads them, without asking anybody; every name leads inside."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return ["127.0.0.1"]
    return [str(entry[4][0]) for entry in found]


def saying(answer: list[str]) -> Resolver:
    """A resolver that knows one answer."""
    return lambda host, port: answer


def ending(fetcher: Fetcher, url: str, **more) -> tuple[Outcome, bool] | bytes:
    """Outcome and permanence of a fetch that was refused, or what it brought home."""
    try:
        return fetcher.fetch(url, **more).body
    except SourceError as error:
        assert b"SECRET" not in str(error).encode()
        return Outcome(error.outcome), error.permanent


# Spellings. What test_source_fetch.py tries directly is tried here as a target of redirects.

TRIED = [
    "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.0.0.1", "0", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]",
    "10.0.0.7", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "[fd00::1]", "[fe80::1]",
    "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "224.0.0.1", "255.255.255.255",
]  # fmt: skip
# Each of these is really read as 127.0.0.1: the operator who allows it arrives.
LEADING = [
    "127.0.1", "127.0.0.1.", "localhost.", "LOCALHOST", "LocalHost.", "0x7f000001", "0x7F.1", "0x7f.0x0.0x0.0x1",
    "017700000001", "2130706433.", "127。0。0。1", "127｡0｡0｡1", "127.0.0.1.nip.example", "7f000001.nip.example",
    "ip6-localhost", "inside.星禾.example", "a_b.example", "4294967297", "xn--zca.example",
]  # fmt: skip
SIXES = [
    "[::]", "[0:0:0:0:0:0:0:1]", "[::127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::FFFF:7F00:1]",
    "[::ffff:0:0]", "[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::127.0.0.1]",
    "[2002:a9fe:a9fe::1]", "[2001:0:4136:e378:8000:63bf:80ff:fffe]", "[fd00:ec2::254]", "[fec0::1]", "[ff02::1]",
]  # fmt: skip
UNREADABLE = [
    "0177.0.0.1", "127.0.0.01", "１２７.0.0.1", "１２７．０．０．１", "①②⑦.⓪.⓪.①", "ｌｏｃａｌｈｏｓｔ", "ⓛocalhost",
    "local\u00adhost", "127.0.0.1\u200b", "127.0.0.1︒", "%31%32%37.0.0.1", "127%2e0.0.1", "127.0.0.1%00.a.example",
    "127.0.0.1%09", "[::1%25lo]", "[::1%lo]", "[fe80::1%25eth0]", "[127.0.0.1]", "[::1].a.example", "[::1",
    "127.0.0.1 .a.example", "xn--a.example", "xn--localhost-",
]  # fmt: skip
SPELLINGS = [*LEADING, *SIXES, *UNREADABLE]


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_an_inside_address_is_dialled(door, host):
    with Fetcher(resolver=worst) as fetcher:
        assert (ending(fetcher, f"http://{host}:{door.port}/"), door.count()) == (REFUSED, 0)


@pytest.mark.parametrize("host", LEADING)
def test_the_same_spellings_arrive_where_the_operator_allows_it(door, host):
    """Without this the test above could be right for a wrong reason."""
    with Fetcher(allow=[f"127.0.0.1:{door.port}"], resolver=worst) as fetcher:
        assert (ending(fetcher, f"http://{host}:{door.port}/"), door.count()) == (b"SECRET", 1)


@pytest.mark.parametrize(
    "url",
    [
        "http://feeds.example@127.0.0.1:{port}/", "http://feeds.example:80@127.1:{port}/", "http://a:b@localhost:{port}/",
        "http://127.0.0.1:{port}@feeds.example/", "http://feeds.example\\@127.0.0.1:{port}/",
        "http://127.0.0.1:{port}\\@feeds.example/", "http://feeds.example#@127.0.0.1:{port}/",
        "http://feeds.example?@127.0.0.1:{port}/", "http://feeds.example/@127.0.0.1:{port}/",
        "http://127.0.0.1:{port}#.feeds.example/", "http://127.0.0.1:{port}?.feeds.example/",
        "HTTP://127.0.0.1:{port}/", "hTtP://127.0.0.1:{port}/", " http://127.0.0.1:{port}/ ", "https://127.0.0.1:{port}/",
        "http://127.0.0.1:0{port}/", "http:127.0.0.1:{port}/", "http:/127.0.0.1:{port}/", "http:///127.0.0.1:{port}/",
        "//127.0.0.1:{port}/", "127.0.0.1:{port}/", "http://127.0.0.1:{port}\r\nHost: feeds.example/",
        "http://127.0.0.1\t:{port}/", "ht\ntp://127.0.0.1:{port}/", "http://[::ffff:127.0.0.1]:{port}@feeds.example/",
        "file://127.0.0.1:{port}/etc/passwd", "file:///etc/passwd", "gopher://127.0.0.1:{port}/_GET", "dict://127.0.0.1:{port}/",
        "ftp://127.0.0.1:{port}/", "ldap://127.0.0.1:{port}/", "ws://127.0.0.1:{port}/", "feed://127.0.0.1:{port}/",
        "feed:http://127.0.0.1:{port}/", "view-source:http://127.0.0.1:{port}/", "jar:http://127.0.0.1:{port}/!/",
        "http+unix://%2Frun%2Fdocker.sock/", "data:text/xml,<rss/>", "javascript:alert(1)", "",
    ],
)  # fmt: skip
def test_no_trick_with_names_and_schemes_leads_inside(door, url):
    with Fetcher(resolver=worst) as fetcher:
        assert (ending(fetcher, url.format(port=door.port)), door.count()) == (REFUSED, 0)


# Redirects


def leading_to(web: FeedWorld, status: int, location: str) -> str:
    """A URL of `web` that redirects there; Location travels as the bytes hostile servers send."""
    headers = {"Location": location.encode().decode("latin-1")}
    return web.put("/feed", lambda asked: Answer(b"", "text/plain", status, headers))


@pytest.mark.parametrize("status", STATUSES)
def test_no_redirect_leads_inside(web, door, status):
    found = {}
    with Fetcher(allow=[f"127.0.0.1:{web.port}"], resolver=worst) as fetcher:
        for host in [*TRIED, *SPELLINGS]:
            found[host] = ending(fetcher, leading_to(web, status, f"http://{host}:{door.port}/"))
    unreadable = {host: found.pop(host) for host in UNREADABLE}
    assert (found, door.count()) == (dict.fromkeys([*TRIED, *LEADING, *SIXES], REFUSED), 0)
    assert set(unreadable.values()) <= {REFUSED, BROKEN}, unreadable


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(
    ("location", "found"),
    [
        ("//127.0.0.1:{port}/", REFUSED), ("//feeds.example@127.0.0.1:{port}/", REFUSED),
        ("https://127.0.0.1:{port}/", REFUSED), ("HTTP://2130706433:{port}/", REFUSED),
        ("http://feeds.example\\@127.0.0.1:{port}/", REFUSED), ("file:///etc/passwd", REFUSED),
        ("FILE://127.0.0.1:{port}/", REFUSED), ("gopher://127.0.0.1:{port}/_GET", REFUSED),
        ("ftp://127.0.0.1:{port}/", REFUSED), ("data:text/xml,<rss/>", BROKEN), ("javascript:alert(1)", BROKEN),
        ("http:127.0.0.1:{port}/", BROKEN), ("http:///127.0.0.1:{port}/", ELSEWHERE),
        ("\\\\127.0.0.1:{port}/", ELSEWHERE), ("/\\127.0.0.1:{port}/", ELSEWHERE),
        ("@127.0.0.1:{port}/", ELSEWHERE), (":{port}/", ELSEWHERE),
        ("/%0d%0aLocation:%20http://127.0.0.1:{port}/", ELSEWHERE),
    ],
)  # fmt: skip
def test_no_odd_location_leads_inside(web, door, status, location, found):
    """What other programs read as another host is a path of the same host here."""
    with Fetcher(allow=[f"127.0.0.1:{web.port}"], resolver=worst) as fetcher:
        url = leading_to(web, status, location.format(port=door.port))
        assert (ending(fetcher, url), door.count()) == (found, 0)


@pytest.mark.parametrize("status", STATUSES)
def test_what_is_posted_is_not_carried_anywhere_else(web, door, status):
    with Fetcher(allow=["127.0.0.0/8"]) as fetcher:
        web.put("/feed", lambda asked: b"unused")
        url = leading_to(web, status, f"http://127.0.0.1:{door.port}/")
        assert (ending(fetcher, url, body=b"{}"), door.count()) == (REFUSED, 0)


@pytest.mark.parametrize("status", [300, 304, 305, 306])
def test_what_is_no_redirect_is_not_followed(web, door, status):
    with Fetcher(allow=["127.0.0.0/8"]) as fetcher:
        url = leading_to(web, status, f"http://127.0.0.1:{door.port}/")
        assert (ending(fetcher, url), door.count()) == ((Outcome.SERVER_ERROR, False), 0)


@pytest.mark.parametrize("hops", [1, 2, 3, 4, 5])
def test_a_chain_of_fair_redirects_that_ends_inside_is_cut_there(web, door, hops):
    for hop in range(hops - 1):
        web.put(f"/{hop}", status=STATUSES[hop], headers={"Location": web.url(f"/{hop + 1}")})
    web.put(f"/{hops - 1}", status=STATUSES[hops - 1], headers={"Location": f"http://127.1:{door.port}/"})
    with Fetcher(allow=[f"127.0.0.1:{web.port}"]) as fetcher:
        assert (ending(fetcher, web.url("/0")), len(web.requests), door.count()) == (REFUSED, hops, 0)


@pytest.mark.parametrize("proxy", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_no_proxy_of_the_environment_is_asked(web, door, monkeypatch, proxy):
    monkeypatch.setenv(proxy, f"http://127.0.0.1:{door.port}")
    web.put("/feed", b"the feed itself")
    with Fetcher(allow=[f"feeds.example:{web.port}"], resolver=worst) as fetcher:
        assert (ending(fetcher, f"http://feeds.example:{web.port}/feed"), door.count()) == (b"the feed itself", 0)


# What the resolver says


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.1", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.255.255.255", "169.254.169.254",
        "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.168.0.0", "198.18.0.1", "198.51.100.1", "203.0.113.1",
        "239.255.255.250", "240.0.0.1", "::", "::1", "::2", "::a00:1", "::ffff:10.0.0.1", "::ffff:0:10.0.0.1",
        "64:ff9b::10.0.0.1", "64:ff9b:1::8.8.8.8", "64:ff9b:1:ffff::10.0.0.1", "100::1",
        "100:0:0:1::1", "2001:db8::1", "2002:a00:1::", "2002:6440:1::",
        "2001:0:808:808:8000:63bf:f5ff:fffe", "3fff::1", "4000::1", "5f00::1", "fc00::1", "fdff::1", "fe80::5efe:a00:1",
        "febf::1", "fec0::1", "ff0e::1",
        # Not an address at all, as a broken resolver may say it.
        "127.1", "::1%lo", "fe80::1%eth0", "localhost", "0x7f.0.0.1", "93.184.216.34 ", "",
    ],
)  # fmt: skip
def test_a_name_that_leads_inside_is_refused_alone_and_among_public_addresses(address):
    for answer in ([address], [PUBLIC, address], [address, PUBLIC], ["2606:2800:220:1::1", PUBLIC, address]):
        with pytest.raises(SourceError) as caught:
            checked("feeds.example", 80, Allowed(), saying(answer))
        assert (caught.value.outcome, caught.value.permanent) == REFUSED


@pytest.mark.parametrize(
    "address",
    [
        PUBLIC, "9.255.255.255", "100.63.255.255", "100.128.0.0", "169.253.255.255", "172.32.0.0", "192.167.255.255",
        "223.255.255.255", "2606:4700:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
        "2002:808:808::1",
    ],
)  # fmt: skip
def test_the_neighbours_of_inside_addresses_are_public(address):
    assert checked("feeds.example", 80, Allowed(), saying([address])) == [address]


# 127.0.0.2 plays a public address; the door listens on the same port of 127.0.0.1.


def test_a_name_that_turns_after_the_check_is_dialled_where_it_was_checked():
    """Outside when asked first and inside ever after: nobody asks between check and dial."""
    answers = [["127.0.0.2"], ["127.0.0.1"], ["127.0.0.1", "127.0.0.2"], ["127.0.0.2", "127.0.0.1"]]
    with FeedWorld(host="127.0.0.2") as outside, Door(outside.port) as door:
        url = outside.put("/feed", b"ours", headers={"Connection": "close"}).replace("127.0.0.2", "turning.example")
        with Fetcher(allow=["127.0.0.2"], resolver=lambda host, port: answers.pop(0)) as fetcher:
            found = [(ending(fetcher, url), len(answers)) for _ in range(4)]
        assert (found, door.count()) == ([(b"ours", 3), (REFUSED, 2), (REFUSED, 1), (REFUSED, 0)], 0)


def test_a_kept_connection_stays_where_it_was_checked():
    answers = [["127.0.0.2"], ["127.0.0.1"]]
    with FeedWorld(host="127.0.0.2") as outside, Door(outside.port) as door:
        url = outside.put("/feed", b"ours").replace("127.0.0.2", "turning.example")
        with Fetcher(allow=["127.0.0.2"], resolver=lambda host, port: answers.pop(0)) as fetcher:
            assert [ending(fetcher, url), ending(fetcher, url)] == [b"ours", b"ours"]
        assert (door.count(), answers) == (0, [["127.0.0.1"]])


def test_a_redirect_is_checked_when_it_is_dialled_and_not_when_it_is_read():
    """The same host in both hops, inside only in the second."""
    answers = [["127.0.0.2"], ["127.0.0.1"]]
    with FeedWorld(host="127.0.0.2") as outside, Door(outside.port) as door:
        outside.put("/on", status=307, headers={"Location": "/feed", "Connection": "close"})
        with Fetcher(allow=["127.0.0.2"], resolver=lambda host, port: answers.pop(0)) as fetcher:
            found = ending(fetcher, f"http://turning.example:{outside.port}/on")
        assert (found, door.count(), answers) == (REFUSED, 0, [])
