"""What one step of watching is (pure), for the WATCH job and for a replay of the past alike."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from monitor.rarity import BUCKET
from monitor.series import Reading
from store import volumes

# A series is built anew from so much of the past, and complaints are compared over so many days.
PAST: Final = timedelta(days=60)
TREND_DAYS: Final = 14
# Publish times run late: so many finished buckets are looked at again before they are learned.
UNSETTLED: Final = 2


def gravest(readings: Iterable[Reading]) -> Reading | None:
    """What came late belongs to a bucket that is over; the gravest of the unsettled ones speaks."""
    return max(readings, key=lambda one: (one.level, one.at), default=None)


def turned(now: datetime, learned: timedelta) -> bool:
    """True when an hour ended in what was just learned."""
    upto = volumes.bucket_of(now) - UNSETTLED * BUCKET
    return volumes.bucket_of(upto, volumes.HOUR) > upto - learned
