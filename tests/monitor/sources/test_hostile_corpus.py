"""Every hostile document gives exactly its outcome and words, and none costs more than two seconds and 100 MB."""

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from store.nouns import Outcome
from tests.monitor.sources.hostile.case import Case
from tests.monitor.sources.hostile.corpus import CASES

ROOT = Path(__file__).parents[3]
READERS = 2
MOST_CPU_S, MOST_MB, HANGS_S = 2.0, 100, 120
NAMES = [case.name for case in CASES]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the readers say of each document; each reader is a process, and each document has one of its own."""
    # Files, not pipes: a reader whose pipe is full would wait until somebody reads it.
    room = tmp_path_factory.mktemp("hostile")
    with ExitStack() as open_files:
        readers = [
            subprocess.Popen(
                [
                    sys.executable,
                    "-W",
                    "error",
                    "-m",
                    "tests.monitor.sources.hostile.measure",
                    str(start),
                    str(READERS),
                ],
                cwd=ROOT,
                stdout=open_files.enter_context((room / f"{start}.jsonl").open("wb")),
            )
            for start in range(READERS)
        ]
        try:
            ended = [reader.wait(HANGS_S) for reader in readers]
        finally:
            for reader in readers:
                reader.kill()
                reader.wait()
    assert ended == [0] * READERS
    rows = [json.loads(line) for file in sorted(room.glob("*.jsonl")) for line in file.read_bytes().splitlines()]
    assert sorted(row["name"] for row in rows) == sorted(NAMES)
    return {row["name"]: row for row in rows}


def rightly(case: Case) -> dict[str, Any]:
    """What must be told of it, as far as the case is about it."""
    if case.outcome not in (Outcome.OK, Outcome.EMPTY):
        return {"outcome": case.outcome}
    more: dict[str, Any] = {"dates": case.dates, "urls": case.urls, "texts": case.texts}
    if isinstance(case.titles, int):
        more["count"] = case.titles
    else:
        more["titles"] = case.titles
    told = {key: list(value) if isinstance(value, tuple) else value for key, value in more.items() if value is not None}
    return {"outcome": case.outcome, "degraded": case.degraded, "stains": [], "twins": 0, **told}


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_hostile_document_gives_exactly_this(case: Case, told: dict[str, dict[str, Any]]) -> None:
    right, row = rightly(case), told[case.name]
    assert {key: row.get(key) for key in right} == right, row.get("note") or row.get("said")


def test_no_hostile_document_costs_more_than_two_seconds_and_100_mb(told: dict[str, dict[str, Any]]) -> None:
    costs = {name: (row["cpu"], row["mb"]) for name, row in told.items()}
    assert {name: cost for name, cost in costs.items() if cost[0] > MOST_CPU_S or cost[1] > MOST_MB} == {}


def test_every_hostile_document_was_read_once() -> None:
    assert (len(NAMES) >= 64, len(set(NAMES))) == (True, len(NAMES))
