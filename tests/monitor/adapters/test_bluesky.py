"""Bluesky: a burst with refusals in its middle is heard whole, sessions mend themselves, a refused password rests."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config.accounts import BlueskySource
from config.clock import StepClock
from config.errors import SourceError
from config.mapping import Limits
from monitor.intake import Intake
from monitor.limiter import StoreLimiter
from monitor.sources.bluesky.reader import read_bluesky
from monitor.sources.bluesky.session import Sessions
from monitor.sources.tools import Tools
from monitor.sources.wire.fetch import Fetcher
from store import mentions, meters, sources
from store.nouns import Outcome, Reading
from tests.worlds.feeds import Answer
from tests.worlds.platforms.bluesky import CREATE, JSON, NOTICES, PROFILES, REFRESH, SEARCH, BlueskyWorld, refusal

WORD = "星禾茶饮"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECRETS = {"BSKY_APP_PASSWORD": "fake-app-pass-word"}


class Ear:
    """Reads one source again and again, keeps what it hears and moves on to when it may ask again."""

    def __init__(self, sky: BlueskyWorld, fetch: Fetcher, store, clock: StepClock, ids) -> None:
        self.sky, self.fetch, self.store, self.clock = sky, fetch, store, clock
        self.intake, self.sessions, self.secrets = Intake(ids, "k" * 32), Sessions(), dict(SECRETS)
        self.limiter = StoreLimiter(store, clock)
        self.words: tuple[str, ...] = (WORD,)
        self.source = BlueskySource(
            id="bsky", base_url=sky.web.url(), handle=sky.handle, secret_env="BSKY_APP_PASSWORD", followers_from=None
        )
        self.before = sources.fresh("bsky")
        self.heard: Counter[str] = Counter()
        self.readings: list[Reading] = []

    def set(self, **values) -> None:
        self.source = BlueskySource.model_validate({**self.source.model_dump(), **values})

    def read(self) -> Reading:
        tools = Tools(self.fetch, self.limiter, lambda name: self.secrets.get(name, ""), self.clock(), self.words)
        try:
            reading = read_bluesky(self.source, self.before, tools, sessions=self.sessions)
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

    def turns(self, count: int) -> list[Outcome]:
        """So many reads, each when it is allowed; their outcomes."""
        outcomes = []
        for _ in range(count):
            reading = self.read()
            outcomes.append(reading.outcome)
            wait = self.clock() + timedelta(seconds=10)
            self.clock.forward(max(wait, reading.until + timedelta(seconds=1)) if reading.until else wait)
        return outcomes

    @property
    def kept(self) -> int:
        with self.store.reading() as tx:
            return mentions.count(tx)


@pytest.fixture
def clock() -> StepClock:
    return StepClock(NOW)


@pytest.fixture
def sky(clock: StepClock) -> Iterator[BlueskyWorld]:
    with BlueskyWorld(clock) as world:
        yield world


@pytest.fixture
def ear(sky: BlueskyWorld, store, clock: StepClock, ids) -> Iterator[Ear]:
    with Fetcher(allow=[f"127.0.0.1:{sky.web.port}"], deadline=timedelta(seconds=20)) as fetch:
        yield Ear(sky, fetch, store, clock, ids)


def burst(sky: BlueskyWorld, start: datetime, count: int = 200, every_s: int = 1) -> set[str]:
    """So many posts, three in the same second each time, as a wave comes."""
    return {
        sky.post(f"{WORD} 喝出异物 第{n}条", start + timedelta(seconds=n // 3 * every_s), author=f"user{n % 40}")
        for n in range(count)
    }


def test_a_quiet_search_then_a_post(ear: Ear, sky: BlueskyWorld, clock: StepClock):
    assert (ear.read().outcome, ear.kept) == (Outcome.EMPTY, 0)
    uri = sky.post(f"{WORD}真难喝", clock())
    sky.post("别家奶茶", clock())
    reading = ear.read()
    assert (reading.outcome, [one.ext_id for one in reading.mentions], reading.truncated) == (Outcome.OK, [uri], False)
    assert (sky.count(CREATE), sky.count(SEARCH)) == (1, 2)


def test_a_burst_between_two_polls_with_429s_and_a_revoked_token_is_heard_whole(ear: Ear, sky: BlueskyWorld, clock):
    """The acceptance story: 200 posts, refused twice in the middle, the session gone in between; then calm."""
    sky.page_size = 25
    ear.turns(2)
    # Three quarters of an hour, far more than a read looks back: what was not read must be remembered.
    wanted = burst(sky, clock(), every_s=40)
    clock.forward(clock() + timedelta(minutes=45))
    sky.plan(SEARCH, None, None, sky.limited(), None, sky.limited(timedelta(minutes=3)))
    first = ear.turns(1)
    sky.revoke()
    wanted |= {sky.post(f"{WORD} 又一条 {n}", clock()) for n in range(7)}
    later = ear.turns(4)
    assert first + later == [
        Outcome.RATE_LIMITED, Outcome.RATE_LIMITED, Outcome.OK, Outcome.OK, Outcome.OK,
    ]  # fmt: skip
    assert (set(ear.heard), ear.kept) == (wanted, 207)
    assert (sky.count(CREATE), sky.count(REFRESH)) == (2, 1)


def test_a_refusal_says_until_when_and_nobody_asks_before(ear: Ear, sky: BlueskyWorld, clock: StepClock):
    burst(sky, NOW - timedelta(minutes=5))
    sky.page_size = 50
    sky.plan(SEARCH, None, sky.limited(timedelta(minutes=4)))
    stopped = ear.read()
    assert (stopped.outcome, len(stopped.mentions), stopped.until) == (
        Outcome.RATE_LIMITED, 50, NOW + timedelta(minutes=4),
    )  # fmt: skip
    asked = len(sky.asked)
    refused = ear.read()
    assert (refused.outcome, refused.until, len(sky.asked)) == (Outcome.RATE_LIMITED, stopped.until, asked)
    clock.forward(NOW + timedelta(minutes=4, seconds=1))
    assert (ear.read().outcome, ear.kept) == (Outcome.OK, 200)


def test_what_a_stop_left_is_read_once_and_not_again(ear: Ear, sky: BlueskyWorld, clock: StepClock):
    """No overlap, so that every second hearing would be a fault of the cursor."""
    ear.set(overlap="0s")
    sky.page_size = 20
    ear.turns(1)
    wanted = burst(sky, clock())
    clock.forward(clock() + timedelta(minutes=2))
    sky.plan(SEARCH, None, None, sky.limited(), None, refusal(503, "UpstreamFailure"), None, None, sky.limited())
    outcomes = ear.turns(5)
    assert outcomes == [Outcome.RATE_LIMITED, Outcome.SERVER_ERROR, Outcome.RATE_LIMITED, Outcome.OK, Outcome.OK]
    assert set(ear.heard) == wanted
    # `since` includes its own moment: only the newest second is heard again.
    newest = max(post["indexedAt"] for post in sky.posts)
    again = {post["uri"] for post in sky.posts if post["indexedAt"] == newest}
    assert {uri for uri, times in ear.heard.items() if times > 1} <= again


def test_more_pages_than_allowed_are_read_next_time_and_the_window_is_marked(ear: Ear, sky: BlueskyWorld, clock):
    ear.set(max_pages=3)
    sky.page_size = 20
    wanted = burst(sky, NOW - timedelta(minutes=3))
    readings = [(one.outcome, len(one.mentions), one.truncated) for one in (ear.read() for _ in range(2))]
    assert readings[0] == (Outcome.OK, 60, True)
    assert readings[1][2] is True
    late = sky.post(f"{WORD} 最新", clock())
    assert late in {one.ext_id for one in ear.read().mentions}
    for _ in range(12):
        ear.read()
    assert (set(ear.heard), ear.readings[-1].truncated) == (wanted | {late}, False)


def test_a_page_mark_the_server_forgot_is_read_around(ear: Ear, sky: BlueskyWorld, clock: StepClock):
    wanted = burst(sky, NOW - timedelta(minutes=5))
    sky.page_size = 35  # so that a page ends in the middle of a second
    sky.plan(SEARCH, None, None, sky.limited())
    ear.turns(1)
    # The server answers 500 to marks it does not know, as the real one does.
    reach = ear.before.cursor["reach"][f"search:{WORD}"]
    gaps = [[since, below, "forgotten"] for since, below, _ in reach["gaps"]]
    ear.before = replace(ear.before, cursor={"reach": {f"search:{WORD}": {**reach, "gaps": gaps}}})
    assert (ear.turns(1), set(ear.heard), ear.kept) == ([Outcome.OK], wanted, 200)


def test_a_server_that_fails_every_search_is_said_to_fail(ear: Ear, sky: BlueskyWorld):
    sky.plan(SEARCH, *[refusal(500, "InternalServerError")] * 2)
    reading = ear.read()
    assert (reading.outcome, reading.cursor) == (Outcome.SERVER_ERROR, None)
    assert reading.note == "127.0.0.1: answered 500 (server_error); allowed is 200, or 304 to a conditional request: " \
        "InternalServerError"  # fmt: skip


def test_one_search_the_server_refuses_does_not_silence_the_others(ear: Ear, sky: BlueskyWorld, clock: StepClock):
    ear.words = ("坏词", WORD)
    uri = sky.post(f"{WORD}难喝", clock())
    sky.plan(SEARCH, refusal(400, "InvalidRequest"))
    reading = ear.read()
    assert (reading.outcome, [one.ext_id for one in reading.mentions]) == (Outcome.SERVER_ERROR, [uri])


def test_many_words_take_turns_when_pages_are_short(ear: Ear, sky: BlueskyWorld, clock: StepClock):
    ear.words = tuple(f"{WORD}{n}号店" for n in range(7))
    ear.set(max_pages=3)
    wanted = {sky.post(f"{word}排队", clock()) for word in ear.words}
    assert [ear.read().truncated for _ in range(3)] == [True, True, True]
    assert set(ear.heard) == wanted


def test_an_expired_session_is_refreshed_and_a_lost_one_renewed(ear: Ear, sky: BlueskyWorld, clock: StepClock):
    ear.turns(1)
    sky.expire()
    assert (ear.turns(1), sky.count(REFRESH), sky.count(CREATE)) == ([Outcome.EMPTY], 1, 1)
    sky.revoke()
    assert (ear.turns(1), sky.count(REFRESH), sky.count(CREATE)) == ([Outcome.EMPTY], 2, 2)
    assert ear.turns(3) == [Outcome.EMPTY] * 3
    assert (sky.count(REFRESH), sky.count(CREATE)) == (2, 2)


def test_a_session_that_dies_in_the_middle_of_a_burst_loses_nothing(ear: Ear, sky: BlueskyWorld, clock: StepClock):
    wanted = burst(sky, NOW - timedelta(minutes=5))
    sky.page_size = 40
    sky.plan(SEARCH, None, None, refusal(400, "ExpiredToken"), None, refusal(400, "InvalidToken"))
    assert (ear.turns(1), set(ear.heard), len(ear.heard)) == ([Outcome.OK], wanted, 200)


def test_a_server_that_refuses_even_a_new_session_is_auth_failed_after_one_refresh_and_one_login(ear: Ear, sky):
    ear.turns(1)
    sky.plan(SEARCH, *[refusal(400, "InvalidToken")] * 9)
    assert ear.turns(1) == [Outcome.AUTH_FAILED]
    assert (sky.count(SEARCH), sky.count(REFRESH), sky.count(CREATE)) == (4, 1, 2)


def test_a_password_withdrawn_in_the_middle_keeps_what_was_read(ear: Ear, sky: BlueskyWorld, clock: StepClock):
    wanted = burst(sky, NOW - timedelta(minutes=5))
    sky.page_size = 40
    sky.plan(SEARCH, None, None, refusal(400, "InvalidToken"))
    sky.plan(REFRESH, refusal(400, "ExpiredToken"))
    sky.plan(CREATE, None, refusal(401, "AuthenticationRequired"))
    stopped = ear.read()
    assert (stopped.outcome, len(stopped.mentions), stopped.until) == (Outcome.AUTH_FAILED, 80, None)
    ear.secrets["BSKY_APP_PASSWORD"] = sky.password = "another-fake-password"
    assert (ear.read().outcome, set(ear.heard), ear.kept) == (Outcome.OK, wanted, 200)


def test_a_refused_password_rests_for_an_hour_or_until_it_changes(ear: Ear, sky: BlueskyWorld, clock: StepClock):
    sky.password = "changed-on-the-server"
    assert ear.turns(30) == [Outcome.AUTH_FAILED] * 30
    assert sky.count(CREATE) == 1
    assert ear.readings[-1].note.endswith("the app password in BSKY_APP_PASSWORD is not accepted for xinghe.test")
    clock.forward(NOW + timedelta(hours=1))
    assert (ear.read().outcome, sky.count(CREATE)) == (Outcome.AUTH_FAILED, 2)
    ear.secrets["BSKY_APP_PASSWORD"] = "changed-on-the-server"
    assert (ear.read().outcome, sky.count(CREATE)) == (Outcome.EMPTY, 3)


def test_logins_stay_under_half_the_servers_limit_over_all_processes(ear: Ear, sky: BlueskyWorld, clock: StepClock):
    outcomes = []
    for _ in range(20):
        ear.sessions = Sessions()  # as another process would begin
        outcomes.append(ear.read().outcome)
    assert outcomes == [Outcome.EMPTY] * 15 + [Outcome.RATE_LIMITED] * 5
    assert (sky.count(CREATE), ear.readings[-1].until) == (15, datetime(2026, 11, 22, 13, tzinfo=UTC))


def test_the_servers_own_limit_on_logins_is_waited_out(ear: Ear, sky: BlueskyWorld, clock: StepClock):
    sky.plan(CREATE, sky.limited(timedelta(minutes=5)))
    assert (ear.turns(2), sky.count(CREATE)) == ([Outcome.RATE_LIMITED, Outcome.EMPTY], 2)


def test_the_last_request_of_a_window_stops_us_before_the_server_must(ear: Ear, sky: BlueskyWorld, clock):
    burst(sky, NOW - timedelta(minutes=5))
    reset = str(int((NOW + timedelta(minutes=2)).timestamp()))
    headers = {"ratelimit-remaining": "0", "ratelimit-reset": reset}
    ear.turns(1)
    sky.plan(SEARCH, replace(ear_page(sky), headers=headers))
    asked = sky.count(SEARCH)
    stopped = ear.read()
    assert (stopped.outcome, stopped.until) == (Outcome.RATE_LIMITED, NOW + timedelta(minutes=2))
    assert sky.count(SEARCH) == asked + 1


def ear_page(sky: BlueskyWorld):
    """One page with a mark for a next one, as a planned answer."""
    return Answer(json.dumps({"posts": sky.posts[:5], "cursor": "1795349854000__x"}), JSON)


@pytest.mark.parametrize(
    ("values", "secrets", "note"),
    [
        ({}, {}, "Bluesky: BSKY_APP_PASSWORD is not set"),
        ({"handle": ""}, SECRETS, "needs `handle`"),
        ({"secret_env": ""}, SECRETS, "needs `handle`"),
    ],
)
def test_what_is_missing_is_named(ear: Ear, sky: BlueskyWorld, values, secrets, note):
    ear.set(**values)
    ear.secrets = secrets
    reading = ear.read()
    assert (reading.outcome, note in reading.note, sky.asked) == (Outcome.AUTH_FAILED, True, [])


def test_neither_words_nor_query_is_said(ear: Ear):
    ear.words = ()
    assert ear.read().note == "nothing to search for: `query` is empty and the brand has no words"


def test_secrets_and_tokens_are_in_no_cursor_note_or_message(ear: Ear, sky: BlueskyWorld, clock: StepClock):
    burst(sky, NOW - timedelta(minutes=5))
    sky.page_size = 50
    sky.plan(SEARCH, None, refusal(400, "InvalidRequest"), refusal(400, "InvalidRequest"))
    sky.plan(REFRESH, refusal(400, "ExpiredToken"))
    ear.turns(2)
    sky.revoke()
    sky.password = "x"
    ear.turns(2)
    shown = repr([(one.note, one.cursor) for one in ear.readings]) + repr(ear.sessions)
    assert not [word for word in ("access-token", "refresh-token", "fake-app", "Bearer") if word in shown]
    assert all("fake-app" not in asked.path for asked in sky.web.requests)


def test_an_own_query_is_sent_as_it_is_and_words_with_spaces_are_quoted(ear: Ear, sky: BlueskyWorld):
    ear.words = (WORD, "Xinghe Tea")
    ear.turns(1)
    ear.set(query="星禾 (异物 | 拉肚子)")
    ear.turns(1)
    assert [params["q"] for name, params in sky.asked if name == SEARCH] == [
        [WORD], ['"Xinghe Tea"'], ["星禾 (异物 | 拉肚子)"],
    ]  # fmt: skip
    assert list(ear.before.cursor["reach"]) == ["search:星禾 (异物 | 拉肚子)"]


def test_the_window_goes_by_when_posts_were_taken_in_and_looks_back_a_little(ear: Ear, sky: BlueskyWorld, clock):
    """A post dated seven minutes back comes late; one from the future does not move the window past the present."""
    sky.post(f"{WORD} 一", NOW - timedelta(minutes=1), created="2099-01-01T00:00:00.000Z")
    ear.turns(1)
    late = sky.post(f"{WORD} 二", NOW, created="2026-11-22T11:53:00.000Z")
    reading = ear.read()
    assert late in {one.ext_id for one in reading.mentions}
    assert ear.before.cursor["reach"][f"search:{WORD}"] == {"newest": "2026-11-22T12:00:00.000Z", "gaps": []}


def test_notifications_give_mentions_replies_and_quotes_and_do_not_go_back_for_ever(ear: Ear, sky: BlueskyWorld):
    ear.set(notifications=True)
    for n in range(20):
        sky.notify("mention", "老早的 @xinghe.test", NOW - timedelta(days=3, hours=n))
    uris = {sky.notify(why, f"{why} @xinghe.test", NOW - timedelta(minutes=1)) for why in ("mention", "reply", "quote")}
    sky.notify("like", "", NOW)
    sky.page_size = 2
    reading = ear.read()
    assert uris <= {one.ext_id for one in reading.mentions}
    assert {one.likes for one in reading.mentions} == {None}
    # Two pages with what is new, one that is all older.
    assert (reading.outcome, sky.count(NOTICES)) == (Outcome.OK, 3)


def test_notifications_survive_a_stop_too(ear: Ear, sky: BlueskyWorld, clock: StepClock):
    ear.set(notifications=True)
    ear.words = ()
    wanted = {sky.notify("mention", f"第{n}", NOW - timedelta(seconds=n)) for n in range(50)}
    sky.page_size = 10
    sky.plan(NOTICES, None, None, sky.limited(), None, None, sky.limited())
    assert ear.turns(3) == [Outcome.RATE_LIMITED, Outcome.RATE_LIMITED, Outcome.OK]
    assert (set(ear.heard), ear.kept) == (wanted, 50)


def test_followers_are_asked_for_behind_posts_that_move_people(ear: Ear, sky: BlueskyWorld, clock: StepClock):
    ear.set(followers_from=10)
    loud = sky.post(f"{WORD} 爆了", clock(), author="dav", likeCount=90)
    quiet = sky.post(f"{WORD} 一般", clock(), author="eve", likeCount=9)
    sky.followers = {f"did:plc:{'dav':a<24}": 120_000, f"did:plc:{'eve':a<24}": 5}
    assert {one.ext_id: one.followers for one in ear.read().mentions} == {loud: 120_000, quiet: None}
    sky.plan(PROFILES, refusal(502, "UpstreamFailure"))
    reading = ear.read()
    assert (reading.outcome, [one.followers for one in reading.mentions]) == (Outcome.OK, [None, None])
    assert reading.note.startswith("followers are unknown: ")


@pytest.mark.parametrize(
    ("body", "kind", "outcome"),
    [
        (b"<html><title>Sign in</title><input type=password></html>", "text/html", Outcome.BLOCKED),
        (b"", "text/plain", Outcome.MALFORMED),
        (b"[]", JSON, Outcome.MALFORMED),
        (b'{"posts": {}}', JSON, Outcome.MALFORMED),
        (b'{"results": []}', JSON, Outcome.MALFORMED),
        (b'{"posts": [{"uri": 5}]}', JSON, Outcome.MALFORMED),
        (b"[" * 100_000, JSON, Outcome.MALFORMED),
    ],
)
def test_an_answer_that_is_none_is_never_no_mentions(ear: Ear, sky: BlueskyWorld, body, kind, outcome):
    sky.plan(SEARCH, Answer(body, kind))
    assert ear.read().outcome == outcome


def test_one_broken_post_of_many_costs_only_itself(ear: Ear, sky: BlueskyWorld, clock: StepClock):
    uri = sky.post(f"{WORD}难喝", clock())
    sky.posts.append({**sky.posts[0], "uri": "nonsense"})
    assert [one.ext_id for one in ear.read().mentions] == [uri]


def test_a_meter_counts_every_request(ear: Ear, sky: BlueskyWorld, store, clock: StepClock):
    ear.set(limits=Limits(per_hour=4).model_dump())
    assert ear.turns(5) == [Outcome.EMPTY] * 3 + [Outcome.RATE_LIMITED, Outcome.EMPTY]
    with store.reading() as tx:
        used = meters.all_meters(tx)
    assert len(sky.asked) == 5
    assert {name: meter.day_used for name, meter in used.items()} == {
        "bluesky:BSKY_APP_PASSWORD": 5, "bluesky:BSKY_APP_PASSWORD:login": 1,
    }  # fmt: skip
