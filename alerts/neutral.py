"""Quoted strangers are data: one line, no control characters, no mass-mention, cut at a code point (pure)."""

import re
import unicodedata

_AT = re.compile(r"[@＠]")
_ROOM = re.compile(r"<(?=\s*/?\s*at\b)", re.I)


def neutral(text: str, limit: int = 140) -> str:
    """`text` as a harmless one-line quotation of at most `limit` characters."""
    flat = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    flat = "".join(c for c in flat if unicodedata.category(c) not in ("Cf", "Cs", "Co"))
    # A look-alike keeps the text readable and pages nobody in a chat room.
    # Tags are not cut out: what is left could be put together to a new one.
    flat = _ROOM.sub("‹", flat)
    flat = _AT.sub("﹫", flat)
    # Mail programs make links of addresses: the only one in a page is ours.
    flat = flat.replace("://", ":／／")
    flat = re.sub(r"\s+", " ", flat).strip()
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def cut_bytes(text: str, limit: int) -> str:
    """The longest beginning of `text` that is at most `limit` UTF-8 bytes."""
    return text.encode("utf-8")[:limit].decode("utf-8", "ignore")
