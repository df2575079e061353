"""A brand's stored past, read for a replay: what was counted before, what was known when, planned and told."""

from datetime import datetime, timedelta

from config.watch import Brand, Thresholds
from monitor.replaying import DAY, Past
from monitor.steps import PAST, TREND_DAYS, UNSETTLED
from store import past, spells, volumes
from store.database import Tx
from store.nouns import Window
from store.volumes import FINE, bucket_of

BEFORE = timedelta(minutes=FINE * UNSETTLED)


def past_of(tx: Tx, brand: Brand, since: datetime, until: datetime, *options: Thresholds) -> Past:
    """The brand's past for these thresholds; its mentions are read while it is replayed, so within this transaction."""
    look_back = max(one.look_back for one in options)
    cooldown = max(one.cooldown for one in options)
    settled = bucket_of(since) - BEFORE
    before = volumes.between(tx, brand.id, bucket_of(since) - PAST, settled)
    told = [one for one in volumes.spikes_since(tx, brand.id, since - cooldown) if one.at <= since]
    return Past(
        brand=brand.id,
        name=brand.name,
        since=since,
        until=until,
        before={one.at: one for one in before},
        known=past.known(tx, brand.id, since - max(look_back, DAY), until, look_back),
        campaigns=spells.between(tx, Window.CAMPAIGN, since, until),
        complaints=past.complaints(tx, brand.id, since - TREND_DAYS * DAY, until, look_back),
        told=told,
    )


def latest_of(tx: Tx, brand: Brand, until: datetime, days: float, most: int) -> datetime:
    """Where a replay of at most `days` days and `most` mentions begins."""
    since = until - days * DAY
    nth = past.nth_newest(tx, brand.id, until, most)
    return since if nth is None else max(since, nth)


def newest(tx: Tx, brand: Brand, until: datetime) -> datetime | None:
    """When the brand's last mention before `until` was published; None when there is none."""
    return past.nth_newest(tx, brand.id, until, 0)
