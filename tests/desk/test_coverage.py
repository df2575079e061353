"""The coverage board is honest: only what is really read now counts, and the best of that."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.watch import (
    BlueskySource,
    FeedSource,
    ImportSource,
    InboundSource,
    JsonSource,
    MastodonSource,
    Watch,
    WeiboSource,
    XSource,
)
from desk.coverage import PLATFORMS, Cell, Road, coverage, platform_of
from desk.words import WORDS
from store import sources
from store.nouns import Health, SourceState
from tests.desk.test_source_screens import refurnish

NOW = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def feed(id="a", platform="weibo", **how):
    return FeedSource(id=id, platform=platform, url=f"https://{id}.example/feed", **how)


def state(id, health=Health.OK, ago=1, since=None, **how):
    return SourceState(
        id, health, "ok", "", NOW - ago * MINUTE, NOW - ago * MINUTE, None, 0, since, "", "", 1, 0, **how
    )


def cell(listed, states, platform="weibo", brand="xinghe"):
    rows = coverage(listed, {one.source: one for one in states}, [brand], NOW)
    return next(row.cells[0] for row in rows if row.platform == platform)


BLIND_SINCE = NOW - 40 * MINUTE
TABLE = {
    "nothing at all": ([], [], Cell(Road.NONE)),
    "a live one": ([feed()], [state("a")], Cell(Road.LIVE, ("a",))),
    "an empty one is heard": ([feed()], [state("a", Health.EMPTY)], Cell(Road.LIVE, ("a",))),
    "a degraded one is heard": ([feed()], [state("a", Health.DEGRADED)], Cell(Road.LIVE, ("a",))),
    "two live ones": ([feed("b"), feed("a")], [state("a"), state("b")], Cell(Road.LIVE, ("a", "b"))),
    "the best road counts": (
        [feed("a", via="bridge"), feed("b", via="vendor"), ImportSource(id="c", platform="weibo")],
        [state("a"), state("b"), state("c", ago=9000)],
        Cell(Road.VENDOR, ("b",)),
    ),
    "never read": ([feed()], [], Cell(Road.UNREAD, ("a",))),
    "blind": ([feed()], [state("a", Health.BLIND, since=BLIND_SINCE)], Cell(Road.BROKEN, ("a",), ("a",), BLIND_SINCE)),
    "stalled": ([feed()], [state("a", ago=11)], Cell(Road.BROKEN, ("a",), ("a",), NOW - 11 * MINUTE)),
    "blind since the last of them fell": (
        [feed("a"), feed("b")],
        [state("a", Health.BLIND, since=BLIND_SINCE), state("b", Health.BLIND, since=NOW - 5 * MINUTE)],
        Cell(Road.BROKEN, ("a", "b"), ("a", "b"), NOW - 5 * MINUTE),
    ),
    "a blind one beside one that is heard": (
        [feed("a"), feed("b", via="bridge")],
        [state("a", Health.BLIND, since=BLIND_SINCE), state("b")],
        Cell(Road.BRIDGE, ("b",), ("a",), BLIND_SINCE),
    ),
    "switched off": ([feed(enabled=False)], [state("a")], Cell(Road.NONE)),
    "of another brand": ([feed(brand="yunfan")], [state("a")], Cell(Road.NONE)),
    "of this brand": ([feed(brand="xinghe")], [state("a")], Cell(Road.LIVE, ("a",))),
    "a hot list only": (
        [feed(klass="hotlist", via="bridge")], [state("a")], Cell(Road.BRIDGE, ("a",), partial="hotlist"),
    ),
    "a hot list does not hide that the search is broken": (
        [feed("a", klass="hotlist"), feed("b")],
        [state("a"), state("b", Health.BLIND, since=BLIND_SINCE)],
        Cell(Road.BROKEN, ("b",), ("b",), BLIND_SINCE),
    ),
    "a bridge that hears all is better than a live hot list": (
        [feed("a", klass="hotlist"), feed("b", via="bridge")], [state("a"), state("b")], Cell(Road.BRIDGE, ("b",)),
    ),
    "mentions of the own account only": (
        [WeiboSource(id="a", parts=("mentions", "comments"))], [state("a")], Cell(Road.LIVE, ("a",), partial="own"),
    ),
    "a file brought weeks ago": (
        [ImportSource(id="a", platform="weibo")], [state("a", ago=40_000)], Cell(Road.MANUAL, ("a",)),
    ),
    "a push in time": (
        [InboundSource(id="a", platform="weibo", secret_env="V_KEY", silent_after="2h")],
        [state("a", ago=110)],
        Cell(Road.VENDOR, ("a",)),
    ),
    "a push too long ago": (
        [InboundSource(id="a", platform="weibo", secret_env="V_KEY", silent_after="2h")],
        [state("a", ago=130)],
        Cell(Road.BROKEN, ("a",), ("a",), NOW - 130 * MINUTE),
    ),
    "asked to wait for a little": (
        [feed()], [state("a", ago=14, until=NOW + 5 * MINUTE)], Cell(Road.LIVE, ("a",)),
    ),
    "asked to wait for long": (
        [feed()],
        [state("a", ago=20, until=NOW + 99 * MINUTE)],
        Cell(Road.BROKEN, ("a",), ("a",), NOW - 20 * MINUTE),
    ),
}  # fmt: skip


@pytest.mark.parametrize("story", TABLE)
def test_what_a_platform_is_for_a_brand(story):
    listed, states, expected = TABLE[story]
    assert cell(listed, states) == expected


def test_every_platform_has_a_row_and_a_lawful_road_even_with_no_source():
    rows = coverage([], {}, ["xinghe", "yunfan"], NOW)
    assert [row.platform for row in rows] == list(PLATFORMS)
    assert len(rows) == 19
    assert {one.road for row in rows for one in row.cells} == {Road.NONE}
    assert [name for name in PLATFORMS if f"cover_via_{name}" not in WORDS or f"plat_{name}" not in WORDS] == []


def test_a_platform_only_our_sources_know_gets_a_row_of_its_own():
    rows = coverage([feed(platform="old-forum")], {"a": state("a")}, ["xinghe"], NOW)
    assert rows[-1].platform == "old-forum"
    assert rows[-1].cells == (Cell(Road.LIVE, ("a",)),)


@pytest.mark.parametrize(
    ("source", "platform"),
    [
        (feed(platform="Twitter"), "x"),
        (feed(platform="tieba"), "baidu"),
        (feed(platform="xhs"), "xiaohongshu"),
        (JsonSource(id="a", platform="hackernews", preset="hn"), "hackernews"),
        (WeiboSource(id="a"), "weibo"),
        (MastodonSource(id="a", base_url="https://m.example"), "mastodon"),
        (BlueskySource(id="a"), "bluesky"),
        (XSource(id="a"), "x"),
    ],
)
def test_sources_find_their_row(source, platform):
    assert platform_of(source) == platform


VIAS = ("live", "vendor", "bridge", "manual")
SOME = st.lists(
    st.tuples(
        st.sampled_from(VIAS),
        st.sampled_from(("ok", "empty", "degraded", "blind", "unread", "stalled", "off")),
        st.booleans(),
    ),
    max_size=6,
)


def known(id, word):
    if word == "unread":
        return sources.fresh(id)
    if word == "stalled":
        return state(id, ago=500)
    health = Health.OK if word == "off" else Health(word)
    return state(id, health, since=BLIND_SINCE if word == "blind" else None)


@given(SOME)
def test_a_heard_road_is_one_that_is_really_heard_and_no_better_one_is(found):
    listed = [
        feed(f"s{n}", via=via, enabled=word != "off", klass="hotlist" if hot else "")
        for n, (via, word, hot) in enumerate(found)
    ]
    states = [known(f"s{n}", word) for n, (_, word, _) in enumerate(found)]
    seen = cell(listed, states)
    heard = {
        f"s{n}": (hot, VIAS.index(via))
        for n, (via, word, hot) in enumerate(found)
        if word in ("ok", "empty", "degraded")
    }
    deaf = {f"s{n}" for n, (_, word, _) in enumerate(found) if word in ("blind", "stalled")}
    assert set(seen.broken) == deaf
    assert (seen.since is None) == (not deaf)
    if seen.heard:
        best = min(heard.values())
        assert (bool(seen.partial), VIAS.index(seen.road.value)) == best
        assert {id for id, rank in heard.items() if rank == best} == set(seen.sources)
    else:
        full_deaf = any(not hot for n, (_, word, hot) in enumerate(found) if f"s{n}" in deaf)
        assert not heard or (all(hot for hot, _ in heard.values()) and full_deaf)
        active = any(word != "off" for _, word, _ in found)
        assert seen.road is (Road.BROKEN if deaf else Road.UNREAD if active else Road.NONE)


@given(SOME, SOME)
def test_more_sources_never_make_a_platform_less_heard(some, more):
    def road(found):
        listed = [feed(f"s{n}", via=via, enabled=word != "off") for n, (via, word, _) in enumerate(found)]
        return list(Road).index(cell(listed, [known(f"s{n}", word) for n, (_, word, _) in enumerate(found)]).road)

    assert road([*some, *more]) <= road(some)


def test_the_board_on_screen(house):
    house.hears("weibo-keyword", Health.BLIND, house.clock() - 43 * MINUTE)
    html = house.signed_in("li").get("/coverage").text
    assert "19 个平台里，1 个听得到" in html
    rows = {part.partition("<")[0].strip(): part for part in html.split('<th scope="row">')[1:]}
    assert "中断" in rows["微博"]
    assert "3月12日 13:17 起" in rows["微博"]
    assert "微博商业搜索接口" in rows["微博"]
    assert "直连" in rows["新闻"]
    assert "合法的办法" not in rows["新闻"]
    assert "没有" in rows["小红书"]
    assert "没有公开搜索接口" in rows["小红书"]


def test_the_board_without_a_brand_says_what_to_do(house):
    refurnish(house, watch=Watch())
    html = house.signed_in("li").get("/coverage").text
    assert "还没有品牌" in html
    assert "听得到" not in html
