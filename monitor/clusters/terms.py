"""The words that tell what a story is about, against what is usually said of the brand (pure; no word list needed)."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.clusters.telling import copies
from monitor.folding import HAN, fold
from store.nouns import Judged

# What is read: texts (the most copied first), characters of each, characters of a word.
TEXTS: Final = 200
LONGEST: Final = 200
SIZES: Final = range(2, 7)
# Words looked for at most.
MOST: Final = 50
# A word that is part of a longer one nearly everywhere it stands is told by the longer one.
PART: Final = 0.75
# Nobody's usual words are known well enough to call what is missing among them impossible.
PRIOR: Final = 0.02
_NOISE: Final = re.compile(r"(?:https?|ftp)://[!-~]+|\bt\.cn/\w+|[@＠][\w\-·.]{1,40}|\[[^\W\d_]{1,8}\]", re.IGNORECASE)
_RUN: Final = re.compile(f"[{HAN}]+|[a-z][a-z0-9'-]+(?: [a-z][a-z0-9'-]+)?")
# A word neither begins nor ends with one of these; it would be a piece of a sentence.
_LOOSE: Final = frozenset(
    "的了是在我你他她它们这那有和与及也都就还不没很太更最吗呢吧啊呀哦嘛么个被把给让从到对向于以而或但因为所如什怎哪谁几多少再又才只"
    "要会能可想说去来上下里中前后时着过得地之其此该当将已经之家喝吃买用看出做打"
)
_JOINT: Final = frozenset("的了是在和吗")
_LOOSE_EN: Final = re.compile(
    "an?|the|and|or|but|of|to|in|on|at|for|with|from|by|is|are|was|were|been?|am|do|does|did|have|has|had|i|you|s?he|it|we"
    "|they|my|your|his|her|its|our|their|this|that|these|those|not?|so|if|as|me|him|them|just|very|what|who|why|how|when"
    "|where|t?here|will|would|can|could|should|about|into|out|up|down|all|any|some|more|than|then"
)


@dataclass(frozen=True, slots=True)
class Term:
    """A telling word and in how many of the mentions it stands."""

    text: str
    mentions: int


def top_terms(
    items: Iterable[Judged], usual: Iterable[Judged] = (), brand_words: Sequence[str] = (), most: int = 10
) -> list[Term]:
    """The words most of `items` share and `usual` (other mentions of the brand) lacks, the most telling first.

    Of 200 copies of one text each word weighs little more than in one: what many say in their own words tells more.
    Words are folded: lower case, simplified.
    """
    own = sorted((fold(word).text for word in brand_words if word.strip()), key=len, reverse=True)
    texts = [(_words(some[0], own), len(some)) for some in copies(items)[:TEXTS]]
    before = [_words(some[0], own) for some in copies(usual)[:TEXTS]]
    told, usually = _standing(words for words, _ in texts), _standing(before)
    counts: Counter[str] = Counter()
    weights: Counter[str] = Counter()
    for words, size in texts:
        counts.update(dict.fromkeys(words, size))
        weights.update(dict.fromkeys(words, _weight(size)))
    whole = sum(_weight(size) for _, size in texts)
    # What stands in one text of several is that text's own way to say it.
    least = 2 if len(texts) > 2 else 1
    scored = {
        word: weight * math.log((weight / whole + PRIOR) / (usually[word] / max(1, len(before)) + PRIOR))
        for word, weight in weights.items()
        if told[word] >= least
    }
    return [Term(word, counts[word]) for word in _whole_words(scored, told)][:most]


def _weight(copies_: int) -> float:
    """1 for a text of its own, 1.6 for one that was copied 200 times."""
    return 1 + math.log10(copies_) / 4


def _standing(texts: Iterable[set[str]]) -> Counter[str]:
    """In how many texts each word stands."""
    return Counter(word for words in texts for word in words)


def _words(item: Judged, brand_words: Sequence[str]) -> set[str]:
    mention = item.mention
    text = fold(_NOISE.sub(" ", f"{mention.title[:LONGEST]}\n{mention.text[:LONGEST]}")).text
    for word in brand_words:
        text = text.replace(word, " , ")
    found: set[str] = set()
    for run in _RUN.findall(text):
        found.update(_english(run) if run[0].isascii() else _pieces(run))
    return found


def _pieces(run: str) -> Iterator[str]:
    """Some hanzi in a row that neither begin nor end loosely and have no joint inside."""
    for size in SIZES:
        for at in range(len(run) - size + 1):
            piece = run[at : at + size]
            if piece[0] not in _LOOSE and piece[-1] not in _LOOSE and _JOINT.isdisjoint(piece):
                yield piece


def _english(run: str) -> Iterator[str]:
    """Each of two neighbours, and both when neither is a mere joint."""
    words = [word for word in run.split() if len(word) > 2 and not _LOOSE_EN.fullmatch(word)]
    yield from words
    if len(words) > 1:
        yield " ".join(words)


def _whole_words(scored: dict[str, float], standing: Counter[str]) -> Iterator[str]:
    """By score; pieces of a word that stands nearly as often, and what mostly repeats one told, are left out."""
    told: list[str] = []
    pairs: set[str] = set()
    around = [word for word in scored if len(word) > min(SIZES)]
    for word in sorted(scored, key=lambda one: (-scored[one], -len(one), one)):
        if scored[word] <= 0 or len(told) == MOST:
            return
        own = {word[at : at + 2] for at in range(len(word) - 1)}
        if 2 * len(own & pairs) >= len(own):
            continue
        if any(word in other and word != other and standing[other] >= PART * standing[word] for other in around):
            continue
        told.append(word)
        pairs |= own
        yield word
