"""`match`: which mentions are about a brand, and why; one JSON line in, one JSON line out."""

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any, Final

from config.errors import InputError
from monitor.matching import Matcher, Query, compile_query, query_from
from monitor.query.given import json_of, query_written, seen_from

KEPT: Final = 64


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("only", nargs="?", metavar="QUERY", help="one query for all lines, expert form or JSON object")
    parser.add_argument("--query", help="the same")
    parser.add_argument("--json", action="store_true", help="JSON lines; there is no other output")


def run(args: argparse.Namespace) -> int:
    """Exit 2 when a line could not be used; all others are answered."""
    if args.only is not None and args.query is not None:
        raise InputError("match: QUERY and --query are the same; give one")
    answering = Answering(args.only if args.only is not None else args.query)
    wrong = 0
    for number, raw in enumerate(sys.stdin.buffer, 1):
        if not raw.strip():
            continue
        try:
            sys.stdout.write(_line(answering.answer(raw)) + "\n")
        except InputError as error:
            wrong += 1
            sys.stderr.write(f"line {number}: {error}\n")
    sys.stdout.flush()
    return 2 if wrong else 0


class Answering:
    """Answers lines, each by its own query or all by one; a query that comes again is not compiled again."""

    def __init__(self, only: str | None) -> None:
        self._only = None if only is None else compile_query(query_written(only))
        self._known: dict[Query, Matcher] = {}

    def answer(self, raw: bytes) -> dict[str, Any]:
        """{id, match, why} of one JSON line, and muted where it is; InputError says what cannot be used."""
        row = json_of(raw)
        if not isinstance(row, dict):
            raise InputError("must be a JSON object: {id, query, mention}, or a mention when one query is given")
        if isinstance(row.get("id"), dict | list):
            raise InputError("id: must be a string, a number or null")
        matcher = self._only or self._matcher(row)
        found = matcher.of(seen_from(row.get("mention", row)))
        answer = {"id": row.get("id"), "match": found.hit, "why": found.why}
        return answer | {"muted": True} if found.muted else answer

    def _matcher(self, row: Mapping[str, Any]) -> Matcher:
        if "query" not in row:
            raise InputError("query: is missing; every line needs one, or give one for all with --query")
        query = query_from(row["query"])
        if query not in self._known:
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[query] = compile_query(query)
        return self._known[query]


def _line(answer: Mapping[str, Any]) -> str:
    try:
        found = json.dumps(answer, ensure_ascii=False)
        found.encode("utf-8")
    except UnicodeEncodeError:
        # Half a character, as a broken source may send it; escaped it can be written.
        return json.dumps(answer)
    return found
