"""The command line: which word starts what. Exit 0 fine, 1 a finding, 2 bad input or settings."""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from config.errors import GoldenHourError, SettingsError
from desk.commands import veiled

# word -> (module in desk.commands, one line of help). A module has `add(parser)` and `run(args) -> exit code`.
COMMANDS = {
    "demo": "a rehearsed crisis on this machine, on screen or --headless",
    "drill": "a rehearsal with an invented crisis: play it --headless for its score sheet, or --list what there is",
    "serve": "screens, sources and jobs; all of it on the embedded default",
    "work": "worker processes for runner.kind = redis",
    "check": "read the settings and say every fault",
    "migrate": "bring the store to this version's schema",
    "page-test": "send a test page over every way to a person, or to everybody on duty",
    "password": "set a person's password",
    "token": "make or end the tokens with which programs act for a person",
    "watch": "write a watch.toml for public sources that need no account, and say what it does not cover",
    "when": "print the moment each date of a feed or file names",
    "read": "print the mentions of a feed address or file",
    "subject": "what a person may ask by law: export, erase; and legal holds",
    "import": "take mentions from a CSV, Excel, JSON or JSONL file, and go on where it was stopped",
    "match": "which mentions (JSON lines) are about a brand, and why",
    "validate": "can a query be read, what does it mean, and how much would it bring in",
    "explain": "the tree of a query over one text, and which of its leaves hold",
    "judge": "what the scorer says of each text (JSON lines): mood, crisis, kinds, words",
    "lint": "what the wording rules and the fault classifier say of a text, and what to write instead",
    "questions": "what many mentions (JSON lines) ask, one topic a line, the hottest first",
    "spikes": "which rows of a CSV of 5-minute counts would have been told to somebody, and why",
    "replay": "what the last days would have paged under the thresholds in force, and under changed ones",
    "compare": "the scorers side by side on the same texts",
    "train": "make the scorer's weights anew, from labelled texts and corrections",
    "words": "a TrendRadar word file as [[brand]] tables for watch.toml",
    "bench": "measure, side by side with a named baseline",
    "test": "lint, types, arrows and tests",
}
# A word of Python's own cannot be a module's name.
_MODULES = {"import": "import_file"}


def main(argv: Sequence[str]) -> int:
    """Run one command; every named failure is one clear line per fault on standard error."""
    parser = argparse.ArgumentParser(prog="goldenhour", description="Golden Hour 黄金一小时")
    words = parser.add_subparsers(dest="word", metavar="COMMAND", required=True)
    runs: dict[str, Callable[[argparse.Namespace], int]] = {}
    chosen = next((word for word in argv if word in COMMANDS), None)
    for word, line in COMMANDS.items():
        sub = words.add_parser(word, help=line, description=line)
        if word == chosen:
            # Only the chosen command is imported: `check` must not pay for the web server.
            module = import_module(f"desk.commands.{_MODULES.get(word, word.replace('-', '_'))}")
            module.add(sub)
            runs[word] = module.run
    args = parser.parse_args(argv)
    try:
        return runs[args.word](args)
    except SettingsError as error:
        for fault in error.faults:
            print(veiled(fault), file=sys.stderr)  # noqa: T201
    except GoldenHourError as error:
        print(veiled(f"goldenhour: {error}"), file=sys.stderr)  # noqa: T201
    except KeyboardInterrupt:
        return 130
    return 2
