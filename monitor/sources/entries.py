"""What every feed parser hands over, and how such an entry becomes a mention."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from monitor.sources.dates import clamp, is_coarse, parse_when
from monitor.sources.plain import LONGEST_NAME, fold, plain, web_url
from store.nouns import RawMention

# The namespace in which a feed may say what RSS and Atom have no words for.
NAMESPACE: Final = "urn:golden-hour:mention"
# The store keeps this many characters of an id; longer ones are hashed, so two long ids never become one.
_LONGEST_ID: Final = 300
_LONGEST_DATE: Final = 100
# Nobody numbers posts this long by hand: such an id is unique wherever it stands.
_LONG_ENOUGH: Final = 16
_COUNT: Final = re.compile(r"\d{1,15}", re.ASCII)
_MAIL_AND_NAME: Final = re.compile(r"\S{1,100}@\S{1,100}\s*\((.{1,100})\)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as a parser found it: every value still the feed's own string, "" when absent.

    `bodies` are the texts it offers, the longest is taken; `dates` are in order of trust. `base` is what relative
    links start from. Counts are strings; what is no whole number becomes unknown.
    """

    id: str = ""
    link: str = ""
    base: str = ""
    title: str = ""
    bodies: tuple[str, ...] = ()
    author: str = ""
    dates: tuple[str, ...] = ()
    platform: str = ""
    followers: str = ""
    likes: str = ""
    comments: str = ""
    reposts: str = ""


@dataclass(frozen=True, slots=True)
class Rough:
    """One parsed document. `version` is "" when it is no feed; `fault` says what was broken, "" when nothing was."""

    entries: tuple[Entry, ...]
    version: str
    fault: str = ""
    skipped: int = 0


def mentions_of(entries: Iterable[Entry], *, now: datetime, zone: ZoneInfo) -> tuple[RawMention, ...]:
    """The mentions of one read, in the order of the feed; entries without any words are left out."""
    shaped = [(entry, _shaped(entry, now, zone)) for entry in entries]
    return tuple(_identified([(entry, mention) for entry, mention in shaped if mention.title or mention.text]))


def _shaped(entry: Entry, now: datetime, zone: ZoneInfo) -> RawMention:
    author = _author(entry.author)
    when, raw = _dated(entry.dates, now, zone)
    return RawMention(
        ext_id="",
        url=web_url(entry.link, entry.base),
        title=_title(entry.title, author),
        text=plain(max(entry.bodies, key=len, default="")),
        author=author,
        followers=count(entry.followers),
        published_at=when,
        raw_date=raw,
        date_estimated=when is not None and is_coarse(raw),
        likes=count(entry.likes),
        comments=count(entry.comments),
        reposts=count(entry.reposts),
        platform=fold(entry.platform, limit=LONGEST_NAME),
    )


def count(text: str) -> int | None:
    """A whole number of at least 0, thousands commas allowed; None for anything else."""
    digits = text.strip().replace(",", "")
    return int(digits) if _COUNT.fullmatch(digits) else None


def _dated(dates: tuple[str, ...], now: datetime, zone: ZoneInfo) -> tuple[datetime | None, str]:
    """The first credible date with the string it came from; else None with the first string the feed gave."""
    for raw in dates:
        when = clamp(parse_when(raw, now=now, zone=zone), now)
        if when is not None:
            return when, fold(raw, limit=_LONGEST_DATE)
    return None, fold(next((raw for raw in dates if raw.strip()), ""), limit=_LONGEST_DATE)


def _author(raw: str) -> str:
    text = plain(raw, limit=LONGEST_NAME)
    match = _MAIL_AND_NAME.fullmatch(text)
    return match[1].strip() if match else text


def _title(raw: str, author: str) -> str:
    """The title; RSSHub and its kin write `author: title`, and the author has a field of his own."""
    title = plain(raw)
    for colon in (":", "："):
        if author and title.startswith(author + colon):
            return title[len(author) + 1 :].strip() or title
    return title


def _identified(shaped: list[tuple[Entry, RawMention]]) -> Iterable[RawMention]:
    """Gives each mention its ext_id: the feed's id, else its link, else a hash of its words.

    An id or link that names several different mentions in one read names none of them. Word-for-word repeats of one
    mention are one.
    """
    keyed = [(_keys(entry, mention), mention) for entry, mention in shaped]
    meanings: dict[str, set[str]] = defaultdict(set)
    for keys, _ in keyed:
        for key in keys[:-1]:
            meanings[key].add(keys[-1])
    seen: set[str] = set()
    for keys, mention in keyed:
        name = next((key for key in keys[:-1] if len(meanings[key]) == 1), keys[-1])
        if name not in seen:
            seen.add(name)
            yield replace(mention, ext_id=name)


def _keys(entry: Entry, mention: RawMention) -> list[str]:
    words = hashlib.sha256(f"{mention.title}\n{mention.text}".encode()).hexdigest()
    names = [_short(_own_id(entry)), _short(mention.url)]
    return [*dict.fromkeys(name for name in names if name), words]


def _own_id(entry: Entry) -> str:
    """The feed's id. A bare number or word is only unique within its site, so it gets the site's name in front."""
    name = fold(entry.id, limit=100_000)
    if not name or entry.platform or ":" in name or len(name) >= _LONG_ENOUGH:
        return name
    try:
        site = urlsplit(entry.base).hostname or urlsplit(entry.link).hostname
    except ValueError:
        site = None
    return f"{site}#{name}" if site else name


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_ID else hashlib.sha256(name.encode()).hexdigest()
