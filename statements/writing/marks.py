"""Plain text that remembers where its words came from, and the cleaning of text that came from outside."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

# Private-use characters no keyboard types; `neutral` removes them from everything that comes from outside.
_OPEN, _PART, _CLOSE, _SLOT = "\ue000", "\ue001", "\ue002", "\ue003"
_OWN = dict.fromkeys(map(ord, (_OPEN, _PART, _CLOSE, _SLOT)))
_PIECE = re.compile(f"{_OPEN}([^{_PART}]*){_PART}([^{_PART}]*){_PART}|{_SLOT}([^{_CLOSE}]*){_CLOSE}|{_CLOSE}")
_BRACES = str.maketrans({"{": "｛", "}": "｝"})
_HARMFUL = str.maketrans(
    {
        "<": "‹",
        ">": "›",
        "|": "｜",
        "#": "＃",
        "[": "〔",
        "]": "〕",
        "&": "＆",
        "`": "'",
        "\\": "＼",
        "*": "＊",
        "_": "＿",
    }
    | {"~": "～", "!": "！", "$": "＄"}
)
_MARKS = re.compile(r"【待确认：([^】\n]*)】|\[To be confirmed: ([^\]\n]*)\]")


class Said(str):
    """A string with its origin: kind (fact, time, contact, name, missing) and label."""

    kind: str
    label: str

    def __new__(cls, text: str, kind: str, label: str = "") -> "Said":
        said = super().__new__(cls, text)
        said.kind, said.label = kind, label
        return said


@dataclass(frozen=True, slots=True)
class Slot:
    """One of the named slots of a statement: characters start..end of the body."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Span:
    """Words of the body that were borrowed: kind (fact, time, contact, name, missing), label, start..end."""

    kind: str
    label: str
    start: int
    end: int


def neutral(text: str, *, keep_lines: bool = False, keep_braces: bool = False) -> str:
    """Text that can add neither a line nor template syntax nor an invisible character to what it is put into.

    Line breaks, tabs and control characters become one space, format characters (bidi, zero-width), lone surrogates
    and private-use characters vanish, braces become their full-width twins.
    """
    kept = []
    for char in text:
        kind = unicodedata.category(char)
        if char == "\n" and keep_lines:
            kept.append(char)
        elif kind in ("Cc", "Zl", "Zp", "Zs"):
            kept.append(" ")
        elif kind not in ("Cf", "Cs", "Co", "Cn"):
            kept.append(char)
    joined = "".join(kept)
    if keep_lines:
        return joined
    joined = re.sub(r" {2,}", " ", joined).strip()
    return joined if keep_braces else joined.translate(_BRACES)


def plain(text: str, longest: int = 300) -> str:
    """One harmless line: no table bars, emphasis, tags, entities or addresses that a reader turns into links."""
    flat = neutral(text)[:longest].translate(_HARMFUL)
    return re.sub(r"(?i)www\.", "www․", flat.replace("://", ":／／")).replace("@", "＠")


def plain_address(url: str) -> str:
    """The address of our own post, kept whole unless it holds what no address needs."""
    return url if re.fullmatch(r"https?://[\w.:/?=%+,;-]{1,300}", url, re.ASCII) else plain(url)


def mark(what: str, lang: str) -> str:
    """The visible gap: 【待确认：…】 / [To be confirmed: …]."""
    return f"【待确认：{what}】" if lang == "zh" else f"[To be confirmed: {what}]"


def missing_in(text: str) -> tuple[str, ...]:
    """What the marks still standing in a text ask for, in order; () for a finished text."""
    return tuple(dict.fromkeys(found[1] or found[2] or "?" for found in _MARKS.finditer(text)))


def begin_slot(name: str) -> str:
    """What `slot("contact")` prints: an invisible sign, taken out again by `unwrap`."""
    return f"{_SLOT}{str(name).translate(_OWN)}{_CLOSE}"


def finalize(value: Any) -> Any:
    """Wrap borrowed words as they are printed; everything else prints as it is."""
    if isinstance(value, Said):
        return f"{_OPEN}{value.kind}{_PART}{value.label}{_PART}{str(value)}{_CLOSE}"
    return value


def unwrap(text: str) -> tuple[str, tuple[Slot, ...], tuple[Span, ...]]:
    """Take the invisible signs out again: (body, slots, spans)."""
    text = re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip()
    body, length, last = [], 0, 0
    slots: list[tuple[str, int]] = []
    open_at: list[tuple[str, str, int]] = []
    spans = []
    for piece in _PIECE.finditer(text):
        body.append(text[last : piece.start()])
        length += piece.start() - last
        last = piece.end()
        if piece[3] is not None:
            slots.append((piece[3], length))
        elif piece[1] is not None:
            open_at.append((piece[1], piece[2] or "", length))
        elif open_at:
            kind, label, start = open_at.pop()
            spans.append(Span(kind, label, start, length))
    body.append(text[last:])
    whole = "".join(body)
    # A template need not name any slot; then there are no ends either.
    ends = [*(start for _, start in slots[1:]), len(whole)][: len(slots)]
    return whole, tuple(Slot(name, start, end) for (name, start), end in zip(slots, ends, strict=True)), tuple(spans)
