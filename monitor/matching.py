"""Says whether a text is about a brand: words to hear, words that rule it out, and words that need company."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from ahocorasick_rs import AhoCorasick

from monitor.folding import CJK, fold, is_latin

Words = tuple[str, ...]

# An address runs on over hanzi only right after a separator (…?q=星禾), not after a letter (t.cn/abc星禾真难喝).
_ADDRESS = re.compile(
    rf"(?:(?:https?|ftp)://|(?<![\w.@-])www\.|(?<![\w.@-])(?:[a-z0-9-]++\.){{1,8}}+[a-z]{{2,24}}+(?::\d++)?/)"
    rf"(?:[^\s\"<>{CJK}\u3000-\u303f\uff00-\uffef{{}}]|(?<=[/=?&#_%-])[{CJK}]++)*+"
)


@dataclass(frozen=True, slots=True)
class Query:
    """The simple form of a brand's words; settings' Brand carries the same fields."""

    any: Words = ()
    all: Words = ()
    none: Words = ()
    aliases: Words = ()
    ambiguous: Words = ()
    context: Words = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Whether a text is ours, the query's words that made it so (as written there), and why in one sentence."""

    hit: bool
    words: Words
    why: str


class Matcher(Protocol):
    def match(self, title: str, text: str | None) -> Match: ...


class WordFinder:
    """Finds many words in one pass over a folded text; its cost does not grow with their number."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted({form for word in words if (form := fold(word.strip()).text.strip())})
        self._tree = AhoCorasick(self._words) if self._words else None

    def find(self, text: str) -> set[str]:
        """The folded words that stand in `text` (already folded), Latin ones as whole words, none inside an address."""
        if self._tree is None or not text:
            return set()
        addresses: Addresses | None = None
        found: set[str] = set()
        for index, start, end in self._tree.find_matches_as_indexes(text, overlapping=True):
            word = self._words[index]
            if word in found or not whole_word(text, start, end):
                continue
            if addresses is None:
                addresses = Addresses(text)
            if start not in addresses:
                found.add(word)
        return found


def whole_word(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` is not a part of a longer Latin word; hanzi and emoji beside it are boundaries."""
    if start and is_latin(text[start - 1]) and is_latin(text[start]):
        return False
    return not (end < len(text) and is_latin(text[end]) and is_latin(text[end - 1]))


class Addresses:
    """Where web addresses stand in a folded text; `place in addresses` says whether a place lies inside one."""

    def __init__(self, text: str) -> None:
        found = _ADDRESS.finditer(text) if "/" in text or "www." in text else ()
        spans = [match.span() for match in found]
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]

    def __contains__(self, place: int) -> bool:
        at = bisect_right(self._starts, place) - 1
        return at >= 0 and place < self._ends[at]


class SimpleMatcher:
    """A compiled Query."""

    def __init__(self, query: Query) -> None:
        fields = (query.any, query.all, query.none, query.aliases, query.ambiguous, query.context)
        self._finder = WordFinder(word for words in fields for word in words)
        self._none = dict(_forms(query.none))
        self._all = dict(_forms(query.all))
        self._ambiguous = dict(_forms(query.ambiguous))
        self._context = dict(_forms(query.context))
        self._wanted = dict(_forms((*query.any, *query.aliases, *query.ambiguous)))

    def match(self, title: str, text: str | None) -> Match:
        """Judge one mention by its title and body (None: it has none); the same answer every time."""
        found = self._finder.find(fold(title).text) | self._finder.find(fold(text or "").text)
        if barred := _written(self._none, found):
            return Match(False, (), f"出现排除词{_quoted(barred)}，不算。")
        if missing := [word for form, word in self._all.items() if form not in found]:
            return Match(False, (), f"缺少必须出现的词{_quoted(missing)}。")
        return self._decide(found)

    def _decide(self, found: set[str]) -> Match:
        wanted = found & self._wanted.keys()
        context = _written(self._context, found)
        sure = wanted if context else wanted - self._ambiguous.keys()
        words = tuple(_written(self._all | self._wanted, sure | (found & self._all.keys())))
        if not self._wanted:
            return Match(bool(words), words, f"命中{_quoted(words)}。" if words else "没有设置检索词。")
        if sure:
            return Match(True, words, _because(words, context if sure <= self._ambiguous.keys() else []))
        if wanted:
            return Match(False, (), f"{_quoted(_written(self._wanted, wanted))}有歧义，上下文里没有任何语境词。")
        return Match(False, (), "没有出现任何检索词。")


def compile_query(query: Query) -> Matcher:
    """Prepare a query once, match many texts with it."""
    return SimpleMatcher(query)


def _forms(words: Words) -> Iterator[tuple[str, str]]:
    for word in words:
        if form := fold(word.strip()).text.strip():
            yield form, word


def _written(words: dict[str, str], found: set[str]) -> list[str]:
    return [word for form, word in words.items() if form in found]


def _quoted(words: Iterable[str]) -> str:
    listed = list(dict.fromkeys(words))
    return "、".join(f"“{word}”" for word in listed[:5]) + (f"等 {len(listed)} 个词" if len(listed) > 5 else "")


def _because(words: Words, context: list[str]) -> str:
    return f"命中{_quoted(words)}" + (f"，并有语境词{_quoted(context)}。" if context else "。")
