"""Decides by counts alone whether more is said than usual, so that posts are paid for only then (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

MINUTE: Final = timedelta(minutes=1)
KEPT: Final = 60
# The usual remembers about a day: long enough for a calm night not to make every morning a spike.
_MEMORY: Final = 1440
# From here on one loud minute moves the usual no further than a spike's threshold would.
_SURE: Final = 30
_STAMP: Final = "%Y-%m-%dT%H:%MZ"


@dataclass(frozen=True, slots=True)
class Rule:
    """A spike is at least `least` posts in `minutes` minutes in a row, and at least `ratio` times the usual."""

    ratio: float
    least: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """The busiest stretch of the newest minutes, what is usual for as long a stretch, and whether that is a spike."""

    posts: int
    minutes: int
    usual: float
    spike: bool

    def __str__(self) -> str:
        return f"{self.posts} posts in {self.minutes} minutes, usual {round(self.usual, 1):g}"


@dataclass(frozen=True, slots=True)
class Counts:
    """What is remembered: posts per whole minute of the last hour from `start` on, and what an ordinary minute has.

    `usual` was learned from `learned` minutes, up to `learned_to`.
    """

    start: datetime | None = None
    minutes: tuple[int, ...] = ()
    usual: float = 0.0
    learned: int = 0
    learned_to: datetime | None = None
    asked_at: datetime | None = field(default=None, compare=False)

    @property
    def end(self) -> datetime | None:
        return self.start + MINUTE * len(self.minutes) if self.start else None

    def heard(self, found: Mapping[datetime, int], now: datetime, rule: Rule) -> tuple["Counts", Verdict]:
        """With the counts of the last hour, and what they come to. `found`: beginning of a whole minute → posts.

        The usual is learned only from minutes older than every stretch that is judged: a spike is not its own measure.
        """
        start, minutes = _series(found)
        if start is None:
            return Counts(None, (), self.usual, self.learned, self.learned_to, now), self.verdict(rule)
        new = min(_index(start, self.end), len(minutes) - 1) if self.end else len(minutes) - 1
        before = max(0, new + 1 - rule.minutes)
        usual, learned = self._learn(start, minutes[:before], rule)
        learned_to = max(filter(None, (self.learned_to, start + MINUTE * before)))
        after = Counts(start, minutes, usual, learned, learned_to, now)
        ends = range(new + 1, len(minutes) + 1)
        posts = max(sum(minutes[max(0, end - rule.minutes) : end]) for end in ends)
        return after, _judged(posts, usual, rule)

    def verdict(self, rule: Rule) -> Verdict:
        """What the newest remembered minutes come to."""
        return _judged(sum(self.minutes[-rule.minutes :]), self.usual, rule)

    def _learn(self, start: datetime, minutes: tuple[int, ...], rule: Rule) -> tuple[float, int]:
        usual, learned = self.usual, self.learned
        for posts in minutes[_index(start, self.learned_to) :] if self.learned_to else minutes:
            learned += 1
            most = max(usual * rule.ratio, rule.least / rule.minutes) if learned > _SURE else posts
            usual += (min(posts, most) - usual) / min(learned, _MEMORY)
        return usual, learned

    def to_cursor(self) -> dict[str, Any]:
        return {
            "from": _written(self.start),
            "minutes": list(self.minutes),
            "usual": round(self.usual, 4),
            "learned": self.learned,
            "learned_to": _written(self.learned_to),
            "asked_at": self.asked_at.isoformat() if self.asked_at else "",
        }


def counts_of(kept: object) -> Counts:
    """The counts a cursor holds; none when it holds none that can be read."""
    if not isinstance(kept, Mapping):
        return Counts()
    try:
        minutes = tuple(int(one) for one in kept["minutes"])[-KEPT:]
        usual, learned = float(kept["usual"]), int(kept["learned"])
        start, learned_to, asked_at = (_read(str(kept[name])) for name in ("from", "learned_to", "asked_at"))
    except (KeyError, ValueError, TypeError):
        return Counts()
    return Counts(start, minutes if start else (), usual, learned, learned_to, asked_at)


def _series(found: Mapping[datetime, int]) -> tuple[datetime | None, tuple[int, ...]]:
    """The last hour without holes; a minute nobody counted had no posts."""
    if not found:
        return None, ()
    last = max(found)
    first = max(min(found), last - MINUTE * (KEPT - 1))
    return first, tuple(found.get(first + MINUTE * n, 0) for n in range(_index(first, last) + 1))


def _index(start: datetime, at: datetime) -> int:
    return max(0, int((at - start) / MINUTE))


def _judged(posts: int, usual: float, rule: Rule) -> Verdict:
    ordinary = usual * rule.minutes
    return Verdict(posts, rule.minutes, ordinary, posts >= rule.least and posts >= rule.ratio * ordinary)


def _written(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime(_STAMP) if at else ""


def _read(text: str) -> datetime | None:
    if not text:
        return None
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
