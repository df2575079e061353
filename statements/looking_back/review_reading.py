"""Reads everything a review is made of, in one look at the store."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.settings import Team
from statements.looking_back import closing
from statements.looking_back.echo import AFTER, HOUR, USUAL, Echo, answered_at, echo
from statements.looking_back.outcome import ReviewInput
from store import (
    actions,
    claims,
    facts,
    incidents,
    journal,
    ledger,
    mentions,
    pages,
    publications,
    reviews_asked,
    texts,
    versions,
    volumes,
)
from store.database import Tx
from store.incidents import subject
from store.nouns import Incident, Publication, VersionKind

MOST_ENTRIES = 20_000


def read_review(tx: Tx, incident: Incident, brand_name: str, zone: ZoneInfo, team: Team, now: datetime) -> ReviewInput:
    """The incident with its journal, texts, promises, notes and actions as they are now."""
    drafts = texts.versions(tx, incident.id)
    evidence = mentions.of_incident(tx, incident.id, incident.brand)
    posted = texts.publications_of(tx, incident.id)
    heard = [one.mention.first_seen_at for one in evidence]
    return ReviewInput(
        incident=incident,
        journal=tuple(journal.entries(tx, subject(incident.id), limit=MOST_ENTRIES)),
        levels=tuple(incidents.levels(tx, incident.id)),
        pages=tuple(pages.of_incident(tx, incident.id)),
        drafts=tuple(drafts),
        publications=tuple(posted),
        promises=tuple(facts.promises_of(tx, incident.id)),
        mention_count=len(incidents.mention_ids(tx, incident.id)),
        brand_name=brand_name,
        zone=zone,
        records=tuple(publications.all_of(tx, incident.id)),
        approvals=tuple(texts.approvals_of(tx, [one.id for one in drafts])),
        asked=tuple(reviews_asked.asked_of(tx, [one.id for one in drafts])),
        facts=tuple(facts.history(tx, incident.id)),
        notes=actions.newest(tx, incident.id),
        actions=tuple(actions.actions_of(tx, incident.id)),
        claims=tuple(
            (one.said, one.status.value, one.answer_zh, one.answer_en) for one in claims.current(tx, incident.id)
        ),
        earlier=tuple(closing.recurrences(tx, incident)),
        opened=_opened(tx, incident),
        first_heard_at=min(heard, default=None),
        thresholds=versions.current(tx, VersionKind.THRESHOLDS),
        echo=_echo(tx, incident, posted, now),
        names={one.id: one.name for one in team.person},
    )


def _echo(tx: Tx, incident: Incident, posted: Sequence[Publication], now: datetime) -> Echo | None:
    answered = answered_at(posted)
    if answered is None:
        return None
    since, until = incident.t0 - USUAL, answered + AFTER[-1] * HOUR
    return echo(volumes.between(tx, incident.brand, since, until), incident.t0, answered, now)


def _opened(tx: Tx, incident: Incident) -> str:
    """The kind of the spike that opened it; "" when a person did."""
    since = incident.detected_at - timedelta(seconds=1)
    found = next((one for one in ledger.opened(tx, since) if one.incident.id == incident.id), None)
    return found.kind if found and found.who in ("", "system") else ""
