"""Scenarios: every shipped one is whole and invented; a broken one says all its faults at once."""

import pytest

from config.drill_files import FOLDER, find_scenario, load_scenario, scenario_names
from config.drills import DrillSettings, opted_faults
from config.errors import SettingsError
from config.load import SHIPPED, load

HARD = {"night_holiday", "spokesperson_unreachable", "second_crisis", "leaked_draft", "wrong_statement"}


@pytest.mark.parametrize("name", scenario_names())
def test_a_shipped_scenario_is_whole(name):
    scenario = find_scenario(name)
    assert scenario.id == name
    assert scenario.meta.zh and scenario.meta.en and scenario.meta.about_zh and scenario.meta.about_en
    assert scenario.meta.weak_points
    assert any(one.expects for one in scenario.inject)
    assert {one.when for one in scenario.inject} >= {"always", "not_released"}
    assert scenario.meta.hard == (name in HARD)


def test_there_are_ordinary_and_difficult_ones():
    assert len(scenario_names()) >= 10
    assert set(scenario_names()) >= HARD
    categories = {find_scenario(name).meta.category for name in scenario_names()}
    assert categories >= {"food_safety", "product_safety", "data_breach", "harassment", "exec_misconduct", "rumour"}


def broken(tmp_path, *changes):
    text = (FOLDER / "food_safety.toml").read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_all_faults_are_said_at_once_with_file_key_and_what_is_allowed(tmp_path):
    path = broken(
        tmp_path,
        ("minutes = 240", "minutes = 5"),
        ('id = "second-voice"\nat = 6', 'id = "second-voice"\nat = -6\nwhem = "always"'),
        ('channel = "call"', 'channel = "smoke"'),
    )
    with pytest.raises(SettingsError) as caught:
        load_scenario(path)
    faults = caught.value.faults
    assert len(faults) == 4
    assert any(one.startswith("mine.toml: meta.minutes: ") and "30" in one for one in faults)
    assert any(one.startswith("mine.toml: inject.second-voice.at: ") for one in faults)
    assert "mine.toml: inject.second-voice.whem: no such key" in faults
    assert any(one.startswith("mine.toml: inject.reporter-calls.channel: ") and "'hot_list'" in one for one in faults)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("打 138 1234 5678 找我", "a phone number"),
        ("身份证 11010119900307123X", "an identity number"),
        ("写信到 someone@realmail.com", "a mail address"),
        ("见 https://weibo.com/123", "an address of the real web"),
        ("见 www.realsite.cn/a", "an address of the real web"),
    ],
)
def test_personal_data_is_refused(tmp_path, words, said):
    path = broken(tmp_path, ("云杉茶坊到底怎么回事？", words))
    with pytest.raises(SettingsError, match=f"inject.what-about-other-stores.text: it holds {said}"):
        load_scenario(path)


def test_invented_addresses_are_fine(tmp_path):
    path = broken(tmp_path, ("云杉茶坊到底怎么回事？", "见 https://news.example/1 或写信 pr@tea.example"))
    assert load_scenario(path).inject


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('category = "food_safety"', 'category = "food"'), "meta.category: 'food' is unknown; allowed: food_safety"),
        (('id = "second-voice"', 'id = "first-video"'), "inject.id: first-video: used twice"),
        (("at = 20\n", "at = 1000\n"), "reporter-calls: at is after the end; allowed: up to 240"),
        (('id = "first-video"\nat = 0', 'id = "first-video"\nat = 3'), "one of them must happen always, at = 0"),
    ],
)
def test_what_does_not_fit_together_is_said(tmp_path, change, said):
    with pytest.raises(SettingsError) as caught:
        load_scenario(broken(tmp_path, change))
    assert said in caught.value.faults[0]


def test_a_name_nobody_knows_names_those_there_are():
    with pytest.raises(SettingsError, match=r"no scenario 'flood'; allowed: data_breach, .*, wrong_statement"):
        find_scenario("flood")


def test_only_endpoints_of_the_team_can_opt_in(tmp_path):
    team = load(SHIPPED, {}, tmp_path).team
    known = f"{team.person[0].id}:{team.person[0].endpoint[0].channel}"
    assert opted_faults(DrillSettings(opted_in=(known,)), team) == []
    (fault,) = opted_faults(DrillSettings(opted_in=("nobody:email",)), team)
    assert fault.startswith("service.toml: drill.opted_in: 'nobody:email' is no endpoint of the team; allowed: ")
    assert known in fault
