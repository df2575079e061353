"""`replay` as ops and scripts use it: what would have paged, gained and lost, and clear words for what cannot be."""

import json

import pytest

from config.watch import Thresholds
from monitor import tuning
from store import versions
from store.database import Store
from store.nouns import Version
from tests.desk.test_commands import Place
from tests.worlds.watched import DAY, MINUTE, Post, Watched

TWO = ("--set", "cluster_authors=2")
TROUBLE = {"category": "food_safety", "term": "拉肚子", "followers": 300_000}


@pytest.fixture
def place(tmp_path, monkeypatch, capsys):
    """Two days of the brand in the place's own store; on the second, two people tell of the same trouble."""
    made = Place(tmp_path, monkeypatch, capsys)
    made.inside("migrate")
    house = Watched(Store(f"sqlite:///{made.database}"))
    for step in range(0, 500, 4):
        trouble = [Post(f"怒{n}", n + 1, platform=("weibo", "news")[n], **TROUBLE) for n in range(2)]
        house.hear(step, Post(f"路人{step}"), *(trouble if step == 400 else ()))
    made.house = house
    yield made
    house.store.close()


def rows(ran):
    return [json.loads(line) for line in ran.said]


def test_without_a_change_it_says_what_was_told_and_ends_with_0(place):
    ran = place.inside("replay", "--days", "30", "--json")
    (row,) = rows(ran)
    assert ran.code == 0
    assert (row["brand"], row["mentions"], row["steps"]) == ("xinghe", 127, 125)
    assert (row["thresholds"], row["set"]) == ([tuning.name_of(Thresholds())], {})
    assert (row["pages"], row["gained"], row["lost"], row["told"]) == ([0], [], [], [])
    assert "replay: xinghe 2026-03-0" in "".join(ran.complained)


def test_a_change_shows_what_it_gains_with_why_and_ends_with_1(place):
    ran = place.inside("replay", "--days", "3", *TWO, "--json")
    (row,) = rows(ran)
    assert ran.code == 1
    assert (row["set"], row["pages"], row["lost"]) == ({"cluster_authors": 2}, [0, 1], [])
    (gained,) = row["gained"]
    assert (gained["kind"], gained["category"], gained["page"]) == ("cluster", "food_safety", True)
    assert gained["at"] == place.house.at(400).isoformat()
    assert "2 位作者说的是同一类风险（拉肚子）" in gained["why"]
    assert len(gained["mentions"]) == 2
    said = "\n".join(place.inside("replay", *TWO).said)
    assert "gained 1, lost 0, at another moment 0" in said
    assert "cluster_authors 3 -> 2" in said


def test_the_saved_version_is_what_counts_and_a_preset_stands_in_its_place(place):
    with place.house.store.transaction() as tx:
        body = tuning.body_of(Thresholds(cluster_authors=2))
        versions.save(tx, Version(tuning.KIND, "", 1, place.house.clock(), "ops", "试试", body, {}, ""))
    (row,) = rows(place.inside("replay", "--json"))
    assert row["pages"] == [1]
    ran = place.inside("replay", "--preset", "balanced", "--json")
    (row,) = rows(ran)
    assert (ran.code, row["pages"], len(row["lost"])) == (1, [1, 0], 1)


def test_a_budget_says_which_rarity_it_chose(place):
    ran = place.inside("replay", "--pages-per-week", "5")
    assert "rarity 2: 0 pages per brand and week, asked 5" in "\n".join(ran.complained)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--set", "rarity=9"), "rarity: allowed: 1 to 6 (found '9')"),
        (("--set", "rarity"), "is not KEY=VALUE"),
        (("--set", "noise=1"), "There is no threshold 'noise'; allowed: rarity, voices"),
        (("--set", "cooldown=bald"), 'cooldown: allowed: a length of time such as "60m" or "24h"'),
        (("--preset", "loud"), "allowed: cautious, balanced, quiet"),
        (("--brand", "nobody"), "there is no brand 'nobody'; allowed: xinghe"),
        (("--days", "0"), "allowed: more than 0, at most 366"),
        (("--days", "nan"), "allowed: more than 0, at most 366"),
        (("--pages-per-week", "-1"), "allowed: 0 or more"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(place, words, said):
    ran = place.inside("replay", *words)
    assert ran.code == 2
    assert said in "\n".join(ran.complained)
    assert ran.said == []


def test_a_store_that_has_been_silent_is_replayed_from_a_day_after_its_last_mention(place):
    (row,) = rows(place.inside("replay", "--days", "2", "--json"))
    assert row["until"] == (place.house.at(496) - MINUTE + DAY).isoformat()
    assert row["mentions"] < 127
