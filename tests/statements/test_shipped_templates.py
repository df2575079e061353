"""Every shipped template in both languages on the sample incidents: whole, lawful, within the platforms' limits."""

import re
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from config.platforms import load_platforms
from config.taxonomy import load_taxonomy
from statements.posting.master import read_master
from statements.posting.variants import build_variants, same_facts
from statements.rules.documents import DocumentContext, lint_document
from statements.rules.wording import load_wording
from statements.writing.render import KINDS, LANGS, load_template, render
from statements.writing.template_samples import CATEGORIES, EMAIL, NOW, PHONE, ZONE, sample_context, sample_incident
from store.nouns import FactStatus

TAXONOMY, WORDING = load_taxonomy(), load_wording()
ON_DEMAND = tuple(kind for kind in KINDS if kind != "qa")


def made(kind, category, lang, **more):
    context = sample_context(kind, category, lang, TAXONOMY.name(category, lang), **more)
    return render(load_template(kind, category, lang), context), context


def blocking(kind, category, lang, text, facts):
    document = DocumentContext(
        incident=sample_incident(category),
        facts=facts,
        contacts=(PHONE, EMAIL),
        kind=kind,
        now=NOW,
        zone=ZoneInfo(ZONE),
    )
    found = (*WORDING.lint(text, lang), *lint_document(text, lang, document))
    return [(one.rule, one.level, text[one.start : one.end]) for one in found if one.level in ("X", "E", "L")]


def test_the_samples_cover_every_category_of_the_taxonomy():
    assert {one.id for one in TAXONOMY.categories} <= set(CATEGORIES)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("kind", ON_DEMAND)
def test_every_template_is_whole_and_without_a_finding(kind, category, lang):
    text, context = made(kind, category, lang)
    assert text.missing == ()
    assert blocking(kind, category, lang, text.body, context.facts) == []


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("category", CATEGORIES)
def test_a_holding_text_has_its_slots_and_fits_every_platform(category, lang):
    text, context = made("holding", category, lang)
    names = [one.name for one in text.slots]
    wanted = ["headline", "awareness", "empathy", "done", "action", "contact", "next_update", "sign_off"]
    assert [name for name in wanted if name not in names] == []
    assert "unknown" in names
    assert ("harm" in names) == (category == "data_breach")
    named = (context.brand_name, context.category_name)
    master = read_master(text.body, lang, named=named, fact_ids=text.fact_ids, contacts=(PHONE, EMAIL))
    for variant in build_variants(master, load_platforms()):
        assert (variant.platform, variant.over, same_facts(master, variant)) == (variant.platform, False, ())


def test_no_two_categories_share_a_holding_text_and_languages_are_no_copies():
    for lang in LANGS:
        texts = [load_template("holding", category, lang) for category in CATEGORIES]
        assert len(set(texts)) == len(CATEGORIES)


def test_a_listed_company_points_to_the_exchange_and_another_does_not():
    listed, _ = made("holding", "finance", "zh", listed=True)
    private, _ = made("holding", "finance", "zh")
    assert ("以交易所公告为准" in listed.body, "交易所" in private.body) == (True, False)
    assert "stock exchange" in made("holding", "finance", "en", listed=True)[0].body


@pytest.mark.parametrize(("lang", "end"), [("zh", "。"), ("en", ".")])
@pytest.mark.parametrize("category", CATEGORIES)
def test_the_short_form_has_four_sentences(category, lang, end):
    body = made("short", category, lang)[0].body
    inner = [line for line in body.split("\n")[1:-2] if line.strip()]
    assert len(inner) == 4
    assert all(line.endswith(end) for line in inner)


def test_an_update_tells_only_what_changed_and_asks_for_what_was_done():
    text, context = made("update", "food_safety", "zh")
    assert "我们已于14:50完成其余门店和库存的核对" in text.body
    assert text.fact_ids[0] == "F1"
    quiet = replace(context, changes=(), earlier_at=None)
    bare = render(load_template("update", "food_safety", "zh"), quiet)
    assert bare.missing == ("上一份说明的发布时间", "上一份说明之后做了什么、时间")
    assert "14:30" not in bare.body


def test_a_correction_says_wrong_right_when_and_evidence():
    body = made("correction", "food_safety", "zh")[0].body
    for words in (
        "此前说的是“观前街店已于14:20停止营业",
        "正确的是：观前街店已于14:30",
        "14:50",
        "yunshan.example/evidence",
    ):
        assert words in body


def test_a_refuted_fact_leaves_a_gap_in_its_correction_and_never_its_words_as_right():
    _, context = made("correction", "food_safety", "zh")
    change = context.changes[0]
    refuted = replace(change, after=replace(change.after, status=FactStatus.REFUTED))
    text = render(load_template("correction", "food_safety", "zh"), replace(context, changes=(refuted,)))
    assert "正确的情况" in text.missing
    assert "14:30" not in text.body.partition("正确的是")[2].partition("依据")[0].replace("我们在", "")


def test_a_remedy_is_measure_role_and_deadline_and_never_an_amount_of_the_template():
    text, context = made("apology", "food_safety", "zh")
    assert "为受到影响的顾客办理退款和检查 · 顾客服务负责人 · 2026年3月18日18:00前（北京时间）" in text.body
    for lang in LANGS:
        for category in CATEGORIES:
            assert not re.search(r"元|¥|\$|yuan", load_template("apology", category, lang))
    gap = render(load_template("apology", "food_safety", "zh"), replace(context, measures=()))
    assert gap.missing == ("措施 · 负责岗位 · 期限",)
