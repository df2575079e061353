"""WeCom group bot: markdown of at most 4,096 bytes with one link; accepted means `errcode` is 0."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from alerts.channels import Channel, Rate, Reach, Receipt
from alerts.channels.answers import demand_yes, own_code
from alerts.channels.chat_text import OPEN, escaped, link, longest, title, told
from alerts.channels.post import post
from store.nouns import Page

LIMIT = 4_096
TITLE = 300
REFUSED: Mapping[int, str] = MappingProxyType(
    {
        40008: "the kind of message is not supported",
        40035: "a parameter is wrong",
        40058: "a parameter is wrong or the message is too long",
        40063: "a parameter is empty",
        44004: "the message is empty",
        45002: "the message is too long",
        85002: "it holds words WeCom does not carry",
        93000: "the hook's key is wrong or its bot was removed",
        93004: "the bot is switched off",
        93008: "the bot is not in the group",
    }
)
LATER: Mapping[int, str] = MappingProxyType(
    {-1: "busy", 45009: "too many messages", 45033: "too many messages at once"}
)


def send(page: Page, reach: Reach) -> Receipt:
    """Post the markdown to the hook; DeliveryError unless WeCom's own code is 0."""
    said = {"msgtype": "markdown", "markdown": {"content": content(page)}}
    answer = post(reach.address(page), said=said)
    demand_yes("WeCom", answer, own_code(answer, "errcode"), REFUSED, LATER)
    return Receipt("0", "accepted by WeCom")


def content(page: Page) -> str:
    """At most LIMIT bytes of markdown: the body of the page gives way, title and link never do."""
    head = f"**{title(page, TITLE, escaped)}**\n"
    if page.link:
        head += f"[{OPEN}]({link(page)})\n"
    room = LIMIT - len(head.encode())
    return head + longest(escaped(told(page)), lambda words: len(words.encode()) <= room)


CHANNEL = Channel(send, rates=(Rate(20, timedelta(minutes=1)),))
