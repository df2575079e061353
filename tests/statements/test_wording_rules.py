"""Stories: each wording rule catches its bad sentence, leaves the good one alone, and says what to write instead."""

import pytest

from config.errors import SettingsError
from statements.wording import LEVELS, load_wording

WORDING = load_wording()
# rule, language, must the rule fire, sentence
CASES = [
    ("S01", "zh", True, "此次异物可能是运输环节的人为失误造成的。"),
    ("S01", "zh", True, "初步判断系顾客自带物品引起。"),
    ("S01", "zh", False, "异物来源目前尚未查明，我们已封存同批次原料并送检。"),
    ("S01", "zh", False, "如您购买过该批次产品，可能受到影响的消费者请先停止食用。"),
    ("S01", "en", True, "We believe the contamination was probably caused by a supplier."),
    ("S01", "en", False, "We do not yet know the cause. Samples were sent to an independent laboratory at 14:20."),
    ("S02", "zh", True, "涉事人员系临时工，属个别员工行为。"),
    ("S02", "zh", True, "经了解，该问题系供应商原因造成，与我司无关。"),
    ("S02", "zh", False, "涉事门店由我们管理，调查期间由总部食品安全负责人直接接管。"),
    ("S02", "en", True, "This was the supplier's error and has nothing to do with us."),
    ("S02", "en", False, "The store carries our name, and we are answerable for what happens in it."),
    ("S03", "zh", True, "我们的产品绝对安全，不存在任何问题，100%合格。"),
    ("S03", "zh", False, "截至15:00，我们已完成12家门店的检查，其余门店的结果将随更新公布。"),
    ("S03", "en", True, "Our products are completely safe and there is zero risk."),
    ("S03", "en", False, "As of 15:00 we have checked 12 stores; results for the rest will follow in our updates."),
    ("S04", "zh", True, "我们承诺24小时内查明真相，并对每位顾客赔偿1000元。"),
    ("S04", "zh", True, "对责任人绝不姑息，立即解雇，一查到底。"),
    ("S04", "zh", False, "我们将于今天18:00前在本账号公布调查进展，无论届时结论是否明确。"),
    ("S04", "en", True, "We guarantee this will never happen again and will fire those responsible."),
    (
        "S04",
        "en",
        False,
        "We will post our next update here by 18:00 (Beijing time) today, even if the investigation is still open.",
    ),
    ("S05", "zh", True, "如果此事给您造成了误解，我们深表歉意。"),
    ("S05", "zh", True, "对给大家带来的不便，我们表示遗憾。"),
    ("S05", "zh", False, "顾客在我们的门店遇到这样的情况，我们向她和她的家人道歉。"),
    ("S05", "en", True, "We apologize if anyone was offended and regret any inconvenience."),
    ("S05", "en", False, "A customer was hurt using our product. We are sorry."),
    ("S06", "zh", True, "这只是个别现象，不影响正常食用。"),
    ("S06", "zh", False, "目前我们收到3位顾客的反馈，已逐一联系。"),
    ("S06", "en", True, "This is merely an isolated incident and nothing to worry about."),
    ("S06", "en", False, "Three customers have contacted us so far and we have spoken to each of them."),
    ("S07", "zh", True, "我们对此表示歉意，但网传内容与事实不符。"),
    ("S07", "zh", False, "我们为此道歉。关于网上流传的第二段视频，我们正在核实拍摄时间和地点。"),
    ("S07", "en", True, "We are sorry, but the video does not show the full picture."),
    ("S07", "en", False, "We are sorry. We are also checking when and where the second video was filmed."),
    ("S08", "zh", True, "对恶意传播者，我司将依法追究其法律责任。"),
    ("S08", "zh", False, "如您掌握更多线索，请通过下方电话告诉我们，我们会逐条核查。"),
    ("S08", "en", True, "We reserve all rights and will take legal action."),
    ("S08", "en", False, "If you have information that could help us, please call the number below."),
    ("S09", "zh", True, "请大家不要转发，并请发布者删除视频。"),
    ("S09", "zh", False, "我们已与发布视频的顾客取得联系，感谢她提出问题。"),
    ("S09", "en", True, "We ask everyone to stop sharing and delete the post."),
    ("S09", "en", False, "We have contacted the customer who posted the video and thanked her for raising it."),
    ("S10", "zh", True, "经市场监管部门确认，我司产品没有质量问题。"),
    ("S10", "zh", False, "我们已于15:10向属地市场监管部门报告，并将配合其调查；调查结果以该部门发布为准。"),
    ("S10", "en", True, "Regulators have already cleared our factory."),
    ("S10", "en", False, "We reported this to the regulator at 15:10 and will cooperate with its inquiry."),
    ("S11", "zh", True, "该投诉人为职业打假人，涉嫌敲诈。"),
    ("S11", "zh", False, "我们正在与这位顾客沟通，尊重她的诉求。"),
    ("S11", "en", True, "These are just trolls and extortionists."),
    ("S11", "en", False, "We are listening to what this customer is asking for."),
    ("S12", "zh", True, "患者王女士（5岁女孩的母亲）电话13812345678，正在市一院治疗。"),
    ("S12", "zh", False, "就医顾客的治疗费用由我们先行垫付，为保护其隐私，我们不公开其个人信息。"),
    ("S12", "en", True, "Mrs Zhang, a 34-year-old teacher, is being treated at City Hospital."),
    ("S12", "en", False, "We are paying the medical costs up front and will not share any personal details."),
    ("S14", "zh", True, "为表诚意，全场新品享八折优惠券，扫码下单立减。"),
    ("S14", "zh", False, "涉事产品可在任一门店或通过客服退货退款，无需小票。"),
    ("S14", "en", True, "As an industry-leading, award-winning brand we offer a discount code."),
    ("S14", "en", False, "You can return the product at any store for a refund; no receipt is needed."),
    ("S15", "zh", True, "对此我们不予置评。"),
    ("S15", "zh", False, "这个问题我们现在还没有答案，18:00的更新会说明进展。"),
    ("S15", "en", True, "No comment."),
    ("S15", "en", False, "We do not have that answer yet; our 18:00 update will say where we are."),
    ("S16", "zh", True, "XX年XX月XX日，某某公司获悉【待填：事件】。"),
    ("S16", "zh", False, "2026年3月12日14:05，我们获悉南京一家门店的情况。"),
    ("S16", "en", True, "[insert date] {{ company }} is aware of the incident. TBD"),
    ("S16", "en", False, "On 12 March 2026 at 14:05 we learned of a report from our Nanjing store."),
    ("S17", "zh", True, "我们完全理解您的感受。"),
    ("S17", "zh", False, "看到孩子吃完不舒服，家长一定非常着急。"),
    ("S18", "zh", True, "我们对此承担全部法律责任。"),
    ("S18", "zh", False, "这家门店的管理由我们负责，该我们承担的责任我们不会回避。"),
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
