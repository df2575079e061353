"""A server of the Mastodon family that keeps its rules: opaque ids, min_id and since_id, Link, tokens, 300 in 5 min."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from config.clock import Clock, rest
from tests.worlds.feeds import Answer, Asked, FeedWorld

TOKEN = "tok_StarTeaNobodyMaySee"
JSON = "application/json; charset=utf-8"
TAG = "/api/v1/timelines/tag/"
NOTICES = "/api/v1/notifications"
SEARCH = "/api/v2/search"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_WINDOW = timedelta(minutes=5)


class Mastodon(FeedWorld):
    """`statuses` and `notices` hold what people wrote. `ulid`: ids as GoToSocial makes them, else numbers.

    Ids follow the time of writing, so a post that comes late from elsewhere stands below the newest. `instead`: number
    of a request (1 is the first) → what it is answered, whatever it asked; None is silence. `limit`: requests in five
    minutes. `open`: timelines are shown to everybody. `full_text`: posts can be searched. `honest`: `min_id` is
    understood. `largest`: posts on a page at most. `forbidden`: paths the token may not use. `asked`: path and
    parameters, in order.
    """

    def __init__(self, clock: Clock, *, ulid: bool = False, **more: Any) -> None:
        super().__init__(**more)
        self.clock, self.ulid = clock, ulid
        self.tokens = {TOKEN}
        self.statuses: list[dict[str, Any]] = []
        self.notices: list[dict[str, Any]] = []
        self.instead: dict[int, Answer | None] = {}
        self.limit, self.largest = 300, 40
        self.open = self.full_text = self.honest = True
        self.forbidden: set[str] = set()
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.counted: list[datetime] = []
        self._made = 0

    @property
    def base(self) -> str:
        return self.url("")

    def post(self, text: str, at: datetime, tags: Sequence[str] = ("星禾茶饮",), **more: Any) -> dict[str, Any]:
        """Somebody writes with these tags; `more` replaces fields, so that a post of another server can be told."""
        made = self._status(text, at, tags) | more
        self.statuses.append(made)
        return made

    def mention(self, text: str, at: datetime, **more: Any) -> dict[str, Any]:
        """Somebody writes to the brand's account."""
        status = self._status(text, at, ()) | more
        self.notices.append(
            {
                "id": self._id(at),
                "type": "mention",
                "created_at": iso(at),
                "account": status["account"],
                "status": status,
            }
        )
        return status

    def revoke(self, fresh: str = "") -> None:
        """The token of today is worth nothing from now on; `fresh` is the one to use instead."""
        self.tokens = {fresh} if fresh else set()

    def answer(self, asked: Asked) -> Answer:
        parts = urlsplit(asked.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        path = unquote(parts.path)
        self.asked.append((path, query))
        if len(self.asked) in self.instead:
            return self.instead[len(self.asked)] or self._silence()
        if not asked.headers.get("user-agent"):
            return Answer(b'{"error":"I\'m a teapot: no user-agent sent with request"}', JSON, 418)
        self.counted = [at for at in self.counted if at > self.clock() - _WINDOW]
        if len(self.counted) >= self.limit:
            return Answer(b'{"error":"rate limit reached"}', JSON, 429, self._limits(0))
        self.counted.append(self.clock())
        found = self._routed(path, query, asked.headers.get("authorization", ""))
        return Answer(found.body, JSON, found.status, {**found.headers, **self._limits(self.limit - len(self.counted))})

    def _limits(self, left: int) -> dict[str, str]:
        reset = (self.counted[0] if self.counted else self.clock()) + _WINDOW
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset": iso(reset),
        }

    def _routed(self, path: str, query: dict[str, str], authorization: str) -> Answer:
        known = authorization.removeprefix("Bearer ") in self.tokens
        if authorization and not known:
            return Answer(b'{"error":"The access token is invalid"}', JSON, 401)
        if path in self.forbidden:
            return Answer(b'{"error":"This action is outside the authorized scopes"}', JSON, 403)
        if path.startswith(TAG):
            if not (known or self.open):
                return Answer(b'{"error":"This method requires an authenticated user"}', JSON, 422)
            tag = path.removeprefix(TAG).casefold()
            held = [one for one in self.statuses if any(tag == named["name"].casefold() for named in one["tags"])]
            return self._timeline(path, held, query, min(40, self.largest))
        if path in (NOTICES, SEARCH) and not known:
            return Answer(b'{"error":"Unauthorized: token not supplied"}', JSON, 401)
        if path == NOTICES:
            held = [one for one in self.notices if one["type"] == query.get("types[]", one["type"])]
            return self._timeline(path, held, query, min(80, self.largest))
        return self._search(query) if path == SEARCH else Answer(b'{"error":"Record not found"}', JSON, 404)

    def _timeline(self, path: str, held: list[dict[str, Any]], query: dict[str, str], most: int) -> Answer:
        order: Callable[[dict[str, Any]], Any] = (lambda one: one["id"]) if self.ulid else (lambda one: int(one["id"]))
        rank: Callable[[str], Any] = str if self.ulid else int
        size = min(int(query.get("limit", 20)), most)
        found = sorted(held, key=order, reverse=True)
        if "max_id" in query:
            found = [one for one in found if order(one) < rank(query["max_id"])]
        if "since_id" in query:
            # The newest page above it: what lies between that page and the id is left out.
            found = [one for one in found if order(one) > rank(query["since_id"])][:size]
        elif "min_id" in query and self.honest:
            # The page right above it.
            found = [one for one in found if order(one) > rank(query["min_id"])][-size:]
        shown = found[:size]
        return Answer(_dumped(shown), JSON, 200, {"Link": self._link(path, shown)} if shown else {})

    def _link(self, path: str, shown: list[dict[str, Any]]) -> str:
        base = self.url(quote(path))
        older, newer = urlencode({"max_id": shown[-1]["id"]}), urlencode({"min_id": shown[0]["id"]})
        return f'<{base}?{older}>; rel="next", <{base}?{newer}>; rel="prev"'

    def _search(self, query: dict[str, str]) -> Answer:
        held = [one for one in self.statuses if query["q"] in one["text"]] if self.full_text else []
        if "max_id" in query:
            # An id becomes the whole second it was made in.
            below = (int(query["max_id"]) >> 16) // 1000
            held = [one for one in held if datetime.fromisoformat(one["created_at"]).timestamp() < below]
        held.sort(key=lambda one: int(one["id"]) if not self.ulid else one["id"], reverse=True)
        size, offset = min(int(query.get("limit", 20)), 40, self.largest), int(query.get("offset", 0))
        return Answer(_dumped({"accounts": [], "statuses": held[offset : offset + size], "hashtags": []}), JSON)

    def _silence(self) -> Answer:
        rest(timedelta(seconds=30), self.closing)
        return Answer(b"", JSON)

    def _id(self, at: datetime) -> str:
        self._made += 1
        number = (int(at.timestamp() * 1000) << 16) + self._made
        if not self.ulid:
            return str(number)
        digits = ""
        number <<= 64
        for _ in range(26):
            number, digit = divmod(number, 32)
            digits = _CROCKFORD[digit] + digits
        return digits

    def _status(self, text: str, at: datetime, tags: Sequence[str]) -> dict[str, Any]:
        one = self._id(at)
        link = '<a href="{}" class="mention hashtag" rel="tag nofollow noreferrer noopener">#<span>{}</span></a>'
        marked = " ".join(link.format(self.url(f"/tags/{quote(tag)}"), tag) for tag in tags)
        return {
            "id": one, "created_at": iso(at), "edited_at": None, "in_reply_to_id": None,
            "in_reply_to_account_id": None, "sensitive": False, "spoiler_text": "", "visibility": "public",
            "language": "zh", "uri": self.url(f"/users/chayou/statuses/{one}"),
            "url": self.url(f"/@chayou/statuses/{one}"),
            "replies_count": 0, "reblogs_count": 0, "favourites_count": 0, "favourited": False, "reblogged": False,
            "muted": False, "bookmarked": False, "pinned": False, "content": f"<p>{text} {marked}</p>", "reblog": None,
            "application": {"name": "t"}, "account": self._account(at), "media_attachments": [], "mentions": [],
            "tags": [{"name": tag, "url": self.url(f"/tags/{tag}")} for tag in tags], "emojis": [], "card": None,
            "poll": None, "text": text, "content_type": "text/plain",
        }  # fmt: skip

    def _account(self, at: datetime) -> dict[str, Any]:
        return {
            "id": "024VGCW21FR1PA3W9RJXAKSXVH", "username": "chayou", "acct": "chayou", "display_name": "茶友",
            "locked": True, "discoverable": False, "bot": False, "created_at": iso(at), "note": "",
            "url": self.url("/@chayou"), "followers_count": 7, "following_count": 0, "statuses_count": 5,
            "last_status_at": at.date().isoformat(), "emojis": [], "fields": [], "group": False,
        }  # fmt: skip


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
