"""How the parts of a Mastodon server are paged: timelines forward from an id, searches back to a time (pure).

Ids are opaque: they are remembered and sent back, never compared or counted.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol
from urllib.parse import parse_qs, urlsplit

from monitor.sources.dates import parse_when
from monitor.sources.mastodon.shapes import UTC_ZONE, Json

PAGE: Final = 40
# So many known posts are read again now and then: one that arrives late from another server stands among them.
_SECOND_LOOK: Final = 20
_LOOK_EVERY: Final = timedelta(minutes=1)
# A search goes back so far beyond what the last one saw, for posts that are indexed late.
LATE: Final = timedelta(minutes=10)
# Servers turn an id into a whole second before they search below it.
_COARSE: Final = 2
# Below every id of every server we know; what min_id says on a timeline that was empty.
_BEFORE_ALL: Final = "0"
_PREV: Final = re.compile(r"<([^<>]{1,2000})>\s*;[^,<]*?\brel\s*=\s*\"?prev\"?", re.IGNORECASE)


class Walk(Protocol):
    """One part on its way through its pages: ask for `path` with `params`, `take` what came, until `done`.

    `state` is what to remember whenever it ends; `behind`: there was more.
    """

    name: str
    path: str

    @property
    def params(self) -> list[tuple[str, str]]: ...

    @property
    def done(self) -> bool: ...

    @property
    def behind(self) -> bool: ...

    @property
    def state(self) -> dict[str, Any]: ...

    def take(self, items: Sequence[Json], link: str) -> None: ...


@dataclass(slots=True)
class Timeline:
    """A list served from `min_id` upwards, so that a burst is walked from its beginning to its end.

    Never `since_id`: that gives the newest page and leaves out all between it and the last read. `looks_back`: posts
    may turn up below the newest one.
    """

    name: str
    path: str
    before: Mapping[str, Any]
    now: datetime
    looks_back: bool = True
    fixed: tuple[tuple[str, str], ...] = ()
    done: bool = False
    _ids: list[str] = field(init=False)
    _looked: float = field(init=False)
    _first: bool = field(init=False)
    _begun: bool = False

    def __post_init__(self) -> None:
        self._ids = [one for one in _list(self.before.get("recent")) if isinstance(one, str)]
        self._first = not self._ids
        looked = self.before.get("looked")
        self._looked = looked if isinstance(looked, int | float) else 0.0
        rested = self.now.timestamp() - self._looked >= _LOOK_EVERY.total_seconds()
        if self.looks_back and rested and not self.before.get("behind"):
            self._ids, self._looked = self._ids[:1], self.now.timestamp()

    @property
    def params(self) -> list[tuple[str, str]]:
        since = [] if self._first else [("min_id", self._ids[-1])]
        return [*self.fixed, ("limit", str(PAGE)), *since]

    @property
    def behind(self) -> bool:
        return self._begun and not self.done

    @property
    def state(self) -> dict[str, Any]:
        if not self._begun:
            return dict(self.before)
        recent = self._ids[-_SECOND_LOOK:] or [_BEFORE_ALL]
        return {"recent": recent, "looked": self._looked, "behind": self.behind}

    def take(self, items: Sequence[Json], link: str) -> None:
        """A page, newest first; `link` is its Link header, which also counts posts the server keeps from us."""
        self._begun = True
        came = [str(item["id"]) for item in reversed(items) if item.get("id")]
        ahead = _min_id(link)
        new = [one for one in (*came, *([ahead] if ahead else [])) if one not in self._ids]
        self._ids += dict.fromkeys(new)
        # The first read takes the newest page only. A server that gives the same again has no more to give.
        self.done = self._first or not new


@dataclass(slots=True)
class _Span:
    """Posts newer than `low` (Unix seconds) and below the id `bound` ("" for none), from `page` on."""

    low: int
    bound: str = ""
    page: int = 0


@dataclass(slots=True)
class Search:
    """A search served newest first. What an interruption leaves open is one gap, asked for below an id (`max_id`)."""

    name: str
    path: str
    words: str
    before: Mapping[str, Any]
    now: datetime
    found: bool = field(init=False)
    _spans: list[_Span] = field(init=False)
    _solid: int = field(init=False)
    _first: bool = field(init=False)
    _passed: list[tuple[int, str]] = field(default_factory=list)
    _begun: bool = False

    def __post_init__(self) -> None:
        self.found = bool(self.before.get("found"))
        mark, gap = self.before.get("mark"), _gap(self.before.get("gap"))
        self._first = not isinstance(mark, int)
        end = (mark if isinstance(mark, int) else 0) - _COARSE
        # While a gap is open no request is spent on looking back: what is missing comes first. Else all below `end`
        # was read before, and a second look at it that is cut short is not owed.
        self._solid = 0 if gap else end
        low = end if gap else end - int(LATE.total_seconds())
        self._spans = [_Span(low), *([gap] if gap else [])]

    @property
    def params(self) -> list[tuple[str, str]]:
        span = self._spans[0]
        fixed = [("q", self.words), ("type", "statuses"), ("limit", str(PAGE)), ("offset", str(span.page * PAGE))]
        return [*fixed, *([("max_id", span.bound)] if span.bound else [])]

    @property
    def done(self) -> bool:
        return not self._spans

    @property
    def behind(self) -> bool:
        return self._begun and self._rest() is not None

    @property
    def state(self) -> dict[str, Any]:
        if not self._begun:
            return dict(self.before)
        rest = self._rest()
        gap = [rest.low, rest.bound, rest.page] if rest else None
        return {"mark": int(self.now.timestamp()), "found": self.found, "gap": gap}

    def take(self, items: Sequence[Json], link: str) -> None:
        """A page, newest first; a server that ignores the offset gives the same again and has no more to give."""
        self._begun = True
        self.found = self.found or bool(items)
        known = {one for _, one in self._passed}
        placed = [(self._when(item), str(item.get("id", ""))) for item in items]
        new = [(at, one) for at, one in placed if one not in known]
        self._passed += [(at, one) for at, one in new if at is not None]
        span = self._spans[0]
        newest = max((at for at, _ in new if at is not None), default=span.low)
        if self._first or not new or newest < span.low:
            self._spans.pop(0)
            self._passed = []
        else:
            span.page += 1

    def _rest(self) -> _Span | None:
        """What is still open, from well above the oldest post seen down to the lowest end of all spans."""
        if self.done:
            return None
        span, low = self._spans[0], max(self._solid, min(one.low for one in self._spans))
        oldest = min((at for at, _ in self._passed), default=None)
        if oldest is not None and oldest < low:
            return None
        above = [one for at, one in self._passed if oldest is not None and at >= oldest + _COARSE]
        if above:
            return _Span(low, above[-1])
        return _Span(low, span.bound, span.page)

    def _when(self, item: Json) -> int | None:
        at = parse_when(str(item.get("created_at", "")), now=self.now, zone=UTC_ZONE)
        return int(at.timestamp()) if at else None


def _gap(kept: Any) -> _Span | None:
    match kept:
        case [int(low), str(bound), int(page)] if page >= 0:
            return _Span(low, bound, page)
    return None


def _min_id(link: str) -> str:
    """The id in the link to what is newer; the link itself is not followed: it might lead anywhere."""
    found = _PREV.search(link)
    try:
        return parse_qs(urlsplit(found[1]).query).get("min_id", [""])[0][:200] if found else ""
    except ValueError:
        return ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
