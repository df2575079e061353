"""Stored buckets as the rows of a series: what is counted, what was silent, and what nobody could have heard."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.rarity import BUCKET
from monitor.series import Row
from store.nouns import Bucket


@dataclass(frozen=True, slots=True)
class Heard:
    """In which hours we listened: those in `hours`, and all before `since`, of which nothing is known any more.

    `since` None: we always listened.
    """

    since: datetime | None = None
    hours: Collection[datetime] = ()

    def at(self, bucket: datetime) -> bool:
        """Whether a post of this bucket could have reached us."""
        return self.since is None or bucket < self.since or bucket.replace(minute=0) in self.hours


ALWAYS = Heard()


def rows(
    buckets: Mapping[datetime, Bucket], since: datetime, until: datetime, heard: Heard = ALWAYS, planned: float = 0
) -> Iterator[Row]:
    """One row for each bucket with since <= at < until; a bucket without a mention was silent, or we were deaf.

    `planned`: how many times the usual a campaign expects of all these buckets, 0 for none.
    """
    at = since
    while at < until:
        yield row_of(at, buckets.get(at), polled=heard.at(at), planned=planned)
        at += BUCKET


def row_of(at: datetime, bucket: Bucket | None, *, polled: bool = True, planned: float = 0) -> Row:
    """One bucket; None: no mention in it. What was heard later of a deaf hour counts."""
    if bucket is None or not bucket.mentions:
        return Row(at, 0, 0, 0, 0, 0, planned, polled)
    # Buckets counted before voices were have none.
    voices = bucket.voices or None
    return Row(at, bucket.mentions, bucket.negative, voices, bucket.copies, bucket.reach, planned)
