"""`lint`: what the wording rules say of a text, of a whole statement, or of JSON lines of texts."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from config.errors import InputError
from desk.commands import say
from desk.fault_model import wording_with_reader
from monitor.language import language
from statements.rules.whole import lint_whole, looks_whole
from statements.rules.wording import Finding, Wording

LANGS = ("zh", "en")
BLOCKING = ("X", "E")


class Line(NamedTuple):
    """One text of the input: its id as given, its language and its text."""

    id: Any
    lang: str
    text: str


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=LANGS, default="", help="language of the text (default: as it reads)")
    parser.add_argument(
        "--jsonl", action="store_true", help="JSON lines {id, lang?, text} in, {id, findings} out, one a line"
    )
    parser.add_argument("--json", action="store_true", help="one finding a line as JSON")
    parser.add_argument("--rules-only", action="store_true", help="without the fault classifier")
    parser.add_argument(
        "--as", dest="shape", choices=("auto", "sentence", "statement"), default="auto",
        help="statement: also what a whole statement must hold (default: when it looks like one)",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Exit 1 when a finding blocks (X or E), 2 when a line could not be read; the others are answered all the same."""
    wording = wording_with_reader(_warn, rules_only=args.rules_only)
    faults: list[str] = []
    blocked = False
    for line in lines(sys.stdin.buffer, args.lang, faults) if args.jsonl else [_whole(args.lang)]:
        found = findings(wording, line, args.shape)
        blocked = blocked or any(one.level in BLOCKING for one in found)
        if args.jsonl:
            said = {"id": line.id, "findings": [_row(one) for one in found]}
            say(json.dumps(said, ensure_ascii=False))
        else:
            for one in found:
                say(json.dumps(_row(one), ensure_ascii=False) if args.json else _told(line.text, one))
    for fault in faults:
        _warn(fault)
    return 2 if faults else int(blocked)


def findings(wording: Wording, line: Line, shape: str) -> list[Finding]:
    """Sentence rules, classifier and, for a whole statement, the document rules that need no incident."""
    found = list(wording.lint(line.text, line.lang))
    if shape == "statement" or (shape == "auto" and looks_whole(line.text)):
        found += lint_whole(line.text, line.lang)
    return found


def lines(raw: Iterable[bytes], lang: str, faults: list[str]) -> Iterator[Line]:
    """The readable lines; what is wrong with the others, by line number, goes to `faults`."""
    for number, line in enumerate(raw, 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except ValueError as error:
            faults.append(f"line {number}: not JSON ({error}); one object a line is wanted: {{id, lang, text}}")
            continue
        fault = _fault(found)
        if fault:
            faults.append(f"line {number}: {fault}")
            continue
        text = found["text"]
        yield Line(found.get("id", number), found.get("lang") or lang or _language(text), text)


def _fault(found: object) -> str:
    if not isinstance(found, Mapping):
        return "not an object; {id, lang, text} is wanted"
    if not isinstance(found.get("text"), str):
        return "no text; {id, lang, text} is wanted"
    if (found.get("lang") or "zh") not in LANGS:
        return f"lang is {str(found['lang'])[:20]!r}; zh or en is wanted"
    return ""


def _whole(lang: str) -> Line:
    try:
        text = sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"lint: the text is not UTF-8 (byte {error.start})") from error
    if not text.strip():
        raise InputError("lint: no text on standard input")
    return Line("", lang or _language(text), text)


def _language(text: str) -> str:
    return "en" if language(text) == "en" else "zh"


def _row(one: Finding) -> dict[str, Any]:
    return {
        "rule": one.rule, "level": one.level, "start": one.start, "end": one.end,
        "message": one.message, "suggestion": one.suggestion,
    }  # fmt: skip


def _told(text: str, one: Finding) -> str:
    where = f"{text.count(chr(10), 0, one.start) + 1}:{one.start - text.rfind(chr(10), 0, one.start)}"
    quoted = " ".join(text[one.start : one.end].split())[:60]
    return f"{where} {one.level} {one.rule} {one.message}" + (f": {quoted}" if quoted else "") + f" → {one.suggestion}"


def _warn(line: str) -> None:
    sys.stderr.write(f"{line}\n")
