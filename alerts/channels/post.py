"""One POST to a provider: whole answer or a named failure; the address (often a key itself) is in no message."""

import json
import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpcore
import httpx

from config.errors import DeliveryError
from config.wire import TimedBackend, Transport, ends_within

# httpx tells every address at INFO, and an address here is often a key.
logging.getLogger("httpx").setLevel(logging.WARNING)
SECONDS = 10.0
LARGEST = 65_536


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider said. `body` is its JSON object, {} when it is none; `text` at most 64 KB of it as words.

    `retry_after` is what the provider asked to wait, in whole seconds as it was written, "" when it did not.
    """

    status: int
    body: dict[str, Any]
    text: str
    retry_after: str

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


def post(
    url: str,
    *,
    content: bytes | None = None,
    said: Mapping[str, Any] | None = None,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
    within: float = SECONDS,
    verb: str = "POST",
) -> Answer:
    """Send bytes, a JSON object (`said`) or a form. Redirects are answers, not orders.

    DeliveryError: `connect` (never got there), `address` (no http address, permanent), otherwise ambiguous: the
    request went out and no whole answer came back within `within` seconds.
    """
    # The answer is read as it comes, so it must not come packed.
    sent = {"Accept-Encoding": "identity"}
    if said is not None:
        sent["Content-Type"] = "application/json; charset=utf-8"
    body = written(said) if said is not None else content
    client = httpx.Client(transport=Transport(_tls(), TimedBackend()), trust_env=False, follow_redirects=False)
    try:
        with client, ends_within(within):
            request = client.build_request(verb, url, content=body, data=form, headers={**sent, **(headers or {})})
            answer = client.send(request, auth=auth or httpx.USE_CLIENT_DEFAULT, stream=True)
            return _read(answer)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpcore.UnsupportedProtocol) as error:
        raise DeliveryError("the address is no http(s) address", code="address", permanent=True) from error
    except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
        raise DeliveryError(f"cannot be reached ({type(error).__name__})", code="connect") from error
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpx.HTTPError) as error:
        kind = type(error).__name__
        raise DeliveryError(f"no whole answer ({kind})", code=kind, ambiguous=True) from error


def written(said: Mapping[str, Any]) -> bytes:
    """A JSON object as UTF-8; half a character becomes a question mark instead of stopping a call."""
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")


def _read(answer: httpx.Response) -> Answer:
    try:
        raw = b""
        for piece in answer.iter_raw():
            raw += piece
            if len(raw) > LARGEST:
                break
    finally:
        answer.close()
    text = raw[:LARGEST].decode("utf-8", "replace")
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        body = None
    status, wait = answer.status_code, answer.headers.get("retry-after", "")
    return Answer(status, body if isinstance(body, dict) else {}, text, wait)


@cache
def _tls() -> ssl.SSLContext:
    # Loading the certificate store costs 20 ms; it is the same for every message.
    return ssl.create_default_context()
