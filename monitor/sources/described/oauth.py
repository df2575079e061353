"""Makes a token of a client id and secret, and keeps it in memory until it nearly ends; it is never written down."""

import json
import threading
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from config.errors import SourceError
from config.mapping import Auth, Request
from monitor.sources.described.paths import look, text_of
from monitor.sources.described.text import parse_json, text_in
from monitor.sources.described.transforms import whole
from monitor.sources.wire.answers import ErrorAnswer
from monitor.sources.wire.fetch import Fetcher
from store.nouns import Outcome

# A token that ends while it travels is no use.
_EARLY: Final = timedelta(minutes=2)
_USUAL: Final = 3600
_LONGEST: Final = 30 * 86_400
_MOST: Final = 1000
_REFUSED: Final = frozenset({400, 401, 403})


@dataclass(frozen=True, slots=True)
class Token:
    value: str = field(repr=False)
    until: datetime


@dataclass(slots=True)
class Tokens:
    """The tokens of this process; thread-safe."""

    _kept: dict[tuple[str, str], Token] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def kept(self, auth: Auth, secret: str, now: datetime) -> str:
        """The token that still holds for this secret, "" when a new one has to be asked for."""
        with self._lock:
            token = self._kept.get((auth.token_url, secret))
        return token.value if token and token.until > now + _EARLY else ""

    def forget(self, auth: Auth, secret: str) -> None:
        """The place no longer takes it."""
        with self._lock:
            self._kept.pop((auth.token_url, secret), None)

    def ask(self, request: Request, secret: str, fetch: Fetcher, now: datetime) -> str:
        """A new token; SourceError (auth_failed, or what the network says) when there is none."""
        token = _asked(request, secret, fetch, now)
        with self._lock:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[(request.auth.token_url, secret)] = token
        return token.value


def parts_of(secret: str) -> tuple[str, str]:
    """`id:secret` as a pair; SourceError (auth_failed) when it is written otherwise."""
    name, colon, key = secret.partition(":")
    if not colon or not name.strip() or not key.strip():
        raise SourceError("the secret of an app is written `id:secret`", outcome=Outcome.AUTH_FAILED)
    return name.strip(), key.strip()


def _asked(request: Request, secret: str, fetch: Fetcher, now: datetime) -> Token:
    auth, (name, key) = request.auth, parts_of(secret)
    # The same name as in the questions: Reddit, for one, turns away who gives none.
    headers = {"Accept": "application/json", **{k: v for k, v in request.headers.items() if k.lower() == "user-agent"}}
    if auth.token_body:
        filled = {k: v.replace("{id}", name).replace("{secret}", key) for k, v in auth.token_body.items()}
        headers["Content-Type"] = "application/json"
        body = json.dumps(filled).encode()
    else:
        headers["Authorization"] = f"Basic {b64encode(f'{name}:{key}'.encode()).decode()}"
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode({"grant_type": "client_credentials"}).encode()
    try:
        answer = fetch.fetch(auth.token_url, headers=headers, body=body)
    except ErrorAnswer as error:
        if error.status not in _REFUSED or error.outcome == Outcome.BLOCKED:
            raise
        raise SourceError(f"{error}; no token was given", outcome=Outcome.AUTH_FAILED) from error
    document = parse_json(text_in(answer.body, answer.content_type, ZoneInfo("UTC"))).document
    value = text_of(look(auth.token_at, document))
    if not value or not value.isascii() or not value.isprintable():
        raise SourceError(f"{answer.host}: the answer holds no token", outcome=Outcome.AUTH_FAILED)
    lives = whole(look(auth.expires_at, document)) or _USUAL
    return Token(value, now + timedelta(seconds=min(max(lives, 1), _LONGEST)))
