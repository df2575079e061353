"""What a demo came to, as one JSON report read from the store."""

from datetime import datetime
from typing import Any

from desk.demo.stage import Stage
from store import incidents, journal, mentions, pages, texts
from store.database import Tx
from store.nouns import Incident, JournalEntry


def report(stage: Stage) -> dict[str, Any]:
    """The whole report; times are ISO 8601 in UTC, what did not happen is null."""
    with stage.store.reading() as tx:
        found = sorted(incidents.listed(tx, open_only=False), key=lambda one: one.number)
        return {
            "mentions": mentions.count(tx),
            "incidents": [_incident(tx, stage, one) for one in found],
            "journal_ok": journal.broken_at(tx) is None,
        }


def _incident(tx: Tx, stage: Stage, incident: Incident) -> dict[str, Any]:
    brand = next((one.name for one in stage.settings.watch.brand if one.id == incident.brand), incident.brand)
    entries = journal.entries(tx, incidents.subject(incident.id), limit=20_000)
    return {
        "brand": brand,
        "category": incident.category,
        "title": incident.title,
        "status": incident.status.value,
        "paging": incident.paging.value,
        "t0": _iso(incident.t0),
        "opened_at": _iso(incident.detected_at),
        "levels": [
            {"at": _iso(one.at), "level": one.level.value, "why": one.why} for one in incidents.levels(tx, incident.id)
        ],
        "clock": {
            "state": incident.clock.value,
            "due_at": _iso(incident.due_at),
            "reminders": [str(entry.detail["at"]) for entry in entries if entry.what == "reminded"],
            "breached_at": _iso(incident.breached_at),
            "met_at": _iso(incident.met_at),
        },
        "pages": [
            {
                "at": _iso(page.created_at),
                "to": page.person,
                "channel": page.channel,
                "status": page.status.value,
                "reason": page.reason,
            }
            for page in pages.of_incident(tx, incident.id)
        ],
        "acknowledged_at": _when(entries, "acknowledged"),
        "exhausted_at": _when(entries, "exhausted"),
        "drafts": [
            {"at": _iso(one.at), "kind": one.kind, "lang": one.lang, "version": one.version, "author": one.author}
            for one in texts.versions(tx, incident.id)
        ],
        "publications": [
            {"at": _iso(one.published_at), "platform": one.platform, "url": one.url, "sha256": one.sha256}
            for one in texts.publications_of(tx, incident.id)
        ],
        "review": texts.review(tx, incident.id) is not None,
    }


def _when(entries: list[JournalEntry], what: str) -> str | None:
    return next((_iso(entry.at) for entry in entries if entry.what == what), None)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
