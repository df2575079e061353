"""Makes one entry of the elements that stood in it, by the rules feedparser follows for ordinary feeds."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from monitor.sources.feeds.entries import Entry
from monitor.sources.feeds.fastroles import (
    HREF,
    IGNORED,
    LINKED,
    OWN,
    PEOPLE,
    PERSON_PARTS,
    PRIVATE,
    Unsure,
    check,
    href_of,
    is_permalink,
    role_of,
)
from monitor.sources.feeds.fastwalk import Found, Leaf, Part

Cleaned = Callable[[str], str]
_NO_ADDRESS: Final = {"isPermaLink": "false"}
_WEB: Final = ("http://", "https://")
# In a link feedparser takes `&name;` for a parameter whose escape went wrong.
ESCAPED_TWICE: Final = re.compile(r"&([A-Za-z0-9_]+);")
_WINDOWS: Final = {
    number: bytes((number,)).decode("cp1252")
    for number in range(0x80, 0xA0)
    if number not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}


def completed(found: Found, odd: list[Leaf], prefixes: Mapping[str | None, str], cleaned: Callable[[str], str]) -> None:
    """Adds to the plain leaves of an entry what its odd ones say; Unsure where feedparser may see something else."""
    for name, text, attributes, parts in odd:
        role = role_of(name, prefixes)
        if role == "id" and attributes == _NO_ADDRESS:
            found[PRIVATE] = "yes"
        elif attributes:
            role, text = _attributed(role, text, attributes, found)
        value = _person(name, parts, cleaned) if parts else cleaned(text)
        if role in found and role != LINKED:
            raise Unsure
        if role:
            found[role] = value


def _attributed(role: str, text: str, attributes: dict[str, str], found: Found) -> tuple[str, str]:
    """Role and text of a leaf as its attributes have it."""
    if role == HREF:
        found[LINKED] = "yes"
        href = href_of(attributes)
        return ("link", href) if href else (IGNORED, "")
    check(role, attributes)
    if role == "id" and not is_permalink(attributes):
        found[PRIVATE] = "yes"
    return role, text


def _person(name: str, parts: tuple[Part, ...], cleaned: Cleaned) -> str:
    """The name of a person; only the parts that Atom gives one are ordinary."""
    said = {PERSON_PARTS.get(part, ""): text.strip() for _, part, text, _ in parts}
    known = name in PEOPLE and "" not in said and len(said) == len(parts)
    if not known or any(attributes or depth != parts[0][0] for depth, _, _, attributes in parts):
        raise Unsure
    named = said.get("name", "")
    # feedparser mends the letters of everything but names.
    if not named or cleaned(named) != named:
        raise Unsure
    return named


def mended(text: str) -> str:
    """The text feedparser keeps: stripped, UTF-8 read as Latin-1 mended, Windows' letters for control characters.

    Without a character from U+0080 to U+00FF in it, stripping is all it comes to.
    """
    text = text.strip()
    if text.isascii():
        return text
    with suppress(UnicodeError):
        text = text.encode("latin-1").decode()
    return text.translate(_WINDOWS)


def entry_of(found: Found, base: str, *, invented: bool, tidy: bool) -> Entry:
    """The entry; `invented`: its `updated` is only the moment of the read. Unsure about links feedparser would bend."""
    get = found.get
    link, name = _link(found), get("id")
    if name is None:
        name = get("about", "")
    if HREF in found or ":///" in link or ":///" in name:
        raise Unsure
    published, created, updated = get("published", ""), get("created", ""), get("updated", "")
    if invented and not (published or created):
        updated = ""
    author = get("author", "")
    return Entry(
        id=name,
        link=link,
        base=base,
        title=get("title", ""),
        body=max(get("content", ""), get("summary", ""), key=len),
        author=_author(author) if "@" in author else author,
        dates=(published, updated, created),
        comments=get("comments", ""),
        tidy=tidy,
    )


def with_own(entry: Entry, found: Found) -> Entry:
    """The entry with what it says in our own words."""

    def own(name: str) -> str:
        return found.get(OWN + name, "")

    return entry._replace(
        author=entry.author or own("author"),
        platform=own("platform"),
        followers=own("followers"),
        likes=own("likes"),
        comments=own("comments") or entry.comments,
        reposts=own("reposts"),
    )


def _link(found: Found) -> str:
    """Its own link; else an id that may stand for one, which counts only as a whole URL where no other link is."""
    link = found.get("link")
    if link is not None:
        return ESCAPED_TWICE.sub(r"&\g<1>", link.replace("&amp;", "&")) if ";" in link else link
    name = "" if PRIVATE in found else found.get("id", "")
    return name if LINKED in found or name.lower().startswith(_WEB) else ""


def _author(raw: str) -> str:
    """An author with a mail address in front, as he is; feedparser takes others apart."""
    if "@" not in raw.partition(" ")[0]:
        raise Unsure
    return raw
