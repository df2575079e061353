"""Reading Weibo: bursts, limits in the middle, revoked tokens, page caps; nothing is lost and nobody sees the token."""

import logging
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.accounts import WeiboSource
from config.clock import StepClock
from config.errors import SourceError
from config.mapping import Limits
from monitor.intake import Intake
from monitor.limiter import StoreLimiter, Unlimited
from monitor.sources.tools import Tools
from monitor.sources.weibo.reader import read_weibo
from monitor.sources.weibo.windows import Track, Walk, Window, cursor_of, tracks_of
from monitor.sources.wire.fetch import Fetcher
from store.nouns import Klass, Outcome, Reading
from store.sources import fresh
from tests.worlds.feeds import Answer
from tests.worlds.platforms.weibo import COMMENTS, MENTIONS, SEARCH, TOKEN, Weibo, refusal

START = datetime(2026, 11, 22, 3, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
BRAND = "星禾茶饮"


@pytest.fixture
def clock():
    return StepClock(START)


@pytest.fixture
def weibo(clock):
    with Weibo(clock) as world:
        yield world


class Listener:
    """Reads one source again and again as the service does: its state, its secret, what it heard and what came of it.

    `heard` counts how often each id came; `told` are the outcomes in order, with the time to ask again.
    """

    def __init__(self, world: Weibo, clock: StepClock, limiter=None, words=(BRAND,), deadline=20.0, **source):
        self.clock, self.limiter, self.words = clock, limiter or Unlimited(), words
        self.source = WeiboSource(id="weibo", base_url=world.base, secret_env="WEIBO_TOKEN", **source)
        self.fetch = Fetcher(allow=[f"127.0.0.1:{world.port}"], deadline=timedelta(seconds=deadline))
        self.secrets = {"WEIBO_TOKEN": TOKEN}
        self.state = fresh("weibo")
        self.heard = Counter()
        self.told = []
        self.last = Reading(Outcome.EMPTY)

    def read(self) -> Reading:
        tools = Tools(self.fetch, self.limiter, lambda name: self.secrets.get(name, ""), self.clock(), self.words)
        try:
            self.last = read_weibo(self.source, self.state, tools)
        except SourceError as error:
            self.last = Reading(Outcome(error.outcome), note=str(error), until=error.until)
        if self.last.cursor is not None:
            self.state = replace(self.state, cursor=self.last.cursor)
        self.heard.update(mention.ext_id for mention in self.last.mentions)
        self.told.append((self.last.outcome, self.last.until))
        return self.last


@pytest.fixture
def listening(weibo, clock):
    opened = []

    def listen(**more) -> Listener:
        opened.append(Listener(weibo, clock, **more))
        return opened[-1]

    yield listen
    for one in opened:
        one.fetch.close()


@pytest.fixture(params=["unlimited", "counted"])
def limiter(request, store, clock):
    return Unlimited() if request.param == "unlimited" else StoreLimiter(store, clock)


def mids(posts) -> set[str]:
    return {post["mid"] for post in posts}


def burst(weibo, count: int, begin: datetime, every: timedelta) -> None:
    for number in range(count):
        weibo.post(f"{BRAND}喝出异物 {number}", begin + number * every)


# The burst


def test_a_burst_with_limits_in_the_middle_and_a_revoked_token_loses_nothing(
    weibo, clock, listening, limiter, store, ids
):
    one = listening(limiter=limiter)
    new = 0

    def read():
        nonlocal new
        reading = one.read()
        with store.transaction() as tx:
            new += Intake(ids, "a key of the house").keep(tx, one.source, reading.mentions, clock()).new

    burst(weibo, 3, START - MINUTE, SECOND)
    read()
    burst(weibo, 200, START + SECOND, SECOND)
    clock.forward(START + 5 * MINUTE)
    # Two pages of five come, then the hour's limit; then a gateway says 429; then the token dies.
    weibo.instead = {5: refusal("10023"), 7: Answer(b"busy", "text/plain", 429, {"Retry-After": "30"})}
    read()
    clock.forward(datetime(2026, 11, 22, 4, 0, tzinfo=UTC))
    read()
    clock.forward(clock() + timedelta(seconds=30))
    weibo.revoke("2.00Fresh")
    read()
    one.secrets["WEIBO_TOKEN"] = "2.00Fresh"
    read()
    read()

    assert one.told == [
        (Outcome.OK, None),
        (Outcome.RATE_LIMITED, datetime(2026, 11, 22, 4, 0, tzinfo=UTC)),
        (Outcome.RATE_LIMITED, datetime(2026, 11, 22, 4, 0, 30, tzinfo=UTC)),
        (Outcome.AUTH_FAILED, None),
        (Outcome.OK, None),
        (Outcome.EMPTY, None),
    ]
    assert set(one.heard) == mids(weibo.public)
    assert (len(one.heard), new) == (203, 203)
    assert "mark" in one.state.cursor[f"search:{BRAND}"]


def test_who_shares_the_account_does_not_ask_before_the_hour_is_over(weibo, clock, listening, store):
    shared = StoreLimiter(store, clock)
    one, other = listening(limiter=shared), listening(limiter=shared)
    weibo.hourly = 2
    burst(weibo, 120, START - 5 * MINUTE, SECOND)
    one.read()
    asked = len(weibo.asked)
    other.read()
    clock.forward(START + 54 * MINUTE)
    one.read()
    assert (asked, len(weibo.asked)) == (3, 3)
    assert other.told == [(Outcome.RATE_LIMITED, datetime(2026, 11, 22, 4, 0, tzinfo=UTC))]
    weibo.hourly = 50_000
    clock.forward(datetime(2026, 11, 22, 4, 0, tzinfo=UTC))
    one.read()
    assert set(one.heard) == mids(weibo.public)


def test_our_own_limit_stops_in_the_middle_and_loses_nothing(weibo, clock, listening, store):
    one = listening(limiter=StoreLimiter(store, clock), limits=Limits(per_hour=2))
    burst(weibo, 200, START - 5 * MINUTE, SECOND)
    for hour in range(5):
        clock.forward(START + hour * timedelta(hours=1))
        one.read()
    assert len(weibo.asked) == 10
    assert one.told[0] == (Outcome.RATE_LIMITED, datetime(2026, 11, 22, 4, 0, tzinfo=UTC))
    assert set(one.heard) == mids(weibo.public)


def test_the_page_cap_marks_the_window_and_the_rest_is_read_next_time(weibo, clock, listening):
    one = listening(max_pages=3)
    burst(weibo, 400, START - 10 * MINUTE, SECOND)
    truncated = []
    for turn in range(6):
        clock.forward(START + turn * MINUTE)
        truncated.append((one.read().truncated, one.last.note, len(weibo.asked)))
    stopped = "stopped at the most pages of one read; the rest is read next time"
    assert truncated == [*((True, stopped, 3 * turn) for turn in range(1, 5)), (False, "", 15), (False, "", 18)]
    assert set(one.heard) == mids(weibo.public)


def test_a_hundred_posts_in_one_second_are_read_one_page_at_a_time(weibo, clock, listening):
    one = listening(max_pages=1)
    burst(weibo, 130, START - MINUTE, timedelta())
    for turn in range(9):
        clock.forward(START + turn * SECOND)
        one.read()
    assert set(one.heard) == mids(weibo.public)


def test_a_search_that_stops_turning_pages_is_asked_for_what_is_older(weibo, listening):
    one = listening()
    weibo.deepest = 250
    burst(weibo, 700, START - 30 * MINUTE, SECOND)
    assert one.read().outcome is Outcome.OK
    assert set(one.heard) == mids(weibo.public)


def test_what_is_deleted_while_pages_are_turned_takes_nothing_with_it(weibo, clock, listening):
    one = listening(max_pages=2)
    burst(weibo, 200, START - 5 * MINUTE, SECOND)
    one.read()
    gone = weibo.public[-30:]
    del weibo.public[-30:]
    for turn in range(1, 5):
        clock.forward(START + turn * SECOND)
        one.read()
    assert set(one.heard) == mids(weibo.public) | mids(gone)


def test_a_post_the_search_finds_late_is_heard_all_the_same(weibo, clock, listening):
    one = listening()
    late = weibo.post(f"{BRAND}封店了", START - MINUTE, indexed=START + 2 * MINUTE)
    weibo.post(f"{BRAND}排队", START - SECOND)
    one.read()
    clock.forward(START + 3 * MINUTE)
    one.read()
    assert one.heard[late["mid"]] == 1


def test_a_quiet_read_costs_two_requests_and_a_silent_one_a_single_one(weibo, clock, listening):
    one = listening()
    one.read()
    assert (one.told, len(weibo.asked)) == ([(Outcome.EMPTY, None)], 1)
    burst(weibo, 3, START, SECOND)
    clock.forward(START + MINUTE)
    one.read()
    assert len(weibo.asked) == 3


def test_copies_of_one_text_are_all_heard(weibo, listening):
    one = listening()
    for number in range(120):
        weibo.post(f"{BRAND}，退钱", START - number * SECOND)
    one.read()
    assert set(one.heard) == mids(weibo.public)


def test_a_read_that_hangs_keeps_what_came_before(weibo, clock, listening):
    one = listening(deadline=0.4)
    burst(weibo, 120, START - 5 * MINUTE, SECOND)
    weibo.instead = {2: None}
    one.read()
    assert (one.told, len(one.heard)) == ([(Outcome.TIMEOUT, None)], 50)
    weibo.instead = {}
    clock.forward(START + SECOND)
    one.read()
    assert set(one.heard) == mids(weibo.public)


# Words


def test_each_word_is_a_search_and_a_flood_of_one_does_not_silence_the_others(weibo, listening):
    one = listening(words=(BRAND, "星禾奶盖"), max_pages=4)
    burst(weibo, 400, START - 10 * MINUTE, SECOND)
    rare = weibo.post("星禾奶盖里有虫", START - MINUTE)
    one.read()
    assert one.heard[rare["mid"]] == 1
    assert one.last.truncated


def test_five_words_are_searched_and_the_others_are_named(weibo, listening):
    one = listening(words=tuple(f"星禾{number}" for number in range(7)))
    one.read()
    assert [query["q"] for _, query in weibo.asked] == [f"星禾{number}" for number in range(5)]
    assert one.last.note == "not searched, more than 5 words: 星禾5, 星禾6"


def test_characters_the_search_refuses_are_never_sent(weibo, listening):
    one = listening(words=("“星禾{茶}饮”", "星禾 茶 饮", "{}"))
    one.read()
    assert (one.told, [query["q"] for _, query in weibo.asked]) == ([(Outcome.EMPTY, None)], ["星禾 茶 饮"])


def test_a_query_of_the_source_comes_before_the_words(weibo, listening):
    one = listening(query="星禾 投诉|星禾 退款")
    one.read()
    assert [query["q"] for _, query in weibo.asked] == ["星禾 投诉", "星禾 退款"]


def test_without_words_the_source_says_so_instead_of_staying_silent(weibo, listening):
    one = listening(words=())
    one.read()
    both = listening(words=(), parts=("search", "mentions"))
    both.read()
    wordless = "nothing to search for: `query` is empty and no brand has words"
    assert (one.last.outcome, one.last.note) == (Outcome.MALFORMED, f"weibo: {wordless}")
    assert (both.last.outcome, both.last.note, both.last.degraded) == (Outcome.EMPTY, wordless, True)


# Mailboxes


@pytest.mark.parametrize("part", ["mentions", "comments"])
@pytest.mark.parametrize("uid", ["", "1404376560"])
def test_a_mailbox_begins_with_its_newest_page_and_then_misses_nothing(weibo, clock, listening, part, uid):
    one = listening(parts=(part,), uid=uid)
    under = weibo.post("星禾茶饮新品", START - timedelta(days=9))

    def write(count: int):
        for number in range(count):
            if part == "mentions":
                weibo.mention(f"@星禾茶饮 {number}", clock())
            else:
                weibo.comment(f"@星禾茶饮 {number}", clock(), under)

    held = weibo.mentioned if part == "mentions" else weibo.comments
    write(300)
    one.read()
    assert set(one.heard) == mids(held[-200:])
    write(450)
    weibo.instead = {3: refusal(10022)}
    clock.forward(START + MINUTE)
    one.read()
    clock.forward(START + timedelta(hours=1))
    write(7)
    one.read()
    assert [outcome for outcome, _ in one.told] == [Outcome.OK, Outcome.RATE_LIMITED, Outcome.OK]
    assert set(one.heard) == mids(held[100:])
    whose = "other" if uid else "biz"
    path = {"mentions": MENTIONS, "comments": COMMENTS}[part]
    assert {(asked, query.get("uid", "")) for asked, query in weibo.asked} == {(f"{path}/{whose}", uid)}


def test_a_mailbox_that_was_empty_at_first_is_read_whole_after_a_burst(weibo, clock, listening):
    one = listening(parts=("mentions",))
    one.read()
    for number in range(450):
        weibo.mention(f"@星禾茶饮 {number}", clock())
    one.read()
    assert set(one.heard) == mids(weibo.mentioned)


def test_a_mention_that_the_search_finds_too_is_one(weibo, listening):
    one = listening(parts=("search", "mentions", "comments"))
    post = weibo.mention(f"@星禾茶饮 {BRAND}有异味", START - MINUTE)
    weibo.public.append(post)
    said = weibo.comment("我的也是", START, post)
    one.read()
    assert one.heard == Counter([post["mid"], said["mid"]])
    comment = next(mention for mention in one.last.mentions if mention.klass == Klass.COMMENT)
    assert (comment.parent_ext_id, comment.repost_of) == (post["mid"], "")


def test_bare_arrays_are_read_like_objects(weibo, listening):
    one = listening(parts=("search", "mentions"))
    weibo.bare = True
    burst(weibo, 120, START - 5 * MINUTE, SECOND)
    weibo.mention("@星禾茶饮", START)
    one.read()
    assert set(one.heard) == mids([*weibo.public, *weibo.mentioned])


# Refusals

HOUR = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize("status", [200, 400, 403])
@pytest.mark.parametrize("spell", [int, str])
@pytest.mark.parametrize(
    ("code", "outcome", "until", "said"),
    [
        (10022, Outcome.RATE_LIMITED, HOUR, "the hourly limit of this IP address is used up"),
        (10023, Outcome.RATE_LIMITED, HOUR, "the hourly limit of this account is used up"),
        (10024, Outcome.RATE_LIMITED, HOUR, "the hourly limit of this interface is used up"),
        (10004, Outcome.AUTH_FAILED, None, "this IP address may not call the interface"),
        (10005, Outcome.AUTH_FAILED, None, "the app lacks the high-level permission (高级权限)"),
        (10014, Outcome.AUTH_FAILED, None, "the app lacks the permission for the interface"),
        (21314, Outcome.AUTH_FAILED, None, "put a fresh one into WEIBO_TOKEN"),
        (21317, Outcome.AUTH_FAILED, None, "put a fresh one into WEIBO_TOKEN"),
        (21327, Outcome.AUTH_FAILED, None, "the token has expired: put a fresh one into WEIBO_TOKEN"),
        (21332, Outcome.AUTH_FAILED, None, "the token is invalid: put a fresh one into WEIBO_TOKEN"),
        (10001, Outcome.SERVER_ERROR, None, "System error!"),
        (10010, Outcome.SERVER_ERROR, None, "?"),
        (10017, Outcome.MALFORMED, None, "a parameter has a value that is not allowed"),
        (10020, Outcome.GONE, None, "there is no such interface"),
    ],
)
def test_the_error_table(weibo, listening, code, spell, status, outcome, until, said):
    one = listening()
    weibo.instead = {1: refusal(spell(code), SEARCH, status)}
    one.read()
    assert one.told == [(outcome, until)]
    assert one.last.note.startswith(f"weibo {code} at {SEARCH}: ")
    assert said in one.last.note


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(b"<html><title>Sign in</title><input type=password></html>", "text/html"), Outcome.BLOCKED),
        (Answer("<html><title>安全验证</title></html>".encode(), "text/html"), Outcome.BLOCKED),
        (Answer(b"<html>hello</html>", "text/html"), Outcome.MALFORMED),
        (Answer(b"", "application/json"), Outcome.MALFORMED),
        (Answer(b'{"total_number": 3}', "application/json"), Outcome.MALFORMED),
        (Answer(b'{"statuses": null}', "application/json"), Outcome.MALFORMED),
        (Answer(b'{"statuses": []}', "application/json"), Outcome.EMPTY),
        (Answer(b"[]", "application/json"), Outcome.EMPTY),
        (Answer(b'{"statuses": [null, 3, "x", {}, []]}', "application/json"), Outcome.EMPTY),
        (Answer(b"[" * 100_000, "application/json"), Outcome.MALFORMED),
        (Answer(b"no", "text/plain", 401), Outcome.AUTH_FAILED),
        (Answer(b"no", "text/plain", 503), Outcome.SERVER_ERROR),
        (Answer(b"no", "text/plain", 404), Outcome.GONE),
    ],
)
def test_what_is_no_list_of_posts_is_never_taken_for_silence(weibo, listening, answer, outcome):
    one = listening()
    weibo.instead = {1: answer}
    one.read()
    assert one.told == [(outcome, None)]


def test_a_permission_that_lacks_for_one_part_does_not_silence_the_others(weibo, listening):
    one = listening(parts=("comments", "search", "mentions"))
    weibo.forbidden = {f"{COMMENTS}/biz"}
    burst(weibo, 60, START - 5 * MINUTE, SECOND)
    weibo.mention("@星禾茶饮", START)
    one.read()
    assert one.told == [(Outcome.AUTH_FAILED, None)]
    assert one.last.note == "weibo 10014 at comments/mentions/biz: the app lacks the permission for the interface"
    assert set(one.heard) == mids([*weibo.public, *weibo.mentioned])


def test_nobody_sees_the_token(weibo, clock, listening, caplog):
    caplog.set_level(logging.DEBUG)
    one = listening()
    burst(weibo, 3, START - MINUTE, SECOND)
    echo = refusal(20099)
    echo = replace(echo, body=echo.body.replace(b'"?"', f'"bad {TOKEN} sent"'.encode()))
    weibo.instead = {2: echo, 3: Answer(b"no", "text/plain", 401), 4: Answer(b"<html></html>", "text/html")}
    notes = [one.read().note for _ in range(4)]
    weibo.revoke()
    notes.append(one.read().note)
    one.secrets.clear()
    notes.append(one.read().note)
    assert notes == [
        "weibo 20099 at search/statuses/limited: bad … sent",
        "127.0.0.1: answered 401 (auth_failed); allowed is 200, or 304 to a conditional request;"
        " the token is that of WEIBO_TOKEN",
        "127.0.0.1: search/statuses/limited answered with no list of posts or comments",
        "",
        "weibo 21316 at search/statuses/limited: the token was revoked: put a fresh one into WEIBO_TOKEN",
        "weibo: no token in WEIBO_TOKEN",
    ]
    assert TOKEN not in caplog.text
    assert TOKEN not in repr(one.last) + repr(one.state)


def test_no_secret_named_is_no_request(weibo, clock):
    one = Listener(weibo, clock)
    one.source = one.source.model_copy(update={"secret_env": ""})
    one.read()
    one.fetch.close()
    assert (one.told, one.last.note, weibo.asked) == (
        [(Outcome.AUTH_FAILED, None)],
        "weibo: no token in secret_env",
        [],
    )


# Windows


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 40), max_size=30), min_size=1, max_size=6),
    st.lists(st.integers(1, 5), min_size=6, max_size=6),
    st.integers(1, 4),
)
def test_whatever_interrupts_every_post_is_read(arrivals, patience, size):
    """Between reads posts arrive with positions in their own span; each read is cut after a few pages."""
    track, held, heard = Track(), [], set()
    now = 0

    def go(pages: int) -> None:
        nonlocal track
        walk = Walk(track, Window(0 if track.mark is None else track.mark, now), size)
        while pages and not walk.done:
            window = walk.asking
            found = sorted((p, n) for n, p in enumerate(held) if window.low <= p <= (window.high or 0))[::-1]
            shown = found[(window.page - 1) * size : window.page * size]
            heard.update(number for _, number in shown)
            walk.take([place for place, _ in shown], len(shown), len(found))
            pages -= 1
        track = tracks_of(cursor_of({"one": walk.track})).get("one", Track())

    for offsets, pages in zip(arrivals, patience, strict=False):
        held += [now + offset for offset in offsets]
        now += 41
        go(pages)
    go(10_000)
    assert heard == set(range(len(held)))
    assert track == Track(now)


def test_many_gaps_are_joined_and_forget_nothing():
    track = Track()
    for turn in range(30):
        walk = Walk(track, Window(track.mark or 0, 100 * (turn + 1)), 10)
        walk.take([100 * turn + 50], 1, None)
        track = walk.track
    assert (track.mark, len(track.gaps), track.gaps[0], track.gaps[-1]) == (
        3000, 20, Window(2900, 2950), Window(0, 1050),
    )  # fmt: skip


@pytest.mark.parametrize(
    "cursor",
    [{}, {"a": 1}, {"a": {"mark": "x", "gaps": []}}, {"a": {"mark": None, "gaps": []}}, {"a": {"gaps": []}}],
)
def test_a_cursor_of_another_shape_is_none(cursor):
    assert tracks_of(cursor) == {}


def test_a_gap_of_another_shape_is_left_out():
    kept = {"mark": 9, "gaps": [[1, 2, 3], [1], [1, None, 1], ["a", 2, 1], [1, 2, 0]]}
    assert tracks_of({"a": kept}) == {"a": Track(9, (Window(1, 2, 3), Window(1, None, 1)))}
