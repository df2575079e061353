"""PagerDuty Events API v2: one alert per incident that is triggered, acknowledged and resolved; accepted means 202."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from alerts.channels import Channel, Rate, Reach, Receipt
from alerts.channels.chat_text import OPEN, longest, plain, title, told
from alerts.channels.post import Answer, post, written
from config.errors import DeliveryError
from store.nouns import Level, Page

# "512 KB" of the whole event, read in the stricter way; of the summary 1,024 characters, counted here in bytes.
LIMIT = 512_000
SUMMARY = 1_024
SEVERITY: Mapping[Level, str] = MappingProxyType(
    {Level.RED: "critical", Level.ORANGE: "error", Level.YELLOW: "warning", Level.BLUE: "info"}
)
ACTION: Mapping[str, str] = MappingProxyType({"acknowledged": "acknowledge", "resolved": "resolve"})
REFUSED: Mapping[int, str] = MappingProxyType(
    {400: "the routing key or the event is wrong", 413: "the event is larger than 512 KB"}
)
# Older keys are told 403 with these words when they are too fast.
_FAST = "throttle exceeded"


def send(page: Page, reach: Reach) -> Receipt:
    """Trigger the incident's alert; DeliveryError unless PagerDuty answers 202 with status "success"."""
    answer = _enqueue(reach, event(page, reach.address(page)))
    key = answer.body.get("dedup_key")
    return Receipt("202", f"accepted by PagerDuty as {key}" if key == dedup_key(page) else "accepted by PagerDuty")


def settle(page: Page, reach: Reach, state: str) -> None:
    """Acknowledge or resolve that alert; PagerDuty also says 202 when it has no open alert of this key."""
    said = {
        "routing_key": reach.address(page),
        "dedup_key": dedup_key(page),
        "event_action": ACTION[state],
    }
    _enqueue(reach, written(said))


def dedup_key(page: Page) -> str:
    """One alert per round of calls and per reminder; a page without an incident is its own.

    PagerDuty rings once per alert: a round that begins because an acknowledgement ran out must be a new one.
    """
    if not page.incident:
        return page.id
    turn = page.idempotency.rsplit(":", 2)[0]
    return "goldenhour-" + (turn.rpartition(".")[0] if page.reason == "call" else turn).replace(":", "-")


def event(page: Page, routing_key: str) -> bytes:
    """The whole trigger event, at most LIMIT bytes: the body of the page gives way, summary and link never do."""

    def request(words: str) -> bytes:
        return written({**_envelope(page, routing_key), "payload": _payload(page, words)})

    return request(longest(plain(told(page)), lambda words: len(request(words)) <= LIMIT))


def _envelope(page: Page, routing_key: str) -> dict[str, Any]:
    return {
        "routing_key": routing_key,
        "dedup_key": dedup_key(page),
        "event_action": "trigger",
        "client": "Golden Hour",
        "links": [{"href": page.link, "text": OPEN}] if page.link else [],
    }


def _payload(page: Page, words: str) -> dict[str, Any]:
    return {
        "summary": title(page, SUMMARY),
        "source": "golden-hour",
        "severity": SEVERITY.get(page.level, "info"),
        "timestamp": page.created_at.isoformat(),
        "class": page.reason,
        "custom_details": {"text": words, "level": page.level.value, "reason": page.reason},
    }


def _enqueue(reach: Reach, content: bytes) -> Answer:
    answer = post(
        f"{reach.gateways.pagerduty_url.rstrip('/')}/v2/enqueue",
        content=content,
        headers={"Content-Type": "application/json; charset=utf-8"},
    )
    status, code = answer.body.get("status"), str(answer.status)
    if answer.status == 202 and status == "success":
        return answer
    if answer.ok:
        raise DeliveryError(f"PagerDuty answered {code} without saying success", code=f"{code}_no_success")
    if answer.status in (408, 429) or status == _FAST:
        wait = _wait(answer)
        words = f", it asks to wait {wait} s" if wait else ""
        raise DeliveryError(f"PagerDuty is busy ({code}){words}", code=code, wait_s=wait)
    if answer.status >= 500:
        raise DeliveryError(f"PagerDuty is in trouble ({code})", code=code, wait_s=_wait(answer))
    # Its own words are not repeated: they may quote the routing key.
    why = REFUSED.get(answer.status, "for a reason not known here")
    raise DeliveryError(f"PagerDuty refused: {why} ({code})", code=code, permanent=True)


def _wait(answer: Answer) -> int:
    """Seconds it asks to be left alone, 0 when it does not say."""
    return int(answer.retry_after[:6]) if answer.retry_after.isdecimal() else 0


CHANNEL = Channel(send, rates=(Rate(120, timedelta(minutes=1)),), settle=settle)
