"""What each account has used of its limits; one row per account, shared by all processes."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta

from sqlalchemy import select, update

from store.database import Tx, insert_once
from store.nouns import Meter
from store.tables import meters

# No zone and no clock that is only a little off puts the begin of an hour or day further ahead than this.
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def meter(tx: Tx, account: str, hour_at: datetime, day_at: datetime, *, lock: bool = False) -> Meter:
    """The account's meter in this hour and day; what it used in earlier ones is forgotten. `lock` to change it.

    It only goes forward: sources with other zones and machines whose clocks differ a little share one meter.
    """
    query = select(meters).where(meters.c.account == account)
    row = tx.execute(query.with_for_update() if lock else query).first()
    if row is None:
        fresh = Meter(account, hour_at, 0, day_at, 0, 0.0)
        if not lock:
            return fresh
        insert_once(tx, meters, [asdict(fresh)])
        # Another process may have been first: its row is the one to lock.
        row = tx.execute(query.with_for_update()).one()
    found = Meter(**row._mapping)
    if not hour_at <= found.hour_at <= hour_at + _HOUR:
        found = replace(found, hour_at=hour_at, hour_used=0)
    if not day_at <= found.day_at < day_at + _DAY:
        found = replace(found, day_at=day_at, day_used=0, day_usd=0.0)
    return found


def block(tx: Tx, account: str, until: datetime, why: str, now: datetime) -> None:
    """Nobody asks for this account before `until`, nor before what was said earlier; what it used stays as it is."""
    insert_once(tx, meters, [asdict(Meter(account, now, 0, now, 0, 0.0))])
    query = select(meters.c.blocked_until).where(meters.c.account == account).with_for_update()
    before = tx.execute(query).scalar_one()
    values = {"blocked_until": max(until, before or until), "blocked_why": why}
    tx.execute(update(meters).where(meters.c.account == account).values(values))


def keep(tx: Tx, found: Meter) -> None:
    values = asdict(found)
    tx.execute(update(meters).where(meters.c.account == values.pop("account")).values(values))


def all_meters(tx: Tx) -> dict[str, Meter]:
    """Account → meter as last written; its hour and day may be over."""
    return {row.account: Meter(**row._mapping) for row in tx.execute(select(meters))}
