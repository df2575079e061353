"""Copies find one another in the store: over batches, restarts, days and workers, each brand for itself."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import delete, func, select, update

from store import clusters
from store.database import Store
from store.tables import cluster_keys, cluster_texts, mentions, scores

NOW = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
POST = "星禾茶饮新街口店的奶茶喝出一截金属丝，孩子嗓子划破了，现在在医院检查，店员说正常，有视频有小票"
FORWARD = "太可怕了//@小周:" + POST
OTHER = "星禾茶饮成都春熙路店的蛋糕里有头发，店员态度很差，要求退款也不理，大家避雷"


def rows(room, table) -> int:
    with room.store.reading() as tx:
        return tx.execute(select(func.count()).select_from(table)).scalar_one()


def test_two_hundred_reposts_in_four_batches_are_one_cluster_and_remembered_once(room):
    found = {}
    for batch in range(4):
        posts = [(f"p{50 * batch + n}", f"{'转发：' * (n % 2)}{POST}") for n in range(50)]
        found |= room.place(posts, NOW + batch * timedelta(minutes=1))
    assert len(found) == 200
    assert set(found.values()) == {"p0"}
    assert rows(room, cluster_texts) == 1


def test_copies_within_one_batch_and_strangers_beside_them(room):
    found = room.place(
        [("a", POST), ("b", OTHER), ("c", FORWARD), ("d", ""), ("e", ""), ("f", "😡"), ("g", OTHER)], NOW
    )
    assert found == {
        ("a", "xinghe"): "a",
        ("b", "xinghe"): "b",
        ("c", "xinghe"): "a",
        ("d", "xinghe"): "d",
        ("e", "xinghe"): "e",
        ("f", "xinghe"): "f",
        ("g", "xinghe"): "b",
    }


def test_of_copies_heard_at_once_the_first_published_is_the_first(room):
    late, early = room.heard([("late", POST)], NOW), room.heard([("early", FORWARD)], NOW - HOUR)
    with room.store.transaction() as tx:
        found = room.placed(tx, [*late, *early], NOW)
        assert list(room.named(found, tx).items()) == [(("late", "xinghe"), "early"), (("early", "xinghe"), "early")]


def test_a_restart_forgets_nothing(room):
    room.place([("a", POST)], NOW)
    reopened = Store(room.store.url.render_as_string(hide_password=False))
    room.store.close()
    room.store = reopened
    assert room.place([("b", FORWARD)], NOW + HOUR) == {("b", "xinghe"): "a"}
    if not reopened.is_sqlite:
        reopened.close()


def test_each_brand_has_clusters_of_its_own(room):
    room.place([("a", POST)], NOW, ["xinghe"])
    assert room.place([("b", POST)], NOW, ["xinghe", "qinglan"]) == {("b", "xinghe"): "a", ("b", "qinglan"): "b"}
    assert room.place([("c", POST)], NOW, ["qinglan"]) == {("c", "qinglan"): "b"}


def test_a_text_lives_as_long_as_it_is_copied_and_no_longer(room):
    assert room.place([("a", POST)], NOW) == {("a", "xinghe"): "a"}
    for day in range(1, 6):
        assert room.place([(f"d{day}", POST)], NOW + day * DAY) == {(f"d{day}", "xinghe"): "a"}
    assert room.place([("late", POST)], NOW + 9 * DAY) == {("late", "xinghe"): "late"}


def test_old_days_are_dropped_in_passing(room):
    room.place([("a", POST)], NOW)
    before = rows(room, cluster_keys)
    assert before > 16
    room.place([("b", OTHER)], NOW + 2 * DAY)
    assert rows(room, cluster_texts) == 2
    room.place([("c", "")], NOW + 3 * DAY)
    assert rows(room, cluster_texts) == 1
    room.place([("d", "")], NOW + 6 * DAY)
    assert (rows(room, cluster_texts), rows(room, cluster_keys)) == (0, 0)


def test_dropping_goes_piece_by_piece(room):
    room.place([("a", POST), ("b", OTHER)], NOW)
    before = rows(room, cluster_keys)
    with room.store.transaction() as tx:
        clusters.forget(tx, NOW + 5 * DAY, piece=10)
    assert rows(room, cluster_keys) == before - 10


def test_an_import_of_last_year_and_today_do_not_disturb_one_another(room):
    old = NOW - 300 * DAY
    judged = room.heard([("old", POST)], old)
    with room.store.transaction() as tx:
        room.placed(tx, judged, NOW)
    assert room.place([("new", POST)], NOW) == {("new", "xinghe"): "new"}
    assert room.place([("newer", POST)], NOW + HOUR) == {("newer", "xinghe"): "new"}


@pytest.mark.parametrize("gone", ["erased", "removed", "edited"])
def test_who_copies_what_is_gone_begins_anew(room, gone):
    room.place([("a", POST)], NOW)
    with room.store.transaction() as tx:
        if gone == "removed":
            tx.execute(delete(scores))
            tx.execute(delete(mentions))
        else:
            at = NOW if gone == "erased" else None
            tx.execute(update(mentions).values(erased_at=at, text=POST if gone == "erased" else OTHER))
    assert room.place([("b", POST)], NOW + HOUR) == {("b", "xinghe"): "b"}
    assert room.place([("c", POST)], NOW + HOUR) == {("c", "xinghe"): "b"}


def test_a_batch_that_is_judged_again_changes_nothing(room):
    judged = room.heard([("a", POST), ("b", FORWARD), ("c", OTHER)], NOW)
    with room.store.transaction() as tx:
        once = room.placed(tx, judged, NOW)
    before = rows(room, cluster_keys), rows(room, cluster_texts)
    with room.store.transaction() as tx:
        assert room.placed(tx, judged, NOW + HOUR) == once
    assert (rows(room, cluster_keys), rows(room, cluster_texts)) == before


def test_what_was_not_committed_is_not_remembered(room):
    judged = room.heard([("a", POST)], NOW)
    with pytest.raises(ZeroDivisionError), room.store.transaction() as tx:
        room.placed(tx, judged, NOW)
        raise ZeroDivisionError
    assert rows(room, cluster_keys) == 0
    assert room.place([("b", POST)], NOW) == {("b", "xinghe"): "b"}


def test_two_workers_at_once_do_not_split_a_cluster(room):
    """The second waits until the first has written what it found."""
    one, other = room.heard([("a", POST)], NOW), room.heard([("b", FORWARD)], NOW)
    inside, finish = Event(), Event()

    def first() -> dict[tuple[str, str], str]:
        with room.store.transaction() as tx:
            found = room.placed(tx, one, NOW)
            inside.set()
            assert finish.wait(10)
            return room.named(found, tx)

    def second() -> dict[tuple[str, str], str]:
        assert inside.wait(10)
        finish.set()
        with room.store.transaction() as tx:
            return room.named(room.placed(tx, other, NOW), tx)

    with ThreadPoolExecutor(2) as pool:
        found = [pool.submit(first), pool.submit(second)]
        assert [one.result(20) for one in found] == [{("a", "xinghe"): "a"}, {("b", "xinghe"): "a"}]


def test_strangers_stay_strangers(room):
    posts = [
        (f"p{n}", f"第{n}号客人{chr(0x4E00 + 37 * n % 20000)}{chr(0x4E00 + 91 * n % 20000)}写了" * 3) for n in range(20)
    ]
    assert {first for first in room.place(posts, NOW).values()} == {name for name, _ in posts}
