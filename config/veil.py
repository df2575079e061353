"""Secrets never reach a log: every known secret value, and every password in an address, is written as ***.

Nor do strangers' words act there: a record is one line and its trace is set in, without control or direction marks.
"""

import json
import logging
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, unquote, urlsplit

from config.errors import SettingsError
from config.gateways import ACCOUNT_SECRETS, SECRET_ADDRESS
from config.load import secret
from config.settings import Settings

VEILED = "***"
OWN = ("GOLDENHOUR_SECRET", "GOLDENHOUR_SMTP_PASSWORD", *ACCOUNT_SECRETS)
URLS = ("GOLDENHOUR_STORE_URL", "GOLDENHOUR_REDIS_URL")
# Addresses of these say where a person is; all others open a room or an account to whoever knows them.
PUBLIC_CHANNELS = ("email", "wecom_app", "slack", "telegram", "twilio_sms", "twilio_voice", "aliyun_sms")
# Anything shorter would take words apart that are no secret; it is covered where it stands alone.
SHORT = 6
# A line that begins otherwise is a record of ours.
SET_IN = "  "
_ACTING = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
_SECRETIVE = re.compile(r"[A-Z0-9_]*(?:SECRET|TOKEN|PASSWORD|PASSWD|APIKEY|API_KEY|BEARER|_KEY)(?:_FILE)?")
_IN_ADDRESS = re.compile(r"(?<=://)([^\s/@:'\"]*):[^\s'\"/]+@")
_PASSWORD = re.compile(r"://[^:@/]*:(.+)@[^@]*")

Values = Callable[[], Iterable[str]]


def cover(text: str, values: Iterable[str]) -> str:
    """`text` with every one of `values`, as it is and as addresses, JSON and repr write it, replaced by ***."""
    forms = {form for value in values if value for form in _forms(value)}
    for form in sorted(forms, key=len, reverse=True):
        if len(form) >= SHORT:
            text = text.replace(form, VEILED)
        else:
            text = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", VEILED, text)
    return _IN_ADDRESS.sub(rf"\1:{VEILED}@", text)


def secret_values(settings: Settings | None, env: Mapping[str, str]) -> set[str]:
    """Every secret the settings use, read anew: those named, hooks written out, passwords in store and Redis URLs."""
    names = {*OWN, *_by_their_names(env), *(settings and _named(settings) or ())}
    found = {value for name in names if (value := _read(name, env))}
    found |= {word for name in URLS for word in _passwords(env.get(name, ""))}
    if settings:
        service = settings.service
        found |= {word for url in (service.store.url, service.runner.redis_url) for word in _passwords(url)}
        found |= {one for one in (*_hooks(settings), service.watching.heartbeat_url) if one}
    return {one for one in found if not SECRET_ADDRESS.fullmatch(one)}


class VeiledFormatter(logging.Formatter):
    """A log line with its trace, veiled as a whole; values are asked anew and never forgotten, for they may rotate."""

    def __init__(self, form: str, values: Values) -> None:
        super().__init__(form)
        self.values = values
        self._ever: set[str] = set(values())

    def format(self, record: logging.LogRecord) -> str:
        self._ever |= set(self.values())
        return cover(super().format(record), self._ever)

    def formatMessage(self, record: logging.LogRecord) -> str:
        return _shown(cover(super().formatMessage(record), self._ever))

    def formatException(self, ei: Any) -> str:
        # Covered before it is cut into lines, for a secret may have several.
        trace = cover(super().formatException(ei), self._ever)
        return "\n".join(f"{SET_IN}{_shown(line)}" for line in trace.split("\n"))


def key_file(path: Path) -> set[str]:
    """The signing key an embedded house made for itself, when there is one."""
    try:
        return {path.read_text(encoding="ascii").strip()}
    except (OSError, UnicodeDecodeError):
        return set()


def _shown(text: str) -> str:
    """On one line, with what a terminal would obey or a reader not see written as its number."""
    return "".join(c.encode("unicode_escape").decode() if unicodedata.category(c) in _ACTING else c for c in text)


def _by_their_names(env: Mapping[str, str]) -> Iterable[str]:
    """Variables that say themselves what they are: sources added on screen name theirs in the store, not here."""
    for name in env:
        if _SECRETIVE.fullmatch(name):
            yield name.removesuffix("_FILE")


def _named(settings: Settings) -> Iterable[str]:
    for source in settings.watch.source:
        yield from (name for key in ("secret_env", "secret_name") if (name := getattr(source, key, "")))
    for person in settings.team.person:
        for end in person.endpoint:
            hidden = SECRET_ADDRESS.fullmatch(end.address)
            yield from (name for name in (end.secret_env, hidden[1] if hidden else "") if name)
    hidden = SECRET_ADDRESS.fullmatch(settings.service.watching.heartbeat_url)
    if hidden:
        yield hidden[1]


def _hooks(settings: Settings) -> Iterable[str]:
    for person in settings.team.person:
        for end in person.endpoint:
            if end.channel not in PUBLIC_CHANNELS or "://" in end.address:
                yield end.address


def _read(name: str, env: Mapping[str, str]) -> str:
    try:
        return secret(name, env)
    except SettingsError:
        # The file cannot be read: then nobody here holds the value either.
        return ""


def _passwords(url: str) -> set[str]:
    """The password of an address, as it stands there and as it is meant."""
    found = _PASSWORD.search(url)
    return {found[1], unquote(found[1])} if found else set()


def _forms(value: str) -> set[str]:
    return {
        value,
        quote(value, safe=""),
        quote(value),
        quote_plus(value),
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        repr(value)[1:-1],
        # Also hooks without their scheme and paths without their host are keys.
        *({value.partition("://")[2], _path(value)} if "://" in value else ()),
    } - {""}


def _path(url: str) -> str:
    """What of a hook's address is the key: path and query, when there is anything to it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    tail = parts.path + (f"?{parts.query}" if parts.query else "")
    return tail if len(tail) >= 2 * SHORT else ""
