"""The world outside, on loopback: platforms that publish the scenario as feeds, a chat that takes signed webhooks."""

import hmac
import json
import threading
from bisect import bisect_right
from collections.abc import Sequence
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape, quoteattr

from alerts.channels.webhook import sign
from config.clock import Clock
from desk.demo.scenario import Told

# Which platforms share a feed, and the form it is served in: all three forms are read in every demo.
FEEDS = {
    "social": ("json", ("weibo", "douyin", "xiaohongshu")),
    "press": ("rss", ("news", "wechat", "zhihu", "heimao")),
    "world": ("atom", ()),
}
SHOWN_FOR = timedelta(minutes=20)
SHOWN_LEAST = 10
LOGIN = '<!doctype html><html><title>请登录</title><form>密码 <input type="password"></form></html>'
_JSON, _RSS, _ATOM = "application/feed+json", "application/rss+xml", "application/atom+xml"


class Platforms:
    """One HTTP server on a free loopback port: /feed/NAME for sources, /chat for webhook pages.

    Feeds named in `walled` answer 200 with a login page: a platform that wants to see an account.
    """

    def __init__(self, told: Sequence[Told], clock: Clock, secret: str) -> None:
        self.clock, self.secret = clock, secret
        ordered = sorted(told, key=lambda one: one.published_at)
        self._feeds = {name: [one for one in ordered if feed_of(one.platform) == name] for name in FEEDS}
        self.walled: set[str] = set()
        self._chat: list[dict[str, object]] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def chat(self) -> list[dict[str, object]]:
        """Webhook pages that arrived with a right signature, oldest first, each key once."""
        with self._lock:
            return list(self._chat)

    def take_chat(self, body: bytes, signature: str) -> tuple[int, dict[str, object]]:
        """The receiver's side of the webhook contract: refuse a wrong signature, drop a key it knows."""
        if not hmac.compare_digest(sign(body, self.secret), signature):
            return 401, {"accepted": False, "reason": "signature"}
        said = json.loads(body)
        with self._lock:
            if all(one["id"] != said["id"] for one in self._chat):
                self._chat.append(said | {"arrived_at": self.clock().isoformat()})
        return 200, {"accepted": True}

    def feed(self, name: str, known: str = "") -> tuple[str, str, bytes] | None:
        """(etag, content type, body) of a feed as it stands now; body b"" when `known` is its etag."""
        if name not in self._feeds:
            return None
        if name in self.walled:
            return "", "text/html; charset=utf-8", LOGIN.encode()
        told, now = self._feeds[name], self.clock()
        published = bisect_right(told, now, key=lambda one: one.published_at)
        fresh = bisect_right(told, now - SHOWN_FOR, key=lambda one: one.published_at)
        shown = told[max(0, min(fresh, published - SHOWN_LEAST)) : published][::-1]
        etag, form = f'"{published}"', FEEDS[name][0]
        content_type, write = {"json": (_JSON, _as_json), "rss": (_RSS, as_rss), "atom": (_ATOM, _as_atom)}[form]
        return etag, content_type, b"" if etag == known else write(name, shown)


def feed_of(platform: str) -> str:
    """The feed a platform's mentions appear in; what nobody lists appears in `world`."""
    return next((name for name, (_, platforms) in FEEDS.items() if platform in platforms), "world")


def _handler(world: Platforms) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        disable_nagle_algorithm = True
        protocol_version = "HTTP/1.1"
        # Headers and body leave in one packet; otherwise Nagle costs 40 ms per answer.
        wbufsize = 65_536

        def do_GET(self) -> None:
            known = self.headers.get("If-None-Match", "")
            found = world.feed(self.path.removeprefix("/feed/"), known) if self.path.startswith("/feed/") else None
            if found is None:
                return self._send(404, "text/plain", b"no such feed")
            etag, content_type, body = found
            if etag and known == etag:
                return self._send(304, content_type, b"", etag)
            return self._send(200, content_type, body, etag)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, said = world.take_chat(body, self.headers.get("X-GoldenHour-Signature", ""))
            self._send(status, "application/json", json.dumps(said).encode())

        def _send(self, status: int, content_type: str, body: bytes, etag: str = "") -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            if etag:
                self.send_header("ETag", etag)
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:
            """The demo's terminal belongs to its progress."""

    return Handler


def _as_json(name: str, told: Sequence[Told]) -> bytes:
    items: list[dict[str, object]] = [
        {
            "id": one.id,
            "url": one.url,
            "title": one.title,
            "content_text": one.text,
            "authors": [{"name": one.author}],
            "date_published": one.published_at.isoformat(),
            "_golden_hour": dict[str, object]({"platform": one.platform}) | _numbers(one),
        }
        for one in told
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": name, "items": items}
    return json.dumps(feed, ensure_ascii=False).encode()


def as_rss(name: str, told: Sequence[Told]) -> bytes:
    items = "".join(
        f'<item><guid isPermaLink="false">{escape(one.id)}</guid><link>{escape(one.url)}</link>'
        f"<title>{escape(one.title)}</title><description>{escape(escape(one.text))}</description>"
        f"<dc:creator>{escape(one.author)}</dc:creator><pubDate>{format_datetime(one.published_at)}</pubDate>{_tags(one)}</item>"
        for one in told
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:gh="urn:golden-hour:mention"><channel><title>{name}</title>{items}</channel></rss>'
    ).encode()


def _as_atom(name: str, told: Sequence[Told]) -> bytes:
    entries = "".join(
        f"<entry><id>{escape(one.id)}</id><link href={quoteattr(one.url)}/><title>{escape(one.title or one.text[:60])}"
        f'</title><content type="text">{escape(one.text)}</content><author><name>{escape(one.author)}</name></author>'
        f"<published>{one.published_at.isoformat()}</published><updated>{one.published_at.isoformat()}</updated>"
        f"{_tags(one)}</entry>"
        for one in told
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" '
        f'xmlns:gh="urn:golden-hour:mention"><title>{name}</title>{entries}</feed>'
    ).encode()


def _tags(one: Told) -> str:
    numbers = dict[str, object]({"platform": one.platform}) | _numbers(one)
    return "".join(f"<gh:{key}>{escape(str(value))}</gh:{key}>" for key, value in numbers.items())


def _numbers(one: Told) -> dict[str, int]:
    """What is unknown is left out, never 0."""
    found = {key: getattr(one, key) for key in ("followers", "likes", "comments", "reposts")}
    return {key: value for key, value in found.items() if value is not None}
