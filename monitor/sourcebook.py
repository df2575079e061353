"""All sources there are: those of watch.toml, and those people added or switched off on screen."""

import logging
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from config.errors import InputError
from config.watch import Source, Watch
from monitor.matching import query_of, search_words
from store import sources
from store.database import Tx
from store.nouns import SavedSource

log = logging.getLogger("goldenhour.sources")
_ANY: TypeAdapter[Source] = TypeAdapter(Source)


def listed(tx: Tx, watch: Watch) -> tuple[Source, ...]:
    """Every source, those of the file first; a saved row with an empty spec only switches one of the file."""
    rows = {row.id: row for row in sources.saved(tx)}
    found = []
    for source in watch.source:
        row = rows.pop(source.id, None)
        found.append(source if row is None else source.model_copy(update={"enabled": row.enabled}))
    found += [made for row in rows.values() if (made := _made(row)) is not None]
    return tuple(found)


def find(tx: Tx, watch: Watch, source: str) -> Source | None:
    """The source of this id; None when it is no longer there."""
    return next((one for one in listed(tx, watch) if one.id == source), None)


def dedicated(tx: Tx, watch: Watch) -> dict[str, str]:
    """Source id → brand, for the sources in which everything is about one brand."""
    return {source.id: source.brand for source in listed(tx, watch) if source.brand}


def words(watch: Watch, source: Source) -> tuple[str, ...]:
    """What a source without a query of its own searches for: the words of its brand, or of all brands.

    Ambiguous words are left out: alone they bring in mostly other things.
    """
    found: dict[str, None] = {}
    for brand in watch.brand:
        if source.brand in ("", brand.id):
            found |= dict.fromkeys(search_words(query_of(brand)))
    return tuple(found)


def parse(spec: dict[str, Any]) -> Source:
    """The source a table of settings describes; InputError with every fault in one line each."""
    try:
        return _ANY.validate_python(spec)
    except ValidationError as error:
        raise InputError("\n".join(_say(dict(fault)) for fault in error.errors())) from error


def write(source: Source, *, author: str, at: Any) -> SavedSource:
    """The row of a source; only what differs from the defaults is kept."""
    spec = source.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return SavedSource(source.id, spec | {"kind": source.kind}, source.enabled, author, at)


def switched(row: SavedSource | None, source: Source, enabled: bool, *, author: str, at: Any) -> SavedSource:
    """The row that switches a source on or off, whichever place it comes from."""
    if row is None:
        return SavedSource(source.id, {}, enabled, author, at)
    return replace(row, enabled=enabled, author=author, at=at)


def _made(row: SavedSource) -> Source | None:
    if not row.spec:
        # It switched a source of the file that is gone from the file.
        return None
    try:
        return _ANY.validate_python(row.spec | {"id": row.id, "enabled": row.enabled})
    except ValidationError as error:
        log.warning("saved source %s cannot be used: %d fault(s)", row.id, error.error_count())
        return None


def _say(fault: dict[str, Any]) -> str:
    where = ".".join(str(step) for step in fault["loc"][1:]) or "source"
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"{where}: {message[0].lower()}{message[1:]}"
