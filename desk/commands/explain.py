"""`explain`: the tree of a query over one text, and which of its leaves hold."""

import argparse
import json
import sys
from dataclasses import asdict

from msgspec import structs

from desk.commands import say
from monitor.matching import Line, Match, compile_query
from monitor.query.given import json_of, query_written, seen_from


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", help="expert form, or the simple form as a JSON object")
    parser.add_argument(
        "text", nargs="?", help="the mention's words, or the whole mention as a JSON object; else stdin"
    )
    parser.add_argument("--title", default="", help="its title")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace) -> int:
    """Exit 0 whether it matches or not."""
    matcher = compile_query(query_written(args.query))
    text = sys.stdin.read() if args.text is None else args.text
    mention = seen_from(json_of(text) if text.lstrip().startswith("{") else text)
    if args.title:
        mention = structs.replace(mention, title=args.title)
    found, lines = matcher.of(mention), matcher.explain(mention)
    if args.json:
        say(json.dumps({"match": found.hit, "why": found.why, "tree": [asdict(line) for line in lines]}))
        return 0
    for said in told(found, lines):
        say(said)
    return 0


def told(found: Match, lines: list[Line]) -> list[str]:
    """The verdict, then the tree: ✓ holds, ✗ does not; the column of each leaf behind it."""
    shown = [
        f"{'  ' * line.depth}{'✓' if line.holds else '✗'} {line.text}" + (f"  [{line.column}]" if line.column else "")
        for line in lines
    ]
    muted = " (muted)" if found.muted else ""
    return [f"{'match' if found.hit else 'no match'}{muted}: {found.why}", *shown]
