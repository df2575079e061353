"""What the noise ledger counts: how incidents began and what called whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from store.database import Tx
from store.nouns import Incident
from store.tables import incident_levels, incident_mentions, incidents, pages, spikes

# The job that opens an incident runs at most so long after the spike that asked for it.
_OPENED_WITHIN = timedelta(minutes=15)
# A spike of the same topic so long before: it was noticed, though a person was first to open it.
_NOTICED = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Opened:
    """An incident, the kind of the spike behind it ("" none), and who opened it ("system" or a person)."""

    incident: Incident
    kind: str
    who: str


def opened(tx: Tx, since: datetime) -> list[Opened]:
    """The incidents detected after `since`, oldest first."""
    columns = [incidents.c[name] for name in Incident.__dataclass_fields__]
    query = select(*columns).where(incidents.c.detected_at > since).order_by(incidents.c.number)
    found = [Incident(**row._mapping) for row in tx.execute(query)]
    who = _openers(tx, since)
    return [Opened(one, _kind(tx, one, who.get(one.id, "")), who.get(one.id, "")) for one in found]


def calls(tx: Tx, since: datetime) -> list[tuple[str, int]]:
    """(person, calls about incidents after `since`), the most called first; two channels at once are one call."""
    about = (pages.c.created_at > since, pages.c.incident != "")
    each = select(pages.c.person, pages.c.incident, pages.c.reason, pages.c.created_at).where(*about).distinct()
    call = each.subquery()
    number = func.count().label("calls")
    query = select(call.c.person, number).group_by(call.c.person).order_by(number.desc(), call.c.person)
    return [(row.person, row.calls) for row in tx.execute(query)]


def incident_of(tx: Tx, mention_ids: Sequence[str]) -> int | None:
    """The number of the newest incident that any of these belongs to."""
    query = (
        select(func.max(incidents.c.number))
        .join(incident_mentions, incident_mentions.c.incident == incidents.c.id)
        .where(incident_mentions.c.mention.in_(mention_ids))
    )
    found: int | None = tx.execute(query).scalar_one()
    return found


def _openers(tx: Tx, since: datetime) -> dict[str, str]:
    """Incident id → who gave it its first level."""
    first = select(incident_levels.c.incident, func.min(incident_levels.c.seq).label("seq"))
    mine = first.group_by(incident_levels.c.incident).subquery()
    query = (
        select(incident_levels.c.incident, incident_levels.c.who)
        .join(mine, mine.c.seq == incident_levels.c.seq)
        .join(incidents, incidents.c.id == incident_levels.c.incident)
        .where(incidents.c.detected_at > since)
    )
    return {row.incident: row.who for row in tx.execute(query)}


def _kind(tx: Tx, incident: Incident, who: str) -> str:
    longest = _OPENED_WITHIN if who == "system" else _NOTICED
    where = (
        spikes.c.brand == incident.brand,
        spikes.c.category == incident.category,
        spikes.c.at <= incident.detected_at,
        spikes.c.at > incident.detected_at - longest,
    )
    query = select(spikes.c.kind).where(*where).order_by(spikes.c.at.desc(), spikes.c.id).limit(1)
    return tx.execute(query).scalar_one_or_none() or ""
