"""What is still unread of searches that answer newest first: a stop in the middle leaves a gap, never a loss (pure)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from store.nouns import RawMention

# More gaps than this are joined, oldest first: what lies between them is read twice, which the store does not mind.
MOST_GAPS: Final = 20
_LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Gap:
    """Unread: what lies from `since` up to and including `below` ("" up to the newest there is).

    Positions are strings that sort as what they name. `page` is the server's own mark for where to go on, "" for none.
    """

    since: str
    below: str = ""
    page: str = ""

    def after(self, page: "Page") -> "Gap | None":
        """What is left of it when `page` has been read; None when it is complete."""
        if not page.next or page.next == self.page:
            return None
        return Gap(self.since, min(filter(None, (self.below, page.low)), default=""), page.next)


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: its highest and lowest position ("" when it held nothing) and the mark of the next, "" at the end."""

    mentions: tuple[RawMention, ...] = ()
    high: str = ""
    low: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far one search has been read: everything up to `newest`, but for the gaps (newest first)."""

    newest: str
    gaps: tuple[Gap, ...] = ()

    def read(self, gap: Gap, page: Page) -> "Reach":
        """After a page of `gap`, which is one of the gaps, or what may have come since `newest`."""
        rest = gap.after(page)
        left = [rest] if rest else []
        if gap in self.gaps:
            at = self.gaps.index(gap)
            gaps = [*self.gaps[:at], *left, *self.gaps[at + 1 :]]
        else:
            gaps = [*left, *self.gaps]
        return Reach(max(self.newest, page.high), _few(gaps))

    def to_cursor(self) -> dict[str, Any]:
        return {"newest": self.newest, "gaps": [[gap.since, gap.below, gap.page] for gap in self.gaps]}


def reach_of(kept: object, first: str) -> Reach:
    """The reach a cursor holds; `first` is where a search begins that none holds, or none that can be read."""
    newest = kept.get("newest") if isinstance(kept, Mapping) else None
    if not isinstance(kept, Mapping) or not isinstance(newest, str) or not newest:
        return Reach(first)
    rows = kept.get("gaps")
    gaps = [Gap(*row) for row in rows if _is_gap(row)] if isinstance(rows, list) else []
    return Reach(newest, _few(gaps))


def _is_gap(row: object) -> bool:
    return isinstance(row, list) and len(row) == 3 and all(isinstance(one, str) and len(one) < _LONGEST for one in row)


def _few(gaps: list[Gap]) -> tuple[Gap, ...]:
    while len(gaps) > MOST_GAPS:
        *gaps, upper, lower = gaps
        gaps.append(Gap(lower.since, upper.below))
    return tuple(gaps)


@dataclass(slots=True)
class Walk:
    """One read over several searches by name. Whatever stops it, `reaches` says what is still unread.

    `truncated`: the pages allowed ran out with something still unread.
    """

    reaches: dict[str, Reach]
    pages_left: int
    mentions: dict[str, RawMention] = field(default_factory=dict)
    pages_read: int = 0
    truncated: bool = False

    def down(self, name: str, gap: Gap, turn: Callable[[Gap], Page]) -> None:
        """Read one gap page by page until nothing is left of it, or of the pages; what `turn` raises goes through."""
        unread: Gap | None = gap
        while unread is not None and self.pages_left > 0:
            page = turn(unread)
            self.pages_left -= 1
            self.pages_read += 1
            self.mentions.update({mention.ext_id: mention for mention in page.mentions})
            self.reaches[name] = self.reaches[name].read(unread, page)
            unread = unread.after(page)
        self.truncated = self.truncated or unread is not None
