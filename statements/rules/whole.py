"""What a whole statement must hold when nothing is known of its incident (pure): for texts from anywhere."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from statements.posting.promises import deadlines_in
from statements.rules.document_words import finding
from statements.rules.figures import figures_in
from statements.rules.parts import DONE, EMPATHY, MAIL, UNKNOWN, UPDATE, ZONE
from statements.rules.style import lint_bareness
from statements.rules.wording import Finding
from statements.writing.marks import missing_in

# Fewer lines or characters are a remark, a sentence, an answer.
_LINES, _LENGTH = 3, 120
# "Today 17:00" is a deadline whatever day it is; which one does not matter here.
_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)
# A text that answers a rumour says what was checked instead of what is not known.
_CHECKED = re.compile(r"说法|谣言|不实|伪造|核对了|rumou?r|false claim|hoax|forged", re.I)


def looks_whole(text: str) -> bool:
    """Several lines and long enough to be read as a statement of its own."""
    return len(text) >= _LENGTH and len([line for line in text.split("\n") if line.strip()]) >= _LINES


def lint_whole(text: str, lang: str) -> Iterator[Finding]:
    """D01, D02, D03, D05, D20, D21 (E), D09, D10 (W) and D17 (I); what needs facts or a clock is not judged."""
    dues = deadlines_in(text, lang, now=_ANY_DAY, zone=ZoneInfo("UTC"))
    missing = {
        "D01": not any(UPDATE[lang].search(said) for said, _ in dues),
        "D02": not MAIL.search(text) and not any(one.kind == "phone" for one in figures_in(text)),
        "D03": not EMPATHY[lang].search(text),
        "D05": not UNKNOWN[lang].search(text) and not _CHECKED.search(text),
        "D09": not ZONE[lang].search(text),
        "D20": not DONE[lang].search(text),
        "D21": bool(missing_in(text)),
    }
    for rule, is_missing in missing.items():
        if is_missing:
            yield finding(rule, "W" if rule == "D09" else "E", lang)
    yield from lint_bareness(text, lang)
