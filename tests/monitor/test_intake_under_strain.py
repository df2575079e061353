"""What would really hurt: two people made one, an erased text that returns, money forgotten, deafness unseen."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from msgspec import structs
from sqlalchemy import func, select

from config.clock import StepClock
from config.errors import InputError, SourceError
from config.mapping import Limits
from config.settings import Privacy
from config.watch import FeedSource, InboundSource
from monitor import floor, subject
from monitor.health import judge_health
from monitor.hearing import wait
from monitor.identity import url_key
from monitor.intake import Intake, Kept
from monitor.limiter import StoreLimiter
from monitor.retention import Retention
from store import meters, migrations, sources
from store.database import Store
from store.nouns import Health, Hold, Outcome, RawMention, Reading
from store.tables import authors, mentions, scores, snapshots

AT = datetime(2026, 3, 12, 5, 30, tzinfo=UTC)
KEY = "k" * 32
FEED = FeedSource(id="feed", platform="weibo", url="https://rsshub.example/weibo")
OTHER = FeedSource(id="other", platform="weibo", url="https://rsshub.example/other")
VENDOR = InboundSource(id="vendor", platform="weibo", secret_env="VENDOR_SECRET")
POST = RawMention(
    ext_id="w1", url="https://w.example/1", text="我在星禾茶饮喝出金属丝，嘴都划破了", author="柚子妈妈", handle="140",
    published_at=AT, raw_excerpt="原文全部在此",
)  # fmt: skip
LOS_ANGELES = Limits(per_day=300, units_per_request=100, zone="America/Los_Angeles")


@pytest.fixture
def keep(store, ids):
    intake = Intake(ids, KEY)

    def kept(*raws: RawMention, place=FEED, now=AT) -> Kept:
        with store.transaction() as tx:
            return intake.keep(tx, place, raws, now)

    return kept


def column(store, *columns) -> list[tuple]:
    with store.reading() as tx:
        return sorted(tuple(row) for row in tx.execute(select(*columns)))


def test_two_comments_pushed_under_one_address_are_two(keep, store):
    keep(structs.replace(POST, ext_id="c1", text="星禾茶饮很好喝，推荐大家去"), place=VENDOR)
    assert keep(structs.replace(POST, ext_id="c2", author="乙", handle="2"), place=VENDOR) == Kept(1, 0, 0)
    assert len(column(store, mentions.c.text)) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://b.example/post#comment-1", "https://b.example/post#comment-2"),
        ("https://bbs.example/read.php?1001", "https://bbs.example/read.php?1002"),
    ],
)
def test_numbered_parts_and_bare_queries_are_addresses_of_their_own(one, other):
    assert url_key(one, "post") != url_key(other, "post")


def test_a_slogan_of_many_unknown_people_is_many_mentions(keep, store):
    for n in range(3):
        at = AT + timedelta(minutes=n)
        url = f"https://w.example/s{n}"
        keep(structs.replace(POST, ext_id=f"s{n}", url=url, author="", handle="", published_at=at))
    assert len(column(store, mentions.c.id)) == 3


def test_what_was_erased_does_not_return_under_another_id_and_names_nobody(keep, store):
    mine = structs.replace(POST, ext_id="at://did:plc:abc/app.bsky.feed.post/1", parent_ext_id="at://did:plc:abc/x/0")
    keep(mine)
    with store.transaction() as tx:
        subject.erase(tx, subject.find(tx, "柚子妈妈", ("weibo",), KEY), "zhou", "书面请求", AT)
    assert keep(mine) == keep(structs.replace(mine, ext_id="g2")) == Kept(0, 1, 0)
    (row,) = column(store, mentions.c.ext_id, mentions.c.parent_ext_id, mentions.c.text)
    assert not any("did:plc:abc" in said or "金属丝" in said for said in row)


@pytest.mark.parametrize(
    "poison",
    [
        {"likes": 10**30}, {"rank": 2**63}, {"author": "张\ud800三"}, {"handle": "did:\ud800"}, {"ext_id": "a\ud800"},
        {"url": "https://a.example/\ud800"}, {"platform": "w\ud800"}, {"published_at": datetime(1, 1, 1, tzinfo=UTC)},
    ],
)  # fmt: skip
def test_one_poisoned_mention_does_not_silence_its_source(keep, store, poison):
    sound = structs.replace(POST, ext_id="w2", url="", text="另一条关于星禾茶饮的话")
    assert keep(structs.replace(POST, **poison), sound).new == 2
    assert len(column(store, mentions.c.id, mentions.c.event_at)) == 2


def test_a_text_no_store_takes_whole_is_no_edit_at_every_read(keep, store):
    odd = structs.replace(POST, text="星禾\0茶饮喝出\ud800金属丝")
    keep(odd)
    assert keep(odd) == Kept(0, 1, 0)


def test_a_text_that_changes_at_every_read_does_not_fill_the_store(keep, store):
    for n in range(60):
        keep(structs.replace(POST, text=f"星禾茶饮喝出金属丝 阅读 {n}"), now=AT + timedelta(seconds=10 * n))
    with store.reading() as tx:
        assert tx.execute(select(func.count()).select_from(snapshots)).scalar_one() == 10


def test_being_told_to_wait_does_not_forget_what_the_day_has_used(store, clock):
    limiter = StoreLimiter(store, clock)
    limiter.ask("yt", LOS_ANGELES, 2)
    limiter.stop("yt", clock() + timedelta(seconds=5), "429")
    clock.forward(clock() + timedelta(seconds=6))
    limiter.ask("yt", LOS_ANGELES)
    with pytest.raises(SourceError, match="300 of 300"):
        limiter.ask("yt", LOS_ANGELES)


def test_two_sources_with_other_zones_share_one_day(store, clock):
    limiter, shanghai = StoreLimiter(store, clock), LOS_ANGELES.model_copy(update={"zone": "Asia/Shanghai"})
    # The later of both midnights began the day; from then on nobody begins another.
    for limits in (LOS_ANGELES, shanghai, LOS_ANGELES, shanghai):
        limiter.ask("yt", limits)
    with pytest.raises(SourceError, match="300 of 300"):
        limiter.ask("yt", LOS_ANGELES)


def test_money_given_back_after_midnight_makes_no_day_richer(store):
    clock = StepClock(datetime(2026, 3, 12, 23, 59, 59, tzinfo=UTC))
    limiter, priced = StoreLimiter(store, clock), Limits(usd_per_request=0.5, usd_per_item=0.005)
    limiter.ask("x", priced)
    clock.forward(clock() + timedelta(seconds=2))
    limiter.items("x", priced, -100)
    with store.reading() as tx:
        assert meters.all_meters(tx)["x"].day_usd == 0


def test_a_quota_that_ends_next_month_is_tried_once_a_day(store, clock):
    limiter, month = StoreLimiter(store, clock), clock() + timedelta(days=20)
    limiter.stop("x", month, "usage-capped")
    clock.forward(clock() + timedelta(days=1, seconds=1))
    limiter.ask("x", Limits())
    state = judge_health(sources.fresh("x"), Reading(Outcome.QUOTA_EXHAUSTED, until=month), AT)
    assert wait(FEED, state, False, AT) == timedelta(days=1)


def test_what_is_heard_before_a_limit_is_no_blindness(clock):
    state, now = judge_health(sources.fresh("x"), Reading(Outcome.OK), AT), AT
    for _ in range(30):
        now += timedelta(minutes=1)
        state = judge_health(state, Reading(Outcome.RATE_LIMITED, (POST,), until=now + timedelta(seconds=1)), now)
    assert (state.health, state.last_success_at, wait(FEED, state, False, now)) == (
        Health.DEGRADED, now, FEED.hot_interval,
    )  # fmt: skip


def test_a_silence_does_not_become_what_is_usual():
    now = datetime(2026, 3, 28, 12, 30, tzinfo=UTC)
    hour, stop = now.replace(minute=0), now - timedelta(days=8)
    hours = [(at, 5 if at < stop else 0) for n in range(28 * 24) if (at := hour - floor.HOUR * n)]
    assert floor.too_quiet(hours[::-1], now)


@pytest.mark.parametrize("of", ["brand:xinghe", "all"])
def test_a_hold_keeps_the_author_and_the_excerpt_too(keep, store, ids, of):
    keep(POST)
    with store.transaction() as tx:
        found = {"mention": tx.execute(select(mentions.c.id)).scalar_one(), "brand": "xinghe", "event_at": AT}
        chances = {"p_negative": 1, "p_crisis": 1, "negative": True, "crisis": True, "scored_at": AT}
        tx.execute(scores.insert().values(**found, **chances, categories=(), aggravators=(), spans=[]))
        subject.hold(tx, Hold(ids(), of, "zhou", "诉讼保全", AT))
    Retention(store, StepClock(AT + timedelta(days=500)), Privacy()).tidy()
    assert column(store, mentions.c.raw_excerpt) == [("原文全部在此",)]
    assert column(store, authors.c.name) == [("柚子妈妈",)]


@pytest.mark.parametrize("of", ["incident:7", "author:abc"])
def test_a_hold_that_would_keep_nothing_is_refused(store, ids, of):
    with store.transaction() as tx, pytest.raises(InputError):
        subject.hold(tx, Hold(ids(), of, "zhou", "诉讼保全", AT))


def test_two_processes_that_hear_one_thing_under_two_ids_keep_it_once(servers, ids):
    store = Store(servers.new_database())
    migrations.migrate(store)
    intake, gate, failed = Intake(ids, KEY), Barrier(2), []
    said = [
        structs.replace(POST, ext_id=f"a{n}", url=f"https://z.example/{n}", text=f"星禾茶饮{n}") for n in range(200)
    ]
    again = [structs.replace(one, ext_id=f"b{n}") for n, one in enumerate(said)][::-1]

    def hear(place, raws) -> None:
        gate.wait()
        try:
            with store.transaction() as tx:
                intake.keep(tx, place, raws, AT)
        except Exception as error:  # noqa: BLE001  a thread's error has to reach the test
            failed.append(error)

    threads = [Thread(target=hear, args=args) for args in ((FEED, said), (OTHER, again))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failed, len(column(store, mentions.c.id))) == ([], 200)
    store.close()
