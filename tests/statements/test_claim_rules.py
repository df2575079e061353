"""Claims: what shows that one is false, what nobody may say yet, and which strategies a text may use (pure)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import InputError
from config.legal_clocks import ReportSettings
from statements.known import claims as rules
from statements.known.do_not_say import do_not_say
from statements.known.report_pack import build, refusal
from statements.rules.strategy import allowed, locked, places, strategies_in
from statements.rules.strategy_words import Strategy
from store.nouns import Attribution, Claim, ClaimKind, ClaimStatus, CrisisCluster, FactScope, FactStatus
from tests.statements.room import NOW, fact

SHARED = (
    "2026年3月12日14:05，一位顾客在微博发布视频。我们在14:17看到了视频。顾客在我们的门店遇到这样的事，我们向她道歉，"
    "也理解大家对食品安全的担心。该门店已于14:30停止营业，同批次原料已封存；我们已于14:38向属地市场监管部门报告。"
    "我们现在还不知道的：异物的来源和进入饮品的环节。在查清之前，我们不作猜测。请停止饮用，保留杯子和小票。"
)


def claim(status=ClaimStatus.FALSE, **changes):
    made = Claim("c1", "a" * 32, "C1", 1, "星禾删评论", ClaimKind.FACT, status, "li", NOW, facts=("F1",))
    return replace(made, **changes)


def cluster(which, history=False):
    return Attribution("t1", "a" * 32, CrisisCluster(which), history, "现场已查", "zhou", NOW)


SURE = fact("F1", "cause", "评论区一直开放，没有隐藏记录", "comments were open")
DOCUMENT = {"facts": (), "evidence": "后台导出", "sha256": "b" * 64, "captured_at": NOW}


@pytest.mark.parametrize(
    ("made", "facts", "proven"),
    [
        (claim(), (SURE,), True),
        (claim(), (replace(SURE, status=FactStatus.REFUTED),), False),
        (claim(), (), False),
        (claim(**DOCUMENT), (), True),
        (claim(**DOCUMENT | {"sha256": ""}), (), False),
        (claim(ClaimStatus.PARTLY), (SURE,), False),
        (claim(kind=ClaimKind.OPINION), (SURE,), False),
    ],
)
def test_a_claim_is_proven_false_while_its_evidence_stands(made, facts, proven):
    assert rules.proven_false(made, facts) is proven


@pytest.mark.parametrize(
    ("made", "wrong"),
    [
        (claim(facts=()), "needs evidence"),
        (claim(ClaimStatus.TRUE, facts=()), "needs evidence"),
        (claim(facts=("F9",)), "no fact F9"),
        (claim(said=""), "what is said"),
        (claim(said="删" * 301), "301 characters; 300"),
        (claim(kind=ClaimKind.COMPLAINT), "neither true nor false"),
    ],
)
def test_a_status_that_nothing_shows_is_refused(made, wrong):
    with pytest.raises(InputError, match=wrong):
        rules.check(made, (SURE,))


@pytest.mark.parametrize("text", ["javascript:alert(1)", "weibo.com/1", "https://a.example/<script>", "http://x"])
def test_what_is_no_exact_address_is_refused(text):
    with pytest.raises(InputError, match="begins with http"):
        rules.addresses(f"https://weibo.com/1234/abc\n{text}")


def test_nobody_says_what_is_not_sure():
    facts = (
        SURE,
        fact("F2", "done", "已换供应商", "", status=FactStatus.UNVERIFIED),
        fact("F3", "cause", "律师认为有责", "", scope=FactScope.PRIVILEGED),
        fact("F4", "scope", "内部台账三百份", "", scope=FactScope.INTERNAL),
        fact("F5", "cause", "供应商的错", "", status=FactStatus.REFUTED),
    )
    claims = (claim(ClaimStatus.UNKNOWN, facts=()), claim(label="C2"), claim(label="C3", facts=("F5",)))
    found = {one.label: one for one in do_not_say(facts, claims, "zh")}
    whys = {label: one.why for label, one in found.items()}
    assert whys == {
        "F2": "unverified", "F3": "privileged", "F4": "internal", "F5": "refuted",
        "C1": "claim_unknown", "C3": "claim_unproven",
    }  # fmt: skip
    assert "律师" not in found["F3"].line
    assert found["C1"].line == "C1 星禾删评论（真假还不知道，不承认也不否认）"


@given(words=st.text(max_size=80))
def test_the_list_is_harmless_whatever_was_typed(words):
    dirty = words + "<script>{{ 7*7 }}\n| a |[x](http://e.example)"
    lines = [one.line for one in do_not_say((fact("F1", "done", dirty, "", status=FactStatus.UNKNOWN),), (), "zh")]
    lines += [one.line for one in do_not_say((), (claim(ClaimStatus.UNKNOWN, said=dirty),), "en")]
    assert len(lines) == 2
    assert not any(set("<>{}|[\n\r`") & set(line) for line in lines)


def test_the_shared_first_statement_only_instructs_adjusts_and_apologises():
    assert strategies_in(SHARED, "zh") == {Strategy.INSTRUCT, Strategy.ADJUST, Strategy.APOLOGISE}
    assert locked(strategies_in(SHARED, "zh"), None, (), ()) == ()


@pytest.mark.parametrize(
    ("text", "lang", "strategy"),
    [
        ("网传内容不属实。", "zh", Strategy.DENY),
        ("此事与我司无关。", "zh", Strategy.DENY),
        ("这只是个别门店的情况。", "zh", Strategy.DIMINISH),
        ("异物系封口机刀片脱落所致。", "zh", Strategy.DIMINISH),
        ("我们承担全部责任，并对顾客赔偿。", "zh", Strategy.REBUILD),
        ("多年来始终坚持品质第一。", "zh", Strategy.BOLSTER),
        ("The claim that we deleted comments is false.", "en", Strategy.DENY),
        ("This was an isolated incident.", "en", Strategy.DIMINISH),
        ("We take full responsibility and will compensate customers.", "en", Strategy.REBUILD),
    ],
)
def test_clear_phrases_betray_a_strategy(text, lang, strategy):
    assert strategy in strategies_in(text, lang)
    assert places(text, lang, strategy)


@pytest.mark.parametrize(
    ("text", "lang"),
    [("现在还不知道原因是什么。", "zh"), ("事故原因尚未查明。", "zh"), ("We do not know what the cause was.", "en")],
)
def test_what_is_not_known_explains_nothing(text, lang):
    assert Strategy.DIMINISH not in strategies_in(text, lang)


PROOF = ((SURE,), (claim(),))
NONE = ((), ())


@pytest.mark.parametrize(
    ("said", "material", "opened"),
    [
        (None, PROOF, set()),
        (cluster("victim"), NONE, {Strategy.BOLSTER}),
        (cluster("victim"), PROOF, {Strategy.BOLSTER, Strategy.DENY}),
        (cluster("accidental"), NONE, {Strategy.BOLSTER}),
        (cluster("accidental"), PROOF, {Strategy.BOLSTER, Strategy.DIMINISH}),
        (cluster("accidental", history=True), PROOF, {Strategy.BOLSTER, Strategy.REBUILD}),
        (cluster("preventable"), PROOF, {Strategy.BOLSTER, Strategy.REBUILD}),
    ],
)
def test_the_table_of_what_a_cluster_opens(said, material, opened):
    always = {Strategy.INSTRUCT, Strategy.ADJUST, Strategy.APOLOGISE}
    assert allowed(said, *material) == always | opened


def test_a_denial_and_an_apology_are_never_mixed_over_versions():
    victim = cluster("victim")
    fine = locked({Strategy.DENY, Strategy.INSTRUCT}, victim, *PROOF)
    assert fine == ()
    after_apology = locked({Strategy.DENY}, victim, *PROOF, earlier={Strategy.APOLOGISE})
    assert [one.strategy for one in after_apology] == [Strategy.DENY]
    after_denial = locked({Strategy.APOLOGISE}, victim, *PROOF, earlier={Strategy.DENY})
    assert [one.strategy for one in after_denial] == [Strategy.APOLOGISE]
    at_once = locked({Strategy.DENY, Strategy.APOLOGISE}, victim, *PROOF)
    assert "不能混着说" in at_once[0].zh


@given(st.sets(st.sampled_from(list(Strategy))), st.sampled_from([None, *CrisisCluster]), st.booleans())
def test_no_lock_opens_what_the_table_does_not(strategies, which, history):
    said = cluster(which, history) if which else None
    if strategies - allowed(said, *PROOF):
        assert locked(strategies, said, *PROOF)


@pytest.mark.parametrize(
    ("made", "facts", "why"),
    [
        (claim(kind=ClaimKind.OPINION, status=ClaimStatus.UNKNOWN), (SURE,), "never reported"),
        (claim(kind=ClaimKind.COMPLAINT, status=ClaimStatus.UNKNOWN), (SURE,), "never reported"),
        (claim(ClaimStatus.UNKNOWN), (SURE,), "marked false"),
        (claim(ClaimStatus.PARTLY), (SURE,), "marked false"),
        (claim(), (), "no longer stands"),
        (claim(), (replace(SURE, scope=FactScope.PRIVILEGED),), "not public"),
    ],
)
def test_no_report_pack_is_made_of_what_is_not_proven_false(made, facts, why):
    assert why in refusal(made, facts)


def test_the_pack_says_what_is_still_missing():
    pack = build(7, claim(urls=("https://weibo.com/1/a",)), (SURE,), ((), ()), ReportSettings(company="星禾"))
    assert pack.urls == ("https://weibo.com/1/a",)
    assert pack.reasons == ("评论区一直开放，没有隐藏记录",)
    assert pack.missing[0] == "营业执照（统一社会信用代码）"
    assert "举报单位" not in pack.missing
    assert refusal(claim(), (SURE,)) == ""
