"""What a reader that learned from sentences adds to the rules (pure): how a text is cut and which findings follow."""

import re
from collections.abc import Iterator, Mapping, Sequence
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
_LEAST = {"zh": 4, "en": 8}


@dataclass(frozen=True, slots=True)
class Doubt:
    """How likely a passage has a fault (0..1), the likeliest fault, and whether it is over the reader's cut-off."""

    p: float
    fault: str
    bad: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """Characters start..end of a text, and whether a rule of level X, E, L or W found something in them."""

    text: str
    start: int
    end: int
    hit: bool


class FaultReader(Protocol):
    """Reads passages of one language (zh, en) at once; the same passages give the same doubts."""

    def __call__(self, passages: Sequence[Passage], lang: str) -> Sequence[Doubt]: ...


def cut(text: str, lang: str) -> Iterator[tuple[int, int]]:
    """The passages of a text: the whole of a short remark, else its sentences; white space at the ends left out."""
    if len(text) <= READ_WHOLE[lang] and "\n" not in text.strip():
        parts = [(0, len(text))]
    else:
        parts = [hit.span() for hit in _SENTENCE[lang].finditer(text)]
    for start, end in parts:
        kept = text[start:end]
        start += len(kept) - len(kept.lstrip())
        end -= len(kept) - len(kept.rstrip())
        if end - start >= _LEAST[lang]:
            yield start, end


def passages(text: str, lang: str, hits: Sequence[tuple[int, int]]) -> list[Passage]:
    """`text` cut; `hits` are the places where rules found something."""
    return [
        Passage(text[start:end], start, end, any(start <= at and upto <= end for at, upto in hits))
        for start, end in cut(text, lang)
    ]


def doubted(doubts: Mapping[Passage, Doubt], found: Sequence[int]) -> Iterator[tuple[Passage, str, str]]:
    """(passage, rule, level) of what is doubted where no rule found anything; `found` are the places where one did."""
    for passage, doubt in doubts.items():
        rule = RULE_OF.get(doubt.fault, "")
        same = any(passage.start <= at < passage.end for at in found)
        if doubt.bad and rule and not same:
            yield passage, rule, LEVEL_OF.get(doubt.fault, "W")
