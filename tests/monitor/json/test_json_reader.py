"""Reading a JSON place: pages, cursors, caps and everything that can stop a read in the middle."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from store.nouns import Outcome
from tests.monitor.json.conftest import JSON, NOW, SECRET, in_turn
from tests.worlds.feeds import Answer

START = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def item(number: int, at: datetime = START) -> dict:
    return {"id": f"n{number}", "text": f"帖子 {number}", "at": int((at + timedelta(seconds=number)).timestamp())}


def spec(url: str, **more) -> dict:
    request = {"url": url, "params": {"since": "{since_epoch}", "page": "{page}"}} | more.pop("request", {})
    return {
        "items": "items",
        "map": {"ext_id": "id", "text": "text", "published_at": "at -> epoch_s"},
        "cursor": {"kind": "window", "overlap": "10m", "first": "24h"},
        "pages": {"kind": "page", "start": 1, "max": 10},
        "request": request,
    } | more


def ids(reading) -> list[str]:
    return [mention.ext_id for mention in reading.mentions]


def burst(posts: int, size: int = 50):
    """A place with so many posts, the newest first, by page."""

    def answer(asked):
        page = int(asked.path.partition("page=")[2].partition("&")[0])
        behind = range(posts - (page - 1) * size, max(0, posts - page * size), -1)
        return Answer(json.dumps({"items": [item(number) for number in behind]}), JSON)

    return answer


def test_pages_are_turned_until_one_is_empty(places):
    source = places.source(spec=spec(places.put("/a", burst(120))))
    reading = places.read(source)
    assert (reading.outcome, ids(reading)) == (Outcome.OK, [f"n{number}" for number in range(120, 0, -1)])
    assert [params["page"] for _, _, params in places.asked] == ["1", "2", "3", "4"]
    assert (reading.truncated, reading.degraded, reading.cursor) == (False, False, {"seen": "2026-11-22T04:00:00Z"})
    assert (places.limiter.asked, places.limiter.counted) == (["s"] * 4, [50, 50, 20, 0])


def test_the_first_read_looks_back_a_day_and_the_next_to_the_last_one_and_a_little(places):
    source = places.source(spec=spec(places.put("/a", {"items": []})))
    first = places.read(source)
    assert (first.outcome, places.params()["since"]) == (
        Outcome.EMPTY,
        str(int((NOW - timedelta(hours=24)).timestamp())),
    )
    places.now = NOW + timedelta(minutes=3)
    second = places.read(source, first.cursor)
    assert places.params()["since"] == str(int((NOW - timedelta(minutes=10)).timestamp()))
    assert second.cursor == {"seen": "2026-11-22T04:03:00Z"}


def test_what_shows_up_late_is_looked_for_again(places):
    late = spec(places.put("/a", {"items": []}), cursor={"kind": "window", "overlap": "10m", "lag": "5m"})
    reading = places.read(places.source(spec=late))
    assert reading.cursor == {"seen": "2026-11-22T03:55:00Z"}
    places.read(places.source(spec=late), reading.cursor)
    assert places.params()["since"] == str(int((NOW - timedelta(minutes=15)).timestamp()))


def test_a_place_that_ignores_the_page_ends_after_one_more_question(places):
    source = places.source(spec=spec(places.put("/a", {"items": [item(1), item(2)]})))
    reading = places.read(source)
    assert (ids(reading), len(places.asked), reading.truncated) == (["n1", "n2"], 2, False)


def test_a_page_of_only_older_things_is_the_last(places):
    old = START - timedelta(days=9)
    pages = [{"items": [item(9), item(1, old)]}, {"items": [item(2, old), item(3, old)]}, {"items": [item(4, old)]}]
    source = places.source(spec=spec(places.put("/a", in_turn(*pages))))
    assert (ids(places.read(source)), len(places.asked)) == (["n9", "n1", "n2", "n3"], 2)


def test_at_the_cap_of_pages_the_window_counts_as_truncated(places):
    capped = spec(places.put("/a", burst(500)), pages={"kind": "page", "start": 1, "max": 3})
    reading = places.read(places.source(spec=capped))
    assert (len(reading.mentions), reading.truncated, reading.note) == (150, True, "the cap of 3 pages was hit")
    assert reading.cursor == {"seen": "2026-11-22T04:00:00Z"}


def test_one_full_page_that_cannot_be_turned_counts_as_truncated(places):
    one = spec(
        places.put("/a", {"items": [item(number) for number in range(5)]}),
        pages={"kind": "none", "size": 5},
        request={"url": places.web.url("/a"), "params": {"n": "{size}"}},
    )
    reading = places.read(places.source(spec=one))
    assert (len(reading.mentions), reading.truncated) == (5, True)
    assert reading.note == "its only page is full (5 items)"


def test_more_items_than_allowed_in_one_answer_are_cut_and_said(places):
    places.max_entries = 3
    one = spec(places.put("/a", {"items": [item(number) for number in range(5)]}), pages={"kind": "none"})
    reading = places.read(places.source(spec=one))
    assert (len(reading.mentions), reading.truncated, reading.note) == (3, True, "2 items beyond 3 were left out")


ONE, TWO, THREE = [item(1)], [item(2)], [item(3)]
BOTH = [*ONE, *TWO]


@pytest.mark.parametrize(
    ("pages", "answers", "asked"),
    [
        ({"kind": "page", "until": "n"}, [{"items": ONE, "n": 2}, {"items": TWO, "n": 2}], ["0", "1"]),
        ({"kind": "page", "more": "n"}, [{"items": ONE, "n": True}, {"items": TWO, "n": 0}], ["0", "1"]),
        (
            {"kind": "page", "total": "n"},
            [{"items": BOTH, "n": 3}, {"items": THREE, "n": 3}, {"items": []}],
            ["0", "1", "2"],
        ),
        ({"kind": "offset", "size": 9}, [{"items": BOTH}, {"items": THREE}, {"items": []}], ["0", "2", "3"]),
        ({"kind": "offset", "total": "n"}, [{"items": BOTH, "n": 3}, {"items": THREE, "n": 3}], ["0", "2"]),
    ],
)
def test_a_place_says_where_it_ends(places, pages, answers, asked):
    url = places.put("/a", in_turn(*answers))
    told = spec(url, pages=pages, request={"url": url, "params": {"at": "{offset}"}})
    reading = places.read(places.source(spec=told))
    assert [params["at"] for _, _, params in places.asked] == asked
    assert len(reading.mentions) == sum(len(answer["items"]) for answer in answers)


def test_tokens_lead_from_page_to_page_and_the_first_has_none(places):
    url = places.put("/a", in_turn({"items": [item(1)], "next": "t-2"}, {"items": [item(2)], "next": ""}))
    told = spec(url, pages={"kind": "token", "token": "next"}, request={"url": url, "params": {"after": "{token}"}})
    assert ids(places.read(places.source(spec=told))) == ["n1", "n2"]
    assert [params for _, _, params in places.asked] == [{}, {"after": "t-2"}]


def test_a_token_that_leads_to_itself_is_the_end(places):
    url = places.put("/a", in_turn({"items": [item(1)], "next": "t"}, {"items": [item(2)], "next": "t"}, {"items": []}))
    told = spec(url, pages={"kind": "token", "token": "next"}, request={"url": url, "params": {"after": "{token}"}})
    assert ids(places.read(places.source(spec=told))) == ["n1", "n2"]
    assert [params for _, _, params in places.asked] == [{}, {"after": "t"}]


@pytest.mark.parametrize(
    ("headers", "until"),
    [({}, datetime(2026, 11, 22, 16, 0, tzinfo=UTC)), ({"Retry-After": "3600"}, NOW + timedelta(hours=1))],
)
def test_an_allowance_that_is_used_up_ends_when_the_place_says_or_with_its_day(places, headers, until):
    url = places.put("/a", {"code": 7}, headers=headers)
    rule = {"path": "code", "equals": [7], "as": "quota_exhausted"}
    source = places.source(spec=spec(url, errors=[rule]), limits={"zone": "Asia/Shanghai"})
    error = places.refused(source)
    assert (error.outcome, error.until) == (Outcome.QUOTA_EXHAUSTED, until)


def test_a_link_header_leads_on_with_the_key_which_is_never_remembered(places):
    here = places.web.url("/a")
    link = {"Link": f'<{here}?cursor=2&key={SECRET}>; rel="next", <{here}>; rel="prev"'}
    places.secrets = {"PLACE_KEY": SECRET}
    places.put("/a", in_turn(Answer(json.dumps({"items": [item(1)]}), JSON, headers=link), (429, "slow down")))
    auth = {"type": "query", "name": "key", "value": "{secret}"}
    told = spec(here, pages={"kind": "link"}, request={"url": here, "auth": auth, "params": {}})
    reading = places.read(places.source(spec=told, secret_env="PLACE_KEY"))
    assert [params for _, _, params in places.asked] == [{"key": SECRET}, {"cursor": "2", "key": SECRET}]
    assert (reading.outcome, ids(reading)) == (Outcome.RATE_LIMITED, ["n1"])
    assert reading.cursor["rest"]["link"] == f"{here}?cursor=2"
    assert SECRET not in repr(reading)


def test_a_next_page_on_another_host_is_not_followed(places):
    here = places.web.url("/a")
    link = {"Link": '<http://elsewhere.example/a>; rel="next"'}
    places.put("/a", Answer(json.dumps({"items": [item(1)]}), JSON, headers=link).body, headers=link)
    told = spec(here, pages={"kind": "link"}, request={"url": here, "params": {}})
    reading = places.read(places.source(spec=told))
    assert (reading.outcome, ids(reading)) == (Outcome.BLOCKED, ["n1"])
    assert reading.note == "its next page is on another host; allowed is the same one"


def test_a_429_in_the_middle_loses_nothing(places):
    pages = burst(200)
    calls = iter(range(100))

    def answer(asked):
        return Answer("slow", "text/plain", 429, {"Retry-After": "30"}) if next(calls) == 2 else pages(asked)

    source = places.source(spec=spec(places.put("/a", answer)))
    first = places.read(source)
    assert (first.outcome, len(first.mentions)) == (Outcome.RATE_LIMITED, 100)
    assert (first.until, places.limiter.stopped) == (
        NOW + timedelta(seconds=30), [("s", NOW + timedelta(seconds=30), first.note)]
    )  # fmt: skip
    places.now = NOW + timedelta(minutes=1)
    second = places.read(source, first.cursor)
    # It goes on at the third page, and then looks for what came since the first read began.
    assert [params["page"] for _, _, params in places.asked[3:]][:3] == ["3", "4", "5"]
    assert (second.outcome, second.cursor) == (Outcome.OK, {"seen": "2026-11-22T04:01:00Z"})
    assert set(ids(first)) | set(ids(second)) == {f"n{number}" for number in range(1, 201)}


def test_a_limit_of_one_question_a_read_still_gets_through_a_burst(places):
    source, cursor, heard = places.source(spec=spec(places.put("/a", burst(200)))), {}, set()
    outcomes = []
    for _ in range(5):
        places.limiter.left = 1
        reading = places.read(source, cursor)
        heard |= set(ids(reading))
        cursor = reading.cursor
        outcomes.append(reading.outcome)
    assert heard == {f"n{number}" for number in range(1, 201)}
    assert outcomes == [Outcome.RATE_LIMITED] * 4 + [Outcome.EMPTY]
    assert cursor == {"seen": "2026-11-22T04:00:00Z"}


def test_when_nothing_was_heard_the_cursor_stays(places):
    source = places.source(spec=spec(places.put("/a", "no", status=503)))
    error = places.refused(source, {"seen": "2026-11-22T03:50:00Z"})
    assert (error.outcome, str(error)) == (
        Outcome.SERVER_ERROR,
        "127.0.0.1: answered 503 (server_error); allowed is 200, or 304 to a conditional request",
    )


def test_a_next_page_that_no_longer_holds_begins_anew_with_the_same_window(places):
    rest = {
        "at": "2026-11-22T03:59:00Z", "since": "2026-11-22T01:00:00Z", "seen": "2026-11-22T03:59:00Z", "since_id": "",
        "by_time": True, "number": 2, "token": "dead", "link": "", "newest": ["", ""],
    }  # fmt: skip
    url = places.put("/a", in_turn((400, {"error": "bad token"}), {"items": [item(1)]}))
    params = {"after": "{token}", "since": "{since_iso}"}
    told = spec(url, pages={"kind": "token", "token": "next"}, request={"url": url, "params": params})
    reading = places.read(places.source(spec=told), {"seen": "2026-11-22T03:00:00Z", "rest": rest})
    assert [params for _, _, params in places.asked] == [
        {"after": "dead", "since": "2026-11-22T01:00:00Z"}, {"since": "2026-11-22T01:00:00Z"},
    ]  # fmt: skip
    assert (ids(reading), reading.cursor) == (["n1"], {"seen": "2026-11-22T04:00:00Z"})


def by_id(url: str, **more) -> dict:
    request = {"url": url, "params": {"since_id": "{since_id}"}}
    return spec(url, cursor={"kind": "since_id", "stale": "6h"} | more, pages={"kind": "none"}, request=request)


def test_the_newest_id_is_the_next_cursor(places):
    told = by_id(places.put("/a", {"items": [item(3), item(7), item(5)]}))
    first = places.read(places.source(spec=told))
    assert (places.params(), first.cursor) == (
        {}, {"seen": "2026-11-22T04:00:00Z", "since_id": "n7", "moved": "2026-11-22T04:00:00Z"}
    )  # fmt: skip
    places.put("/a", {"items": []})
    second = places.read(places.source(spec=told), first.cursor)
    assert (places.params(), second.outcome, second.cursor["since_id"]) == ({"since_id": "n7"}, Outcome.EMPTY, "n7")


def test_a_cursor_that_is_stuck_is_dropped_once_and_the_clock_decides(places):
    """The item of the id was deleted: the place answers nothing for ever, until somebody asks without it."""

    def answer(asked):
        found = [] if "since_id" in asked.path else [item(9, NOW), item(1, START)]
        return Answer(json.dumps({"items": found}), JSON)

    source = places.source(spec=by_id(places.put("/a", answer)))
    kept = {"seen": "2026-11-22T03:57:00Z", "since_id": "gone", "moved": "2026-11-21T20:00:00Z"}
    reading = places.read(source, kept)
    assert [params for _, _, params in places.asked] == [{"since_id": "gone"}, {}]
    assert (ids(reading), reading.cursor["since_id"]) == (["n9", "n1"], "n9")


def test_a_quiet_place_is_asked_without_its_id_only_once_in_a_while(places):
    """Nothing is newer than the id: dropping it shows the old things again, and then it is trusted for six hours."""

    def answer(asked):
        return Answer(json.dumps({"items": [] if "since_id" in asked.path else [item(1)]}), JSON)

    source = places.source(spec=by_id(places.put("/a", answer)))
    kept = {"seen": "2026-11-22T03:57:00Z", "since_id": "n1", "moved": "2026-11-21T20:00:00Z"}
    first = places.read(source, kept)
    assert first.cursor == {
        "seen": "2026-11-22T04:00:00Z", "since_id": "n1", "moved": "2026-11-21T20:00:00Z",
        "tried": "2026-11-22T04:00:00Z",
    }  # fmt: skip
    places.now = NOW + timedelta(hours=5)
    places.read(source, first.cursor)
    assert [params for _, _, params in places.asked] == [{"since_id": "n1"}, {}, {"since_id": "n1"}]


def test_one_bad_item_of_many_degrades_and_all_bad_is_malformed(places):
    url = places.put("/a", {"items": [item(1), {"id": "n2"}, 7]})
    reading = places.read(places.source(spec=spec(url, pages={"kind": "none"})))
    assert (reading.outcome, ids(reading), reading.degraded) == (Outcome.OK, ["n1"], True)
    assert reading.note == (
        "2 items were left out: item 2 has neither title nor text; item 3 is a number, not an object"
    )
    places.put("/a", {"items": [{"id": "n2"}]})
    error = places.refused(places.source(spec=spec(url)))
    assert (error.outcome, str(error)) == (
        Outcome.MALFORMED, "none of its 1 items can be read: item 1 has neither title nor text"
    )  # fmt: skip


def test_a_full_allowance_that_was_the_last_stops_the_account_before_it_is_refused(places):
    headers = {"X-Ratelimit-Remaining": "0.0", "X-Ratelimit-Reset": "90"}
    source = places.source(spec=spec(places.put("/a", {"items": []}, headers=headers)))
    places.read(source)
    assert places.limiter.stopped == [("s", NOW + timedelta(seconds=90), "127.0.0.1: the allowance is used up")]


@pytest.mark.parametrize(
    ("limits", "hot", "pause"),
    [
        ({}, False, None),
        ({"per_day": 10_000, "units_per_request": 100}, False, timedelta(seconds=864 * 2)),
        ({"per_day": 1000}, False, None),
        ({"per_day": 1000}, True, timedelta(seconds=86.4 * 2)),
        ({"daily_usd": 0.5, "usd_per_request": 0.005}, False, timedelta(seconds=864 * 2)),
        ({"every": "5s"}, True, None),
        ({"per_day": 2}, False, timedelta(hours=1)),
    ],
)
def test_an_allowance_of_a_day_is_made_to_last_the_day(places, limits, hot, pause):
    """Two questions were asked: the page with items and the empty one behind it."""
    places.hot = hot
    url = places.put("/a", in_turn({"items": ONE}, {"items": []}))
    reading = places.read(places.source(spec=spec(url), limits=limits))
    assert (reading.outcome, reading.until) == (Outcome.OK, pause and NOW + pause)


def test_a_key_that_is_not_there_is_said_by_its_name(places):
    url = places.put("/a", {"items": []})
    told = spec(url, request={"url": url, "auth": {"type": "header"}})
    error = places.refused(places.source(spec=told, secret_env="PLACE_KEY"))
    assert (error.outcome, str(error)) == (Outcome.AUTH_FAILED, "127.0.0.1: PLACE_KEY is not in the environment")
    assert places.asked == []


def test_a_place_that_repeats_the_key_in_its_error_does_not_get_it_shown(places):
    places.secrets = {"PLACE_KEY": SECRET}
    url = places.put("/a", {"error": f"bad key {SECRET}"})
    rule = {"path": "error", "present": True, "as": "auth_failed"}
    told = spec(url, request={"url": url, "auth": {"type": "header"}}, errors=[rule])
    error = places.refused(places.source(spec=told, secret_env="PLACE_KEY"))
    assert str(error) == "127.0.0.1: its error says 'bad key ***' (auth_failed)"
    assert places.web.requests[0].headers["authorization"] == f"Bearer {SECRET}"


def test_a_source_without_anything_to_search_for_says_so(places):
    url = places.put("/a", {"items": []})
    told = spec(url, request={"url": url, "params": {"q": "{query}"}})
    error = places.refused(places.source(spec=told))
    assert str(error) == "nothing to search for; values.query, or a brand with words, is needed"
    places.words = ("星禾", "Xinghe Tea")
    places.read(places.source(spec=told))
    assert places.params() == {"q": "星禾"}
    told["request"] |= {"join": " OR ", "quote": '"{word}"'}
    places.read(places.source(spec=told))
    assert places.params() == {"q": '"星禾" OR "Xinghe Tea"'}
