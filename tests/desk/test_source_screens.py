"""Sources on screen: why one is not heard and what can be done, how late and how dear, read now, switch off and on."""

import re
import tomllib
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from config.mapping import Limits
from config.watch import (
    FeedSource,
    ImportSource,
    InboundSource,
    JsonSource,
    MastodonSource,
    Watch,
    WeiboSource,
    XSource,
)
from desk.screens.source_notes import tell_note
from desk.source_toml import toml_of
from desk.web import build_app
from desk.words import WORDS
from monitor import sourcebook
from store import agenda, journal, lags, meters, migrations, sources
from store.agenda import Job
from store.database import Store, insert_once
from store.lags import Lag
from store.nouns import Health, Meter, Outcome, RawMention, SourceState
from store.tables import mentions as mention_table
from store.tables import meters as meter_table
from tests.desk.house import MINUTE

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
POISON = "<script>alert(1)</script><img src=x onerror=alert(2)>\"' onmouseover=alert(3) {{ 7*7 }}"
BAD = [one for one in Outcome if one not in (Outcome.OK, Outcome.EMPTY, Outcome.NOT_MODIFIED)]


def refurnish(house, *more, watch=None, **room):
    """The same house with other sources, or other things its screens may touch."""
    given = house.room.settings
    watch = watch or given.watch.model_copy(update={"source": (*given.watch.source, *more)})
    house.room = replace(house.room, settings=given.model_copy(update={"watch": watch}), **room)
    house.app = build_app(house.room)


def is_so(house, source, health, outcome="ok", note="", **how):
    now = house.clock()
    state = SourceState(source, health, outcome, note, now, now - 5 * MINUTE, None, 0, None, "", "", 12, 340)
    with house.store.transaction() as tx:
        sources.keep(tx, replace(state, **how))


def card(html, source):
    """The card of one source on the list."""
    return next(part for part in html.split("<article ")[1:] if f'href="/sources/{source}"' in part)


def words(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split()).replace(" ：", "：")


def gave(store, ids, source, *, published, seen, estimated=False):
    """One stored mention of a source."""
    row = {"id": ids(), "source": source, "platform": "weibo", "ext_id": ids(), "text": "星禾茶饮"}
    row |= {"published_at": published, "date_estimated": estimated, "event_at": published or seen}
    with store.transaction() as tx:
        insert_once(tx, mention_table, [row | {"first_seen_at": seen}])


def gave_late_and_early(store, ids, now):
    """Twenty with a whole date, 1 to 20 minutes late; two without one; an old one; one from a clock ahead of ours."""
    for n in range(1, 21):
        gave(store, ids, "city-news", published=now - HOUR - n * MINUTE, seen=now - HOUR)
    gave(store, ids, "city-news", published=None, seen=now - HOUR, estimated=True)
    gave(store, ids, "city-news", published=now - 9 * DAY, seen=now - HOUR, estimated=True)
    gave(store, ids, "city-news", published=now - 9 * DAY, seen=now - 2 * DAY)
    gave(store, ids, "weibo-keyword", published=now + MINUTE, seen=now)
    gave(store, ids, "dateless", published=None, seen=now, estimated=True)
    with store.reading() as tx:
        return lags.lags(tx, now - DAY)


def promised(house, source):
    with house.store.reading() as tx:
        return agenda.waiting(tx).get(f"{Job.POLL.value}:{source}")


def story(house, source):
    with house.store.reading() as tx:
        return [(one.who, one.what, one.why, one.detail) for one in journal.entries(tx, f"source:{source}")]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_outcome_says_what_happened_why_and_what_can_be_done(house, lang):
    browser = house.signed_in("ops")
    browser.http.cookies.set("lang", lang)
    for outcome in BAD:
        is_so(house, "city-news", Health.BLIND, outcome.value, "upstream said no", blind_since=house.clock() - HOUR)
        said = words(card(browser.get("/sources").text, "city-news")).lower()
        for key in (f"outcome_{outcome}", f"src_why_{outcome}", f"src_act_{outcome}", "src_now"):
            assert WORDS[key][lang == "en"].lower() in said
        assert "upstream said no" in said


def test_a_refused_key_names_the_variable_in_which_a_new_one_goes(house):
    refurnish(house, WeiboSource(id="weibo-search", secret_env="WEIBO_TOKEN"))
    is_so(house, "weibo-search", Health.BLIND, "auth_failed", blind_since=house.clock())
    said = words(card(house.signed_in("ops").get("/sources").text, "weibo-search"))
    assert "换一个新密钥，写进环境变量 WEIBO_TOKEN，再立即读取。" in said


def test_an_inside_address_is_not_called_a_login_page(house):
    note = "127.0.0.1: port 1200 leads to an inside address; allowed are public addresses and … (none)"
    is_so(house, "city-news", Health.BLIND, "blocked", note, blind_since=house.clock())
    said = words(card(house.signed_in("ops").get("/sources").text, "city-news"))
    assert "这个地址在内网，没有放行" in said
    assert "reading.allow" in said
    assert "验证码" not in said


@pytest.mark.parametrize(
    ("note", "zh"),
    [
        (
            "a.example: an HTML page titled “微博 - 登录”, not a feed: a login wall",
            "a.example：回来的是登录页《微博 - 登录》，不是内容",
        ),
        (
            "a.example:1200: answered 429 (rate_limited); allowed is 200, or 304 to a conditional request; "
            "it asks to wait '240'",
            "a.example:1200：回答 429，要求等待 240",
        ),
        (
            "a.example: answered 503 (server_error); allowed is 200, or 304 to a conditional request: Cookies expired",
            "a.example：回答 503：Cookies expired",
        ),
        ("a.example: answered 404 (gone); allowed is 200, or 304 to a conditional request", "a.example：回答 404"),
        ("3 entries beyond 1000 were left out", "一次超过 1000 条，后面 3 条没有读"),
        (
            "12 characters before the feed; 3 entries beyond 1000 were left out",
            "feed 前面有 12 个多余的字符；一次超过 1000 条，后面 3 条没有读",
        ),
        (
            "quieter than ever: nothing new in 3 hours, usually at least 14",
            "比平时安静：3 小时没有新内容，平时至少 14 条",
        ),
        ("5.00 of 5.00 US$ of the day are spent", "今天已花 US$5.00，上限 US$5.00"),
        ("a.example: no complete answer within 20 s", "a.example：20 秒内没有答完"),
        ("something nobody has a word for", "something nobody has a word for"),
        ("", ""),
    ],
)
def test_readers_notes_in_chinese(note, zh):
    assert tell_note(note, "zh") == zh
    assert tell_note(note, "en") == note


def test_blind_says_since_when_and_how_long_and_stands_first(house):
    is_so(house, "weibo-keyword", Health.BLIND, "network", blind_since=house.clock() - 43 * MINUTE)
    html = house.signed_in("li").get("/sources").text
    assert "1 个来源听不到" in html
    assert html.index("weibo-keyword") < html.index("city-news")
    said = words(card(html, "weibo-keyword"))
    assert "3月12日 13:17 起听不到，已 43 分钟" in said
    assert "0 条，3月12日 13:17 之后未知" in said
    assert 'source off"' in card(html, "weibo-keyword")


def test_quieter_than_usual_is_a_reason_of_its_own(house):
    is_so(house, "city-news", Health.DEGRADED, note="quieter than ever: nothing new in 3 hours, usually at least 14")
    said = words(card(house.signed_in("li").get("/sources").text, "city-news"))
    assert "比平时安静：3 小时没有新内容，平时至少 14 条" in said
    assert "打开原站搜一次品牌名" in said


def test_never_read_is_unknown_everywhere(house):
    refurnish(house, FeedSource(id="new-one", platform="news", url="https://n.example/rss"))
    said = words(card(house.signed_in("li").get("/sources").text, "new-one"))
    assert "未知，还没有读过" in said
    assert said.count("未知") == 5
    assert " 0 " not in said


LAGS = {
    "city-news": Lag(22, 20, 10 * MINUTE, 19 * MINUTE),
    "weibo-keyword": Lag(1, 1, timedelta(), timedelta()),
    "dateless": Lag(1),
}


def test_lag_counts_only_whole_dates_of_the_last_day(house):
    assert gave_late_and_early(house.store, house.ids, house.clock()) == LAGS
    said = words(card(house.signed_in("li").get("/sources").text, "city-news"))
    assert "一半在 10 分钟内，95% 在 19 分钟内看到 24 小时，20 条有时间" in said
    assert "22 条" in said


@pytest.mark.realserver
def test_lag_is_the_same_on_postgresql(servers, clock, ids):
    store = Store(servers.new_database())
    try:
        migrations.migrate(store)
        assert gave_late_and_early(store, ids, clock()) == LAGS
    finally:
        store.close()


def test_budget_of_the_account_and_until_when_it_must_not_ask(house):
    now = house.clock()
    refurnish(
        house,
        WeiboSource(id="weibo-search", secret_env="WEIBO_TOKEN", limits=Limits(per_hour=500, per_day=20_000)),
        WeiboSource(id="weibo-own", secret_env="WEIBO_TOKEN", parts=("mentions",)),
        XSource(id="x-posts", secret_env="X_BEARER"),
        JsonSource(id="yt", platform="youtube", preset="youtube", secret_env="YOUTUBE_API_KEY"),
    )
    hour, day = now.replace(minute=0), now.replace(hour=0)
    used = [
        Meter("weibo:WEIBO_TOKEN", hour, 41, day, 900, 0.0),
        Meter("x:X_BEARER", hour, 3, day, 9, 1.25, None, now + 30 * MINUTE, "told to wait"),
    ]
    with house.store.transaction() as tx:
        for one in used:
            meters.meter(tx, one.account, one.hour_at, one.day_at, lock=True)
            meters.keep(tx, one)
    browser = house.signed_in("ops")
    html = browser.get("/sources").text
    assert "本小时 41 / 500 次，今天 900 / 20,000" in words(card(html, "weibo-search"))
    assert "今天 US$ 1.25 / 5.00" in words(card(html, "x-posts"))
    assert "3月12日 14:30 前不能再问" in words(card(html, "x-posts"))
    assert "今天 0 / 10,000" in words(card(html, "yt"))
    assert "额度" not in words(card(html, "city-news"))
    own = words(browser.get("/sources/weibo-search").text)
    assert "weibo:WEIBO_TOKEN · 同一账号：weibo-own" in own
    house.clock.forward(now + DAY)
    tomorrow = house.signed_in("ops").get("/sources").text
    assert "本小时 0 / 500 次，今天 0 / 20,000" in words(card(tomorrow, "weibo-search"))


def test_a_cut_window_is_told_for_a_day(house):
    is_so(house, "city-news", Health.OK, truncated_at=house.clock() - HOUR)
    browser = house.signed_in("li")
    assert "3月12日 13:00 达到翻页上限，实际声量更高" in words(card(browser.get("/sources").text, "city-news"))
    is_so(house, "city-news", Health.OK, truncated_at=house.clock() - 25 * HOUR)
    assert "翻页上限" not in browser.get("/sources").text


def test_read_now_promises_the_read_and_says_so(house):
    later = house.clock() + HOUR
    with house.store.transaction() as tx:
        agenda.promise(tx, Job.POLL, "city-news", later)
    li = house.signed_in("li")
    answer = li.post("/sources/city-news/read", on="/sources")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sources/city-news?done=read")
    assert promised(house, "city-news") == house.clock()
    html = li.get("/sources/city-news?done=read").text
    assert "已安排，马上读取。" in html
    assert "要求立即读取" in html
    assert story(house, "city-news") == [("li", "source_read_now", "", {})]


def test_read_now_waits_as_long_as_the_other_side_asks(house):
    until = house.clock() + 20 * MINUTE
    is_so(house, "city-news", Health.DEGRADED, "rate_limited", until=until)
    answer = house.signed_in("ops").post("/sources/city-news/read", on="/sources")
    assert answer.headers["location"] == "/sources/city-news?done=waits"
    assert promised(house, "city-news") == until
    assert "3月12日 14:20 之后读取" in house.signed_in("ops").get("/sources/city-news?done=waits").text


def test_pushed_and_brought_sources_have_no_such_button_but_say_how_they_come(house):
    refurnish(
        house,
        InboundSource(id="vendor", platform="weibo", secret_env="V_KEY"),
        ImportSource(id="export", platform="heimao"),
    )
    ops = house.signed_in("ops")
    html = ops.get("/sources").text
    assert "/sources/vendor/read" not in html
    assert "/sources/export/read" not in html
    assert "对方推送，不用去读" in card(html, "vendor")
    assert "由人导入文件" in card(html, "export")
    assert "http://127.0.0.1:8080/inbound/vendor" in ops.get("/sources/vendor").text
    assert "环境变量 V_KEY：没有设置" in words(ops.get("/sources/vendor").text)
    assert "./goldenhour import 文件 --source export" in ops.get("/sources/export").text
    refused = ops.post("/sources/export/read", on="/sources")
    assert (refused.status_code, "这个来源不由我们去读" in refused.text) == (409, True)
    assert promised(house, "export") is None


@pytest.mark.parametrize("person", ["ops", "wang"])
def test_switching_off_and_on_with_a_reason(house, person):
    keeper = house.signed_in(person)
    off = keeper.post("/sources/city-news/switch", on="/sources/city-news", to="off", reason="改版，等新地址")
    assert (off.status_code, off.headers["location"]) == (303, "/sources/city-news?done=off")
    with house.store.reading() as tx:
        assert not sourcebook.find(tx, house.room.settings.watch, "city-news").enabled
    html = keeper.get("/sources/city-news").text
    assert "已停用" in html
    assert "改版，等新地址" in html
    assert "/sources/city-news/read" not in html
    again = keeper.post("/sources/city-news/switch", on="/sources/city-news", to="off", reason="再来一次")
    assert again.status_code == 409
    on = keeper.post("/sources/city-news/switch", on="/sources/city-news", to="on", reason="新地址好了")
    assert on.status_code == 303
    assert promised(house, "city-news") == house.clock()
    assert story(house, "city-news") == [
        (person, "source_switched", "改版，等新地址", {"to": "off"}),
        (person, "source_switched", "新地址好了", {"to": "on"}),
    ]


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"to": "off"}, 400), ({"to": "off", "reason": " x "}, 400), ({"to": "?", "reason": "因为"}, 400)],
)
def test_a_switch_without_a_reason_changes_nothing(house, fields, status):
    before = house.all_states()
    assert (
        house.signed_in("ops").post("/sources/city-news/switch", on="/sources/city-news", **fields).status_code
        == status
    )
    assert house.all_states() == before


@pytest.mark.parametrize(
    ("person", "path", "fields"),
    [
        ("kan", "/sources/city-news/read", {}),
        ("zhou", "/sources/city-news/read", {}),
        ("li", "/sources/city-news/switch", {"to": "off", "reason": "试试看"}),
        ("kan", "/sources/city-news/switch", {"to": "off", "reason": "试试看"}),
        ("li", "/sources/new", {"kind": "feed", "url": "https://a.example/rss", "platform": "news"}),
        ("li", "/sources/new/try", {"kind": "feed", "url": "https://a.example/rss", "platform": "news"}),
        ("zhao", "/sources/new/try", {"kind": "feed", "url": "https://a.example/rss", "platform": "news"}),
    ],
)
def test_who_may_not(house, person, path, fields):
    before = house.all_states()
    assert house.signed_in(person).post(path, on="/sources", **fields).status_code == 403
    assert house.all_states() == before
    assert promised(house, "city-news") is None


@pytest.mark.parametrize(
    "path", ["/sources/city-news/read", "/sources/city-news/switch", "/sources/new", "/sources/new/try"]
)
def test_a_form_without_its_token_or_its_person_does_nothing(house, path):
    before = house.all_states()
    fields = {"to": "off", "reason": "没有令牌", "kind": "import", "platform": "weibo"}
    assert house.signed_in("ops").http.post(path, data=fields).status_code == 403
    assert house.browser().http.post(path, data=fields).status_code == 403
    assert house.all_states() == before


def test_a_viewer_sees_everything_but_no_button(house):
    html = house.signed_in("kan").get("/sources").text
    assert "/read" not in html
    assert "/sources/new" not in html
    own = house.signed_in("kan").get("/sources/city-news").text
    assert "/switch" not in own
    assert house.signed_in("kan").get("/sources/new").status_code == 403


def test_an_unknown_source_is_not_there(house):
    ops = house.signed_in("ops")
    assert ops.get("/sources/nobody").status_code == 404
    assert ops.post("/sources/nobody/read", on="/sources").status_code == 404


def test_one_sources_own_screen(house):
    now = house.clock()
    with house.store.transaction() as tx:
        for hours, count in ((1, 4), (2, 0), (25, 9)):
            sources.count_hour(tx, "city-news", now - hours * HOUR, count)
        detail = {"from": "ok", "to": "blind", "outcome": "blocked"}
        note = "a.example: an HTML page titled “登录”, not a feed: a login wall"
        journal.write(tx, now - 40 * MINUTE, "system", "source_health", "source:city-news", note, detail)
    for n in range(12):
        gave(house.store, house.ids, "city-news", published=now - n * HOUR - 7 * MINUTE, seen=now - n * HOUR)
    html = house.signed_in("li").get("/sources/city-news").text
    said = words(html)
    assert "正常 → 听不到 被拦截，a.example：回来的是登录页《登录》，不是内容" in said
    assert html.count('<article class="post">') == 10
    assert "滞后 7 分钟" in said
    assert "3月12日 13:00 4 3月12日 12:00 0 3月12日 11:00 未知" in said
    assert "3月11日 13:00" not in said
    assert html.count('class="unheard"') == 22
    assert tomllib.loads(
        re.search(r'<pre class="letter toml">(.*?)</pre>', html, re.DOTALL)[1].replace("&#34;", '"')
    ) == {"source": [{"id": "city-news", "kind": "feed", "platform": "news", "url": "http://127.0.0.1:1200/news"}]}


def test_keys_inside_settings_are_veiled_on_screen(house):
    refurnish(
        house,
        FeedSource(
            id="hidden", platform="news",
            url="https://me:pass1word@n.example/rss?q=tea&key=abc123&access_token=zz9",
        ),
        JsonSource(id="own", platform="news", spec={
            "request": {
                "url": "https://n.example/api?apikey=abc123",
                "headers": {"X-Api-Key": "abc123", "Accept": "text/plain"},
            },
            "items": "items", "map": {"title": "title"},
        }),
    )  # fmt: skip
    for path in ("/sources/hidden", "/sources/own", "/sources"):
        html = house.signed_in("ops").get(path).text
        for key in ("pass1word", "abc123", "zz9"):
            assert key not in html
    html = house.signed_in("ops").get("/sources/hidden").text
    assert "https://me:***@n.example/rss?q=tea&amp;key=***&amp;access_token=***" in html
    assert "Accept = &#34;text/plain&#34;" in house.signed_in("ops").get("/sources/own").text


@pytest.mark.parametrize(
    "source",
    [
        FeedSource(id="a", platform="新闻\x7f\"quoted\" \\ \t", url="https://n.example/rss?q=茶", interval="90s"),
        WeiboSource(id="a", secret_env="W_KEY", parts=("search", "mentions"), limits=Limits(per_hour=5, every="2s")),
        MastodonSource(id="a", base_url="https://m.example", tags=("星禾", "tea"), enabled=False),
        InboundSource(id="a", platform="weibo", secret_env="V_KEY", silent_after="2h", via="live"),
        JsonSource(id="a", platform="news", preset="hn", values={"query": "tea shop", "tags": "story"}),
        JsonSource(id="a", platform="news", spec={
            "request": {"url": "https://n.example/api", "params": {"q": "{query}"}}, "items": "items[*].x",
            "map": {"title": "t", "likes": "n -> int"},
            "errors": [
                {"path": "code", "equals": [1, "2", True], "as": "auth_failed"}, {"status": [400], "as": "malformed"},
            ],
        }),
        ImportSource(id="a", platform="heimao"),
    ],
)  # fmt: skip
def test_the_block_for_watch_toml_says_the_same_source(source):
    again = Watch.model_validate(tomllib.loads(toml_of(source, veil=False)))
    assert again.source == (source,)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("person", ["ops", "kan"])
def test_what_others_write_is_inert(house, lang, person):
    refurnish(house, FeedSource(id="poisoned", platform=POISON[:40], url="https://n.example/rss"))
    is_so(house, "poisoned", Health.BLIND, "malformed", POISON, blind_since=house.clock())
    with house.store.transaction() as tx:
        journal.write(
            tx, house.clock(), "system", "source_health", "source:poisoned", POISON, {"from": POISON, "to": POISON}
        )
        journal.write(tx, house.clock(), POISON[:20], POISON, "source:poisoned", POISON, {"to": POISON})
        raw = RawMention(
            ext_id="1", title=POISON, text=POISON, author=POISON[:60], platform="news", url="javascript:alert(4)"
        )
        row = {"id": house.ids(), "source": "poisoned", "platform": "news", "ext_id": "1", "event_at": house.clock()}
        row |= {
            "title": raw.title,
            "text": raw.text,
            "author": raw.author,
            "first_seen_at": house.clock(),
            "url": raw.url,
        }
        insert_once(tx, mention_table, [row])
        insert_once(tx, meter_table, [{
            "account": "n.example", "hour_at": house.clock(), "day_at": house.clock(), "blocked_why": POISON,
            "blocked_until": house.clock() + HOUR,
        }])  # fmt: skip
    browser = house.signed_in(person)
    browser.http.cookies.set("lang", lang)
    for path in (
        "/sources",
        "/sources/poisoned",
        "/coverage",
        f"/sources/{POISON[:30]}",
        f"/sources/poisoned?done={POISON}",
    ):
        html = browser.get(path).text
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert '" onmouseover' not in html
        assert " 49 " not in html
        assert 'href="javascript' not in html


def test_no_source_yet_teaches_what_to_do(house):
    refurnish(house, watch=Watch())
    html = house.signed_in("ops").get("/sources").text
    assert "还没有来源" in html
    assert 'href="/sources/new"' in html


@pytest.mark.parametrize("path", ["/sources", "/sources/city-news", "/coverage", "/sources/new", "/sources/new?kind=x"])
def test_the_english_screens_use_no_chinese_words_of_ours(house, path):
    is_so(house, "city-news", Health.BLIND, "auth_failed", blind_since=house.clock(), truncated_at=house.clock())
    browser = house.signed_in("ops")
    browser.http.cookies.set("lang", "en")
    left = set(re.findall(r"[一-鿿]+", words(browser.get(path).text))) - {"中文", "孙运维", "星禾茶饮"}
    assert left == set()
