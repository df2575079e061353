"""A saved version counts from the next look on; going back decides exactly as before; a page says what decided."""

from datetime import timedelta

import pytest

from config.watch import Thresholds
from monitor import tuning
from store import journal, migrations, versions
from store.database import Store
from store.nouns import Version
from tests.worlds.company import told as said
from tests.worlds.watched import Post, Watched, told

QUIET = Thresholds(cluster_authors=9)
TROUBLE = {"category": "service", "term": "甩脸"}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.realserver)])
def houses(request, tmp_path):
    """Opens stores of one kind: `houses()` is a brand that is watched, in a store of its own."""
    opened = []

    def open_() -> Watched:
        if request.param == "postgres":
            url = request.getfixturevalue("servers").new_database()
        else:
            url = f"sqlite:///{tmp_path}/house{len(opened)}.db"
        store = Store(url)
        migrations.migrate(store)
        opened.append(store)
        return Watched(store)

    yield open_
    for store in opened:
        store.close()


def save(house, number, body, who="ops"):
    """The version of that number, saved by a person; None when somebody was first."""
    with house.store.transaction() as tx:
        draft = Version(tuning.KIND, "", number, house.clock(), who, "试试", body, {}, "")
        return versions.save(tx, draft)


def three(step):
    """Three people with the same trouble, and an ordinary post."""
    return [Post(f"怒{step}-{n}", n + 1, **TROUBLE) for n in range(3)] + [Post("路人")]


def day(house, first):
    """What is told of a day on which the same happens four times, a week after the day before it."""
    for step in (first, first + 40, first + 80, first + 120):
        house.hear(step, *three(step - first))
    since = house.at(first) - timedelta(minutes=1)
    return [(one.kind, one.category, one.page, one.level, one.why) for one in house.spikes(since)]


def test_a_saved_version_decides_otherwise_and_going_back_restores_every_decision(houses):
    house, other = houses(), houses()
    week = 7 * 288
    before = day(house, 0)
    assert before
    assert before == day(other, 0)
    assert save(house, 1, tuning.body_of(QUIET))
    assert day(house, week) == []
    assert save(house, 2, tuning.body_of(house.file))
    after = day(house, 2 * week)
    # The other house never changed anything, and heard of the same.
    for step in (week, week + 40, week + 80, week + 120):
        other.hear(step, *three(step - week))
    assert after == day(other, 2 * week)
    assert after
    names = {one.thresholds for one in house.spikes()}
    assert names == {tuning.name_of(house.file)}


def test_a_brand_rests_as_long_as_the_version_says(houses):
    house = houses()
    save(house, 1, tuning.body_of(Thresholds(cooldown=timedelta(hours=1))))
    assert len(day(house, 0)) == 4
    assert {one.thresholds for one in house.spikes()} == {tuning.name_of(Thresholds(cooldown=timedelta(hours=1)))}


@pytest.mark.parametrize("body", [{"rarity": "sehr"}, {"voices": 0}, {"no_such": 1}, {"cooldown": []}])
def test_a_version_that_cannot_be_used_leaves_the_file_in_force_and_tells_once(houses, body):
    house = houses()
    save(house, 1, body)
    assert day(house, 0) == day(houses(), 0)
    with house.store.reading() as tx:
        entries = journal.entries(tx, tuning.SUBJECT)
        counted = tuning.in_force(tx, house.file)
    assert [(one.who, one.what) for one in entries] == [("system", tuning.UNREADABLE)]
    assert entries[0].why == counted.fault
    assert counted.fault.startswith("version 1: ")
    assert (counted.thresholds, counted.number) == (house.file, 0)


def test_of_two_who_save_at_once_only_the_first_counts(houses):
    house = houses()
    assert save(house, 1, tuning.body_of(QUIET), "ops").number == 1
    assert save(house, 1, tuning.body_of(Thresholds(cluster_authors=2)), "wang") is None
    with house.store.reading() as tx:
        assert tuning.in_force(tx, house.file).thresholds == QUIET


def test_a_threshold_that_a_version_does_not_know_is_the_files(houses):
    house = houses()
    save(house, 1, {"rarity": 3.5})
    with house.store.reading() as tx:
        assert tuning.in_force(tx, Thresholds(voices=9)).thresholds == Thresholds(voices=9, rarity=3.5)


def test_the_past_is_replayed_as_it_was_whatever_version_counts_now(houses):
    house = houses()
    day(house, 0)
    save(house, 1, tuning.body_of(QUIET))
    for step in range(300, 340, 4):
        house.hear(step, *three(step), Post("热榜", rank=3), Post("投诉", klass="complaint", negative=True))
    then = house.at(200)
    (file,), (quiet,) = [house.replayed(one) for one in (house.file, QUIET)]
    assert file
    assert [one for one in file if one.at < then] == [one for one in told(house.spikes()) if one.at < then]
    assert list(house.replayed(QUIET, since=then)[0]) == told(house.spikes(then))
    assert [one for one in quiet if one.page and one.at < then] == []


def test_the_page_and_the_journal_say_by_which_thresholds_it_was_decided(company):
    house = company([said(5 + n, f"喝了星禾奶茶上吐下泻，现在在医院{'！' * n}", author=f"路人{n}") for n in range(4)])
    house.forward(30)
    name = tuning.name_of(house.stage.house.settings.watch.thresholds)
    calls = [page for page in house.pages() if page.reason == "call"]
    assert calls
    assert {page.body.splitlines()[-1] for page in calls} <= {f"阈值 {name}", f"Thresholds {name}"}
    with house.store.reading() as tx:
        opened = journal.entries(tx, f"incident:{house.incident().id}")[0]
    assert (opened.what, opened.detail["thresholds"]) == ("incident_opened", name)
