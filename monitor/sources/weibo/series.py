"""What is asked of Weibo for one source: a series of requests for each search and each mailbox (pure)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from config.accounts import WeiboSource
from monitor.sources.dates import parse_when
from monitor.sources.plain import fold
from monitor.sources.weibo.shapes import Json, mid_in
from monitor.sources.weibo.windows import Track, Walk, Window

Params = dict[str, str | int]

# The search has no OR: every word is a series of requests of its own.
MOST_SEARCHES: Final = 5
FIRST_LOOK: Final = timedelta(hours=24)
# A post may be found by the search only minutes after it was written.
LATE: Final = timedelta(minutes=10)
_SEARCH_PAGE: Final = 50
_INBOX_PAGE: Final = 200
# Characters the search refuses.
_REFUSED: Final = str.maketrans(dict.fromkeys("{}“”", " "))
_INBOXES: Final = {"mentions": "statuses/mentions", "comments": "comments/mentions"}


@dataclass(frozen=True, slots=True)
class Series:
    """One search or one mailbox: `name` in the cursor, `path` of the interface, and its way through the pages.

    `asks` makes the parameters for a window; `places` says where on the line of the series an item stands.
    """

    name: str
    path: str
    asks: Callable[[Window], Params]
    places: Callable[[Json], int | None]
    walk: Walk


def searches_of(query: str, words: Sequence[str]) -> tuple[list[str], list[str]]:
    """What is searched for, and which are too many: the parts of `query` between bars, else the brand's words."""
    given = query.split("|") if query.strip() else words
    found = list(dict.fromkeys(filter(None, (fold(one.translate(_REFUSED)) for one in given))))
    return found[:MOST_SEARCHES], found[MOST_SEARCHES:]


def series_of(source: WeiboSource, searches: Sequence[str], tracks: Mapping[str, Track], now: datetime) -> list[Series]:
    """Every series of the source's parts, each going on where its track ends."""
    found = []
    for part in source.parts:
        if part in _INBOXES:
            found.append(_inbox(source.uid, part, tracks))
        else:
            found += [_search(words, tracks, now, ZoneInfo(source.zone)) for words in searches]
    return found


def _search(words: str, tracks: Mapping[str, Track], now: datetime, zone: ZoneInfo) -> Series:
    name, end = f"search:{words}", int(now.timestamp())
    track = tracks.get(name, Track())
    if track.mark is None:
        begin = end - int(FIRST_LOOK.total_seconds())
    else:
        # While gaps are open no request is spent on looking back: what is missing comes first.
        begin = track.mark - (0 if track.gaps else int(LATE.total_seconds()))

    def asks(window: Window) -> Params:
        # dup=0: copies of one text are the very volume a crisis is made of, and would be hidden.
        fixed: Params = {"q": words, "sort": "time", "dup": 0, "count": _SEARCH_PAGE, "page": window.page}
        return {**fixed, "starttime": window.low, "endtime": end if window.high is None else window.high}

    def places(item: Json) -> int | None:
        when = parse_when(str(item.get("created_at", "")), now=now, zone=zone)
        return int(when.timestamp()) if when else None

    walk = Walk(track, Window(begin, end), _SEARCH_PAGE)
    return Series(name, "search/statuses/limited", asks, places, walk)


def _inbox(uid: str, part: str, tracks: Mapping[str, Track]) -> Series:
    name = f"{part}:{uid}"
    track = tracks.get(name, Track())

    def asks(window: Window) -> Params:
        params: Params = {"since_id": window.low, "count": _INBOX_PAGE, "page": window.page}
        if window.high is not None:
            params["max_id"] = window.high
        return {**params, "uid": uid} if uid else params

    def places(item: Json) -> int | None:
        mid = mid_in(item)
        return int(mid) if mid else None

    # The first read asks for the newest page only: an old mailbox is no news.
    walk = Walk(track, Window(track.mark or 0, None), _INBOX_PAGE, newest_only=track.mark is None)
    return Series(name, f"{_INBOXES[part]}/{'other' if uid else 'biz'}", asks, places, walk)
