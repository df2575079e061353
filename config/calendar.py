"""calendar.toml: when the office works, so that "two working hours" is a moment; people edit its days off and 调休."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, ValidationError, field_validator, model_validator

from config.errors import SettingsError
from config.model import Model

FILE = "calendar.toml"
SHIPPED = Path(__file__).parent / FILE
DAY = timedelta(days=1)
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[str, ...] = get_args(Weekday)


def known_zone(name: str) -> str:
    """The same name when it is an IANA zone; ValueError says what is allowed."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("an IANA time zone such as Asia/Shanghai") from error
    return name


def _known_or_none(name: str) -> str:
    return known_zone(name) if name else name


Zone = Annotated[str, AfterValidator(known_zone)]
ZoneOrNone = Annotated[str, AfterValidator(_known_or_none)]


class Calendar(Model):
    """calendar.toml: the working hours of the people who answer."""

    zone: Zone = Field("Asia/Shanghai", description="Time zone of the office; the hours are its local times.")
    hours: tuple[str, str] = Field(
        ("09:00", "18:00"), description='Begin and end of a working day, quoted; the end may be "24:00".'
    )
    weekend: tuple[Weekday, ...] = Field(("saturday", "sunday"), description="Days of the week that are off.")
    holidays: tuple[date, ...] = Field((), description="Days off, also when they fall on a weekend.")
    working_days: tuple[date, ...] = Field((), description="Weekend days that are worked all the same (调休).")

    @field_validator("hours")
    @classmethod
    def _a_day(cls, value: tuple[str, str]) -> tuple[str, str]:
        begin, end = (_minutes(one) for one in value)
        if begin >= end:
            raise ValueError('two times of one day, the first before the second, such as ["09:00", "18:00"]')
        return value

    @field_validator("weekend")
    @classmethod
    def _some_work(cls, value: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
        if set(value) == set(WEEKDAYS):
            raise ValueError("at most six days of the week")
        return value

    @model_validator(mode="after")
    def _one_or_the_other(self) -> "Calendar":
        both = sorted(set(self.holidays) & set(self.working_days))
        if both:
            raise ValueError(f"{both[0]} stands in holidays and in working_days; keep one")
        return self

    @property
    def known_until(self) -> date | None:
        """The last day of the last year with holidays; None without any. Later weekdays count as ordinary ones."""
        return max((date(day.year, 12, 31) for day in self.holidays), default=None)

    def works_on(self, day: date) -> bool:
        """Is that local day worked at all?"""
        if day in self.working_days:
            return True
        return day not in self.holidays and WEEKDAYS[day.weekday()] not in self.weekend

    def is_working(self, at: datetime) -> bool:
        """Does the office work at `at` (aware)? The end of the hours is outside."""
        day = at.astimezone(ZoneInfo(self.zone)).date()
        begin, end = self._window(day)
        return self.works_on(day) and begin <= at < end

    def after(self, at: datetime, span: timedelta) -> datetime:
        """The moment (UTC) when `span` of working time has passed since `at` (aware); time off does not count.

        A span that ends with the working day is over at its end, not the next morning.
        """
        # Sums are made in UTC: in a local zone Python adds wall-clock time, which a change of clocks falsifies.
        at = at.astimezone(UTC)
        if span <= timedelta():
            return at
        for begin, end in self._windows(at):
            since = max(at, begin)
            worked = max(timedelta(), end - since)
            if span <= worked:
                return since + span
            span -= worked
        raise AssertionError("unreachable: some day of every week is worked")

    def _windows(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = at.astimezone(ZoneInfo(self.zone)).date()
        while True:
            if self.works_on(day):
                yield self._window(day)
            day += DAY

    def _window(self, day: date) -> tuple[datetime, datetime]:
        """Begin and end of a local day's hours as instants, so that a day of changing clocks has the length it has."""
        begin, end = (self._instant(day, _minutes(one)) for one in self.hours)
        return begin, end

    def _instant(self, day: date, minutes: int) -> datetime:
        whole, rest = divmod(minutes, 24 * 60)
        clock = time(rest // 60, rest % 60)
        return datetime.combine(day + whole * DAY, clock, ZoneInfo(self.zone)).astimezone(UTC)


def load_calendar(folder: Path) -> Calendar:
    """Read calendar.toml of a settings folder, or the shipped one when it has none; SettingsError lists all faults."""
    path = folder / FILE
    if not path.exists():
        path = SHIPPED
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError([f"{FILE}: cannot be read ({error.strerror})"]) from error
    except UnicodeDecodeError as error:
        raise SettingsError([f"{FILE}: is not UTF-8"]) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([f"{FILE}: is not TOML: {error}"]) from error
    try:
        return Calendar.model_validate(found)
    except ValidationError as error:
        raise SettingsError([_say(dict(fault)) for fault in error.errors()]) from error


def _minutes(clock: str) -> int:
    """Minutes since midnight of "HH:MM", up to "24:00"; ValueError says what is allowed."""
    hour, colon, minute = clock.partition(":")
    if colon and hour.isdigit() and minute.isdigit() and int(minute) < 60:
        found = int(hour) * 60 + int(minute)
        if found <= 24 * 60:
            return found
    raise ValueError('quoted times such as "09:00"')


def _say(fault: dict[str, Any]) -> str:
    """One pydantic fault as `file: key: what is allowed`; entries of a list count from 1."""
    where = ".".join(str(step + 1 if isinstance(step, int) else step) for step in fault["loc"]) or "holidays"
    if fault["type"] == "extra_forbidden":
        return f"{FILE}: {where}: no such key"
    message = str(fault["msg"]).removeprefix("Value error, ")
    value = fault["input"]
    found = "" if isinstance(value, dict) else f" (found {str(value)[:60] if isinstance(value, list) else repr(value)})"
    return f"{FILE}: {where}: {message[0].lower()}{message[1:]}{found}"
