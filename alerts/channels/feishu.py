"""Feishu custom bot: a card with one link button; accepted means the JSON `code` is 0, HTTP says 200 to everything."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from alerts.channels import Channel, Rate, Reach, Receipt, seconds
from alerts.channels.answers import demand_yes, own_code
from alerts.channels.chat_text import OPEN, link, longest, plain, title, told
from alerts.channels.post import Answer, post, written
from store.nouns import Level, Page

# "20 KB" of the whole request, read in the stricter way.
LIMIT = 20_000
TITLE = 300
COLOUR = {Level.RED: "red", Level.ORANGE: "orange", Level.YELLOW: "yellow", Level.BLUE: "blue"}
REFUSED: Mapping[int, str] = MappingProxyType(
    {
        9499: "the request is malformed",
        11246: "the card is malformed",
        19001: "the hook's token is wrong or its bot was removed",
        19002: "a parameter is wrong",
        19007: "the bot is switched off",
        # One code for both; a clock an hour off is not right again within the minutes a page has.
        19021: "the signature does not match, or this machine's clock is over an hour off",
        19022: "this machine's address is not on the bot's list",
        19024: "the bot wants a keyword that the page does not have",
        19036: "the message is too long",
    }
)
LATER: Mapping[int, str] = MappingProxyType({9499: "too many messages", 11232: "too many messages"})


def send(page: Page, reach: Reach) -> Receipt:
    """Post the card, signed when the endpoint has a key; DeliveryError unless Feishu's own code is 0."""
    answer = post(
        reach.address(page),
        content=payload(page, reach.key(page), reach.clock()),
        headers={"Content-Type": "application/json; charset=utf-8"},
    )
    # Where the older StatusCode stands beside `code`, it stays 0 even when `code` refuses.
    code = own_code(answer, "code", "StatusCode")
    refused = {} if code == 9499 and _hurried(answer) else REFUSED
    demand_yes("Feishu", answer, code, refused, LATER)
    return Receipt("0", "accepted by Feishu")


def payload(page: Page, secret: str, now: datetime) -> bytes:
    """The whole request, at most LIMIT bytes: the body of the page gives way, title and button never do."""
    signed = sign(secret, seconds(now)) if secret else {}

    def request(words: str) -> bytes:
        return written({**signed, "msg_type": "interactive", "card": _card(page, words)})

    return request(longest(plain(told(page)), lambda words: len(request(words)) <= LIMIT))


def sign(secret: str, timestamp: int) -> dict[str, str]:
    """timestamp (s) and base64 HMAC-SHA256; both stand in the key, the message is empty."""
    made = hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": str(timestamp), "sign": base64.b64encode(made).decode()}


def _card(page: Page, words: str) -> dict[str, Any]:
    # plain_text shows what it is given; lark_md would read mentions and links in it.
    elements: list[dict[str, Any]] = []
    head = title(page, TITLE)
    if words or not page.link:
        elements.append({"tag": "div", "text": {"tag": "plain_text", "content": words or head}})
    if page.link:
        text = {"tag": "plain_text", "content": OPEN}
        button = {"tag": "button", "type": "primary", "text": text, "url": link(page)}
        elements.append({"tag": "action", "actions": [button]})
    header = {
        "template": COLOUR.get(page.level, "grey"),
        "title": {"tag": "plain_text", "content": head},
    }
    return {"config": {"wide_screen_mode": True}, "header": header, "elements": elements}


def _hurried(answer: Answer) -> bool:
    return "too many request" in str(answer.body.get("msg", "")).lower()


CHANNEL = Channel(send, rates=(Rate(100, timedelta(minutes=1)), Rate(5, timedelta(seconds=1))))
