"""Where the words of a text come from: facts, promises, open marks, findings; and a Q&A sheet as cards (pure)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from statements.posting.promises import promises_in
from statements.rules.wording import Finding
from store.nouns import Fact

_MARK = re.compile(r"【待确认：[^】\n]*】|\[To be confirmed: [^\]\n]*\]")
_QUESTION = re.compile(r"(?m)^(?P<id>\S+) \[(?P<status>[A-Z_]+)\] (?P<question>.+)$")
_AVOID = re.compile(r"^(不可说：|Do not say: ?|Not to be said: ?)(.*)$")
AROUND = 14
# The later kind wins where two lie on one character.
_KINDS = ("free", "promise", "fact", "warning", "blocking", "missing")


@dataclass(frozen=True, slots=True)
class Tint:
    """Some characters of a text and where they come from; `kind` is one of `_KINDS`, `label` a fact's label."""

    text: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A finding with the words around it."""

    finding: Finding
    before: str
    hit: str
    after: str


@dataclass(frozen=True, slots=True)
class Card:
    """One question of the sheet: what is answered, and what must not be said."""

    id: str
    status: str
    question: str
    answer: tuple[str, ...]
    avoid: str


def tinted(
    body: str,
    lang: str,
    facts: Sequence[Fact],
    findings: Sequence[Finding],
    now: datetime,
    zone: ZoneInfo,
) -> tuple[Tint, ...]:
    """The whole text cut where its origin changes."""
    found = [(start, end, "promise", "") for start, end in _promised(body, lang, now, zone)]
    for fact in facts:
        words = (fact.zh if lang == "zh" else fact.en).strip("。．.；;，,、 ")
        found += [(start, end, "fact", fact.label) for start, end in _places(body, words)]
    for one in findings:
        found.append((one.start, one.end, "blocking" if one.level in ("X", "E") else "warning", one.rule))
    found += [(hit.start(), hit.end(), "missing", "") for hit in _MARK.finditer(body)]
    marks = [(0, "")] * len(body)
    for start, end, kind, label in sorted(found, key=lambda one: _KINDS.index(one[2])):
        stop = min(end, len(body))
        marks[start:stop] = [(_KINDS.index(kind), label)] * (stop - start)
    return _grouped(body, marks)


def excerpt(body: str, finding: Finding) -> Excerpt:
    """The words a finding is about, with a little around them on the same line."""
    start, end = finding.start, finding.end
    if end <= start:
        return Excerpt(finding, "", "", "")
    line, stop = body.rfind("\n", 0, start) + 1, body.find("\n", end)
    stop = len(body) if stop < 0 else stop
    return Excerpt(
        finding, body[max(line, start - AROUND) : start], body[start:end], body[end : min(stop, end + AROUND)]
    )


def cards(body: str) -> tuple[Card, ...]:
    """The questions of a Q&A sheet; () when the text is no sheet."""
    heads = list(_QUESTION.finditer(body))
    found = []
    for head, following in zip(heads, [*heads[1:], None][: len(heads)], strict=True):
        block = body[head.end() : following.start() if following else len(body)]
        lines = [line.strip() for line in block.strip().split("\n\n")[0].split("\n") if line.strip()]
        avoid = next((hit[2] for line in lines if (hit := _AVOID.match(line))), "")
        answer = tuple(line for line in lines if not _AVOID.match(line))
        found.append(Card(head["id"], head["status"], head["question"], answer, avoid))
    return tuple(found)


def weighted(text: str) -> int:
    """Length as X counts it: characters outside Latin weigh two."""
    return sum(1 if ord(char) < 0x1100 or 0x2000 <= ord(char) <= 0x201F else 2 for char in text)


def _promised(body: str, lang: str, now: datetime, zone: ZoneInfo) -> list[tuple[int, int]]:
    sentences = [sentence for sentence, _ in promises_in(body, lang, now=now, zone=zone)]
    return [place for sentence in sentences for place in _places(body, sentence)]


def _places(body: str, words: str) -> list[tuple[int, int]]:
    if len(words) < 2:
        return []
    return [hit.span() for hit in re.finditer(re.escape(words), body)]


def _grouped(body: str, marks: Sequence[tuple[int, str]]) -> tuple[Tint, ...]:
    found: list[Tint] = []
    start = 0
    for n in range(1, len(body) + 1):
        if n == len(body) or marks[n] != marks[start]:
            rank, label = marks[start]
            found.append(Tint(body[start:n], _KINDS[rank], label))
            start = n
    return tuple(found)
