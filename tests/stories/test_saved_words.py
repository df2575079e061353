"""Words saved on screen count from the next judged mention on, in every process; going back restores the old ones."""

from collections import Counter

from store import journal, pages, versions
from store.nouns import Version, VersionKind
from tests.worlds.company import told

BOTTLE = "星禾茶饮门店又看到绿瓶了"
MARK = "小禾家的杯子漏水了"


def saves(house, kind, body, subject="", reason="顾客这么说"):
    """Somebody saves a version now."""
    with house.store.transaction() as tx:
        former = versions.current(tx, kind, subject)
        number = (former.number if former else 0) + 1
        draft = Version(kind, subject, number, house.clock(), "wang", reason, body, {}, "")
        assert versions.save(tx, draft)


def verdicts(house):
    """(crisis, category) of every judged mention, oldest first."""
    return [(one.score.crisis, one.score.category) for one in house.mentions()]


def test_a_saved_term_makes_the_next_mention_a_crisis_and_going_back_ends_it(company):
    house = company([told(minute, f"{BOTTLE}，第{minute}天", author=f"路人{minute}") for minute in (5, 25, 45)])
    house.forward(20)
    saves(house, VersionKind.TAXONOMY, {"add": {"food_safety.hard": ["绿瓶"]}, "remove": {}})
    house.forward(40)
    saves(house, VersionKind.TAXONOMY, {}, reason="误报太多")
    house.forward(60)
    calm, crisis = (False, ""), (True, "food_safety")
    assert verdicts(house) == [calm, crisis, calm]


def test_a_saved_alias_makes_the_next_mentions_ours(company):
    house = company([told(minute, f"{MARK}{minute}", author=f"路人{minute}") for minute in (5, 25, 45)])
    house.forward(20)
    words = {"any": ["星禾茶饮", "星禾"], "ambiguous": ["星禾"], "context": ["茶"]}
    saves(house, VersionKind.BRAND, words | {"aliases": ["小禾家"]}, "demo")
    house.forward(40)
    saves(house, VersionKind.BRAND, {}, "demo")
    house.forward(60)
    assert [one.mention.text for one in house.mentions()] == [f"{MARK}25"]


def test_a_brands_own_word_is_a_crisis_and_its_harmless_word_none(company):
    house = company(
        [
            told(25, "星禾茶饮出了绿瓶事件", author="甲"),
            told(26, "星禾茶饮新品蟑螂奶茶，喝出蟑螂图案就中奖", author="乙"),
        ]
    )
    words = {"any": ["星禾茶饮"], "risk": {"data_breach": ["绿瓶"]}, "harmless": ["蟑螂", "喝出蟑螂"]}
    saves(house, VersionKind.BRAND, words, "demo")
    house.forward(40)
    assert verdicts(house) == [(True, "data_breach"), (False, "")]


def test_a_version_that_cannot_be_used_is_told_to_ops_once_and_the_files_count(company):
    house = company([told(minute, "星禾茶饮喝出蟑螂，食物中毒了", author=f"路人{minute}") for minute in (25, 35)])
    saves(house, VersionKind.TAXONOMY, {"add": {"no_such_category.hard": ["绿瓶"]}})
    saves(house, VersionKind.BRAND, {"query": "(星禾"}, "demo")
    house.forward(60)
    assert verdicts(house) == [(True, "food_safety")] * 2
    with house.store.reading() as tx:
        entries = journal.entries(tx, "service:words")
        notices = [one for one in pages.newest(tx) if "词表" in one.subject]
    assert [(one.what, one.why.partition(":")[0]) for one in entries] == [
        ("words_unusable", "taxonomy, version 1"),
        ("words_unusable", "brand demo, version 1"),
    ]
    assert Counter((one.person, one.channel) for one in notices) == {("ops", "email"): 2, ("ops", "webhook"): 2}
