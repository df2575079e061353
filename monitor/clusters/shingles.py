"""The words of a mention without what every repost changes: the form in which copies are compared (pure)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import add
from typing import Final
from zlib import crc32

from monitor.folding import CJK
from monitor.folding_batch import END_MARK, fold_all

# Eight pairs of neighbours: fewer units only tell whether two texts are equal.
LEAST: Final = 9
# What an article says at length its copies say in the beginning too.
LONGEST: Final = 2000
# A forward quotes what it forwards: of "快看//@小周:原文" the longest part is what was copied.
_FORWARDED: Final = re.compile(r"(?:/|／){2}\s?[@＠][^:：\n]{1,40}[:：]")
_ADDRESS: Final = re.compile(r"(?:https?|ftp)://[!-~]+|\bwww\.[!-~]+|\bt\.cn/\w+", re.IGNORECASE)
_NAMED: Final = re.compile(r"(?:回复|回覆)?[@＠][\w\-·.]{1,40}[:：]?")
_TAG: Final = re.compile(r"[#＃][^#＃\n]{1,40}[#＃]|[#＃]\w{1,40}")
_FACE: Final = re.compile(r"\[[^\W\d_]{1,8}\]")
_HEAD: Final = re.compile(
    r"^[^\w#＃]*(?:(?:(?:[快速已]?[转轉][发發载載帖自]?|搬运|搬運)(?:微博)?|repost(?:ed)?|forwarded|fwd?|rt|via)"
    r"(?!\w)[^\w#＃]*)+",
    re.IGNORECASE,
)
_CLAUSE_END: Final = re.compile(r"[。!?;,、:…\n]")
_RUN: Final = re.compile(f"[^\\W_{CJK}]+|[\\W_]+")
# So many runs are remembered, none longer than words are: what strangers write must not fill the memory.
_REMEMBERED: Final = 50_000
_LONG: Final = 32
# No letter either, and nothing else.
_NOTHING: Final = "\ufffe"
_WORDS_FROM: Final = 0xF0000
_WORDS: Final = 0x1FFFE


@dataclass(frozen=True, slots=True)
class Said:
    """What a mention says: `plain` whole, "" when nothing is said in words, and its two longest clauses.

    A unit is a hanzi or kana, or a Latin word or number as one private character: what a reader takes for one.
    """

    plain: str
    clauses: tuple[str, ...] = ()

    @property
    def short(self) -> bool:
        """Too short to be like another text: it is equal or it is not."""
        return len(self.plain) < LEAST


def said_all(told: Sequence[tuple[str, str]]) -> list[Said]:
    """Of each (title, text): folded, without addresses, names, tags, faces, forward marks and punctuation; any string
    is accepted."""
    bodies = _units_of([_bare(text[:LONGEST]) for _, text in told])
    heads = _units_of([_bare(title[:LONGEST]) for title, _ in told])
    return [_said(head, body) for head, body in zip(heads, bodies, strict=True)]


def said(title: str, text: str) -> Said:
    """The same of one alone."""
    return said_all([(title, text)])[0]


def _said(head: list[str], body: list[str]) -> Said:
    plain, lead = "".join(body), "".join(head)
    # Feeds often repeat the beginning of a post as its title.
    if lead not in plain:
        plain, body = lead + plain, head + body
    long = sorted({clause for clause in body if len(clause) >= LEAST - 1}, key=lambda clause: (-len(clause), clause))
    return Said(plain, tuple(long[:2]))


def shingles(plain: str) -> frozenset[str]:
    """The set of two units in a row."""
    return frozenset(map(add, plain, plain[1:]))


def _bare(text: str) -> str:
    """What is left of it to be read."""
    part = _ADDRESS.sub(" ", text) if "/" in text or "www" in text.lower() else text
    if "@" in part or "＠" in part:
        part = _NAMED.sub(" ", max(_FORWARDED.split(part), key=len))
    part = _HEAD.sub("", _FACE.sub(" ", part) if "[" in part else part)
    if "#" in part or "＃" in part:
        left = _TAG.sub(" ", part)
        # A post of tags alone says what its tags say.
        if sum(map(len, _units_of([left])[0])) >= LEAST:
            return left
    return part


def _units_of(texts: list[str]) -> list[list[str]]:
    """The clauses of each text, each as units."""
    # All at once: a text has a dozen runs, and what is the same in many is worked out once.
    joined = fold_all([one.replace(END_MARK, _NOTHING) for one in texts], tight=True).joined
    return [one.split("\n") for one in _RUN.sub(_unit, joined).split(END_MARK)[: len(texts)]]


def _unit(found: re.Match[str]) -> str:
    return _FORMS[found[0]]


class _Runs(dict[str, str]):
    """What stands between hanzi, to a reader: a Latin word is one unit, the end of a clause a new line, all else
    nothing."""

    def __missing__(self, run: str) -> str:
        form = self._form(run)
        if len(run) <= _LONG and len(self) < _REMEMBERED:
            self[run] = form
        return form

    @staticmethod
    def _form(run: str) -> str:
        if run[0] != "_" and run[0].isalnum():
            return chr(_WORDS_FROM + crc32(run.encode()) % _WORDS)
        ends = run.count(END_MARK)
        return END_MARK * ends or ("\n" if _CLAUSE_END.search(run) else "")


_FORMS: Final = _Runs()
