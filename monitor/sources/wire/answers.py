"""Says what an HTTP answer other than success means for a source."""

from collections.abc import Mapping
from typing import Final, NoReturn

import httpx

from config.errors import SourceError
from monitor.sources.feeds.decode import decode
from monitor.sources.feeds.walls import wall_of
from monitor.sources.wire.bodies import read_body
from store.nouns import Outcome

# Enough of an error answer to tell a captcha from a refusal and to find RSSHub's message.
_LOOKED_AT: Final = 256_000
_LONGEST_HEADER: Final = 4_000
_MEANINGS: Final = {
    401: Outcome.AUTH_FAILED,
    403: Outcome.AUTH_FAILED,
    404: Outcome.GONE,
    407: Outcome.AUTH_FAILED,
    408: Outcome.TIMEOUT,
    410: Outcome.GONE,
    429: Outcome.RATE_LIMITED,
}


class ErrorAnswer(SourceError):
    """The server answered, but with an error.

    `wait` is its Retry-After as sent, "" when it sent none; `headers` have lower-case names.
    """

    def __init__(
        self,
        message: str,
        *,
        outcome: Outcome,
        permanent: bool,
        status: int,
        body: bytes = b"",
        wait: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, outcome=outcome, permanent=permanent)
        self.status, self.body, self.wait = status, body, wait
        self.headers = headers or {}


def raise_for_answer(response: httpx.Response, host: str) -> NoReturn:
    """Always raises the ErrorAnswer that fits status, headers and body."""
    status = response.status_code
    body = _error_body(response, host)
    outcome = outcome_of(status, response.headers.get("cf-mitigated", ""), body)
    wait = response.headers.get("retry-after", "")[:60] if outcome is Outcome.RATE_LIMITED or status == 503 else ""
    told = f"; it asks to wait {wait!r}" if wait else ""
    raise ErrorAnswer(
        f"{host}: answered {status} ({outcome.value}); allowed is 200, or 304 to a conditional request{told}",
        outcome=outcome, permanent=status == 410, status=status, body=body, wait=wait, headers=headers_of(response),
    )  # fmt: skip


def headers_of(response: httpx.Response) -> dict[str, str]:
    """The headers of an answer, names in lower case, values cut to a length no honest header needs."""
    return {name.lower(): value[:_LONGEST_HEADER] for name, value in response.headers.items()}


def outcome_of(status: int, mitigated: str, body: bytes) -> Outcome:
    """The outcome of an error status; a 403 or 429 that is a challenge for humans is `blocked`."""
    if status in (403, 429, 503) and (mitigated or _is_captcha(status, body)):
        return Outcome.BLOCKED
    return _MEANINGS.get(status, Outcome.SERVER_ERROR)


def _is_captcha(status: int, body: bytes) -> bool:
    # A 429 or 503 speaks of limits and trouble in every wording; only a 403 body is judged by its words.
    return status == 403 and wall_of(decode(body, None)) == "captcha"


def _error_body(response: httpx.Response, host: str) -> bytes:
    try:
        return read_body(response, _LOOKED_AT, host)
    except SourceError:
        # An error answer too large or broken to read is still an error answer.
        return b""
