"""Decides whether a JSON place has another page to ask, and which one (pure)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from config.errors import SourceError
from config.mapping import Pages
from monitor.sources.described.cursor import Turn, Window
from monitor.sources.described.paths import is_absent, look, text_of
from monitor.sources.described.transforms import whole
from store.nouns import Outcome, RawMention

_LONGEST_TOKEN: Final = 2_000
_LINK: Final = re.compile(r"<([^<>]{1,2000})>((?:\s*;\s*[^;,<>]+)*)")
_NEXT: Final = re.compile(r"""\brel\s*=\s*["']?[^"';]*\bnext\b""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """One answer, read. `items`: how many it held, the rejected ones too; `url`: where it came from."""

    document: Any
    items: int
    mentions: Sequence[RawMention]
    headers: Mapping[str, str]
    url: str
    rejected: bool = False


def next_turn(pages: Pages, turn: Turn, page: Page) -> Turn | None:
    """The page behind this one, by what the place says itself; None when it says there is none."""
    if pages.kind == "none" or not page.items:
        return None
    if pages.more and look(pages.more, page.document) in (False, 0, "0", "false"):
        return None
    if pages.kind == "link":
        link = _next_link(page.headers.get("link", ""), page.url)
        return Turn(turn.number + 1, link=link, first=False) if link and link != turn.link else None
    if pages.kind == "token":
        token = text_of(look(pages.token, page.document))
        usable = token and token != turn.token and len(token) <= _LONGEST_TOKEN
        return Turn(turn.number + 1, token=token, first=False) if usable else None
    # What came counts, not what was asked for: places give less than `size` as they please.
    following = turn.number + (page.items if pages.kind == "offset" else 1)
    return None if _is_last(pages, following, page) else Turn(following, first=False)


def is_read(window: Window, page: Page, seen: set[str]) -> bool:
    """Whether nothing can come behind this page: it told nothing new, or only what is older than the window."""
    if page.rejected and not page.mentions:
        return True
    if page.mentions and all(mention.ext_id in seen for mention in page.mentions):
        return True
    if not window.by_time or not page.mentions:
        return False
    # A thing without a date could be new, and one late thing among old ones is no end.
    return all(one.published_at is not None and one.published_at < window.since for one in page.mentions)


def _is_last(pages: Pages, following: int, page: Page) -> bool:
    """Whether the page of number or offset `following` is beyond the number of pages or items the place names."""
    count = whole(look(pages.until, page.document)) if pages.until else None
    if count is not None and following - pages.start >= count:
        return True
    total = look(pages.total, page.document) if pages.total else None
    found = None if is_absent(total) else whole(total)
    if found is None:
        return False
    before = (following - pages.start) * (1 if pages.kind == "offset" else page.items)
    return before >= found


def _next_link(header: str, url: str) -> str:
    """The address of `rel="next"`; SourceError (blocked) when it leads to another host: our key would go along."""
    for target, said in _LINK.findall(header[:8_000]):
        if _NEXT.search(said):
            return _same_host(urljoin(url, target.strip()), url)
    return ""


def _same_host(link: str, url: str) -> str:
    there, here = urlsplit(link), urlsplit(url)
    if (there.scheme, there.netloc) != (here.scheme, here.netloc):
        raise SourceError("its next page is on another host; allowed is the same one", outcome=Outcome.BLOCKED)
    return link if len(link) <= _LONGEST_TOKEN else ""
