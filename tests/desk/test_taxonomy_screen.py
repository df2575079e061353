"""The risk words on screen: changed, tried, saved, gone back to; two editors at once; nothing typed is ever lost."""

import html
import json
import re

import pytest

from store import journal, versions
from store.nouns import Version, VersionKind

HARD, TERMS = "food_safety.hard", "food_safety.terms"
TEXT = "星禾门店又出现绿瓶"


@pytest.fixture
def lead(house):
    return Editor(house, "wang")


class Editor:
    """Somebody at the form: each press sends what the form holds, with what is typed over it."""

    def __init__(self, house, person):
        self.browser = house.signed_in(person)
        self.page = self.browser.get("/taxonomy").text
        self.status = 200

    def hidden(self, name):
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return html.unescape(found[1]) if found else ""

    @property
    def draft(self):
        return json.loads(self.hidden("draft"))

    def press(self, do, **typed):
        fields = {name: self.hidden(name) for name in ("csrf", "base", "draft", "open")}
        answer = self.browser.http.post("/taxonomy", data={**fields, "do": do, **typed})
        self.status = answer.status_code
        if answer.status_code == 303:
            self.page = self.browser.get(answer.headers["location"]).text
        else:
            self.page = answer.text
        return self

    def adds(self, words, place=HARD):
        return self.press("add", place=place, words=words)

    def saves(self, reason="门店里有人投诉"):
        return self.press("save", reason=reason)

    def says(self, words):
        return words in html.unescape(re.sub(r"<[^>]+>", "", self.page))


def current(house):
    with house.store.reading() as tx:
        return versions.current(tx, VersionKind.TAXONOMY)


def counts(house, text=TEXT):
    """Whether the words in force call the text a crisis by its own words."""
    with house.store.reading() as tx:
        return house.room.in_force(tx).terms.find("", text).own


def test_a_word_is_added_tried_saved_and_counts_at_once(house, lead):
    lead.adds("绿瓶\n 绿 罐 \n\n绿瓶")
    assert lead.draft == {"add": {HARD: ["绿瓶", "绿 罐"]}, "remove": {}}
    assert (lead.says("2 处改动还没保存"), counts(house)) == (True, False)
    lead.press("test", texts=f"{TEXT}\n今天的奶茶好喝")
    assert [lead.page.count(words) for words in ("结果变了", "结果不变")] == [1, 1]
    assert '<mark title="绿瓶">绿瓶</mark>' in lead.page
    lead.saves()
    assert (lead.status, lead.says("已保存，现在生效"), counts(house)) == (303, True, True)
    saved = current(house)
    assert (saved.number, saved.author, saved.reason) == (1, "wang", "门店里有人投诉")
    assert saved.body == {"add": {HARD: ["绿瓶", "绿 罐"]}, "remove": {}}
    with house.store.reading() as tx:
        (note,) = journal.entries(tx, "taxonomy")
    assert (note.who, note.what, note.detail) == ("wang", "words_saved", {"version": 1, "sha256": saved.sha256})


def test_evasions_of_an_added_word_are_found_in_the_test_box(house, lead):
    lead.adds("绿瓶")
    lead.press("test", texts="星禾 綠 瓶\n星禾绿\u200b瓶\n星禾绿🍀瓶\n星禾绿．瓶")
    assert lead.page.count("结果变了") == 4


def test_a_removed_word_and_an_added_false_friend_calm_a_text(house, lead):
    lead.adds("绿瓶").saves()
    lead.adds("绿瓶装", "food_safety.false_friends").press("test", texts="星禾绿瓶装上市")
    assert lead.says("结果变了")
    lead.press("remove", place=HARD, words="食物中毒").press("test", texts="星禾食物中毒")
    assert lead.draft["remove"] == {HARD: ["食物中毒"]}
    assert lead.says("结果变了")


def test_a_change_is_undone_by_its_button_and_by_the_opposite(house, lead):
    lead.adds("绿瓶\n蓝瓶").press(f"undo:add|{HARD}|绿瓶")
    assert lead.draft == {"add": {HARD: ["蓝瓶"]}, "remove": {}}
    lead.press("remove", place=HARD, words="蓝瓶")
    assert lead.draft == {"add": {}, "remove": {}}
    lead.press("open:food_safety")
    word = html.unescape(re.search(rf'value="take:{HARD}\|([^"]+)"', lead.page)[1])
    lead.press(f"take:{HARD}|{word}")
    assert lead.draft == {"add": {}, "remove": {HARD: [word]}}
    lead.adds(word)
    assert lead.draft == {"add": {}, "remove": {}}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "一个词都没有写"),
        (" \n\u3000\n", "一个词都没有写"),
        ("！！！", "没有可以检索的文字"),
        ("\u200b", "没有可以检索的文字"),
        ("数据泄露", "已经在"),
        ("绿" * 61, "太长"),
        ("\n".join(f"词{n}" for n in range(10_000)), "改动会有 10001 个词"),
    ],
)
def test_what_cannot_be_added_is_said_and_what_was_typed_stays(house, lead, words, said):
    lead.adds("绿瓶").adds(words)
    assert (lead.status, lead.says(said)) == (400, True)
    assert lead.draft == {"add": {HARD: ["绿瓶"]}, "remove": {}}
    typed = re.search(r'<textarea name="words"[^>]*>\n(.*?)</textarea>', lead.page, re.S)[1]
    assert html.unescape(typed).split() == words.split()


@pytest.mark.parametrize(
    ("words", "said"),
    [("毒", "很短"), ("QR", "很短"), ("绿.*瓶", "按原样检索"), ("(绿瓶", "按原样检索"), ("a|b" * 3, "按原样")],
)
def test_what_is_doubtful_is_added_with_a_warning_and_stands_for_itself(house, lead, words, said):
    lead.adds(words, "data_breach.weak")
    assert (lead.status, lead.says(said)) == (200, True)
    assert lead.draft["add"] == {"data_breach.weak": [words]}
    lead.press("test", texts=f"星禾{words}啊")
    assert lead.status == 200


def test_a_word_that_is_there_is_not_added_twice(house, lead):
    lead.adds("食物中毒")
    assert (lead.status, lead.draft) == (200, {"add": {}, "remove": {}})
    assert lead.says("已经有了")


def test_going_back_restores_the_older_words_exactly_and_keeps_all_versions(house, lead):
    lead.adds("绿瓶").saves("第一次改动")
    lead.adds("蓝瓶").saves("第二次改动")
    first = current(house)
    assert (counts(house), counts(house, "星禾蓝瓶")) == (True, True)
    answer = lead.browser.post("/taxonomy/back", on="/taxonomy", base="2", to="1", reason="误报太多")
    assert answer.headers["location"] == "/taxonomy?done=back"
    assert (counts(house), counts(house, "星禾蓝瓶")) == (True, False)
    lead.browser.post("/taxonomy/back", on="/taxonomy", base="3", to="0", reason="全部不要")
    assert (counts(house), counts(house, "星禾蓝瓶")) == (False, False)
    with house.store.reading() as tx:
        past = versions.history(tx, VersionKind.TAXONOMY)
    assert [(one.number, one.reason) for one in past] == [
        (4, "全部不要"), (3, "误报太多"), (2, "第二次改动"), (1, "第一次改动"),
    ]  # fmt: skip
    assert past[1].sha256 == past[3].sha256 != first.sha256


def test_the_second_of_two_editors_is_told_and_loses_nothing(house, lead):
    second = Editor(house, "ops")
    second.adds("蓝瓶")
    lead.adds("绿瓶").saves("我先保存")
    second.saves("我后保存")
    assert (second.status, second.says("王总监"), second.says("我先保存")) == (409, True, True)
    assert current(house).number == 1
    assert second.draft == {"add": {HARD: ["绿瓶", "蓝瓶"]}, "remove": {}}
    assert 'value="我后保存"' in second.page
    second.saves("我后保存")
    assert (second.status, current(house).number, current(house).author) == (303, 2, "ops")
    assert (counts(house), counts(house, "星禾蓝瓶")) == (True, True)


def test_a_save_needs_a_reason_and_a_change(house, lead):
    lead.saves()
    assert (lead.status, lead.says("没有可保存的改动")) == (400, True)
    lead.adds("绿瓶").saves("短")
    assert (lead.status, lead.says("请写明理由")) == (400, True)
    assert lead.draft == {"add": {HARD: ["绿瓶"]}, "remove": {}}


def test_a_second_person_signs_once(house, lead):
    lead.adds("绿瓶").saves()
    own = lead.browser.post("/taxonomy/sign", on="/taxonomy", number="1")
    other = house.signed_in("ops")
    assert own.status_code == 409
    assert other.post("/taxonomy/sign", on="/taxonomy", number="1").status_code == 303
    assert other.post("/taxonomy/sign", on="/taxonomy", number="1").status_code == 409
    assert current(house).signed_by == "ops"


def test_who_may_not_change_reads_and_is_refused(house, lead):
    lead.adds("绿瓶").saves()
    viewer = house.signed_in("kan")
    page = viewer.get("/taxonomy?open=food_safety").text
    assert "绿瓶" in page
    assert 'name="do"' not in page
    assert viewer.post("/taxonomy", on="/", do="save", base="1", draft="{}").status_code == 403
    assert viewer.post("/taxonomy/back", on="/", base="1", to="0", reason="不想要了").status_code == 403


@pytest.mark.parametrize(
    "draft",
    ["[", "[1]", '{"add": {"food_safety.hard": "绿"}}', '{"add": {"no.such": ["绿瓶"]}}', '{"sub": {}}', "[" * 5000],
)
def test_a_damaged_form_changes_nothing(house, lead, draft):
    fields = {"csrf": lead.hidden("csrf"), "base": "0", "draft": draft, "do": "save", "reason": "合理的理由"}
    assert lead.browser.http.post("/taxonomy", data=fields).status_code == 400
    assert current(house) is None


def test_words_and_texts_of_strangers_are_escaped(house, lead):
    evil = '<script>alert("1")</script>'
    lead.adds(evil).press("test", texts=f"星禾{evil}")
    assert "<script>alert" not in lead.page
    lead.saves(f"理由{evil}")
    assert "<script>alert" not in lead.page
    assert lead.says(evil)


def test_a_saved_version_that_no_longer_fits_is_said_and_the_file_counts(house):
    body = {"add": {"gone_category.hard": ["绿瓶"]}}
    with house.store.transaction() as tx:
        versions.save(tx, Version(VersionKind.TAXONOMY, "", 1, house.clock(), "old", "旧版本", body, {}, ""))
    page = house.signed_in("wang").get("/taxonomy").text
    assert "用不了" in page
    assert "gone_category.hard" in page
    assert not counts(house)


def test_a_brands_own_words_count_in_the_box_when_it_is_chosen(house, lead):
    body = {"any": ["星禾茶饮"], "risk": {"data_breach": ["绿瓶"]}}
    with house.store.transaction() as tx:
        versions.save(tx, Version(VersionKind.BRAND, "xinghe", 1, house.clock(), "wang", "自家的词", body, {}, ""))
    lead.press("test", texts=TEXT)
    assert lead.page.count("数据泄露与隐私 · 直接算危机</li>") == 0
    lead.press("test", texts=TEXT, brand="xinghe")
    assert lead.page.count("数据泄露与隐私 · 直接算危机</li>") == 2
    assert lead.says("结果不变")


def test_the_screen_speaks_english_too(house, lead):
    lead.browser.http.cookies.set("lang", "en")
    lead.adds("绿瓶\n毒").press("test", texts=f"{TEXT}\n感谢星禾，第三次修还是坏了").saves("they say so")
    assert lead.says("Saved; it counts now.")
    assert lead.says("Version 1 counts now")
    assert not re.search(r"tax_|ver_|tri_why_", re.sub(r'(href|id|name|value|for)="[^"]*"', "", lead.page))


def test_a_box_with_a_bitter_text_says_that_a_person_should_judge(lead):
    lead.press("test", texts="真好，第三次修还是坏了")
    assert lead.says("请人来判")
    assert lead.says("可能是反话")
