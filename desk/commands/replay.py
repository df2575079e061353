"""`replay`: what the last days would have paged under the thresholds in force, and under changed ones."""

import argparse
import gc
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from config.clock import SteadyClock
from config.errors import InputError
from config.settings import Settings
from config.taxonomy import load_taxonomy
from config.watch import Brand, Thresholds
from desk.commands import add_settings, say, settings_of
from monitor import tuning
from monitor.comparing import Choice, pages
from monitor.options import Would
from monitor.trying import Reach, Trial, Trier
from store import migrations
from store.database import Store

MOST_DAYS, MOST = 366, 5_000_000
SHOWN = 5


def add(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    parser.add_argument("--days", type=float, default=30, help="how many days back (default 30)")
    parser.add_argument("--brand", default="", help="one brand's id; all when left out")
    parser.add_argument("--preset", default="", help=f"one of {', '.join(tuning.PRESETS)} instead of what is in force")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="a threshold to change; may be given again"
    )
    parser.add_argument(
        "--pages-per-week", type=float, default=None, metavar="N", help="choose the rarity that keeps this budget"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per brand and line")


def run(args: argparse.Namespace) -> int:
    """Every brand's pages and notices, gained and lost ones first. Exit 1 when a change gains or loses any page."""
    settings = settings_of(args)
    brands = _brands(settings, args.brand)
    if args.pages_per_week is not None and not args.pages_per_week >= 0:
        raise InputError(f"replay: --pages-per-week {args.pages_per_week:g} is not possible; allowed: 0 or more")
    if not 0 < args.days <= MOST_DAYS:
        raise InputError(f"replay: --days {args.days:g} is not possible; allowed: more than 0, at most {MOST_DAYS}")
    store = Store(settings.service.store.url, settings.root)
    # Hundreds of thousands of mentions and no circles among them: looking for some costs a sixth of the time.
    gc.disable()
    try:
        migrations.make_ready(store)
        return _replay(args, settings, store, brands)
    finally:
        gc.enable()
        store.close()


def _replay(args: argparse.Namespace, settings: Settings, store: Store, brands: Sequence[Brand]) -> int:
    file, reach = settings.watch.thresholds, Reach(SteadyClock(start=store.now())(), args.days, MOST)
    trier = Trier(brands, load_taxonomy(), ZoneInfo(settings.service.zone), _progress)
    with store.reading() as tx:
        counted = tuning.in_force(tx, file)
        if counted.fault:
            sys.stderr.write(f"goldenhour: the file's thresholds count: {counted.fault}\n")
        changed = _changed(args, file, counted.thresholds)
        if args.pages_per_week is None:
            options = [counted.thresholds] if changed == counted.thresholds else [counted.thresholds, changed]
            trials = trier.each(tx, options, reach)
        else:
            changed, choice, trials = trier.within(tx, counted.thresholds, changed, args.pages_per_week, reach)
            options = [counted.thresholds, changed]
            _explain(choice, args.pages_per_week)
    if not trials:
        sys.stderr.write("goldenhour: no mention of these brands is stored; nothing was replayed\n")
    for trial in trials:
        if args.json:
            say(json.dumps(_row(trial, options), ensure_ascii=False))
        else:
            _tell(trial, options, ZoneInfo(settings.service.zone))
    compared = [one.comparison() for one in trials]
    return int(any(one.gained or one.lost for one in compared))


def _explain(choice: Choice | None, budget: float) -> None:
    if choice is None:
        return
    said = f"rarity {choice.rarity:g}: {choice.of(choice.rarity):g} pages per brand and week, asked {budget:g}"
    if not choice.reached:
        said += "; no rarity keeps this budget, because words of harm call whatever the volume"
    elif choice.below:
        said += f"; rarity {choice.below[0]:g} would send {choice.below[1]:g}"
    sys.stderr.write(f"\n{said}\n")


def _brands(settings: Settings, wanted: str) -> Sequence[Brand]:
    brands = [one for one in settings.watch.brand if wanted in ("", one.id)]
    if not brands:
        allowed = ", ".join(one.id for one in settings.watch.brand) or "none"
        raise InputError(f"replay: there is no brand {wanted!r}; allowed: {allowed}")
    return brands


def _changed(args: argparse.Namespace, file: Thresholds, now: Thresholds) -> Thresholds:
    base = tuning.preset(args.preset, file) if args.preset else now
    pairs = []
    for word in args.set:
        key, equals, value = word.partition("=")
        if not equals:
            raise InputError(f"replay: --set {word[:40]!r} is not KEY=VALUE, such as rarity=3.1")
        pairs.append((key.strip(), value.strip()))
    return tuning.changed(base, pairs)


def _progress(brand: Brand, at: datetime) -> None:
    sys.stderr.write(f"\rreplay: {brand.id} {at:%Y-%m-%d}")
    sys.stderr.flush()


def _row(trial: Trial, options: Sequence[Thresholds]) -> dict[str, Any]:
    compared, told = trial.comparison(), trial.replayed.told
    return {
        "brand": trial.brand.id,
        "since": trial.since.isoformat(),
        "until": trial.until.isoformat(),
        "mentions": trial.replayed.mentions,
        "steps": trial.replayed.steps,
        "thresholds": [tuning.name_of(one) for one in options],
        "set": {key: after for key, (_, after) in tuning.differences(options[0], options[-1]).items()},
        "pages": [len(pages(one)) for one in told],
        "notices": [len(one) - len(pages(one)) for one in told],
        "gained": [_would(one) for one in compared.gained],
        "lost": [_would(one) for one in compared.lost],
        "told": [_would(one) for one in told[-1]],
    }


def _would(one: Would) -> dict[str, Any]:
    return {
        "at": one.at.isoformat(),
        "page": one.calls,
        "level": one.level.value,
        "kind": one.kind,
        "category": one.category,
        "count": one.count,
        "usual": one.usual,
        "why": one.why,
        "mentions": list(one.mention_ids[:SHOWN]),
    }


def _tell(trial: Trial, options: Sequence[Thresholds], zone: ZoneInfo) -> None:
    sys.stderr.write("\r")
    told, compared = trial.replayed.told, trial.comparison()
    since, until = trial.since.astimezone(zone), trial.until.astimezone(zone)
    head = f"{trial.brand.name} ({trial.brand.id}) {since:%Y-%m-%d %H:%M} – {until:%Y-%m-%d %H:%M}"
    say(f"{head}: {trial.replayed.mentions} mentions, {trial.replayed.steps} steps")
    for name, limits, one in zip(("in force", "changed"), options, told, strict=False):
        called = len(pages(one))
        per_week = called / max(trial.weeks, 1 / 7)
        say(f"  {name} {tuning.name_of(limits)}: {called} pages ({per_week:.1f} a week), {len(one) - called} notices")
    for key, (before, after) in tuning.differences(options[0], options[-1]).items():
        say(f"    {key} {before} -> {after}")
    if len(options) > 1:
        say(f"  gained {len(compared.gained)}, lost {len(compared.lost)}, at another moment {len(compared.shifted)}")
    lines = [("+", would) for would in compared.gained] + [("-", would) for would in compared.lost]
    lines += [(" ", would) for would in told[-1] if would not in compared.gained]
    for sign, would in lines:
        say(_line(sign, would, zone))


def _line(sign: str, one: Would, zone: ZoneInfo) -> str:
    what = "page" if one.calls else "joins" if one.joins and one.page else "notice"
    first = ", ".join(one.mention_ids[:SHOWN])
    topic = f" {one.category}" if one.category else ""
    at = f"{one.at.astimezone(zone):%Y-%m-%d %H:%M}"
    return f"{sign} {at} {what} {one.level.value} {one.kind}{topic} {one.why} [{first}]"
