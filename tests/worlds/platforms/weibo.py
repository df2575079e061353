"""A Weibo that keeps its rules: tokens, permissions, hourly limits, pages newest first, windows, and its odd errors."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from config.clock import Clock, rest
from tests.worlds.feeds import Answer, Asked, FeedWorld

TOKEN = "2.00StarTeaTokenNobodyMaySee"
JSON = "application/json;charset=UTF-8"
SEARCH = "search/statuses/limited"
MENTIONS, COMMENTS = "statuses/mentions", "comments/mentions"
_CHINA = ZoneInfo("Asia/Shanghai")
_FIRST_MID = 5234567890123456
SAYS = {
    10001: "System error!",
    10014: "Insufficient app permissions!",
    10017: "Parameter (q)'s value invalid",
    10022: "IP requests out of rate limit!",
    10023: "User requests out of rate limit!",
    10024: "User requests for (search/statuses/limited) out of rate limit!",
    21316: "token_revoked",
    21327: "expired_token",
    21332: "invalid_access_token",
}


def refusal(code: int | str, path: str = SEARCH, status: int = 403) -> Answer:
    """An error as Weibo writes it; `code` comes as text from some interfaces and as a number from others."""
    said = {"request": f"/2/{path}.json", "error_code": code, "error": SAYS.get(int(code), "?")}
    return Answer(json.dumps(said).encode(), JSON, status)


def ctime(at: datetime) -> str:
    return at.astimezone(_CHINA).strftime("%a %b %d %H:%M:%S %z %Y")


class Weibo(FeedWorld):
    """`public`, `mentioned` and `comments` hold what people wrote, oldest first.

    `instead`: number of a request (1 is the first) → what it is answered, whatever it asked; None is silence.
    `hourly`: requests in an hour. `deepest`: items a search gives at most, however many pages are turned. `bare`:
    arrays without totals. `forbidden`: interfaces the app may not use. `asked`: interface and parameters, in order.
    """

    def __init__(self, clock: Clock, **more: Any) -> None:
        super().__init__(**more)
        self.clock = clock
        self.tokens = {TOKEN}
        self.public: list[dict[str, Any]] = []
        self.mentioned: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []
        self.instead: dict[int, Answer | None] = {}
        self.hourly, self.deepest, self.bare = 50_000, 10_000, False
        self.forbidden: set[str] = set()
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._used: dict[datetime, int] = {}
        self._hidden: dict[str, datetime] = {}
        for path, gives in ((SEARCH, self._search), (MENTIONS, self._mentions), (COMMENTS, self._comments)):
            for whose in ("",) if path == SEARCH else ("/biz", "/other"):
                self.put(f"/2/{path}{whose}.json", self._gate(f"{path}{whose}", gives))

    @property
    def base(self) -> str:
        return self.url("/2")

    def post(self, text: str, at: datetime, *, indexed: datetime | None = None, **more: Any) -> dict[str, Any]:
        """Somebody writes; the search knows of it from `indexed` on."""
        made = self._status(text, at) | more
        self.public.append(made)
        if indexed:
            self._hidden[made["idstr"]] = indexed
        return made

    def mention(self, text: str, at: datetime, **more: Any) -> dict[str, Any]:
        made = self._status(text, at) | more
        self.mentioned.append(made)
        return made

    def comment(self, text: str, at: datetime, under: dict[str, Any]) -> dict[str, Any]:
        mid = self._next_mid()
        made = {"created_at": ctime(at), "id": int(mid), "mid": mid, "text": text, "source": _SOURCE, "status": under}
        made["user"] = _user(mid)
        self.comments.append(made)
        return made

    def revoke(self, fresh: str = "") -> None:
        """The token of today is worth nothing from now on; `fresh` is the one to use instead."""
        self.tokens = {fresh} if fresh else set()

    def _next_mid(self) -> str:
        return str(_FIRST_MID + 1000 * (len(self.public) + len(self.mentioned) + len(self.comments)))

    def _status(self, text: str, at: datetime) -> dict[str, Any]:
        mid = self._next_mid()
        return {
            "created_at": ctime(at), "id": int(mid), "idstr": mid, "mid": mid, "text": text, "textLength": len(text),
            "isLongText": False, "source": _SOURCE, "favorited": False, "truncated": False,
            "in_reply_to_status_id": "", "in_reply_to_user_id": "", "in_reply_to_screen_name": "", "geo": None,
            "reposts_count": 128, "comments_count": 456, "attitudes_count": 2031, "annotations": [],
            "user": _user(mid),
        }  # fmt: skip

    def _gate(self, path: str, gives: Callable[[dict[str, str]], Answer]) -> Callable[[Asked], Answer]:
        def answer(asked: Asked) -> Answer:
            query = {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}
            token = query.pop("access_token", "")
            self.asked.append((path, query))
            if len(self.asked) in self.instead:
                return self.instead[len(self.asked)] or self._silence()
            hour = self.clock().replace(minute=0, second=0, microsecond=0)
            self._used[hour] = self._used.get(hour, 0) + 1
            if token not in self.tokens:
                return refusal(21316, path)
            if self._used[hour] > self.hourly:
                return refusal("10023", path)
            return refusal(10014, path) if path in self.forbidden else gives(query)

        return answer

    def _silence(self) -> Answer:
        rest(timedelta(seconds=30), self.closing)
        return Answer(b"", JSON)

    def _search(self, query: dict[str, str]) -> Answer:
        words, low, high = query.get("q", ""), int(query["starttime"]), int(query["endtime"])
        if not words or any(char in words for char in "{}“"):
            return refusal(10017, SEARCH, 400)
        found = [one for one in self.public if self._finds(one, words) and low <= _epoch(one) <= high]
        found.sort(key=lambda one: (_epoch(one), one["id"]), reverse=True)
        if query.get("dup", "1") == "1":
            found = list({one["text"]: one for one in reversed(found)}.values())[::-1]
        return self._page(found[: self.deepest], query, 50, 20, len(found), "statuses")

    def _finds(self, one: dict[str, Any], words: str) -> bool:
        shown = one["text"] + one.get("retweeted_status", {}).get("text", "")
        return words in shown and self._hidden.get(one["idstr"], self.clock()) <= self.clock()

    def _mentions(self, query: dict[str, str]) -> Answer:
        return self._inbox(self.mentioned, query, 20, "statuses")

    def _comments(self, query: dict[str, str]) -> Answer:
        return self._inbox(self.comments, query, 50, "comments")

    def _inbox(self, held: list[dict[str, Any]], query: dict[str, str], usual: int, name: str) -> Answer:
        since, most = int(query.get("since_id", 0)), int(query.get("max_id", 0))
        found = [one for one in reversed(held) if one["id"] > since and (not most or one["id"] <= most)]
        # The total is that of the whole mailbox, whatever part of it was asked for.
        return self._page(found, query, 200, usual, len(held), name)

    def _page(
        self, found: list[dict[str, Any]], query: dict[str, str], most: int, usual: int, total: int, name: str
    ) -> Answer:
        size, page = min(int(query.get("count", usual)), most), int(query.get("page", 1))
        shown = found[(page - 1) * size : page * size]
        said: Any = {name: shown, "total_number": total, "previous_cursor": 0, "next_cursor": 0}
        return Answer(json.dumps(shown if self.bare else said, ensure_ascii=False).encode(), JSON)


_SOURCE = '<a href="http://weibo.com" rel="nofollow">新浪微博</a>'


def _epoch(one: dict[str, Any]) -> int:
    return int(datetime.strptime(one["created_at"], "%a %b %d %H:%M:%S %z %Y").timestamp())


def _user(mid: str) -> dict[str, Any]:
    uid = 1404000000 + int(mid) // 1000 % 1_000_000
    return {
        "id": uid, "idstr": str(uid), "screen_name": f"茶友{uid}", "name": f"茶友{uid}", "province": "11", "city": "5",
        "location": "北京 朝阳区", "description": "", "url": "", "profile_image_url": f"http://tp1.example/{uid}/50/0/1",
        "domain": "", "gender": "m", "followers_count": 1204, "friends_count": 447, "statuses_count": 2908,
        "favourites_count": 0, "created_at": "Fri Aug 28 00:00:00 +0800 2009", "following": False,
        "allow_all_act_msg": False, "geo_enabled": True, "verified": False, "verified_type": -1, "verified_reason": "",
    }  # fmt: skip
