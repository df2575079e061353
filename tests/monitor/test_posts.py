"""Posts as people write them, with the taxonomy in the box: which are a crisis, and of what kind."""

import pytest

from config.taxonomy import load_taxonomy
from monitor.guessing import WordScorer
from monitor.judging import judge
from monitor.risk import RiskTerms
from monitor.scorer import LexiconScorer

SHIPPED = RiskTerms(load_taxonomy())
# expected category ("" = no crisis), text
POSTS = [
    ("food_safety", "在星禾茶饮喝出一只蟑螂，客服说赔我一杯券"),
    ("food_safety", "孩子喝了星禾的奶茶上吐下泻，现在在医院住院"),
    ("food_safety", "星禾门店被拍到篡改保质期，视频都有"),
    ("food_safety", "星禾抽检不合格，菌落超标"),
    ("food_safety", "没想到吧，星禾奶茶里吃出老鼠"),
    ("food_safety", "星禾的奶茶喝了三天拉肚子，全家都拉"),
    ("food_safety", "星禾茶饮喝出金属丝，孩子在医院检查，有视频"),
    ("food_safety", "呵呵，星禾真是良心企业，一杯奶茶附赠一只小强，加量不加价"),
    ("regulatory", "星禾因虚假广告被市场监管局立案调查"),
    ("false_ad", "Xinghe 'zero sugar' is false advertising, total scam"),
    ("", "星禾广场消防演练，模拟火灾疏散，受伤顾客救援有序"),
    ("product_safety", "星禾保温杯用了三天突然爆炸，手被烫伤"),
    ("product_safety", "我家星禾小风扇充电的时候自燃了，幸好没人"),
    ("product_safety", "在星禾买的杯子割伤了宝宝的手，流血不止"),
    ("data_breach", "刚在星禾下单就接到精准诈骗电话，信息泄露了吧"),
    ("data_breach", "星禾会员数据库疑似被拖库，暗网出售"),
    ("labour", "星禾工厂实习生猝死，家属还没等到说法"),
    ("discrimination", "星禾这条广告物化女性，太冒犯了"),
    ("harassment", "星禾店长对女员工性骚扰，录音在此"),
    ("harassment", "星禾店员殴打顾客，已报警"),
    ("exec_misconduct", "星禾创始人直播失言，嘲讽打工人"),
    ("endorser", "星禾代言人塌房了，赶紧解约吧"),
    ("environment", "星禾工厂偷排废水，河里全是死鱼"),
    ("finance", "星禾加盟骗局，加盟费不退，总部人去楼空"),
    ("ip", "星禾新品包装抄袭独立设计师，原图对比如下"),
    ("false_ad", "星禾宣传0糖，实际检测含糖，虚假宣传"),
    ("service_failure", "星禾小程序崩了，付了钱没有订单，客服不理"),
    ("boycott", "从今天起抵制星禾，卸载小程序"),
    ("rumour", "网传星禾要倒闭，老板跑路，真的假的"),
    ("safety_incident", "星禾门店货架倒塌砸伤两名顾客，消防到场"),
    ("food_safety", "Found a cockroach in my Xinghe milk tea, staff just laughed"),
    ("food_safety", "My kid is hospitalized after Xinghe bubble tea, vomiting all night"),
    ("product_safety", "Xinghe tumbler exploded in my hand and burned my arm"),
    ("data_breach", "Xinghe data breach: my phone number and orders leaked"),
    ("labour", "Xinghe warehouse unpaid overtime and unsafe working conditions"),
    ("discrimination", "That Xinghe ad is sexist and tone deaf"),
    ("service_failure", "Xinghe app outage again, no refund for my order"),
    ("safety_incident", "The Xinghe roof collapsed and two customers were killed"),
    ("harassment", "Xinghe manager groped a waitress, police called"),
    ("exec_misconduct", "Xinghe CEO arrested for fraud"),
    ("", "星禾新品好吃到爆炸，一定要冲"),
    ("", "最近追剧中毒太深，边看边喝星禾"),
    ("", "星禾联名杯颜值爆炸，好看哭了"),
    ("", "星禾这家店火爆，排队两小时也值"),
    ("", "星禾小风扇打骨折，骨折价冲"),
    ("", "请问星禾哪家店离地铁近"),
    ("", "星禾奶茶没有食物中毒，都是造谣"),
    ("", "谨防食物中毒，星禾提醒您"),
    ("", "星禾抽检合格，未检出沙门氏菌"),
    ("", "星禾辟谣：食物中毒系不实信息"),
    ("", "星禾奶茶难喝，服务差，差评"),
    ("", "据说星禾有内部消息，真的假的"),
    ("", "This Xinghe latte is the bomb, so good it's sick"),
    ("", "Xinghe fire sale this weekend, I'm dead"),
    ("", "There was no food poisoning at Xinghe"),
    ("", "Fire drill at Xinghe, explosion simulated"),
    ("", "Xinghe growth hack: bring your own cup for points"),
    ("", "I heard a rumor about Xinghe, unconfirmed"),
]


@pytest.mark.parametrize(("category", "text"), POSTS)
def test_posts_people_write(category, text):
    (score,) = judge([("", text)], scorer=WordScorer(LexiconScorer()), risk=SHIPPED)
    assert (score.crisis, score.category) == (bool(category), category)


@pytest.mark.parametrize("word", [*load_taxonomy().certainty.all])
def test_rumour_words_alone_never_alarm(word):
    (score,) = judge([(word, f"{word} 星禾 {word}")], scorer=WordScorer(LexiconScorer()), risk=SHIPPED)
    assert (score.crisis, score.category, score.harm) == (False, "", 0)


def test_a_crashed_app_is_no_injury():
    (score,) = judge([("", "星禾app瘫痪，全国付不了款")], scorer=WordScorer(LexiconScorer()), risk=SHIPPED)
    assert (score.crisis, score.category, score.harm) == (True, "service_failure", 1)
