"""`demo`: a rehearsed crisis on this machine; on screen for people, `--headless` for machines."""

import argparse
import json
import logging
import os
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from config.errors import InputError
from desk.commands import log_to_stderr, say
from desk.demo.headless import play
from desk.demo.scenario import SHIPPED, Scenario, load_scenario

MEMORY = "/dev/shm"  # noqa: S108  a temporary directory is made in it


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--headless", action="store_true", help="play everything, people too, and print a report")
    parser.add_argument("--json", action="store_true", help="with --headless: the report as one line of JSON")
    parser.add_argument("--no-people", action="store_true", help="with --headless: nobody answers")
    parser.add_argument("--scenario", type=Path, default=SHIPPED, help="another scenario (JSONL)")
    parser.add_argument("--port", type=int, default=8080, help="port of the screens (default 8080)")
    parser.add_argument("--speed", type=float, default=20.0, help="how many times faster than real time (default 20)")


def run(args: argparse.Namespace) -> int:
    """Exit 1 when the journal's chain is broken."""
    if not 1 <= args.speed <= 600:
        raise InputError(f"--speed: 1 to 600, not {args.speed:g}")
    log_to_stderr(level=logging.CRITICAL if args.headless else logging.ERROR)
    scenario = load_scenario(args.scenario)
    with tempfile.TemporaryDirectory(prefix="goldenhour-demo-", dir=_memory()) as folder:
        if args.headless:
            return _headless(args, scenario, Path(folder))
        # Only the screen needs the web server; a headless run must start fast.
        from desk.demo.onscreen import show  # noqa: PLC0415

        show(scenario, Path(folder), port=args.port, speed=args.speed, say=say, tick=_tick)
    return 0


def _memory() -> str | None:
    """Where Linux keeps files in memory: the demo's store is thrown away, so it need not wait for a disk."""
    return MEMORY if os.access(MEMORY, os.W_OK) else None


def _headless(args: argparse.Namespace, scenario: Scenario, folder: Path) -> int:
    last = ""

    def progress(now: datetime, share: float) -> None:
        nonlocal last
        line = f"{now:%Y-%m-%d %H}h UTC {share:4.0%}"
        if line != last:
            last = line
            _tick(line)

    report = play(scenario, folder, people=not args.no_people, progress=progress)
    if sys.stderr.isatty():
        sys.stderr.write("\n")
    say(json.dumps(report, ensure_ascii=False, indent=None if args.json else 2))
    return 0 if report["journal_ok"] else 1


def _tick(line: str) -> None:
    """Progress on standard error; on a terminal the next line replaces it."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{line}\x1b[K")
        sys.stderr.flush()
