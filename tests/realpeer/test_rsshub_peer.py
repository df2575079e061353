"""The reader of feeds against the real RSSHub: what people run, not what we believe of it.

Install it anywhere outside the checkout and name the folder (node 22 or 24 first on PATH, for instance by
`npm install node@24.21.0`). The nightly pins two packages the registry does not have, so package.json says:

    {"private": true, "type": "module", "dependencies": {"rsshub": "1.0.0-master.f99e982"},
     "overrides": {"@jocmp/mercury-parser": "3.0.7", "difflib": "0.2.4",
                   "@oxc-parser/binding-wasm32-wasip1": "npm:is-number@7.0.0"}}

    npm install --ignore-scripts --omit=dev --omit=optional --legacy-peer-deps
    GOLDENHOUR_RSSHUB="$PWD" python -m pytest -m realpeer
"""

from datetime import UTC, datetime, timedelta

import pytest

from config.errors import SourceError
from monitor.sources.wire.fetch import Fetcher
from store.nouns import Outcome

pytestmark = pytest.mark.realpeer
FORMATS = ["json", "rss", "atom"]
TITLES = [f"Title{number}" for number in range(1, 6)]
ERROR = "127.0.0.1: answered 503 (server_error); allowed is 200, or 304 to a conditional request"


def post(bid: str, text: str, **changes):
    user = {"id": 1404376560, "screen_name": "张三", "followers_count": "12.3万"}
    made = {"id": bid, "mid": bid, "bid": bid, "created_at": "Sun Nov 22 11:05:12 +0800 2026", "isLongText": False}
    return {**made, "text": text, "user": user, "reposts_count": 128, "attitudes_count": "1万+", **changes}


def refused(rsshub, path: str, **more) -> tuple[Outcome, str, bool]:
    """Outcome, message and permanence of a read that must fail."""
    with pytest.raises(SourceError) as caught:
        rsshub.read(path, **more)
    return Outcome(caught.value.outcome), str(caught.value), caught.value.permanent


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_gives_the_same_mentions(rsshub, form):
    reading = rsshub.read(f"/test/1?format={form}")
    assert (reading.outcome, reading.degraded) == (Outcome.OK, False)
    assert [(one.title, one.author, one.url, one.published_at) for one in reading.mentions] == [
        (
            f"Title{number}",
            f"DIYgod{number}",
            f"https://github.com/DIYgod/RSSHub/issues/{number}",
            datetime(2018, 12, 31, 16, tzinfo=UTC) - number * timedelta(seconds=10),
        )
        for number in range(1, 6)
    ]


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_route_is_empty_and_not_an_error(rsshub, form):
    reading = rsshub.read(f"/test/empty?format={form}")
    assert (reading.outcome, reading.mentions) == (Outcome.EMPTY, ())
    assert reading.note.startswith(("this route is empty", "Error: this route is empty")), reading.note


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("route", "outcome", "message"),
    [
        ("captcha-error", Outcome.BLOCKED, "Test captcha error"),
        ("config-not-found-error", Outcome.AUTH_FAILED, "Test config not found error"),
        ("invalid-parameter-error", Outcome.SERVER_ERROR, "Test invalid parameter error"),
        ("error", Outcome.SERVER_ERROR, "Error test"),
    ],
)
def test_every_other_503_is_trouble_with_its_own_name(rsshub, form, route, outcome, message):
    found, said, permanent = refused(rsshub, f"/test/{route}?format={form}")
    assert (found, said.startswith(f"{ERROR}: "), said.endswith(message), permanent) == (outcome, True, True, False), (
        said
    )


@pytest.mark.parametrize("form", FORMATS)
def test_an_unchanged_feed_is_not_sent_again(rsshub, form):
    """RSSHub weakens the ETag of an answer it packs and then knows only the strong one: both forms must be sent."""
    etag, outcomes = rsshub.read(f"/test/1?format={form}").etag, []
    for _ in range(3):
        again = rsshub.read(f"/test/1?format={form}", etag=etag)
        etag = again.etag
        outcomes.append((again.outcome, again.mentions))
    assert outcomes == [(Outcome.NOT_MODIFIED, ())] * 3
    assert etag.startswith(('"', 'W/"'))


def test_a_feed_that_changed_is_sent_in_spite_of_the_old_etag(rsshub):
    old = rsshub.read("/test/1?format=json").etag
    assert rsshub.read("/test/filter?format=json", etag=old).outcome == Outcome.OK


def test_a_redirect_inside_is_followed(rsshub):
    assert [one.title for one in rsshub.read("/test/redirect?format=rss").mentions] == TITLES


def test_a_route_that_is_not_there_is_gone_but_may_come_back(rsshub):
    outcome, _, permanent = refused(rsshub, "/no/such/route?format=json")
    assert (outcome, permanent) == (Outcome.GONE, False)


def test_a_route_that_takes_longer_than_we_wait_is_a_timeout(rsshub):
    with Fetcher(allow=[rsshub.url.removeprefix("http://")], deadline=timedelta(seconds=1)) as hasty:
        assert refused(rsshub, "/test/slow4?format=json", by=hasty)[0] == Outcome.TIMEOUT


def test_without_the_allow_list_ones_own_rsshub_is_not_reached(rsshub):
    with Fetcher() as strict:
        assert refused(rsshub, "/test/1?format=json", by=strict)[0] == Outcome.BLOCKED


# The real weibo route, its upstream played


@pytest.mark.parametrize("form", FORMATS)
def test_posts_of_the_weibo_route_become_mentions(rsshub, form):
    keyword = f"星禾{form}"
    rsshub.weibo.posts[keyword] = [
        post("Ox1aBcD", "星禾奶茶喝完上吐下泻<span class='url-icon'><img alt=[怒] src=a.png style=w /></span>"),
        post("Ox2aBcD", "星禾门店排队", created_at="Sun Nov 22 10:00:00 +0800 2026"),
    ]
    reading = rsshub.read(f"/weibo/keyword/{keyword}?format={form}")
    assert [
        (one.title, one.author, one.url, one.published_at, one.platform, one.followers) for one in reading.mentions
    ] == [
        (
            "星禾奶茶喝完上吐下泻[怒]", "张三", "https://weibo.com/1404376560/Ox1aBcD",
            datetime(2026, 11, 22, 3, 5, 12, tzinfo=UTC), "weibo", None,
        ),
        (
            "星禾门店排队", "张三", "https://weibo.com/1404376560/Ox2aBcD",
            datetime(2026, 11, 22, 2, 0, tzinfo=UTC), "weibo", None,
        ),
    ]  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
def test_a_word_nobody_wrote_is_empty_and_dead_cookies_are_not(rsshub, form):
    """Both are a 503 of the same route: one is silence, the other is blindness."""
    rsshub.weibo.posts[f"无人{form}"] = []
    rsshub.weibo.dead.add(f"过期{form}")
    silent = rsshub.read(f"/weibo/keyword/无人{form}?format={form}")
    outcome, said, _ = refused(rsshub, f"/weibo/keyword/过期{form}?format={form}")
    assert (silent.outcome, "returned no posts" in silent.note) == (Outcome.EMPTY, True)
    assert (outcome, said.endswith("Cookies expired. Please update WEIBO_COOKIES")) == (Outcome.AUTH_FAILED, True)


def test_cookies_that_are_renewed_end_the_blindness_at_the_next_read(rsshub):
    rsshub.weibo.dead.add("复明")
    rsshub.weibo.posts["复明"] = [post("Ox3aBcD", "星禾奶茶")]
    blind = refused(rsshub, "/weibo/keyword/复明?format=json")[0]
    rsshub.weibo.dead.discard("复明")
    assert (blind, rsshub.read("/weibo/keyword/复明?format=json").outcome) == (Outcome.AUTH_FAILED, Outcome.OK)
