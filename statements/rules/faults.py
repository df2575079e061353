"""What a reader that learned from sentences adds to the rules (pure): how a text is cut and which findings follow."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

# Fault of the corpus -> the rule whose words say what is wrong and what to write instead.
RULE_OF = {
    "speculation": "S01",
    "blame_shifting": "S02",
    "absolute_claim": "S03",
    "over_promise": "S04",
    "conditional_apology": "S05",
    "minimising": "S06",
    "but_turn": "S07",
    "legal_threat": "S08",
    "delete_or_gag": "S09",
    "preempt_authority": "S10",
    "labelling_people": "S11",
    "privacy": "S12",
    "promotion": "S14",
    "evading": "S15",
    "placeholder": "S16",
    "over_empathy": "S17",
    "admission_of_liability": "S18",
    "vague_subject": "D15",
}
# What a reader doubts warns; what commits the company in law needs legal. Only a rule blocks.
LEVEL_OF = {"admission_of_liability": "L"}
# A remark of at most so many characters is read whole: its sentences lean on one another.
READ_WHOLE = {"zh": 130, "en": 300}
_SENTENCE = {
    "zh": re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*[”’」』]?"),
    "en": re.compile(r"(?:[^.!?;\n]|[.](?=\S))+[.!?;]*[\"”’]?"),
}
# Shorter sentences of a whole text are read with the one after them.
_SHORT = {"zh": 14, "en": 45}
_LEAST = {"zh": 4, "en": 8}
# Headline, contact and sign-off say nothing that could be a fault: other rules look after them.
_FRAME = re.compile(
    r"^\s*(?:【[^】]*】|(?:MEDIA |PRESS )?STATEMENT\b.*)\s*$|@|\d{3,4}[- ]\d{3,4}"
    r"|^[^。！？!?；;]*(?:有限公司|集团|Co\., Ltd|Inc\.|Limited)[^。！？!?；;]*$"
    r"|^[^。！？!?；;.]*[（(](?:北京时间|Beijing time|UTC)[^。！？!?；;.]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """How likely a passage has a fault (0..1), the likeliest fault, whether that is over the reader's cut-off, and
    whether it is so unlikely that a rule's warning about it is taken back."""

    p: float
    fault: str
    bad: bool
    fine: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """Characters start..end of a text; whether a rule of level X, E, L or W found something in them, and whether they
    are a remark of their own or a sentence among many, where doubts must be rarer."""

    text: str
    start: int
    end: int
    hit: bool
    alone: bool


class FaultReader(Protocol):
    """Reads passages of one language (zh, en) at once; the same passages give the same doubts."""

    def __call__(self, passages: Sequence[Passage], lang: str) -> Sequence[Doubt]: ...


def is_remark(text: str, lang: str) -> bool:
    """Short enough, and one paragraph: read whole."""
    return len(text) <= READ_WHOLE[lang] and "\n" not in text.strip()


def cut(text: str, lang: str) -> Iterator[tuple[int, int]]:
    """The passages of a text: the whole of a remark, else its sentences without headline, contact and sign-off."""
    if is_remark(text, lang):
        yield from _trimmed(text, 0, len(text), lang)
        return
    for line in re.finditer(r"[^\n]+", text):
        if not _FRAME.search(line[0]):
            for start, end in _sentences(line[0], lang):
                yield from _trimmed(text, line.start() + start, line.start() + end, lang)


def passages(text: str, lang: str, hits: Sequence[tuple[int, int]]) -> list[Passage]:
    """`text` cut; `hits` are the places where rules found something."""
    alone = is_remark(text, lang)
    return [
        Passage(text[start:end], start, end, any(start <= at and upto <= end for at, upto in hits), alone)
        for start, end in cut(text, lang)
    ]


def _sentences(line: str, lang: str) -> Iterator[tuple[int, int]]:
    begin: int | None = None
    for hit in _SENTENCE[lang].finditer(line):
        begin = hit.start() if begin is None else begin
        if hit.end() - begin >= _SHORT[lang]:
            yield begin, hit.end()
            begin = None
    if begin is not None:
        yield begin, len(line)


def _trimmed(text: str, start: int, end: int, lang: str) -> Iterator[tuple[int, int]]:
    kept = text[start:end]
    start += len(kept) - len(kept.lstrip())
    end -= len(kept) - len(kept.rstrip())
    if end - start >= _LEAST[lang]:
        yield start, end


def fine(doubts: Sequence[tuple[Passage, Doubt]], start: int, end: int) -> bool:
    """Is what stands there read as fine, so that a rule's warning is taken back?"""
    return any(doubt.fine and passage.start <= start and end <= passage.end for passage, doubt in doubts)


def doubted(doubts: Sequence[tuple[Passage, Doubt]], found: Sequence[int]) -> Iterator[tuple[Passage, str, str]]:
    """(passage, rule, level) of what is doubted where no rule found anything; `found` are the places where one did."""
    for passage, doubt in doubts:
        rule = RULE_OF.get(doubt.fault, "")
        if doubt.bad and rule and not any(passage.start <= at < passage.end for at in found):
            yield passage, rule, LEVEL_OF.get(doubt.fault, "W")
