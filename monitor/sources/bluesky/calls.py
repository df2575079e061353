"""One request to a Bluesky server: limits asked first, refusals named by the server's own error code."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from config.errors import SourceError
from config.mapping import Limits
from monitor.sources.feeds.decode import decode
from monitor.sources.feeds.walls import wall_of
from monitor.sources.tools import Tools
from monitor.sources.wire.answers import ErrorAnswer
from monitor.sources.wire.fetch import Fetched
from monitor.sources.wire.resets import reset_of
from store.nouns import Outcome

WINDOW: Final = timedelta(minutes=5)
TOKEN_ERRORS: Final = frozenset({"ExpiredToken", "InvalidToken", "AuthMissing", "AuthenticationRequired"})
_NO_ACCESS: Final = TOKEN_ERRORS | {"AccountTakedown", "AccountDeactivated", "AuthFactorTokenRequired"}
_CODE: Final = re.compile(r"[A-Za-z]{1,60}")


class BlueskyFault(SourceError):
    """The server refused: `status` as sent, `code` is its own word for it, "" when it gave none."""

    def __init__(
        self, message: str, *, outcome: Outcome, status: int, code: str, until: datetime | None = None
    ) -> None:
        super().__init__(message, outcome=outcome, until=until)
        self.status, self.code = status, code

    @property
    def about_token(self) -> bool:
        """Whether another token may help; Bluesky says so with 400 or 401."""
        return self.status == 401 or (self.status == 400 and self.code in TOKEN_ERRORS)


@dataclass(frozen=True, slots=True)
class Calls:
    """`server` without a slash at its end; `account` and `limits` are those of the source."""

    server: str
    account: str
    limits: Limits
    tools: Tools

    def get(self, method: str, params: Sequence[tuple[str, str]], token: str) -> dict[str, Any]:
        """The answer to a query; SourceError, BlueskyFault when the server refused."""
        self.tools.limiter.ask(self.account, self.limits)
        return self._send(f"{method}?{urlencode(params)}", token, None)

    def post(self, method: str, token: str, body: bytes = b"", *, limits: Limits | None = None) -> dict[str, Any]:
        """The answer to a procedure. With `limits` it counts against an account of its own as well."""
        if limits is not None:
            self.tools.limiter.ask(f"{self.account}:login", limits)
        self.tools.limiter.ask(self.account, self.limits)
        return self._send(method, token, body)

    def _send(self, path: str, token: str, body: bytes | None) -> dict[str, Any]:
        headers = {"Accept": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if body:
            headers["Content-Type"] = "application/json"
        try:
            fetched = self.tools.fetch.fetch(f"{self.server}/xrpc/{path}", headers=headers, body=body)
        except ErrorAnswer as error:
            raise self._fault(error) from None
        # A login has a limit of its own, which says nothing of what may be read.
        if body is None and fetched.headers.get("ratelimit-remaining", "").strip() == "0":
            self._stop(reset_of(fetched.headers, self.tools.now, WINDOW), fetched.host)
        return _object(fetched)

    def _fault(self, error: ErrorAnswer) -> BlueskyFault:
        code = _code(error.body)
        outcome, until = Outcome(error.outcome), None
        if code in _NO_ACCESS:
            outcome = Outcome.AUTH_FAILED
        elif outcome is Outcome.RATE_LIMITED:
            until = reset_of(error.headers, self.tools.now, WINDOW) or self.tools.now + WINDOW
            self._stop(until, "Bluesky")
        said = f"{error}: {code}" if code else str(error)
        return BlueskyFault(said, outcome=outcome, status=error.status, code=code, until=until)

    def _stop(self, until: datetime | None, who: str) -> None:
        if until is not None:
            self.tools.limiter.stop(self.account, until, f"{who}: the rate limit is used up")


def _object(fetched: Fetched) -> dict[str, Any]:
    text = decode(fetched.body, None)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        return found
    wall = wall_of(text)
    what = f"a {wall} wall" if wall else "no JSON object"
    outcome = Outcome.BLOCKED if wall else Outcome.MALFORMED
    raise SourceError(f"{fetched.host}: answered {fetched.status} with {what}", outcome=outcome)


def _code(body: bytes) -> str:
    """The server's word for its refusal; only words, so that nothing it repeats of ours can be shown."""
    try:
        found = json.loads(decode(body, None))
    except (ValueError, RecursionError):
        return ""
    code = found.get("error") if isinstance(found, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""
