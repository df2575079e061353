"""What a JSON place is asked for this time and what is kept for the next, so that nothing falls between (pure)."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from config.mapping import Cursor, Pages
from store.nouns import RawMention

# A read that was broken off longer ago begins anew: its next-page token no longer holds.
_REST_HOLDS: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Turn:
    """Which page is asked: its number or offset, or the token or address the page before gave. `first`: none before."""

    number: int
    token: str = ""
    link: str = ""
    first: bool = True


@dataclass(frozen=True, slots=True)
class Window:
    """One read. `since` is what the request may be told, `seen` up to when all is heard once the read is complete.

    `rest`: it goes on where the last read was broken off. `since_id` "" asks without one. `by_time`: a page of nothing
    but older things is the last.
    """

    since: datetime
    seen: datetime
    turn: Turn
    since_id: str = ""
    by_time: bool = False
    rest: bool = False
    newest: tuple[str, str] = ("", "")


def window_of(cursor: Cursor, pages: Pages, kept: Mapping[str, Any], now: datetime) -> Window:
    """What to ask for, given what was kept; whatever in it cannot be read counts as never kept."""
    seen, until = _moment(kept.get("seen")), now - cursor.lag
    since = seen - cursor.overlap if seen and seen <= now else now - cursor.first
    window = Window(
        since,
        until,
        Turn(pages.start),
        since_id=str(kept.get("since_id") or "") if cursor.kind == "since_id" else "",
        by_time=cursor.kind == "window",
    )
    if cursor.kind == "since_id" and not window.since_id:
        window = replace(window, by_time=True)
    return _continued(window, kept.get("rest"), now)


def is_stuck(cursor: Cursor, kept: Mapping[str, Any], window: Window, now: datetime) -> bool:
    """Whether nothing newer than the kept id came for so long that the id itself may be what is wrong."""
    if not window.since_id:
        return False
    marks = [at for name in ("moved", "tried") if (at := _moment(kept.get(name)))]
    return not marks or now - max(marks) >= cursor.stale


def unstuck(window: Window, pages: Pages, kept: Mapping[str, Any], cursor: Cursor) -> Window:
    """The same read by time instead of by id, back to when the id last moved."""
    moved = _moment(kept.get("moved"))
    since = moved - cursor.overlap if moved else window.since
    return replace(
        window, since=min(since, window.since), since_id="", by_time=True, turn=Turn(pages.start), rest=False
    )


def names_of(window: Window, pages: Pages, turn: Turn, now: datetime) -> dict[str, str]:
    """The {names} of cursor and page."""
    since = window.since
    return {
        "page": str(turn.number), "offset": str(turn.number), "size": str(pages.size), "token": turn.token,
        "since_id": window.since_id, "since_epoch": str(int(since.timestamp())),
        "since_epoch_ms": str(int(since.timestamp() * 1000)), "since_iso": _iso(since),
        "since_compact": since.strftime("%Y%m%d%H%M%S"),
        "since_minutes": str(max(1, math.ceil((now - since).total_seconds() / 60))),
        "until_epoch": str(int(window.seen.timestamp())), "until_iso": _iso(window.seen),
        "now_epoch": str(int(now.timestamp())), "now_iso": _iso(now),
    }  # fmt: skip


def after(
    cursor: Cursor, kept: Mapping[str, Any], window: Window, newest: tuple[str, str], now: datetime
) -> dict[str, Any]:
    """What to keep when the read is complete. `newest`: id and moment of its newest item, ("", "") without any."""
    new: dict[str, Any] = {"seen": _iso(window.seen)}
    if cursor.kind != "since_id":
        return new
    before = str(kept.get("since_id") or "")
    new["since_id"] = newest[0] or before
    moved = newest[0] and newest[0] != before
    new["moved"] = _iso(now) if moved or not kept.get("moved") else kept["moved"]
    if before and not window.since_id and not moved:
        # Asked by time and found nothing newer: the id was right, and is trusted for another while.
        new["tried"] = _iso(now)
    return new


def broken_off(
    kept: Mapping[str, Any], window: Window, turn: Turn, newest: tuple[str, str], now: datetime
) -> dict[str, Any]:
    """What to keep when a read ends at `turn`: the rest is read next time, with the same window."""
    if turn == window.turn and not window.rest:
        return dict(kept)
    rest = {
        "at": _iso(now), "since": _iso(window.since), "seen": _iso(window.seen), "since_id": window.since_id,
        "by_time": window.by_time, "number": turn.number, "token": turn.token, "link": turn.link,
        "newest": list(newest),
    }  # fmt: skip
    return {**kept, "rest": rest}


def newest_of(named: Iterable[tuple[str, RawMention]], before: tuple[str, str]) -> tuple[str, str]:
    """The id and moment of the newest item: by its date, else the first that came."""
    for name, mention in named:
        at = _iso(mention.published_at) if mention.published_at else ""
        if name and (not before[0] or at > before[1]):
            before = (name, at)
    return before


def _continued(window: Window, rest: Any, now: datetime) -> Window:
    if not isinstance(rest, dict):
        return window
    at, since, seen = (_moment(rest.get(name)) for name in ("at", "since", "seen"))
    if at is None or since is None or seen is None:
        return window
    if now - at > _REST_HOLDS:
        return replace(window, since=min(since, window.since))
    newest = [str(one) for one in rest.get("newest") or ()]
    return replace(
        window,
        since=since,
        seen=seen,
        since_id=str(rest.get("since_id") or ""),
        by_time=bool(rest.get("by_time")),
        turn=Turn(int(rest.get("number") or 0), str(rest.get("token") or ""), str(rest.get("link") or ""), first=False),
        rest=True,
        newest=(newest[0], newest[1]) if len(newest) == 2 else ("", ""),
    )


def _moment(text: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return None
    return at.astimezone(UTC) if at and at.tzinfo else None


def _iso(at: datetime) -> str:
    """Whole seconds and a Z: the spelling every API takes."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
