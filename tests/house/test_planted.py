"""The house rules bite: a planted violation of each fails the build that is green without it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("config", "store", "monitor", "alerts", "statements", "desk")
RUFF = ("-m", "ruff", "check", "--no-cache", "config", "store", "alerts")
ARROWS = ("-c", "from importlinter.cli import lint_imports_command as lint; lint(['--no-cache'])")


@pytest.fixture
def copy(tmp_path):
    """The rooms and their rules, to be broken at will."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "*.jsonl"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def run(folder: Path, words: tuple[str, ...]) -> tuple[int, str]:
    done = subprocess.run([sys.executable, *words], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def plant(folder: Path, place: str, text: str) -> None:
    path = folder / place
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_the_unbroken_house_is_clean(copy):
    assert run(copy, RUFF)[0] == 0
    assert run(copy, ARROWS)[0] == 0


@pytest.mark.parametrize(
    ("place", "text", "said"),
    [
        ("store/pages.py", "\n\nimport alerts.acks\n", "store.pages -> alerts.acks"),
        ("config/spans.py", "\n\nimport store.nouns\n", "config.spans -> store.nouns"),
        ("alerts/neutral.py", "\n\nimport monitor.folding\n", "alerts.neutral -> monitor.folding"),
        ("monitor/spikes.py", "\n\nimport sqlalchemy\n", "monitor.spikes -> sqlalchemy"),
    ],
)
def test_an_arrow_that_points_up_fails_the_build(copy, place, text, said):
    plant(copy, place, text)
    code, words = run(copy, ARROWS)
    assert code == 1
    assert said in " ".join(words.split())


@pytest.mark.parametrize(
    ("place", "text", "rule"),
    [
        (
            "alerts/neutral.py",
            "\n\nfrom datetime import UTC, datetime\n\n\ndef now():\n    return datetime.now(UTC)\n",
            "TID251",
        ),
        ("store/pages.py", "\n\nimport time\n\n\ndef stamp():\n    return time.time()\n", "TID251"),
        (
            "alerts/neutral.py",
            "\n\ndef f():\n    try:\n        return 1\n    except Exception:\n        return 2\n",
            "BLE001",
        ),
        ("config/spans.py", "\n\ndef f():\n    try:\n        return 1\n    except:\n        return 2\n", "E722"),
    ],
)
def test_a_clock_of_its_own_and_a_broad_except_fail_the_build(copy, place, text, rule):
    plant(copy, place, text)
    code, words = run(copy, RUFF)
    assert code == 1
    assert rule in words


def test_there_is_exactly_one_broad_except():
    found = [
        f"{path.relative_to(ROOT)}"
        for room in (*ROOMS, "bench")
        for path in (ROOT / room).rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith(("except Exception", "except BaseException", "except:"))
    ]
    assert found == ["desk/runner.py"]
