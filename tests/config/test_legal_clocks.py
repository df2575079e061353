"""legal_clocks.toml: it is complete, says of itself that nobody checked it, and every fault is said at once."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.calendar import SHIPPED as CALENDAR
from config.calendar import load_calendar
from config.errors import SettingsError
from config.legal_clocks import FILE, SHIPPED, LegalClocks, LegalLine, ReportSettings, load_legal_clocks
from config.load import load
from config.taxonomy import load_taxonomy
from statements.law.legal_clocks import due

LINE = """
[[line]]
id = "{id}"
category = ["food_safety"]
rule = "食品安全法"
zh = "及时报告"
en = "Report promptly"
limit = "{limit}"
to = "监管部门"
source = "文本"
"""


def shipped() -> LegalClocks:
    return load_legal_clocks(SHIPPED.parent)


def test_every_shipped_line_says_that_nobody_checked_it_and_knows_its_categories():
    found = shipped()
    assert [one.id for one in found.line if one.verified] == []
    assert found.unknown_categories([one.id for one in load_taxonomy().categories]) == []


@pytest.mark.parametrize("category", [one.id for one in load_taxonomy().categories if one.clocks])
def test_every_category_the_taxonomy_gives_a_clock_has_lines(category):
    assert shipped().of(category)


def test_a_category_without_a_clock_has_none():
    assert shipped().of("boycott") == ()


@pytest.mark.parametrize("model", [LegalClocks, LegalLine, ReportSettings])
def test_every_setting_is_described_and_stands_in_the_file(model):
    written = set(re.findall(r"^[ \t#]*(?:\[\[?)?([a-z_0-9]+)\]?\]?[ \t]*(?:=|$|#)", SHIPPED.read_text("utf-8"), re.M))
    for name, field in model.model_fields.items():
        assert field.description, name
        assert name in written, name


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ('limit = "24"', 'line.one.limit: "at once", a length of time'),
        ('limit = "0h"', "line.one.limit"),
        ('limit = "1 week"', "line.one.limit"),
        ('starts_from = "heard"', "line.one.starts_from"),
        ('verified_by = "周法务"', "verified_by and verified_on stand together"),
        ('hurry = "yes"', "line.one.hurry: no such key"),
        ('id = "One"', "line.One.id"),
    ],
)
def test_a_wrong_line_is_named_with_what_is_allowed(tmp_path, change, said):
    key = change.split(" = ")[0]
    text = LINE.format(id="one", limit="1h")
    text = re.sub(rf"(?m)^{key} = .*$", change, text) if re.search(rf"(?m)^{key} = ", text) else text + change
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=re.escape(said)):
        load_legal_clocks(tmp_path)


def test_the_same_name_twice_and_broken_toml_are_faults(tmp_path):
    (tmp_path / FILE).write_text(LINE.format(id="one", limit="1h") * 2, encoding="utf-8")
    with pytest.raises(SettingsError, match="used twice: one"):
        load_legal_clocks(tmp_path)
    (tmp_path / FILE).write_text("[[line", encoding="utf-8")
    with pytest.raises(SettingsError, match="is not TOML"):
        load_legal_clocks(tmp_path)


def test_a_folder_without_the_file_has_the_shipped_one(tmp_path):
    assert load_legal_clocks(tmp_path) == shipped()
    assert load(SHIPPED.parent, {}, tmp_path).legal_clocks == shipped()


@pytest.mark.parametrize(
    ("limit", "began", "expected"),
    [
        ("at once", "2026-03-12T06:17", "2026-03-12T06:17"),
        ("4h", "2026-03-12T06:17", "2026-03-12T10:17"),
        # Thursday; Friday and Monday are worked, and Monday ends at midnight in Beijing.
        ("2 working days", "2026-03-12T06:17", "2026-03-16T16:00"),
        # Friday 23:30 in Beijing is still Friday.
        ("1 working day", "2026-03-13T15:30", "2026-03-16T16:00"),
    ],
)
def test_when_a_duty_is_due(limit, began, expected):
    line = shipped().line[0].model_copy(update={"limit": limit})
    at = datetime.fromisoformat(began).replace(tzinfo=UTC)
    assert due(line, at, load_calendar(CALENDAR.parent)) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001  bounds are bare
    st.integers(1, 20),
)
def test_more_working_days_are_never_due_sooner(at, days):
    calendar = load_calendar(CALENDAR.parent)
    lines = [shipped().line[0].model_copy(update={"limit": f"{n} working days"}) for n in (days, days + 1)]
    first, second = (due(line, at, calendar) for line in lines)
    assert first - at >= timedelta(days=days)
    assert second > first
