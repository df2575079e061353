"""How much a query would bring in: counted by the brand's own days, honest about what was not read."""

from datetime import UTC, date, datetime, timedelta

import pytest

from config.errors import InputError
from config.watch import ImportSource
from monitor.intake import Intake
from monitor.matching import Query
from monitor.query.estimate import SAMPLES, estimate
from store.nouns import RawMention

# 14:00 in Shanghai.
NOW = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)


@pytest.fixture
def keep(store, clock, ids):
    """keep(source, (text, hours ago) …): what a source brought, heard when it was written."""
    intake = Intake(ids, "k" * 32)

    def kept(source: str, *posts: tuple[str, float]) -> None:
        for number, (text, ago) in enumerate(posts):
            at = NOW - timedelta(hours=ago)
            raw = RawMention(ext_id=f"{source}-{number}", text=text, published_at=at)
            with store.transaction() as tx:
                intake.keep(tx, ImportSource(id=source, platform=source), [raw], at)

    return kept


def ask(store, query: Query, days: int, **more):
    with store.reading() as tx:
        return estimate(tx, query, days, now=NOW, **more)


def test_hits_are_counted_by_the_days_people_live(store, keep):
    # The day began 14 hours ago in Shanghai, 6 hours ago in UTC.
    keep("weibo", ("云朵一", 1), ("云朵二", 13.9), ("云朵三", 14.1), ("云朵招聘", 15), ("茶", 16), ("云朵四 抽奖", 63))
    keep("douyin", ("云朵五", 2), ("云朵六", 999))
    found = ask(store, Query(any=("云朵",), none=("招聘",), mute=("抽奖",)), 4)
    assert found.days == (
        (date(2026, 3, 9), 1),
        (date(2026, 3, 10), 0),
        (date(2026, 3, 11), 1),
        (date(2026, 3, 12), 3),
    )
    assert (found.total, found.muted, found.usual, found.looked) == (5, 1, 1.0, 7)
    assert found.complete_since == date(2026, 3, 9)
    assert [one.mention.text for one in found.hits] == ["云朵五", "云朵一", "云朵二", "云朵三", "云朵四 抽奖"]
    assert [(one.mention.text, one.why) for one in found.misses] == [("云朵招聘", "出现排除词“招聘”，不算。")]


def test_samples_are_few(store, keep):
    keep("weibo", *((f"云朵{n}", 1) for n in range(9)), *((f"云朵招聘{n}", 1) for n in range(9)))
    found = ask(store, Query(query="云朵 -招聘"), 1)
    assert (found.total, len(found.hits), len(found.misses)) == (9, SAMPLES, SAMPLES)


def test_what_was_not_read_is_said(store, keep):
    keep("weibo", *((f"云朵{n}", n * 10) for n in range(10)))
    keep("douyin", ("云朵", 1))
    found = ask(store, Query(any=("云朵",)), 7, most=6)
    # Each source has its share, and what one leaves the next may take: 1 of douyin, 5 of weibo, back to 40 hours ago.
    assert (found.looked, found.total) == (6, 6)
    assert found.complete_since == date(2026, 3, 11)
    assert found.usual == 2.0


def test_an_empty_store_and_a_bad_query(store):
    found = ask(store, Query(any=("云朵",)), 3)
    assert (found.total, found.looked, found.usual, found.hits) == (0, 0, 0.0, ())
    with pytest.raises(InputError):
        ask(store, Query(query="(云朵"), 3)
