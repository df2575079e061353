"""Generic signed webhook: accepted means the receiver answered 2xx *and* said `{"accepted": true}`."""

import hashlib
import hmac
import json

from alerts.channels import Channel, Reach, Receipt
from alerts.channels.post import Answer, post
from config.errors import DeliveryError
from store.nouns import Page


def send(page: Page, reach: Reach) -> Receipt:
    """POST the page as JSON; the receiver checks X-GoldenHour-Signature and drops an Idempotency-Key it knows."""
    body = payload(page)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": page.id,
        "X-GoldenHour-Signature": sign(body, reach.key(page)),
    }
    return _judge(post(reach.address(page), content=body, headers=headers))


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


def _judge(answer: Answer) -> Receipt:
    code = str(answer.status)
    if answer.status == 429 or answer.status >= 500:
        raise DeliveryError(f"the receiver answered {code}", code=code)
    if not answer.ok:
        raise DeliveryError(f"the receiver refused with {code}", code=code, permanent=True)
    if answer.body.get("accepted") is not True:
        raise DeliveryError(f'the receiver answered {code} but not {{"accepted": true}}', code=f"{code}_not_accepted")
    return Receipt(code, "the receiver said accepted")


CHANNEL = Channel(send)
