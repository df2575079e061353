"""Series to judge, read from ../shared/bench/spike, and its scorer: NAB's rule and the verdicts of the suite."""

import contextlib
import csv
import io
import json
import subprocess
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from bench import shared
from config.errors import InputError
from monitor.series import Row

QUIET_MINUTES, STEP = 24 * 60, 0.5


def nab() -> Path:
    """Five brands of NAB realTweets."""
    return shared.crises("nab_realtweets")


def suite() -> Path:
    """The shipped seed of the suite."""
    return shared.crises("suite")


def made_suite(seed: int, folder: Path) -> Path:
    """The suite of another seed: the same kinds of life, other days, drawn by the suite's own maker."""
    script = shared.folder("spike") / "make_suite.py"
    subprocess.run([sys.executable, str(script), "dev", str(folder), str(seed)], check=True, capture_output=True)
    return folder


def scorer() -> ModuleType:
    """score.py as it lies there: who judges is not part of the project."""
    path = shared.folder("spike") / "score.py"
    spec = spec_from_file_location("spike_score", path)
    if spec is None or spec.loader is None:
        raise InputError(f"bench: {path.name} cannot be loaded")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def nab_figures(judge: ModuleType, scores: Mapping[str, Sequence[float]], theta: float, folder: Path) -> dict[str, Any]:
    """What `score.py nab --json` says of these scores."""
    path = folder / "scores.json"
    path.write_text(json.dumps(scores))
    asked = Namespace(
        data=str(nab()), series="all", scores=str(path), nab_results=None, cmd=None, tune=None, theta=theta,
        quiet=QUIET_MINUTES, step=STEP, pages_per_week=1.0, check_causal=False, json=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(_said(judge.nab_main, asked))
    return found


def suite_figures(judge: ModuleType, folder: Path, rule: str) -> dict[str, Any]:
    """What `score.py suite --json` says of a rule "module:Class"; its threshold, if it has none of its own, is set to
    a quarter of a false page per brand-week."""
    asked = Namespace(
        dir=str(folder), py=rule, cmd=None, theta=None, false_per_week=0.25, quiet=QUIET_MINUTES, step=STEP, json=True
    )
    found: dict[str, Any] = json.loads(_said(judge.suite_main, asked))
    return found


def row(cells: Mapping[str, str]) -> Row:
    """A line of a suite or of NAB; times without a zone stand for the hours people live by."""
    numbers = {name: float(cells[name]) for name in ("neg", "authors", "dups", "max_followers") if name in cells}
    at = datetime.fromisoformat(cells["timestamp"].partition(".")[0]).replace(tzinfo=UTC)
    planned, polled = float(cells.get("planned", 0)), cells.get("polled", "1") != "0"
    return Row(at, float(cells["value"]), planned=planned, polled=polled, **numbers)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _said(main: Any, asked: Namespace) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        main(asked)
    return out.getvalue()
