"""One file per command; each has `add(parser)` and `run(args) -> exit code`."""

import argparse
import logging
import sys
from pathlib import Path

from config.load import environment, load
from config.settings import Settings


def say(line: str) -> None:
    """A line for the person at the terminal."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def log_to_stderr() -> None:
    """Warnings and errors of a long-running process, one line each."""
    form = "%(asctime)s %(levelname)s %(name)s %(message)s"
    logging.basicConfig(level=logging.WARNING, format=form, stream=sys.stderr)


def root() -> Path:
    """The checkout's folder; relative paths in the settings start here."""
    return Path(environment().get("GOLDENHOUR_ROOT") or Path.cwd())


def add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, help="folder with service.toml, watch.toml, team.toml (default: config)")


def settings_of(args: argparse.Namespace) -> Settings:
    """The settings the person named, or GOLDENHOUR_CONFIG, or the shipped folder."""
    return load(folder_of(args), environment(), root())


def folder_of(args: argparse.Namespace) -> Path:
    """Where those settings lie."""
    return args.config or Path(environment().get("GOLDENHOUR_CONFIG") or root() / "config")
