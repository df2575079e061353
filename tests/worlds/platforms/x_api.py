"""An X API on loopback that tests fill: counts, search and its bill, in both vocabularies and captured shapes."""

import html
import json
import re
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from config.clock import Clock
from tests.worlds.feeds import Answer, Asked, FeedWorld

JSON = "application/json; charset=utf-8"
COUNTS = "/2/tweets/counts/recent"
SEARCH = "/2/tweets/search/recent"
PROBLEMS = "https://api.x.com/2/problems/"
EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, UTC)
MINUTE = timedelta(minutes=1)
_TITLES = {"usage-capped": "UsageCapExceeded", "client-forbidden": "Client Forbidden"}
_WORDS = {
    "tweet": {"reposts": "retweet_count", "refs": "referenced_tweets", "note": "note_tweet",
              "history": "edit_history_tweet_ids", "count": "tweet_count", "total": "total_tweet_count"},
    "post": {"reposts": "repost_count", "refs": "referenced_posts", "note": "note_post",
             "history": "edit_history_post_ids", "count": "post_count", "total": "total_post_count"},
}  # fmt: skip

Params = Mapping[str, str]


def problem(status: int, kind: str, headers: Mapping[str, str] | None = None, **more: Any) -> Answer:
    body = {"title": _TITLES.get(kind, "Invalid Request"), "detail": kind, "type": PROBLEMS + kind, **more}
    return Answer(json.dumps(body), JSON, status, headers or {})


def iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


@dataclass
class XWorld:
    """`with XWorld(clock) as x: x.post("星禾茶饮…", at)`; `plan` makes the next answers on a path others; None passes.

    `usd` is what X would bill. A query finds a post that holds any of its quoted words, or for one without quotes all.
    """

    clock: Clock
    token: str = "fake-bearer-token"
    vocabulary: str = "tweet"
    posts: list[dict[str, Any]] = field(default_factory=list)
    plans: dict[str, deque[Answer | None]] = field(default_factory=dict)
    asked: list[tuple[str, Params]] = field(default_factory=list)
    usd: float = 0.0
    read: int = 0

    def __post_init__(self) -> None:
        self.web = FeedWorld()
        self._made = 0
        self._pages: dict[str, int] = {}
        self.web.put(COUNTS, self._planned(COUNTS, self._counts), JSON)
        self.web.put(SEARCH, self._planned(SEARCH, self._search), JSON)

    def __enter__(self) -> "XWorld":
        self.web.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.web.__exit__()

    def count(self, path: str) -> int:
        return sum(1 for name, _ in self.asked if name == path)

    def plan(self, path: str, *answers: Answer | None) -> None:
        self.plans.setdefault(path, deque()).extend(answers)

    def limited(self, span: timedelta = timedelta(minutes=15)) -> Answer:
        """What the rate limit answers; it is over after `span`."""
        reset = str(int((self.clock() + span).timestamp()))
        headers = {"x-rate-limit-limit": "450", "x-rate-limit-remaining": "0", "x-rate-limit-reset": reset}
        return Answer(json.dumps({"errors": [{"code": 88, "message": "Rate limit exceeded"}]}), JSON, 429, headers)

    def post(self, text: str, at: datetime, **more: Any) -> str:
        """Put a post; returns its id. `more`: author, note, refs, history, metrics or any field of the answer."""
        words, self._made = _WORDS[self.vocabulary], self._made + 1
        number = str((int((at - EPOCH) / timedelta(milliseconds=1)) << 22) + self._made)
        counts = {words["reposts"]: 5, "reply_count": 2, "like_count": 42, "quote_count": 1, "impression_count": 1900}
        row = {
            "id": number, "text": html.escape(text, quote=False), "created_at": iso(at),
            "author_id": str(more.pop("author", 9876543210)), "lang": "zh",
            "public_metrics": {**counts, **more.pop("metrics", {})},
            words["history"]: [*more.pop("history", ()), number],
        }  # fmt: skip
        for name in ("refs", "note"):
            if name in more:
                row[words[name]] = more.pop(name)
        self.posts.append({**row, **more})
        return number

    def _planned(self, path: str, answer: Callable[[Params], Answer]) -> Callable[[Asked], Answer]:
        def answered(asked: Asked) -> Answer:
            params = {name: values[-1] for name, values in parse_qs(asked.path.partition("?")[2]).items()}
            self.asked.append((path, params))
            waiting = self.plans.get(path)
            planned = waiting.popleft() if waiting else None
            if planned is not None:
                return planned
            if asked.headers.get("authorization") != f"Bearer {self.token}":
                return problem(401, "unsupported-authentication", title="Unauthorized")
            if not 1 <= len(params.get("query", "")) <= 512:
                return problem(400, "invalid-request")
            return answer(params)

        return answered

    def _matching(self, params: Params) -> list[dict[str, Any]]:
        words = re.findall(r'"([^"]*)"', params["query"])
        rows = [row for row in self.posts if not words or any(word in row["text"] for word in words)]
        if "-is:retweet" in params["query"]:
            rows = [row for row in rows if "retweeted" not in json.dumps(row)]
        oldest = iso(self.clock() - timedelta(days=7))
        return [row for row in rows if row["created_at"] >= max(oldest, params.get("start_time", ""))]

    def _counts(self, params: Params) -> Answer:
        words = _WORDS[self.vocabulary]
        start = datetime.fromisoformat(params["start_time"])
        self.usd += 0.005
        made = Counter(
            row["created_at"][:16] for row in self._matching(params) if row["created_at"] < iso(self.clock())
        )
        rows = []
        while start < self.clock():
            end = min(start + MINUTE, self.clock())
            rows.append({"end": iso(end), "start": iso(start), words["count"]: made[iso(start)[:16]]})
            start += MINUTE
        return Answer(json.dumps({"data": rows, "meta": {words["total"]: made.total()}}), JSON)

    def _search(self, params: Params) -> Answer:
        size, fields = int(params.get("max_results", "10")), f"{self.vocabulary}.fields"
        since = int(params.get("since_id", "0"))
        week = int((self.clock() - timedelta(days=7) - EPOCH) / timedelta(milliseconds=1)) << 22
        odd = [name for name in params if name.endswith(".fields") and name not in (fields, "user.fields")]
        if not 10 <= size <= 100 or odd or (since and since < week):
            return problem(400, "invalid-request")
        below = int(params.get("until_id", "9" * 20))
        rows = [row for row in self._matching(params) if since < int(row["id"]) < below]
        if "next_token" in params:
            if params["next_token"] not in self._pages:
                return problem(400, "invalid-request")
            rows = [row for row in rows if int(row["id"]) < self._pages[params["next_token"]]]
        rows = sorted(rows, key=lambda row: int(row["id"]), reverse=True)
        return self._page(rows[:size], len(rows) > size, params)

    def _page(self, rows: list[dict[str, Any]], more: bool, params: Params) -> Answer:
        meta: dict[str, Any] = {"result_count": len(rows)}
        body: dict[str, Any] = {"meta": meta}
        if rows:
            body["data"] = rows
            meta |= {"newest_id": rows[0]["id"], "oldest_id": rows[-1]["id"]}
        if more:
            meta["next_token"] = f"b26v89c19zqg8o3f{len(self._pages)}"
            self._pages[meta["next_token"]] = int(rows[-1]["id"])
        authors = sorted({row["author_id"] for row in rows}) if params.get("expansions") == "author_id" else []
        if authors:
            body["includes"] = {"users": [self._user(author) for author in authors]}
        self.read += len(rows)
        self.usd += len(rows) * 0.005 + len(authors) * 0.010
        return Answer(json.dumps(body, ensure_ascii=False), JSON)

    def _user(self, number: str) -> dict[str, Any]:
        metrics = {"followers_count": 1200, "following_count": 10, "listed_count": 1}
        return {
            "id": number,
            "username": f"user{number}",
            "name": "王小明",
            "verified": False,
            "public_metrics": metrics,
        }
