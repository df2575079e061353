"""What a change of thresholds gains and loses, and the rarity that keeps a budget."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config.errors import InputError
from config.watch import Thresholds
from monitor import tuning
from monitor.comparing import GRID, choose, compare, grid
from monitor.options import Would
from store.nouns import Level, Version

NOON = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PAGE = Would(NOON, "volume", "service", True, Level.YELLOW, 30, 4.0, "…", NOON, ("a", "b"))


def at(hours, **more):
    return replace(PAGE, at=NOON + hours * HOUR, **more)


def test_the_same_topic_within_six_hours_is_the_same_page_come_earlier_or_later():
    before, after = [PAGE, at(30)], [at(2), at(20, mention_ids=("z",)), at(31)]
    found = compare(before, after)
    assert [(one.before, one.after) for one in found.kept] == [(PAGE, after[0]), (before[1], after[2])]
    assert (found.gained, found.lost) == ((after[1],), ())
    assert len(found.shifted) == 2
    assert compare(before, before).shifted == ()


def test_another_topic_is_another_page_unless_it_shares_a_post():
    other = at(1, category="quality", mention_ids=("x",))
    assert compare([PAGE], [other]).gained == (other,)
    assert compare([PAGE], [other]).lost == (PAGE,)
    assert compare([PAGE], [replace(other, mention_ids=("b", "x"))]).gained == ()


def test_notices_blue_ones_and_what_joins_an_incident_are_no_pages():
    quiet = [replace(PAGE, page=False), replace(PAGE, level=Level.BLUE), replace(PAGE, joins=True)]
    assert compare([], quiet) == compare([], [])


def test_the_lowest_rarity_that_keeps_the_budget_is_chosen():
    calls = [40, 30, 20, 12, 8, 6, 4, 2, 1]
    found = choose(calls, 4.0, 2.0)
    assert (found.rarity, found.reached, found.of(found.rarity), found.below) == (3.1, True, 2.0, (2.8, 3.0))
    assert choose(calls, 4.0, 50).below is None
    none = choose(calls, 4.0, 0.1)
    assert (none.rarity, none.reached) == (GRID[-1], False)
    assert [one.rarity for one in grid(Thresholds(voices=9))] == list(GRID)
    assert {one.voices for one in grid(Thresholds(voices=9))} == {9}


def test_presets_are_lawful_thresholds_over_the_file_and_know_themselves():
    file = Thresholds(voices=7, cooldown=timedelta(hours=5))
    for name in tuning.PRESETS:
        made = tuning.preset(name, file)
        assert Thresholds.model_validate(tuning.body_of(made)) == made
        assert tuning.preset_of(made, file) == name
        assert made.cooldown == timedelta(hours=5)
    assert tuning.preset("balanced", file) == file
    assert tuning.preset_of(Thresholds(rarity=4.4), file) == ""
    with pytest.raises(InputError, match="allowed: cautious, balanced, quiet"):
        tuning.preset("loud", file)


def test_the_short_name_is_of_the_values_alone():
    assert tuning.name_of(Thresholds()) == tuning.name_of(Thresholds(rarity=2.8))
    assert tuning.name_of(Thresholds()) != tuning.name_of(Thresholds(rarity=2.9))
    saved = Version(tuning.KIND, "", 3, NOON, "ops", "", tuning.body_of(Thresholds(rarity=2.9)), {}, "")
    assert tuning.read(saved, Thresholds()).name == tuning.name_of(Thresholds(rarity=2.9))


@pytest.mark.parametrize("body", [{"rarity": 99}, {"rarity": None}, {"unknown": 1}])
def test_a_body_that_cannot_be_used_is_the_file_and_says_why(body):
    found = tuning.read(Version(tuning.KIND, "", 3, NOON, "ops", "", body, {}, ""), Thresholds(voices=8))
    assert (found.thresholds, found.number) == (Thresholds(voices=8), 0)
    assert found.fault.startswith(f"version 3: {next(iter(body))}: ")
