"""How loud and how negative it was before and after the first public answer (pure)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.nouns import Bucket, Publication

HOUR = timedelta(hours=1)
# The hours after the first answer that are looked at, and how long before the event "usual" is taken from.
AFTER, USUAL = (1, 4, 24, 72), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Loudness:
    """Mentions of the brand in an hour, and how many were negative; per hour on average when it is the usual."""

    mentions: float
    negative: float

    @property
    def share(self) -> float | None:
        """Negative share, 0 to 1; None where nobody spoke."""
        return self.negative / self.mentions if self.mentions else None


@dataclass(frozen=True, slots=True)
class Echo:
    """`after`: hours since the answer -> the hour that ended then, None while it is not over.

    `half_life`: hours from the loudest hour to the first that was half as loud; None while there is none.
    """

    usual: Loudness
    before: Loudness
    after: tuple[tuple[int, Loudness | None], ...]
    half_life: int | None


def answered_at(posted: Iterable[Publication]) -> datetime | None:
    """When the first public answer was out; None before one."""
    return min((one.published_at for one in posted), default=None)


def echo(buckets: Sequence[Bucket], t0: datetime, answered: datetime, now: datetime) -> Echo:
    """From the 5-minute buckets of the brand, `USUAL` before `t0` to the last hour of `AFTER` after `answered`."""

    def hour_to(end: datetime) -> Loudness:
        return _sum(buckets, end - HOUR, end)

    since = [one.at for one in buckets if one.at < t0]
    # A brand watched since yesterday has a day of usual, not a week with six silent days in it.
    watched = t0 - min(since) if since else USUAL
    usual = _sum(buckets, t0 - USUAL, t0)
    hours = max(1.0, watched / HOUR)
    ends = [(number, answered + number * HOUR) for number in AFTER]
    return Echo(
        usual=Loudness(usual.mentions / hours, usual.negative / hours),
        before=hour_to(answered),
        after=tuple((number, hour_to(end) if end <= now else None) for number, end in ends),
        half_life=_half_life(buckets, t0, min(now, answered + AFTER[-1] * HOUR)),
    )


def _half_life(buckets: Sequence[Bucket], t0: datetime, until: datetime) -> int | None:
    whole = (until - t0) // HOUR
    heard = Counter[int]()
    for one in buckets:
        heard[(one.at - t0) // HOUR] += one.mentions
    loud = [heard[number] for number in range(whole)]
    if not any(loud):
        return None
    peak = loud.index(max(loud))
    return next((number - peak for number in range(peak + 1, whole) if loud[number] * 2 <= loud[peak]), None)


def _sum(buckets: Sequence[Bucket], since: datetime, until: datetime) -> Loudness:
    within = [one for one in buckets if since <= one.at < until]
    return Loudness(sum(one.mentions for one in within), sum(one.negative for one in within))
