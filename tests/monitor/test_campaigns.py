"""A planned campaign: ordinary noise of it calls nobody, more than planned does, and hurt people always do at once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from config.taxonomy import load_taxonomy
from config.watch import Brand, Thresholds
from monitor.campaigns import NONE_PLANNED, Campaign, running
from monitor.rarity import BUCKET, PER_DAY
from monitor.seen import see
from monitor.series import Detector, Reading, Row
from monitor.spikes import decide
from monitor.watching import Watching
from store import mentions, spells, volumes
from store.nouns import Judged, RawMention, Score, Spell, Window
from tests.monitor.told import NOW, judged

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
AUTUMN = Campaign("秋季新品", 3.0)
SAID = "；计划活动“秋季新品”进行中，预计声量 3 倍。"
QUIET = Reading(NOW, score=0.3, count=2, usual=2.0, ratio=1.0, days=30.0)


def campaign(name, **changes):
    made = Spell(name, Window.CAMPAIGN, NOW - DAY, NOW + DAY, "wang", "秋季新品\n十城上市", NOW - DAY, brand="xinghe")
    return replace(made, **({"factor": 3.0} | changes))


def test_only_the_brands_own_campaign_counts_and_of_two_the_one_that_expects_more():
    other = campaign("a", brand="yunding", factor=5.0)
    silence = campaign("b", kind=Window.SILENCE, factor=5.0)
    small = campaign("c", factor=1.5, reason="小活动\n门店试饮")
    assert running([other, silence], "xinghe") == NONE_PLANNED
    assert running([small, campaign("d"), other], "xinghe") == AUTUMN


@pytest.mark.parametrize(
    "posts",
    [
        [judged(5, "a", category="food_safety", terms=("住院",), harm=3)],
        [judged(5 + n, f"作者{n}", category="food_safety", terms=("发霉",), harm=2) for n in range(3)],
        [judged(5, "大V", category="food_safety", terms=("发霉",), harm=2, followers=3_250_000)],
    ],
    ids=["a hurt person", "three with one trouble", "an account millions follow"],
)
def test_what_the_posts_say_weighs_as_much_as_ever(posts):
    during, calm = (decide("星禾", see(posts, NOW), QUIET, Thresholds(), plan) for plan in (AUTUMN, NONE_PLANNED))
    assert [replace(one, why="") for one in during] == [replace(one, why="") for one in calm]
    assert [(one.page, one.why.endswith(SAID)) for one in during] == [(True, True)]


@pytest.fixture
def watching(store, clock, ids):
    """The job of a brand that was heard for six days, two posts in most quarters of an hour, some of them bad."""
    detector, begin = Detector(Thresholds()), NOW - 6 * DAY
    for n in range(6 * PER_DAY - 2):
        detector.update(Row(begin + n * BUCKET, n % 3, int(n % 21 == 2), n % 3, 0, 300))
    with store.transaction() as tx:
        volumes.keep_baseline(tx, "xinghe", NOW - 2 * BUCKET, detector.to_state())
    brands = {"xinghe": Brand(id="xinghe", name="星禾", any=("星禾",))}
    return Watching(store, clock, ids, brands, Thresholds(), load_taxonomy())


def heard(store, clock, ids, *texts, negative=100, **score):
    """Posts of so many authors in the last minutes, stored, judged and counted; the first `negative` complain."""
    now = clock()
    raws = [
        RawMention(
            ext_id=ids(), text=text, author=f"路人{n}", published_at=now - (1 + n % 4) * MINUTE, platform="weibo"
        )
        for n, text in enumerate(texts)
    ]
    bad = Score(**({"p_negative": 0.9, "p_crisis": 0.05, "negative": True, "crisis": False} | score))
    good = Score(p_negative=0.1, p_crisis=0.02, negative=False, crisis=False)
    with store.transaction() as tx:
        mentions.save(tx, "weibo", raws, now, ids)
        fresh = mentions.pending(tx, 500)
        told = [Judged(one, "xinghe", bad if n < negative else good) for n, one in enumerate(fresh)]
        volumes.add(tx, mentions.save_scores(tx, [(one, "") for one in told], now))
        mentions.mark_judged(tx, [one.id for one in fresh], now)


def told(store):
    with store.reading() as tx:
        return [(one.kind, one.page, SAID in one.why) for one in volumes.spikes_since(tx, "xinghe", NOW - DAY)]


@pytest.mark.parametrize(
    ("planned", "found"),
    [
        ((), [("volume", False, False)]),
        ((campaign("a" * 32, factor=50.0),), []),
        ((campaign("a" * 32, factor=3.0),), [("volume", False, True)]),
        ((campaign("a" * 32, brand="yunding", factor=50.0),), [("volume", False, False)]),
        ((campaign("a" * 32, until=NOW, factor=50.0),), [("volume", False, False)]),
        ((campaign("a" * 32, ended_at=NOW - MINUTE, ended_by="wang", factor=50.0),), [("volume", False, False)]),
    ],
    ids=["nothing planned", "planned", "more than was planned", "another brand's", "over", "ended early"],
)
def test_the_job_reads_what_is_planned_for_this_brand_at_this_moment(watching, store, clock, ids, planned, found):
    with store.transaction() as tx:
        for one in planned:
            spells.add(tx, one)
    heard(store, clock, ids, *["新品真好喝"] * 40, negative=2)
    watching.watch("xinghe")
    assert told(store) == found


@pytest.mark.parametrize("planned", [(), (campaign("a" * 32, factor=5.0),)], ids=["unplanned", "planned"])
def test_a_launch_that_people_complain_of_calls_whether_planned_or_not(watching, store, clock, ids, planned):
    with store.transaction() as tx:
        for one in planned:
            spells.add(tx, one)
    heard(store, clock, ids, *["排队三小时，差评"] * 40)
    watching.watch("xinghe")
    ((kind, page, _),) = told(store)
    assert page
    assert kind == ("campaign" if planned else "complaints")


def test_a_hurt_person_calls_in_the_same_look_during_a_campaign(watching, store, clock, ids):
    with store.transaction() as tx:
        spells.add(tx, campaign("a" * 32))
    hurt = {"p_crisis": 0.9, "crisis": True, "category": "food_safety", "categories": ("food_safety",), "harm": 3}
    heard(store, clock, ids, "喝完就住院了", **hurt)
    watching.watch("xinghe")
    assert told(store) == [("severe", True, True)]
