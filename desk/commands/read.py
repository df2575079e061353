"""`read`: the mentions of a feed address or file, or of a preset, one JSON object per line."""

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import structs

from config.clock import utc_now
from config.errors import InputError, SourceError
from config.settings import Service
from desk.commands import add_settings, read_preset, say, settings_of
from monitor.sources.feeds.feed import parse_feed
from monitor.sources.feeds.reader import Shape, read_feed
from monitor.sources.wire.fetch import Fetcher
from store.nouns import RawMention


def add(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    parser.add_argument(
        "place", nargs="?", default="", help="address or file of a feed (RSS, Atom, RDF, JSON Feed); - is stdin"
    )
    read_preset.add(parser)
    parser.add_argument("--json", action="store_true", help="JSON lines (the default and only form)")


def run(args: argparse.Namespace) -> int:
    """Exit 1 when the feed holds no mention; what is no feed is one line with its outcome and exit 2."""
    service = settings_of(args).service
    mentions = read_preset.read(args, service) if args.preset else _read(args, service)
    for mention in mentions:
        say(json.dumps(_row(mention), ensure_ascii=False))
    if not mentions:
        sys.stderr.write("goldenhour: it was read and is right, but holds no mention now\n")
    return 0 if mentions else 1


def _read(args: argparse.Namespace, service: Service) -> tuple[RawMention, ...]:
    try:
        return _feed(args, service)
    except SourceError as error:
        raise SourceError(f"{error} (outcome {error.outcome})", outcome=error.outcome) from error


def _feed(args: argparse.Namespace, service: Service) -> tuple[RawMention, ...]:
    if not args.place or args.values:
        raise InputError("one http(s) address or file of a feed is needed, or --preset NAME")
    zone, now, reading = ZoneInfo(service.zone), utc_now(), service.reading
    if not args.place.startswith(("http://", "https://")):
        return parse_feed(_bytes(args.place), now=now, zone=zone, max_entries=reading.max_entries).mentions
    with Fetcher(allow=reading.allow, max_bytes=reading.max_bytes, deadline=reading.deadline) as fetch:
        shape = Shape(zone=zone, now=now, platform="feed", max_entries=reading.max_entries)
        return read_feed(args.place, etag="", last_modified="", fetch=fetch, **shape).mentions


def _bytes(place: str) -> bytes:
    if place == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(place).read_bytes()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "no such name"
        raise InputError(f"{place}: cannot be read ({why}); a feed file or an http(s) address is needed") from error


def _row(mention: RawMention) -> dict[str, object]:
    """The mention as it would be stored; what is unknown is null."""
    row = structs.asdict(mention)
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in row.items()}
