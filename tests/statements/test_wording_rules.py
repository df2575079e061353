"""Stories: each wording rule catches its bad sentence, leaves the good one alone, and says what to write instead."""

import csv
from pathlib import Path

import pytest

from config.errors import SettingsError
from statements.rules.wording import LEVELS, load_wording

WORDING = load_wording()
CASE_FILE = Path(__file__).parents[2] / "bench" / "corpus" / "wording_cases.tsv"
# A shipped file: rule, language, bad or good (must the rule fire), sentence.
CASES = [
    (rule, lang, label == "bad", text)
    for rule, lang, label, text in csv.reader(CASE_FILE.read_text(encoding="utf-8").splitlines(), delimiter="\t")
]
SAMPLES = {
    "food_zh": (
        "zh",
        "food_safety",
        """\
【关于南京新街口店饮品异物反馈的情况说明（第1号）】
2026年3月12日14:05，一位顾客在微博发布视频，反映在星禾茶饮南京新街口店购买的饮品中发现异物。我们在14:17看到了视频，也读了评论。顾客在我们的门店遇到这样的事，我们向她道歉，也理解大家对食品安全的担心。
我们现在已经做的：
1. 该门店已于14:30停止营业，同批次原料已封存；
2. 我们已与这位顾客取得联系，陪同就医的费用由我们先行支付；
3. 我们已于14:38向属地市场监管部门报告，并将配合检查。
我们现在还不知道的：异物的来源和进入饮品的环节。在查清之前，我们不作猜测。
如果您今天在该门店购买过饮品：请停止饮用，保留杯子和小票；如感到不适，请及时就医并联系我们。退款不需要小票。
联系我们：400-000-0000（24小时），food@xinghe.example。
下一次更新：今天17:00前，在本账号发布，无论届时是否有结论。
星禾茶饮（南京）有限公司 发言人办公室
2026年3月12日 14:52（北京时间）""",
    ),
    "food_en": (
        "en",
        "food_safety",
        """\
STATEMENT No. 1: report of a foreign object at our Nanjing Xinjiekou store
At 14:05 on 12 March 2026 a customer posted a video reporting a foreign object in a drink bought at our Xinjiekou \
store in Nanjing. We saw it at 14:17. This happened in one of our stores and we apologise to the customer. We \
understand why people are worried.
What we have done: the store closed at 14:30 and ingredients from the same batch are sealed; we have contacted the \
customer and are paying medical costs up front; we reported the matter to the local market regulator at 14:38 and \
will cooperate with its inquiry.
What we do not know yet: where the object came from and how it got into the drink. We will not guess.
If you bought a drink at this store today: please stop drinking it and keep the cup and receipt. If you feel \
unwell, see a doctor and call us. Refunds do not need a receipt.
Contact: +86 400 000 0000 (24 hours), food@xinghe.example
Next update: by 17:00 (Beijing time) today on this account, whether or not we have a conclusion.
Xinghe Tea (Nanjing) Co., Ltd., Office of the Spokesperson, 12 March 2026, 14:52 (UTC+8)""",
    ),
    "data_zh": (
        "zh",
        "data_breach",
        """\
【关于会员信息安全情况的说明（第1号）】
2026年3月12日09:20，我们收到反馈，称有人在网上出售星禾会员信息。我们已于09:40启动应急预案，关闭了相关查询接口，并向属地网信部门和公安机关报告。
我们现在还不知道：涉及的信息种类、数量和原因。核实清楚后，我们会逐项告知受影响的会员。
您现在可以做的：修改会员密码；不要向自称星禾客服的来电提供验证码；发现异常扣款请立即联系银行和我们。
对因此感到不安的会员，我们道歉。
联系我们：400-000-0000（24小时），privacy@xinghe.example。
下一次更新：今天12:00前，在星禾官网和本账号发布。
星禾茶饮（南京）有限公司 2026年3月12日 10:15（北京时间）""",
    ),
    "rumour_zh": (
        "zh",
        "rumour",
        """\
【关于“星禾即将关停全部门店”说法的说明（第1号）】
2026年3月12日，网上出现“星禾将于本月底关停全部门店”的说法，并配有一份盖章通知的图片。我们核对了公章登记和发文记录：公司没有发出过这份文件，图片中的文号在我们的发文系统中不存在。
截至今天11:00，星禾在营门店数量和营业时间可在官网“门店查询”查看。有顾客因为这份图片担心储值卡余额，我们理解这种担心：储值卡可照常使用，也可按会员协议申请退款。
我们已向平台提交不实信息投诉并保存了证据。
联系我们：400-000-0000，pr@xinghe.example。
下一次更新：今天18:00前在本账号说明平台处理进展。
星禾茶饮（南京）有限公司 2026年3月12日 11:10（北京时间）""",
    ),
}


@pytest.mark.parametrize(("rule", "lang", "fires", "text"), CASES)
def test_every_rule_catches_the_bad_sentence_and_leaves_the_good_one(rule, lang, fires, text):
    found = WORDING.lint(text, lang)
    if fires:
        assert rule in {one.rule for one in found}
    else:
        assert found == ()


def test_all_rules_are_there_in_order_with_words_in_both_languages():
    assert [one.id for one in WORDING.rules] == [*(f"S{number:02d}" for number in range(1, 19)), "D15"]
    assert {one.id: one.level for one in WORDING.rules if one.level not in ("E",)} == {
        "S07": "W", "S12": "X", "S13": "I", "S15": "W", "S16": "X", "S17": "W", "S18": "L", "D15": "W",
    }  # fmt: skip
    for rule in WORDING.rules:
        assert all(rule.messages[lang] and rule.suggestions[lang] for lang in ("zh", "en"))


@pytest.mark.parametrize("name", SAMPLES)
def test_an_honest_statement_passes_without_a_word(name):
    lang, _, text = SAMPLES[name]
    assert WORDING.lint(text, lang) == ()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_suggestion_passes_the_rules_it_is_a_way_out_of(lang):
    for rule in WORDING.rules:
        assert [one.rule for one in WORDING.lint(rule.suggestions[lang], lang) if one.level in ("X", "E")] == []


def test_a_finding_says_where_and_findings_stand_in_order_of_place():
    text = "我们绝对安全。此事系供应商原因造成。"
    found = WORDING.lint(text, "zh")
    assert [(one.rule, text[one.start : one.end]) for one in found] == [("S03", "绝对"), ("S02", "系供应商原因造成")]
    assert all(one.level in LEVELS for one in found)


def test_many_cliches_become_a_warning():
    assert [one.level for one in WORDING.lint("公司高度重视。", "zh")] == ["I"]
    assert {one.level for one in WORDING.lint("高度重视，第一时间，举一反三，引以为戒。", "zh")} == {"W"}


def test_a_wording_file_with_faults_names_them_all(tmp_path):
    file = tmp_path / "wording.yaml"
    part = "{pattern: '(', message: m, suggestion: s}"
    file.write_text(f"- {{id: A, name: a, level: Z, zh: {part}, en: {part}}}\n- no mapping\n", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_wording(file)
    assert [fault.split(": ")[1:3] for fault in caught.value.faults] == [
        ["A", "level"], ["A", "zh"], ["A", "en"], ["2", "a rule is a mapping"],
    ]  # fmt: skip
