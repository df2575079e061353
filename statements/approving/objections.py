"""What a reviewer has against a sentence: where sentences begin and end, and what still blocks a text (pure)."""

import re
from collections.abc import Iterable, Sequence

from config.errors import InputError
from store.nouns import Objection

SHORTEST, LONGEST_NOTE = 2, 1000
# A decimal point, a web address or "No. 1" ends no sentence: a full stop counts before white space or the end only.
_SENTENCE = re.compile(r"[^。！？!?\n]+?(?:[。！？!?]+[”’」』）)]*|(?<!No)\.(?=\s|$)|(?=\n)|$)")


def sentences(body: str) -> tuple[tuple[int, int], ...]:
    """Where each sentence starts and ends, in characters, without the white space around it."""
    found = []
    for hit in _SENTENCE.finditer(body):
        words = hit[0].strip()
        if words:
            start = hit.start() + hit[0].index(words[0])
            found.append((start, start + len(words)))
    return tuple(found)


def sentence_at(body: str, start: int, end: int) -> tuple[int, int]:
    """The sentence, or the run of sentences, that holds these characters."""
    hit = [(first, last) for first, last in sentences(body) if first < max(end, start + 1) and start < last]
    return (hit[0][0], hit[-1][1]) if hit else (start, end)


def named(body: str, sentence: str) -> str:
    """The sentence of this text an objection names; InputError when it is none of them."""
    said = sentence.strip()
    if len(said) < SHORTEST or said not in {body[start:end] for start, end in sentences(body)}:
        raise InputError("An objection names one whole sentence of this text; copy it as it stands there.")
    return said


def stands(objection: Objection, body: str) -> bool:
    """Whether the sentence it names still stands in the text, and nobody took the objection back."""
    return objection.closed_at is None and objection.sentence in body


def blocking(found: Iterable[Objection], body: str) -> tuple[Objection, ...]:
    """The strong objections that keep this text from going on."""
    return tuple(one for one in found if one.strong and stands(one, body))


def answered(found: Sequence[Objection], body: str) -> tuple[Objection, ...]:
    """The open objections whose sentence was changed or cut."""
    return tuple(one for one in found if one.closed_at is None and one.sentence not in body)
