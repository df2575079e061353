"""`bench`: every figure beside its baseline, measured in one run."""

import argparse
import json
import sys
from importlib import import_module
from pathlib import Path

from config.errors import InputError
from desk.commands import say

# name -> module in the room `bench` with `measure(tick) -> list[Figure]`.
NAMES = (
    "parsing",
    "unchanged",
    "search",
    "pipeline",
    "claims",
    "latency",
    "delivery",
    "calling",
    "storm",
    "sentiment",
    "speed",
    "wording",
    "matching",
    "copies",
    "replay",
    "spikes",
    "replayed",
)
COLUMNS = ("pages", "lost", "doubles", "kills", "requests", "cut_short", "seconds", "lease_s", "seed")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", default="", help=f"one of {', '.join(NAMES)}; all when left out")
    parser.add_argument("--json", action="store_true", help="one JSON object per figure and line; delivery: one line")
    parser.add_argument("--seed", type=int, default=1, help="delivery: which kills (default 1)")
    parser.add_argument("--published", type=Path, help="wording: a file of real sentences, in the corpus' form")


def run(args: argparse.Namespace) -> int:
    """Exit 1 when a figure falls short of what the design asks."""
    if args.name and args.name not in NAMES:
        raise InputError(f"bench: there is no figure {args.name!r}; allowed: {', '.join(NAMES)}")
    if args.published and args.name != "wording":
        raise InputError("bench: --published belongs to `bench wording`")
    if args.name == "delivery":
        return _delivery(args)
    good = True
    for name in (args.name,) if args.name else NAMES:
        # The figures need what only tests and bench may import.
        module = import_module(f"bench.{name}")
        more = (args.published,) if args.published else ()
        for figure in module.measure(_tick, *more):
            row = figure.row()
            good = good and row["ok"]
            say(json.dumps(row, ensure_ascii=False) if args.json else _line(row))
    return 0 if good else 1


def _delivery(args: argparse.Namespace) -> int:
    """Each house with what was lost and doubled under kill -9. Exit 1 when any lost a page or doubled beyond kills."""
    delivery = import_module("bench.delivery")
    found = delivery.houses(_tick, delivery.Plan(seed=args.seed))
    if args.json:
        say(json.dumps(found, ensure_ascii=False))
    else:
        say(" ".join(["house".ljust(16), *(name.rjust(9) for name in COLUMNS)]))
        for name, row in found.items():
            cells = [str(row[column]).rjust(9) for column in COLUMNS] if isinstance(row, dict) else [str(row or "-")]
            say(" ".join([name.ljust(16), *cells]))
    return 0 if delivery.good(found) else 1


def _line(row: dict[str, object]) -> str:
    asked = "" if row["asked"] is None else f", asked {row['asked']}: {'met' if row['ok'] else 'NOT met'}"
    return f"{row['figure']}: {row['value']} {row['unit']}, baseline {row['baseline']}, ratio {row['ratio']}{asked}"


def _tick(line: str) -> None:
    sys.stderr.write(f"{line}\n")
