"""Reads the answers of X in both its vocabularies (tweet, post): posts, counts and what stands beside them."""

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from config.errors import SourceError
from monitor.sources.dates import clamp, parse_when
from monitor.sources.plain import LONGEST_NAME, fold
from monitor.sources.x.spike import MINUTE
from store.nouns import Outcome, RawMention

_ID: Final = re.compile(r"\d{1,20}", re.ASCII)
_UTC: Final = ZoneInfo("UTC")
# The milliseconds since this moment stand in an id above its lowest 22 bits.
_EPOCH: Final = datetime(2010, 11, 4, 1, 42, 54, 657000, UTC)
_LOW_BITS: Final = 22
_NO_LANGUAGE: Final = frozenset({"und", "zxx", "art", "qam", "qct", "qht", "qme", "qst"})
_LONGEST_EXCERPT: Final = 4_000
_DIGITS: Final = 20

VOCABULARIES: Final = {
    "tweet": ("tweet.fields", ("referenced_tweets", "note_tweet", "edit_history_tweet_ids")),
    "post": ("post.fields", ("referenced_posts", "note_post", "edit_history_post_ids")),
}
_FIELDS: Final = ("created_at", "author_id", "lang", "public_metrics")


@dataclass(frozen=True, slots=True)
class Posts:
    """One page: its mentions, its highest and lowest position, how many posts and users must be paid for."""

    mentions: tuple[RawMention, ...]
    high: str
    low: str
    next: str
    count: int
    users: int


def fields_of(vocabulary: str) -> tuple[str, str]:
    """Name and value of the parameter that asks for all we read; long text is cut unless it is asked for."""
    name, more = VOCABULARIES[vocabulary]
    return name, ",".join((*_FIELDS, *more))


def posts_of(answer: Mapping[str, Any], *, platform: str, now: datetime) -> Posts:
    """The posts of one answer; rows that are no posts are left out, but were paid for."""
    rows = _rows(answer.get("data"))
    users = {_id(user.get("id")): user for user in _maps(_map(answer.get("includes")).get("users"))}
    found = {_id(row.get("id")): row for row in _maps(rows) if _id(row.get("id"))}
    ids = sorted(position(number) for number in found)
    token = _map(answer.get("meta")).get("next_token")
    return Posts(
        tuple(_mention(row, users, platform, now) for row in found.values()),
        ids[-1] if ids else "",
        ids[0] if ids else "",
        token if isinstance(token, str) else "",
        len(rows),
        len(users),
    )


def minutes_of(answer: Mapping[str, Any]) -> dict[datetime, int]:
    """Beginning of a minute → posts, whole minutes only; SourceError when the answer holds no counts at all."""
    rows = answer.get("data")
    meta = _map(answer.get("meta"))
    if not isinstance(rows, list):
        if _count(_either(meta, "total_tweet_count", "total_post_count")) == 0:
            return {}
        raise _uncounted()
    counted, broken = {}, 0
    for row in _maps(rows):
        start, end = (_moment(row.get(name)) for name in ("start", "end"))
        posts = _count(_either(row, "tweet_count", "post_count"))
        if start is None or end is None or posts is None:
            broken += 1
        elif end - start == MINUTE:
            counted[start] = posts
    if broken:
        raise _uncounted()
    return counted


def position(number: str) -> str:
    """An id as a string that sorts as its number."""
    return number.zfill(_DIGITS)


def position_at(moment: datetime) -> str:
    """The position of an id nobody has, made at this moment."""
    return position(str(int((moment - _EPOCH) / timedelta(milliseconds=1)) << _LOW_BITS))


def moment_at(place: str) -> datetime:
    """When the id at this position was made."""
    return _EPOCH + timedelta(milliseconds=int(place) >> _LOW_BITS)


def _uncounted() -> SourceError:
    return SourceError("X: an answer without counts that can be read", outcome=Outcome.MALFORMED)


def _mention(row: Mapping[str, Any], users: Mapping[str, Any], platform: str, now: datetime) -> RawMention:
    number = _id(row.get("id"))
    user = _map(users.get(_id(row.get("author_id"))))
    metrics = _map(row.get("public_metrics"))
    note = _text(_map(_either(row, "note_tweet", "note_post")).get("text"))
    parent, repost, cut = _references(row)
    text = _text(row.get("text"))
    raw_date = fold(_text(row.get("created_at")), limit=100)
    published = clamp(parse_when(raw_date, now=now, zone=_UTC), now)
    return RawMention(
        ext_id=_first_id(row) or number,
        url=f"https://x.com/i/web/status/{number}",
        text=fold(html.unescape(note or text)),
        author=fold(_text(user.get("name")) or _text(user.get("username")), limit=LONGEST_NAME),
        followers=_count(_map(user.get("public_metrics")).get("followers_count")),
        published_at=published,
        raw_date=raw_date,
        likes=_count(metrics.get("like_count")),
        comments=_count(metrics.get("reply_count")),
        reposts=_count(_either(metrics, "repost_count", "retweet_count")),
        platform=platform,
        lang="" if row.get("lang") in _NO_LANGUAGE else fold(_text(row.get("lang")), limit=20),
        handle=_id(row.get("author_id")),
        verified=user["verified"] if isinstance(user.get("verified"), bool) else None,
        parent_ext_id=parent,
        repost_of=repost,
        views=_count(metrics.get("impression_count")),
        truncated=cut and not note and text.endswith("…"),
        raw_excerpt=json.dumps(row, ensure_ascii=False)[:_LONGEST_EXCERPT],
    )


def _first_id(row: Mapping[str, Any]) -> str:
    """An edited post gets a new id; the first of its history stays, so an edit is no second post."""
    history = _rows(_either(row, "edit_history_tweet_ids", "edit_history_post_ids"))
    return _id(history[0]) if history else ""


def _references(row: Mapping[str, Any]) -> tuple[str, str, bool]:
    """What the post answers, what it repeats or quotes, and whether it only repeats (then its text is cut)."""
    kinds = {
        _text(one.get("type")): _id(one.get("id"))
        for one in _maps(_rows(_either(row, "referenced_tweets", "referenced_posts")))
    }
    plain_repost = kinds.get("retweeted") or kinds.get("reposted") or ""
    return kinds.get("replied_to", ""), plain_repost or kinds.get("quoted", ""), bool(plain_repost)


def _either(found: Mapping[str, Any], *names: str) -> Any:
    return next((found[name] for name in names if name in found), None)


def _moment(value: object) -> datetime | None:
    return parse_when(_text(value), now=_EPOCH, zone=_UTC)


def _id(value: object) -> str:
    text = str(value) if isinstance(value, int | str) else ""
    return text if _ID.fullmatch(text) else ""


def _rows(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def _maps(rows: object) -> list[Mapping[str, Any]]:
    return [row for row in _rows(rows) if isinstance(row, Mapping)]


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
