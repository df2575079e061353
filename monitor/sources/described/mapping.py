"""Turns the items of a JSON answer into mentions by a field map; one bad item never costs the others."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from config.errors import SourceError
from config.mapping import JsonSpec
from config.pipes import COUNTS, FLAGS, KLASSES, parse_pipe
from monitor.sources.dates import is_coarse
from monitor.sources.described.paths import Item, is_absent, is_true, look, text_of
from monitor.sources.described.transforms import Where, cn_int, through, when_of
from monitor.sources.plain import LONGEST_NAME, LONGEST_TEXT, fold, web_url
from store.nouns import Outcome, RawMention

EXCERPT: Final = 4_000
LONGEST_ID: Final = 300
_LONGEST: Final = {"title": LONGEST_TEXT, "text": LONGEST_TEXT, "raw_date": 100, "author": 120, "handle": LONGEST_NAME,
                   "platform": 40, "klass": 12, "lang": 12, "region": 60, "status": 40}  # fmt: skip
# What a spreadsheet makes of a long number: the last digits are gone for good.
_LOSSY: Final = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{2}")
_REGION: Final = re.compile(r"^(?:发布于|来自|IP\s*属地)\s*[:：]?\s*", re.IGNORECASE)
_YES, _NO = frozenset({"true", "1", "yes", "是", "y"}), frozenset({"false", "0", "no", "否", "n", "-1"})


@dataclass(frozen=True, slots=True)
class Mapped:
    """What became of the items of one answer, in its order.

    `rejected`: index (from 0) and reason of every item that cannot be a mention. `dropped`: how many `spec.drop` left
    out. `indexes`: for each mention the index of its item.
    """

    mentions: tuple[RawMention, ...]
    rejected: tuple[tuple[int, str], ...] = ()
    dropped: int = 0
    indexes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """One field of one item on its way: the path's value, the value after its transforms, what the mention gets."""

    name: str
    pipe: str
    found: Any
    made: Any
    value: Any


@dataclass(frozen=True, slots=True)
class Place:
    """What a mention takes from where it was heard when it does not say so itself.

    `zone` is that of dates without one, `now` aware; `asked`: what the {names} of the request were.
    """

    zone: ZoneInfo
    now: datetime
    platform: str = ""
    klass: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)


def map_items(
    spec: JsonSpec, document: Any, *, zone: ZoneInfo, now: datetime, platform: str = "", klass: str = ""
) -> Mapped:
    """The mentions of a parsed answer (pure). A list of objects goes with `items = "@"`.

    `zone` is that of dates without one, `now` aware; `platform` and `klass` are the source's and give way to what an
    item says. An item without an id gets a hash of its address, else of its words; one without words is rejected.
    SourceError (malformed) when the items path hits nothing and `spec.empty` does not say that nothing is right.
    """
    return map_list(spec, items_of(spec, document), document, Place(zone, now, platform, klass))


def map_list(spec: JsonSpec, items: list[Any], document: Any, place: Place) -> Mapped:
    """The same for items already found (or cut) in `document`."""
    mentions, indexes, rejected, dropped = [], [], [], 0
    for index, value in enumerate(items):
        if is_true(spec.drop, value):
            dropped += 1
            continue
        where = Where(Item(value, document, index + 1, place.asked), place.zone, place.now)
        made = _mention(spec, where, place)
        if isinstance(made, str):
            rejected.append((index, made))
        else:
            mentions.append(made)
            indexes.append(index)
    return Mapped(tuple(mentions), tuple(rejected), dropped, tuple(indexes))


def items_of(spec: JsonSpec, document: Any) -> list[Any]:
    """The items of an answer, an object as a list of one; SourceError (malformed) when their path hits nothing."""
    found = look(spec.items, document)
    if isinstance(found, list):
        return found
    if isinstance(found, dict):
        return [found]
    if is_true(spec.empty, document):
        return []
    raise SourceError(f"the items path {spec.items!r} hits nothing; {_outline(document)}", outcome=Outcome.MALFORMED)


def fields_of(spec: JsonSpec, where: Where) -> list[Made]:
    """Every field of one item, step by step, in the order of the map; constants come last."""
    named = [*spec.map.items(), *((name, "") for name in spec.constants if name not in spec.map)]
    fields = []
    for name, text in named:
        pipe = parse_pipe(text) if text else None
        found = where.item.find(pipe.path) if pipe else None
        made = through(found, pipe.steps, where) if pipe else None
        said = spec.words.get(name, {}).get(text_of(made))
        made = said if said is not None else made
        if is_absent(made):
            made = spec.constants.get(name)
        fields.append(Made(name, text or "(constant)", found, made, _shaped(name, made, where)))
    return fields


def _mention(spec: JsonSpec, where: Where, place: Place) -> RawMention | str:
    """The mention of one item, or why it cannot be one."""
    if not isinstance(where.item.value, dict | str):
        return f"is {_kind(where.item.value)}, not an object"
    fields = {one.name: one for one in fields_of(spec, where)}
    given = {name: one.value for name, one in fields.items() if one.value is not None}
    given["ext_id"], fault = _ext_id(given)
    if fault:
        return fault
    given["platform"] = given.get("platform") or place.platform or spec.platform
    given["klass"] = given.get("klass") or place.klass or spec.klass
    date = fields.get("published_at")
    raw = fold(text_of(date.found), limit=_LONGEST["raw_date"]) if date else ""
    coarse = bool(given.get("published_at")) and bool(raw) and is_coarse(raw)
    return RawMention(**given, raw_date=raw, date_estimated=coarse, raw_excerpt=_excerpt(where.item.value))


def _ext_id(given: dict[str, Any]) -> tuple[str, str]:
    """(the id, "") or ("", why there is none)."""
    words = f"{given.get('title', '')}\n{given.get('text', '')}"
    if not words.strip():
        return "", "has neither title nor text"
    name = given.get("ext_id", "")
    if _LOSSY.fullmatch(name):
        return "", f"its id {name!r} has lost its last digits; save the column as text"
    if not name:
        return _hash(given.get("url") or words), ""
    return name if len(name) <= LONGEST_ID else _hash(name), ""


def _shaped(name: str, value: Any, where: Where) -> Any:
    """A value in the type its field has; None when it is none of that type."""
    if is_absent(value):
        return None
    if name == "published_at":
        return when_of(value, where)
    if name in COUNTS:
        count = cn_int(value)
        return None if count is not None and count < 0 and name != "points" else count
    if name in FLAGS:
        return _flag(value)
    return _text(name, text_of(value)) or None


def _text(name: str, text: str) -> str:
    if name == "url":
        return web_url(text)
    if name == "region":
        text = _REGION.sub("", text)
    if name in ("ext_id", "parent_ext_id", "repost_of"):
        text = fold(text, limit=100_000)
        return text if name == "ext_id" or len(text) <= LONGEST_ID else _hash(text)
    text = fold(text, limit=_LONGEST[name])
    return text if name != "klass" or text in KLASSES else ""


def _flag(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    said = text_of(value).strip().lower()
    return True if said in _YES else False if said in _NO else None


def _excerpt(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, default=str)[:EXCERPT]
    except (RecursionError, ValueError):
        return ""


def _outline(document: Any) -> str:
    if not isinstance(document, dict):
        return f"the answer is {_kind(document)}"
    keys: Iterable[str] = (str(key)[:30] for key in list(document)[:8])
    return f"the answer has the keys {', '.join(keys) or 'none'}"


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
