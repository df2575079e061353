"""What every feed parser hands over, and how such an entry becomes a mention."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from msgspec import structs

from monitor.sources.dates import clamp, is_coarse, parse_when
from monitor.sources.feeds.fastdates import machine_moment
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


class Entry(NamedTuple):
    """One entry as a parser found it: every value still the feed's own string, "" when absent.

    `body` is the longest text it offers; `dates` are in order of trust. `base` is what relative links start from.
    Counts are strings; what is no whole number becomes unknown. `tidy`: no text of it holds a control character.
    """

    id: str = ""
    link: str = ""
    base: str = ""
    title: str = ""
    body: str = ""
    author: str = ""
    dates: tuple[str, ...] = ()
    platform: str = ""
    followers: str = ""
    likes: str = ""
    comments: str = ""
    reposts: str = ""
    tidy: bool = False


class Rough(NamedTuple):
    """One parsed document, `title` the feed's own.

    `version` is "" when it is no feed; `fault` says what was broken, "" when nothing was.
    """

    entries: tuple[Entry, ...]
    version: str
    fault: str = ""
    skipped: int = 0
    title: str = ""


def mentions_of(
    entries: Iterable[Entry], *, now: datetime, zone: ZoneInfo, platform: str = "", klass: str = ""
) -> tuple[RawMention, ...]:
    """The mentions of one read, in the order of the feed; entries without any words are left out.

    `platform` is for entries without one of their own, `klass` for all.
    """
    shaped = [_shaped(entry, now, zone, platform, klass) for entry in entries]
    return _identified(tuple(mention for mention in shaped if mention.title or mention.text))


def _shaped(entry: Entry, now: datetime, zone: ZoneInfo, platform: str, klass: str) -> RawMention:
    """The mention; its id is the feed's, else its link, else still none."""
    _, link, base, title, body, said_by, dates, place, followers, likes, comments, reposts, tidy = entry
    author = _author(said_by, tidy)
    when, raw, coarse = _dated(dates, now, zone)
    url = web_url(link, base)
    # In the order of the fields: their names would cost a thirtieth of reading a feed.
    return RawMention(
        _short(_own_id(entry, url)) or _short(url), url, _title(title, author, tidy), plain(body, tidy=tidy), author,
        count(followers) if followers else None, when, raw, coarse,
        count(likes) if likes else None, count(comments) if comments else None, count(reposts) if reposts else None,
        (fold(place, limit=LONGEST_NAME) if place else "") or platform, klass,
    )  # fmt: skip


def count(text: str) -> int | None:
    """A whole number of at least 0, thousands commas allowed; None for anything else."""
    if not text:
        return None
    digits = text.strip().replace(",", "")
    return int(digits) if _COUNT.fullmatch(digits) else None


def _dated(dates: tuple[str, ...], now: datetime, zone: ZoneInfo) -> tuple[datetime | None, str, bool]:
    """The first credible date, the string it came from and whether that names only a day; else None and the first."""
    for raw in dates:
        when = clamp(machine_moment(raw), now)
        if when is not None:
            return when, raw, False
        when = clamp(parse_when(raw, now=now, zone=zone), now)
        if when is not None:
            return when, fold(raw, limit=_LONGEST_DATE), is_coarse(raw)
    return None, fold(next((raw for raw in dates if raw.strip()), ""), limit=_LONGEST_DATE), False


def _author(raw: str, tidy: bool) -> str:
    text = plain(raw, limit=LONGEST_NAME, tidy=tidy)
    match = _MAIL_AND_NAME.fullmatch(text) if "@" in text else None
    return match[1].strip() if match else text


def _title(raw: str, author: str, tidy: bool) -> str:
    """The title; RSSHub and its kin write `author: title`, and the author has a field of his own."""
    title = plain(raw, tidy=tidy)
    if not author or not title.startswith(author):
        return title
    for colon in (":", "："):
        if title.startswith(author + colon):
            return title[len(author) + 1 :].strip() or title
    return title


def _identified(shaped: tuple[RawMention, ...]) -> tuple[RawMention, ...]:
    """Gives each mention its ext_id: the feed's id, else its link, else a hash of its words.

    An id or link that names several different mentions in one read names none of them. Word-for-word repeats of one
    mention are one.
    """
    named = [_names(mention) for mention in shaped]
    flat = [name for names in named for name in names]
    if all(named) and len(set(flat)) == len(flat):
        # Nobody shares a name with anybody.
        return shaped
    words = [_words(mention) for mention in shaped]
    meanings: dict[str, set[str]] = defaultdict(set)
    for names, meaning in zip(named, words, strict=True):
        for name in names:
            meanings[name].add(meaning)
    found: dict[str, RawMention] = {}
    for mention, names, meaning in zip(shaped, named, words, strict=True):
        name = next((name for name in names if len(meanings[name]) == 1), meaning)
        found.setdefault(name, mention if mention.ext_id == name else structs.replace(mention, ext_id=name))
    return tuple(found.values())


def _names(mention: RawMention) -> tuple[str, ...]:
    """Its id and its link, each once."""
    name, url = mention.ext_id, _short(mention.url)
    return (name, url) if url and url != name else (name,) if name else ()


def _words(mention: RawMention) -> str:
    return hashlib.sha256(f"{mention.title}\n{mention.text}".encode()).hexdigest()


def _own_id(entry: Entry, url: str) -> str:
    """The feed's id. A bare number or word is only unique within its site, so it gets the site's name in front."""
    if entry.id == url:
        return url
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
