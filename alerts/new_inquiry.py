"""What a person says of somebody who wrote to us, and what of it can be used (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from config.errors import InputError
from config.team import Answer

LONGEST_TITLE, LONGEST_URL = 200, 2000
OLDEST = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class NewInquiry:
    """`received_at` is when it was written (aware); `owner` "" means who is on duty (or who notes it).

    `id` (32 hex digits, made with the form) makes sending the same form twice harmless; "" for a fresh one.
    """

    kind: str
    title: str
    received_at: datetime
    brand: str = ""
    url: str = ""
    owner: str = ""
    id: str = ""


def rule_of(rules: Iterable[Answer], kind: str) -> Answer:
    """The rule of a kind; InputError names those there are."""
    known = {one.kind: one for one in rules}
    if kind not in known:
        raise InputError(f"An inquiry is one of: {', '.join(known)}.")
    return known[kind]


def usable(new: NewInquiry, now: datetime) -> NewInquiry:
    """The same with its title on one line; InputError says what cannot be used and what is allowed."""
    title = " ".join(new.title.split())
    if not title:
        raise InputError("An inquiry needs a few words on what it is about.")
    if len(title) > LONGEST_TITLE:
        raise InputError(f"The words on what it is about have {len(title)} characters; {LONGEST_TITLE} are allowed.")
    if new.url and not _leads_to_the_web(new.url):
        raise InputError("The address of an inquiry must begin with http:// or https://, or stay empty.")
    if new.received_at > now:
        raise InputError("An inquiry cannot have arrived in the future.")
    if new.received_at < now - OLDEST:
        raise InputError(f"An inquiry that arrived more than {OLDEST.days} days ago is not noted any more.")
    return replace(new, title=title)


def _leads_to_the_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    plain = url.isprintable() and " " not in url and len(url) <= LONGEST_URL
    return plain and parts.scheme in ("http", "https") and bool(parts.netloc)
