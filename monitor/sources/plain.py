"""Turns the markup of a feed into one line of plain text: tags and scripts gone, entities read, spaces folded."""

import html
import re
from typing import Final
from urllib.parse import urljoin, urlsplit

LONGEST_TEXT: Final = 20_000
LONGEST_NAME: Final = 200
LONGEST_URL: Final = 2_000
# Markup may be many times longer than its text; what lies beyond is not read at all.
_LONGEST_MARKUP: Final = 400_000

_ATTRIBUTES: Final = r"""(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+"""
_UNSEEN: Final = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|template|noscript|iframe|object|svg|head)\b[^<>]*>.*?(?:</\1\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_EMOJI: Final = re.compile(r"""<img\b[^<>]{0,1000}?\balt\s*=\s*["'](\[[^\]"'<>]{1,20}\])["'][^<>]*>""", re.IGNORECASE)
_BLOCK: Final = re.compile(
    r"</?(?:p|br|div|li|ul|ol|tr|td|th|table|h[1-6]|blockquote|pre|hr|section|article|figure|figcaption|dd|dt)\b[^<>]*>",
    re.IGNORECASE,
)
_TAG: Final = re.compile(rf"</?[A-Za-z](?:{_ATTRIBUTES}|[^<>]*)>|<[!?][A-Za-z\[][^<>]*>")
# No "=" before the first one: with it the pattern would try every one of them on a long tail.
_CUT_TAG: Final = re.compile(r"<[A-Za-z]+\s[^<>=]*=[^<>]*\Z")
# An absolute URL that needs no resolving, cleaning or second look.
_PLAIN_URL: Final = re.compile(
    r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]{1,5})?(?:/[\w.~%!$&()*+,=:@-]*+)*+(?:\?[\w.~%!$&()*+,=:@/?-]+)?",
    re.ASCII,
)
_CDATA: Final = re.compile(r"<!\[CDATA\[|\]\]>")
# The tags of nearly every text, spelled as nearly everybody does; no quotation mark in them hides a ">".
_BLOCKS: Final = "p|br|div|li|h[1-6]|ul|ol|tr|td|table|blockquote|hr|section|figure"
_INLINE: Final = "a|b|i|strong|span|img|em|font|u|s|small|code"
_QUOTED: Final = r"""\s[^<>"']*+(?:"[^<>"]*+"[^<>"']*+)*+>"""
_USUAL_BLOCK: Final = re.compile(rf"<(?:{_BLOCKS}|/(?:{_BLOCKS}))(?:>|/>|\s[^<>]*+>)", re.ASCII)
_USUAL_INLINE: Final = re.compile(rf"<(?:{_INLINE}|/(?:{_INLINE}))(?:>|/>|{_QUOTED})", re.ASCII)
_ENTITY: Final = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#\d{1,7}|#x[0-9A-Fa-f]{1,6});")
# Without those that are white space.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufffe\uffff]")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


def plain(markup: str, *, limit: int = LONGEST_TEXT, tidy: bool = False) -> str:
    """The text a reader would see, on one line, at most `limit` characters.

    Inline tags vanish without a space, so that `#<b>brand</b>` still reads `#brand`; block tags become one space.
    Entities are read up to three times because feeds escape them twice; tags that appear by that, or by dropping
    other tags, are dropped too. `tidy`: `markup` is known to hold no control character.
    """
    text = markup[:_LONGEST_MARKUP]
    if "<" in text or "&" in text:
        # A reference may stand for any character.
        tidy = tidy and "&" not in text
        text = _read(text)
    return " ".join(text.split())[:limit].rstrip() if tidy else fold(text, limit=limit)


def _read(text: str) -> str:
    for _ in range(3):
        before = text
        if "<" in text:
            text = _untagged(text) or _stripped(text)
        if "&" in text and _ENTITY.search(text) is not None:
            text = html.unescape(text)
        if text == before or not ("<" in text or "&" in text):
            return text
    return _stripped(text)


def fold(text: str, *, limit: int = LONGEST_TEXT) -> str:
    """`text` on one line without control characters or half characters, at most `limit` characters."""
    text = text[:_LONGEST_MARKUP]
    # What is printable has no white space but " ", no control character and no half of one.
    printable = text.isprintable()
    if not printable or "  " in text:
        text = " ".join(text.split())
    if not printable and not text.isprintable():
        text = " ".join(_SURROGATE.sub("\ufffd", _CONTROL.sub("", text)).split())
    return text.strip(" ")[:limit].rstrip()


def web_url(link: str, base: str = "") -> str:
    """`link` as an absolute http(s) URL, resolved against `base` when relative; "" when it is no such URL."""
    if len(link) <= LONGEST_URL and _PLAIN_URL.fullmatch(link):
        return link
    text = "".join(fold(link, limit=LONGEST_URL + 1).split())
    if not text or len(text) > LONGEST_URL:
        return ""
    try:
        absolute = urljoin(base, text) if base else text
        parts = urlsplit(absolute)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return absolute if usable else ""


def _stripped(text: str) -> str:
    text = _CDATA.sub("", text)
    text = _UNSEEN.sub(" ", text)
    text = _EMOJI.sub(r"\1", text)
    text = _BLOCK.sub(" ", text)
    text = _TAG.sub("", text)
    return _CUT_TAG.sub("", text)


def _untagged(text: str) -> str:
    """`text` without its tags when all of them are whole and usual; else ""."""
    if "]" in text:
        if "]]>" in text:
            return ""
        text = _EMOJI.sub(r"\1", text)
    text = _USUAL_INLINE.sub("", _USUAL_BLOCK.sub(" ", text))
    return "" if "<" in text else text
