"""Which mention is a copy of which (pure): told in order of arrival, each joins the cluster of what it copies."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

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


@dataclass(frozen=True, slots=True)
class Entry:
    """A mention of one brand to be placed, and the keys of what it says."""

    mention: str
    at: datetime
    said: Said
    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Known:
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
        found = _copied(entry, owners)
        cluster = found.cluster if found else entry.mention
        placed.clusters.append(cluster)
        known = Known(entry.mention, cluster, entry.at, entry.said)
        free = [key for key in entry.keys if key not in lasting or key not in owners or not _near(owners[key], entry)]
        if found is None and 2 * len(free) < len(entry.keys):
            # Its keys lead to what said the same and has been edited since.
            free = list(entry.keys)
        owners.update(dict.fromkeys(free, known))
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


def _copied(entry: Entry, owners: dict[int, Known]) -> Known | None:
    shared: Counter[str] = Counter()
    candidates: dict[str, Known] = {}
    for key in entry.keys:
        owner = owners.get(key)
        if owner is not None and _near(owner, entry):
            shared[owner.mention] += 1
            candidates[owner.mention] = owner
    if entry.mention in candidates:
        # Judged once more after a broken-off try.
        return candidates[entry.mention]

    def best_first(one: Known) -> tuple[bool, int, datetime, str]:
        return one.said.plain != entry.said.plain, -shared[one.mention], one.at, one.mention

    likely = sorted(candidates.values(), key=best_first)
    return next((one for one in likely if is_copy(entry.said, one.said)), None)


def _near(one: Known, other: Entry) -> bool:
    return abs(one.at - other.at) <= WINDOW
