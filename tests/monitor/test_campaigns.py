"""A planned campaign: ordinary noise of it calls nobody, more than planned does, and hurt people always do at once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.taxonomy import load_taxonomy
from config.watch import Brand, Thresholds
from monitor.campaigns import NONE_PLANNED, Campaign, raised, running
from monitor.rarity import BUCKET, PER_DAY, Rarity, Reading
from monitor.spikes import decide
from monitor.watching import Watching
from store import mentions, spells, volumes
from store.nouns import Bucket, Judged, RawMention, Score, Spell, Window
from tests.monitor.told import NOW, judged

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
# Watched for thirty days; two posts in fifteen minutes are usual, twelve times as many were never heard.
RARE = Reading(score=3.6, count=24, usual=2.0, ratio=9.8, days=30.0, before=0.0)
BEFORE = Bucket(NOW - DAY, 400, 40, 0)
AUTUMN = Campaign("秋季新品", 3.0)
SAID = "；计划活动“秋季新品”进行中，声量门槛按 3 倍算。"


def crowd(count, **more):
    return [judged(1 + n / 100, f"路人{n}", key=f"m{n}", **({"negative": True} | more)) for n in range(count)]


def find(*posts, rare=RARE, campaign=AUTUMN):
    return decide("星禾", NOW, posts, rare, Thresholds(), BEFORE, campaign)


def campaign(name, **changes):
    made = Spell(name, Window.CAMPAIGN, NOW - DAY, NOW + DAY, "wang", "秋季新品\n十城上市", NOW - DAY, brand="xinghe")
    return replace(made, **({"factor": 3.0} | changes))


def test_only_the_brands_own_campaign_counts_and_of_two_the_one_that_expects_more():
    other = campaign("a", brand="yunding", factor=5.0)
    silence = campaign("b", kind=Window.SILENCE, factor=5.0)
    small = campaign("c", factor=1.5, reason="小活动\n门店试饮")
    assert running([other, silence], "xinghe") == NONE_PLANNED
    assert running([small, campaign("d"), other], "xinghe") == AUTUMN


def test_a_campaign_asks_for_more_posts_more_authors_and_a_rarer_volume_and_leaves_the_rest():
    usual = Thresholds()
    assert raised(usual, 3.0) == usual.model_copy(
        update={"voices": 18, "authors": 12, "rarity": usual.rarity + 0.47712125471966244}
    )
    assert raised(usual, 1.0) == usual


@given(st.floats(1.5, 5), st.floats(1, 6), st.integers(2, 50))
def test_nothing_is_ever_lowered_and_nothing_asked_that_no_volume_could_reach(factor, rarity, voices):
    before = Thresholds(rarity=rarity, voices=voices)
    after = raised(before, factor)
    assert after.voices >= before.voices * factor
    assert after.authors >= before.authors * factor
    assert before.rarity <= after.rarity <= max(before.rarity, 3.5)


def test_the_loudest_volume_of_a_young_brand_still_passes_the_strictest_campaign():
    rarity = Rarity()
    for n in range(4 * PER_DAY):
        rarity.update(NOW + n * BUCKET, n % 3)
    for n in range(3):
        loud = rarity.update(NOW + (4 * PER_DAY + n) * BUCKET, 500)
    assert loud.score >= raised(Thresholds(), 5.0).rarity


@pytest.mark.parametrize(
    ("posts", "rare", "found"),
    [
        (17, RARE, []),
        (18, RARE, ["volume"]),
        (18, replace(RARE, score=3.2), []),
        (18, replace(RARE, ratio=2.9), []),
        (18, replace(RARE, ratio=3.0), ["volume"]),
    ],
    ids=["too few posts", "more than planned", "not rare enough", "no more than planned", "just more than planned"],
)
def test_what_pages_during_a_campaign_of_three_times_the_usual(posts, rare, found):
    assert [one.kind for one in find(*crowd(posts), rare=rare) if one.kind == "volume"] == found


def test_a_spike_of_volume_says_that_a_campaign_was_running():
    (found,) = find(*crowd(40))
    assert (found.kind, found.page) == ("volume", True)
    assert found.why == (
        "星禾：30 分钟 40 条，平时约 4 条（9.8 倍）；记得的 30 天里从没有过达到这个倍数；负面 100%" + SAID
    )
    (calm,) = find(*crowd(40), campaign=NONE_PLANNED)
    assert calm.why == found.why.replace(SAID, "。")


@pytest.mark.parametrize(("posts", "kinds"), [(29, []), (30, ["cold"])])
def test_before_four_days_are_watched_the_plain_numbers_rise_too(posts, kinds):
    cold = Reading(score=0.0, count=30, usual=0.5, ratio=30.5, days=0.6, before=0.0)
    assert [one.kind for one in find(*crowd(posts), rare=cold) if one.kind == "cold"] == kinds
    assert [one.kind for one in find(*crowd(posts), rare=cold, campaign=NONE_PLANNED)] == ["cold"]


def test_one_post_about_a_hurt_person_pages_at_once_whatever_is_planned():
    hurt = judged(5, "a", category="food_safety", terms=("住院",), harm=3, key="hurt")
    strictest = Campaign("双十一", 5.0)
    quiet = replace(RARE, score=0.3, count=2, ratio=1.1)
    (found,) = find(hurt, rare=quiet, campaign=strictest)
    (calm,) = find(hurt, rare=quiet, campaign=NONE_PLANNED)
    assert (found.kind, found.page, found.mention_ids) == ("severe", True, ("hurt",))
    assert found == replace(calm, why=calm.why[:-1] + "；计划活动“双十一”进行中，声量门槛按 5 倍算。")


@pytest.mark.parametrize(
    "posts",
    [
        [judged(5 + n, f"作者{n}", category="food_safety", terms=("发霉",), harm=2) for n in range(3)],
        [judged(5, "大V", category="food_safety", terms=("发霉",), harm=2, followers=3_250_000)],
        [judged(40 + n / 100, f"路人{n}", negative=n > 0, key=f"s{n}") for n in range(9)],
    ],
    ids=["three with one trouble", "an account millions follow", "an unusual mood"],
)
def test_what_the_posts_say_weighs_as_much_as_ever(posts):
    quiet = replace(RARE, score=0.3, count=2, ratio=1.1)
    during, calm = find(*posts, rare=quiet), find(*posts, rare=quiet, campaign=NONE_PLANNED)
    assert [replace(one, why="") for one in during] == [replace(one, why="") for one in calm]
    assert len(during) == 1


@pytest.fixture
def watching(store, clock, ids):
    """The job of a brand that was heard for six days, two posts in most quarters of an hour."""
    rarity = Rarity()
    for n in range(6 * PER_DAY):
        rarity.update(NOW - 6 * DAY + n * BUCKET, n % 3)
    with store.transaction() as tx:
        volumes.keep_baseline(tx, "xinghe", NOW, rarity.to_state())
    brands = {"xinghe": Brand(id="xinghe", name="星禾", any=("星禾",))}
    return Watching(store, clock, ids, brands, Thresholds(), load_taxonomy())


def heard(store, clock, ids, *texts, **score):
    """Complaints of so many authors in the last minutes, stored, judged and counted."""
    now = clock()
    raws = [
        RawMention(ext_id=ids(), text=text, author=f"路人{n}", published_at=now - n % 4 * MINUTE, platform="weibo")
        for n, text in enumerate(texts)
    ]
    told = Score(**({"p_negative": 0.9, "p_crisis": 0.05, "negative": True, "crisis": False} | score))
    with store.transaction() as tx:
        mentions.save(tx, "weibo", raws, now, ids)
        fresh = mentions.pending(tx, 500)
        volumes.add(tx, mentions.save_scores(tx, [(Judged(one, "xinghe", told), "") for one in fresh], now))
        mentions.mark_judged(tx, [one.id for one in fresh], now)


def spikes(store):
    with store.reading() as tx:
        return [(one.kind, one.page, SAID in one.why) for one in volumes.spikes_since(tx, "xinghe", NOW - DAY)]


@pytest.mark.parametrize(
    ("planned", "found"),
    [
        ((), [("volume", True, False)]),
        # The planned noise calls nobody; that it is in a bad mood is noted.
        ((campaign("a" * 32),), [("share", False, True)]),
        ((campaign("a" * 32, brand="yunding"),), [("volume", True, False)]),
        ((campaign("a" * 32, until=NOW),), [("volume", True, False)]),
        ((campaign("a" * 32, ended_at=NOW - MINUTE, ended_by="wang"),), [("volume", True, False)]),
    ],
    ids=["nothing planned", "planned", "another brand's", "over", "ended early"],
)
def test_the_job_reads_what_is_planned_for_this_brand_at_this_moment(watching, store, clock, ids, planned, found):
    with store.transaction() as tx:
        for one in planned:
            spells.add(tx, one)
    heard(store, clock, ids, *["排队三小时，差评"] * 16)
    watching.watch("xinghe")
    assert spikes(store) == found


def test_a_hurt_person_pages_in_the_same_look_during_a_campaign(watching, store, clock, ids):
    with store.transaction() as tx:
        spells.add(tx, campaign("a" * 32))
    hurt = {"p_crisis": 0.9, "crisis": True, "category": "food_safety", "categories": ("food_safety",), "harm": 3}
    heard(store, clock, ids, "喝完就住院了", **hurt)
    watching.watch("xinghe")
    assert spikes(store) == [("severe", True, True)]
