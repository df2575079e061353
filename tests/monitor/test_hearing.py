"""Hearing: what the POLL job keeps, promises, says of the source and waits for."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from config.watch import FeedSource, InboundSource, Source
from monitor.health import BLIND_AFTER
from monitor.hearing import Hearing
from monitor.intake import Intake
from monitor.limiter import StoreLimiter
from monitor.sources.wire.fetch import Fetcher
from monitor.taking import take
from store import agenda, incidents, journal, mentions, sources
from store.nouns import (
    ClockState,
    Health,
    Incident,
    IncidentStatus,
    Level,
    Outcome,
    Paging,
    RawMention,
    Reading,
    SourceState,
)
from tests.worlds.feeds import FeedWorld


def feed(*numbers: int) -> str:
    items = "".join(
        f"<item><guid>{n}</guid><title>星禾茶饮 {n}</title><pubDate>Thu, 12 Mar 2026 05:{n:02}:00 GMT</pubDate></item>"
        for n in numbers
    )
    return f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'


HTML = ("<html><title>维护中</title><p>稍后再来", "text/html")


class Post:
    """One source on a loopback web, and the job that reads it."""

    def __init__(self, web: FeedWorld, fetch: Fetcher, store, clock, ids) -> None:
        self.web, self.store, self.clock = web, store, clock
        self.config: Source | None = FeedSource(id="weibo", platform="weibo", url=web.url("/feed"))
        self.hearing = Hearing(
            store, clock, Intake(ids, "k" * 32), fetch, StoreLimiter(store, clock), lambda _: "",
            lambda _tx, _id: self.config, lambda _: (), 1000,
        )  # fmt: skip

    def read(self) -> timedelta | None:
        """One poll; after how long the next is wanted, and the clock is moved there."""
        now = self.clock()
        at = self.hearing.poll("weibo")
        if at is None:
            return None
        self.clock.forward(at)
        return at - now

    @property
    def state(self) -> SourceState:
        with self.store.reading() as tx:
            return sources.state(tx, "weibo")

    def waiting(self) -> dict[str, datetime]:
        with self.store.reading() as tx:
            return agenda.waiting(tx)

    def kept(self) -> list[str]:
        with self.store.reading() as tx:
            return sorted(one.ext_id.removeprefix("127.0.0.1#") for one in mentions.pending(tx, 100))

    def told(self) -> list[tuple[str, str]]:
        with self.store.reading() as tx:
            assert journal.broken_at(tx) is None
            return [(one.detail["from"], one.detail["to"]) for one in journal.entries(tx, "source:weibo")]

    def burn(self, brand: str, level: Level = Level.YELLOW) -> None:
        now = self.clock()
        with self.store.transaction() as tx:
            incidents.add(
                tx,
                Incident(
                    id=f"i-{brand}", number=incidents.next_number(tx), brand=brand, category="labour",
                    key=f"{brand}:labour", title="t", level=level, status=IncidentStatus.OPEN, paging=Paging.QUIET,
                    clock=ClockState.NONE, t0=now, detected_at=now, due_at=now, born_breached=False,
                ),
            )  # fmt: skip


@pytest.fixture
def post(store, clock, ids) -> Iterator[Post]:
    with FeedWorld() as web, Fetcher(allow=[f"127.0.0.1:{web.port}"], deadline=timedelta(seconds=20)) as fetch:
        yield Post(web, fetch, store, clock, ids)


CALM = timedelta(minutes=3)
HOT = timedelta(seconds=10)


def test_a_mention_is_kept_once_and_judging_is_promised_only_for_new_ones(post):
    began = post.clock()
    post.web.put("/feed", feed(1, 2))
    assert post.read() == CALM
    assert post.kept() == ["1", "2"]
    assert post.waiting() == {"judge:pending": began}
    with post.store.reading() as tx:
        (one, _) = mentions.pending(tx, 2)
    assert (one.source, one.platform, one.title, one.first_seen_at) == ("weibo", "weibo", "星禾茶饮 1", began)
    assert one.event_at == one.published_at == datetime(2026, 3, 12, 5, 1, tzinfo=UTC)

    with post.store.transaction() as tx:
        (task,) = agenda.claim(tx, post.clock(), 1, timedelta(minutes=1), lambda: "claim")
        agenda.finish(tx, task, None)
    assert post.read() == CALM
    assert (post.kept(), post.waiting()) == (["1", "2"], {})

    third = post.clock()
    post.web.put("/feed", feed(1, 2, 3))
    assert post.read() == CALM
    assert (post.kept(), post.waiting()) == (["1", "2", "3"], {"judge:pending": third})
    state = post.state
    assert (state.mention_count, state.read_count, state.health) == (3, 3, Health.OK)
    assert state.last_item_at == datetime(2026, 3, 12, 5, 3, tzinfo=UTC)
    assert post.told() == [("unknown", "ok")]


def test_a_page_instead_of_a_feed_is_limping_then_blind_and_a_feed_again_heals(post):
    post.web.put("/feed", feed(1))
    post.read()
    heard_at = post.state.last_success_at
    post.web.put("/feed", *HTML)
    seen = []
    for _ in range(BLIND_AFTER + 1):
        post.read()
        seen.append((post.state.health, post.state.failures, post.state.blind_since))
    assert seen == [
        (Health.DEGRADED, 1, None),
        (Health.DEGRADED, 2, None),
        (Health.BLIND, 3, heard_at),
        (Health.BLIND, 4, heard_at),
    ]
    assert post.state.outcome == "malformed"
    assert "an HTML page titled “维护中”, not a feed" in post.state.note
    assert post.kept() == ["1"]
    post.web.put("/feed", feed(1, 2))
    assert post.read() == CALM
    state = post.state
    assert (state.health, state.failures, state.blind_since, state.note) == (Health.OK, 0, None, "")
    assert post.kept() == ["1", "2"]
    assert post.told() == [("unknown", "ok"), ("ok", "degraded"), ("degraded", "blind"), ("blind", "ok")]


def test_what_does_not_mend_itself_is_blind_at_once(post):
    began = post.clock()
    post.web.put("/feed", b"", status=401)
    post.read()
    assert (post.state.health, post.state.outcome, post.state.blind_since) == (Health.BLIND, "auth_failed", began)


def test_a_failing_source_is_asked_less_and_less_often_and_at_once_as_before_when_it_heals(post):
    post.web.put("/feed", *HTML)
    assert [post.read() / timedelta(minutes=1) for _ in range(6)] == [3, 6, 12, 15, 15, 15]
    post.web.put("/feed", feed(1))
    assert post.read() == CALM


def test_a_hot_source_that_fails_slows_down_too(post):
    post.burn("xinghe")
    post.web.put("/feed", *HTML)
    assert [post.read() / timedelta(seconds=1) for _ in range(7)] == [10, 20, 40, 80, 120, 120, 120]


@pytest.mark.parametrize(
    ("of", "burning", "level", "pause"),
    [
        ("", "xinghe", Level.YELLOW, HOT),
        ("xinghe", "xinghe", Level.RED, HOT),
        ("xinghe", "other", Level.RED, CALM),
        ("", "xinghe", Level.BLUE, CALM),
    ],
)
def test_while_a_brand_burns_its_sources_are_read_every_ten_seconds(post, of, burning, level, pause):
    post.config = post.config.model_copy(update={"brand": of})
    post.web.put("/feed", feed(1))
    assert post.read() == CALM
    post.burn(burning, level)
    assert post.read() == pause


def test_an_unchanged_feed_costs_a_304_and_stays_heard(post):
    post.web.put("/feed", feed(1), headers={"ETag": '"v1"'})
    for _ in range(3):
        assert post.read() == CALM
    assert [asked.if_none_match for asked in post.web.requests] == ["", '"v1"', '"v1"']
    assert (post.state.health, post.state.outcome, post.state.etag) == (Health.OK, "not_modified", '"v1"')
    assert post.state.last_item_at == datetime(2026, 3, 12, 5, 1, tzinfo=UTC)


def test_an_empty_feed_is_heard_but_never_looks_like_mentions(post):
    post.web.put("/feed", feed())
    assert post.read() == CALM
    assert (post.state.health, post.state.mention_count, post.waiting()) == (Health.EMPTY, 0, {})


def test_a_source_no_longer_configured_is_not_read_again(post):
    post.web.put("/feed", feed(1))
    post.config = post.config.model_copy(update={"enabled": False})
    assert post.read() is None
    post.config = None
    assert post.read() is None
    assert (post.web.requests, post.kept()) == ([], [])


def test_a_pushed_source_that_falls_silent_is_blind_and_a_push_heals_it(post):
    post.config = InboundSource(id="weibo", platform="weibo", secret_env="PUSH_SECRET", silent_after="2h")
    # Never pushed: there is nothing to miss yet.
    assert post.read() is None
    began = post.clock()
    pushed = Reading(Outcome.OK, (RawMention(ext_id="w1", text="星禾茶饮"),))
    with post.store.transaction() as tx:
        take(tx, post.hearing.intake, post.config, pushed, began)
    assert post.waiting()["poll:weibo"] == began + timedelta(hours=2)
    assert post.read() == timedelta(hours=2)
    assert post.read() == timedelta(hours=2)
    state = post.state
    assert (state.health, state.blind_since, state.note) == (Health.BLIND, began, "nothing was pushed for 2h")
    assert "alarm:weibo" in post.waiting()
    with post.store.transaction() as tx:
        take(tx, post.hearing.intake, post.config, pushed, post.clock())
    assert (post.state.health, post.state.blind_since) == (Health.OK, None)
