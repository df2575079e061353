"""Turns the bytes of an answer into JSON: JSONP unwrapped, small damage repaired, a web screen told for what it is."""

import json
import re
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from config.errors import SourceError
from monitor.sources.clocktimes import is_chinese
from monitor.sources.feeds.decode import decode
from monitor.sources.feeds.walls import title_of, wall_of
from store.nouns import Outcome

_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# A backslash that begins nothing JSON knows stands for itself.
_BACKSLASH: Final = re.compile(r"\\(?:[\"\\/bfnrt]|u[0-9A-Fa-f]{4})|\\")
_CALL: Final = re.compile(r"\s*(?:/\*.{0,200}?\*/\s*)?(?:try\s*\{\s*)?[\w.$\[\]'\"]{1,200}\s*\(\s*(?=[{\[])")


@dataclass(frozen=True, slots=True)
class Parsed:
    """`document` is what the JSON says; `repaired`: it was damaged and something may be missing."""

    document: Any
    repaired: bool = False


def text_in(body: bytes, content_type: str, zone: ZoneInfo) -> str:
    """The text of an answer, whatever its charset."""
    charset = _CHARSET.search(content_type)
    return decode(body, charset[1] if charset else None, zh=is_chinese(zone)).strip("\ufeff\x00 \t\r\n")


def parse_json(text: str, *, jsonp: bool = False) -> Parsed:
    """What `text` says. SourceError: blocked (a captcha or login page instead), malformed (empty, HTML, no JSON)."""
    if not text:
        raise _malformed("an empty answer; allowed is JSON")
    if text.startswith("<"):
        raise _screen(text)
    start = _CALL.match(text) if jsonp and text[0] not in "{[" else None
    for repaired in (False, True):
        looked = text[start.end() :] if start else text
        if repaired:
            looked = _BACKSLASH.sub(lambda found: found[0] if len(found[0]) > 1 else "\\\\", _CONTROL.sub("", looked))
        try:
            return Parsed(_decoded(looked, whole=start is None), repaired)
        except (ValueError, RecursionError):
            continue
    raise _malformed(f"an answer that begins with {' '.join(text[:120].split())!r}, not JSON")


def _decoded(text: str, *, whole: bool) -> Any:
    # strict=False: raw control characters inside strings are common and harmless here.
    decoder = json.JSONDecoder(strict=False, parse_constant=lambda _: None)
    return decoder.decode(text) if whole else decoder.raw_decode(text)[0]


def _screen(text: str) -> SourceError:
    title = title_of(text)
    what = f"a web page titled “{title}” instead of JSON" if title else "a web page instead of JSON"
    wall = wall_of(text)
    if wall:
        return SourceError(f"{what}: a {wall} wall", outcome=Outcome.BLOCKED)
    return _malformed(what)


def _malformed(what: str) -> SourceError:
    return SourceError(what, outcome=Outcome.MALFORMED)
