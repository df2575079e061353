"""What two askers' words have in common: content words in one form, weighed by how rare they are (pure)."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from math import log, sqrt

from statements.answering.folded import HAN

_RUN = re.compile(rf"[{HAN}]+|[a-z][a-z']+")
# Words people use for the same thing; the longer ones first.
_SAME = (
    (r"退(钱|费|货款|货|单|掉)|退(?=[吗么不给得了])", "退款"),
    (r"赔(钱|付|款|多少)|补偿|索赔|赔(?=[吗么不])", "赔偿"),
    (r"门店|店铺|分店|店面|专卖店|连锁店|(?<=[家个些的他它])店", "门店"),
    (r"小孩子?|宝宝|娃娃?|小朋友|闺女|儿子|女儿|婴儿|孩纸", "孩子"),
    (r"送医|进医院|去医院|住进医院|医院", "住院"),
    (r"生产批次|批号|同批|这批|那批|哪批|批(?=的|货|次)次?", "批次"),
    (r"检验|化验|送检|质检|检测报告", "检测"),
    (r"客服人员|客户服务|售后", "客服"),
    (r"电话号码|手机号码?|联系电话|热线", "电话"),
    (r"停止营业|关门|关店|歇业", "停业"),
    (r"营业时间|开门时间|几点(开门|营业|关门|下班|上班)", "营业时间"),
    (r"声明|公告|通告|通报|官方回应|回应|说法|交代", "回应"),
    (r"金属丝|铁丝|钢丝|异物|铁片", "异物"),
    (r"店员|服务员|营业员", "员工"),
)
_SYNONYMS = tuple((re.compile(pattern), word) for pattern, word in _SAME)
_STOP_ZH = re.compile(
    r"请问|求问|想问|想知道|想了解|问一下|问下|问问|弱弱|有没有人|有人|有没有|知道|到底|究竟|是不是|"
    r"能不能|可不可以|会不会|要不要|该不该|是否|能否|"
    r"什么时候|何时|什么|怎么样|怎么|为什么|为啥|为何|如何|哪些|哪个|哪里|哪家|哪儿|哪|谁|多少|多久|几|"
    r"吗|呢|吧|啊|呀|哦|嘛|么|啦|了|的|地|得|着|过|"
    r"我们|你们|他们|大家|各位|自己|我|你|您|他|她|它|们|这个|那个|这些|那些|这种|这样|这次|这边|这|那|"
    r"是|在|有|没|不|都|也|还|就|才|又|再|很|太|真|"
    r"多少钱|一下|一个|一些|一|个|些|和|跟|与|及|或|但|而|把|被|给|对|从|向|为|因为|所以|如果|要是|现在|目前|"
    r"今天|昨天|刚刚|刚才|刚|已经|可以|能|会|要|想|该|应该|"
    r"说|看|来|去|上|下|里|吃瓜|有点|感觉|觉得|真的|一直|其实|然后|求|蹲|家|店里|姐妹|朋友|官方|客官|啥|咋|整"
)
_STOP_WORDS = (
    "a an the i me my we us our you your u he she it its they them their this that these those is are "
    "was were be been am do does did "
    "done can could should would will shall may might must has have had having what when where which "
    "who whose why how if whether and or "
    "but so then than to of in on at for from with without about as by into out up down over not no yes "
    "any anyone anybody someone somebody "
    "else know knows tell please pls just still even ever really actually there here also too very much "
    "more most some all get got go "
    "going gonna want wanted need like think guess idea wondering curious asking ask question hey hi "
    "hello ok okay now today yesterday "
    "don't doesn't didn't isn't aren't can't won't it's that's what's who's i'm i've i'd you're they're "
    "one thing things guys im dont does't "
    "exactly mean means seriously again"
)
_STOP_EN = frozenset(_STOP_WORDS.split())
SEAM = 0.4
_SUFFIX = re.compile(r"(?:ing|ed|es|s)$")


def runs(form: str) -> tuple[str, ...]:
    """The content words of a question as they follow each other: Chinese pieces between function "
    "words, English stems."""
    for pattern, word in _SYNONYMS:
        form = pattern.sub(word, form)
    found: list[str] = []
    for run in _RUN.findall(_STOP_ZH.sub(" ", form)):
        if run[0] >= "\u3400":
            found.append(run)
        elif run not in _STOP_EN and (stem := run.removesuffix("'s")) not in _STOP_EN:
            found.append(_SUFFIX.sub("", stem) if len(stem) > 4 else stem)
    return tuple(found)


def terms(form: str) -> frozenset[str]:
    """What is compared: English stems, and Chinese pieces cut into overlapping pairs."""
    found: set[str] = set()
    for run in runs(form):
        if run[0] < "\u3400" or len(run) <= 2:
            found.add(run)
        else:
            found.update(run[at : at + 2] for at in range(len(run) - 1))
    return frozenset(found)


class Weights:
    """How much a shared word says: the rarer among `texts` (sets of terms), the more."""

    def __init__(self, texts: Sequence[frozenset[str]]) -> None:
        counts = Counter(term for text in texts for term in text)
        self._all = len(texts) + 1
        # A pair told once is mostly the seam between two words; nobody can share it.
        self._known = {
            term: (log(self._all / count) + 0.3) * (SEAM if count == 1 else 1.0) for term, count in counts.items()
        }

    def of(self, term: str) -> float:
        return self._known.get(term, log(self._all) + 0.3)

    def total(self, found: Iterable[str]) -> float:
        return sum(self.of(term) for term in found)

    def alike(self, one: frozenset[str], other: frozenset[str]) -> float:
        """0 (nothing shared) to 1 (the same words): what is shared against the geometric mean of both."""
        shared = one & other
        if not shared:
            return 0.0
        return self.total(shared) / sqrt(self.total(one) * self.total(other))
