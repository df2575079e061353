"""When what the law wants is due (pure): per line of the file, from the event, from detection or from declaring."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from config.calendar import Calendar
from config.legal_clocks import LegalClocks, LegalLine
from store.nouns import Incident, LegalMark, LevelChange

DAY = timedelta(days=1)
# How much of the limit is left when legal is told.
LAST_PART = 4
# A correction of the event's time, or a person's declaring, is noticed this soon.
LOOK_AGAIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class LegalClock:
    """One duty of one incident. `due_at` None: its clock has not begun. `mark` is the last word of a person on it."""

    line: LegalLine
    began_at: datetime | None
    due_at: datetime | None
    mark: LegalMark | None
    now: datetime

    @property
    def state(self) -> str:
        """done, done_late, not_applicable, waiting (not begun), at_once, running, soon (last quarter) or over."""
        if self.mark and self.mark.state == "not_applicable":
            return "not_applicable"
        if self.mark and self.mark.state == "done":
            return "done_late" if self.due_at and self.started_limit and self.mark.at > self.due_at else "done"
        if self.due_at is None or self.began_at is None:
            return "waiting"
        if not self.started_limit:
            return "at_once"
        if self.now >= self.due_at:
            return "over"
        warn_at = self.warn_at
        return "soon" if warn_at and self.now >= warn_at else "running"

    @property
    def started_limit(self) -> bool:
        """Whether there is time to count at all; "at once" has none."""
        return self.due_at is not None and self.began_at is not None and self.due_at > self.began_at

    @property
    def open(self) -> bool:
        return self.mark is None or self.mark.state == "open"

    @property
    def warn_at(self) -> datetime | None:
        """When a quarter of the time is left; None for what is due at once."""
        if self.due_at is None or self.began_at is None or not self.started_limit:
            return None
        return self.due_at - (self.due_at - self.began_at) / LAST_PART


def declared_at(levels: Sequence[LevelChange]) -> datetime | None:
    """When a person first said how bad it is; None while only the system has."""
    return min((one.at for one in levels if not one.proposed), default=None)


def clocks(
    given: LegalClocks,
    incident: Incident,
    levels: Sequence[LevelChange],
    marks: Sequence[LegalMark],
    moment: tuple[datetime, Calendar],
) -> tuple[LegalClock, ...]:
    """The clocks of an incident's category in the order of the file. `moment` is (now, the office's calendar)."""
    now, calendar = moment
    newest = {one.line: one for one in sorted(marks, key=lambda one: (one.noted_at, one.id))}
    begins = {"t0": incident.t0, "detected": incident.detected_at, "declared": declared_at(levels)}
    found = []
    for line in given.of(incident.category):
        began_at = begins[line.starts_from]
        due_at = due(line, began_at, calendar) if began_at else None
        found.append(LegalClock(line, began_at, due_at, newest.get(line.id), now))
    return tuple(found)


def due(line: LegalLine, began_at: datetime, calendar: Calendar) -> datetime:
    """When a duty that began at `began_at` is due (UTC). Working days end with the last of them; its first day is the
    next working day."""
    if line.working_days is None:
        return began_at.astimezone(UTC) + line.span
    zone, left = ZoneInfo(calendar.zone), line.working_days
    day = began_at.astimezone(zone).date()
    while left:
        day += DAY
        left -= calendar.works_on(day)
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone) + DAY
    return midnight.astimezone(UTC)


def told(clocks_now: Sequence[LegalClock]) -> tuple[tuple[LegalClock, str], ...]:
    """(clock, "due" or "soon") of every clock legal must know of now; after downtime only that it is due."""
    words = {"over": "due", "at_once": "due", "soon": "soon"}
    return tuple((one, words[one.state]) for one in clocks_now if one.open and one.state in words)


def next_look(clocks_now: Sequence[LegalClock], now: datetime) -> datetime | None:
    """When to look again; None when every duty is settled."""
    ahead = [at for one in clocks_now if one.open for at in (one.warn_at, one.due_at) if at and at > now]
    if not any(one.open for one in clocks_now):
        return None
    return min([now + LOOK_AGAIN, *ahead])
