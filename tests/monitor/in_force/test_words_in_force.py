"""What counts is the file, over it the newest saved version; asking again is cheap, an upgrade keeps both."""

import pytest

from config.errors import InputError
from config.taxonomy import Taxonomy, load_taxonomy
from config.taxonomy_changes import Changes, apply, listed, places, read_changes, words_at
from config.watch import Brand, Watch
from monitor.editing.merging import merged_changes, merged_words
from monitor.in_force.brand_words import body_of, faults_of, with_words
from monitor.in_force.own_words import terms_of
from monitor.in_force.rules import InForce
from monitor.judging import judge
from monitor.scoring.trained import TrainedScorer
from store import versions
from store.nouns import Version, VersionKind

HARD, TERMS = "food_safety.hard", "food_safety.terms"
FILE = load_taxonomy()
BRAND = Brand(id="xinghe", name="星禾", company="星禾公司", any=("星禾",), none=("星禾村",))
OTHER = Brand(id="lanhu", name="蓝湖", query="蓝湖 AND 奶")


@pytest.fixture
def saves(store, clock):
    """saves(kind, body, subject) keeps the next version."""

    def save(kind, body, subject=""):
        with store.transaction() as tx:
            former = versions.current(tx, kind, subject)
            number = (former.number if former else 0) + 1
            assert versions.save(tx, Version(kind, subject, number, clock(), "wang", "理由", body, {}, ""))

    return save


@pytest.fixture
def asked(store):
    """asked() -> the rules in force, always by the same process."""
    in_force = InForce(Watch(brand=(BRAND, OTHER)), FILE)

    def ask():
        with store.reading() as tx:
            return in_force(tx)

    return ask


def test_nothing_is_made_anew_until_a_number_changes(asked, saves):
    first = asked()
    assert asked() is first
    saves(VersionKind.THRESHOLDS, {"voices": 7})
    assert asked() is first
    saves(VersionKind.TAXONOMY, {"add": {HARD: ["绿瓶"]}})
    second = asked()
    assert (second is first, asked() is second) == (False, True)
    assert [rules.terms.find("", "绿瓶").own for rules in (first, second)] == [False, True]


def test_a_second_process_sees_the_same(store, asked, saves):
    saves(VersionKind.BRAND, {"any": ["小禾家"]}, "xinghe")
    with store.reading() as tx:
        other = InForce(Watch(brand=(BRAND, OTHER)), FILE)(tx)
    assert body_of(other.brands["xinghe"]) == body_of(asked().brands["xinghe"]) == {"any": ["小禾家"]}
    assert (other.brands["xinghe"].name, other.brands["xinghe"].company) == ("星禾", "星禾公司")
    assert other.brands["lanhu"] == OTHER


@pytest.mark.parametrize(
    ("kind", "subject", "body"),
    [
        (VersionKind.TAXONOMY, "", {"add": {"gone.hard": ["绿瓶"]}}),
        (VersionKind.TAXONOMY, "", {"add": {HARD: "绿瓶"}}),
        (VersionKind.TAXONOMY, "", {"add": {HARD: [""]}}),
        (VersionKind.TAXONOMY, "", {"add": {HARD: ["绿瓶"], "data_breach.hard": ["绿瓶"]}}),
        (VersionKind.TAXONOMY, "", {"weights": {}}),
        (VersionKind.BRAND, "xinghe", {"query": "(绿瓶"}),
        (VersionKind.BRAND, "xinghe", {"query": "绿瓶", "any": ["绿瓶"]}),
        (VersionKind.BRAND, "xinghe", {"risk": {"gone": ["绿瓶"]}, "any": ["绿瓶"]}),
        (VersionKind.BRAND, "xinghe", {"name": "绿瓶"}),
        (VersionKind.BRAND, "xinghe", {"any": "绿瓶"}),
        (VersionKind.BRAND, "xinghe", []),
    ],
)
def test_what_cannot_be_used_is_the_files_and_says_so(asked, saves, kind, subject, body):
    saves(kind, body, subject)
    rules = asked()
    (fault,) = rules.faults if body else (None,)
    assert fault is None or (fault.kind, fault.subject, fault.number) == (kind, subject, 1)
    assert rules.brands["xinghe"] == BRAND
    assert not rules.terms.find("", "绿瓶").own
    saves(kind, {}, subject)
    assert asked().faults == ()


def test_a_brand_that_is_gone_from_the_file_and_its_version_change_nothing(asked, saves):
    saves(VersionKind.BRAND, {"any": ["别家"]}, "gone")
    assert list(asked().brands) == ["xinghe", "lanhu"]
    assert asked().faults == ()


def test_words_are_added_and_taken_from_every_list():
    for place in places(FILE):
        word = words_at(FILE, place)[:1]
        changed = apply(FILE, Changes(add={place: ("绿瓶子", "green bottle")}, remove={place: word}))
        assert set(words_at(FILE, place)) ^ set(words_at(changed, place)) == {"绿瓶子", "green bottle", *word}


def test_the_changes_survive_an_upgrade_of_the_file():
    changes = Changes(add={HARD: ("绿瓶", "蓝瓶")}, remove={HARD: ("食物中毒",), TERMS: ("旧词",)})
    newer = apply(FILE, Changes(add={HARD: ("绿瓶", "新词"), "data_breach.terms": ("蓝瓶",)}))
    changed = apply(newer, changes)
    assert {"绿瓶", "蓝瓶", "新词"} <= set(words_at(changed, HARD))
    assert "食物中毒" not in words_at(changed, HARD)
    assert "蓝瓶" not in words_at(changed, "data_breach.terms")
    assert words_at(changed, HARD).count("绿瓶") == 1


def test_nothing_changed_is_the_file_itself():
    assert apply(FILE, Changes()) is FILE
    assert isinstance(apply(FILE, read_changes({"add": {HARD: ["绿瓶"]}})), Taxonomy)
    with pytest.raises(InputError, match="no such list"):
        apply(FILE, Changes(add={"food_safety.none": ("绿瓶",)}))


def test_a_brands_own_words_win_over_the_taxonomy():
    brand = BRAND.model_copy(update={"risk": {"data_breach": ("异物",)}, "harmless": ("毒奶茶", "ＡＩ中毒")})
    own, shared = terms_of(FILE, Changes(), brand), terms_of(FILE, Changes())
    assert (own.find("", "吃出异物").category, shared.find("", "吃出异物").category) == ("data_breach", "food_safety")
    assert own.find("", "ai中毒了").categories == ()


def test_an_own_word_decides_though_no_scorer_has_learned_it():
    terms = terms_of(FILE, Changes(add={HARD: ("绿瓶",), TERMS: ("蓝瓶",)}))
    texts = ("今天又是绿瓶", "今天又是蓝瓶", "没有绿瓶", "应急演练：绿瓶")
    scores = judge([("", text) for text in texts], scorer=TrainedScorer(), risk=terms)
    assert [one.crisis for one in scores] == [True, False, False, False]
    assert (scores[0].category, scores[0].hard, scores[0].triage) == ("food_safety", True, "")


def test_a_denied_own_word_and_one_in_a_drill_decide_nothing():
    terms = terms_of(FILE, Changes(add={HARD: ("绿瓶",)}))
    assert not terms.find("", "没有绿瓶").own
    assert terms.find("", "应急演练：绿瓶").suppressors
    assert terms.find("", "又见 绿\u200b瓶").own


def test_both_changes_of_two_editors_stand_together():
    base = Changes(add={HARD: ("甲", "乙")}, remove={TERMS: ("丙",)})
    mine = Changes(add={HARD: ("乙", "丁")}, remove={TERMS: ("丙", "戊")})
    theirs = Changes(add={HARD: ("甲", "乙", "己")}, remove={})
    both = merged_changes(base, mine, theirs)
    assert both == Changes(add={HARD: ("乙", "己", "丁")}, remove={TERMS: ("戊",)})
    assert list(listed(both)) == [
        ("add", HARD, "乙"), ("add", HARD, "己"), ("add", HARD, "丁"), ("remove", TERMS, "戊"),
    ]  # fmt: skip


def test_both_words_of_two_editors_of_a_brand_stand_together():
    base = {"any": ["星禾"], "risk": {"fire": ["烧"]}}
    mine = {"any": ["星禾", "小禾"], "risk": {"fire": ["烧"], "data_breach": ["号"]}}
    theirs = {"any": ["星禾"], "none": ["村"], "query": ""}
    assert merged_words(base, mine, theirs) == {
        "any": ["星禾", "小禾"],
        "none": ["村"],
        "risk": {"data_breach": ["号"]},
    }
    assert merged_words({"query": "a"}, {"query": "b"}, {"query": "c"}) == {"query": "b"}
    assert merged_words({"query": "a"}, {"query": "a"}, {"query": "c"}) == {"query": "c"}


def test_a_body_and_back_is_the_same_brand():
    brand = replace_words(any=(), query="星禾", mute=("抽奖",), risk={"data_breach": ("号",)}, harmless=("毒奶",))
    assert with_words(BRAND, body_of(brand)) == brand
    assert with_words(BRAND, {}) is BRAND
    assert faults_of([brand], FILE) == []
    many = {"any": [f"词{n}" for n in range(20_001)]}
    with pytest.raises(InputError, match="at most 20000"):
        with_words(BRAND, many)


def replace_words(**words) -> Brand:
    return Brand.model_validate(BRAND.model_dump() | {"none": ()} | words)


def test_numbers_of_versions_are_those_in_force(store, saves):
    saves(VersionKind.BRAND, {"any": ["a"]}, "xinghe")
    saves(VersionKind.BRAND, {"any": ["b"]}, "xinghe")
    saves(VersionKind.TAXONOMY, {})
    with store.reading() as tx:
        assert versions.numbers(tx, [VersionKind.BRAND]) == {("brand", "xinghe"): 2}
        assert versions.numbers(tx, [VersionKind.BRAND, VersionKind.TAXONOMY]) == {
            ("brand", "xinghe"): 2,
            ("taxonomy", ""): 1,
        }
