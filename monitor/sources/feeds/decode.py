"""Turns the bytes of a feed into text when the declared charset is missing, wrong or a lie."""

import codecs
import re
from collections.abc import Iterator
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# An XML document in UTF-16 without a byte order mark still begins with "<".
_BARE_UTF16: Final = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))
_DECLARED: Final = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_META: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
# gb18030 holds everything its elders hold; pages labelled gb2312 use characters gb2312 never had.
_PROMOTED: Final = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
}
_CHARSETS: Final = re.compile(
    r"utf-(?:8|16|32)|gb|hz$|big5|cp\d|iso8859|iso2022|koi8|shift_jis|euc_|ascii$|mac[-_]|tis-620|johab$"
)
_HAN: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_HIGH_LATIN: Final = (
    r"\x80-\xff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2026\u2030\u2039\u203a\u20ac\u2122"
)
_HIGH_RUN: Final = re.compile(f"[{_HIGH_LATIN}]{{3,}}")
_HIGH: Final = re.compile(f"[{_HIGH_LATIN}]")
_SEVEN_BITS: Final = re.compile(r"hz|iso-?2022", re.IGNORECASE)
_OTHER_CHINESE: Final = {"gb18030": "big5hkscs", "big5hkscs": "gb18030"}
_PAIRS: Final = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_HEAD: Final = 4_000
_SAMPLE: Final = 60_000
# Of a hundred non-ASCII characters five may be broken before UTF-8 stops being the best reading.
_FORGIVEN: Final = 20
_BEFORE, _BEHIND = 2_000, 4_000
_GLANCE: Final = 800
_HALVES: Final = bytes(range(0x80, 0xC0))


def decode(body: bytes, declared: str | None, *, zh: bool = True) -> str:
    """The text of `body`. `declared` is the charset the server named, or None.

    Tried in order: byte order mark, strict UTF-8, the declared charsets (server, then XML or HTML declaration),
    gb18030 or big5 when `zh` (whichever reads as common Chinese), and last a reading with U+FFFD in it. Never raises.
    """
    for mark, charset in (*_BOMS, *_BARE_UTF16):
        if body.startswith(mark):
            return body.decode(charset, "replace").lstrip("\ufeff")
    try:
        # The last character may be cut in half: a broken connection is not another charset.
        text = codecs.utf_8_decode(body, "strict", False)[0]
    except UnicodeDecodeError as error:
        text = _halves_joined(body) or _not_utf8(body, declared, zh, error.start)
    if text.isascii() and ("~{" in text or "\x1b" in text):
        text = _seven_bits(body, declared) or text
    return _repaired(text) if zh and not text.isascii() and is_mojibake(text) else text


def is_mojibake(text: str) -> bool:
    """Whether text looks like Chinese bytes read as Western letters: runs of high Latin letters and no Han at all."""
    sample = text[:_SAMPLE]
    if _HAN.search(sample):
        return False
    high = len(_HIGH.findall(sample))
    return high >= 4 and sum(len(run) for run in _HIGH_RUN.findall(sample)) * 2 >= high


def needs_no_look(body: bytes, *, zh: bool) -> bool:
    """Whether `body`, if it is UTF-8, is also what its author wrote: Han letters are no other letters misread."""
    try:
        head = codecs.utf_8_decode(body[:_HEAD], "strict", False)[0]
    except UnicodeDecodeError:
        return False
    if _HAN.search(head) is not None:
        return True
    # Some charsets write Chinese in ASCII, between ~{ and ~}.
    return (not zh or body.isascii()) and b"~" not in body


def _not_utf8(body: bytes, declared: str | None, zh: bool, fault: int) -> str:
    if _nearly_utf8(body, fault):
        return body.decode("utf-8", "replace")
    for name in _declared(body, declared):
        text = _strict(body, name)
        if text is not None and zh:
            text = _other_chinese(body, name, fault) or text
        if text is not None and not (zh and is_mojibake(text)):
            return text
    if zh:
        text = _chinese(body)
        if text is not None:
            return text
    return _least_broken(body, zh)


def _nearly_utf8(body: bytes, fault: int) -> bool:
    """Whether UTF-8 is still the best reading, judged around the first byte that is none."""
    around = body[max(0, fault - _BEFORE) : fault + _BEHIND].lstrip(_HALVES)
    lenient = codecs.utf_8_decode(around, "replace", False)[0]
    bad = lenient.count("\ufffd")
    good = len(lenient) - len(lenient.encode("ascii", "ignore")) - bad
    return bad * _FORGIVEN <= good


def _halves_joined(body: bytes) -> str:
    """Text in which characters beyond U+FFFF are two halves of three bytes each, as old databases write them; or ""."""
    try:
        halves = body.decode("utf-8", "surrogatepass") if b"\xed" in body else ""
    except UnicodeDecodeError:
        return ""
    return halves.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _seven_bits(body: bytes, declared: str | None) -> str:
    """Text in a charset that needs no eighth bit, where one is declared; else ""."""
    named = (name for name in _declared(body, declared) if _SEVEN_BITS.match(name))
    return next((text for name in named if (text := _strict(body, name))), "")


def _declared(body: bytes, declared: str | None) -> Iterator[str]:
    """What the server, the XML declaration and HTML say the charset is."""
    return filter(None, (declared, _named(_DECLARED, body), _named(_META, body)))


def _other_chinese(body: bytes, name: str, fault: int) -> str | None:
    """The text as Big5 where it is called GB, or as GB where it is called Big5, if its letters clearly say so."""
    promoted = _PROMOTED.get(codecs.lookup(name).name, "")
    if promoted not in _OTHER_CHINESE:
        return None
    gb, big5 = _everyday(body[fault : fault + _GLANCE])
    own, other = (gb, big5) if promoted == "gb18030" else (big5, gb)
    return _strict(body, _OTHER_CHINESE[promoted]) if other > own * 1.2 + 1 else None


def _everyday(sample: bytes) -> tuple[int, int]:
    """How many pairs of bytes are everyday characters in GB and in Big5."""
    pairs = _PAIRS.findall(sample)
    gb = [pair for pair in pairs if b"\xb0" <= pair <= b"\xd7\xfe" and pair[1] >= 0xA1]
    return len(gb), len([pair for pair in pairs if b"\xa4" <= pair <= b"\xc6\xfe"])


def _named(pattern: re.Pattern[bytes], body: bytes) -> str | None:
    match = pattern.search(body[:2048])
    return match[1].decode("ascii") if match else None


def _strict(body: bytes, charset: str) -> str | None:
    try:
        name = codecs.lookup(charset).name
        # Python also calls escapes and packings codecs; what hostile bytes may do in them is not worth knowing.
        if not _CHARSETS.match(name):
            return None
        promoted = _PROMOTED.get(name, name)
        return (promoted == "gb18030" and _gbk(body)) or body.decode(promoted)
    except (LookupError, ValueError):
        return None


def _gbk(body: bytes) -> str:
    """What all but the rarest GB texts are, and read faster than as gb18030; "" when it is not enough."""
    try:
        return body.decode("gbk")
    except UnicodeDecodeError:
        return ""


def _chinese(body: bytes) -> str | None:
    gb, big5 = _strict(body, "gb18030"), _strict(body, "big5hkscs")
    if gb is None or big5 is None:
        return gb if gb is not None else big5
    # Most Big5 text is also legal gb18030; only the share of everyday characters tells them apart.
    common_gb, common_big5 = _everyday(body[:_SAMPLE])
    return big5 if common_big5 > common_gb * 1.2 + 1 else gb


def _least_broken(body: bytes, zh: bool) -> str:
    lenient = body.decode("utf-8", "replace")
    western = body.decode("cp1252", "replace")
    readings = [lenient, body.decode("gb18030", "replace"), body.decode("big5hkscs", "replace")] if zh else [western]
    best = min(readings, key=lambda text: text.count("\ufffd"))
    # A few accented letters in Latin text are a Western page, not broken Chinese.
    if zh and not is_mojibake(western) and len(_HIGH.findall(western)) * 50 < len(western):
        return western
    return best


def _repaired(text: str) -> str:
    raw = _as_bytes(text)
    for charset in ("utf-8", "gb18030"):
        better = _strict(raw, charset) if raw is not None else None
        if better is not None and _HAN.search(better):
            return better
    return text


def _as_bytes(text: str) -> bytes | None:
    """The bytes a Western reading came from; cp1252 where it has a letter, latin-1 where it has a hole."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        pass
    try:
        return b"".join(ch.encode("latin-1" if ch <= "\xff" else "cp1252") for ch in text)
    except UnicodeEncodeError:
        return None
