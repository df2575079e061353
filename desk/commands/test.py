"""`test`: what CI runs. Lint, format, types, arrows, then the tests; stops at the first that fails."""

import argparse
import os
import subprocess
import sys

from desk.commands import root, say

STEPS = (
    ("lint", ["-m", "ruff", "check", "."]),
    ("format", ["-m", "ruff", "format", "--check", "."]),
    ("types", ["-m", "mypy"]),
    ("arrows", ["-c", "from importlinter.cli import lint_imports_command as lint; lint()"]),
)
# All the tests are shared out over the processors, file by file; more than four would only wait for each other.
MOST_AT_ONCE = 4


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="anything pytest understands")


def run(args: argparse.Namespace) -> int:
    for name, words in () if args.rest else STEPS:
        say(f"goldenhour test: {name}")
        if subprocess.run([sys.executable, *words], cwd=root(), check=False).returncode:  # noqa: S603
            return 1
    say("goldenhour test: tests")
    words = args.rest or ["-n", str(min(MOST_AT_ONCE, os.cpu_count() or 1)), "--dist", "loadfile"]
    done = subprocess.run([sys.executable, "-m", "pytest", *words], cwd=root(), check=False)  # noqa: S603
    return 1 if done.returncode else 0
