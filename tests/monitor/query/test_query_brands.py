"""Many brands at once: each by its own words, co-mentions for all of them, mutes hidden but counted."""

import pytest

from config.errors import InputError
from config.taxonomy import load_taxonomy
from config.watch import Brand, ImportSource
from monitor.guessing import WordScorer
from monitor.in_force.rules import always
from monitor.intake import PENDING, Intake
from monitor.judging_job import Judging
from monitor.matching import Query, Seen, compile_all, compile_query, query_of, together
from monitor.risk import RiskTerms
from monitor.scorer import LexiconScorer
from store import mentions
from store.nouns import RawMention

BRANDS = {
    "yunduo": Query(any=("云朵牛奶",), none=("招聘",), mute=("抽奖",), competitors=("蓝湖牛奶", "author:蓝湖")),
    "lanhu": Query(any=("蓝湖牛奶",)),
    "xinghe": Query(query="星禾 AND (茶 OR 奶) NEAR/9 异物"),
}


@pytest.fixture
def judged(store, clock, ids):
    """judged(posts, dedicated) -> {(text, brand): (muted, why)} after one run of the JUDGE job."""

    def run(posts, dedicated=None, author=""):
        raws = [
            RawMention(ext_id=f"p{n}", text=text, published_at=clock(), author=author, handle="蓝湖" if author else "")
            for n, text in enumerate(posts)
        ]
        with store.transaction() as tx:
            Intake(ids, "k" * 32).keep(tx, ImportSource(id="file", platform="weibo"), raws, clock())
        counting = always(compile_all(BRANDS), RiskTerms(load_taxonomy()))
        Judging(store, clock, counting, lambda _: dedicated or {}, WordScorer(LexiconScorer())).judge(PENDING)
        with store.reading() as tx:
            rows = list(tx.execute(mentions.all_judged()))
        read = [(mentions.read_judged(row), row.s_why) for row in rows]
        return {(one.mention.text, one.brand): (one.score.muted, why) for one, why in read}

    return run


def test_a_mention_of_two_brands_counts_for_both(judged):
    assert judged(["云朵牛奶不如蓝湖牛奶", "云朵牛奶招聘，蓝湖牛奶也招聘", "星禾的茶里有异物", "星禾好喝"]) == {
        ("云朵牛奶不如蓝湖牛奶", "yunduo"): (False, "命中“云朵牛奶”。同时提到蓝湖牛奶。"),
        ("云朵牛奶不如蓝湖牛奶", "lanhu"): (False, "命中“蓝湖牛奶”。"),
        ("云朵牛奶招聘，蓝湖牛奶也招聘", "lanhu"): (False, "命中“蓝湖牛奶”。"),
        ("星禾的茶里有异物", "xinghe"): (False, "命中“星禾”、“茶”、“异物”。"),
    }


def test_a_muted_mention_is_hidden_for_its_brand_alone_and_counted(judged, store, clock):
    assert judged(["云朵牛奶和蓝湖牛奶抽奖"]) == {
        ("云朵牛奶和蓝湖牛奶抽奖", "yunduo"): (True, "命中“云朵牛奶”。同时提到蓝湖牛奶。"),
        ("云朵牛奶和蓝湖牛奶抽奖", "lanhu"): (False, "命中“蓝湖牛奶”。"),
    }
    with store.reading() as tx:
        assert mentions.count(tx, "yunduo") == 1


def test_an_excluded_word_beats_even_a_source_of_its_own(judged):
    assert judged(["今天下雨", "抽奖了", "招聘店员"], {"file": "yunduo"}) == {
        ("今天下雨", "yunduo"): (False, "这个来源只讲这个品牌。"),
        ("抽奖了", "yunduo"): (True, "这个来源只讲这个品牌。"),
    }


def test_an_author_is_found_behind_the_mask_the_store_shows(judged):
    assert judged(["云朵牛奶真难喝"], author="蓝湖官方号") == {
        ("云朵牛奶真难喝", "yunduo"): (False, "命中“云朵牛奶”。同时提到author:蓝湖。")
    }


def test_rivals_are_noted_but_make_nothing_ours():
    matcher = compile_query(BRANDS["yunduo"])
    assert matcher.of(Seen(body="蓝湖牛奶")).hit is False
    assert matcher.of(Seen(body="云朵牛奶", author="蓝湖官方")).competitors == ("author:蓝湖",)


def test_brands_compiled_together_read_a_mention_once():
    made = compile_all(BRANDS)
    assert len({id(found) for _, _, found in next(together(made, [Seen(body="云朵牛奶")]))}) == 1
    apart = {name: compile_query(query) for name, query in BRANDS.items()}
    assert [matcher.judge(found).hit for _, matcher, found in next(together(apart, [Seen(body="蓝湖牛奶")]))] == [
        False,
        True,
        False,
    ]


def test_a_brand_has_one_form():
    brand = Brand(
        id="yunduo", name="云朵", query="云朵 -招聘", none=("广告",), mute=("author:官方",), competitors=("蓝湖",)
    )
    assert query_of(brand) == Query(query="云朵 -招聘", none=("广告",), mute=("author:官方",), competitors=("蓝湖",))
    with pytest.raises(ValueError, match="takes the place of `aliases`"):
        Brand(id="yunduo", name="云朵", query="云朵", aliases=("云",))
    with pytest.raises(ValueError, match="none of them empty"):
        Brand(id="yunduo", name="云朵", mute=(" ",))


def test_words_of_a_list_may_be_fields_and_end_in_a_star():
    matcher = compile_query(
        Query(any=("Cloud*", "云朵*"), none=("author:招聘号", "site:jobs.example", "followers<10"), mute=("/抽奖/",))
    )
    assert matcher.of(Seen(body="cloudmilk")).hit
    assert matcher.of(Seen(body="cloudmilk", author="云朵招聘号")).barred
    assert matcher.of(Seen(body="cloudmilk", url="https://jobs.example/1")).barred
    assert matcher.of(Seen(body="cloudmilk", followers=9)).barred
    assert compile_query(Query(any=("C++", "Guess?", "a:b", "*"))).match("", "guess? a:b *").words == (
        "Guess?",
        "a:b",
        "*",
    )
    with pytest.raises(InputError):
        compile_query(Query(any=("author:a b",)))


def test_the_same_words_are_judged_the_same_whatever_was_judged_before():
    query = Query(any=("云朵牛奶", "云朵"), none=("招聘",), mute=("抽奖",), competitors=("蓝湖",))
    texts = ["云朵牛奶", "云朵", "云朵牛奶抽奖", "招聘云朵牛奶", "茶", "云朵蓝湖"] * 2
    matcher = compile_query(query)
    assert [matcher.match("", text) for text in texts] == [compile_query(query).match("", text) for text in texts]
