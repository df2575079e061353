"""How long a text is, as each platform counts (pure)."""

import math
import re
import unicodedata

# Spoken: Chinese characters and English words a second.
PACE = {"zh": 4.5, "en": 2.5}
_URL = re.compile(r"https?://\S+")
# Of a message that is sent in several parts every part loses three characters to its number.
_JOINED = 3


def weighted(text: str) -> int:
    """Length as X counts it after NFC: links weigh 23, characters outside Latin two."""
    text = unicodedata.normalize("NFC", text)
    links = _URL.findall(text)
    rest = _URL.sub("", text)
    return 23 * len(links) + sum(1 if _light(ord(char)) else 2 for char in rest)


def segments(text: str, size: int) -> int:
    """How many UCS-2 messages carry it."""
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    return 1 if units <= size else math.ceil(units / (size - _JOINED))


def seconds_of(text: str, lang: str) -> int:
    """How long it takes to say."""
    return math.ceil((len(re.sub(r"\s", "", text)) if lang == "zh" else len(text.split())) / PACE[lang])


def _light(code: int) -> bool:
    return code <= 0x10FF or 0x2000 <= code <= 0x200D or 0x2010 <= code <= 0x201F or 0x2032 <= code <= 0x2037


def in_han(text: str) -> int:
    """Length as Weibo counts it: two narrow characters are one."""
    return math.ceil(sum(0.5 if char.isascii() else 1 for char in text))
