"""Did we hear this before? By (platform, ext_id), then by address, then by words within 48 hours (pure)."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from msgspec import Struct

from store.nouns import Klass

SAME_WORDS_WITHIN: Final = timedelta(hours=48)
# Hex digits of a key: 80 bits. Each stands in a row and in an index, in no order: what is longer costs pages.
_KEY: Final = 20
# Shorter texts are said by many people in the same words.
_LEAST_WORDS: Final = 12
_WORDS: Final = re.compile(r"[^\W_]+")
_WIDE_MARKS: Final = re.compile("[\u2026\u3000\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff5e]+")
_TRACKING: Final = re.compile(
    r"utm_\w+|spm|from|isappinstalled|share\w*|fbclid|gclid|msclkid|igshid|ref|ref_src|ref_url|scene|sharer\w*|tt_from"
    r"|timestamp|mkt_tok|mc_[ce]id|_ga|yclid|wt_\w+|campaign_id|app_version|is_from_webapp|sender_device",
    re.IGNORECASE,
)
# A part of an address that is a thing of its own: a route, or a numbered comment; others are chapters of one text.
_OWN_PART: Final = re.compile(r"[/!]|.*\d", re.DOTALL)
# A host in small letters and a path, with nothing that must be taken apart or undone.
_PLAIN: Final = re.compile(r"https?://([a-z0-9.-]+)(/[\w./~%+=,;&$!'()*@:-]*)", re.ASCII)
# One address may carry many of these: a comment is not the article it stands under.
_BELOW: Final = frozenset({Klass.COMMENT, Klass.REVIEW, Klass.COMPLAINT})


class Keys(Struct, frozen=True):
    """The three names of a thing: `url` and `text` are "" where they name nothing."""

    ext_id: str
    url: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the store has: by each kind of key, the id of the mention and its ext_id."""

    by_ext_id: Mapping[str, str]
    by_url: Mapping[str, tuple[str, str]]
    by_text: Mapping[str, tuple[str, str]]


def url_key(url: str, klass: str) -> str:
    """Hash of the address without what only says how somebody came there; "" when it names no single thing."""
    if not url or klass in _BELOW:
        return ""
    plain = _PLAIN.fullmatch(url)
    if plain:
        # Most addresses; taking apart the others costs four times as much.
        path = plain[2].rstrip("/")
        return _hash(f"{plain[1].removeprefix('www.').removeprefix('m.')}{path}?#") if path else ""
    try:
        parts = urlsplit(url)
        said = parse_qsl(parts.query, keep_blank_values=True)
        asked = sorted((name, value) for name, value in said if not _TRACKING.fullmatch(name))
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return ""
    path, routed = parts.path.rstrip("/"), parts.fragment if _OWN_PART.match(parts.fragment) else ""
    if not path and not asked and not routed:
        # A front page is the address of everything on it.
        return ""
    return _hash(f"{host}{path}?{urlencode(asked)}#{routed}")


def text_key(author: str, title: str, text: str, at: str = "") -> str:
    """Hash of who said which words, blanks and punctuation aside; "" when they are too few to tell anything.

    Of an unknown author `at`, when it was said, stands in: a slogan copied by many is many mentions.
    """
    # Wide punctuation alone would make normalising ten times as slow.
    plain = _WIDE_MARKS.sub(" ", f"{title}{text}")
    words = "".join(_WORDS.findall(unicodedata.normalize("NFKC", plain).lower()))
    return _hash(f"{author or at}\0{words}") if len(words) >= _LEAST_WORDS else ""


def same(batch: Sequence[Keys], known: Known, *, by_text: bool) -> list[str]:
    """For each of the batch the id of the known mention it is, "" when it is new.

    A known mention that stands in this very batch under its own id is not somebody else's, whatever they share; and a
    key that several of the batch have names none of them. `by_text` only where ids cannot be trusted (feeds).
    """
    present = {keys.ext_id for keys in batch}
    urls, texts = Counter(keys.url for keys in batch), Counter(keys.text for keys in batch)
    found = []
    for keys in batch:
        mention = known.by_ext_id.get(keys.ext_id, "")
        if not mention and keys.url and urls[keys.url] == 1:
            mention = _absent(known.by_url.get(keys.url), present)
        if not mention and by_text and keys.text and texts[keys.text] == 1:
            mention = _absent(known.by_text.get(keys.text), present)
        found.append(mention)
    return found


def _absent(found: tuple[str, str] | None, present: set[str]) -> str:
    return found[0] if found and found[1] not in present else ""


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_KEY]
