"""What is brought or pushed is kept like everything else: mentions, how the source is doing, and whom it concerns."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from config.place import Place
from monitor.health import HEARD, judge_health
from monitor.intake import Intake, Kept
from store import agenda, journal, sources
from store.agenda import Job
from store.database import Tx
from store.nouns import Health, Outcome, RawMention, Reading


def take(
    tx: Tx,
    intake: Intake,
    place: Place,
    raws: Sequence[RawMention],
    now: datetime,
    *,
    outcome: Outcome = Outcome.OK,
    note: str = "",
    degraded: bool = False,
) -> Kept:
    """Keep a batch and note in the same transaction that the source was heard (or what was wrong with it)."""
    kept = intake.keep(tx, place, raws, now)
    if outcome in HEARD:
        sources.count_hour(tx, place.id, now.replace(minute=0, second=0, microsecond=0), kept.new)
    before = sources.state(tx, place.id)
    after = judge_health(before, Reading(outcome, note=note, degraded=degraded), now)
    if kept.new:
        latest = max([one.published_at for one in raws if one.published_at], default=now)
        newest = max(latest, before.last_item_at or latest)
        after = replace(after, mention_count=after.mention_count + kept.new, last_item_at=newest)
    sources.keep(tx, after)
    if after.health != before.health:
        detail = {"from": before.health.value, "to": after.health.value, "outcome": after.outcome}
        journal.write(tx, now, "system", "source_health", f"source:{place.id}", after.note, detail)
    if Health.BLIND in (before.health, after.health):
        agenda.promise(tx, Job.ALARM, place.id, now)
    return kept
