"""The presets douyin_search, wechat_comments, appstore_reviews, newsapi, brandwatch and newsnow, asked on loopback."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count

import pytest

from store.nouns import Outcome
from tests.monitor.json.conftest import JSON, NOW, SECRET, heard, in_turn
from tests.worlds.feeds import Answer

AT = datetime(2026, 11, 22, 3, 5, 12, tzinfo=UTC)
NUMBERS = count()


def app(places, preset: str, name: str, token: dict, **more):
    """A place whose key becomes a token first."""
    places.secrets = {name: f"app-id:{SECRET}"}
    # Tokens are kept by address for as long as the process lives, and a port may come back in a later test.
    url = f"{places.put('/token', token)}?test={next(NUMBERS)}"
    spec = {"request": {"url": places.web.url("/place"), "auth": {"token_url": url}}}
    return places.source(preset, spec, platform=preset.partition("_")[0], **more)


VIDEO = {
    "item_id": "7471252140422401337", "title": "星禾奶茶<em>翻车</em> #星禾", "create_time": 1795316712,
    "nickname": "小茶", "statistics": {"digg_count": 9254}, "link": "https://www.douyin.com/video/7471252140422401337",
}  # fmt: skip


def douyin(places):
    token = {"data": {"access_token": "clt.douyin-token", "expires_in": 7200, "error_code": 0}, "message": "success"}
    return app(places, "douyin_search", "DOUYIN_APP", token, values={"query": "星禾"})


def test_douyin_search(places):
    source = douyin(places)
    pages = [
        {"err_no": 0, "data": {"cursor": 20, "has_more": True, "video_list": [VIDEO]}},
        {"err_no": 0, "data": {"cursor": 40, "has_more": False, "video_list": [VIDEO | {"item_id": "8", "link": ""}]}},
    ]
    places.put("/place", in_turn(*pages))
    reading = places.read(source)
    token, *asked = places.web.requests
    assert json.loads(token.body) == {
        "grant_type": "client_credential", "client_key": "app-id", "client_secret": SECRET
    }  # fmt: skip
    assert [one.headers["access-token"] for one in asked] == ["clt.douyin-token"] * 2
    common = {"keyword": "星禾", "count": "20", "device_id": "golden-hour", "sort_type": "2", "publish_time": "1"}
    assert [params for _, _, params in places.asked[1:]] == [common, common | {"cursor": "20"}]
    same = {
        "title": "星禾奶茶翻车 #星禾", "author": "小茶", "handle": "小茶", "published_at": AT, "raw_date": "1795316712",
        "platform": "douyin", "klass": "video", "likes": 9254,
    }  # fmt: skip
    assert reading.mentions == (
        heard(VIDEO, ext_id=VIDEO["item_id"], url=VIDEO["link"], **same),
        heard(VIDEO | {"item_id": "8", "link": ""}, ext_id="8", url="https://www.douyin.com/video/8", **same),
    )


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"err_no": 28001003, "err_msg": "token"}, Outcome.AUTH_FAILED),
        ({"data": {"error_code": 2190008, "description": "token"}}, Outcome.AUTH_FAILED),
        ({"err_no": 28003017, "err_msg": "quota"}, Outcome.QUOTA_EXHAUSTED),
        ({"err_no": 1, "err_msg": "?"}, Outcome.SERVER_ERROR),
        ({"message": "?"}, Outcome.MALFORMED),
    ],
)
def test_refusals_of_douyin(places, answer, outcome):
    source = douyin(places)
    places.put("/place", answer)
    error = places.refused(source)
    assert error.outcome is outcome
    # The day of the quota ends at midnight in Beijing.
    assert error.until == (datetime(2026, 11, 22, 16, 0, tzinfo=UTC) if outcome is Outcome.QUOTA_EXHAUSTED else None)


def remark(number: int) -> dict:
    return {
        "user_comment_id": str(number), "openid": f"o{number}", "create_time": 1795316712, "content": "为什么不回应？",
        "comment_type": 0, "reply": {"content": "", "create_time": 0},
    }  # fmt: skip


def wechat(places):
    token = {"access_token": "wx-token", "expires_in": 7200}
    return app(places, "wechat_comments", "WECHAT_APP", token, values={"msg_data_id": "2247"})


def test_wechat_comments(places):
    source = wechat(places)
    pages = [
        {"errcode": 0, "total": 50, "comment": [remark(number) for number in range(49)]},
        {"errcode": 0, "total": 50, "comment": [remark(49)]},
    ]
    places.put("/place", in_turn(*pages))
    reading = places.read(source)
    token, *asked = places.web.requests
    assert json.loads(token.body) == {"grant_type": "client_credential", "appid": "app-id", "secret": SECRET}
    assert [(one.method, one.path, json.loads(one.body)) for one in asked] == [
        ("POST", "/place?access_token=wx-token", {"msg_data_id": 2247, "index": 0, "begin": at, "count": 49, "type": 0})
        for at in (0, 49)
    ]
    assert len(reading.mentions) == 50
    assert reading.mentions[7] == heard(
        remark(7), ext_id="2247:0:7", text="为什么不回应？", author="o7", handle="o7", published_at=AT,
        raw_date="1795316712", platform="wechat", klass="comment", parent_ext_id="2247:0",
    )  # fmt: skip
    assert places.limiter.asked == ["wechat_comments:WECHAT_APP"] * 2


def test_a_wechat_token_that_died_early_is_replaced_without_a_word(places):
    source = wechat(places)
    places.put(
        "/place", in_turn({"errcode": 0, "total": 0, "comment": []}, {"errcode": 42001}, {"errcode": 0, "comment": []})
    )
    assert [places.read(source).outcome for _ in range(2)] == [Outcome.EMPTY, Outcome.EMPTY]
    assert places.web.count("/token") == 2


@pytest.mark.parametrize(
    ("code", "outcome", "until"),
    [
        (88000, Outcome.AUTH_FAILED, None),
        ("45009", Outcome.QUOTA_EXHAUSTED, datetime(2026, 11, 22, 16, 0, tzinfo=UTC)),
        (45011, Outcome.RATE_LIMITED, NOW + timedelta(minutes=1)),
        (-1, Outcome.SERVER_ERROR, None),
        (47001, Outcome.MALFORMED, None),
    ],
)
def test_refusals_of_wechat(places, code, outcome, until):
    source = wechat(places)
    places.put("/place", {"errcode": code, "errmsg": "without comment privilege"})
    error = places.refused(source)
    assert (error.outcome, error.until) == (outcome, until)
    assert str(error) == f"127.0.0.1: its errcode says '{code}' ({outcome})"


def review(number: int, at: str = "2026-11-21T20:05:12-07:00") -> dict:
    return {
        "author": {"uri": {"label": f"https://apps.example/reviews/id{number}"}, "name": {"label": "nick"}},
        "updated": {"label": at}, "im:rating": {"label": "1"}, "im:version": {"label": "3.2.1"},
        "id": {"label": str(number)}, "title": {"label": "闪退"}, "content": {"label": "更新后打不开"},
        "link": {"attributes": {"rel": "related", "href": f"https://apps.example/review?id={number}"}},
        "im:voteSum": {"label": "0"}, "im:voteCount": {"label": "4"},
    }  # fmt: skip


def apps(places):
    address = places.web.url("/{country}/page={page}/id={app}/json")
    return places.source("appstore_reviews", {"request": {"url": address}}, platform="appstore", values={"app": "42"})


def test_appstore_reviews(places):
    places.put("/cn/page=1/id=42/json", {"feed": {"entry": [review(11), review(10)]}})
    # One review is an object, none is no key at all.
    places.put("/cn/page=2/id=42/json", {"feed": {"entry": review(9)}})
    places.put("/cn/page=3/id=42/json", {"feed": {"author": {}}})
    reading = places.read(apps(places))
    assert [path for _, path, _ in places.asked] == [f"/cn/page={page}/id=42/json" for page in (1, 2, 3)]
    assert reading.mentions == tuple(
        heard(
            review(number), ext_id=str(number), url=f"https://apps.example/review?id={number}", title="闪退",
            text="更新后打不开", author="nick", handle=f"https://apps.example/reviews/id{number}", published_at=AT,
            raw_date="2026-11-21T20:05:12-07:00", platform="appstore", klass="review", points=1, likes=0,
        )
        for number in (11, 10, 9)
    )  # fmt: skip


def test_a_page_of_old_reviews_ends_the_reading(places):
    places.put("/cn/page=1/id=42/json", {"feed": {"entry": [review(11)]}})
    places.put("/cn/page=2/id=42/json", {"feed": {"entry": [review(1, "2025-01-01T00:00:00-07:00")]}})
    assert len(places.read(apps(places)).mentions) == 2
    assert len(places.asked) == 2


def test_an_app_without_reviews_is_an_honest_nothing_and_another_page_is_not(places):
    places.put("/cn/page=1/id=42/json", {"feed": {"author": {"name": {"label": "iTunes Store"}}}})
    assert places.read(apps(places)).outcome is Outcome.EMPTY
    places.put("/cn/page=1/id=42/json", {"error": "?"})
    assert places.refused(apps(places)).outcome is Outcome.MALFORMED


NEWS = {
    "source": {"id": None, "name": "Tea Times"}, "author": "Pat", "title": "Xinghe recall", "description": None,
    "url": "https://news.example/a", "publishedAt": "2026-11-22T03:05:12Z",
    "content": "Worms <b>found</b>… [+1234 chars]",
}  # fmt: skip


def newsapi(places):
    places.secrets = {"NEWSAPI_KEY": SECRET}
    places.words = ("星禾茶饮", "Xinghe Tea")
    return places.source("newsapi", {"request": {"url": places.web.url("/place")}}, platform="news")


def test_newsapi(places):
    places.put("/place", {"status": "ok", "totalResults": 1, "articles": [NEWS]})
    reading = places.read(newsapi(places))
    assert [params for _, _, params in places.asked] == [
        {
            "q": '"星禾茶饮" OR "Xinghe Tea"', "from": "2026-11-21T04:00:00Z", "sortBy": "publishedAt",
            "pageSize": "100", "page": "1",
        }
    ]  # fmt: skip
    assert places.web.requests[0].headers["x-api-key"] == SECRET
    assert reading.mentions == (
        heard(
            NEWS, ext_id=sha256(b"https://news.example/a").hexdigest(), url="https://news.example/a",
            title="Xinghe recall", text="Worms found… [+1234 chars]", author="Tea Times", published_at=AT,
            raw_date="2026-11-22T03:05:12Z", platform="news", klass="article", truncated=True,
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "status", "outcome", "until"),
    [
        ("apiKeyInvalid", 401, Outcome.AUTH_FAILED, None),
        ("rateLimited", 429, Outcome.RATE_LIMITED, NOW + timedelta(hours=1)),
        ("apiKeyExhausted", 429, Outcome.QUOTA_EXHAUSTED, datetime(2026, 11, 23, 0, 0, tzinfo=UTC)),
        ("parameterInvalid", 200, Outcome.MALFORMED, None),
    ],
)
def test_refusals_of_newsapi(places, code, status, outcome, until):
    places.put("/place", {"status": "error", "code": code, "message": f"bad {SECRET}"}, status=status)
    error = places.refused(newsapi(places))
    assert (error.outcome, error.until, SECRET in str(error)) == (outcome, until, False)


def test_brandwatch(places):
    found = {
        "guid": "g-1", "originalUrl": "https://x.example/1", "title": "", "fullText": "Xinghe &amp; worms",
        "fullname": "Pat", "author": "pat", "twitterFollowers": 0, "date": "2026-11-22T03:05:12.000+0000",
        "pageType": "twitter", "language": "en", "country": "Singapore", "likes": 4, "comments": None,
    }  # fmt: skip
    places.secrets = {"BRANDWATCH_TOKEN": SECRET}
    places.put("/place", {"resultsTotal": 1, "resultsPage": 0, "resultsPageSize": 500, "results": [found]})
    address = places.web.url("/place")
    source = places.source("brandwatch", {"request": {"url": address}}, values={"query_id": "7"})
    reading = places.read(source)
    assert [params for _, _, params in places.asked] == [
        {
            "queryId": "7", "startDate": "2026-11-21T04:00:00Z", "endDate": "2026-11-22T04:00:00Z", "orderBy": "date",
            "orderDirection": "desc", "page": "0", "pageSize": "500",
        }
    ]  # fmt: skip
    assert places.web.requests[0].headers["authorization"] == f"Bearer {SECRET}"
    assert reading.mentions == (
        heard(
            found, ext_id="g-1", url="https://x.example/1", text="Xinghe & worms", author="Pat", handle="pat",
            followers=0, published_at=AT, raw_date="2026-11-22T03:05:12.000+0000", platform="x", lang="en",
            region="Singapore", likes=4,
        ),
    )  # fmt: skip


def test_newsnow_hot_list(places):
    items = [
        {"id": "星禾奶茶 虫", "title": "星禾奶茶 虫", "url": "https://s.example/1", "extra": {"info": "322.5万热度"}},
        {"id": "天气", "title": "天气", "url": "", "mobileUrl": "https://m.example/2", "extra": {"icon": False}},
    ]
    places.put("/api/s", {"status": "cache", "id": "weibo", "updatedTime": 1795316712000, "items": items})
    source = places.source(
        "newsnow", {"request": {"url": places.web.url("/api/s")}}, platform="weibo", values={"list": "weibo"}
    )
    reading = places.read(source)
    assert places.params() == {"id": "weibo"}
    assert reading.mentions == (
        heard(
            items[0], ext_id="weibo:星禾奶茶 虫", url="https://s.example/1", title="星禾奶茶 虫", platform="weibo",
            klass="hotlist", rank=1, points=3_225_000,
        ),
        heard(
            items[1], ext_id="weibo:天气", url="https://m.example/2", title="天气", platform="weibo", klass="hotlist",
            rank=2,
        ),
    )  # fmt: skip
    places.put("/api/s", {"status": "error", "message": "no"})
    assert places.refused(source).outcome is Outcome.SERVER_ERROR


@pytest.mark.parametrize(
    ("page", "outcome", "said"),
    [
        ("<html><title>登录 - 平台</title><form><input type=password></form>", Outcome.BLOCKED, "a login wall"),
        ("<!doctype html><title>安全验证</title>滑动验证", Outcome.BLOCKED, "a captcha wall"),
        ("<html><title>维护中</title><p>稍后再来", Outcome.MALFORMED, "a web page titled “维护中” instead of JSON"),
    ],
)
def test_a_web_page_with_status_200_is_told_for_what_it_is(places, page, outcome, said):
    places.put("/place", lambda _: Answer(page, "text/html; charset=utf-8", 200))
    error = places.refused(newsapi(places))
    assert error.outcome is outcome
    assert said in str(error)
    assert JSON not in str(error)
