"""How bad: harm outranks volume, floors and caps hold, and no factor that grows ever lowers the level."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from monitor.severity import FLAGS, NAMES, Factors, Proposal, Setting, factors, propose
from store.nouns import Level
from tests.monitor.told import judged


def on_list(item, place):
    """The same at this place of a hot list."""
    return structs.replace(item, mention=structs.replace(item.mention, best_rank=place))


SETTING = Setting(scct="preventable", clocks=False, count=0, usual=1.0, negative_share=0.0)
# what happened, (harm, attribution, velocity, negative, spread, evidence, trust, legal), flags, score, level
SCENARIOS = [
    ("one post, a child in hospital after a drink", (3, 2, 0, 0, 0, 1, 0, 1), {"hard_term_single"}, 30, "orange"),
    ("a cockroach on video, 40 posts on two platforms", (2, 3, 3, 3, 2, 3, 0, 2), {"hard_term_corroborated"}, 56,
     "orange"),
    ("the same, regional press, a second store, a regulator", (2, 3, 4, 4, 3, 3, 2, 4), {"regulator_public"}, 75,
     "red"),
    ("the app is away for two hours, loud, no harm", (1, 2, 4, 4, 3, 2, 1, 1), set(), 53, "orange"),
    ("a meme that everybody shares, hot list top ten", (0, 1, 4, 4, 4, 1, 0, 0), {"hot_top10"}, 42, "orange"),
    ("one complaint about a late delivery", (0, 1, 0, 1, 0, 1, 0, 0), set(), 6, "none"),
    ("a rumour of closing, 200 reposts", (1, 0, 3, 2, 2, 1, 0, 1), set(), 33, "yellow"),
    ("a data leak that security confirmed", (2, 2, 1, 2, 1, 3, 0, 4), {"pii_confirmed"}, 47, "orange"),
    ("a store collapsed, two in hospital", (4, 2, 2, 2, 2, 3, 0, 4), set(), 67, "red"),
    ("the founder insults people, national press", (1, 4, 4, 4, 4, 3, 1, 1), {"national_media"}, 66, "orange"),
    ("the endorser was arrested", (0, 0, 4, 3, 4, 4, 0, 1), {"national_media"}, 45, "orange"),
    ("a launch people love, ten times the volume", (0, 0, 4, 0, 3, 0, 0, 0), set(), 27, "blue"),
    ("a rash from a cream, six complaints a day", (3, 3, 1, 4, 1, 2, 1, 2), {"hard_term_corroborated"}, 53, "orange"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "values", "flags", "score", "level"), SCENARIOS, ids=[one[0] for one in SCENARIOS])
def test_scenarios_of_the_handbook(what, values, flags, score, level):
    proposal = propose(Factors(*values), flags)
    assert (proposal.score, proposal.level) == (score, level)


@pytest.mark.parametrize(
    ("found", "flags", "level", "reason"),
    [
        (Factors(harm=4), (), "red", "F1 有人死亡或重伤：至少红色"),
        (Factors(harm=3), (), "orange", "F2 可能有人受伤或就医：至少橙色"),
        (Factors(), ("regulator_public",), "orange", "F3 监管或警方已公开：至少橙色"),
        (Factors(), ("pii_confirmed",), "orange", "F4 个人信息外泄已证实：至少橙色"),
        (Factors(), ("national_media",), "orange", "F5 全国媒体或热搜前十：至少橙色"),
        (Factors(), ("hot_top10",), "orange", "F5 全国媒体或热搜前十：至少橙色"),
        (Factors(), ("coverup",), "orange", "F6 有证据的掩盖指控：至少橙色"),
        (Factors(), ("hard_term_corroborated", "hard_term_single"), "orange", "F7 硬风险词有多人印证：至少橙色"),
        (Factors(), ("hard_term_single",), "yellow", "F8 硬风险词，单一来源：至少黄色"),
    ],
)
def test_a_floor_lifts_and_says_so(found, flags, level, reason):
    proposal = propose(found, flags)
    assert (proposal.level, proposal.why[1:]) == (level, (reason,))


ALL = Factors(1, 4, 4, 4, 4, 4, 4, 2)


@pytest.mark.parametrize(
    ("found", "flags", "level", "reasons"),
    [
        (ALL, (), "orange", ("C1 只有声量、没有伤害，不到红色",)),
        (replace(ALL, harm=2), (), "red", ()),
        (replace(ALL, legal=3), (), "red", ()),
        (ALL, ("national_media",), "red", ()),
        (Factors(attribution=4, velocity=4, spread=4, evidence=4, trust=4), (), "blue",
         ("C2 没有风险词也没有负面，最多蓝色",)),
        (Factors(attribution=4, velocity=4, spread=4, evidence=4, trust=4, negative=1), (), "orange", ()),
    ],
)  # fmt: skip
def test_noise_alone_is_capped_and_says_so(found, flags, level, reasons):
    proposal = propose(found, flags)
    assert (proposal.level, proposal.why[1:]) == (level, reasons)


@pytest.mark.parametrize(
    ("found", "score", "level"),
    [
        (Factors(2, 4, 4, 4, 4, 4), 69, "red"),
        (Factors(2, 4, 4, 4, 4, 3), 67, "orange"),
        (Factors(2, 4, 4, 4, 0, 3), 48, "orange"),
        (Factors(2, 4, 4, 4, 0, 2), 47, "yellow"),
        (Factors(2, 4, 0, 2), 28, "yellow"),
        (Factors(2, 4, 0, 1), 27, "blue"),
        (Factors(2), 12, "blue"),
        (Factors(0, 3, 0, 1), 11, "none"),
    ],
)
def test_where_each_level_begins(found, score, level):
    proposal = propose(found)
    assert (proposal.score, proposal.level, len(proposal.why)) == (score, level, 1)


def test_nothing_is_nothing():
    assert propose(Factors()) == Proposal(Level.NONE, 0, ("严重度 0/100：各项都低",))


def test_the_three_weightiest_factors_are_named():
    proposal = propose(Factors(harm=2, attribution=3, velocity=1, spread=2, evidence=1))
    assert proposal.why == ("严重度 36/100：对人的伤害 2/4、责任归属 3/4、扩散 2/4",)


LEVELS = st.integers(0, 4)
FACTORS = st.builds(Factors, *[LEVELS] * 8)
SOME_FLAGS = st.frozensets(st.sampled_from(FLAGS))


@given(FACTORS, SOME_FLAGS, st.sampled_from(sorted(NAMES)), st.sampled_from(FLAGS))
def test_no_factor_and_no_flag_that_grows_lowers_the_level(found, flags, name, flag):
    before = propose(found, flags)
    grown = replace(found, **{name: min(4, getattr(found, name) + 1)})
    after = propose(grown, flags)
    assert after.level.rank >= before.level.rank
    assert after.score >= before.score
    assert propose(found, {*flags, flag}).level.rank >= before.level.rank


@given(FACTORS, SOME_FLAGS)
def test_harm_outranks_everything_else(found, flags):
    assert propose(replace(found, harm=4), flags).level == Level.RED
    assert propose(replace(found, harm=3), flags).level.rank >= Level.ORANGE.rank
    quiet = propose(replace(found, harm=0, legal=min(found.legal, 2)), flags - {"national_media"})
    assert quiet.level.rank <= Level.ORANGE.rank


def death(author: str, ago: float = 5, platform: str = "weibo"):
    return judged(ago, author, platform=platform, category="labour", harm=4, aggravators=("death_injury",))


@pytest.mark.parametrize(
    ("posts", "harm", "level"),
    [
        ([death("a")], 3, "orange"),
        ([death("a"), death("a", 4)], 3, "orange"),
        ([death("a"), death("b")], 4, "red"),
        ([death("a"), death("a", platform="douyin")], 4, "red"),
        ([death("报纸", platform="news")], 4, "red"),
        ([death("a"), judged(3, "b", category="labour", harm=2)], 3, "orange"),
        ([death("a"), judged(3, "b", harm=4)], 3, "orange"),
    ],
)
def test_one_voice_of_death_is_orange_two_or_the_press_are_red(posts, harm, level):
    found, flags = factors(posts, SETTING)
    assert (found.harm, propose(found, flags).level) == (harm, level)


def crisis(author: str, ago: float = 5, **more):
    return judged(ago, author, **({"category": "food_safety", "harm": 2} | more))


@pytest.mark.parametrize(
    ("posts", "setting", "expected"),
    [
        ([], SETTING, Factors()),
        ([judged(1, "a"), judged(2, "a")], SETTING, Factors()),
        ([crisis("a")], SETTING, Factors(harm=2, attribution=3, evidence=1)),
        ([crisis("a")], replace(SETTING, scct="accidental"), Factors(harm=2, attribution=2, evidence=1)),
        ([crisis("a")], replace(SETTING, scct="victim"), Factors(harm=2, evidence=1)),
        ([crisis("a")], replace(SETTING, clocks=True), Factors(harm=2, attribution=3, evidence=1, legal=2)),
        ([], replace(SETTING, clocks=True), Factors()),
        ([crisis("a", category="regulatory")], SETTING, Factors(harm=2, attribution=3, evidence=1)),
        ([crisis("a", aggravators=("coverup",))], SETTING, Factors(harm=2, attribution=4, evidence=1)),
        ([crisis("a", aggravators=("evidence",))], SETTING, Factors(harm=2, attribution=3, evidence=3)),
        ([crisis("a", aggravators=("escalation",))], SETTING, Factors(harm=2, attribution=3, evidence=1, legal=1)),
        ([crisis("a", category="regulatory", hard=True)], SETTING,
         Factors(harm=2, attribution=3, evidence=1, legal=4)),
        ([crisis("a"), crisis("b")], SETTING, Factors(harm=2, attribution=3, spread=1, evidence=1)),
        ([crisis("a"), crisis("b"), crisis("c")], SETTING, Factors(harm=2, attribution=3, spread=1, evidence=2)),
        ([crisis("a", followers=100_000)], SETTING, Factors(harm=2, attribution=3, spread=2, evidence=1)),
        ([crisis("a"), crisis("a", platform="douyin")], SETTING,
         Factors(harm=2, attribution=3, spread=2, evidence=1)),
        ([crisis("a"), judged(2, "b", platform="x"), judged(2, "b", platform="y")], SETTING,
         Factors(harm=2, attribution=3, spread=3, evidence=1)),
        ([crisis("a", platform="news")], SETTING, Factors(harm=2, attribution=3, spread=3, evidence=1)),
        ([], replace(SETTING, count=9), Factors()),
        ([], replace(SETTING, count=10, usual=5), Factors(velocity=1)),
        ([], replace(SETTING, count=16, usual=1), Factors(velocity=4)),
        ([], replace(SETTING, count=10, usual=0), Factors(velocity=4)),
        ([], replace(SETTING, negative_share=0.19), Factors()),
        ([], replace(SETTING, negative_share=0.35), Factors(negative=2)),
        ([], replace(SETTING, negative_share=0.7), Factors(negative=4)),
    ],
)  # fmt: skip
def test_factors_are_read_off_the_posts(posts, setting, expected):
    assert factors(posts, setting)[0] == expected


@pytest.mark.parametrize(
    ("posts", "flags"),
    [
        ([crisis("a")], set()),
        ([crisis("a", hard=True), crisis("b")], {"hard_term_single"}),
        ([crisis("a", hard=True), crisis("a", 3, hard=True)], {"hard_term_single"}),
        ([crisis("a", hard=True), crisis("b", hard=True)], {"hard_term_corroborated"}),
        ([judged(5, "a", hard=True)], set()),
        ([crisis("a", category="regulatory", hard=True)], {"hard_term_single"}),
        ([crisis("a", category="regulatory", hard=True), crisis("b")], {"hard_term_single", "regulator_public"}),
        ([crisis("a", category="regulatory"), crisis("b")], set()),
        ([crisis("a", aggravators=("coverup", "evidence"))], set()),
        ([crisis("a", aggravators=("coverup",)), crisis("b", aggravators=("evidence",))], {"coverup"}),
        ([crisis("a", aggravators=("coverup",)), crisis("b")], set()),
        ([on_list(crisis("a"), 10)], {"hot_top10"}),
        ([on_list(crisis("a"), 11)], set()),
        ([on_list(judged(5, "a"), 1)], set()),
    ],
)
def test_flags_are_read_off_the_posts(posts, flags):
    assert factors(posts, SETTING)[1] == flags
