"""What a screen tells of many mentions: who was first, where it spread, what people ask (pure)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitor.clusters.grouping import likeness
from monitor.clusters.shingles import said
from store.nouns import Judged, Mention

# What is read of one text for questions, and how many different ones are told apart.
LONGEST: Final = 2000
MOST_KINDS: Final = 200
_SENTENCE: Final = re.compile(r"[^。！!？?\n；;…]+[。！!？?；;…]*")
_ASKS: Final = re.compile(
    r"[？?]|吗(?:\W|$)|怎么|怎样|怎麼|为什么|為什麼|为何|为啥|凭什么|什么时候|何时|哪里|哪儿|哪些|哪家|是不是|有没有|会不会|能不能|要不要"
    r"|多少|谁(?:来|能|负责|知道|管)|咋(?:办|回事|整)"
)
_LEAST, _MOST = 4, 80
# Questions are short: they are one when most of their words are, or all of one stands in the other.
_SAME, _WITHIN = 0.6, 0.9
_PARTICLES: Final = "呀啊呢吧啦嘛哦吗么了"


@dataclass(frozen=True, slots=True)
class Spread:
    """One platform: how many mentions by how many voices, and the first of them."""

    platform: str
    mentions: int
    voices: int
    first: Judged

    @property
    def at(self) -> datetime:
        """When it arrived there."""
        return self.first.mention.event_at


@dataclass(frozen=True, slots=True)
class Question:
    """What people ask in the same or nearly the same words: as first asked, by how many mentions, with what heat.

    `heat` counts the mentions and every like, comment and repost they are known to have.
    """

    text: str
    asked: int
    heat: int
    mention_ids: tuple[str, ...]


def first_poster(items: Iterable[Judged]) -> Judged | None:
    """The earliest by a time its own source gave; without any such, the earliest we saw; None of nothing."""
    every = list(items)
    told = [one for one in every if one.mention.published_at is not None and not one.mention.date_estimated]
    return min(told or every, key=_when, default=None)


def spread(items: Iterable[Judged]) -> list[Spread]:
    """Every platform it is told on, in the order in which it arrived there."""
    by_platform: dict[str, list[Judged]] = defaultdict(list)
    for item in sorted(items, key=_when):
        by_platform[item.mention.platform].append(item)
    found = [
        Spread(name, len(some), len({one.mention.voice for one in some}), some[0]) for name, some in by_platform.items()
    ]
    return sorted(found, key=lambda one: (one.at, one.platform))


def copies(items: Iterable[Judged]) -> list[list[Judged]]:
    """The items by text, the text with most copies first; the copies of one oldest first."""
    by_text: dict[str, list[Judged]] = defaultdict(list)
    for item in sorted(items, key=_when):
        by_text[item.score.cluster or item.mention.id].append(item)
    return sorted(by_text.values(), key=lambda some: (-len(some), _when(some[0])))


def questions(items: Iterable[Judged], most: int = 10) -> list[Question]:
    """What is asked, the hottest first; a question that many ask in nearly the same words is told once."""
    kinds: dict[str, tuple[str, list[Mention]]] = {}
    kind_of: dict[str, str] = {}
    for item in sorted(items, key=_when):
        for sentence in _asked(item.mention):
            plain = said("", sentence).plain.rstrip(_PARTICLES)
            kind = kind_of.get(plain) or next((one for one in kinds if _same(one, plain)), "")
            if not kind and plain and len(kinds) < MOST_KINDS:
                kind = plain
                kinds[kind] = (sentence, [])
            if kind:
                kind_of[plain] = kind
                kinds[kind][1].append(item.mention)
    found = [_question(sentence, some) for sentence, some in kinds.values()]
    return sorted(found, key=lambda one: (-one.heat, one.text))[:most]


def _same(one: str, other: str) -> bool:
    alike, within = likeness(one, other)
    return alike >= _SAME or (within >= _WITHIN and min(len(one), len(other)) > _LEAST)


def _asked(mention: Mention) -> list[str]:
    """The sentences of one mention that ask something, each once."""
    whole = f"{mention.title[:LONGEST]}\n{mention.text[:LONGEST]}"
    sentences = (found[0].strip() for found in _SENTENCE.finditer(whole))
    return list(dict.fromkeys(one for one in sentences if _LEAST <= len(one) <= _MOST and _ASKS.search(one)))


def _question(sentence: str, some: Sequence[Mention]) -> Question:
    different = {one.id: one for one in some}
    heat = sum(1 + (one.likes or 0) + (one.comments or 0) + (one.reposts or 0) for one in different.values())
    return Question(sentence, len(different), heat, tuple(different))


def _when(item: Judged) -> tuple[datetime, str]:
    return item.mention.event_at, item.mention.id
