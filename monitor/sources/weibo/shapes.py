"""Turns what Weibo's interfaces, its push service and its mobile pages call a post or comment into a mention (pure)."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from monitor.sources.dates import clamp, is_coarse, parse_when
from monitor.sources.plain import LONGEST_NAME, fold, plain
from monitor.sources.weibo.ids import permalink
from store.nouns import Klass, RawMention

Json = dict[str, Any]

# Before the words of the post a repost carries: readers and rules can still tell whose words are whose.
ORIGINAL: Final = "【原微博】"
_GONE: Final = re.compile(r"^抱歉，(?:此|该|由于)|^该微博因|^此微博已")
_CUT: Final = re.compile(r"(?:\.{3}|…)\s*全文\s*$")
_COUNT: Final = re.compile(r"(\d{1,15}(?:\.\d{1,4})?)\s*([万亿]?)\+?", re.ASCII)
_SCALE: Final = {"": 1, "万": 10_000, "亿": 100_000_000}
_REGION: Final = re.compile(r"^(?:发布于|来自)\s*")
# 0 is a known person, 1 to 7 are organisations; -1 is nobody, 200 and 220 mark diligent users, which proves nothing.
_VERIFIED: Final = range(8)
# 1 only the author, 3 a group, 4 close friends: not said in public.
_PRIVATE: Final = (1, 3, 4)
_LONGEST_RAW: Final = 4_000
_CHINA: Final = ZoneInfo("Asia/Shanghai")


def weibo_mentions_of(document: Any, *, now: datetime, zone: ZoneInfo = _CHINA) -> tuple[RawMention, ...]:
    """Every public post and comment in `document`, in its order, each id once; deleted ones are left out.

    Reads the answers of the interfaces (an object or a bare array), the messages of the push service (one or a list,
    `{"id", "text": {"type", "event", "status" | "comment"}}`) and the cards of mobile pages. `now` is aware, `zone`
    that of dates without one. What has none of these shapes gives no mentions.
    """
    found: dict[str, RawMention] = {}
    for klass, item in items_of(document):
        mention = mention_of(klass, item, now=now, zone=zone)
        if mention is not None:
            found.setdefault(mention.ext_id, mention)
    return tuple(found.values())


def items_of(document: Any) -> Iterator[tuple[Klass, Json]]:
    """The posts and comments in `document` as they came, deleted ones too."""
    if isinstance(document, list):
        for one in document:
            yield from items_of(one)
    elif isinstance(document, dict):
        yield from _in_object(document)


def mention_of(klass: Klass, item: Json, *, now: datetime, zone: ZoneInfo) -> RawMention | None:
    """The mention one post or comment is; None when it was deleted, is not public or has neither id nor words."""
    mid = mid_in(item)
    if not mid or _is_gone(item) or _is_private(item):
        return None
    user, above = _object(item.get("user")), _object(item.get("retweeted_status"))
    under = _object(item.get("status")) if klass is Klass.COMMENT else {}
    text, cut = _words(item, above)
    when = clamp(parse_when(_text(item.get("created_at")), now=now, zone=zone), now)
    raw_date = fold(_text(item.get("created_at")), limit=100)
    # A comment has no page of its own: it is read below its post.
    shown = under or item
    return RawMention(
        ext_id=mid,
        url=permalink(_uid(_object(shown.get("user"))), mid_in(shown)),
        text=text,
        author=plain(_text(user.get("screen_name")) or _text(user.get("name")), limit=LONGEST_NAME),
        handle=_uid(user),
        followers=count_of(user.get("followers_count")),
        verified=_verified(user),
        published_at=when,
        raw_date=raw_date,
        date_estimated=when is not None and is_coarse(raw_date),
        likes=count_of(item.get("attitudes_count", item.get("like_counts", item.get("like_count")))),
        comments=count_of(item.get("comments_count")),
        reposts=count_of(item.get("reposts_count")),
        platform="weibo",
        klass=klass,
        parent_ext_id=mid_in(under),
        repost_of=mid_in(above),
        region=fold(_REGION.sub("", _text(item.get("region_name")).strip()), limit=60),
        truncated=cut,
        raw_excerpt=_text(item.get("text"))[:_LONGEST_RAW],
    )


def mid_in(item: Json) -> str:
    """The number of a post or comment as text, "" when it has none; `id` alone may have lost digits on its way."""
    for name in ("idstr", "mid", "id"):
        text = _text(item.get(name)).strip()
        if text.isascii() and text.isdigit() and len(text) <= 30:
            return text
    return ""


def count_of(value: Any) -> int | None:
    """A number of people or clicks, also as `12.3万`, `1万+` or `1.2亿`; None when it says none."""
    match = _COUNT.fullmatch(_text(value).strip().replace(",", ""))
    return round(float(match[1]) * _SCALE[match[2]]) if match else None


def _in_object(document: Json) -> Iterator[tuple[Klass, Json]]:
    inner = document.get("text")
    if isinstance(inner, dict):
        # A message of the push service; what it deletes was either heard before or need not be heard.
        if inner.get("event") != "delete":
            yield from _in_object(inner)
    elif isinstance(inner, str) and mid_in(document):
        yield Klass.COMMENT if isinstance(document.get("status"), dict) else Klass.POST, document
    else:
        yield from _in_envelope(document)


def _in_envelope(document: Json) -> Iterator[tuple[Klass, Json]]:
    comments = [*_list(document.get("comments")), document.get("comment")]
    posts = [*_list(document.get("statuses")), *_cards(_object(document.get("data")).get("cards"))]
    # Beside a comment `status` is the post it stands under.
    posts += [document.get("mblog"), None if document.get("comment") else document.get("status")]
    yield from ((Klass.POST, one) for one in posts if isinstance(one, dict))
    yield from ((Klass.COMMENT, one) for one in comments if isinstance(one, dict))


def _cards(cards: Any) -> Iterator[Any]:
    for card in _list(cards):
        if isinstance(card, dict):
            yield card.get("mblog")
            yield from _cards(card.get("card_group"))


def _words(item: Json, above: Json) -> tuple[str, bool]:
    """Own words, then those of the original; and whether something was cut off.

    A repost spreads what it repeats, even under the two words 转发微博: without the original nobody could tell that it
    is about us, and copies of one text would not be seen as one.
    """
    own, cut = _own(item)
    if not above or _is_gone(above):
        return own, cut
    original, cut_too = _own(above)
    return fold(f"{own} {ORIGINAL}{original}" if original else own), cut or cut_too


def _own(item: Json) -> tuple[str, bool]:
    whole = _text(_object(item.get("longText")).get("longTextContent"))
    text = plain(whole or _text(item.get("text")))
    cut = not whole and (item.get("isLongText") is True or item.get("truncated") is True or bool(_CUT.search(text)))
    return _CUT.sub("…", text), cut


def _is_gone(item: Json) -> bool:
    if _text(item.get("deleted")) == "1" or item.get("deleted") is True:
        return True
    return not item.get("user") and bool(_GONE.match(_text(item.get("text"))))


def _is_private(item: Json) -> bool:
    return _object(item.get("visible")).get("type") in _PRIVATE


def _verified(user: Json) -> bool | None:
    if not user or not ("verified" in user or "verified_type" in user):
        return None
    return user.get("verified") is True or user.get("verified_type") in _VERIFIED


def _uid(user: Json) -> str:
    text = _text(user.get("idstr")) or _text(user.get("id"))
    return text if text.isascii() and text.isdigit() and len(text) <= 20 else ""


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
