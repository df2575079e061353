"""A brand's words on screen: tried on stored mentions, saved, joined with another's, gone back to."""

import html
import re

import pytest

from desk.wiring import Reading
from store import journal, versions
from store.nouns import Version, VersionKind
from tests.desk.house import MINUTE

POSTS = (
    ("weibo", "路人甲", "", "星禾茶饮的杯子好看", "", 0),
    ("weibo", "路人乙", "", "小星禾的吸管 <b>漏</b> 了", "", 2),
    ("x", "joe", "", "今天天气不错", "", 3),
)
LISTS = ("any", "all", "none", "aliases", "ambiguous", "context", "mute", "competitors", "harmless", "query", "risk")


class Editor:
    """Somebody at a brand's form: each press sends what the form holds, with what is typed over it."""

    def __init__(self, house, person, brand="xinghe"):
        self.browser, self.address = house.signed_in(person), f"/brands/{brand}"
        self.page, self.status = self.browser.get(self.address).text, 200

    def field(self, name):
        found = re.search(rf'<textarea name="{name}"[^>]*>\n(.*?)</textarea>', self.page, re.S)
        return html.unescape(found[1])

    def hidden(self, name):
        return re.search(rf'name="{name}" value="([^"]*)"', self.page)[1]

    def press(self, do, **typed):
        fields = {name: self.field(name) for name in LISTS} | {name: self.hidden(name) for name in ("csrf", "base")}
        answer = self.browser.http.post(self.address, data={**fields, "do": do, **typed})
        self.status = answer.status_code
        self.page = self.browser.get(answer.headers["location"]).text if self.status == 303 else answer.text
        return self

    def says(self, words):
        return words in html.unescape(re.sub(r"<[^>]+>", "", self.page))


@pytest.fixture
def lead(house):
    house.heard(POSTS, house.clock() - 20 * MINUTE)
    return Editor(house, "wang")


def current(house):
    with house.store.reading() as tx:
        return versions.current(tx, VersionKind.BRAND, "xinghe")


def ours(house, text):
    with house.store.reading() as tx:
        return house.room.in_force(tx).matchers["xinghe"].match("", text).hit


def test_an_alias_is_tried_on_stored_mentions_saved_and_counts_at_once(house, lead):
    lead.press("test", aliases="小星禾")
    assert lead.says("看了最近 3 条：现在命中 1 条，改后命中 2 条，其中 0 条不显示。")
    assert all(map(lead.says, ("新命中（1）", "命中“小星禾”。", "还没有完整的一天：至今 2 条")))
    assert "<b>漏</b>" not in lead.page
    assert not ours(house, POSTS[1][3])
    lead.press("save", aliases="小星禾", reason="顾客这么叫")
    assert (lead.status, lead.says("已保存，现在生效"), ours(house, POSTS[1][3])) == (303, True, True)
    saved = current(house)
    assert (saved.number, saved.author, saved.body) == (1, "wang", {"any": ["星禾茶饮"], "aliases": ["小星禾"]})
    with house.store.reading() as tx:
        (note,) = journal.entries(tx, "brand:xinghe")
    assert (note.who, note.what, note.why) == ("wang", "words_saved", "顾客这么叫")
    assert "小星禾" in lead.browser.get("/brands").text


def test_an_excluded_word_shows_what_is_lost_and_why(lead):
    lead.press("test", none="杯子")
    assert (lead.says("不再命中（1）"), lead.says("出现排除词“杯子”，不算。")) == (True, True)


def test_the_expert_query_takes_the_place_of_the_simple_form(house, lead):
    lead.press("test", query="星禾 NEAR/4 吸管")
    assert (lead.status, lead.says("只能用一种"), lead.field("query")) == (400, True, "星禾 NEAR/4 吸管")
    lead.press("save", any="", query="星禾 NEAR/4 吸管", reason="改用专家写法")
    assert (current(house).body, ours(house, POSTS[1][3]), ours(house, POSTS[0][3])) == (
        {"query": "星禾 NEAR/4 吸管"},
        True,
        False,
    )


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ('"星禾茶饮', "第 1 列：引号没有配对"),
        ("星禾 NEAR 茶", "NEAR"),
        ("NEAR/5 茶", "左边缺少检索词"),
        ("星禾 NEAR/5", "右边缺少检索词"),
        ("(星禾", "括号没有配对"),
        ("星禾 AND", "右边缺少检索词"),
        ("sites:weibo.com", "没有“sites”这个字段"),
        ("/(a+/", "没有配对"),
        (" OR ".join(f"词{n}" for n in range(5_001)), "最多"),
    ],
)
def test_a_query_that_cannot_be_read_is_said_with_its_place_and_stays(house, lead, query, said):
    lead.press("save", any="", query=query, reason="换个写法")
    assert (lead.status, lead.says(said), lead.field("query")) == (400, True, query)
    assert current(house) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"any": ""}, "至少写一个词"),
        ({"any": "®"}, "没有可检索的文字"),
        ({"none": "好\n®"}, "第 2 个词： 第 1 列"),
        ({"risk": "绿瓶"}, "第 1 行要写成"),
        ({"risk": "食品安全: 绿瓶\n天气：下雨"}, "第 2 行没有这个类别"),
        ({"any": "\n".join(f"词{n}" for n in range(20_001))}, "最多 20000 个"),
    ],
)
def test_a_list_that_cannot_be_used_is_said_and_stays(house, lead, typed, said):
    lead.press("save", reason="换个写法", **typed)
    assert (lead.status, lead.says(said)) == (400, True)
    ((name, value),) = typed.items()
    assert (lead.field(name), current(house)) == (value, None)


def test_a_one_character_word_is_warned_of(lead):
    lead.press("test", any="茶")
    assert (lead.status, lead.says("很短")) == (200, True)


def test_five_hundred_words_in_a_query_are_read(lead):
    lead.press("test", any="", query=" OR ".join(f"词{n}" for n in range(500)))
    assert lead.status == 200
    assert lead.field("query").startswith("词0 OR 词1")


def test_own_risk_words_and_harmless_words_count_for_this_brand(house, lead):
    lead.press("save", risk="食品安全：绿瓶", harmless="好喝到中毒\n蟑螂奶茶", reason="自家的词")
    assert current(house).body["risk"] == {"food_safety": ["绿瓶"]}
    with house.store.reading() as tx:
        rules = house.room.in_force(tx)
    own, all_ = rules.terms_of("xinghe"), rules.terms
    assert (own.find("", "又是绿瓶").own, all_.find("", "又是绿瓶").own) == (True, False)
    assert (own.find("", "蟑螂奶茶上新").category, all_.find("", "蟑螂奶茶上新").category) == ("", "food_safety")
    assert lead.field("risk") == "食品安全: 绿瓶"


def test_the_second_of_two_editors_is_told_and_loses_nothing(house, lead):
    second = Editor(house, "ops")
    lead.press("save", aliases="小星禾", reason="我先保存")
    second.press("save", none="星禾村", reason="我后保存")
    assert (second.status, second.says("王总监"), second.says("我先保存")) == (409, True, True)
    assert (second.field("aliases"), second.field("none"), current(house).number) == ("小星禾", "星禾村", 1)
    second.press("save", reason="我后保存")
    body = {"any": ["星禾茶饮"], "none": ["星禾村"], "aliases": ["小星禾"]}
    assert (second.status, current(house).body, current(house).author) == (303, body, "ops")


def test_going_back_to_the_file(house, lead):
    lead.press("save", aliases="小星禾", reason="顾客这么叫")
    lead.browser.post("/brands/xinghe/back", on="/brands/xinghe", base="1", to="0", reason="太多无关的")
    assert (ours(house, POSTS[1][3]), ours(house, POSTS[0][3]), current(house).number) == (False, True, 2)
    again = lead.browser.post("/brands/xinghe/back", on="/brands/xinghe", base="1", to="0", reason="太多无关的")
    assert again.status_code == 409


def test_nothing_changed_no_reason_no_brand_and_no_right(house, lead):
    assert (lead.press("save", reason="没有改动").status, lead.says("没有可保存的改动")) == (400, True)
    assert (lead.press("save", aliases="小星禾").status, lead.says("请写明理由")) == (400, True)
    assert lead.field("aliases") == "小星禾"
    assert lead.browser.get("/brands/nobody").status_code == 404
    viewer = house.signed_in("kan")
    page = viewer.get("/brands/xinghe").text
    assert "星禾茶饮" in page
    assert 'name="do"' not in page
    assert viewer.post("/brands/xinghe", on="/", do="save", base="0").status_code == 403


def test_a_saved_version_that_cannot_be_used_is_said_and_the_file_counts(house):
    with house.store.transaction() as tx:
        body = {"query": "(星禾"}
        versions.save(tx, Version(VersionKind.BRAND, "xinghe", 1, house.clock(), "old", "旧版本", body, {}, ""))
    browser = house.signed_in("ops")
    assert all("用不了" in browser.get(path).text for path in ("/brands", "/brands/xinghe", "/watching"))
    assert ours(house, "星禾茶饮")


def test_sources_are_asked_for_the_words_in_force(house, lead):
    watch = house.room.settings.watch
    reading = Reading(None, house.room.in_force)
    assert reading.words(house.store, watch, watch.source[0]) == ("星禾茶饮",)
    lead.press("save", aliases="小星禾", reason="顾客这么叫")
    assert reading.words(house.store, watch, watch.source[0]) == ("星禾茶饮", "小星禾")
