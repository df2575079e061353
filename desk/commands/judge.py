"""`judge`: what the scorer says of each text: mood, crisis, kinds, the words that told it."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from config.settings import Scoring
from config.taxonomy import load_taxonomy
from desk.commands import say
from desk.scorers import scorer_of
from monitor.judging import judge
from monitor.risk import RiskTerms
from store.nouns import Score

BATCH = 500
SCORERS = ("trained", "snownlp", "vader", "lexicon")


class Line(NamedTuple):
    """One text of the input: its id as given, its title and its text."""

    id: Any
    title: str
    text: str


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--scorer", choices=SCORERS, default="trained", help="who judges (default: trained)")
    parser.add_argument("--json", action="store_true", help="JSON lines, which is what it prints anyway")


def run(args: argparse.Namespace) -> int:
    """Exit 2 when a line could not be read; the others are answered all the same."""
    scorer, risk = scorer_of(Scoring(scorer=args.scorer)), RiskTerms(load_taxonomy())
    faults: list[str] = []
    try:
        for batch in batches(lines(sys.stdin.buffer, faults)):
            scores = judge([(one.title, one.text) for one in batch], scorer=scorer, risk=risk)
            for line, score in zip(batch, scores, strict=True):
                say(json.dumps(answer(line, score), ensure_ascii=False))
    finally:
        scorer.close()
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    return 2 if faults else 0


def answer(line: Line, score: Score) -> dict[str, Any]:
    """The fields in the order people read them; spans count characters of title + newline + text."""
    return {
        "id": line.id,
        "polarity": "negative" if score.negative else "not_negative",
        "p_negative": score.p_negative,
        "p_crisis": score.p_crisis,
        "crisis": score.crisis,
        "categories": list(score.categories),
        "spans": [
            {"start": span.start, "end": span.end, "term": span.term, "category": span.category} for span in score.spans
        ],
        "lang": score.lang,
        "triage": score.triage,
        "model": score.model,
    }


def lines(raw: Iterable[bytes], faults: list[str]) -> Iterator[Line]:
    """The readable lines; what is wrong with the others, by line number, goes to `faults`."""
    for number, line in enumerate(raw, 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except ValueError as error:
            faults.append(f"line {number}: not JSON ({error}); one object a line is wanted: {{id, text, title?}}")
            continue
        fault = _fault(found)
        if fault:
            faults.append(f"line {number}: {fault}")
            continue
        yield Line(found.get("id", number), found.get("title") or "", found.get("text") or "")


def batches(found: Iterator[Line]) -> Iterator[list[Line]]:
    while batch := list(islice(found, BATCH)):
        yield batch


def _fault(found: object) -> str:
    if not isinstance(found, Mapping):
        return "not an object; {id, text, title?} is wanted"
    if "text" not in found:
        return "no text; {id, text, title?} is wanted"
    wrong = [name for name in ("text", "title") if not isinstance(found.get(name) or "", str)]
    return f"{wrong[0]} is not text" if wrong else ""
