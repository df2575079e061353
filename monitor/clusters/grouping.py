"""Which mention is a copy of which (pure): told in order of arrival, each joins the cluster of what it copies."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from msgspec import Struct

from monitor.clusters.shingles import Said, shingles

# How far apart two copies may be published; a cluster lives on as long as no pause is longer.
WINDOW: Final = timedelta(hours=48)
# Much alike; or less so, but nearly all of the shorter one stands in the longer.
ALIKE: Final = 0.5
# Short praise and short grumbles are all made of the same few phrases: of these, more must be alike.
FEW: Final = 16
FEW_ALIKE: Final = 0.65
WITHIN: Final = 0.85
WITHIN_ALIKE: Final = 0.4
# The same few texts are looked at again and again while they are copied.
_remembered = lru_cache(maxsize=512)(shingles)


class Entry(Struct, frozen=True):
    """A mention of one brand to be placed, and the keys of what it says."""

    mention: str
    at: datetime
    said: Said
    keys: tuple[int, ...]


class Known(Struct, frozen=True):
    """A mention that was placed before."""

    mention: str
    cluster: str
    at: datetime
    said: Said


@dataclass(frozen=True, slots=True)
class Placed:
    """For each entry its cluster, and which keys shall lead to which entry (its index) from now on."""

    clusters: list[str]
    written: dict[int, int]


def place(entries: Sequence[Entry], owners: dict[int, Known], lasting: set[int]) -> Placed:
    """Find for each entry the earliest text it copies; without one it begins a cluster of its own.

    `owners`: what stands under a key; `lasting`: keys whose owner is of today and need not be written again. Both
    are brought up to date in passing, so that later entries find earlier ones.
    """
    placed = Placed([], {})
    for index, entry in enumerate(entries):
        near = {key: owners[key] for key in entry.keys if key in owners and _near(owners[key], entry)}
        found = _copied(entry, near)
        cluster = found.cluster if found else entry.mention
        placed.clusters.append(cluster)
        free: Sequence[int] = [key for key in entry.keys if key not in near or key not in lasting]
        if found is None and 2 * len(free) < len(entry.keys):
            # Its keys lead to what said the same and has been edited since.
            free = entry.keys
        owners.update(dict.fromkeys(free, Known(entry.mention, cluster, entry.at, entry.said)))
        lasting.update(free)
        placed.written.update(dict.fromkeys(free, index))
    return placed


def is_copy(one: Said, other: Said) -> bool:
    """Whether one text is an edit of the other, as a reader would say."""
    if one.plain == other.plain:
        return bool(one.plain)
    short, long = sorted((len(one.plain), len(other.plain)))
    if one.short or other.short or short < long * WITHIN_ALIKE / 2:
        return False
    alike, within = likeness(one.plain, other.plain)
    if short < FEW:
        return alike >= FEW_ALIKE or (alike >= ALIKE and within == 1)
    return alike >= ALIKE or (alike >= WITHIN_ALIKE and within >= WITHIN)


def likeness(one: str, other: str) -> tuple[float, float]:
    """Jaccard (the part of all their shingles that both have), and the part of the smaller set that both have."""
    ones, others = _remembered(one), _remembered(other)
    both = len(ones & others)
    if not both:
        return 0.0, 0.0
    return both / (len(ones) + len(others) - both), both / min(len(ones), len(others))


def _copied(entry: Entry, near: Mapping[int, Known]) -> Known | None:
    """Which of those that stand under its keys it is a copy of."""
    if not near:
        return None
    shared = Counter(one.mention for one in near.values())
    candidates = {one.mention: one for one in near.values()}
    if entry.mention in candidates:
        # Judged once more after a broken-off try.
        return candidates[entry.mention]

    def best_first(one: Known) -> tuple[bool, int, datetime, str]:
        return one.said.plain != entry.said.plain, -shared[one.mention], one.at, one.mention

    likely = sorted(candidates.values(), key=best_first)
    return next((one for one in likely if is_copy(entry.said, one.said)), None)


def _near(one: Known, other: Entry) -> bool:
    return abs(one.at - other.at) <= WINDOW
