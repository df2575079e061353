"""Reading a Mastodon server: bursts, limits in the middle, revoked tokens, page caps; nothing is lost or said twice."""

import logging
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from config.accounts import MastodonSource
from config.clock import StepClock
from config.errors import SourceError
from config.mapping import Limits
from monitor.intake import Intake
from monitor.limiter import StoreLimiter, Unlimited
from monitor.sources.mastodon.reader import read_mastodon
from monitor.sources.tools import Tools
from monitor.sources.wire.fetch import Fetcher
from store.nouns import Outcome, Reading
from store.sources import fresh
from tests.worlds.feeds import Answer
from tests.worlds.platforms.mastodon import NOTICES, SEARCH, TAG, TOKEN, Mastodon

START = datetime(2026, 11, 22, 3, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
BRAND = "星禾茶饮"


@pytest.fixture
def clock():
    return StepClock(START)


@pytest.fixture(params=["mastodon", "gotosocial"])
def server(request, clock):
    with Mastodon(clock, ulid=request.param == "gotosocial") as world:
        yield world


@pytest.fixture
def numbered(clock):
    with Mastodon(clock) as world:
        yield world


class Follower:
    """Reads one server again and again as the service does: its state, its secret, what it heard and what came of it.

    `heard` counts how often each uri came; `told` are the outcomes in order, with the time to ask again.
    """

    def __init__(self, world: Mastodon, clock: StepClock, limiter=None, words=(BRAND,), deadline=20.0, **source):
        self.clock, self.limiter, self.words = clock, limiter or Unlimited(), words
        self.source = MastodonSource(id="fedi", base_url=world.base, **{"secret_env": "MASTODON_TOKEN", **source})
        self.fetch = Fetcher(allow=[f"127.0.0.1:{world.port}"], deadline=timedelta(seconds=deadline))
        self.secrets = {"MASTODON_TOKEN": TOKEN}
        self.state = fresh("fedi")
        self.heard = Counter()
        self.told = []
        self.last = Reading(Outcome.EMPTY)

    def read(self) -> Reading:
        tools = Tools(self.fetch, self.limiter, lambda name: self.secrets.get(name, ""), self.clock(), self.words)
        try:
            self.last = read_mastodon(self.source, self.state, tools)
        except SourceError as error:
            self.last = Reading(Outcome(error.outcome), note=str(error), until=error.until)
        if self.last.cursor is not None:
            self.state = replace(self.state, cursor=self.last.cursor)
        self.heard.update(mention.ext_id for mention in self.last.mentions)
        self.told.append((self.last.outcome, self.last.until))
        return self.last


@pytest.fixture
def following(clock):
    opened = []

    def follow(world, **more) -> Follower:
        opened.append(Follower(world, clock, **more))
        return opened[-1]

    yield follow
    for one in opened:
        one.fetch.close()


@pytest.fixture(params=["unlimited", "counted"])
def limiter(request, store, clock):
    return Unlimited() if request.param == "unlimited" else StoreLimiter(store, clock)


def uris(statuses) -> set[str]:
    return {status["uri"] for status in statuses}


def burst(server, count: int, begin: datetime, every: timedelta = SECOND) -> None:
    for number in range(count):
        server.post(f"{BRAND}喝出异物 {number}", begin + number * every)


# The burst


def test_a_burst_with_limits_in_the_middle_and_a_revoked_token_loses_nothing(
    server, clock, following, limiter, store, ids
):
    one = following(server, limiter=limiter)
    new = 0

    def read():
        nonlocal new
        reading = one.read()
        with store.transaction() as tx:
            new += Intake(ids, "a key of the house").keep(tx, one.source, reading.mentions, clock()).new

    burst(server, 3, START - MINUTE)
    read()
    burst(server, 200, START + SECOND)
    clock.forward(START + 4 * MINUTE)
    # One request was counted before; two pages of five come, then the server's own limit holds.
    server.limit = 3
    read()
    clock.forward(START + 5 * MINUTE)
    server.limit = 300
    server.instead = {6: Answer(b'{"error":"rate limit reached"}', "application/json", 429, {"Retry-After": "30"})}
    read()
    clock.forward(START + 5 * MINUTE + 30 * SECOND)
    server.revoke("tok_fresh")
    read()
    one.secrets["MASTODON_TOKEN"] = "tok_fresh"
    read()
    read()

    assert one.told == [
        (Outcome.OK, None),
        (Outcome.RATE_LIMITED, START + 5 * MINUTE),
        (Outcome.RATE_LIMITED, START + 5 * MINUTE + 30 * SECOND),
        (Outcome.AUTH_FAILED, None),
        (Outcome.OK, None),
        # A second look at the newest: nothing of it is new.
        (Outcome.OK, None),
    ]
    assert set(one.heard) == uris(server.statuses)
    assert (len(one.heard), new) == (203, 203)


def test_a_burst_is_walked_forward_page_by_page(server, clock, following):
    one = following(server)
    burst(server, 3, START - MINUTE)
    one.read()
    burst(server, 200, START)
    clock.forward(START + SECOND)
    one.read()
    assert one.heard == Counter(uris(server.statuses))
    assert [query.get("since_id") for _, query in server.asked] == [None] * 7
    assert [query.get("limit") for _, query in server.asked] == ["40"] * 7


def test_the_first_read_takes_the_newest_page_only(server, following):
    one = following(server)
    burst(server, 100, START - 5 * MINUTE)
    one.read()
    assert set(one.heard) == uris(server.statuses[-40:])
    assert len(server.asked) == 1
    assert one.state.cursor[f"tag:{BRAND}"]["recent"][-1] == server.statuses[-1]["id"]


def test_a_timeline_that_was_empty_at_first_is_read_whole_after_a_burst(server, clock, following):
    one = following(server)
    one.read()
    burst(server, 200, START)
    clock.forward(START + 4 * MINUTE)
    one.read()
    assert one.told == [(Outcome.EMPTY, None), (Outcome.OK, None)]
    assert one.heard == Counter(uris(server.statuses))


def test_the_page_cap_marks_the_window_and_the_rest_is_read_next_time(server, clock, following):
    one = following(server, max_pages=3)
    one.read()
    burst(server, 300, START)
    told = []
    for turn in range(1, 5):
        clock.forward(START + turn * MINUTE)
        told.append((one.read().truncated, one.last.note, len(server.asked)))
    stopped = "stopped at the most pages of one read; the rest is read next time"
    assert told == [(True, stopped, 4), (True, stopped, 7), (False, "", 10), (False, "", 12)]
    assert set(one.heard) == uris(server.statuses)


def test_tiny_pages_and_a_low_cap_still_come_to_an_end(server, clock, following):
    one = following(server, max_pages=1)
    one.read()
    server.largest = 2
    burst(server, 60, START)
    for turn in range(1, 20):
        clock.forward(START + 2 * turn * MINUTE)
        one.read()
    assert set(one.heard) == uris(server.statuses)


def test_a_post_that_comes_late_from_another_server_is_heard(server, clock, following):
    one = following(server)
    burst(server, 15, START - 10 * MINUTE)
    one.read()
    late = server.post(f"{BRAND}门店被查", START - 10 * MINUTE + 7 * SECOND)
    clock.forward(START + MINUTE)
    one.read()
    assert one.heard[late["uri"]] == 1


def test_a_second_look_comes_once_a_minute_and_not_in_every_hot_read(server, clock, following):
    one = following(server)
    burst(server, 15, START - 10 * MINUTE)
    for turn in range(13):
        clock.forward(START + turn * 10 * SECOND)
        one.read()
    # The first page; two requests in the read of each whole minute, one in the others.
    assert len(server.asked) == 1 + 10 + 2 * 2
    assert [outcome for outcome, _ in one.told] == [
        Outcome.OK if turn in (0, 6, 12) else Outcome.EMPTY for turn in range(13)
    ]


def test_a_server_that_does_not_know_min_id_is_not_asked_for_ever(server, clock, following):
    server.honest = False
    one = following(server)
    burst(server, 10, START - MINUTE)
    one.read()
    clock.forward(START + MINUTE)
    one.read()
    assert len(server.asked) == 3


def test_the_link_tells_of_posts_that_are_kept_from_us(numbered, clock, following):
    one = following(numbered)
    burst(numbered, 3, START - MINUTE)
    one.read()
    hidden = numbered.post("屏蔽", START)
    numbered.statuses.remove(hidden)
    link = f'<{numbered.url(TAG)}x?max_id=1>; rel="next", <http://169.254.169.254/?min_id={hidden["id"]}>; rel="prev"'
    numbered.instead = {2: Answer(b"[]", "application/json", 200, {"Link": link})}
    burst(numbered, 2, START + SECOND)
    clock.forward(START + 10 * SECOND)
    one.read()
    assert [query.get("min_id") for _, query in numbered.asked][2] == hidden["id"]
    assert set(one.heard) == uris(numbered.statuses)


def test_a_read_that_hangs_keeps_what_came_before(server, clock, following):
    one = following(server, deadline=0.4)
    one.read()
    burst(server, 120, START)
    server.instead = {3: None}
    clock.forward(START + 3 * MINUTE)
    one.read()
    assert (one.told[-1], len(one.heard)) == ((Outcome.TIMEOUT, None), 40)
    one.read()
    assert one.heard == Counter(uris(server.statuses))


# Parts


def test_each_tag_keeps_its_own_place_and_takes_turns(server, clock, following):
    one = following(server, tags=("星禾茶饮", "#星禾奶盖", "星禾奶盖"), max_pages=4)
    one.read()
    burst(server, 300, START)
    rare = server.post("有虫", START, tags=("星禾奶盖",))
    clock.forward(START + 6 * MINUTE)
    one.read()
    assert one.heard[rare["uri"]] == 1
    assert one.last.truncated
    assert set(one.state.cursor) == {"tag:星禾茶饮", "tag:星禾奶盖"}
    assert one.state.cursor["tag:星禾奶盖"]["recent"] == ["0", rare["id"]]


def test_a_post_with_two_tags_or_from_two_servers_is_one(server, clock, following):
    one = following(server, tags=("a", "b"))
    post = server.post(BRAND, START - MINUTE, tags=("a", "b"))
    server.post(BRAND, START - MINUTE, tags=("b",), uri="https://elsewhere.example/users/x/statuses/1")
    server.post(BRAND, START - MINUTE, tags=("a",), uri="https://elsewhere.example/users/x/statuses/1")
    one.read()
    assert one.heard == Counter([post["uri"], "https://elsewhere.example/users/x/statuses/1"])


def test_tags_come_from_words_that_can_be_one(numbered, following):
    one = following(
        numbered, words=("星禾 茶饮", "星禾茶饮", "12315", "Xing-He", "XINGHE", "xinghe", "#奶茶", "a", "b", "c")
    )
    one.read()
    asked = [path.removeprefix(TAG) for path, _ in numbered.asked]
    assert asked == ["星禾茶饮", "XINGHE", "奶茶", "a", "b"]
    assert one.last.note == "not read, more than 5 words: c"


def test_mentions_of_the_own_account(server, clock, following):
    one = following(server, words=(), mentions=True)
    server.mention("@xinghe 旧的", START - MINUTE)
    server.notices.append(server.notices[0] | {"id": server._id(START), "type": "favourite"})
    one.read()
    private = server.mention("@xinghe 私下", START, visibility="direct")
    for number in range(100):
        server.mention(f"@xinghe 异物 {number}", START + number * SECOND)
    clock.forward(START + 2 * MINUTE)
    one.read()
    assert one.heard == Counter(uris(one["status"] for one in server.notices) - {private["uri"]})
    assert {(path, query["types[]"]) for path, query in server.asked} == {(NOTICES, "mention")}


def test_a_search_is_walked_back_to_the_last_one(numbered, clock, following):
    one = following(numbered, tags=("x",), search=True)
    burst(numbered, 3, START - MINUTE)
    one.read()
    burst(numbered, 200, START)
    clock.forward(START + 4 * MINUTE)
    one.read()
    assert set(one.heard) == uris(numbered.statuses)
    searched = [query for path, query in numbered.asked if path == SEARCH]
    assert {query["type"] for query in searched} == {"statuses"}
    assert [query["offset"] for query in searched] == ["0", "0", "40", "80", "120", "160", "200", "240"][
        : len(searched)
    ]


def test_a_search_stopped_in_the_middle_loses_nothing(numbered, clock, following, limiter):
    one = following(numbered, words=("异物",), query="异物", search=True, limiter=limiter)
    one.read()
    burst(numbered, 200, START, timedelta(milliseconds=270))
    clock.forward(START + 2 * MINUTE)
    limited = Answer(
        b'{"error":"rate limit reached"}', "application/json", 429, {"X-RateLimit-Reset": "2026-11-22T03:08:00.000Z"}
    )
    numbered.instead = {4: limited, 6: Answer(b"no", "text/plain", 500)}
    one.read()
    burst(numbered, 50, START + 2 * MINUTE)
    clock.forward(START + 3 * MINUTE)
    one.read()
    one.read()
    assert [outcome for outcome, _ in one.told] == [
        Outcome.EMPTY, Outcome.RATE_LIMITED, Outcome.SERVER_ERROR, Outcome.OK,
    ]  # fmt: skip
    assert one.told[1][1] == START + 3 * MINUTE
    assert set(one.heard) == uris(numbered.statuses)
    assert one.state.cursor["search:异物"]["gap"] is None


def test_a_search_that_meets_the_cap_goes_on_below_it(numbered, clock, following):
    one = following(numbered, query="异物", search=True, max_pages=2)
    one.read()
    burst(numbered, 200, START, timedelta(milliseconds=270))
    for turn in range(1, 11):
        clock.forward(START + turn * MINUTE)
        one.read()
    assert set(one.heard) == uris(numbered.statuses)
    assert not one.last.truncated


def test_a_server_without_full_text_search_is_said_to_be_one(server, following):
    server.full_text = False
    one = following(server, query="异物|退款", search=True)
    one.read()
    silent = "the search never found anything for 异物, 退款: servers without full-text search answer just so"
    assert (one.last.outcome, one.last.note) == (Outcome.EMPTY, silent)


def test_what_was_found_once_may_be_silent_later(numbered, clock, following):
    one = following(numbered, query="异物", search=True)
    burst(numbered, 1, START - MINUTE)
    one.read()
    numbered.statuses.clear()
    clock.forward(START + MINUTE)
    one.read()
    assert (one.last.outcome, one.last.note) == (Outcome.EMPTY, "")


# Refusals


def error(status: int, body: str = '{"error":"x"}') -> Answer:
    return Answer(body.encode(), "application/json", status)


UNNAMED = "allowed is 200, or 304 to a conditional request"


@pytest.mark.parametrize(
    ("answer", "outcome", "note"),
    [
        (
            error(401),
            Outcome.AUTH_FAILED,
            "answered 401: the token is not accepted, or nothing is shown without one (MASTODON_TOKEN)",
        ),
        (error(403), Outcome.AUTH_FAILED, "answered 403: the token lacks the scope for this (MASTODON_TOKEN)"),
        (error(404), Outcome.GONE, "answered 404: there is no such thing, or it is not shown to us"),
        (error(418), Outcome.BLOCKED, "answered 418: the server does not serve programs that name themselves as we do"),
        (
            error(422),
            Outcome.AUTH_FAILED,
            "answered 422: this is shown only to those who are logged in (MASTODON_TOKEN)",
        ),
        (error(500), Outcome.SERVER_ERROR, f"answered 500 (server_error); {UNNAMED}"),
        (error(410), Outcome.GONE, f"answered 410 (gone); {UNNAMED}"),
        (error(200), Outcome.MALFORMED, "timelines answered with no list of posts"),
        (error(200, ""), Outcome.MALFORMED, "timelines answered with no list of posts"),
        (error(200, "<html><title>Log in</title></html>"), Outcome.BLOCKED, "timelines answered with a login wall"),
        (error(200, "[null, 3]"), Outcome.EMPTY, ""),
    ],
)
def test_refusals(numbered, following, answer, outcome, note):
    one = following(numbered)
    numbered.instead = {1: answer}
    one.read()
    assert one.told == [(outcome, None)]
    assert one.last.note == (f"127.0.0.1: {note}" if note else "")


@pytest.mark.parametrize(
    ("headers", "until"),
    [
        ({"X-RateLimit-Reset": "2026-11-22T03:07:38.000Z"}, datetime(2026, 11, 22, 3, 7, 38, tzinfo=UTC)),
        ({"Retry-After": "90"}, START + timedelta(seconds=90)),
        ({"X-RateLimit-Reset": "2026-11-22T03:00:00.000Z"}, START + 5 * MINUTE),
        ({}, START + 5 * MINUTE),
    ],
)
def test_who_is_told_to_wait_waits_as_long_as_told(numbered, clock, following, store, headers, until):
    shared = StoreLimiter(store, clock)
    one, other = following(numbered, limiter=shared), following(numbered, limiter=shared)
    numbered.instead = {1: Answer(b'{"error":"rate limit reached"}', "application/json", 429, headers)}
    one.read()
    other.read()
    assert (one.told, other.told, len(numbered.asked)) == ([(Outcome.RATE_LIMITED, until)],) * 2 + (1,)
    clock.forward(until)
    other.read()
    assert other.told[-1] == (Outcome.EMPTY, None)


def test_the_last_allowed_request_is_the_last_one_made(numbered, clock, following, store):
    one = following(numbered, limiter=StoreLimiter(store, clock))
    one.read()
    numbered.limit = 3
    burst(numbered, 200, START)
    clock.forward(START + 4 * MINUTE)
    one.read()
    assert (len(numbered.asked), one.told[-1]) == (3, (Outcome.RATE_LIMITED, START + 5 * MINUTE))
    assert len(one.heard) == 80


def test_our_own_limit_stops_in_the_middle_and_loses_nothing(server, clock, following, store):
    one = following(server, limiter=StoreLimiter(store, clock), limits=Limits(per_hour=2))
    one.read()
    burst(server, 200, START)
    for hour in range(1, 6):
        clock.forward(START + hour * timedelta(hours=1))
        one.read()
    assert len(server.asked) <= 12
    assert set(one.heard) == uris(server.statuses)


def test_a_part_that_is_refused_does_not_silence_the_others(numbered, clock, following):
    one = following(numbered, mentions=True)
    numbered.forbidden = {NOTICES}
    burst(numbered, 3, START - MINUTE)
    one.read()
    assert one.told == [(Outcome.AUTH_FAILED, None)]
    assert set(one.heard) == uris(numbered.statuses)


def test_a_closed_server_says_so_to_those_without_a_token(numbered, following):
    numbered.open = False
    one = following(numbered, secret_env="")
    one.read()
    assert one.told == [(Outcome.AUTH_FAILED, None)]
    assert one.last.note == "127.0.0.1: answered 422: this is shown only to those who are logged in"


def test_tags_are_read_without_a_token_and_a_name_is_always_given(server, following):
    one = following(server, secret_env="")
    burst(server, 1, START - MINUTE)
    one.read()
    assert one.told == [(Outcome.OK, None)]


def test_nobody_sees_the_token(numbered, following, caplog):
    caplog.set_level(logging.DEBUG)
    one = following(numbered)
    numbered.revoke()
    notes = [one.read().note]
    one.secrets.clear()
    notes.append(one.read().note)
    assert notes == [
        "127.0.0.1: answered 401: the token is not accepted, or nothing is shown without one (MASTODON_TOKEN)",
        "mastodon: no token in MASTODON_TOKEN",
    ]
    assert TOKEN not in caplog.text + repr(one.last) + repr(one.state)


def test_without_words_the_source_says_so_instead_of_staying_silent(numbered, following):
    one = following(numbered, words=("1 2",))
    one.read()
    assert (one.last.outcome, numbered.asked) == (Outcome.MALFORMED, [])
    assert one.last.note == "mastodon: nothing to read: `tags` is empty and no brand has words"


@pytest.mark.parametrize("part", ["search", "mentions"])
def test_what_needs_a_token_must_name_one(part):
    with pytest.raises(ValidationError, match="need `secret_env`"):
        MastodonSource(id="fedi", base_url="https://mastodon.example", **{part: True})


@pytest.mark.parametrize("kept", [7, "x", [], {"recent": 3}, {"recent": [4]}, {"looked": "x"}])
def test_a_cursor_of_another_shape_is_a_first_read(numbered, following, kept):
    one = following(numbered, tags=("星禾茶饮",), query="异物", search=True)
    one.state = replace(one.state, cursor={"tag:星禾茶饮": kept, "search:异物": kept, "old": 1})
    burst(numbered, 2, START - MINUTE)
    one.read()
    assert set(one.heard) == uris(numbered.statuses)
    assert set(one.state.cursor) == {"tag:星禾茶饮", "search:异物"}
