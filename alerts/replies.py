"""Taking an incident by a word sent back: the short code of an SMS, from the number that was called."""

import re
from datetime import datetime, timedelta
from hashlib import blake2s

from config.errors import AccessError
from store import pages
from store.database import Tx
from store.nouns import Page

# As long as a link works.
LASTS = timedelta(hours=24)
_CODE = re.compile(r"(?<!\d)(\d{4})(?!\d)")
# Numbers are written with and without country code; their last digits are the same.
_TAIL = 10


def code_of(page_id: str) -> str:
    """The four digits that answer this page."""
    number = int.from_bytes(blake2s(page_id.encode(), digest_size=4).digest(), "big")
    return f"{number % 10_000:04d}"


def answered(tx: Tx, sender: str, text: str, now: datetime) -> Page:
    """The page somebody answers with `text` from the number `sender`; AccessError when there is none.

    Code and number must both fit: a code read over somebody's shoulder takes nothing from another phone.
    """
    found = _CODE.search(text)
    tail = _digits(sender)
    for page in pages.by_reply(tx, found[1], now - LASTS) if found and len(tail) == _TAIL else ():
        if page.incident and _digits(page.address) == tail:
            return page
    raise AccessError("No call to this number is answered by this code.")


def _digits(number: str) -> str:
    return "".join(c for c in number if c.isdecimal() and c.isascii())[-_TAIL:]
