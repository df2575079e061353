"""The screens of sources in a real browser: readable by everybody, narrow enough for a phone, and without scripts."""

from datetime import timedelta

import pytest

playwright = pytest.importorskip("playwright.sync_api")

from config.watch import FeedSource, InboundSource, JsonSource  # noqa: E402  after the skip
from monitor.sources.wire.fetch import Fetcher  # noqa: E402
from store import sources  # noqa: E402
from store.nouns import Health  # noqa: E402
from tests.desk.test_browser import AUDIT, DESKTOP, PHONE, chromium, pytestmark, signed_in, site  # noqa: E402, F401
from tests.desk.test_source_screens import gave, is_so, refurnish  # noqa: E402
from tests.desk.test_source_wizard import LOGIN, SIX, listed, value  # noqa: E402
from tests.worlds.feeds import FeedWorld  # noqa: E402

SCREENS = (
    "/sources",
    "/sources/city-news",
    "/sources/youtube-videos",
    "/sources/vendor",
    "/coverage",
    "/sources/new",
    "/sources/new?kind=feed",
    "/sources/new?kind=weibo",
    "/sources/new?kind=x",
    "/sources/new?kind=json&preset=youtube",
    "/sources/new?kind=inbound",
)


@pytest.fixture
def web():
    with FeedWorld() as world:
        yield world


@pytest.fixture
def house(house):
    """A house with one source of every mood, whose screens may read this machine."""
    now = house.clock()
    with Fetcher(allow=("127.0.0.1",), deadline=timedelta(seconds=5)) as fetch:
        refurnish(
            house,
            FeedSource(id="not-yet", platform="zhihu", url="https://a-very-long-name.example/" + "path/" * 30),
            JsonSource(id="youtube-videos", platform="youtube", preset="youtube", secret_env="YOUTUBE_API_KEY"),
            InboundSource(id="vendor", platform="xiaohongshu", secret_env="V_KEY", silent_after="2h"),
            fetch=fetch,
        )
        is_so(house, "weibo-keyword", Health.BLIND, "blocked", "x: " + "w" * 300, blind_since=now - timedelta(hours=1))
        is_so(house, "youtube-videos", Health.DEGRADED, "rate_limited", until=now + timedelta(minutes=5))
        is_so(house, "city-news", Health.OK, truncated_at=now)
        with house.store.transaction() as tx:
            for hours in range(1, 20, 3):
                sources.count_hour(tx, "city-news", now - timedelta(hours=hours), hours)
        for n in range(3):
            gave(house.store, house.ids, "city-news", published=now - timedelta(minutes=9 + n), seen=now)
        yield house


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_everybody_can_read_and_use_every_screen_of_sources(chromium, site, house, viewport, scheme):  # noqa: F811
    page = signed_in(chromium, site, "ops", viewport=viewport, color_scheme=scheme)
    faults = {}
    for path in SCREENS:
        page.goto(site + path)
        page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
        found = page.evaluate(AUDIT, viewport["width"] < 500)
        wide = page.evaluate("document.documentElement.scrollWidth") - viewport["width"]
        if found or wide > 0:
            faults[path] = (found, wide)
    page.context.close()
    assert faults == {}


def test_no_screen_of_sources_is_wider_than_a_phone_even_at_200_percent(chromium, site, house):  # noqa: F811
    page = signed_in(chromium, site, "ops", viewport={"width": 360, "height": 800})
    wide = {}
    for path in SCREENS:
        page.goto(site + path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 360:
            wide[path] = width
    page.context.close()
    assert wide == {}


def test_a_source_is_added_without_scripts_and_by_keyboard(chromium, site, house, web):  # noqa: F811
    page = signed_in(chromium, site, "ops", viewport=PHONE, java_script_enabled=False)
    page.goto(f"{site}/sources/new")
    page.get_by_role("link", name="订阅地址").press("Enter")
    page.get_by_label("订阅地址").fill(web.put("/feed", LOGIN, "text/html"))
    page.get_by_role("button", name="试读").press("Enter")
    assert "没有读到" in page.get_by_role("status").first.inner_text()
    assert value(page.content(), "url") == web.url("/feed")
    page.get_by_label("订阅地址").fill(web.put("/feed", SIX))
    page.get_by_role("button", name="试读").click()
    assert page.get_by_role("status").first.inner_text() == "读到 6 条"
    page.get_by_role("button", name="保存来源").press("Enter")
    assert "来源已保存" in page.get_by_role("status").first.inner_text()
    page.get_by_role("button", name="立即读取 news").click()
    assert page.get_by_role("status").first.inner_text() == "已安排，马上读取。"
    page.context.close()
    assert "news" in listed(house)
