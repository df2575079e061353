"""A replay under the thresholds that counted decides exactly as the WATCH job did, step by step."""

import shutil
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.watch import Thresholds
from store.database import Store
from tests.worlds.watched import BEGIN, DAY, MINUTE, STEPS_A_DAY, Post, Watched, told

LOW = Thresholds(rarity=1.5, voices=3, authors=2, negative=0.2)


def calm(step: int) -> list[Post]:
    """A post every quarter of an hour of the day, a few at noon, nearly none at night; every seventh grumbles."""
    hour = step % STEPS_A_DAY // 12
    quiet = step % 12 if hour < 7 else step % 3
    number = 0 if quiet else 2 + (10 <= hour <= 14) + (step * 7919 % 101 > 80)
    return [Post(f"路人{(step * 31 + n) % 997}", 1 + n, negative=(step + n) % 7 == 0) for n in range(number)]


def live(house: Watched, days: int, also=None) -> None:
    """Ordinary days from the beginning, with what happens at some steps."""
    for step in range(days * STEPS_A_DAY):
        posts = [*calm(step), *((also or {}).get(step, []))]
        if posts:
            # Not all within the same second of their five minutes.
            house.hear(step + (step * 13 % 50) / 60, *posts)


@pytest.fixture
def house(store):
    return Watched(store)


def surge(step, count, **more):
    return {
        step + n // 8: [Post(f"怒{k}", 2, negative=True, **more) for k in range(n, n + 8)] for n in range(0, count, 8)
    }


HURT = {"category": "food_safety", "term": "喝出铁丝", "harm": 3}


def test_an_ordinary_week_with_a_crisis_a_surge_and_a_hot_list_is_told_the_same(house):
    at = 6 * STEPS_A_DAY
    also = {
        at + 100: [Post("甲", 4, **HURT)],
        at + 103: [Post("乙", 200, **HURT), Post("丙", 1, **HURT, platform="douyin")],
        at + 130: [Post("记者", 3, **HURT, platform="news")],
        at - 300: [Post("热榜", 3, rank=4, platform="douyin")],
        **surge(at + 220, 64),
        **{at + n * 10: [Post(f"投诉{n}", 5, klass="complaint", negative=True)] for n in range(3, 25)},
    }
    live(house, 7, also)
    spikes = house.spikes()
    (same,) = house.replayed(house.file)
    assert list(same) == told(spikes)
    assert {one.kind for one in spikes} >= {"severe", "hot"}
    assert any(one.page for one in spikes)


def test_a_replay_that_begins_in_the_middle_goes_on_as_the_job_did(house):
    at = 5 * STEPS_A_DAY
    live(house, 7, {at - 40: [Post("甲", 4, **HURT)], at + 60: [Post(f"丁{n}", 3, **HURT) for n in range(9)]})
    since = house.at(at)
    (same,) = house.replayed(house.file, since=since)
    assert list(same) == told(house.spikes(since))
    assert same


def test_a_campaign_and_a_gap_of_two_days_are_replayed_as_they_were(house):
    house.campaign(4 * STEPS_A_DAY, 5 * STEPS_A_DAY, 3.0)
    live(house, 4)
    for step, posts in surge(4 * STEPS_A_DAY + 130, 96).items():
        house.hear(step, *posts)
    for step, posts in surge(7 * STEPS_A_DAY, 96, category="service", term="甩脸").items():
        house.hear(step, *posts)
    (same,) = house.replayed(house.file)
    assert list(same) == told(house.spikes())
    assert same


def test_each_of_several_thresholds_in_one_pass_decides_as_if_it_were_alone(house):
    live(house, 6, {**surge(5 * STEPS_A_DAY + 150, 80), 5 * STEPS_A_DAY + 10: [Post("甲", 4, **HURT)]})
    options = [house.file, LOW, LOW.model_copy(update={"rarity": 3.5}), Thresholds(look_back=timedelta(hours=2))]
    together = house.replayed(*options)
    assert together == [house.replayed(one)[0] for one in options]
    assert together[0] != together[1]


def test_other_thresholds_are_replayed_as_the_job_would_have_lived_them(store, tmp_path, empty_store):
    """The job itself lives the same days under the other thresholds in a store of its own."""
    shutil.copy(empty_store, tmp_path / "other.db")
    other = Watched(Store(f"sqlite:///{tmp_path}/other.db"), LOW)
    house = Watched(store)
    also = {**surge(5 * STEPS_A_DAY + 150, 48), 5 * STEPS_A_DAY + 10: [Post("甲", 4, **HURT)]}
    live(house, 6, also)
    live(other, 6, also)
    (would,) = house.replayed(LOW)
    assert list(would) == told(other.spikes())
    assert list(would) != told(house.spikes())
    other.store.close()


def test_what_was_imported_counts_as_heard_when_it_was_published(house):
    live(house, 1)
    house.hear(20 * STEPS_A_DAY, *[Post(f"旧{n}", 18 * 24 * 60 - n, **HURT) for n in range(6)])
    assert [one for one in house.spikes() if one.category] == []
    (would,) = house.replayed(house.file)
    assert [(one.category, one.page, one.at) for one in would if one.category][:1] == [
        ("food_safety", True, BEGIN + 2 * DAY + 4 * MINUTE)
    ]


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_said_the_replay_is_the_job(data, tmp_path_factory, empty_store):
    path = tmp_path_factory.mktemp("any") / "any.db"
    shutil.copy(empty_store, path)
    house = Watched(Store(f"sqlite:///{path}"), LOW)
    step = 0.0
    for _ in range(data.draw(st.integers(5, 25))):
        step += data.draw(st.sampled_from([1.0, 1.3, 2.0, 5.0, 40.0, 300.0]))
        posts = data.draw(
            st.lists(
                st.builds(
                    Post,
                    author=st.sampled_from([f"人{n}" for n in range(12)]),
                    ago=st.sampled_from([0.5, 3.0, 20.0, 90.0, 600.0]),
                    category=st.sampled_from(["", "", "food_safety", "service"]),
                    term=st.sampled_from(["喝出铁丝", "甩脸"]),
                    harm=st.sampled_from([0, 0, 3, 4]),
                    negative=st.booleans(),
                    followers=st.sampled_from([10, 150_000, 3_000_000]),
                    rank=st.sampled_from([None, None, 3, 40]),
                    klass=st.sampled_from(["post", "complaint"]),
                    hard=st.booleans(),
                ),
                min_size=1,
                max_size=12,
            )
        )
        house.hear(step, *posts)
    (same,) = house.replayed(LOW)
    assert list(same) == told(house.spikes())
    house.store.close()
