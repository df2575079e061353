"""Turns the posts and notifications of Bluesky into mentions."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from monitor.sources.dates import clamp, parse_when
from monitor.sources.plain import LONGEST_NAME, fold
from store.nouns import RawMention

_POST: Final = re.compile(r"at://(did:[a-z]+:[A-Za-z0-9._:%-]{1,200})/app\.bsky\.feed\.post/([A-Za-z0-9._:~-]{1,200})")
_UTC: Final = ZoneInfo("UTC")
_LONGEST_DATE: Final = 100
_LONGEST_EXCERPT: Final = 4_000
_QUOTES: Final = ("app.bsky.embed.record", "app.bsky.embed.recordWithMedia")


@dataclass(frozen=True, slots=True)
class Post:
    """A post with what the walk needs beside the mention: when the server took it in, and how much it moved people."""

    mention: RawMention
    indexed_at: datetime | None
    stir: int


def post_of(view: object, *, platform: str, now: datetime) -> Post | None:
    """A post view of searchPosts, or a notification whose record is a post; None when it is neither.

    `published_at` is what the author's program wrote; when that is missing, before 2005 or in the future, it is when
    the server took the post in, and `date_estimated`. Notifications carry no counts: they stay unknown.
    """
    found = _map(view)
    record, uri = _map(found.get("record")), _text(found.get("uri"))
    if not _POST.fullmatch(uri) or not record:
        return None
    indexed = clamp(parse_when(_text(found.get("indexedAt")), now=now, zone=_UTC), now)
    raw_date = fold(_text(record.get("createdAt")), limit=_LONGEST_DATE)
    created = clamp(parse_when(raw_date, now=now, zone=_UTC), now)
    author = _map(found.get("author"))
    likes, comments, reposts = (_count(found.get(name)) for name in ("likeCount", "replyCount", "repostCount"))
    mention = RawMention(
        ext_id=uri,
        url=web_link(uri),
        text=_words(record),
        author=fold(_text(author.get("displayName")) or _text(author.get("handle")), limit=LONGEST_NAME),
        handle=_text(author.get("did")),
        verified=_verified(author),
        published_at=created or indexed,
        raw_date=raw_date,
        date_estimated=created is None and indexed is not None,
        likes=likes,
        comments=comments,
        reposts=reposts,
        platform=platform,
        lang=_lang(record),
        parent_ext_id=_text(_map(_map(record.get("reply")).get("parent")).get("uri")),
        repost_of=_quoted(record),
        raw_excerpt=json.dumps(record, ensure_ascii=False)[:_LONGEST_EXCERPT],
    )
    return Post(mention, indexed, sum(filter(None, (likes, comments, reposts, _count(found.get("quoteCount"))))))


def web_link(uri: str) -> str:
    """Where people see the post with this at-uri; "" when it names none."""
    match = _POST.fullmatch(uri)
    return f"https://bsky.app/profile/{match[1]}/post/{match[2]}" if match else ""


def followers_of(profiles: object) -> dict[str, int]:
    """DID → followers, from the answer of getProfiles."""
    rows = profiles if isinstance(profiles, list) else []
    counts = {_text(_map(row).get("did")): _count(_map(row).get("followersCount")) for row in rows}
    return {did: count for did, count in counts.items() if did and count is not None}


def _words(record: Mapping[str, Any]) -> str:
    """The text with what stands in its pictures' descriptions and the title of its link: searches look there too."""
    embed = _map(record.get("embed"))
    media = _map(embed.get("media")) or embed
    images = media.get("images")
    alts = [_text(_map(image).get("alt")) for image in images] if isinstance(images, list) else []
    beside = [_text(_map(media.get("external")).get("title")), _text(media.get("alt")), *alts]
    return fold(" ".join([_text(record.get("text")), *(f"[{words}]" for words in beside if words.strip())]))


def _quoted(record: Mapping[str, Any]) -> str:
    embed = _map(record.get("embed"))
    if embed.get("$type") not in _QUOTES:
        return ""
    quoted = _map(embed.get("record"))
    return _text(quoted.get("uri")) or _text(_map(quoted.get("record")).get("uri"))


def _lang(record: Mapping[str, Any]) -> str:
    langs = record.get("langs")
    return fold(_text(langs[0]), limit=20) if isinstance(langs, list) and langs else ""


def _verified(author: Mapping[str, Any]) -> bool | None:
    status = _map(author.get("verification")).get("verifiedStatus")
    return None if not isinstance(status, str) else status == "valid"


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
