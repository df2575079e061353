"""What is written in the repository stands on its own feet."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST = 250
# Files that are longer for a reason their docstring gives.
LONG = {"desk/words.py", "store/tables.py", "store/nouns.py", "store/migrations/versions/0001_first_hour.py"}


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in done.stdout.splitlines() if (ROOT / name).is_file()]


def test_no_machine_path_and_no_drawer_names():
    if not (ROOT / ".git").exists():
        return
    bad = re.compile(r"(?<![\w.~])/(?:work|farm|home|Users)/[\w.-]+/")
    for path in tracked():
        assert path.stem not in {"utils", "util", "helpers", "common", "core", "manager", "misc"}, path
        if path.suffix in {".py", ".md", ".toml", ".yaml", ".yml", ".sh", ".html"}:
            assert not bad.search(path.read_text(encoding="utf-8", errors="replace")), path


def test_files_have_one_duty():
    for room in ("config", "store", "monitor", "alerts", "statements", "desk", "bench"):
        for path in (ROOT / room).rglob("*.py"):
            name = str(path.relative_to(ROOT))
            lines = len(path.read_text(encoding="utf-8").splitlines())
            assert lines <= LONGEST or name in LONG, f"{name} has {lines} lines"
