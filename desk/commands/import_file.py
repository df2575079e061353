"""`import`: mentions out of a CSV, Excel, JSON or JSONL file; stopped in the middle it goes on where it was."""

import argparse
import csv
import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from config.clock import new_id, stopwatch, utc_now
from config.errors import InputError
from config.load import environment
from config.settings import Settings
from config.sources import ImportSource
from desk.commands import add_settings, say, settings_of
from desk.wiring import secret_key
from monitor import sourcebook
from monitor.imports.aliases import FIELDS, fold_name
from monitor.imports.bringing import Bringing, Rejected
from monitor.imports.files import Brought, digest_of, opened
from monitor.imports.rows import rules_of
from monitor.imports.shapes import shape_of
from monitor.intake import Intake
from store import migrations
from store.database import Store
from store.imports import Import

EVERY_S: Final = 5.0
# What a spreadsheet would run when somebody opens the report.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Ended:
    """What an import came to."""

    at: Import
    rejected: tuple[Rejected, ...]
    dropped: int
    remarks: tuple[str, ...]


def add(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    parser.add_argument("file", type=Path, help="CSV, .xlsx, JSON or JSONL")
    parser.add_argument("--source", required=True, metavar="ID", help="an import source of watch.toml")
    parser.add_argument("--platform", metavar="NAME", help="makes --source one that watch.toml does not know")
    parser.add_argument("--preset", default="", metavar="NAME", help="the shape of the rows, where it is not our own")
    parser.add_argument("--columns", nargs="+", default=[], metavar="FIELD=HEADER", help="which column is which")
    parser.add_argument("--again", action="store_true", help="read a file anew that was imported already")
    parser.add_argument("--json", action="store_true", help="one JSON object per rejected row, then the result")


def run(args: argparse.Namespace) -> int:
    """Exit 1 when rows were rejected, 2 when the file cannot be used."""
    settings = settings_of(args)
    digest = digest_of(args.file)
    store = Store(settings.service.store.url, settings.root)
    try:
        migrations.make_ready(store)
        place = source_of(store, settings, args.source, args.platform)
        shape = shape_of(args.preset or place.preset, None)
        rules = rules_of(place, utc_now(), place.columns | columns_of(args.columns))
        intake = Intake(new_id, secret_key(settings, environment()))
        bringing = Bringing(store, utc_now, intake, place, shape, rules)
        with opened(args.file, shape, rules.said) as brought:
            _known_columns(brought, rules.said)
            begun = bringing.begin(digest, args.file.name, again=args.again)
            if begun.done_at:
                _say_done(begun, as_json=args.json)
                return 0
            ended = carried(bringing, brought, begun)
    finally:
        store.close()
    _report(args.file, ended, brought.columns, as_json=args.json)
    return 1 if ended.rejected else 0


def source_of(store: Store, settings: Settings, source_id: str, platform: str | None) -> ImportSource:
    """The named import source; with a platform also one nobody has written down. InputError names those there are."""
    with store.reading() as tx:
        every = sourcebook.listed(tx, settings.watch)
    found = next((one for one in every if one.id == source_id), None)
    if found is None and platform:
        return ImportSource.model_validate(sourcebook.parse({"kind": "import", "id": source_id, "platform": platform}))
    if isinstance(found, ImportSource):
        return found.model_copy(update={"platform": platform}) if platform else found
    known = ", ".join(one.id for one in every if isinstance(one, ImportSource)) or "none"
    what = f"is a {found.kind} source" if found else "is not known"
    raise InputError(f"--source: {source_id!r} {what}; import sources: {known} (or name a new one with --platform)")


def columns_of(pairs: Iterable[str]) -> dict[str, str]:
    """Field → header of FIELD=HEADER words, either way round; InputError."""
    found = {}
    for pair in pairs:
        left, _, right = (part.strip() for part in pair.partition("="))
        if left not in FIELDS and right in FIELDS:
            left, right = right, left
        if left not in FIELDS or not right:
            raise InputError(f"--columns: {pair!r} is not FIELD=HEADER; fields: {', '.join(FIELDS)}")
        found[left] = right
    return found


def carried(bringing: Bringing, brought: Brought, begun: Import) -> Ended:
    """Import it all, and show how far it is."""
    progress, rejected, undated, dropped, at = Progress(), list[Rejected](), list[str](), 0, begun
    for step in bringing.carry(brought, begun):
        at, dropped = step.at, dropped + step.dropped
        rejected += step.rejected
        undated += step.undated
        progress.show(at, brought.done())
    progress.end()
    return Ended(at, tuple(rejected), dropped, (*brought.remarks(), *_without_dates(undated)))


def _without_dates(undated: Sequence[str]) -> list[str]:
    """Old posts that seem to be of this minute make a spike of their own; whoever brings them must know."""
    if not undated:
        return []
    return [f"dates that could not be read: {len(undated)}, as in {undated[0]!r}; these rows count as of now"]


class Progress:
    """A bar on a terminal, else a line every five seconds; on standard error, so that the output stays clean."""

    def __init__(self) -> None:
        self._live, self._shown = sys.stderr.isatty(), stopwatch()

    def show(self, at: Import, done: float | None) -> None:
        if not self._live and stopwatch() - self._shown < EVERY_S:
            return
        self._shown = stopwatch()
        bar = "" if done is None else f"[{'#' * int(done * 24):<24}] {done:4.0%} "
        line = f"{bar}{at.rows} rows: {at.accepted} new, {at.known} known, {at.rejected} rejected"
        sys.stderr.write(f"\r{line}\x1b[K" if self._live else f"{line}\n")
        sys.stderr.flush()

    def end(self) -> None:
        if self._live:
            sys.stderr.write("\r\x1b[K")


def neutral(cell: str) -> str:
    """A cell no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) or cell.lstrip().startswith(_FORMULA) else cell


def _known_columns(brought: Brought, said: tuple[tuple[str, str], ...]) -> None:
    there = {fold_name(name) for name in brought.columns}
    for field, name in said:
        if brought.columns and fold_name(name) not in there:
            raise InputError(
                f"--columns: {field}={name}: no column is called so; columns: {', '.join(brought.columns)[:300]}"
            )


def _report(path: Path, ended: Ended, columns: tuple[str, ...], *, as_json: bool) -> None:
    beside = _written(path, ended.rejected, columns) if ended.rejected else ""
    if as_json:
        for one in ended.rejected:
            say(json.dumps({"line": one.line, "reason": one.reason}, ensure_ascii=False))
        say(json.dumps(_result(ended.at, ended.dropped, beside), ensure_ascii=False))
        return
    for one in ended.rejected[:SHOWN]:
        say(f"line {one.line}: {one.reason}")
    if len(ended.rejected) > SHOWN:
        say(f"… and {len(ended.rejected) - SHOWN} more")
    for remark in ended.remarks:
        say(f"note: {remark}")
    say(_line(ended.at, ended.dropped))
    if beside:
        say(f"rejected rows: {beside}")


def _say_done(begun: Import, *, as_json: bool) -> None:
    if as_json:
        say(json.dumps(_result(begun, 0, "") | {"already": True}, ensure_ascii=False))
        return
    when = f"{begun.done_at:%Y-%m-%d %H:%M} UTC" if begun.done_at else ""
    say(f"{begun.name} was imported already on {when}; nothing was changed (--again reads it anew)")


def _line(at: Import, dropped: int) -> str:
    gone = f", {dropped} deleted or not public" if dropped else ""
    return f"{at.name}: {at.rows} rows: {at.accepted} new, {at.known} known, {at.rejected} rejected{gone}"


def _result(at: Import, dropped: int, beside: str) -> dict[str, object]:
    found = {name: getattr(at, name) for name in ("source", "name", "rows", "accepted", "known", "rejected")}
    return found | {"dropped": dropped, "rejected_rows": beside}


def _filled(cells: Sequence[str]) -> int:
    """How many cells there are up to the last that says something."""
    return max((number for number, cell in enumerate(cells, 1) if cell.strip()), default=0)


def _written(path: Path, rejected: Sequence[Rejected], columns: tuple[str, ...]) -> str:
    """The refused rows beside the file, to be mended and brought again; "" when they cannot be written there."""
    beside = path.with_name(f"{path.name}.rejected.csv")
    # A spreadsheet may claim hundreds of columns that hold nothing.
    wide = max([_filled(columns), *(_filled(one.raw) for one in rejected)])
    try:
        # Strangers' words and names: for this account's eyes only.
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        # Excel takes a file for Chinese only with this mark.
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["line", "reason", *map(neutral, columns[:wide])])
            for one in rejected:
                writer.writerow([str(one.line), one.reason, *map(neutral, one.raw[:wide])])
    except OSError as error:
        sys.stderr.write(f"{beside}: the rejected rows cannot be written here ({error.strerror})\n")
        return ""
    return str(beside)
