"""Who guesses polarity: the interface, and the word list that stands in when no model answers."""

import math
from collections.abc import Sequence
from typing import Protocol

from ahocorasick_rs import AhoCorasick

from monitor.folding import fold
from monitor.query.boundaries import whole_word


def _list(words: str) -> tuple[str, ...]:
    """Words divided by | over any number of lines."""
    return tuple(word.strip() for word in words.split("|"))


NEGATIVE = _list(
    """差评|垃圾|恶心|难喝|难吃|失望|生气|愤怒|气死|骗|坑|黑心|无良|恶劣|敷衍|推诿|不理|拉黑|退款|投诉|维权|曝光|避雷|踩雷
    |翻车|后悔|糟糕|太差|很差|最差|离谱|过分|可怕|吓人|吐了|再也不|不会再|别买|别喝|别去|抵制|举报|道歉|赔偿|欺骗|虚假|变质
    |过期|发霉|虫|蟑螂|脏|臭|馊|坏了|崩了|打不开|态度|心寒|无语
    |terrible|awful|disgusting|worst|scam|refund|never again|horrible|rude|angry|disappointed|sick|gross|boycott
    |complaint|broken|outage|mold|roach|cockroach|fraud|liar|lied|avoid|disgrace|shame|unsafe|poisoning|nasty"""
)
POSITIVE = _list(
    """好喝|好吃|喜欢|推荐|不错|真香|回购|惊喜|满意|贴心|可爱|好看|开心|幸福|美味|期待|点赞|表扬|感谢|谢谢|爱了|绝了|惊艳
    |清爽|良心|值得|必点|种草|打卡|治愈|舒服|完美|优秀|快乐|香|赞|棒|甜|顺滑|火爆
    |love|great|delicious|amazing|best|recommend|favorite|favourite|tasty|yum|perfect|happy|nice|good"""
)


class Polarity(Protocol):
    """`p_negative` gives one number 0..1 per text, in order; `degraded` says that the stand-in answered."""

    @property
    def name(self) -> str: ...

    @property
    def degraded(self) -> bool: ...

    def p_negative(self, texts: Sequence[str]) -> list[float]: ...

    def close(self) -> None: ...


class LexiconScorer:
    """Counts words of grief and praise; needs no model and never fails."""

    name = "lexicon"
    degraded = False

    def __init__(self) -> None:
        signs = dict.fromkeys(NEGATIVE, 1) | dict.fromkeys(POSITIVE, -1)
        self._signs = list(signs.values())
        self._tree = AhoCorasick(list(signs))

    def p_negative(self, texts: Sequence[str]) -> list[float]:
        return [self._one(fold(text, tight=True).text) for text in texts]

    def close(self) -> None:
        """Nothing to close."""

    def _one(self, text: str) -> float:
        found = {
            (text[start:end], self._signs[index])
            for index, start, end in self._tree.find_matches_as_indexes(text, overlapping=True)
            if whole_word(text, start, end)
        }
        return 1 / (1 + math.exp(-0.8 * sum(sign for _, sign in found)))
