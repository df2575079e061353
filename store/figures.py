"""Counts over many rows, for those who watch the service: what a day brought, how tries ended, how long calls took."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from store.database import Tx
from store.nouns import Level, PageStatus, Spike
from store.tables import incidents, mentions, pages, spikes, tries


@dataclass(frozen=True, slots=True)
class Span:
    """What came since a moment: mentions read, incidents opened, pages by how they ended up."""

    mentions: int
    incidents: int
    sent: int
    failed: int


def since(tx: Tx, at: datetime) -> Span:
    """Counts after `at`; a page counts as sent when it was accepted, be it only by somebody's word."""
    ends = {
        status: count
        for status, count in tx.execute(
            select(pages.c.status, func.count()).where(pages.c.created_at > at).group_by(pages.c.status)
        )
    }
    return Span(
        tx.execute(select(func.count()).select_from(mentions).where(mentions.c.first_seen_at > at)).scalar_one(),
        tx.execute(select(func.count()).select_from(incidents).where(incidents.c.detected_at > at)).scalar_one(),
        ends.get(PageStatus.ACCEPTED, 0) + ends.get(PageStatus.UNVERIFIED, 0),
        ends.get(PageStatus.FAILED, 0),
    )


def small_spikes(tx: Tx, at: datetime) -> list[Spike]:
    """Spikes below yellow after `at`, the most posts first: they open no incident."""
    small = [level for level in Level if level.rank < Level.YELLOW.rank]
    query = select(spikes).where(spikes.c.at > at, spikes.c.level.in_(small))
    return [Spike(**row._mapping) for row in tx.execute(query.order_by(spikes.c.count.desc(), spikes.c.id))]


def notice_ends(tx: Tx, reason: str, turn: str = "") -> dict[PageStatus, int]:
    """How the pages of one notice (of one turn) ended up: status -> number."""
    mark = f"{reason}:{turn}:" if turn else f"{reason}:"
    query = select(pages.c.status, func.count()).where(pages.c.idempotency.startswith(mark, autoescape=True))
    return {status: count for status, count in tx.execute(query.group_by(pages.c.status))}


def newest_notice(tx: Tx, reason: str) -> datetime | None:
    """When the newest page of this reason was made."""
    moment: datetime | None = tx.execute(
        select(func.max(pages.c.created_at)).where(pages.c.reason == reason)
    ).scalar_one()
    return moment


def tries_by_channel(tx: Tx) -> dict[tuple[str, bool], int]:
    """(channel, accepted) -> number of tries ever made."""
    query = select(pages.c.channel, tries.c.accepted, func.count()).join(pages, pages.c.id == tries.c.page)
    grouped = query.group_by(pages.c.channel, tries.c.accepted)
    return {(channel, bool(accepted)): count for channel, accepted, count in tx.execute(grouped)}


def retries(tx: Tx) -> int:
    """Tries that were not the first of their page."""
    query = select(func.count() - func.count(func.distinct(tries.c.page))).select_from(tries)
    return tx.execute(query).scalar_one()


def latencies(tx: Tx, at: datetime) -> Sequence[float]:
    """Seconds to acceptance of every page accepted after `at`.

    The first call of an incident counts from the detection of the incident, everything else from the page itself.
    """
    first = pages.c.idempotency.contains(":call:1.0:", autoescape=True)
    query = (
        select(pages.c.created_at, pages.c.accepted_at, first.label("first"), incidents.c.detected_at)
        .join(incidents, incidents.c.id == pages.c.incident, isouter=True)
        .where(pages.c.accepted_at > at)
    )
    found = []
    for row in tx.execute(query):
        began = row.detected_at if row.first and row.detected_at else row.created_at
        found.append(max(0.0, (row.accepted_at - began).total_seconds()))
    return found
