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
_CDATA: Final = re.compile(r"<!\[CDATA\[|\]\]>")
_ENTITY: Final = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#\d{1,7}|#x[0-9A-Fa-f]{1,6});")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


def plain(markup: str, *, limit: int = LONGEST_TEXT) -> str:
    """The text a reader would see, on one line, at most `limit` characters.

    Inline tags vanish without a space, so that `#<b>brand</b>` still reads `#brand`; block tags become one space.
    Entities are read up to three times because feeds escape them twice; tags that appear by that, or by dropping
    other tags, are dropped too.
    """
    text = markup[:_LONGEST_MARKUP]
    for _ in range(3):
        before = text
        if "<" in text:
            text = _stripped(text)
        if _ENTITY.search(text) is not None:
            text = html.unescape(text)
        if text == before or not ("<" in text or "&" in text):
            break
    else:
        text = _stripped(text)
    return fold(text, limit=limit)


def fold(text: str, *, limit: int = LONGEST_TEXT) -> str:
    """`text` on one line without control characters or half characters, at most `limit` characters."""
    clean = _SURROGATE.sub("\ufffd", _CONTROL.sub("", text[:_LONGEST_MARKUP]))
    return " ".join(clean.split())[:limit].rstrip()


def web_url(link: str, base: str = "") -> str:
    """`link` as an absolute http(s) URL, resolved against `base` when relative; "" when it is no such URL."""
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
