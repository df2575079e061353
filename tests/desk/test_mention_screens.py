"""Looking for mentions and at one of them: words, marks, parts, all that is known of it; no stranger acts."""

import hashlib
import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import insert, select

from store import evidence, heard, lookup
from store.nouns import Klass
from store.tables import scores
from tests.desk.house import MINUTE, POSTS, House

POISON = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>\"' onmouseover=alert(3) {{ 7*7 }} 住院 javascript:alert(4)"
)
KNOWN_LINK = re.compile(r'href="(?!/|https?://|#)[^"]*"')


def posts(html: str) -> list[str]:
    """Each row as its plain words."""
    return [plain(one) for one in re.findall(r'<article class="post">(.*?)</article>', html, re.DOTALL)]


def plain(html: str) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", html).split()))


def ids_of(html: str) -> list[str]:
    return re.findall(r'class="post-when" href="/mentions/(\w+)"', html)


@pytest.fixture
def talk(house) -> dict[str, str]:
    """The posts of the house, heard 20 minutes ago; first words -> id."""
    judged = house.heard(POSTS, house.clock() - 20 * MINUTE)
    return {(one.mention.title or one.mention.text)[:4]: one.mention.id for one in judged}


def change(house: House, mention: str, **values) -> None:
    with house.store.transaction() as tx:
        heard.change(tx, mention, values)


def test_the_newest_stand_first_with_platform_author_time_score_and_a_way_in(house, talk):
    change(house, talk["孩子喝了"], followers=1200, date_estimated=True)
    rows = posts(house.signed_in("li").get("/mentions").text)
    assert len(rows) == 6
    assert rows[0].startswith("3月12日 13:54 6 分钟前 · 微博 · 冷门博主 · 粉丝未知")
    assert rows[-1] == (
        "3月12日 13:40 20 分钟前 · 估 · 微博 · 南京小雨 · 粉丝 1,200 危机 · 食品安全 模型：危机 80%，负面 90% "
        "孩子喝了星禾茶饮的杨梅冰茶，半夜 上吐下泻 ，现在在医院 查看 打开原帖"
    )


def test_the_risk_terms_are_marked_where_they_stand_but_not_in_words_that_changed_since(house, talk):
    browser = house.signed_in("li")
    assert '<mark title="上吐下泻">上吐下泻</mark>' in browser.get("/mentions").text
    change(
        house,
        talk["孩子喝了"],
        text="已经没事了，谢谢大家关心，孩子今天好多了，医生说明天就能回家",
        edited_at=house.clock(),
    )
    html = browser.get("/mentions?edited=1").text
    assert [row.partition("改过")[2] for row in posts(html)] == [
        " 已经没事了，谢谢大家关心，孩子今天好多了，医生说明天就能回家 查看 打开原帖"
    ]
    assert "<mark" not in html


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("住院", ["避雷星禾"]),
        ("星禾 医院", ["孩子喝了"]),
        ("“现在在医院”", ["孩子喝了"]),
        ("星禾茶饮", ["孩子喝了", "避雷星禾", "星禾茶饮", "多名顾客", "星禾茶饮"]),
        ("院", ["孩子喝了", "避雷星禾"]),
        ("%", []),
    ],
)
def test_words_of_two_characters_and_of_one_and_phrases_are_found(house, talk, asked, found):
    rows = ids_of(house.signed_in("li").get(f"/mentions?q={asked}").text)
    with house.store.reading() as tx:
        said = [lookup.mention(tx, one) for one in reversed(rows)]
    assert [(one.title or one.text)[:4] for one in said] == found


def test_filters_narrow_and_say_how_many_there_are(house, talk):
    browser = house.signed_in("li")
    house.opens(posts=(POSTS[2],))
    change(house, talk["多名顾客"], klass=Klass.ARTICLE.value)

    def shown(query: str) -> int:
        html = browser.get(f"/mentions?{query}").text
        rows = len(posts(html))
        assert (f"共 {rows} 条" in html) == bool(rows)
        return rows

    assert shown("platform=weibo") == 4
    assert shown("platform=xiaohongshu&brand=xinghe") == 2
    assert shown("platform=mars") == 0
    assert shown("source=weibo-keyword") == 7
    assert shown("source=city-news") == 0
    assert shown("klass=article") == 1
    assert shown("state=crisis") == 6
    assert shown("state=negative&q=住院") == 2
    assert shown("state=unsure") == 0
    assert shown("state=not_us") == 0
    assert shown("incident=1") == 1
    assert shown("span=1h") == 7
    assert shown("since=2026-03-12T13:50") == 2
    assert shown("until=2026-03-12T13:43") == 1
    assert shown("state=whatever&span=whatever&brand=whatever") == 7
    house.clock.forward(house.clock() + timedelta(hours=2))
    assert shown("span=1h") == 0
    assert shown("span=24h") == 7


def test_a_source_that_found_it_later_is_a_source_of_it_too(house, talk):
    with house.store.transaction() as tx:
        heard.found_by(tx, [(talk["多名顾客"], "city-news")], house.clock())
    assert len(posts(house.signed_in("li").get("/mentions?source=city-news").text)) == 1


def test_unreadable_times_are_refused_in_words_and_a_broken_place_shows_the_newest(house, talk):
    browser = house.signed_in("li")
    answer = browser.get("/mentions?since=gestern")
    assert answer.status_code == 400
    assert "时间读不懂" in answer.text
    for place in ("x", "~", "2026~a", "0001-01-01T00:00+23:59~a", "2026-03-12T00:00:00+00:00~"):
        answer = (
            browser.get(
                "/mentions",
            )
            if not place
            else browser.http.get("/mentions", params={"below": place})
        )
        assert answer.status_code == 200


def test_what_nobody_judged_yet_as_unsure_waits_in_its_own_list(house, talk):
    with house.store.transaction() as tx:
        tx.exec_driver_sql("UPDATE scores SET p_crisis = 0.6")
    browser = house.signed_in("li")
    assert len(posts(browser.get("/mentions?state=unsure").text)) == 6
    path = f"/mentions/{talk['多名顾客']}"
    browser.post(f"{path}/correct", on=path, brand="xinghe", what="not_crisis")
    html = browser.get("/mentions?state=unsure").text
    assert len(posts(html)) == 5
    assert "请你判断" in html


def test_older_parts_follow_without_a_gap_or_a_double_though_new_ones_arrive(house):
    many = [("weibo", f"作者{n}", "", f"星禾茶饮第 {n} 条", "", n // 3) for n in range(120)]
    house.heard(many, house.clock() - 60 * MINUTE)
    browser = house.signed_in("li")
    browser.get("/brand?to=xinghe&back=/")
    path, seen, parts = "/mentions?q=星禾", [], 0
    while path:
        html = browser.get(path).text
        assert "共 12" in html
        seen += ids_of(html)
        parts += 1
        found = re.search(r'<a class="button" href="([^"]+)">更早的</a>', html)
        path = unescape(found[1]) if found else ""
        assert "brand=xinghe" in path or not path
        house.heard((("weibo", "新来的", "", "星禾茶饮又一条", "", 0),), house.clock())
    assert parts == 3
    assert len(seen) == len(set(seen)) == 120
    assert "没有更早的了" in html
    assert "回到最新" in html


def test_an_empty_list_teaches_what_would_appear_and_how(house):
    browser = house.signed_in("li")
    html = browser.get("/mentions").text
    assert "还没有提及" in html
    assert "./goldenhour watch" in html
    house.heard(POSTS, house.clock())
    html = browser.get("/mentions?q=火星&state=crisis").text
    assert "没有符合这些条件的提及" in html
    assert 'href="/mentions?brand="' in html


def test_one_mention_shows_all_that_is_known_and_unknown_is_said(house, talk):
    change(house, talk["孩子喝了"], followers=1200, likes=0, raw_date="03-12 13:40", verified=True, best_rank=3, rank=7)
    with house.store.transaction() as tx:
        heard.found_by(tx, [(talk["孩子喝了"], "city-news")], house.clock())
    text = plain(house.signed_in("li").get(f"/mentions/{talk['孩子喝了']}").text)
    for said in (
        "孩子喝了星禾茶饮的杨梅冰茶，半夜 上吐下泻 ，现在在医院",
        "危机 · 食品安全 模型：危机 80%，负面 90%",
        "为什么是我们 brand name",
        "来源写的：03-12 13:40",
        "粉丝 1,200 认证 是 机器人 未知",
        "赞 0 · 评论 未知 · 转发 未知 · 阅读 未知",
        "热榜名次 现在 7，最高 3",
        "地区 未知",
        "在哪里读到 weibo-keyword 3月12日 14:00 city-news 3月12日 14:00",
        "不在任何事件里",
        "还没有证据",
    ):
        assert said in text


def test_one_mention_leads_to_its_incident_and_else_a_crisis_may_be_raised(house):
    house.opens()
    browser = house.signed_in("li")
    mention = ids_of(browser.get("/mentions?q=住院").text)[0]
    html = browser.get(f"/mentions/{mention}").text
    assert '<a class="button main" href="/incidents/1">打开事件 #1</a>' in html
    other = house.heard((POSTS[2],), house.clock())[0].mention.id
    html = browser.get(f"/mentions/{other}").text
    assert html.count('class="button main"') == 1
    assert "人工升警" in re.search(r'<a class="button main" href="/incidents/new\?[^"]+">([^<]+)<', html)[1]
    assert "人工升警</a>" not in house.signed_in("kan").get(f"/mentions/{other}").text


def test_a_mention_that_is_not_there_is_a_clear_screen(house):
    browser = house.signed_in("li")
    assert browser.get("/mentions/nobody").status_code == 404
    assert browser.get(f"/mentions/{'a' * 400}").status_code == 404
    assert browser.get("/mentions/nobody/evidence/none").status_code == 404
    assert house.browser().get("/mentions/nobody").headers["location"].startswith("/sign-in")


def test_one_that_is_about_no_brand_is_shown_without_a_judgement(house, ids):
    (one,) = house.heard((POSTS[0],), house.clock())
    with house.store.transaction() as tx:
        tx.exec_driver_sql("DELETE FROM scores")
    html = house.signed_in("li").get(f"/mentions/{one.mention.id}").text
    assert "还没有研判" in html
    assert "半夜上吐下泻" in html


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("person", ["li", "zhou", "kan"])
def test_what_strangers_write_is_inert_on_both_screens(house, person, lang):
    (one,) = house.heard((("<b>weibo", POISON, POISON, POISON, "住院", 0),), house.clock())
    wild = {"url": "javascript:alert(5)", "region": POISON[:60], "status": POISON[:40], "repost_of": POISON}
    change(house, one.mention.id, **wild, raw_date=POISON[:100], parent_ext_id=POISON, klass="<i>x", lang="<u>")
    with house.store.transaction() as tx:
        evidence.take(tx, one.mention.id, "e1", house.clock(), "li", POISON)
    change(house, one.mention.id, title="", text="别的")
    browser = house.signed_in(person)
    browser.http.cookies.set("lang", lang)
    for path in ("/mentions", f"/mentions?q={POISON[:90]}", f"/mentions/{one.mention.id}", "/mentions?klass=<i>x"):
        answer = browser.get(path)
        assert answer.status_code == 200
        for wild_thing in ("<script>alert", "<img src=x", '" onmouseover', " 49 ", "<b>weibo", "<i>x", "<u>"):
            assert wild_thing not in answer.text
        assert KNOWN_LINK.findall(answer.text) == []
    kept = browser.get(f"/mentions/{one.mention.id}/evidence/e1")
    assert kept.headers["content-type"] == "application/json"
    assert kept.headers["content-disposition"] == 'attachment; filename="evidence-e1.json"'
    assert kept.headers["x-content-type-options"] == "nosniff"


def test_older_words_are_shown_beside_and_evidence_that_was_touched_is_called_none(house, talk):
    mention = talk["孩子喝了"]
    with house.store.transaction() as tx:
        evidence.keep_version(tx, mention, "v1", house.clock())
    change(house, mention, text="没事了", edited_at=house.clock())
    browser = house.signed_in("li")
    html = browser.get(f"/mentions/{mention}").text
    assert "被修改前自动保存" in html
    assert re.search(r"当时的文字与现在不同</summary><p[^>]*>孩子喝了", html)
    assert "不能作为证据" not in html
    body = browser.get(f"/mentions/{mention}/evidence/v1").content
    assert hashlib.sha256(body).hexdigest() in html
    with house.store.transaction() as tx:
        tx.exec_driver_sql("UPDATE snapshots SET body = replace(body, 'weibo', 'douyin')")
    assert "不能作为证据" in browser.get(f"/mentions/{mention}").text


def test_with_two_brands_each_has_its_own_judgement(house, talk):
    mention = talk["避雷星禾"]
    with house.store.transaction() as tx:
        (row,) = tx.execute(select(scores).where(scores.c.mention == mention))
        tx.execute(insert(scores).values(dict(row._mapping) | {"brand": "other"}))
    browser = house.signed_in("li")
    html = browser.get(f"/mentions/{mention}").text
    assert re.findall(r"<h2>研判 · (\w+)</h2>", html) == ["other", "星禾茶饮"]
    (row,) = posts(browser.get("/mentions?q=住院&brand=").text)
    assert "other 危机 · 食品安全 模型：危机 80%，负面 90% · 星禾茶饮 危机 · 食品安全" in row
    (row,) = posts(browser.get("/mentions?q=住院&brand=xinghe").text)
    assert "other" not in row
