"""ntfy: published as JSON at the server's root, so titles may be Chinese; accepted means a message with an id."""

import re
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from alerts.channels import Channel, Rate, Reach, Receipt
from alerts.channels.chat_text import OPEN, longest, plain, title, told
from alerts.channels.post import Answer, post, written
from config.errors import DeliveryError
from store.nouns import Level, Page

# A message of exactly 4,096 bytes is already made an attachment, and so is a request of 8,192 refused.
MESSAGE = 4_095
REQUEST = 8_191
TITLE = 250
PRIORITY: Mapping[Level, int] = MappingProxyType({Level.RED: 5, Level.ORANGE: 4, Level.YELLOW: 3, Level.BLUE: 2})
_TOPIC = re.compile(r"[-_A-Za-z0-9]{1,64}")
_ID = re.compile(r"[-_A-Za-z0-9]{1,64}")


def send(page: Page, reach: Reach) -> Receipt:
    """Publish to the topic; DeliveryError unless ntfy answers 200 with an `id` and `event` "message"."""
    root, topic = parts(reach.address(page))
    token = reach.key(page)
    headers = {"Content-Type": "application/json; charset=utf-8"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return _judge(post(root, content=payload(page, topic), headers=headers))


def parts(address: str) -> tuple[str, str]:
    """(root, topic) of `https://host/topic`; DeliveryError when there is no topic. JSON is only read at the root."""
    try:
        found = urlsplit(address)
    except ValueError as error:
        raise DeliveryError("ntfy: the address is no http(s) address", code="address", permanent=True) from error
    folder, _, topic = found.path.rstrip("/").rpartition("/")
    if not _TOPIC.fullmatch(topic):
        raise DeliveryError("ntfy: the address has no topic (https://host/topic)", code="address", permanent=True)
    return urlunsplit((found.scheme, found.netloc, f"{folder}/", found.query, "")), topic


def payload(page: Page, topic: str) -> bytes:
    """The whole request: the body of the page gives way, title and link never do."""
    head = title(page, TITLE)

    def request(words: str) -> bytes:
        return written(_said(page, topic, head, words or head))

    def fits(words: str) -> bool:
        return len(words.encode("utf-8", "replace")) <= MESSAGE and len(request(words)) <= REQUEST

    return request(longest(plain(told(page)), fits))


def _said(page: Page, topic: str, head: str, words: str) -> dict[str, Any]:
    said = {"topic": topic, "title": head, "message": words, "priority": PRIORITY.get(page.level, 3)}
    if page.link:
        said |= {"click": page.link, "actions": [{"action": "view", "label": OPEN, "url": page.link}]}
    return said


def _judge(answer: Answer) -> Receipt:
    made = answer.body.get("id")
    if answer.status == 200 and answer.body.get("event") == "message" and isinstance(made, str) and made:
        return Receipt("200", f"message {made} of ntfy" if _ID.fullmatch(made) else "accepted by ntfy")
    given = answer.body.get("code")
    code = str(given) if type(given) is int else str(answer.status)
    if answer.ok:
        raise DeliveryError(f"ntfy answered {answer.status} without a message's id", code=f"{answer.status}_no_id")
    wait = _wait(answer)
    words = f", it asks to wait {wait} s" if wait else ""
    if answer.status in (408, 429):
        raise DeliveryError(f"ntfy is busy ({code}){words}", code=code, wait_s=wait)
    if answer.status >= 500:
        raise DeliveryError(f"ntfy is in trouble ({code}){words}", code=code, wait_s=wait)
    raise DeliveryError(f"ntfy refused ({code})", code=code, permanent=True)


def _wait(answer: Answer) -> int:
    """Seconds it asks to be left alone, 0 when it does not say."""
    return int(answer.retry_after[:6]) if answer.retry_after.isdecimal() else 0


# 60 at once and then one every 5 s, counted per machine that sends: never more than 60 in 300 s keeps that.
CHANNEL = Channel(send, rates=(Rate(60, timedelta(minutes=5), shared=True),))
