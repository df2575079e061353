"""DingTalk custom robot: an action card with one link button; accepted means `errcode` is 0."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from alerts.channels import Channel, Rate, Reach, Receipt
from alerts.channels.answers import demand_yes, own_code
from alerts.channels.chat_text import OPEN, escaped, link, longest, title, told
from alerts.channels.post import Answer, post, written
from store.nouns import Page

LIMIT = 20_000
TITLE = 300
UNSAFE = 310000
REFUSED: Mapping[int, str] = MappingProxyType(
    {
        UNSAFE: "the robot's security settings (keyword, signature or address)",
        40035: "a parameter is missing",
        43004: "the content type is wrong",
        300001: "the hook's token is wrong",
        300005: "the hook's token is wrong",
        400013: "the group was dissolved",
        400101: "the hook's token is wrong",
        400102: "the robot is switched off",
        400105: "the kind of message is not supported",
        400106: "the robot is not in the group",
        430101: "it holds a link DingTalk calls unsafe",
        430102: "it holds words DingTalk does not carry",
        430103: "it holds a picture DingTalk does not carry",
        430104: "it holds something DingTalk does not carry",
        460101: "the message is too long",
    }
)
LATER: Mapping[int, str] = MappingProxyType(
    {
        -1: "busy",
        UNSAFE: "the time of the signature; is this machine's clock right?",
        130101: "more than 20 messages a minute, silence for ten minutes",
        410100: "too many messages",
        660026: "too many messages",
    }
)
# Over the limit the robot is silent for ten minutes, whatever is sent meanwhile.
SILENT: Mapping[int, int] = MappingProxyType({130101: 600, 410100: 600})
# The reason behind 310000 is only in the words, and those have changed over the years. The sentence about a wrong
# signature speaks of the timestamp (时间戳) too, so that word alone decides nothing.
_CLOCK = ("invalid timestamp", "签名过期", "timestamp 无效", "timestamp无效")


def send(page: Page, reach: Reach) -> Receipt:
    """Post the card to the signed hook; DeliveryError unless DingTalk's own code is 0."""
    hook, secret = reach.address(page), reach.key(page)
    if secret:
        hook = signed(hook, secret, int(reach.clock().timestamp() * 1000))
    answer = post(hook, content=payload(page), headers={"Content-Type": "application/json; charset=utf-8"})
    code = own_code(answer, "errcode")
    demand_yes("DingTalk", answer, code, {} if code == UNSAFE and _clock(answer) else REFUSED, LATER, SILENT)
    return Receipt("0", "accepted by DingTalk")


def signed(hook: str, secret: str, timestamp: int) -> str:
    """The hook with timestamp (ms) and signature. Quoted exactly once: quoted twice, DingTalk says no match."""
    made = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    sign = quote(base64.b64encode(made).decode(), safe="")
    return f"{hook}{'&' if '?' in hook else '?'}timestamp={timestamp}&sign={sign}"


def payload(page: Page) -> bytes:
    """The whole request, at most LIMIT bytes: the body of the page gives way, title and button never do."""

    def request(words: str) -> bytes:
        return written(_message(page, words))

    return request(longest(escaped(told(page)), lambda words: len(request(words)) <= LIMIT))


def _message(page: Page, words: str) -> dict[str, Any]:
    head = title(page, TITLE, escaped)
    # The title is what the list of chats shows; the card itself shows only the text. One line end is none here.
    text = "\n\n".join((f"### {head}", *(line for line in words.split("\n") if line)))
    if not page.link:
        return {"msgtype": "markdown", "markdown": {"title": head, "text": text}}
    button = {"btnOrientation": "0", "singleTitle": OPEN, "singleURL": link(page)}
    return {"msgtype": "actionCard", "actionCard": {"title": head, "text": text, **button}}


def _clock(answer: Answer) -> bool:
    said = str(answer.body.get("errmsg", "")).lower()
    return any(words in said for words in _CLOCK)


CHANNEL = Channel(send, rates=(Rate(20, timedelta(minutes=1)),))
