"""How a whole text reads, and when it is said (pure): bare of facts, too long, in the night, on a sensitive date."""

import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from statements.rules.document_words import finding
from statements.rules.figures import figures_in
from statements.rules.wording import Finding

LONGEST_SENTENCE = {"zh": 60, "en": 30}
NIGHT = range(0, 6)
# (month, day, what): days on which a careless tone or picture hurts. Source: domain rule D16.
SENSITIVE = (
    (3, 15, "3·15"),
    (4, 4, "清明"),
    (4, 5, "清明"),
    (5, 12, "5·12"),
    (6, 7, "高考"),
    (6, 8, "高考"),
    (7, 7, "7·7"),
    (9, 18, "9·18"),
    (12, 13, "12·13"),
)
_INTENSIFIER = {
    "zh": re.compile("深感|深切|深表|彻底|全力|高度|严肃|诚挚|坚决|极其|万分|全方位|第一时间"),
    "en": re.compile(
        r"\b(deeply|fully|utmost|extremely|sincerely|thoroughly|seriously|profoundly|every effort|at all times)\b", re.I
    ),
}
_FEW_FACTS, _MANY_WORDS = 3, 3
# A list's lead-in and each of its items are read as sentences of their own.
_SENTENCE = {"zh": re.compile(r"[^。！？!?；;：:\n]+"), "en": re.compile(r"(?:[^.!?;:\n]|[.:](?=\S))+")}


def lint_style(body: str, lang: str, now: datetime, zone: ZoneInfo) -> Iterator[Finding]:
    """D10 (W), D14, D16 and D17 (I) of a text that would be said at `now`."""
    yield from lint_bareness(body, lang)
    local = now.astimezone(zone)
    if local.hour in NIGHT:
        yield finding("D14", "I", lang)
    if any((local.month, local.day) == (month, day) for month, day, _ in SENSITIVE):
        yield finding("D16", "I", lang)


def lint_bareness(body: str, lang: str) -> Iterator[Finding]:
    """D10 (W) and D17 (I), whenever it is said."""
    if _bare(body, lang):
        yield finding("D10", "W", lang)
    for hit in _SENTENCE[lang].finditer(body):
        # A telephone number or an address is read at a glance.
        size = sum(not char.isascii() for char in hit[0]) if lang == "zh" else len(hit[0].split())
        if size > LONGEST_SENTENCE[lang]:
            yield finding("D17", "I", lang, hit.span())


def _bare(body: str, lang: str) -> bool:
    """Many intensifiers and fewer than three figures (times, places counted, amounts) a hundred characters."""
    loud = len(_INTENSIFIER[lang].findall(body))
    length = len(body) if lang == "zh" else 2 * len(body.split())
    figures = sum(1 for _ in figures_in(body))
    return loud >= _MANY_WORDS and figures * 100 < _FEW_FACTS * max(length, 1)
