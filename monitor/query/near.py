"""Whether two words stand near one another (pure): which of their places are close enough, and the spans they make."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence

Span = tuple[int, int]
Distance = Callable[[int, int], int]


def near(left: Sequence[Span], right: Sequence[Span], most: int, ordered: bool, distance: Distance) -> list[Span]:
    """The spans from one of `left` to one of `right` (or back, unless `ordered`) with at most `most` units between.

    Both sorted; the result too. For each place only its nearest partner counts: who has one has a span, and no text
    makes more spans than it has words. `distance(start, end)` counts the units in a range of the text.
    """
    found = set(_forward(left, right, most, distance))
    if not ordered:
        found.update(_forward(right, left, most, distance))
    return sorted(found)


def _forward(first: Sequence[Span], then: Sequence[Span], most: int, distance: Distance) -> Iterator[Span]:
    """Each of `first` with the next of `then`, and each of `then` with the last of `first` before it."""
    starts = [start for start, _ in then]
    for start, end in first:
        at = bisect_left(starts, end)
        if at < len(then) and distance(end, then[at][0]) <= most:
            yield start, then[at][1]
    ends = sorted((end, start) for start, end in first)
    for start, end in then:
        at = bisect_right(ends, (start, start)) - 1
        if at >= 0 and distance(ends[at][0], start) <= most:
            yield ends[at][1], end
