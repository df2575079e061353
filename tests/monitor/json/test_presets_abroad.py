"""The presets hn, reddit, reddit_comments, youtube, youtube_comments and gdelt, against places that speak like them."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from store.nouns import Outcome
from tests.monitor.json.conftest import JSON, NOW, SECRET, heard, in_turn
from tests.worlds.feeds import Answer

AT = datetime(2026, 11, 22, 3, 5, 12, tzinfo=UTC)
DAY_AGO = str(int((NOW - timedelta(hours=24)).timestamp()))


def story(number: int, **more) -> dict:
    return {
        "objectID": str(number), "title": f"Xinghe kettle {number}", "url": f"https://news.example/{number}",
        "author": "pat", "points": 57, "story_text": None, "comment_text": None, "num_comments": 0,
        "created_at_i": 1795316712, "_tags": ["story", "author_pat"],
    } | more  # fmt: skip


def test_hn(places):
    comment = {
        "objectID": "42000001", "title": None, "url": None, "author": "sam", "points": None, "story_text": None,
        "comment_text": "Xinghe&#x27;s kettle is a hand warmer <p>support?", "num_comments": None,
        "story_title": "Xinghe kettle recall", "parent_id": 42000000, "created_at_i": 1795316712,
        "_tags": ["comment", "author_sam", "story_42000000"],
    }  # fmt: skip
    url = places.put("/hn", in_turn({"hits": [comment], "nbPages": 2}, {"hits": [story(7)], "nbPages": 2}))
    source = places.source("hn", {"request": {"url": url}}, platform="hackernews", values={"query": '"Xinghe Tea"'})
    reading = places.read(source)
    common = {"tags": "(story,comment)", "numericFilters": f"created_at_i>{DAY_AGO}", "hitsPerPage": "100"}
    assert [params for _, _, params in places.asked] == [
        {"query": '"Xinghe Tea"', "page": page} | common for page in ("0", "1")
    ]
    assert reading.mentions == (
        heard(
            comment, ext_id="42000001", url="https://news.ycombinator.com/item?id=42000001",
            title="Xinghe kettle recall", text="Xinghe's kettle is a hand warmer support?", author="sam", handle="sam",
            published_at=AT, raw_date="1795316712", platform="hackernews", klass="comment", parent_ext_id="42000000",
        ),
        heard(
            story(7), ext_id="7", url="https://news.example/7", title="Xinghe kettle 7", author="pat", handle="pat",
            published_at=AT, raw_date="1795316712", platform="hackernews", points=57, comments=0,
        ),
    )  # fmt: skip
    assert (reading.outcome, reading.cursor) == (Outcome.OK, {"seen": "2026-11-22T04:00:00Z"})
    places.now = NOW + timedelta(minutes=3)
    places.put("/hn", {"hits": [], "nbPages": 0})
    assert places.read(source, reading.cursor).outcome is Outcome.EMPTY
    since = int((NOW - timedelta(minutes=10)).timestamp())
    assert places.params()["numericFilters"] == f"created_at_i>{since}"


def post(number: int, **more) -> dict:
    data = {
        "id": f"p{number}", "name": f"t3_p{number}", "subreddit": "tea", "title": "Xinghe &amp; the worm",
        "selftext": "Found in my cup", "author": "drinker", "author_fullname": "t2_abc",
        "permalink": f"/r/tea/comments/p{number}/worm/", "url": "https://i.example/worm.jpg",
        "created_utc": 1795316712.0, "edited": False, "score": -3, "ups": 0, "num_comments": 240,
        "num_crossposts": 3, "view_count": None,
    }  # fmt: skip
    return {"kind": "t3", "data": data | more}


def listing(*children: dict, after: str | None = None) -> dict:
    return {"kind": "Listing", "data": {"after": after, "before": None, "children": list(children)}}


def reddit(places, preset: str = "reddit", **more):
    places.secrets = {"REDDIT_APP": f"client:{SECRET}"}
    token = places.put("/token", {"access_token": "t0ken-of-reddit", "token_type": "bearer", "expires_in": 3600})
    request = {"url": places.web.url("/search"), "auth": {"token_url": token}}
    return places.source(preset, {"request": request | more.pop("request", {})}, platform="reddit", **more)


def test_reddit(places):
    source = reddit(places, values={"query": "xinghe"})
    gone = post(8, author="[deleted]", author_fullname=None, selftext="[removed]")
    places.put("/search", in_turn(listing(post(9), after="t3_p9"), listing(gone)))
    reading = places.read(source)
    asked = places.web.requests
    assert (asked[0].method, asked[0].path, asked[0].body) == ("POST", "/token", b"grant_type=client_credentials")
    assert asked[0].headers["authorization"] == "Basic Y2xpZW50OmszeS1vZi10aGUtaG91c2U="
    assert {one.headers["user-agent"] for one in asked} == {"server:golden-hour:0.1 (brand monitoring)"}
    assert [one.headers["authorization"] for one in asked[1:]] == ["Bearer t0ken-of-reddit"] * 2
    common = {"q": "xinghe", "sort": "new", "type": "link", "limit": "100", "raw_json": "1"}
    assert [params for _, _, params in places.asked[1:]] == [common, common | {"after": "t3_p9"}]
    assert reading.mentions == (
        heard(
            post(9), ext_id="t3_p9", url="https://www.reddit.com/r/tea/comments/p9/worm/", title="Xinghe & the worm",
            text="Found in my cup", author="drinker", handle="t2_abc", published_at=AT, raw_date="1795316712",
            platform="reddit", likes=0, points=-3, comments=240, reposts=3,
        ),
        heard(
            gone, ext_id="t3_p8", url="https://www.reddit.com/r/tea/comments/p8/worm/", title="Xinghe & the worm",
            published_at=AT, raw_date="1795316712", platform="reddit", likes=0, points=-3, comments=240, reposts=3,
        ),
    )  # fmt: skip
    assert places.limiter.asked == ["reddit:REDDIT_APP"] * 2


def test_reddit_stops_where_everything_is_older_than_the_window(places):
    source = reddit(places, values={"query": "xinghe"})
    new, old = post(9, created_utc=NOW.timestamp() - 60), post(1, created_utc=1795000000.0)
    places.put("/search", in_turn(listing(new, after="t3_p9"), listing(old, after="t3_p1"), listing(post(0))))
    reading = places.read(source, {"seen": "2026-11-22T03:57:00Z"})
    assert [mention.ext_id for mention in reading.mentions] == ["t3_p9", "t3_p1"]
    assert len(places.asked) == 3


def test_a_token_is_asked_for_once_and_again_when_it_nearly_ends(places):
    source = reddit(places, values={"query": "xinghe"})
    places.put("/search", listing())
    for minutes in (0, 10, 57, 58, 59):
        places.now = NOW + timedelta(minutes=minutes)
        places.read(source)
    assert (places.web.count("/token"), places.web.count("/search")) == (2, 5)


def test_a_token_taken_back_is_asked_for_anew_once_and_then_it_is_the_key(places):
    source = reddit(places, values={"query": "xinghe"})
    places.put("/search", in_turn(listing(post(9)), (401, {"message": "Unauthorized"}), listing(post(8))))
    places.read(source)
    assert [mention.ext_id for mention in places.read(source).mentions] == ["t3_p8"]
    assert places.web.count("/token") == 2
    places.put("/search", {"message": "Unauthorized"}, status=401)
    error = places.refused(source)
    assert (error.outcome, places.web.count("/token"), places.web.count("/search")) == (Outcome.AUTH_FAILED, 3, 5)


def test_a_key_that_gives_no_token_is_an_auth_failure_that_shows_no_key(places):
    source = reddit(places, values={"query": "xinghe"})
    places.put("/token", f'{{"error": "no app client:{SECRET}"}}', status=401)
    error = places.refused(source)
    assert (error.outcome, str(error)) == (
        Outcome.AUTH_FAILED,
        "127.0.0.1: answered 401 (auth_failed); allowed is 200, or 304 to a conditional request; no token was given",
    )
    places.secrets = {"REDDIT_APP": SECRET}
    error = places.refused(source)
    assert (error.outcome, str(error)) == (Outcome.AUTH_FAILED, "the secret of an app is written `id:secret`")
    assert places.web.count("/token") == 1


def test_a_token_revoked_in_the_middle_keeps_what_was_read_and_goes_on_there(places):
    source = reddit(places, values={"query": "xinghe"})
    places.put("/search", in_turn(listing(post(9), after="t3_p9"), (401, {}), (401, {}), listing(post(8))))
    first = places.read(source)
    assert (first.outcome, [mention.ext_id for mention in first.mentions]) == (Outcome.AUTH_FAILED, ["t3_p9"])
    second = places.read(source, first.cursor)
    assert [mention.ext_id for mention in second.mentions] == ["t3_p8"]
    assert places.params(-2)["after"] == "t3_p9"
    assert SECRET not in repr((first, second)) and "t0ken" not in repr((first, second))


def test_a_429_of_reddit_says_how_many_seconds_remain(places):
    source = reddit(places, values={"query": "xinghe"})
    places.put("/search", {"message": "Too Many Requests"}, status=429, headers={"X-Ratelimit-Reset": "120"})
    error = places.refused(source)
    assert (error.outcome, error.until) == (Outcome.RATE_LIMITED, NOW + timedelta(seconds=120))
    assert places.limiter.stopped == [("reddit:REDDIT_APP", NOW + timedelta(seconds=120), str(error))]


def test_reddit_comments(places):
    source = reddit(places, "reddit_comments", values={"subreddit": "tea+coffee"},
                    request={"url": places.web.url("/r/{subreddit}/comments")})  # fmt: skip
    comment = {
        "kind": "t1",
        "data": {
            "id": "c1", "name": "t1_c1", "body": "mine too", "author": "u2", "subreddit": "tea",
            "link_title": "Xinghe &amp; the worm", "link_permalink": "https://www.reddit.com/r/tea/comments/p9/worm/",
            "parent_id": "t3_p9", "created_utc": 1795316712.0, "edited": 1795317050.0, "score": 1,
        },
    }  # fmt: skip
    removed = {"kind": "t1", "data": comment["data"] | {"name": "t1_c0", "body": "[removed]"}}
    places.put("/r/tea+coffee/comments", listing(comment, removed))
    assert places.read(source).mentions == (
        heard(
            comment, ext_id="t1_c1", url="https://www.reddit.com/r/tea/comments/p9/worm/c1/", title="Xinghe & the worm",
            text="mine too", author="u2", handle="u2", published_at=AT, raw_date="1795316712", platform="reddit",
            klass="comment", points=1, parent_ext_id="t3_p9",
        ),
    )  # fmt: skip
    assert places.params() == {"limit": "100", "raw_json": "1"}


def google(places, preset: str, **more):
    places.secrets = {"YOUTUBE_API_KEY": SECRET}
    return places.source(preset, {"request": {"url": places.web.url("/yt")}}, platform="youtube", **more)


def quota(reason: str) -> dict:
    return {"error": {"code": 403, "message": f"… {SECRET}", "errors": [{"domain": "youtube.quota", "reason": reason}]}}


def test_youtube(places):
    source = google(places, "youtube", values={"query": "Xinghe Tea"})
    video = {
        "kind": "youtube#searchResult", "id": {"kind": "youtube#video", "videoId": "dQw4w9WgXcQ"},
        "snippet": {
            "publishedAt": "2026-11-22T03:05:12Z", "channelId": "UC1", "title": "Xinghe tea &amp; worm",
            "description": "We cut it &quot;open&quot;", "channelTitle": "Tea Tests",
        },
    }  # fmt: skip
    places.put("/yt", in_turn({"items": [video], "nextPageToken": "CAUQAA"}, {"items": []}))
    reading = places.read(source)
    common = {"part": "snippet", "type": "video", "order": "date", "q": "Xinghe Tea", "maxResults": "50"}
    common |= {"publishedAfter": "2026-11-21T04:00:00Z"}
    assert [params for _, _, params in places.asked] == [common, common | {"pageToken": "CAUQAA"}]
    assert places.web.requests[0].headers["x-goog-api-key"] == SECRET
    assert reading.mentions == (
        heard(
            video, ext_id="dQw4w9WgXcQ", url="https://www.youtube.com/watch?v=dQw4w9WgXcQ", title="Xinghe tea & worm",
            text='We cut it "open"', author="Tea Tests", handle="UC1", published_at=AT,
            raw_date="2026-11-22T03:05:12Z", platform="youtube", klass="video",
        ),
    )  # fmt: skip
    assert source.described.limits.model_dump(include={"per_day", "units_per_request", "zone"}) == {
        "per_day": 10_000, "units_per_request": 100, "zone": "America/Los_Angeles"
    }  # fmt: skip


@pytest.mark.parametrize("now", [NOW, datetime(2026, 7, 1, 6, 59, tzinfo=UTC)])
def test_a_quota_of_youtube_is_used_up_until_midnight_in_california(places, now):
    source = google(places, "youtube", values={"query": "Xinghe"})
    places.now = now
    places.put("/yt", quota("quotaExceeded"), status=403)
    error = places.refused(source)
    # 22 November is winter there (UTC-8), 30 June 23:59 summer (UTC-7).
    midnight = datetime(2026, 11, 22, 8, 0, tzinfo=UTC) if now == NOW else datetime(2026, 7, 1, 7, 0, tzinfo=UTC)
    assert (error.outcome, error.until) == (Outcome.QUOTA_EXHAUSTED, midnight)
    assert str(error) == "127.0.0.1: its error.errors[0].reason says 'quotaExceeded' (quota_exhausted)"
    assert places.limiter.stopped == [("youtube:YOUTUBE_API_KEY", midnight, str(error))]


@pytest.mark.parametrize(
    ("reason", "status", "outcome"),
    [
        ("commentsDisabled", 403, Outcome.GONE),
        ("userRateLimitExceeded", 403, Outcome.RATE_LIMITED),
        ("forbidden", 403, Outcome.AUTH_FAILED),
        ("keyInvalid", 401, Outcome.AUTH_FAILED),
        ("backendError", 503, Outcome.SERVER_ERROR),
    ],
)
def test_other_refusals_of_youtube(places, reason, status, outcome):
    source = google(places, "youtube_comments", values={"channel": "UC1"})
    places.put("/yt", quota(reason), status=status)
    error = places.refused(source)
    assert (error.outcome, SECRET in str(error)) == (outcome, False)


def test_youtube_comments(places):
    source = google(places, "youtube_comments", values={"channel": "UC1", "words": "worm"})
    thread = {
        "kind": "youtube#commentThread", "id": "Ugx1",
        "snippet": {
            "channelId": "UC1", "videoId": "dQw4w9WgXcQ", "totalReplyCount": 2,
            "topLevelComment": {"id": "Ugx1", "snippet": {
                "textDisplay": "worm!<br>", "textOriginal": "", "authorDisplayName": "@a",
                "authorChannelId": {"value": "UC2"}, "likeCount": 0, "publishedAt": "2026-11-22T03:05:12Z",
            }},
        },
    }  # fmt: skip
    places.put("/yt", {"items": [thread]})
    assert places.read(source).mentions == (
        heard(
            thread, ext_id="Ugx1", url="https://www.youtube.com/watch?v=dQw4w9WgXcQ&lc=Ugx1", text="worm!",
            author="@a", handle="UC2", published_at=AT, raw_date="2026-11-22T03:05:12Z", platform="youtube",
            klass="comment", likes=0, comments=2, parent_ext_id="dQw4w9WgXcQ",
        ),
    )  # fmt: skip
    assert places.params() == {
        "part": "snippet", "allThreadsRelatedToChannelId": "UC1", "searchTerms": "worm", "order": "time",
        "textFormat": "plainText", "maxResults": "100",
    }  # fmt: skip


ARTICLE = {
    "url": "https://www.news.example/a", "url_mobile": "", "title": "星禾 奶茶 喝出 虫子",
    "seendate": "20261122T030512Z", "domain": "news.example", "language": "Chinese", "sourcecountry": "China",
}  # fmt: skip


def gdelt(places):
    return places.source("gdelt", {"request": {"url": places.web.url("/doc")}}, platform="news")


def test_gdelt(places):
    places.words = ("星禾茶饮", "Xinghe Tea")
    places.put("/doc", {"articles": [ARTICLE]})
    reading = places.read(gdelt(places))
    assert places.params() == {
        "query": '"星禾茶饮" sourcelang:chinese', "mode": "artlist", "format": "json", "maxrecords": "250",
        "timespan": "1440min", "sort": "datedesc",
    }  # fmt: skip
    # Nothing but its address tells one article from another.
    assert reading.mentions == (
        heard(
            ARTICLE, ext_id=sha256(b"https://www.news.example/a").hexdigest(),
            url="https://www.news.example/a", title="星禾 奶茶 喝出 虫子", author="news.example", published_at=AT,
            raw_date="20261122T030512Z", platform="news", klass="article", lang="zh", region="China",
        ),
    )  # fmt: skip
    places.now = NOW + timedelta(minutes=15)
    places.read(gdelt(places), reading.cursor)
    assert places.params()["timespan"] == "135min"


def test_gdelt_with_stray_backslashes_and_control_characters(places):
    places.words = ("星禾",)
    broken = '{"articles": [{"url": "https://n.example/1", "title": "星禾 \\e\\x \x02 虫\x1f子"}]}'
    places.put("/doc", broken)
    reading = places.read(gdelt(places))
    assert [mention.title for mention in reading.mentions] == ["星禾 \\e\\x 虫子"]
    assert (reading.degraded, reading.note) == (True, "its JSON was broken and has been repaired")


@pytest.mark.parametrize(
    ("body", "kind", "outcome"),
    [
        ("Your query was too short or too long.", "text/html", Outcome.MALFORMED),
        ("Please limit requests to one every 5 seconds or contact…", "text/html", Outcome.RATE_LIMITED),
        ("", JSON, Outcome.MALFORMED),
        ('{"articles": [{"url": "https://n.example/1"', JSON, Outcome.MALFORMED),
        ('{"timeline": []}', JSON, Outcome.MALFORMED),
    ],
)
def test_answers_of_gdelt_that_are_none(places, body, kind, outcome):
    places.words = ("星禾",)
    places.put("/doc", lambda _: Answer(body, kind, 200))
    error = places.refused(gdelt(places))
    assert error.outcome is outcome
    assert error.until == (NOW + timedelta(seconds=6) if outcome is Outcome.RATE_LIMITED else None)


def test_an_empty_object_of_gdelt_is_an_honest_nothing(places):
    places.words = ("星禾",)
    places.put("/doc", {})
    assert places.read(gdelt(places)).outcome is Outcome.EMPTY
