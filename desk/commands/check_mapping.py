"""The part of `check` that tries a field map on a sample: what every field finds, and what becomes of it."""

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.clock import utc_now
from config.errors import InputError, SourceError
from config.mapping import JsonSpec
from config.presets import load_preset, preset_names, shape_of
from desk.commands import say, settings_of
from monitor.sources.described.errors import rule_for
from monitor.sources.described.mapping import Made, Mapped, Place, fields_of, items_of, map_list
from monitor.sources.described.paths import Item, is_absent, is_true
from monitor.sources.described.text import parse_json, text_in
from monitor.sources.described.transforms import Where

LONGEST = 60
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Sample:
    """A field map with what it is tried on; `name` is what the person called it."""

    name: str
    spec: JsonSpec
    place: Place


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--sample", type=Path, metavar="FILE", help="try a field map on this answer (JSON, JSONL, JSONP)"
    )
    parser.add_argument("--preset", metavar="NAME", help=f"with --sample: {', '.join(preset_names())}")
    parser.add_argument("--source", metavar="ID", help="with --sample: the field map of this source of watch.toml")


def run(args: argparse.Namespace) -> int:
    """One line per field and per rejected item; exit 1 when something every mention needs is missing."""
    sample = _sample(args)
    document = _document(args.sample, sample)
    rule = rule_for(sample.spec, json.dumps(document, ensure_ascii=False)[:100_000], document)
    if rule:
        say(f"finding: an error rule takes this answer for {rule.outcome}")
        return 1
    try:
        items = items_of(sample.spec, document)
    except SourceError as error:
        say(f"finding: {error}")
        return 1
    mapped = map_list(sample.spec, items, document, sample.place)
    for line in table(sample, items, document):
        say(line)
    found = findings(sample, mapped, len(items))
    for line in found:
        say(f"finding: {line}")
    say(f"{sample.name}: {len(items)} item(s), {len(mapped.mentions)} mention(s), {mapped.dropped} left out on purpose")
    return 1 if found else 0


def table(sample: Sample, items: list[Any], document: Any) -> Iterable[str]:
    """For every field: its path, the first value that is there, and what the mention gets."""
    first: dict[str, Made] = {}
    for number, value in enumerate(items, 1):
        if is_true(sample.spec.drop, value):
            continue
        for made in fields_of(sample.spec, Where(Item(value, document, number), sample.place.zone, sample.place.now)):
            if made.name not in first or (first[made.name].value is None and not is_absent(made.found)):
                first[made.name] = made
    width = max((len(name) for name in first), default=0)
    for made in first.values():
        yield f"{made.name:<{width}}  {made.pipe}  →  {_shown(made.found)}  →  {_shown(made.value)}"


def findings(sample: Sample, mapped: Mapped, items: int) -> list[str]:
    """What is missing or odd; each line says what and where."""
    found = [f"item {index + 1} {reason}" for index, reason in mapped.rejected[:SHOWN]]
    if len(mapped.rejected) > SHOWN:
        found.append(f"{len(mapped.rejected) - SHOWN} more items are rejected")
    if items and not mapped.mentions and not mapped.rejected:
        found.append("every item is left out by `drop`")
    if mapped.mentions:
        found += _empty_everywhere(sample, mapped)
        names = Counter((mention.platform, mention.ext_id) for mention in mapped.mentions)
        (_, name), times = names.most_common(1)[0]
        if times > 1:
            found.append(f"map.ext_id: {times} items share the id {name[:LONGEST]!r}; each needs its own")
    return found


def _empty_everywhere(sample: Sample, mapped: Mapped) -> list[str]:
    """Fields nobody can do without that no item fills: an id (else ids are made of address or words) and a date."""
    mentions, found = mapped.mentions, []
    if "ext_id" in sample.spec.map and all(_is_made_up(mention.ext_id) for mention in mentions):
        found.append(f"map.ext_id: {sample.spec.map['ext_id']!r} finds nothing in any item")
    if "ext_id" not in sample.spec.map and not any(mention.url for mention in mentions):
        found.append("map.ext_id: is missing, and no item has a url instead")
    if not any(mention.published_at for mention in mentions) and mentions[0].klass != "hotlist":
        said = next((mention.raw_date for mention in mentions if mention.raw_date), "")
        found.append(
            f"map.published_at: no item has a date that can be read{f', as in {said!r}' if said else ''}; "
            "the time it is first seen will count"
        )
    return found


def _is_made_up(name: str) -> bool:
    """Whether an id is a hash of ours."""
    return len(name) == 64 and all(letter in "0123456789abcdef" for letter in name)


def _sample(args: argparse.Namespace) -> Sample:
    if bool(args.preset) == bool(args.source):
        raise InputError("--sample needs --preset NAME or --source ID, one of them")
    if args.preset:
        try:
            spec = load_preset(args.preset)
        except ValueError as error:
            raise InputError(str(error)) from error
        return Sample(args.preset, spec, Place(ZoneInfo("Asia/Shanghai"), utc_now(), spec.platform))
    sources = {source.id: source for source in settings_of(args).watch.source}
    source = sources.get(args.source)
    preset, own = getattr(source, "preset", ""), getattr(source, "spec", None)
    if source is None or not (preset or own):
        mapped = sorted(
            name for name, one in sources.items() if getattr(one, "preset", "") or getattr(one, "spec", None)
        )
        raise InputError(
            f"--source {args.source}: has no field map; allowed: {', '.join(mapped) or 'none in watch.toml'}"
        )
    place = Place(ZoneInfo(source.zone), utc_now(), source.platform, source.klass, getattr(source, "values", {}))
    return Sample(source.id, shape_of(preset, own), place)


def _document(path: Path, sample: Sample) -> Any:
    """The parsed sample; a file of one JSON object per line is a list. InputError when it is neither."""
    try:
        text = text_in(path.read_bytes(), "", sample.place.zone)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); a saved answer is needed") from error
    try:
        return parse_json(text, jsonp=sample.spec.shape == "jsonp").document
    except SourceError as error:
        try:
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        except ValueError:
            raise InputError(f"{path}: {error}") from error


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, datetime):
        return value.isoformat()
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    folded = " ".join(text.split())
    return folded if len(folded) <= LONGEST else f"{folded[: LONGEST - 1]}…"
