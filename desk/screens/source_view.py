"""One source: how it does and why, what it gave hour by hour, its story, its settings; read it now, switch it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup
from starlette.responses import Response

from config.errors import InputError, MoveError, SettingsError
from config.watch import Source
from desk import access
from desk.hour_chart import hour_chart
from desk.screens.door import Ask, go
from desk.screens.frame import show
from desk.screens.listening import ear_of
from desk.screens.source_list import KEEPERS, READERS, Card, card, look
from desk.screens.source_notes import tell_note
from desk.screens.trouble import missing
from desk.source_budget import secret_of
from desk.source_toml import toml_of
from monitor import floor, sourcebook
from store import agenda, journal, source_story, sources
from store.agenda import Job
from store.database import Tx
from store.nouns import Health, JournalEntry, Mention, Outcome, SavedSource

HOUR = timedelta(hours=1)
MENTIONS, ENTRIES = 10, 30
SHORTEST_REASON, LONGEST_REASON = 2, 300
DONE = ("read", "waits", "on", "off", "added")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the story: `deed` in words, `more` what was said of it."""

    entry: JournalEntry
    deed: str
    more: str


@dataclass(frozen=True, slots=True)
class Hours:
    """The last 24 hours: the chart, and (hour, count or None when it was not heard), newest first."""

    chart: Markup
    rows: Sequence[tuple[datetime, int | None]]
    usual: float | None
    read: bool


def show_source(ask: Ask) -> Response:
    """Everything about one source on one screen."""
    with ask.room.store.reading() as tx:
        seen = look(ask, tx)
        source = _named(ask, seen.listed)
        saved = _saved(tx, source.id)
        entries = source_story.newest_entries(tx, source.id, ENTRIES)
        newest = source_story.newest_mentions(tx, source.id, MENTIONS)
        hours = _hours(ask, tx, source)
    found: Card = card(ask, seen, ear_of(source, seen.states.get(source.id), ask.now))
    done = ask.query("done")
    return show(
        ask,
        "source.html",
        card=found,
        hours=hours,
        story=[_line(ask, one) for one in entries],
        newest=newest,
        late=_late,
        toml=toml_of(source),
        saved=saved if saved and saved.spec else None,
        secret=secret_state(ask, source),
        push_url=f"{ask.room.settings.service.web.base_url.rstrip('/')}/inbound/{source.id}",
        may_read=access.may(ask.person, *READERS),
        may_keep=access.may(ask.person, *KEEPERS),
        entries=ENTRIES,
        done=done if done in DONE else "",
    )


def read_now(ask: Ask) -> Response:
    """Promise that the source is read at once, or as soon as the other side allows."""
    access.require(ask.person, *READERS)
    with ask.room.store.transaction() as tx:
        seen = look(ask, tx)
        source = _named(ask, seen.listed)
        if not (source.enabled and source.polled):
            raise MoveError("This source is not read by us, or is switched off.")
        found = card(ask, seen, ear_of(source, seen.states.get(source.id), ask.now))
        agenda.promise(tx, Job.POLL, source.id, found.wait_until or ask.now)
        journal.write(tx, ask.now, ask.who, "source_read_now", source_story.subject(source.id))
    return go(f"/sources/{source.id}?done={'waits' if found.wait_until else 'read'}")


def switch(ask: Ask) -> Response:
    """Switch a source on or off, with a reason; whichever place it comes from."""
    access.require(ask.person, *KEEPERS)
    reason, to = ask.field("reason"), ask.field("to")
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise InputError(f"Switching a source needs a reason of {SHORTEST_REASON} to {LONGEST_REASON} characters.")
    if to not in ("on", "off"):
        raise InputError(f"The choice {to[:40]!r} is not one of the list.")
    with ask.room.store.transaction() as tx:
        source = _named(ask, sourcebook.listed(tx, ask.room.settings.watch))
        if source.enabled == (to == "on"):
            raise MoveError("Somebody has switched this source already.")
        row = sourcebook.switched(_saved(tx, source.id), source, to == "on", author=ask.who, at=ask.now)
        sources.save(tx, row)
        if to == "on" and source.polled:
            agenda.promise(tx, Job.POLL, source.id, ask.now)
        journal.write(tx, ask.now, ask.who, "source_switched", source_story.subject(source.id), reason, {"to": to})
    return go(f"/sources/{source.id}?done={to}")


def secret_state(ask: Ask, source: Source) -> tuple[str, str] | None:
    """(name of its secret, set | unset | unreadable); None when the source needs none."""
    name = secret_of(source)
    return (name, secret_word(ask, name)) if name else None


def secret_word(ask: Ask, name: str) -> str:
    """Whether an environment variable of this name is set; its value is told nobody."""
    try:
        return "set" if ask.room.secret(name) else "unset"
    except SettingsError:
        return "unreadable"


def _named(ask: Ask, listed: Sequence[Source]) -> Source:
    wanted = str(ask.request.path_params["source"])
    found = next((one for one in listed if one.id == wanted), None)
    if found is None:
        raise missing()
    return found


def _saved(tx: Tx, source: str) -> SavedSource | None:
    return next((row for row in sources.saved(tx) if row.id == source), None)


def _hours(ask: Ask, tx: Tx, source: Source) -> Hours:
    this = ask.now.replace(minute=0, second=0, microsecond=0)
    known = sources.hours(tx, source.id, this - floor.LEARNED - floor.HOUR * floor.SILENCE)
    hours = [this - HOUR * n for n in reversed(range(24))]
    counts: Mapping[datetime, int] = dict(known)
    ends = (ask.times.at(hours[0]), ask.times.hour(this + HOUR))
    chart = hour_chart(hours, counts, ask.word("src_hours_title", id=source.id), ends)
    rows = [(hour, counts.get(hour)) for hour in reversed(hours)]
    return Hours(chart, rows, floor.expected(known, ask.now), any(count is not None for _, count in rows))


def _line(ask: Ask, entry: JournalEntry) -> Line:
    detail, more = entry.detail, tell_note(entry.why, ask.lang)
    if entry.what == "source_health":
        old, new = (_health(ask, str(detail.get(key, ""))) for key in ("from", "to"))
        outcome = str(detail.get("outcome", ""))
        known = outcome in list(Outcome) and outcome != Outcome.OK
        words = ask.word(f"outcome_{outcome}") if known else ""
        told = [one for one in (words, more) if one]
        return Line(entry, ask.word("src_story_change", old=old, new=new), ask.word("src_comma").join(told))
    deeds = {"source_added": "added", "source_read_now": "read_now", "source_tried": "tried"}
    name = str(detail.get("to", "")) if entry.what == "source_switched" else deeds.get(entry.what, "")
    return Line(entry, ask.word(f"src_story_{name}") if name else entry.what, more)


def _health(ask: Ask, word: str) -> str:
    return ask.word(f"health_{word}") if word in list(Health) else word


def _late(mention: Mention) -> timedelta | None:
    """How late we saw it; None when its date is not its own."""
    if mention.published_at is None or mention.date_estimated:
        return None
    return max(timedelta(), mention.first_seen_at - mention.published_at)
