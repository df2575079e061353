"""`words`: a TrendRadar word file as [[brand]] tables for watch.toml; what has no equal here is said line by line."""

import argparse
import sys
from pathlib import Path

from config.errors import InputError
from desk.commands import say
from monitor.imports.wordfile import blocks_of, parse
from monitor.sources.feeds.decode import decode

LARGEST = 1_000_000


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="TrendRadar's frequency_words.txt")


def run(args: argparse.Namespace) -> int:
    """Exit 1 when something of the file could not be taken over as it is."""
    found = parse(decode(_bytes(args.file), None))
    if not found.groups:
        raise InputError(f"{args.file}: holds no group of words; groups of lines with blank lines between are needed")
    for block in blocks_of(found.groups):
        say(block)
    for line, why in found.warnings:
        place = f"{args.file.name}:{line}" if line else args.file.name
        sys.stderr.write(f"{place}: {why}\n")
    return 1 if found.warnings else 0


def _bytes(path: Path) -> bytes:
    try:
        found = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    if len(found) > LARGEST:
        raise InputError(f"{path}: is larger than any word file ({LARGEST:,} bytes)")
    return found
