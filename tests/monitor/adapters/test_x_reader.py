"""X: counts in calm, posts on a spike, a burst with refusals heard whole, and never a cent over the day's money."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config.accounts import XSource
from config.clock import StepClock
from config.errors import SourceError
from monitor.intake import Intake
from monitor.limiter import StoreLimiter
from monitor.sources.tools import Tools
from monitor.sources.wire.fetch import Fetcher
from monitor.sources.x.reader import read_x
from store import mentions, meters, sources
from store.nouns import Outcome, Reading
from tests.worlds.feeds import Answer
from tests.worlds.platforms.x_api import COUNTS, JSON, SEARCH, XWorld, problem

WORD = "星禾茶饮"
NOW = datetime(2026, 11, 22, 3, 10, tzinfo=UTC)
TOMORROW = datetime(2026, 11, 23, tzinfo=UTC)


class Ear:
    """Reads one source again and again, keeps what it hears and moves on to when it may ask again."""

    def __init__(self, x: XWorld, fetch: Fetcher, store, clock: StepClock, ids) -> None:
        self.x, self.fetch, self.store, self.clock = x, fetch, store, clock
        self.intake, self.limiter = Intake(ids, "k" * 32), StoreLimiter(store, clock)
        self.secrets = {"X_BEARER": x.token}
        self.words: tuple[str, ...] = (WORD,)
        self.hot = False
        self.source = XSource(id="x", base_url=x.web.url(), secret_env="X_BEARER")
        self.before = sources.fresh("x")
        self.heard: Counter[str] = Counter()
        self.readings: list[Reading] = []

    def set(self, **values) -> None:
        self.source = XSource.model_validate({**self.source.model_dump(), **values})

    def budget(self, usd: float) -> None:
        self.set(limits={"daily_usd": usd})

    def read(self) -> Reading:
        secret = lambda name: self.secrets.get(name, "")  # noqa: E731
        tools = Tools(self.fetch, self.limiter, secret, self.clock(), self.words, self.hot)
        try:
            reading = read_x(self.source, self.before, tools)
        except SourceError as error:
            reading = Reading(Outcome(error.outcome), note=str(error), until=error.until)
        with self.store.transaction() as tx:
            self.intake.keep(tx, self.source, reading.mentions, self.clock())
        if reading.cursor is not None:
            self.before = replace(self.before, cursor=reading.cursor)
        assert len({one.ext_id for one in reading.mentions}) == len(reading.mentions)
        self.heard.update(one.ext_id for one in reading.mentions)
        self.readings.append(reading)
        return reading

    def turn(self, after: timedelta = timedelta(minutes=5)) -> Reading:
        """One read, and on to the next moment it is wanted and allowed."""
        reading = self.read()
        wait = self.clock() + after
        self.clock.forward(max(wait, reading.until + timedelta(seconds=1)) if reading.until else wait)
        return reading

    def turns(self, count: int) -> list[Outcome]:
        return [self.turn().outcome for _ in range(count)]

    @property
    def kept(self) -> int:
        with self.store.reading() as tx:
            return mentions.count(tx)

    @property
    def spent(self) -> float:
        with self.store.reading() as tx:
            return meters.all_meters(tx)["x:X_BEARER"].day_usd


@pytest.fixture
def clock() -> StepClock:
    return StepClock(NOW)


@pytest.fixture
def x(clock: StepClock) -> Iterator[XWorld]:
    with XWorld(clock) as world:
        yield world


@pytest.fixture
def ear(x: XWorld, store, clock: StepClock, ids) -> Iterator[Ear]:
    with Fetcher(allow=[f"127.0.0.1:{x.web.port}"], deadline=timedelta(seconds=20)) as fetch:
        yield Ear(x, fetch, store, clock, ids)


def burst(x: XWorld, start: datetime, count: int = 200) -> set[str]:
    """So many posts within a bit more than a minute, three at the same second."""
    return {x.post(f"{WORD} 喝出异物 第{n}条", start + timedelta(seconds=n // 3), author=n % 40) for n in range(count)}


def calm(ear: Ear, x: XWorld, hours: int = 1) -> None:
    """A past in which a post came every five minutes."""
    for n in range(12 * hours):
        x.post(f"{WORD} 日常", NOW - timedelta(minutes=5 * n + 6))


def test_in_calm_only_counts_are_read_and_paid_for(ear: Ear, x: XWorld):
    calm(ear, x)
    assert ear.turns(3) == [Outcome.EMPTY, Outcome.EMPTY, Outcome.EMPTY]
    assert ear.readings[0].note == "counts only: 0 posts in 5 minutes, usual 1"
    assert (x.count(COUNTS), x.count(SEARCH), ear.kept) == (3, 0, 0)
    assert ear.spent == pytest.approx(x.usd) == pytest.approx(0.015)


def test_counts_without_a_spike_are_something_heard(ear: Ear, x: XWorld, clock: StepClock):
    calm(ear, x)
    x.post(f"{WORD} 难喝", clock() - timedelta(minutes=2))
    reading = ear.read()
    assert (reading.outcome, reading.note, reading.mentions) == (
        Outcome.OK, "counts only: 1 posts in 5 minutes, usual 1", (),
    )  # fmt: skip


@pytest.mark.parametrize("vocabulary", ["tweet", "post"])
def test_a_spike_makes_posts_worth_their_money(ear: Ear, x: XWorld, clock: StepClock, vocabulary):
    x.vocabulary = vocabulary
    ear.set(vocabulary=vocabulary)
    calm(ear, x)
    ear.turns(1)
    wanted = burst(x, clock() - timedelta(minutes=3), 40)
    reading = ear.read()
    assert (reading.outcome, wanted <= set(ear.heard)) == (Outcome.OK, True)
    assert reading.note == f"40 posts in 5 minutes, usual 1; {len(reading.mentions)} posts read"
    assert {(one.likes, one.reposts, one.followers) for one in reading.mentions} == {(42, 5, None)}
    assert ear.spent == pytest.approx(x.usd) == pytest.approx(2 * 0.005 + len(reading.mentions) * 0.005)


def test_a_burst_with_429s_and_a_revoked_token_in_the_middle_is_heard_whole_and_billed_once(ear: Ear, x: XWorld, clock):
    """The acceptance story: refused twice, then the token is withdrawn and given anew; nothing lost, nothing twice."""
    ear.set(page_size=20, first="1h")
    ear.turns(2)
    wanted = burst(x, clock() - timedelta(minutes=3))
    x.plan(SEARCH, None, None, x.limited(), None, None, None, x.limited(timedelta(minutes=3)))
    outcomes = ear.turns(2)
    x.token = "another-fake-token"
    wanted |= {x.post(f"{WORD} 又一条 {n}", clock() - timedelta(minutes=1)) for n in range(15)}
    outcomes += ear.turns(3)
    ear.secrets["X_BEARER"] = "another-fake-token"
    outcomes += ear.turns(3)
    assert outcomes == [
        Outcome.RATE_LIMITED, Outcome.RATE_LIMITED,
        Outcome.AUTH_FAILED, Outcome.AUTH_FAILED, Outcome.AUTH_FAILED,
        Outcome.OK, Outcome.EMPTY, Outcome.EMPTY,
    ]  # fmt: skip
    assert (set(ear.heard), set(ear.heard.values()), ear.kept, x.read) == (wanted, {1}, 215, 215)
    assert ear.spent == pytest.approx(x.usd)


def test_a_token_withdrawn_between_two_pages_keeps_what_was_read(ear: Ear, x: XWorld, clock: StepClock):
    ear.set(page_size=20, always_posts=True, first="1h")
    wanted = burst(x, clock() - timedelta(minutes=3), 100)
    x.plan(SEARCH, None, None, problem(401, "unsupported-authentication"))
    stopped = ear.turn()
    assert (stopped.outcome, len(stopped.mentions), stopped.until) == (Outcome.AUTH_FAILED, 40, None)
    assert (ear.turn().outcome, set(ear.heard), set(ear.heard.values())) == (Outcome.OK, wanted, {1})


def test_what_a_stop_left_is_read_even_when_it_has_become_calm(ear: Ear, x: XWorld, clock: StepClock):
    ear.set(page_size=20)
    ear.turns(1)
    wanted = burst(x, clock() - timedelta(minutes=3), 100)
    x.plan(SEARCH, None, x.limited(timedelta(hours=2)))
    assert [ear.turn().outcome, ear.turn().outcome] == [Outcome.RATE_LIMITED, Outcome.OK]
    assert (set(ear.heard), set(ear.heard.values())) == (wanted, {1})
    asked = x.count(SEARCH)
    assert (ear.turn().outcome, x.count(SEARCH)) == (Outcome.EMPTY, asked)


def test_posts_after_a_quiet_day_reach_back_to_where_the_last_ones_ended(ear: Ear, x: XWorld, clock: StepClock):
    ear.turns(1)
    first = burst(x, clock() - timedelta(minutes=3), 20)
    ear.turn()
    between = {x.post(f"{WORD} 一条", clock() + timedelta(hours=n)) for n in range(30)}
    clock.forward(clock() + timedelta(hours=30))
    ear.turn()
    assert set(ear.heard) == first
    last = burst(x, clock() - timedelta(minutes=3), 40)
    ear.turn()
    assert set(ear.heard) == first | between | last


def test_the_first_posts_read_look_back_a_day_however_long_it_was_calm(ear: Ear, x: XWorld, clock: StepClock):
    old = {x.post(f"{WORD} 一条", clock() + timedelta(hours=n)) for n in range(60)}
    for _ in range(60):
        ear.turn(timedelta(hours=1))
    wanted = burst(x, clock() - timedelta(minutes=3), 40)
    ear.turn()
    assert wanted <= set(ear.heard) and len(ear.heard) == 40 + 24 and set(ear.heard) <= wanted | old


def test_beyond_seven_days_x_gives_nothing_and_is_not_asked_for_it(ear: Ear, x: XWorld, clock: StepClock):
    burst(x, clock() - timedelta(minutes=3), 20)
    ear.turn()
    clock.forward(clock() + timedelta(days=9))
    wanted = burst(x, clock() - timedelta(minutes=3), 20)
    reading = ear.read()
    assert (reading.outcome, {one.ext_id for one in reading.mentions}, reading.truncated) == (Outcome.OK, wanted, False)
    assert x.asked[-1][1]["start_time"] == "2026-11-24T03:20:00Z" and "since_id" not in x.asked[-1][1]


def test_a_gap_that_has_become_too_old_is_said_to_be_lost(ear: Ear, x: XWorld, clock: StepClock):
    ear.set(page_size=10)
    burst(x, clock() - timedelta(minutes=3), 20)
    x.plan(SEARCH, None, problem(503, "unavailable"))
    ear.turn()
    clock.forward(clock() + timedelta(days=9))
    reading = ear.read()
    assert (reading.outcome, reading.truncated) == (Outcome.EMPTY, True)
    assert reading.note.endswith("posts older than 7 days were not read in time and are out of reach")
    assert ear.read().truncated is False


def test_more_pages_than_allowed_are_read_next_time_newest_first(ear: Ear, x: XWorld, clock: StepClock):
    ear.set(page_size=20, max_pages=3)
    wanted = burst(x, clock() - timedelta(minutes=3))
    reading = ear.turn()
    assert (reading.outcome, len(reading.mentions), reading.truncated) == (Outcome.OK, 60, True)
    late = burst(x, clock() - timedelta(minutes=3), 30)
    assert late <= {one.ext_id for one in ear.turn().mentions}
    readings = [ear.turn() for _ in range(4)]
    assert (set(ear.heard), set(ear.heard.values())) == (wanted | late, {1})
    assert [one.truncated for one in readings] == [True, True, False, False]


def test_the_days_money_is_a_hard_stop_that_says_until_when(ear: Ear, x: XWorld, clock: StepClock):
    """One dollar: counts, and as many posts as fit; the rest is read when the new day begins, newest first."""
    ear.budget(1.0)
    ear.set(first="1h")
    ear.turns(1)
    wanted = burst(x, clock() - timedelta(minutes=3), 300)
    stopped = ear.read()
    assert (stopped.outcome, stopped.until) == (Outcome.QUOTA_EXHAUSTED, TOMORROW)
    assert "US$ of the day are spent" in stopped.note
    assert 0.95 < x.usd <= 1.0 and ear.spent == pytest.approx(x.usd)
    asked = len(x.asked)
    hungry = [ear.read() for _ in range(20)]
    assert {one.outcome for one in hungry} == {Outcome.QUOTA_EXHAUSTED} and {one.until for one in hungry} == {TOMORROW}
    # A page of ten no longer fits; the few cents left buy counts.
    assert len(x.asked) - asked <= 9 and x.usd <= 1.0
    for day in range(2):
        x.usd = 0.0
        clock.forward(TOMORROW + timedelta(days=day, seconds=1))
        ear.read()
        assert ear.spent == pytest.approx(x.usd) and x.usd <= 1.0
    assert (set(ear.heard), set(ear.heard.values())) == (wanted, {1})


def test_a_budget_of_nothing_asks_nothing(ear: Ear, x: XWorld):
    ear.budget(0.0)
    reading = ear.read()
    assert (reading.outcome, reading.until, x.asked, x.usd) == (Outcome.QUOTA_EXHAUSTED, TOMORROW, [], 0.0)


def test_two_sources_of_one_account_share_its_money(ear: Ear, x: XWorld, clock: StepClock):
    ear.budget(0.5)
    ear.set(always_posts=True)
    burst(x, clock() - timedelta(minutes=3), 60)
    ear.read()
    other = ear.before = sources.fresh("x2")
    ear.set(id="x2")
    assert ear.read().outcome == Outcome.QUOTA_EXHAUSTED
    assert (other.cursor, x.usd <= 0.5, ear.spent == pytest.approx(x.usd)) == ({}, True, True)


def test_errors_and_time_outs_cost_nothing_on_the_meter(ear: Ear, x: XWorld, clock: StepClock):
    ear.set(always_posts=True)
    x.plan(COUNTS, problem(503, "unavailable"), None, None)
    x.plan(SEARCH, problem(503, "unavailable"), Answer(b"<html>oops", "text/html"), None)
    assert ear.turns(3) == [Outcome.SERVER_ERROR, Outcome.MALFORMED, Outcome.EMPTY]
    assert ear.spent == pytest.approx(x.usd) == pytest.approx(0.010)


def test_the_months_cap_is_not_a_rate_limit(ear: Ear, x: XWorld, clock: StepClock):
    ear.set(always_posts=True)
    x.plan(SEARCH, problem(429, "usage-capped"))
    stopped = ear.read()
    december = datetime(2026, 12, 1, tzinfo=UTC)
    assert (stopped.outcome, stopped.until) == (Outcome.QUOTA_EXHAUSTED, december)
    asked = len(x.asked)
    clock.forward(NOW + timedelta(hours=12))
    again = ear.read()
    tomorrow = NOW + timedelta(days=1)
    assert (again.outcome, again.until, len(x.asked)) == (Outcome.QUOTA_EXHAUSTED, tomorrow, asked)
    # Somebody may have bought more meanwhile: once a day it is tried.
    clock.forward(NOW + timedelta(days=3))
    assert ear.read().outcome == Outcome.EMPTY


def test_a_plan_that_may_not_count_is_auth_failed(ear: Ear, x: XWorld):
    x.plan(COUNTS, problem(403, "client-forbidden"))
    reading = ear.read()
    assert (reading.outcome, reading.note.endswith(": client-forbidden")) == (Outcome.AUTH_FAILED, True)


def test_while_an_incident_is_open_posts_are_read_and_counts_at_most_once_a_minute(ear: Ear, x: XWorld, clock):
    ear.hot = True
    for n in range(12):
        x.post(f"{WORD} 第{n}条", clock() - timedelta(seconds=30))
        ear.turn(timedelta(seconds=10))
    assert (x.count(COUNTS), x.count(SEARCH), len(ear.heard), set(ear.heard.values())) == (2, 12, 12, {1})
    assert ear.spent == pytest.approx(x.usd) == pytest.approx(2 * 0.005 + 12 * 0.005)


def test_counts_that_cannot_be_had_do_not_stop_posts_while_it_burns(ear: Ear, x: XWorld, clock: StepClock):
    ear.hot = True
    uri = x.post(f"{WORD} 一条", clock() - timedelta(seconds=30))
    x.plan(COUNTS, x.limited())
    reading = ear.read()
    assert (reading.outcome, [one.ext_id for one in reading.mentions]) == (Outcome.OK, [uri])
    assert "counts are unknown: 127.0.0.1: answered 429" in reading.note
    ear.hot = False
    assert (ear.read().outcome, ear.readings[-1].until) == (Outcome.RATE_LIMITED, NOW + timedelta(minutes=15))


def test_the_last_hour_is_kept_minute_by_minute_for_people_to_see(ear: Ear, x: XWorld, clock: StepClock):
    burst(x, clock() - timedelta(minutes=2), 9)
    ear.read()
    kept = ear.before.cursor["counts"]
    assert (len(kept["minutes"]), sum(kept["minutes"]), kept["minutes"][-2:]) == (60, 9, [9, 0])
    assert kept["from"] == "2026-11-22T02:10Z"


def test_authors_are_paid_for_only_when_asked_for(ear: Ear, x: XWorld, clock: StepClock):
    ear.set(always_posts=True, authors=True, first="1h")
    burst(x, clock() - timedelta(minutes=3), 60)
    reading = ear.read()
    assert {(one.author, one.followers) for one in reading.mentions} == {("王小明", 1200)}
    assert ear.spent == pytest.approx(x.usd) == pytest.approx(0.005 + 60 * 0.005 + 40 * 0.010)
    assert all("expansions" not in params for name, params in x.asked if name == COUNTS)


def test_an_edit_has_a_new_id_and_is_still_the_same_post(ear: Ear, x: XWorld, clock: StepClock):
    ear.set(always_posts=True)
    first = x.post(f"{WORD} 太甜", clock() - timedelta(minutes=2))
    ear.turn()
    x.posts.clear()
    x.post(f"{WORD} 太甜了吧", clock() - timedelta(minutes=1), history=[first])
    ear.turn()
    assert (set(ear.heard), ear.kept) == ({first}, 1)


def test_partial_errors_are_told_beside_what_was_heard(ear: Ear, x: XWorld, clock: StepClock):
    ear.set(always_posts=True)
    gone = {"title": "Not Found Error", "type": "https://api.x.com/2/problems/resource-not-found"}
    body = '{"data": [{"id": "1993000000000000001", "text": "星禾"}], "errors": [%s]}'
    x.plan(SEARCH, Answer(body % str(gone).replace("'", '"'), JSON))
    reading = ear.read()
    assert (reading.outcome, len(reading.mentions)) == (Outcome.OK, 1)
    assert reading.note == "0 posts in 5 minutes, usual 0; 1 posts read; X left out 1 (resource-not-found)"


@pytest.mark.parametrize(
    ("body", "kind", "outcome"),
    [
        (b"<html><title>Log in to X</title></html>", "text/html", Outcome.BLOCKED),
        (b"", "text/plain", Outcome.MALFORMED),
        (b"[]", JSON, Outcome.MALFORMED),
        (b"{}", JSON, Outcome.MALFORMED),
        (b'{"data": [{"text": "no id"}], "meta": {"result_count": 1}}', JSON, Outcome.MALFORMED),
        (b'{"meta": {"result_count": 3}}', JSON, Outcome.MALFORMED),
        (b'{"errors": [{"type": "https://api.x.com/2/problems/client-forbidden"}]}', JSON, Outcome.AUTH_FAILED),
        (b'{"meta": {"result_count": 0}}', JSON, Outcome.EMPTY),
    ],
)
def test_an_answer_that_is_none_is_never_no_mentions(ear: Ear, x: XWorld, body, kind, outcome):
    ear.set(always_posts=True)
    x.plan(SEARCH, Answer(body, kind))
    assert ear.read().outcome == outcome


def test_words_that_do_not_fit_are_said_and_the_source_is_degraded(ear: Ear, x: XWorld):
    ear.words = tuple(f"{WORD}第{n}分店" for n in range(60))
    reading = ear.read()
    assert (reading.degraded, reading.note.endswith("characters X takes: write a shorter `query`")) == (True, True)


@pytest.mark.parametrize(
    ("secret", "words", "outcome", "note"),
    [
        ("X_BEARER", (WORD,), Outcome.AUTH_FAILED, "X: X_BEARER is not set with its bearer token"),
        ("", (WORD,), Outcome.AUTH_FAILED, "X: needs `secret_env`, the name of the variable with its bearer token"),
    ],
)
def test_what_is_missing_is_named(ear: Ear, x: XWorld, secret, words, outcome, note):
    ear.secrets = {}
    ear.set(secret_env=secret)
    ear.words = words
    reading = ear.read()
    assert (reading.outcome, reading.note, x.asked) == (outcome, note, [])


def test_neither_words_nor_query_is_said(ear: Ear):
    ear.words = ()
    assert ear.read().note == "nothing to search for: `query` is empty and the brand has no words"


def test_the_token_is_in_no_cursor_note_or_address(ear: Ear, x: XWorld, clock: StepClock):
    ear.set(always_posts=True)
    burst(x, clock() - timedelta(minutes=3), 30)
    x.plan(SEARCH, None, problem(401, "unsupported-authentication"), problem(400, "invalid-request"))
    ear.turns(4)
    assert "fake-bearer" not in repr([(one.note, one.cursor) for one in ear.readings])
    assert all("fake-bearer" not in asked.path for asked in x.web.requests)


@pytest.mark.parametrize(
    "cursor", [{"reach": {"newest": "soon", "gaps": []}}, {"reach": 5, "counts": 5},
               {"reach": {"newest": "0" * 20, "gaps": [["x", "y", ""], ["0" * 20, "z", ""]]}}],
)  # fmt: skip
def test_a_cursor_nobody_can_read_begins_anew(ear: Ear, x: XWorld, clock: StepClock, cursor):
    ear.set(always_posts=True)
    wanted = burst(x, clock() - timedelta(minutes=3), 20)
    ear.before = replace(ear.before, cursor=cursor)
    assert (ear.read().outcome, set(ear.heard)) == (Outcome.OK, wanted)
