"""Flavours of feeds: what stands on a hot list (热搜) and at which place, and who wrote an article of 公众号."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from msgspec import structs

from store.nouns import Klass, RawMention

_LONGEST_ID: Final = 300
# 1. 词, 1、词, 第1名：词: the place, which is a field of its own.
_PLACE: Final = re.compile(r"(?:no\.?|第)?\s*(\d{1,3})\s*(?:[.、:：)）]|名[.、:：]?)\s*(?=[^\s\d])", re.IGNORECASE)
_TOPIC: Final = re.compile(r"#([^#]{1,100})#")
_ARTICLES: Final = ("https://mp.weixin.qq.com/", "http://mp.weixin.qq.com/")
# What bridges call a feed of several accounts: no account is called that.
_SEVERAL: Final = re.compile(r"(?:we-?we-?rss|全部|all|公众号聚合)[\s·-]*(?:all|全部)?", re.IGNORECASE)


def hot_words(mentions: Iterable[RawMention], *, url: str) -> tuple[RawMention, ...]:
    """The keywords of a hot list in their order, with their place; a keyword twice is once, at the better place.

    Their id is the list and the keyword alone, so that a keyword that climbs, falls or comes back is the same one.
    `url` is the list's address; whatever comes behind its path is no part of the id: there stand keys.
    """
    place_of_list = urlsplit(url).path.strip("/")
    found: dict[str, RawMention] = {}
    for place, mention in enumerate(mentions, 1):
        word = _keyword(mention.title or mention.text, place)
        name = _name(mention.platform, place_of_list, word)
        found.setdefault(
            name, structs.replace(mention, ext_id=name, title=word, rank=mention.rank or place, klass=Klass.HOTLIST)
        )
    return tuple(found.values())


def articles(mentions: tuple[RawMention, ...], feed_title: str) -> tuple[RawMention, ...]:
    """Articles of 公众号 as such, whatever bridge brought them, with the account as author where the feed is one's."""
    if not any(mention.url.startswith(_ARTICLES) for mention in mentions):
        return mentions
    one_account = all(mention.url.startswith(_ARTICLES) for mention in mentions)
    account = feed_title if one_account and not _SEVERAL.fullmatch(feed_title.strip()) else ""
    return tuple(
        structs.replace(mention, klass=mention.klass or Klass.ARTICLE, author=mention.author or account)
        if mention.url.startswith(_ARTICLES)
        else mention
        for mention in mentions
    )


def _keyword(title: str, place: int) -> str:
    numbered = _PLACE.match(title)
    word = title[numbered.end() :] if numbered and int(numbered[1]) == place else title
    topic = _TOPIC.fullmatch(word.strip())
    return (topic[1] if topic else word).strip() or title


def _name(platform: str, place_of_list: str, word: str) -> str:
    same = "".join(unicodedata.normalize("NFKC", word).casefold().split())
    name = f"hot:{platform}:{place_of_list}:{same}"
    return name if len(name) <= _LONGEST_ID else hashlib.sha256(name.encode()).hexdigest()
