"""What has been read of a series that is served newest first, and what is still open (pure).

A series is everything one search or one mailbox holds, along a line of positions: seconds for a search, numbers of
posts for a mailbox. Reading stopped in the middle leaves a gap between what was read now and what was read before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

# More open gaps than these are joined, which reads a little twice and forgets nothing.
_MOST_GAPS: Final = 20
# Servers stop turning pages somewhere; a window that gave fewer items than this cannot have met that end.
_DEEP: Final = 200


@dataclass(frozen=True, slots=True)
class Window:
    """Positions still to read, `high` included; `high` None: up to the newest. `page` is where to go on."""

    low: int
    high: int | None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Track:
    """Everything up to `mark` was read, but for the gaps. `mark` None: nothing was ever read."""

    mark: int | None = None
    gaps: tuple[Window, ...] = ()


def tracks_of(cursor: Mapping[str, Any]) -> dict[str, Track]:
    """Series → track from a stored cursor; what does not fit is left out, as if that series were new."""
    found = {}
    for series, kept in cursor.items():
        match kept:
            case {"mark": int(mark), "gaps": list(gaps)}:
                windows = [_window(gap) for gap in gaps]
                found[series] = Track(mark, tuple(window for window in windows if window))
    return found


def cursor_of(tracks: Mapping[str, Track]) -> dict[str, Any]:
    """The tracks as plain JSON values."""
    return {
        series: {"mark": track.mark, "gaps": [[gap.low, gap.high, gap.page] for gap in track.gaps]}
        for series, track in tracks.items()
        if track.mark is not None
    }


@dataclass(slots=True)
class Walk:
    """One series on its way: the fresh window first, because it matters most, then the gaps of earlier reads.

    `size` is the number of items on a page; `newest_only`: one page of the fresh window is enough.
    """

    before: Track
    fresh: Window
    size: int
    newest_only: bool = False
    _open: list[Window] = field(init=False)
    _begun: bool = False
    _newest: int = 0
    _oldest: int | None = None
    _seen: int = 0

    def __post_init__(self) -> None:
        self._open = [self.fresh, *self.before.gaps]

    @property
    def asking(self) -> Window:
        """The window whose `page` is to be asked for next; only while `done` is False."""
        return self._open[0]

    @property
    def done(self) -> bool:
        return not self._open

    @property
    def track(self) -> Track:
        """What to remember when reading ends here."""
        if not self._begun:
            return self.before
        mark = self.fresh.high
        if mark is None:
            mark = max(self._newest, self.before.mark or 0)
        if self.done:
            return Track(mark)
        # Counting pages from a later newest item would skip what is deleted meanwhile; a position skips nothing.
        rest = self._owed(self._below(self.asking) or self.asking)
        return Track(mark, _few([*([rest] if rest else []), *self._open[1:]]))

    def take(self, positions: Sequence[int], items: int, total: int | None) -> None:
        """The page that was asked for held `items` items at these positions; `total` is what the server claims."""
        self._begun = True
        self._newest = max([self._newest, *positions])
        if self.newest_only:
            self._open.clear()
        elif items:
            known = [] if self._oldest is None else [self._oldest]
            self._oldest = min([*positions, *known], default=None)
            self._seen += items
            self._open[0] = replace(self.asking, page=self.asking.page + 1)
        else:
            self._turn(self._deeper(total))

    def _turn(self, narrower: Window | None) -> None:
        """On to the next window."""
        self._open[:1] = [narrower] if narrower else []
        self._oldest = None
        self._seen = 0 if self.done else (self.asking.page - 1) * self.size

    def _deeper(self, total: int | None) -> Window | None:
        """The older part of a window whose pages ended before its items did; None when all was read."""
        if total is None or self._seen < _DEEP or total <= self._seen:
            return None
        return self._below(self.asking)

    def _owed(self, rest: Window) -> Window | None:
        """The part of `rest` that was never read: a second look at what was is not owed."""
        mark = self.before.mark
        if self.before.gaps or mark is None:
            return rest
        return None if rest.high is not None and rest.high < mark else replace(rest, low=max(rest.low, mark))

    def _below(self, window: Window) -> Window | None:
        """What lies below the oldest item seen, with that item's own position, which may hold more than it."""
        if self._oldest is None or (window.high is not None and self._oldest >= window.high):
            return None
        return Window(window.low, self._oldest)


def _window(gap: Any) -> Window | None:
    match gap:
        case [int(low), int() | None as high, int(page)] if page >= 1:
            return Window(low, high, page)
    return None


def _few(gaps: Sequence[Window]) -> tuple[Window, ...]:
    """The gaps, newest first; the oldest ones joined when there are too many."""
    kept, old = gaps[: _MOST_GAPS - 1], gaps[_MOST_GAPS - 1 :]
    if len(old) < 2:
        return tuple(gaps)
    tops = [gap.high for gap in old if gap.high is not None]
    joined = Window(min(gap.low for gap in old), max(tops) if len(tops) == len(old) else None)
    return (*kept, joined)
