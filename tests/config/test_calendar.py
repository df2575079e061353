"""The working calendar: holidays and 调休 of 2026, working time as people count it, faults that explain themselves."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from config.calendar import SHIPPED, Calendar, load_calendar
from config.errors import SettingsError

OURS = load_calendar(SHIPPED.parent)
SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def local(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def days(first: str, last: str) -> list[date]:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return [begin + n * DAY for n in range((end - begin).days + 1)]


# (first day off, last day off, days worked for it): the State Council's notice for 2026, sentence by sentence.
NOTICE = [
    ("2026-01-01", "2026-01-03", ["2026-01-04"]),
    ("2026-02-15", "2026-02-23", ["2026-02-14", "2026-02-28"]),
    ("2026-04-04", "2026-04-06", []),
    ("2026-05-01", "2026-05-05", ["2026-05-09"]),
    ("2026-06-19", "2026-06-21", []),
    ("2026-09-25", "2026-09-27", []),
    ("2026-10-01", "2026-10-07", ["2026-09-20", "2026-10-10"]),
]


def test_every_day_of_2026_is_as_the_notice_says():
    off = {day for first, last, _ in NOTICE for day in days(first, last)}
    worked = {date.fromisoformat(day) for _, _, extra in NOTICE for day in extra}
    for day in days("2026-01-01", "2026-12-31"):
        assert OURS.works_on(day) == (day in worked or (day not in off and day.weekday() < 5)), day
    # The notice gives lengths too: 3, 9, 3, 5, 3, 3 and 7 days.
    assert [len(days(first, last)) for first, last, _ in NOTICE] == [3, 9, 3, 5, 3, 3, 7]
    assert all(day.weekday() >= 5 for day in worked)


def test_a_year_nobody_has_entered_has_ordinary_weekdays():
    assert OURS.known_until == date(2026, 12, 31)
    assert Calendar().known_until is None
    assert OURS.works_on(date(2027, 10, 1))
    assert not OURS.works_on(date(2027, 10, 2))


def test_the_office_works_within_its_hours_of_its_zone():
    hours = ["08:59:59", "09:00", "17:59:59", "18:00"]
    assert [OURS.is_working(local(f"2026-03-12 {at}")) for at in hours] == [False, True, True, False]
    assert OURS.is_working(datetime(2026, 3, 12, 1, tzinfo=UTC))
    assert not OURS.is_working(datetime(2026, 3, 12, 11, tzinfo=UTC))
    assert OURS.is_working(local("2026-02-14 10:00"))
    assert not OURS.is_working(local("2026-02-16 10:00"))


@pytest.mark.parametrize(
    ("at", "span", "then"),
    [
        ("2026-03-12 10:00", 2 * HOUR, "2026-03-12 12:00"),
        ("2026-03-12 16:00", 2 * HOUR, "2026-03-12 18:00"),
        ("2026-03-12 17:00", 2 * HOUR, "2026-03-13 10:00"),
        ("2026-03-12 18:00", 2 * HOUR, "2026-03-13 11:00"),
        ("2026-03-12 06:00", 2 * HOUR, "2026-03-12 11:00"),
        ("2026-03-13 17:00", 2 * HOUR, "2026-03-16 10:00"),
        ("2026-03-14 12:00", 2 * HOUR, "2026-03-16 11:00"),
        ("2026-03-12 10:00", 18 * HOUR, "2026-03-16 10:00"),
        ("2026-09-30 17:30", HOUR, "2026-10-08 09:30"),
        ("2026-10-09 17:30", HOUR, "2026-10-10 09:30"),
        ("2026-03-14 12:00", timedelta(), "2026-03-14 12:00"),
    ],
)
def test_only_working_time_counts(at, span, then):
    found = OURS.after(local(at), span)
    assert found == local(then)
    assert found.tzinfo is UTC


def test_a_night_shift_of_changing_clocks_is_as_long_as_it_is():
    """The clock of New York goes from 02:00 to 03:00 on 8 March 2026: that night has 23 hours."""
    zone = ZoneInfo("America/New_York")
    always = Calendar(zone="America/New_York", hours=("00:00", "24:00"), weekend=())
    assert always.after(local("2026-03-08 00:00", zone), 24 * HOUR) == local("2026-03-09 01:00", zone)
    assert always.after(local("2026-11-01 00:00", zone), 24 * HOUR) == local("2026-11-01 23:00", zone)
    assert always.is_working(local("2026-03-08 23:59", zone))


calendars = st.builds(
    Calendar,
    zone=st.sampled_from(("Asia/Shanghai", "Europe/London", "America/New_York")),
    hours=st.sampled_from((("09:00", "18:00"), ("00:00", "24:00"), ("01:30", "02:30"), ("13:00", "13:01"))),
    weekend=st.sampled_from(((), ("sunday",), ("saturday", "sunday"))),
    holidays=st.sets(st.dates(date(2026, 3, 1), date(2026, 4, 15)), max_size=12).map(tuple),
)


@settings(deadline=None, max_examples=40)
@given(calendars, st.integers(0, 30 * 24 * 60), st.integers(1, 150))
def test_the_working_minutes_up_to_the_moment_are_those_that_were_asked_for(calendar, start, minutes):
    """Counted one by one over the weeks in which clocks change; the minute before the end is a worked one."""
    at = datetime(2026, 3, 1, tzinfo=UTC) + start * MINUTE
    span = min(minutes, 3 if calendar.hours == ("13:00", "13:01") else 150) * MINUTE
    then = calendar.after(at, span)
    worked = sum(calendar.is_working(at + n * MINUTE) for n in range((then - at) // MINUTE))
    assert worked * MINUTE == span
    assert calendar.is_working(then - MINUTE)


def test_a_folder_without_a_calendar_has_the_shipped_one(tmp_path):
    assert load_calendar(tmp_path) == OURS
    (tmp_path / "calendar.toml").write_text('zone = "Europe/Berlin"\n', encoding="utf-8")
    assert load_calendar(tmp_path) == Calendar(zone="Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("zone = Berlin", ["is not TOML: Invalid value (at line 1, column 8)"]),
        (
            'zone = "Mars/Base"\nhours = ["18:00", "09:00"]\nholiday = []',
            [
                "zone: an IANA time zone such as Asia/Shanghai (found 'Mars/Base')",
                'hours: two times of one day, the first before the second, such as ["09:00", "18:00"] '
                "(found ['18:00', '09:00'])",
                "holiday: no such key",
            ],
        ),
        ('hours = ["09:00", "25:00"]', ["hours: quoted times such as \"09:00\" (found ['09:00', '25:00'])"]),
        ('hours = ["09:00", "24:01"]', ["hours: quoted times such as \"09:00\" (found ['09:00', '24:01'])"]),
        ('hours = ["9 Uhr", "18:00"]', ["hours: quoted times such as \"09:00\" (found ['9 Uhr', '18:00'])"]),
        (
            'weekend = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]',
            [
                "weekend: at most six days of the week "
                "(found ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'sa)"
            ],
        ),
        (
            "holidays = [2026-05-01]\nworking_days = [2026-05-01]",
            ["holidays: 2026-05-01 stands in holidays and in working_days; keep one"],
        ),
        (
            'holidays = [2026-05-01, "soon"]',
            ["holidays.2: input should be a valid date or datetime, input is too short (found 'soon')"],
        ),
    ],
)
def test_every_fault_of_a_calendar_is_said_with_its_key_and_what_is_allowed(tmp_path, text, faults):
    (tmp_path / "calendar.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_calendar(tmp_path)
    assert caught.value.faults == [f"calendar.toml: {fault}" for fault in faults]


def test_a_calendar_that_cannot_be_read_says_so(tmp_path):
    (tmp_path / "calendar.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match=r"calendar\.toml: is not UTF-8"):
        load_calendar(tmp_path)
    (tmp_path / "sub" / "calendar.toml").mkdir(parents=True)
    with pytest.raises(SettingsError, match=r"calendar\.toml: cannot be read"):
        load_calendar(tmp_path / "sub")


def test_a_calendar_does_not_change_under_those_who_count_with_it():
    with pytest.raises(ValidationError):
        OURS.zone = "UTC"  # type: ignore[misc]
