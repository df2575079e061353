"""One text, nine platforms: whole sentences, counted as each counts, the same facts, contact and next update."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import SettingsError
from config.platforms import FORMS, SHIPPED, load_platforms
from statements.posting.lengths import in_han, seconds_of, segments, weighted
from statements.posting.master import read_master
from statements.posting.variants import build_variants, same_facts
from statements.rules.documents import DocumentContext, lint_document
from statements.rules.wording import load_wording
from statements.writing.template_samples import sample_incident
from store.nouns import Fact, FactScope, FactStatus

PHONE, EMAIL = "400-000-0000（24小时）", "food@yunshan.example"
PLATFORMS, WORDING = load_platforms(), load_wording()
FOOD_ZH = """【关于苏州观前街店饮品异物反馈的情况说明（第1号）】
2026年4月9日14:05，一位顾客在微博发布视频，反映在云杉茶饮苏州观前街店购买的饮品中发现异物。我们在14:17看到了视频，也读了评论。顾客在我们的门店遇到这样的事，我们向她道歉，也理解大家对食品安全的担心。
我们现在已经做的：
1. 该门店已于14:30停止营业，同批次原料已封存；
2. 我们已与这位顾客取得联系，陪同就医的费用由我们先行支付；
3. 我们已于14:38向属地市场监管部门报告，并将配合检查。
我们现在还不知道的：异物的来源和进入饮品的环节。在查清之前，我们不作猜测。
如果您今天在该门店购买过饮品：请停止饮用，保留杯子和小票；如感到不适，请及时就医并联系我们。退款不需要小票。
联系我们：400-000-0000（24小时），food@yunshan.example。
下一次更新：今天17:00前，在本账号发布，无论届时是否有结论。
云杉茶饮（苏州）有限公司 发言人办公室
2026年4月9日 14:52（北京时间）"""
# ruff: noqa: E501  (statements stand as they would be posted)
FOOD_EN = """STATEMENT No. 1: report of a foreign object at our Suzhou Guanqian store
At 14:05 on 9 April 2026 a customer posted a video reporting a foreign object in a drink bought at our Guanqian store in Suzhou. We saw it at 14:17. This happened in one of our stores and we apologise to the customer. We understand why people are worried.
What we have done: the store closed at 14:30 and ingredients from the same batch are sealed; we have contacted the customer and are paying medical costs up front; we reported the matter to the local market regulator at 14:38 and will cooperate with its inquiry.
What we do not know yet: where the object came from and how it got into the drink. We will not guess.
If you bought a drink at this store today: please stop drinking it and keep the cup and receipt. If you feel unwell, see a doctor and call us. Refunds do not need a receipt.
Contact: +86 400 000 0000 (24 hours), food@yunshan.example
Next update: by 17:00 (Beijing time) today on this account, whether or not we have a conclusion.
Yunshan Tea (Suzhou) Co., Ltd., Office of the Spokesperson, 9 April 2026, 14:52 (UTC+8)"""
DATA_ZH = """【关于会员信息安全情况的说明（第1号）】
2026年4月9日14:05，我们收到反馈，称有人在网上出售云杉会员信息。我们在14:17启动应急预案，已于14:30关闭了相关查询接口，并向属地网信部门和公安机关报告。
我们现在还不知道：涉及的信息种类、数量和原因。核实清楚后，我们会逐项告知受影响的会员。
您现在可以做的：修改会员密码；不要向自称云杉客服的来电提供验证码；发现异常扣款请立即联系银行和我们。
对因此感到不安的会员，我们道歉。
联系我们：400-000-0000（24小时），food@yunshan.example。
下一次更新：今天16:30前，在云杉官网和本账号发布。
云杉茶饮（苏州）有限公司 2026年4月9日 14:52（北京时间）"""
RUMOUR_ZH = """【关于“云杉即将关停全部门店”说法的说明（第1号）】
2026年4月9日，网上出现“云杉将于本月底关停全部门店”的说法，并配有一份盖章通知的图片。我们核对了公章登记和发文记录：公司没有发出过这份文件，图片中的文号在我们的发文系统中不存在。
截至今天14:30，云杉在营门店数量和营业时间可在官网“门店查询”查看。有顾客因为这份图片担心储值卡余额，我们理解这种担心：储值卡可照常使用，也可按会员协议申请退款。
我们已向平台提交不实信息投诉并保存了证据。
联系我们：400-000-0000，food@yunshan.example。
下一次更新：今天16:30前在本账号说明平台处理进展。
云杉茶饮（苏州）有限公司 2026年4月9日 14:52（北京时间）"""
SAMPLES = [
    ("food_safety", "zh", FOOD_ZH),
    ("food_safety", "en", FOOD_EN),
    ("data_breach", "zh", DATA_ZH),
    ("rumour", "zh", RUMOUR_ZH),
]
T0 = datetime(2026, 4, 9, 6, 5, tzinfo=UTC)
SEEN, NOW = T0.replace(minute=17), T0.replace(minute=52)


def known(zh, en):
    status, scope = FactStatus.CONFIRMED, FactScope.PUBLIC
    return Fact("F1", "i", "F1", 1, "done", zh, en, status, scope, "store", "photo", "li", SEEN)


def master_of(lang, body, **changes):
    given = {"named": ("云杉茶饮", "食品安全"), "fact_ids": ("F1", "F2"), "contacts": (PHONE, EMAIL)} | changes
    return read_master(body, lang, **given)


@pytest.mark.parametrize(("category", "lang", "body"), SAMPLES)
def test_the_four_sample_statements_pass(category, lang, body):
    incident = replace(sample_incident(category), t0=T0, detected_at=SEEN)
    facts = (known("14:30 14:38 一位顾客 一份图片", "14:30, 14:38, one store"),)
    contacts = ("+86 400 000 0000" if lang == "en" else PHONE, EMAIL)
    document = DocumentContext(incident, facts, contacts, "holding", NOW, ZoneInfo("Asia/Shanghai"))
    found = (*WORDING.lint(body, lang), *lint_document(body, lang, document))
    assert [(one.rule, body[one.start : one.end]) for one in found if one.level in ("X", "E", "L")] == []


@pytest.mark.parametrize(("category", "lang", "body"), SAMPLES)
def test_every_version_keeps_facts_contact_and_next_update_within_its_limits(category, lang, body):
    master = master_of(lang, body, contacts=("+86 400 000 0000" if lang == "en" else PHONE, EMAIL))
    made = build_variants(master, PLATFORMS)
    assert [one.platform for one in made] == list(FORMS)
    for one in made:
        assert (one.platform, one.over, same_facts(master, one)) == (one.platform, False, ())


def test_the_first_screen_stands_alone():
    weibo = build_variants(master_of("zh", FOOD_ZH), PLATFORMS)[0]
    first, whole = weibo.parts
    for words in ("【第1号】", "14:05", "14:30停止营业", "请停止饮用", "400-000-0000", "今天17:00前在此更新"):
        assert words in first.text
    assert in_han(first.text) <= 140
    assert whole.text.startswith(first.text)
    assert "异物的来源和进入饮品的环节" in whole.text


def test_a_thread_says_first_what_is_known_and_done_and_counts_as_x_counts():
    thread = next(one for one in build_variants(master_of("zh", FOOD_ZH), PLATFORMS) if one.platform == "x")
    assert all(weighted(part.text) <= 280 for part in thread.parts)
    assert thread.parts[0].text.startswith(f"1/{len(thread.parts)} 2026年4月9日14:05")


def test_a_script_takes_thirty_to_sixty_seconds_and_titles_fit():
    by = {one.platform: one for one in build_variants(master_of("zh", FOOD_ZH), PLATFORMS)}
    assert 30 <= by["douyin"].seconds <= 60
    assert [len(by[name].parts[0].text) <= most for name, most in (("wechat", 32), ("douyin", 30), ("xiaohongshu", 20))]


def test_what_cannot_be_held_is_named_and_what_protects_people_is_never_it():
    longer = FOOD_ZH.replace("退款不需要小票。", "退款不需要小票。" + "其余门店正在逐家核对原料和操作记录。" * 60)
    for one in build_variants(master_of("zh", longer), PLATFORMS):
        assert "请停止饮用" in one.text
        assert same_facts(master_of("zh", longer), one) == ()
        if one.platform in ("press", "xiaohongshu", "sms", "douyin"):
            assert one.left_out
        assert not [said for said in one.left_out if "停止饮用" in said or "17:00" in said or "400-" in said]


def test_a_version_that_lost_a_fact_the_phone_or_the_hour_is_found():
    master = master_of("zh", FOOD_ZH)
    good = build_variants(master, PLATFORMS)[0]
    assert same_facts(master, replace(good, fact_ids=("F1",))) == ("facts",)
    parts = tuple(replace(one, text=one.text.replace("400-000-0000", "").replace("17:00", "")) for one in good.parts)
    assert same_facts(master, replace(good, parts=parts)) == (f"contact:{PHONE}", "next_update")


def test_lengths_are_counted_as_platforms_count():
    assert weighted("星禾 a https://example.org/very/long/path/that/counts/23") == 4 + 3 + 23
    assert weighted("é") == weighted("e\u0301") == 1
    assert (segments("字" * 70, 70), segments("字" * 71, 70), segments("字" * 135, 70)) == (1, 2, 3)
    assert segments("😀" * 36, 70) == 2
    assert in_han("ab字") == 2
    assert seconds_of("字" * 45, "zh") == 10


@given(st.text(max_size=400), st.sampled_from(["zh", "en"]))
def test_any_text_becomes_versions_of_whole_sentences(body, lang):
    master = master_of(lang, body)
    said = {one.text for one in master.sentences}
    for one in build_variants(master, PLATFORMS):
        assert set(one.left_out) <= said


def test_each_limit_names_its_source_and_a_broken_file_its_fault(tmp_path):
    assert all(one.source and one.checked_on for one in PLATFORMS.platform)
    text = SHIPPED.read_text(encoding="utf-8")
    (tmp_path / "platforms.toml").write_text(re.sub("title = 32", "title = -1", text), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"platforms\.toml: platform\.1\.title"):
        load_platforms(tmp_path)
    (tmp_path / "platforms.toml").write_text(text.replace('id = "sms"', 'id = "x"'), encoding="utf-8")
    with pytest.raises(SettingsError, match="each of these once"):
        load_platforms(tmp_path)
