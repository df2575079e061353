"""`drill`: a rehearsal 演练 with invented people and a virtual clock; never a crisis (that is declared elsewhere)."""

import argparse
import json
import logging
import os
import sys
import tempfile
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.clock import new_id, rest, utc_now
from config.drill_files import find_scenario, load_scenario, scenario_names
from config.drills import SPEEDS, DrillScenario, Inject
from config.errors import InputError
from desk.commands import add_settings, log_to_stderr, say, settings_of
from store import drills, journal, migrations
from store.database import Store
from store.nouns import Drill, DrillState

MEMORY = "/dev/shm"  # noqa: S108  a temporary directory is made in it
MINUTE = timedelta(minutes=1)
SCRIPTED = "scripted"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", nargs="?", help="name of a shipped scenario, or a TOML file")
    parser.add_argument("--list", action="store_true", help="the shipped scenarios")
    parser.add_argument("--check", type=Path, metavar="FILE", help="read a scenario and say every fault")
    parser.add_argument("--headless", action="store_true", help="play it in seconds and print the sheet")
    parser.add_argument("--json", action="store_true", help="the sheet (or the list) as JSON, one line each")
    parser.add_argument("--no-people", action="store_true", help="nobody does anything: what a silent team scores")
    parser.add_argument("--speed", type=int, default=1, help="1 to 10 times real time, without --headless (default 1)")
    parser.add_argument(
        "--keep", action="store_true", help="keep the sheet in the store of the settings, for the trend"
    )
    add_settings(parser)
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of the sheet (default zh)")


def run(args: argparse.Namespace) -> int:
    """Exit 1 when an objective was missed."""
    if args.speed not in SPEEDS:
        raise InputError(f"--speed: a whole number from 1 to 10, not {args.speed}")
    if args.list:
        return _list(as_json=args.json)
    if args.check:
        scenario = load_scenario(args.check)
        say(f"{args.check.name}: fine, {len(scenario.inject)} injects over {scenario.meta.minutes} virtual minutes")
        return 0
    if not args.scenario:
        raise InputError(f"drill: which scenario? allowed: {', '.join(scenario_names())} (or a TOML file; see --list)")
    return _play(find_scenario(args.scenario), args)


def _list(*, as_json: bool) -> int:
    for name in scenario_names():
        meta = find_scenario(name).meta
        told = {"scenario": name, "zh": meta.zh, "en": meta.en, "category": meta.category, "hard": meta.hard}
        told |= {"minutes": meta.minutes, "weak_points": list(meta.weak_points)}
        line = f"{name:26} {meta.zh} · {meta.en}{'  (hard 难)' if meta.hard else ''}"
        say(json.dumps(told, ensure_ascii=False) if as_json else line)
    return 0


def _play(scenario: DrillScenario, args: argparse.Namespace) -> int:
    # Only who plays needs the house: `--list` and `--check` must not pay for it.
    from desk.drill.headless import play  # noqa: PLC0415
    from statements.drills.drill_sheet import to_text  # noqa: PLC0415

    log_to_stderr(level=logging.CRITICAL)
    on_step = None if args.headless else _narrator(scenario, args.speed)
    with tempfile.TemporaryDirectory(prefix="goldenhour-drill-", dir=_memory()) as folder:
        sheet = play(scenario, Path(folder), people=not args.no_people, speed=args.speed, on_step=on_step)
    if args.keep:
        _keep(scenario, sheet, args)
    title = scenario.meta.zh if args.lang == "zh" else scenario.meta.en
    say(json.dumps(sheet, ensure_ascii=False) if args.json else to_text(sheet, title, args.lang))
    return 0 if _all_reached(sheet) else 1


def _keep(scenario: DrillScenario, sheet: dict[str, Any], args: argparse.Namespace) -> None:
    """One more row among the past drills of the real house; it was played by nobody of the team, and says so."""
    settings, now = settings_of(args), utc_now()
    store = Store(settings.service.store.url, settings.root)
    try:
        migrations.make_ready(store)
        with store.transaction() as tx:
            made = drills.add_next(
                tx,
                Drill(
                    id=new_id(),
                    number=0,
                    scenario=scenario.id,
                    zh=scenario.meta.zh,
                    en=scenario.meta.en,
                    kind="full",
                    state=DrillState.ENDED,
                    speed=args.speed,
                    started_at=now,
                    started_by=SCRIPTED,
                    ended_at=now,
                    ended_by=SCRIPTED,
                    score=int(sheet["score"]),
                    sheet=sheet,
                ),
            )
            journal.write(tx, now, SCRIPTED, "drill_ended", drills.subject(made.id), f"{sheet['score']}/100")
    finally:
        store.close()


def _all_reached(sheet: dict[str, Any]) -> bool:
    return all(one["reached"] for one in sheet["objectives"])


def _narrator(scenario: DrillScenario, speed: int) -> Any:
    """Tells each inject as it happens, at `speed` times real time."""
    zone = ZoneInfo(getattr(scenario.meta.begins.tzinfo, "key", "") or "Asia/Shanghai")
    never = threading.Event()

    def tell(now: datetime, told: list[Inject]) -> None:
        for one in told:
            print(f"【演练】[DRILL] {now.astimezone(zone):%H:%M} {one.channel}: {one.text}", file=sys.stderr)  # noqa: T201
        rest(MINUTE / speed, never)

    return tell


def _memory() -> str | None:
    """Where Linux keeps files in memory: the store is thrown away, so it need not wait for a disk."""
    return MEMORY if os.access(MEMORY, os.W_OK) else None
