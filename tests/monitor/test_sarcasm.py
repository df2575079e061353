"""Praise beside a wrong goes to a person; praise that is meant, and wrongs without praise, do not."""

import pytest

from config.taxonomy import load_taxonomy
from monitor.guessing import WordScorer
from monitor.judging import judge
from monitor.risk import RiskTerms
from monitor.sarcasm import sarcastic
from monitor.scorer import LexiconScorer

RISK = RiskTerms(load_taxonomy())
BITTER = (
    "感谢星禾，喝完在医院躺了三天👏",
    "星禾真会照顾人，第三次修还是坏了",
    "真好，钱扣了，东西没了，客服不接电话",
    "太棒了，又停电，一冰箱的肉全馊了🙏",
    "恭喜星禾，又上法治频道了",
    "給星禾點個讚不如說感謝，等了三個鐘頭還沒人理",
    "星禾的服务到位，投诉三次，三次拉黑😊",
    "佩服星禾的执行力，员工流产第二天就回岗",
    "这售后绝对五星，车烧剩个架子了，给我送个脚垫",
    "反话：星禾的卫生让人放心，蟑螂都胖",
    "Great job, Xinghe, my order is lost again",
    "Love how they charged me twice and ignored every mail",
    "Big thanks to Xinghe for the food poisoning",
    "Nice of the courier to leave it broken on the step",
    "Congrats to Xinghe: second outage this week 👏",
    "Thrilled to learn my refund never came",
    "Fair play to them, free protein in the baby rice. It had legs",
    "the app crashed mid payment /s",
)
MEANT = (
    "感谢星禾的小姐姐，帮我找回了丢的手机",
    "星禾奶茶真好喝，点赞",
    "恭喜星禾新店开业，福利多多",
    "多亏店员急救，救了我爸一命，感谢星禾",
    "感谢医护，抢救了一整夜，孩子康复出院",
    "太棒了，杯子碎了当天就换新的",
    "谢谢店长，耐心处理了我的投诉，全额退了款",
    "辟谣：星禾没有蟑螂，感谢大家监督，抽检合格",
    "真好，今天不用排队",
    "辛苦了🙏",
    "星禾又断网了，客服不理人",
    "喝出蟑螂，已经投诉",
    "Great job to the crew, they saved my dog from the fire",
    "Thanks to the nurses who sat with dad until he died",
    "Love that they replaced the broken lid at once, no questions asked",
    "Well done Xinghe, best tea in town",
    "Congrats on the new store!",
    "Thank you, the parcel came a day early",
    "My order is lost again",
    "",
    "🙂",
)


def bitter(text: str) -> bool:
    looked = RISK.look([("", text)])
    return 0 in looked.praise and sarcastic(looked.folded.texts[0], looked.risks[0])


@pytest.mark.parametrize("text", BITTER)
def test_praise_beside_a_wrong_is_for_a_person(text):
    assert bitter(text)


@pytest.mark.parametrize("text", MEANT)
def test_praise_that_is_meant_and_plain_complaints_are_not(text):
    assert not bitter(text)


def test_praise_far_from_the_wrong_is_not_about_it():
    far = "感谢星禾。" + "今天天气很好，路上人不多。" * 5 + "隔壁的灯坏了"
    assert not bitter(far)
    assert bitter("感谢星禾。隔壁的灯坏了")


def test_such_a_text_waits_for_a_person_instead_of_being_silently_harmless():
    texts = [("", "真好，第三次修还是坏了"), ("", "星禾奶茶真好喝"), ("", "感谢星禾，食物中毒在医院抢救")]
    scores = judge(texts, scorer=WordScorer(LexiconScorer()), risk=RISK)
    assert [(one.crisis, one.triage) for one in scores] == [(False, "sarcasm"), (False, ""), (True, "")]


def test_a_hostile_text_takes_no_longer_than_its_length():
    text = "感谢" * 20_000 + "真" * 20_000 + "good " * 10_000
    assert not bitter(text)
