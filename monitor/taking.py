"""What was read, pushed or brought is kept in one transaction: mentions, how the source is doing, whom it concerns."""

from dataclasses import replace
from datetime import datetime

from config.place import Place
from monitor import floor
from monitor.health import HEARD, judge_health
from monitor.intake import Intake, Kept
from store import agenda, heard, journal, sources
from store.agenda import Job
from store.database import Tx
from store.nouns import Health, Reading, SourceState


def take(
    tx: Tx, intake: Intake, place: Place, reading: Reading, now: datetime, *, at_once: bool = False
) -> tuple[Kept, SourceState]:
    """Keep a reading and note that the source was heard, or what was wrong; `at_once`: one failure makes it blind."""
    # Always in this order: whoever held the state and waited for the intake would wait in a ring with another push.
    heard.alone(tx)
    before = sources.state(tx, place.id, lock=True)
    kept = intake.keep(tx, place, reading.mentions, now)
    quiet = ""
    if reading.outcome in HEARD:
        hour = now.replace(minute=0, second=0, microsecond=0)
        sources.count_hour(tx, place.id, hour, kept.new)
        quiet = _quiet(tx, place, hour, now) if place.polled and not kept.new else ""
    after = judge_health(before, reading, now, quiet=quiet, at_once=at_once)
    if kept.new:
        latest = max((one.published_at for one in reading.mentions if one.published_at), default=now)
        newest = max(latest, before.last_item_at or latest)
        after = replace(after, mention_count=after.mention_count + kept.new, last_item_at=newest)
    sources.keep(tx, after)
    _tell(tx, place, before, after, now)
    # Nobody asks a source that is pushed: its silence is looked at when it has lasted.
    silent_after = getattr(place, "silent_after", None)
    if silent_after and after.last_success_at == now:
        agenda.promise(tx, Job.POLL, place.id, now + silent_after)
    return kept, after


def _quiet(tx: Tx, place: Place, hour: datetime, now: datetime) -> str:
    silence = floor.HOUR * floor.SILENCE
    # The long look back only for what has been silent for some hours.
    if not place.steady or any(count for _, count in sources.hours(tx, place.id, hour - silence)):
        return ""
    return floor.too_quiet(sources.hours(tx, place.id, now - floor.LEARNED - silence), now)


def _tell(tx: Tx, place: Place, before: SourceState, after: SourceState, now: datetime) -> None:
    """A change of health goes to the journal; blindness, and its end, to ops."""
    if after.health != before.health:
        detail = {"from": before.health.value, "to": after.health.value, "outcome": after.outcome}
        journal.write(tx, now, "system", "source_health", f"source:{place.id}", after.note, detail)
    # Told of it and not blind: its reads failed, and now they do not.
    if Health.BLIND in (before.health, after.health) or before.told_outcome:
        agenda.promise(tx, Job.ALARM, place.id, now)
