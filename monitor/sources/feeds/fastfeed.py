"""Reads ordinary RSS 2.0, RSS 1.0 and Atom with expat alone; declines whatever feedparser might read differently.

feedparser hands well-formed XML to expat too, so what is well-formed is one question with one answer. Its time goes
into everything around; this reader knows by heart what ordinary feeds hold and what feedparser makes of it, and is
Unsure about everything else.
"""

import re
from collections.abc import Callable
from typing import Final

from monitor.sources.feeds.entries import NAMESPACE, Rough
from monitor.sources.feeds.fastentry import ESCAPED_TWICE, completed, entry_of, mended, with_own
from monitor.sources.feeds.fastroles import (
    ABOUT,
    ATOM,
    CHANNELS,
    HREF,
    IGNORED,
    ROOTS,
    RSS1,
    Unsure,
    check,
    clash,
    href_of,
)
from monitor.sources.feeds.fastwalk import Found, Leaf, Walk
from monitor.sources.plain import web_url

# A reference to a character between U+0080 and U+00FF.
_LATIN_REFERENCE: Final = re.compile(
    rb"&#(?:0*(?:12[89]|1[3-9]\d|2[0-4]\d|25[0-5])|x0*[89a-f][0-9a-f]);", re.IGNORECASE
)
_AMPERSAND: Final = ord("&")
# Deeper than among the feed's own elements these would still be taken for the feed's.
_FEED_WORDS: Final = frozenset(
    {"link", "id", "guid", "generator", "item", "entry", "channel", "textinput", "source", "href"}
)
_TITLES: Final = frozenset({"title", f"{ATOM} title"})
_IMAGE_PARTS: Final = frozenset({"title", "link", "description", "summary", "url", "width", "height"})


def read_fast(raw: bytes, *, url: str, max_entries: int) -> Rough | None:
    """The entries of the UTF-8 document `raw` exactly as feedparser would give them; None when it is not for us.

    ExpatError when the document is not well-formed.
    """
    latin = _has_latin(raw)
    reader = _Reader(mended if latin else str.strip, max_entries)
    try:
        reader.walk.over(raw)
        # XML knows no other control characters than these.
        return reader.rough(url, tidy=not latin and b"\x7f" not in raw)
    except Unsure:
        return None


def _has_latin(raw: bytes) -> bool:
    # In UTF-8 these two bytes begin U+0080 to U+00FF and are found nowhere else.
    if b"\xc2" in raw or b"\xc3" in raw:
        return True
    # Looking for one byte is many times quicker than looking for two.
    at = raw.find(b"#")
    while at > 0:
        if raw[at - 1] == _AMPERSAND:
            return _LATIN_REFERENCE.search(raw, at - 1) is not None
        at = raw.find(b"#", at + 1)
    return False


class _Reader:
    """What one walk finds: the entries, and of the feed itself its link, id and generator."""

    def __init__(self, cleaned: Callable[[str], str], max_entries: int) -> None:
        self.walk = Walk(self, cleaned)
        self._cleaned, self._max_entries = cleaned, max_entries
        self._feed: dict[str, str] = {}
        self._entries: list[Found] = []
        self._count = 0

    def rough(self, url: str, *, tidy: bool) -> Rough:
        """What was found; Unsure when a prefix is not what it looks like."""
        if clash(self.walk.prefixes):
            raise Unsure
        feed = self._feed
        base = web_url(feed.get("link", feed.get("id", "")), url) or url
        invented = feed.get("generator", "").lower() == "rsshub"
        entries = tuple(entry_of(found, base, invented=invented, tidy=tidy) for found in self._entries)
        if NAMESPACE in self.walk.prefixes.values():
            entries = tuple(map(with_own, entries, self._entries))
        version, skipped = _word(self.walk.root), self._count - len(entries)
        return Rough(entries, version, skipped=skipped, title=feed.get("title", ""))

    def ends(self, depth: int, element: Leaf, plain: Found, odd: list[Leaf]) -> None:
        entry_depth, entry_name = ROOTS[self.walk.root]
        name, _, attributes, _ = element
        if depth == entry_depth and name == entry_name:
            self._entry(attributes, plain, odd)
        elif name in CHANNELS:
            self._channel(depth, attributes, plain, odd)
        elif depth == entry_depth:
            if entry_name.startswith(RSS1) and _word(name) in _FEED_WORDS:
                # Beside the channel of RSS 1.0, not in it: feedparser takes it for nobody's.
                raise Unsure
            self._feed_element(element, {*plain, *(_word(leaf[0]) for leaf in odd)})
        elif depth == 0:
            check(IGNORED, attributes)
        else:
            raise Unsure

    def _entry(self, attributes: dict[str, str], plain: Found, odd: list[Leaf]) -> None:
        if odd:
            completed(plain, odd, self.walk.prefixes, self._cleaned)
        if attributes:
            if attributes.keys() - {ABOUT}:
                raise Unsure
            plain["about"] = attributes[ABOUT]
        self._count += 1
        if self._count <= self._max_entries:
            self._entries.append(plain)

    def _channel(self, depth: int, attributes: dict[str, str], plain: Found, odd: list[Leaf]) -> None:
        """The channel of RSS 1.0 with its own elements; that of RSS 2.0 has none left when it ends."""
        if depth != 1 or attributes.keys() - {ABOUT}:
            raise Unsure
        if plain.keys() & {"id", HREF}:
            raise Unsure
        if "link" in plain:
            self._link(plain["link"], {})
        if "title" in plain:
            self._feed["title"] = plain["title"]
        for leaf in odd:
            self._feed_element(leaf, {_word(name) for _, name, _, _ in leaf[3]})

    def _feed_element(self, element: Leaf, words: set[str]) -> None:
        """One of the feed's own elements, with the words inside it.

        Only its link, id and generator matter, and that nothing inside another element poses as them.
        """
        name, text, attributes, _ = element
        word = _word(name)
        check(IGNORED, attributes)
        if words - _IMAGE_PARTS if word == "image" else words & _FEED_WORDS or (words and word == "link"):
            raise Unsure
        if word == "link":
            self._link(text, attributes)
        elif word == "generator" or name in _TITLES or name == f"{ATOM} id":
            self._feed[word] = self._cleaned(text)
        elif word in _FEED_WORDS:
            raise Unsure

    def _link(self, text: str, attributes: dict[str, str]) -> None:
        href = href_of(attributes) if attributes else ESCAPED_TWICE.sub(r"&\g<1>", self._cleaned(text))
        if ":///" in href:
            raise Unsure
        if href or not attributes:
            self._feed["link"] = href


def _word(name: str) -> str:
    return name.rpartition(" ")[2].lower()
