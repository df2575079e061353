"""The last six hours of a series, bucket by bucket: sums over what was heard of them (pure, fixed size)."""

from typing import Any, Final, NamedTuple

HALF: Final = 6
HOUR: Final = 12
LONGEST: Final = 6 * HOUR
_ALL: Final = (1 << LONGEST) - 1


class Bucket(NamedTuple):
    """What one bucket holds: real voices, what is usual of them, complaints among them; posts, authors, repeats."""

    voices: float
    usual: float
    negative: float
    posts: float
    authors: float
    copies: float

    @property
    def bad(self) -> float:
        """How many of the posts complain."""
        return self.posts * self.negative / self.voices if self.voices else 0.0


class Span(NamedTuple):
    """The buckets of a while that were heard: voices, what is usual of them, complaints, what is usual of those.

    `heard`: how much of the while that is, 0..1.
    """

    voices: float
    usual: float
    negative: float
    usual_negative: float
    heard: float = 1.0

    @property
    def share(self) -> float:
        """0..1; 0 of nothing."""
        return self.negative / self.voices if self.voices else 0.0


class Windows:
    """Rings of the last buckets, newest last. `quarter`: voices of fifteen minutes, an unheard bucket as a usual one;
    `latest`: the buckets of the last half hour."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """As if nothing had been heard."""
        self.voices, self.usual, self.negative = ([0.0] * LONGEST for _ in range(3))
        self.quarter = [0.0] * 3
        self.latest = [_NOTHING] * HALF
        # One bit for each bucket of six hours: was it heard?
        self.heard = 0

    def push(self, bucket: Bucket) -> None:
        """One more bucket that was heard."""
        self._shift(bucket, bucket.voices)
        self.heard |= 1

    def push_unheard(self, usual: float) -> None:
        """One more bucket of which nothing is known."""
        self._shift(_NOTHING, usual)

    def unheard(self, count: int, usual: float) -> None:
        """So many buckets of which nothing is known; no more of them than there is room for."""
        for _ in range(min(count, LONGEST)):
            self.push_unheard(usual)

    def span(self, size: int, base: float | None) -> Span:
        """The last `size` buckets; `base`: the usual share of complaints, None where moods are unknown."""
        usual, heard = sum(self.usual[-size:]), (self.heard & (1 << size) - 1).bit_count() / size
        if base is None:
            return Span(sum(self.voices[-size:]), usual, 0.0, 0.0, heard)
        return Span(sum(self.voices[-size:]), usual, sum(self.negative[-size:]), usual * base, heard)

    @property
    def known(self) -> int:
        """How many buckets of the last six hours were heard."""
        return self.heard.bit_count()

    def _shift(self, bucket: Bucket, quarter: float) -> None:
        for ring, value in zip((self.voices, self.usual, self.negative), bucket, strict=False):
            del ring[0]
            ring.append(value)
        del self.quarter[0], self.latest[0]
        self.quarter.append(quarter)
        self.latest.append(bucket)
        self.heard = self.heard << 1 & _ALL

    def to_state(self) -> dict[str, Any]:
        """JSON form."""
        state: dict[str, Any] = {name: list(getattr(self, name)) for name in _RINGS}
        return state | {"heard": self.heard, "latest": [list(one) for one in self.latest]}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Windows":
        made = cls()
        for name in _RINGS:
            setattr(made, name, list(state[name]))
        made.heard, made.latest = int(state["heard"]), [Bucket(*one) for one in state["latest"]]
        return made


_RINGS = ("voices", "usual", "negative", "quarter")
_NOTHING = Bucket(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
