"""How strangers' words are shown: cut, with the risk terms marked, and never as a link that is not http(s) (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from store.nouns import Judged, Span


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of the text; `term` is the risk term it stands for, or ""."""

    text: str
    term: str


def pieces(judged: Judged, longest: int = 280) -> tuple[Piece, ...]:
    """Title and text of a mention in pieces, risk terms apart; offsets of its spans count in title + newline + text."""
    return pieces_of(judged.mention.title, judged.mention.text, judged.score.spans, longest)


def pieces_of(title: str, text: str, spans: Sequence[Span], longest: int) -> tuple[Piece, ...]:
    """The same of any words."""
    whole = f"{title}\n{text}"
    at = 0 if title else 1
    end = min(len(whole), at + longest)
    found = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        start, stop = max(span.start, at), min(span.end, end)
        if stop <= start:
            continue
        found += [Piece(whole[at:start], ""), Piece(whole[start:stop], span.term)]
        at = stop
    found.append(Piece(whole[at:end] + ("…" if end < len(whole) else ""), ""))
    return tuple(piece for piece in found if piece.text)


def terms(judged: Sequence[Judged], most: int = 8) -> tuple[str, ...]:
    """The risk terms of some mentions, in order of appearance."""
    found = dict.fromkeys(span.term.replace("…", "") for one in judged for span in one.score.spans)
    return tuple(found)[:most]


def safe_url(url: str) -> str:
    """The address when a browser may follow it, else ""."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""
