"""A Bluesky server on loopback that tests fill: logins, searches, notifications and profiles, in captured shapes."""

import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from config.clock import Clock
from tests.worlds.feeds import Answer, Asked, FeedWorld

JSON = "application/json; charset=utf-8"
SEARCH = "app.bsky.feed.searchPosts"
NOTICES = "app.bsky.notification.listNotifications"
PROFILES = "app.bsky.actor.getProfiles"
CREATE = "com.atproto.server.createSession"
REFRESH = "com.atproto.server.refreshSession"

Params = Mapping[str, list[str]]


def iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


def refusal(status: int, code: str, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(json.dumps({"error": code, "message": f"{code}!"}), JSON, status, headers or {})


@dataclass
class BlueskyWorld:
    """`with BlueskyWorld(clock) as sky: sky.post("星禾茶饮…", at)`; every answer can be planned to be another.

    `plans[method]` holds what the next requests of a method get instead of their answer; None lets one through.
    A post is found by every search whose words its text holds, ordered by the earlier of its two dates, as the real
    server does. Tokens live until `expire()` (the refresh token still works) or `revoke()` (nothing does).
    """

    clock: Clock
    handle: str = "xinghe.test"
    password: str = "fake-app-pass-word"
    posts: list[dict[str, Any]] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    followers: dict[str, int] = field(default_factory=dict)
    plans: dict[str, deque[Answer | None]] = field(default_factory=dict)
    asked: list[tuple[str, Params]] = field(default_factory=list)
    page_size: int = 100

    def __post_init__(self) -> None:
        self.web = FeedWorld()
        self._tokens: dict[str, str] = {}
        self._made = 0
        for method, answer in {
            CREATE: self._create, REFRESH: self._refresh, SEARCH: self._search, NOTICES: self._notices,
            PROFILES: self._profiles,
        }.items():  # fmt: skip
            self.web.put(f"/xrpc/{method}", self._planned(method, answer), JSON)

    def __enter__(self) -> "BlueskyWorld":
        self.web.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.web.__exit__()

    def count(self, method: str) -> int:
        return sum(1 for name, _ in self.asked if name == method)

    def plan(self, method: str, *answers: Answer | None) -> None:
        self.plans.setdefault(method, deque()).extend(answers)

    def limited(self, span: timedelta = timedelta(minutes=1)) -> Answer:
        """What the rate limit answers; it is over after `span`."""
        reset = int((self.clock() + span).timestamp())
        headers = {"ratelimit-limit": "3000", "ratelimit-remaining": "0", "ratelimit-reset": str(reset)}
        return refusal(429, "RateLimitExceeded", headers)

    def expire(self) -> None:
        """Every access token is too old from now on."""
        self._tokens = {token: "old" if kind == "access" else kind for token, kind in self._tokens.items()}

    def revoke(self) -> None:
        """Every token is worth nothing from now on."""
        self._tokens = {}

    def post(self, text: str, at: datetime, **more: Any) -> str:
        """Put a post; returns its at-uri. `more`: created (as written by the author), author, record, counts, …"""
        view = self._view(
            text, at, more.pop("author", "zhangsan"), more.pop("created", iso(at)), more.pop("record", {})
        )
        counts = {name: 0 for name in ("bookmarkCount", "replyCount", "repostCount", "likeCount", "quoteCount")}
        self.posts.append({**view, **counts, **more})
        return str(view["uri"])

    def notify(self, reason: str, text: str, at: datetime, **record: Any) -> str:
        view = self._view(text, at, "lisi", iso(at), record)
        self.notices.append({**view, "reason": reason, "isRead": False})
        return str(view["uri"])

    def _view(self, text: str, at: datetime, author: str, created: str, record: Mapping[str, Any]) -> dict[str, Any]:
        self._made += 1
        did = f"did:plc:{author:a<24}"
        return {
            "uri": f"at://{did}/app.bsky.feed.post/3n2vlv{self._made:07}",
            "cid": f"bafyrei{self._made:052}",
            "author": {"did": did, "handle": f"{author}.test", "labels": []},
            "record": {
                "text": text, "$type": "app.bsky.feed.post", "langs": ["zh"], "createdAt": created, **record,
            },
            "indexedAt": iso(at),
            "labels": [],
        }  # fmt: skip

    def _planned(self, method: str, answer: Callable[[Asked, Params], Answer]) -> Callable[[Asked], Answer]:
        def answered(asked: Asked) -> Answer:
            params = parse_qs(asked.path.partition("?")[2])
            self.asked.append((method, params))
            waiting = self.plans.get(method)
            planned = waiting.popleft() if waiting else None
            return planned if planned is not None else answer(asked, params)

        return answered

    def _create(self, asked: Asked, params: Params) -> Answer:
        given = json.loads(asked.body)
        if (given.get("identifier"), given.get("password")) != (self.handle, self.password):
            return refusal(401, "AuthenticationRequired")
        return self._session()

    def _refresh(self, asked: Asked, params: Params) -> Answer:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if self._tokens.pop(token, "") != "refresh":
            return refusal(400, "ExpiredToken")
        return self._session()

    def _session(self) -> Answer:
        self._made += 1
        access, refresh = f"access-token-{self._made}", f"refresh-token-{self._made}"
        self._tokens |= {access: "access", refresh: "refresh"}
        body = {
            "did": "did:plc:brand",
            "handle": self.handle,
            "accessJwt": access,
            "refreshJwt": refresh,
            "active": True,
        }
        return Answer(json.dumps(body), JSON)

    def _refused(self, asked: Asked) -> Answer | None:
        if "authorization" not in asked.headers:
            return refusal(401, "AuthMissing")
        kind = self._tokens.get(asked.headers["authorization"].removeprefix("Bearer "))
        return None if kind == "access" else refusal(400, "ExpiredToken" if kind == "old" else "InvalidToken")

    def _search(self, asked: Asked, params: Params) -> Answer:
        words = params["q"][0].strip('"')
        rows = [post for post in self.posts if words in post["record"]["text"]]
        since, until = params.get("since", [""])[0], params.get("until", ["9"])[0]
        rows = [post for post in rows if since <= sort_at(post) < until]
        return self._refused(asked) or self._page("posts", rows, params)

    def _notices(self, asked: Asked, params: Params) -> Answer:
        reasons = params.get("reasons")
        rows = [row for row in self.notices if not reasons or row["reason"] in reasons]
        return self._refused(asked) or self._page("notifications", rows, params)

    def _page(self, name: str, rows: list[dict[str, Any]], params: Params) -> Answer:
        """Newest first; the cursor is the place of the last row, as `milliseconds__cid`."""
        placed = sorted(((sort_at(row), row["cid"], row) for row in rows), key=lambda one: one[:2], reverse=True)
        if "cursor" in params:
            at, mark, cid = params["cursor"][0].partition("__")
            if not mark:
                return refusal(500, "InternalServerError")
            placed = [one for one in placed if one[:2] < (at, cid)]
        size = min(self.page_size, int(params["limit"][0]))
        shown = placed[:size]
        body: dict[str, Any] = {name: [row for *_, row in shown]}
        if len(placed) > size:
            body["cursor"] = f"{shown[-1][0]}__{shown[-1][1]}"
        return Answer(json.dumps(body, ensure_ascii=False), JSON)

    def _profiles(self, asked: Asked, params: Params) -> Answer:
        known = [did for did in params["actors"][:25] if did in self.followers]
        body = {"profiles": [{"did": did, "handle": "x.test", "followersCount": self.followers[did]} for did in known]}
        return self._refused(asked) or Answer(json.dumps(body), JSON)


def sort_at(view: Mapping[str, Any]) -> str:
    """What the server orders by: the earlier of what the author wrote and when it took the post in."""
    return min(view["record"]["createdAt"], view["indexedAt"])
