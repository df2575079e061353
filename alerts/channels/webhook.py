"""Generic signed webhook: accepted means the receiver answered 2xx *and* said `{"accepted": true}`."""

import hashlib
import hmac
import json

import httpx

from alerts.channels import Reach, Receipt
from config.errors import DeliveryError
from store.nouns import Page

TIMEOUT_SECONDS = 10.0


def send(page: Page, reach: Reach) -> Receipt:
    """POST the page as JSON; the receiver checks X-GoldenHour-Signature and drops an Idempotency-Key it knows."""
    body = payload(page)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": page.id,
        "X-GoldenHour-Signature": sign(body, reach.secret(reach.secret_names.get(page.address, ""))),
    }
    try:
        answer = httpx.post(page.address, content=body, headers=headers, timeout=TIMEOUT_SECONDS)
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise DeliveryError(f"the receiver cannot be reached ({type(error).__name__})", code="connect") from error
    except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise DeliveryError(f"{page.address} is no http(s) address", code="address", permanent=True) from error
    except httpx.HTTPError as error:
        kind = type(error).__name__
        raise DeliveryError(f"no whole answer ({kind})", code=kind, ambiguous=True) from error
    return _judge(answer)


def payload(page: Page) -> bytes:
    said = {
        "id": page.id,
        "key": page.idempotency,
        "incident": page.incident,
        "level": page.level.value,
        "reason": page.reason,
        "person": page.person,
        "subject": page.subject,
        "body": page.body,
        "link": page.link,
        "created_at": page.created_at.isoformat(),
    }
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")


def sign(body: bytes, secret: str) -> str:
    """`sha256=` and the hex HMAC-SHA256 of the body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _judge(answer: httpx.Response) -> Receipt:
    code = str(answer.status_code)
    if answer.status_code == 429 or answer.status_code >= 500:
        raise DeliveryError(f"the receiver answered {code}", code=code)
    if not answer.is_success:
        raise DeliveryError(f"the receiver refused with {code}", code=code, permanent=True)
    try:
        said = answer.json()
    except ValueError:
        said = None
    if not (isinstance(said, dict) and said.get("accepted") is True):
        raise DeliveryError(f'the receiver answered {code} but not {{"accepted": true}}', code=f"{code}_not_accepted")
    return Receipt(code, "the receiver said accepted")
