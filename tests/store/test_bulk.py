"""Rows written by the short way are the rows SQLAlchemy itself would have written, each thing once."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select

from store.bulk import as_one, insert_plainly, one_of
from store.database import Store, insert_for, insert_new, upsert_all
from store.tables import authors, scores, source_states

AT = datetime(2026, 4, 1, 8, tzinfo=timezone(timedelta(hours=8)))
ROW = {
    "mention": "m", "event_at": AT, "scored_at": AT, "p_negative": 0.25, "p_crisis": 0.5, "negative": True,
    "crisis": False, "categories": ("food", "药"), "aggravators": (), "spans": [{"term": "异物\"'"}], "why": "？%s :x",
}  # fmt: skip
ADD = insert_for("sqlite")(scores).on_conflict_do_nothing()


@pytest.fixture
def free(store: Store):
    """A transaction in which a score needs no mention."""
    with store.transaction() as tx:
        tx.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        yield tx
        tx.rollback()


def test_what_columns_make_of_values_and_their_defaults_are_heeded(free):
    free.execute(insert(scores), [{**ROW, "brand": "a"}])
    assert insert_plainly(free, ADD, [{**ROW, "brand": "b"}]) == 1
    one, other = (row._mapping for row in free.execute(select(scores).order_by(scores.c.brand)))
    assert {**one, "brand": ""} == {**other, "brand": ""}
    assert (other["event_at"], other["categories"], other["muted"]) == (AT.astimezone(UTC), ("food", "药"), False)


def test_rows_whose_key_exists_are_passed_over(free):
    assert insert_plainly(free, ADD, [{**ROW, "brand": "a"}, {**ROW, "brand": "b", "why": "first"}]) == 2
    again = [{**ROW, "brand": brand, "why": "later"} for brand in "bc"]
    assert insert_new(free, scores, again) == {("m", "c")}
    assert [row._mapping["why"] for row in free.execute(select(scores).order_by(scores.c.brand))][1:] == [
        "first",
        "later",
    ]


def test_what_is_to_be_overwritten_is_by_its_primary_key_and_the_rest_stays(free):
    insert_plainly(free, ADD, [{**ROW, "brand": "a", "harm": 3}])
    upsert_all(free, scores, [{**ROW, "brand": brand, "why": "later"} for brand in "ab"])
    found = free.execute(select(scores).order_by(scores.c.brand))
    assert [(row.brand, row.why, row.harm) for row in found] == [("a", "later", 3), ("b", "later", 0)]


def test_a_value_the_house_forbids_is_refused_here_too(free):
    with pytest.raises(ValueError, match="naive"):
        insert_plainly(free, ADD, [{**ROW, "brand": "a", "event_at": datetime(2026, 1, 1)}])  # noqa: DTZ001
    with pytest.raises(TypeError, match="cursor"):
        insert_plainly(free, insert(source_states), [{"source": "s", "health": "ok"}])
    assert free.execute(select(scores)).all() == []


def test_any_number_of_values_is_asked_for_as_one_and_each_means_itself(store):
    odd = ["", "'", '"', "a,b", "{x}", "药", "\\", "NULL", "%s", ":x"]
    dialect = "sqlite" if store.is_sqlite else "postgresql"
    query = select(authors.c.author_hash).where(one_of(dialect, authors.c.author_hash, "hashes"))
    with store.transaction() as tx:
        new = [{"author_hash": one, "platform": "weibo", "seen_at": AT} for one in [*odd, "other"]]
        tx.execute(insert(authors), new)
        for one in odd:
            found = tx.execute(query, {"hashes": as_one(dialect, [one, *(f"n{n}" for n in range(40_000))])}).all()
            assert found == [(one,)]
        assert {one for (one,) in tx.execute(query, {"hashes": as_one(dialect, set(odd))})} == set(odd)
        assert tx.execute(query, {"hashes": as_one(dialect, [])}).all() == []
