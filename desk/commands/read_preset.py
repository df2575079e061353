"""The part of `read` that tries a shipped preset: `read --preset hn query=星禾`."""

import argparse
import sys

from config.clock import utc_now
from config.errors import InputError
from config.load import environment, secret
from config.presets import load_preset, preset_names
from config.settings import Service
from config.sources import JsonSource
from desk.commands import veiled
from monitor.limiter import Unlimited
from monitor.sourcebook import parse
from monitor.sources.described.reader import read_json
from monitor.sources.tools import Tools
from monitor.sources.wire.fetch import Fetcher
from store.nouns import Health, Outcome, RawMention, SourceState


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--preset", metavar="NAME", help=f"ask a shipped preset: {', '.join(preset_names())}")
    parser.add_argument("values", nargs="*", metavar="name=value", help="with --preset: what its {names} become")
    parser.add_argument("--secret", metavar="NAME", help="with --preset: environment variable that holds the key")
    parser.add_argument("--url", help="with --preset: another address than the preset's, such as an own copy")


def read(args: argparse.Namespace, service: Service) -> tuple[RawMention, ...]:
    """What one first read of the preset hears, without limits and without a trace; InputError, SourceError."""
    source, reading = source_of(args, service.zone), service.reading
    with Fetcher(allow=reading.allow, max_bytes=reading.max_bytes, deadline=reading.deadline) as fetch:
        tools = Tools(
            fetch=fetch,
            limiter=Unlimited(),
            secret=lambda name: secret(name, environment()),
            now=utc_now(),
            max_entries=reading.max_entries,
        )
        heard = read_json(source, _never_read(source.id), tools)
    if heard.note:
        sys.stderr.write(veiled(f"goldenhour: {heard.note}") + "\n")
    return heard.mentions


def source_of(args: argparse.Namespace, zone: str) -> JsonSource:
    """The source the arguments describe; InputError with every fault."""
    try:
        platform = load_preset(args.preset).platform or args.preset
    except ValueError as error:
        raise InputError(str(error)) from error
    given = [args.place, *args.values] if args.place else list(args.values)
    values = dict(_pair(one) for one in given)
    spec: dict[str, object] = {"kind": "json", "id": "preset", "platform": platform, "preset": args.preset}
    spec |= {"zone": zone, "values": values, "secret_env": args.secret or ""}
    if args.url:
        spec["spec"] = {"request": {"url": args.url}}
    source = parse(spec)
    if not isinstance(source, JsonSource):
        raise InputError("only a preset that can be asked is allowed here")
    request = source.described.request
    if request and "query" in request.names() and not values.get("query"):
        raise InputError("query=WORDS: is missing; it is what is searched for")
    return source


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise InputError(f"{text!r}: with --preset only name=value is allowed, as in query=星禾")
    return name, value


def _never_read(source: str) -> SourceState:
    return SourceState(
        source=source, health=Health.UNKNOWN, outcome=Outcome.EMPTY, note="", last_read_at=None, last_success_at=None,
        last_item_at=None, failures=0, blind_since=None, etag="", last_modified="", read_count=0, mention_count=0,
    )  # fmt: skip
