"""`read`: the mentions of a feed address or file, or of a preset, one JSON object per line."""

import argparse
import json
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from config.clock import utc_now
from config.errors import InputError
from desk.commands import add_settings, read_preset, say, settings_of
from monitor.sources import read_feed
from monitor.sources.feed import parse_feed
from monitor.sources.fetch import Fetcher
from store.nouns import RawMention


def add(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    parser.add_argument("place", nargs="?", default="", help="address or file of a feed (RSS, Atom, RDF, JSON Feed)")
    read_preset.add(parser)
    parser.add_argument("--json", action="store_true", help="JSON lines (the default and only form)")


def run(args: argparse.Namespace) -> int:
    """Exit 1 when the feed holds no mention."""
    service = settings_of(args).service
    zone, now = ZoneInfo(service.zone), utc_now()
    if args.preset:
        mentions = read_preset.read(args, service)
    elif not args.place or args.values:
        raise InputError("one http(s) address or file of a feed is needed, or --preset NAME")
    elif args.place.startswith(("http://", "https://")):
        reading = service.reading
        with Fetcher(allow=reading.allow, max_bytes=reading.max_bytes, deadline=reading.deadline) as fetch:
            mentions = read_feed(
                args.place,
                etag="",
                last_modified="",
                platform="feed",
                zone=zone,
                fetch=fetch,
                now=now,
                max_entries=reading.max_entries,
            ).mentions
    else:
        mentions = parse_feed(_bytes(Path(args.place)), now=now, zone=zone).mentions
    for mention in mentions:
        say(json.dumps(_row(mention), ensure_ascii=False))
    return 0 if mentions else 1


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = f"cannot be read ({error.strerror}); a feed file or an http(s) address is needed"
        raise InputError(f"{path}: {reason}") from error


def _row(mention: RawMention) -> dict[str, object]:
    """The mention as it would be stored; what is unknown is null."""
    row = {one.name: getattr(mention, one.name) for one in fields(mention)}
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in row.items()}
