"""Turns the statuses of Mastodon and its kin (GoToSocial, Pleroma, …) into mentions (pure)."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from monitor.sources.dates import clamp, parse_when
from monitor.sources.plain import LONGEST_NAME, fold, plain, web_url
from store.nouns import Klass, RawMention

Json = dict[str, Any]

# What is meant for followers or for the people it names was not said in public.
_PUBLIC: Final = ("public", "unlisted")
# Before the words of what a boost repeats.
BOOSTED: Final = "RT "
_LONGEST_ID: Final = 300
_LONGEST_RAW: Final = 4_000
UTC_ZONE: Final = ZoneInfo("UTC")


def mastodon_mentions_of(statuses: Sequence[Any], *, base_url: str, now: datetime) -> tuple[RawMention, ...]:
    """The public statuses in their order, each once by its `uri`, which is the same on every server.

    `base_url` is the server that gave them: local names and the ids of answered posts are those of its house.
    """
    host = urlsplit(base_url).netloc.lower()
    usable = [one for one in statuses if isinstance(one, dict)]
    uris = {_text(one.get("id")): _uri(one) for one in usable}
    found: dict[str, RawMention] = {}
    for status in usable:
        mention = _mention(status, host, uris, now)
        if mention is not None:
            found.setdefault(mention.ext_id, mention)
    return tuple(found.values())


def _mention(status: Json, host: str, uris: dict[str, str], now: datetime) -> RawMention | None:
    boosted, account = _object(status.get("reblog")), _object(status.get("account"))
    ext_id = _uri(status)
    if not ext_id or any(one.get("visibility") not in _PUBLIC for one in (status, boosted) if one):
        return None
    answered = _text(status.get("in_reply_to_id"))
    return RawMention(
        ext_id=ext_id,
        url=web_url(_text(status.get("url"))) or web_url(_text(status.get("uri"))),
        text=fold(f"{_words(status)} {BOOSTED}{_words(boosted)}" if boosted else _words(status)),
        author=plain(_text(account.get("display_name")) or _text(account.get("username")), limit=LONGEST_NAME),
        handle=_handle(account, host),
        followers=_count(account.get("followers_count")),
        bot=account["bot"] if isinstance(account.get("bot"), bool) else None,
        published_at=clamp(parse_when(_text(status.get("created_at")), now=now, zone=UTC_ZONE), now),
        raw_date=fold(_text(status.get("created_at")), limit=100),
        likes=_count(status.get("favourites_count")),
        comments=_count(status.get("replies_count")),
        reposts=_count(status.get("reblogs_count")),
        platform="mastodon",
        klass=Klass.POST,
        lang=fold(_text(status.get("language")), limit=20),
        # An id means something only on the server that gave it; the uri is known when both came in one read.
        parent_ext_id=(uris.get(answered) or f"{host}/{answered}") if answered else "",
        repost_of=_uri(boosted),
        raw_excerpt=_text(status.get("content"))[:_LONGEST_RAW],
    )


def _words(status: Json) -> str:
    """The warning in front of a post belongs to what it says."""
    said = (plain(_text(status.get(name))) for name in ("spoiler_text", "content"))
    return " ".join(filter(None, said))


def _uri(status: Json) -> str:
    uri = _text(status.get("uri")).strip()
    return uri if len(uri) <= _LONGEST_ID else hashlib.sha256(uri.encode("utf-8", "replace")).hexdigest()


def _handle(account: Json, host: str) -> str:
    """user@server; a server writes the names of its own people without it."""
    name = fold(_text(account.get("acct")) or _text(account.get("username")), limit=LONGEST_NAME)
    if not name or "@" in name:
        return name
    try:
        home = urlsplit(_text(account.get("url"))).netloc.lower()
    except ValueError:
        home = ""
    return f"{name}@{home or host}"


def _count(value: Any) -> int | None:
    """A number of at least 0; servers that hide a number say -1 or nothing."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}
