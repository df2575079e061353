"""Answers that outlive their crisis (pure): stripped of what belongs to one incident, and found again by likeness."""

import re
from collections.abc import Sequence

from statements.answering.covering import covered
from statements.answering.folded import folded
from statements.answering.likeness import Weights, terms
from statements.rules.figures import figures_in
from statements.writing.marks import mark, neutral
from store.nouns import LibraryAnswer

HOLE = {"zh": "〔待填〕", "en": "〔fill in〕"}
_HOLES = re.compile("〔(?:待填|fill in)〕")
_LABEL = re.compile(r"(?<![A-Za-z0-9])F\d{1,4}(?:@\d+)?(?![A-Za-z0-9])")
_DIGITS = re.compile(r"\d[\d.,:：/%-]*")
# Where it happened belongs to the incident: 新街口店, 鼓楼区, and cities by their bare names.
_PLACE = re.compile(
    r"([\u4e00-\u9fff]{2,6}?)(省|市|区|县|路|街道|街|大道|广场|门店|分店|店)(?=[\u4e00-\u9fff〔，。；、]|$)"
)
_GENERAL = re.compile(
    r"(该|本|此|逐|各|每|其他|其它|其余|所有|全部|涉事|相关|任一|任何|附近|家|部分|到|在|开|关|的|商|酒|饭|地|监|全[市省国区城县]?|上|超|城|小|时|门)$"
)
_CITIES = re.compile(
    "北京|上海|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|"
    "台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|南京|苏州|无锡|常州|徐州|南通|扬州|杭州|宁波|温州|嘉兴|绍兴|金华|合肥|福州|厦门|泉州|南昌|"
    "济南|青岛|烟台|潍坊|临沂|郑州|洛阳|武汉|长沙|广州|深圳|佛山|东莞|珠海|中山|惠州|南宁|海口|三亚|成都|贵阳|昆明|拉萨|西安|兰州|西宁|银川|"
    "乌鲁木齐|石家庄|太原|呼和浩特|沈阳|大连|长春|哈尔滨|唐山"
    r"|\b(?:Beijing|Shanghai|Tianjin|Chongqing|Nanjing|Suzhou|Hangzhou|Ningbo|Hefei|Xiamen|Jinan|Qingdao|Zhengzhou|Wuhan|"
    r"Changsha|Guangzhou|Shenzhen|Dongguan|Chengdu|Kunming|Xi'an|Shenyang|Dalian|Harbin|Hong Kong|Macau|Taipei)\b"
)
_FOUND = 12


def anonymised(text: str, lang: str, names: Sequence[str] = ()) -> str:
    """The text with fact labels, figures, dates, places, `names` and contacts replaced by a hole to fill in."""
    hole = HOLE[lang]
    said = covered(neutral(text)).replace("…", hole)
    for name in sorted((one for one in names if len(one) > 1), key=len, reverse=True):
        said = re.sub(re.escape(name), hole, said, flags=re.IGNORECASE)
    for one in reversed(list(figures_in(said))):
        said = said[: one.start] + hole + said[one.end :]
    said = _LABEL.sub(hole, said)
    said = _DIGITS.sub(hole, said)
    said = _CITIES.sub(hole, said)
    said = _PLACE.sub(lambda hit: hit[0] if _GENERAL.search(hit[1]) else hole, said)
    one_hole = re.compile(rf"(?:{re.escape(hole)}[\s、,，:：]*)+(?={re.escape(hole)})")
    return neutral(one_hole.sub("", said))


def proposed(answer: str, lang: str) -> str:
    """A shelved answer as a proposal: every hole asks to be confirmed, so that it can never be ready by itself."""
    what = "本次事件的情况" if lang == "zh" else "this incident's own facts"
    return _HOLES.sub(mark(what, lang), answer)


def matching(shelf: Sequence[LibraryAnswer], words: str, category: str = "", qid: str = "") -> list[LibraryAnswer]:
    """What fits best first: the same prepared question, then words in common; the same category breaks ties.

    With neither words nor question: everything, own category first.
    """
    if not words and not qid:
        return sorted(shelf, key=lambda one: one.category != category)[:_FOUND]
    contents = [terms(folded(f"{one.question} {one.answer}")) for one in shelf]
    asked = terms(folded(words))
    weights = Weights(contents)
    scored = [
        (
            (one.qid == qid and not qid.startswith("M")) * 2.0 + weights.alike(asked, content),
            one.category == category,
            one,
        )
        for one, content in zip(shelf, contents, strict=True)
    ]
    told = folded(words)
    hits = [
        (score, own, one)
        for score, own, one in scored
        if score > 0.08 or (told and told in folded(one.answer + one.question))
    ]
    return [one for _, _, one in sorted(hits, key=lambda hit: (-hit[0], not hit[1]))][:_FOUND]
