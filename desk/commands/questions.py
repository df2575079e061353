"""`questions`: what many mentions ask (JSON lines {id, text} in), one topic a line, hottest first."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from config.errors import InputError
from config.taxonomy import load_taxonomy
from desk.commands import say
from statements.answering.mining import Topic, mine
from statements.answering.themes import themes_for

LONGEST_LINE = 1_000_000
WANTED = 'one object a line is wanted: {"id": …, "text": "…"}'
Id = str | int


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="JSON lines {topic, question, heat, ids}")
    parser.add_argument("--category", default="", help="only its prepared questions beside the baseline (default: all)")
    parser.add_argument(
        "--lang", choices=("zh", "en"), default="", help="prepared questions in it (default: as most ask)"
    )


def run(args: argparse.Namespace) -> int:
    """Exit 2 when a line could not be read; all others are answered."""
    known = tuple(one.id for one in load_taxonomy().categories)
    if args.category and args.category not in known:
        raise InputError(f"questions: there is no category {args.category[:40]!r}; there are: {', '.join(known)}")
    faults: list[str] = []
    given: list[Id] = []
    found = mine(_numbered(lines(sys.stdin.buffer, faults), given), themes_for(args.category), args.lang)
    for topic in found:
        row = as_row(topic, given)
        say(_json(row) if args.json else f"{row['heat']}\t{row['topic']}\t{row['question']}")
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    return 2 if faults else 0


def as_row(topic: Topic, given: list[Id]) -> dict[str, Any]:
    """One topic with the ids as they were given, each once."""
    ids = list(dict.fromkeys(given[int(place)] for place in topic.ids))
    return {"topic": topic.topic, "question": topic.question, "heat": len(ids), "ids": ids}


def lines(raw: Iterable[bytes], faults: list[str]) -> Iterator[tuple[Id, str]]:
    """(id, text) of every readable line; what is wrong with the others, by line number, goes to `faults`."""
    for number, line in enumerate(raw, 1):
        if not line.strip():
            continue
        fault, found = _read(line)
        if fault:
            faults.append(f"line {number}: {fault}")
        else:
            yield found.get("id", number), found["text"]


def _numbered(mentions: Iterable[tuple[Id, str]], given: list[Id]) -> Iterator[tuple[str, str]]:
    """The same with places for ids; an id that comes again is the mention it was before."""
    places: dict[Id, int] = {}
    for mention_id, text in mentions:
        if mention_id not in places:
            places[mention_id] = len(given)
            given.append(mention_id)
        yield str(places[mention_id]), text


def _read(line: bytes) -> tuple[str, dict[str, Any]]:
    """(fault, {}) or ("", the object of the line)."""
    if len(line) > LONGEST_LINE:
        return f"{len(line)} bytes; {LONGEST_LINE} are allowed", {}
    try:
        found = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return f"not UTF-8 (byte {error.start}); {WANTED}", {}
    except (ValueError, RecursionError) as error:
        return f"not JSON ({error}); {WANTED}", {}
    if not isinstance(found, dict):
        return f"not an object; {WANTED}", {}
    if not isinstance(found.get("text"), str):
        return f"no text; {WANTED}", {}
    if isinstance(found.get("id", 0), bool) or not isinstance(found.get("id", 0), str | int):
        return "id: must be a string or a whole number", {}
    return "", found


def _json(row: dict[str, Any]) -> str:
    try:
        said = json.dumps(row, ensure_ascii=False)
        said.encode("utf-8")
    except UnicodeEncodeError:
        # Half a character in an id, as a broken source may send it; escaped it can be written.
        return json.dumps(row)
    return said
