"""What in the numbers of a series needs a person (pure): facts of one bucket become kinds of evidence.

Each rule was measured in a scenario of bench spikes; counts are voices (people, not posts), whole floods aside.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from config.watch import Thresholds
from monitor.windows import HOUR, Span, Windows

QUIET: Final = 0
NOTICE: Final = 1
PAGE: Final = 2
# Cold start (no history yet): absolute evidence only.
COLD_VOICES, COLD_AUTHORS, COLD_RATIO, COLD_LOUD, COLD_SHARE = 10, 6, 5.0, 25, 0.4
# How far the share of complaints must leave its usual: for a call together with their number, and of three hours for
# a notice; of one hour alone.
_SURE, _MOOD = 3.0, 3.5
# A share of this size is within what a scorer and a day may err.
_SLACK = 0.03
_COMPLAINTS = 2.0
_PLANNED = 3.0
# Of six hours, so many buckets must have been heard; the last hour must still stand above its usual.
_BURN_LEAST, _BURN_KNOWN, _BURNING = 20, 60, 1.5
_FLOOD_LEAST, FLOOD_SHARE = 20, 0.6
_REACH_RATIO = 2.0
# Complaints of three days: so many, and so many times what the days before (seven at least) brought.
_TREND_DAYS, _TREND_PAST, _TREND_LEAST, _TREND_RATIO = 3, 7, 10, 2.0
# Somebody with a tenth of the reach writes ten posts and more in half an hour, a fifth of all, half of them bad.
_ALONE_POSTS, _ALONE_PART, _ALONE_SHARE, _ALONE_REACH = 10, 0.2, 0.5, 10


class Facts(NamedTuple):
    """One bucket with what came before it. `score`: how rare the volume is (-log10).

    `base`: the usual share of complaints, None where moods are unknown; `half`, `hour`, `three_hours`: the last of
    them; `griefs`: how rare the complaints of the hour and of the three hours are; `seen`: all that is remembered;
    `followers` of the biggest account of the last two hours that was in on a complaint.
    """

    days: float
    cold: bool
    planned: float
    score: float
    griefs: tuple[float, float]
    base: float | None
    half: Span
    hour: Span
    three_hours: Span
    seen: Windows
    knows_authors: bool = True
    followers: float = 0

    @property
    def posts(self) -> float:
        """Of the last half hour."""
        return sum(one.posts for one in self.seen.latest)

    @property
    def authors(self) -> float:
        """Of the last half hour, each bucket's own added up; voices where authors are unknown."""
        return sum(one.authors for one in self.seen.latest) if self.knows_authors else self.half.voices


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason: `count` in `minutes` where `usual` are usual. level: NOTICE or PAGE.

    kind: volume, complaints, share, cold, slow_burn, flood, reach, campaign; trend. `share` of complaints and its usual
    `base` (0..1, None: moods are unknown); `followers` of a big account; `authors` of a flood.
    """

    kind: str
    level: int
    count: float
    usual: float
    minutes: int
    share: float | None = None
    base: float | None = None
    followers: float = 0
    authors: float | None = None


def weigh(facts: Facts, limits: Thresholds) -> tuple[Evidence, ...]:
    """Every kind of evidence in these facts, what calls somebody first."""
    found = [one for rule in _RULES if (one := rule(facts, limits))]
    if len(found) > 1:
        found.sort(key=lambda one: -one.level)
    return tuple(found)


def departure(span: Span, base: float | None) -> float:
    """How many times its usual swing the share of complaints stands above its usual (z); 0 where moods are unknown."""
    if base is None:
        return 0.0
    swing = base * (1 - base) * span.voices + (_SLACK * span.voices) ** 2 + 0.5
    return (span.negative - base * span.voices) / math.sqrt(swing)


def rising(days: Sequence[int]) -> Evidence | None:
    """Complaints of complaint platforms day by day, oldest first: the last three days against all before them."""
    before, lately = days[:-_TREND_DAYS], days[-_TREND_DAYS:]
    if len(before) < _TREND_PAST:
        return None
    count, usual = sum(lately), sum(before) / len(before) * _TREND_DAYS
    grows = lately[-1] >= lately[0] and count >= max(_TREND_LEAST, _TREND_RATIO * usual)
    if grows and count - usual >= _SURE * math.sqrt(usual + 0.5):
        return Evidence("trend", NOTICE, count, usual, _TREND_DAYS * 24 * 60)
    return None


def _volume(facts: Facts, limits: Thresholds) -> Evidence | None:
    """More than this brand nearly ever has; a call only where people complain, praise is a notice."""
    if facts.score < limits.rarity or facts.cold or not _enough(facts, limits):
        return None
    half = facts.half
    if facts.planned:
        # More than was planned is worth knowing; what is bad about it is another rule's.
        more = facts.planned > 1 and half.voices >= facts.planned * half.usual
        return _evidence("volume", NOTICE, facts, half, 30) if more else None
    complained = half.share >= limits.negative and half.negative >= limits.voices
    return _evidence("volume", PAGE if complained or facts.base is None else NOTICE, facts, half, 30)


def _complaints(facts: Facts, limits: Thresholds) -> Evidence | None:
    """More complaints in an hour, or in three, than nearly ever, and a greater share than ever."""
    if max(facts.griefs) < limits.rarity or facts.cold or facts.planned or not _enough(facts, limits):
        return None
    for rare, span, minutes in zip(facts.griefs, (facts.hour, facts.three_hours), (60, 180), strict=True):
        many = span.negative >= max(limits.voices, _COMPLAINTS * span.usual_negative)
        if rare >= limits.rarity and many and departure(span, facts.base) >= _SURE:
            return _complained("complaints", PAGE, facts, span, minutes)
    return None


def _share(facts: Facts, limits: Thresholds) -> Evidence | None:
    """The volume is ordinary, its mood is not."""
    if facts.base is None or facts.days < 1:
        return None
    for span, minutes, least in ((facts.hour, 60, _MOOD), (facts.three_hours, 180, _SURE)):
        if span.negative >= limits.voices and departure(span, facts.base) >= least:
            return _complained("share", NOTICE, facts, span, minutes)
    return None


def _cold(facts: Facts, limits: Thresholds) -> Evidence | None:
    """No history: plain numbers of people, several times what the short time gave."""
    if not facts.cold or facts.planned:
        return None
    half, hour = facts.half, facts.hour
    if half.voices >= max(COLD_VOICES, COLD_RATIO * half.usual) and facts.authors >= COLD_AUTHORS:
        loud = half.voices >= COLD_LOUD and (facts.base is None or half.share >= limits.negative / 2)
        call = loud or (facts.base is not None and half.share >= limits.negative)
        return _evidence("cold", PAGE if call else NOTICE, facts, half, 30)
    many = hour.negative >= max(limits.voices, COLD_RATIO * hour.usual_negative) and hour.share >= COLD_SHARE
    if many and facts.authors >= limits.authors and _sure(facts):
        return _complained("cold", PAGE, facts, hour, 60)
    return None


def _slow_burn(facts: Facts, limits: Thresholds) -> Evidence | None:
    """No single hour is rare; six of them together are more than usual."""
    hour = facts.hour
    if hour.voices < _BURNING * hour.usual or facts.cold or facts.planned or facts.seen.known < _BURN_KNOWN:
        return None
    six = facts.seen.span(6 * HOUR, facts.base)
    burns = six.voices >= max(_BURN_LEAST, limits.burn * six.usual)
    return _evidence("slow_burn", NOTICE, facts, six, 360) if burns else None


def _flood(facts: Facts, _limits: Thresholds) -> Evidence | None:
    """Most posts repeat one text; real voices beside them are counted by the other rules."""
    copies = sum([one.copies for one in facts.seen.latest])
    if copies <= FLOOD_SHARE * _FLOOD_LEAST:
        return None
    posts = facts.posts
    if posts < _FLOOD_LEAST or copies <= FLOOD_SHARE * posts:
        return None
    authors = facts.authors if facts.knows_authors else None
    return Evidence("flood", NOTICE, posts, facts.half.usual, 30, share=copies / posts, authors=authors)


def _reach(facts: Facts, limits: Thresholds) -> Evidence | None:
    """A big account is in on a complaint: fewer others are enough; or it writes one post after the other."""
    if not facts.followers or facts.base is None:
        return None
    half, hour = facts.half, facts.hour
    joined = facts.followers >= limits.reach and half.voices >= limits.voices and hour.share >= limits.negative
    joined = joined and hour.voices >= _REACH_RATIO * hour.usual
    if joined or (facts.followers * _ALONE_REACH >= limits.reach and _alone(facts)):
        return Evidence("reach", PAGE, facts.posts, half.usual, 30, half.share, facts.base, facts.followers)
    return None


def _alone(facts: Facts) -> bool:
    """Many posts more than there are authors, in words of their own, and most of those complain."""
    latest = facts.seen.latest
    more = sum([one.posts - one.authors for one in latest])
    if (
        more < max(_ALONE_POSTS, _ALONE_PART * facts.posts)
        or sum([one.copies for one in latest]) > FLOOD_SHARE * facts.posts
    ):
        return False
    bad = sum([one.bad for one in latest]) - (facts.base or 0.0) * facts.half.usual
    return bad >= _ALONE_SHARE * more


def _campaign(facts: Facts, limits: Thresholds) -> Evidence | None:
    """What is planned mutes volume, never complaints."""
    hour = facts.hour
    if not facts.planned or not _enough(facts, limits) or not _sure(facts):
        return None
    loud = hour.voices >= _PLANNED * hour.usual and hour.share >= limits.negative
    return _complained("campaign", PAGE, facts, hour, 60) if loud else None


_RULES = (_reach, _campaign, _complaints, _volume, _cold, _flood, _share, _slow_burn)


def _enough(facts: Facts, limits: Thresholds) -> bool:
    return facts.half.voices >= limits.voices and facts.authors >= limits.authors


def _sure(facts: Facts) -> bool:
    return departure(facts.hour, facts.base) >= _SURE


def _evidence(kind: str, level: int, facts: Facts, span: Span, minutes: int) -> Evidence:
    share = None if facts.base is None else span.share
    return Evidence(kind, level, span.voices, span.usual, minutes, share, facts.base)


def _complained(kind: str, level: int, facts: Facts, span: Span, minutes: int) -> Evidence:
    return Evidence(kind, level, span.negative, span.usual_negative, minutes, span.share, facts.base)
