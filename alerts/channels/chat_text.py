"""Words for Feishu, DingTalk and WeCom: strangers' text made harmless, cut by bytes (pure)."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable
from urllib.parse import quote

from alerts.neutral import cut_bytes
from store.nouns import Page

OPEN = "打开并接手 · Open"
NAMELESS = "Golden Hour"
# Look-alikes keep the words readable. We found no documented way to escape marks in these rooms: no backslashes.
_ACTING = str.maketrans({"@": "﹫", "＠": "﹫", "<": "‹", ">": "›"})
_MARKDOWN = str.maketrans(
    {"[": "［", "]": "］", "*": "＊", "_": "＿", "`": "｀", "~": "～", "|": "｜", "\\": "＼", "^": "＾", "$": "＄"}
)
_BRACES = (("{{", "｛｛"), ("}}", "｝｝"), ("{%", "｛%"), ("${", "＄{"))
_ENTITY = re.compile(r"&(?=#?\w+;)")
# Clients turn bare domains and numbers of machines into links, also without http.
_DOMAIN_DOT = re.compile(r"(?<=[\w-])\.(?=[^\W\d_]{2})|(?<=www)\.", re.I)
_MACHINE = re.compile(r"\d+(?:\.\d+){3,}")
_HEADING = re.compile(r"^#+", re.M)


def plain(text: str) -> str:
    """`text` without control and direction marks, mentions, tags, template braces or anything a client would link."""
    kept = "".join(_kept(c) for c in text).translate(_ACTING)
    for found, instead in _BRACES:
        kept = kept.replace(found, instead)
    kept = _ENTITY.sub("＆", kept).replace("://", ":／／")
    kept = _MACHINE.sub(lambda found: found[0].replace(".", "．"), kept)
    # Lines begin at their first word: four blanks would make them code in markdown.
    return "\n".join(line.strip() for line in _DOMAIN_DOT.sub("．", kept).split("\n")).strip("\n")


def escaped(text: str) -> str:
    """`plain`, and no mark of the markdown of DingTalk or WeCom acts: no link, image, emphasis, code or heading."""
    return _HEADING.sub(lambda found: "＃" * len(found[0]), plain(text).translate(_MARKDOWN))


def title(page: Page, limit: int, safe: Callable[[str], str] = plain) -> str:
    """The subject on one line of at most `limit` bytes (from 20); the middle gives way, never both ends.

    The subject begins with the level and the reason and ends with the minutes left.
    """
    words = " ".join(safe(page.subject).split()) or NAMELESS
    if len(words.encode()) <= limit:
        return words
    end = limit // 3
    tail = words.encode()[-end:].decode("utf-8", "ignore")
    return cut_bytes(words, limit - end - 3) + "…" + tail


def told(page: Page) -> str:
    """The body without the link, which has a button of its own, and without the line that led to it."""
    lines: list[str] = []
    for line in page.body.split("\n"):
        if not page.link or page.link not in line:
            lines.append(line)
            continue
        rest = line.replace(page.link, "").strip()
        if rest and not rest.endswith((":", "：")):
            lines.append(rest)
        elif not rest and lines and lines[-1].rstrip().endswith((":", "：")):
            lines.pop()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def link(page: Page) -> str:
    """The page's link with every mark percent-encoded that could end it early in markdown or a tag."""
    return quote(page.link, safe="/:?&=%#+,;.-_~!")


def longest(text: str, fits: Callable[[str], bool]) -> str:
    """The longest beginning of `text` that fits, with … when it is not all of it; "" when not even … fits."""
    if fits(text):
        return text
    over = bisect_left(range(len(text)), True, key=lambda end: not fits(text[:end] + "…"))
    return text[: over - 1] + "…" if over else ""


def _kept(c: str) -> str:
    if c == "\n":
        return c
    kind = unicodedata.category(c)
    return " " if kind in ("Cc", "Zl", "Zp") else "" if kind in ("Cf", "Cs", "Co") else c
