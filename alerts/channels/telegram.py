"""Telegram bot: plain text and one link button; the token stands in the URL, so no URL is ever told."""

import re
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, urlsplit

from alerts.channels import Channel, Rate, Reach, Receipt
from alerts.channels.chat_text import OPEN, longest, plain, title, told
from alerts.channels.post import Answer, post
from config.errors import DeliveryError
from store.nouns import Page

# UTF-16 units; there are no entities, so nothing is taken away before Telegram counts.
LIMIT = 4_096
TITLE = 600
# A word behind a slash is a command that a tap sends to every bot of the chat.
_COMMAND = re.compile(r"(?<![\w/])/(?=\w)")
# Parts of Telegram's descriptions and what they mean; its own words are not repeated, they quote the button's link.
REASONS = {
    "chat not found": "there is no such chat, or the person never wrote to the bot",
    "blocked by the user": "the person has blocked the bot",
    "user is deactivated": "the person's account is gone",
    "kicked": "the bot was removed from the chat",
    "not a member": "the bot is not in the chat",
    "not enough rights": "the bot may not write there",
    "have no rights": "the bot may not write there",
    "unauthorized": "the token is wrong or was revoked",
    "message is too long": "the message is too long",
    "upgraded to a supergroup": "the group has become a supergroup",
    "not found": "the token is wrong",
}


def send(page: Page, reach: Reach) -> Receipt:
    """Send the message; DeliveryError unless Telegram says `"ok": true`.

    When it refuses the button's link the very same message goes once more with the link in the text.
    """
    token = reach.key(page)
    if not token:
        raise DeliveryError("Telegram: the chat has no bot token (secret_env)", code="no_token", permanent=True)
    url = f"{reach.gateways.telegram_url.rstrip('/')}/bot{quote(token, safe=':')}/sendMessage"
    chat, button = reach.address(page), linkable(page.link)
    answer = post(url, said=message(page, chat, button=button))
    if button and answer.body.get("ok") is False and _against_the_button(answer):
        answer = post(url, said=message(page, chat, button=False))
    return _judge(answer)


def message(page: Page, chat: str, *, button: bool) -> dict[str, Any]:
    """The request: first line and link stand whatever the length, the body gives way."""
    head, link = _COMMAND.sub("／", title(page, TITLE)), "" if button else page.link
    body = _COMMAND.sub("／", plain(told(page)))

    def text(words: str) -> str:
        return "\n\n".join(part for part in (head, words, link) if part)

    said = {
        "chat_id": chat,
        "text": text(longest(body, lambda words: units(text(words)) <= LIMIT)),
        "link_preview_options": {"is_disabled": True},
    }
    if button:
        said["reply_markup"] = {"inline_keyboard": [[{"text": OPEN, "url": page.link}]]}
    return said


def units(text: str) -> int:
    """Length as Telegram counts it: characters beyond the first 65,536 are two."""
    return len(text.encode("utf-16-le", "replace")) // 2


def linkable(link: str) -> bool:
    """Telegram takes a button only to a public host: a name with a dot, so not http://localhost."""
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in host.strip(".") and not _is_number(host)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _description(answer: Answer) -> str:
    return str(answer.body.get("description", "")).lower()


def _against_the_button(answer: Answer) -> bool:
    words = _description(answer)
    return "button" in words or "wrong http url" in words


def _judge(answer: Answer) -> Receipt:
    if answer.status == 200 and answer.body.get("ok") is True:
        result = answer.body.get("result")
        number = result.get("message_id") if isinstance(result, dict) else None
        return Receipt("ok", f"message {number} of Telegram" if type(number) is int else "accepted by Telegram")
    given = answer.body.get("error_code")
    status = given if type(given) is int and answer.body.get("ok") is False else answer.status
    code = str(status)
    if 200 <= status < 300:
        raise DeliveryError(f"Telegram answered {code} without its own ok", code=f"{code}_no_ok")
    if status in (408, 429):
        wait = _number(answer, "retry_after")
        words = f", it asks to wait {wait} s" if wait else ""
        raise DeliveryError(f"Telegram is busy ({code}){words}", code=code, wait_s=wait)
    if status >= 500:
        raise DeliveryError(f"Telegram is in trouble ({code})", code=code)
    said = _description(answer)
    why = next((why for part, why in REASONS.items() if part in said), "for a reason not known here")
    moved = _number(answer, "migrate_to_chat_id")
    words = f"; its chat id is now {moved}" if moved else ""
    raise DeliveryError(f"Telegram refused: {why}{words} ({code})", code=code, permanent=True)


def _number(answer: Answer, name: str) -> int:
    """One of the numbers Telegram adds to a refusal, 0 when it is not there."""
    given = answer.body.get("parameters")
    number = given.get(name) if isinstance(given, dict) else None
    return number if type(number) is int else 0


# In a chat one a second, in a group 20 a minute; what an address is cannot be told from a name, so both hold for all.
CHANNEL = Channel(
    send,
    rates=(
        Rate(1, timedelta(seconds=1)),
        Rate(20, timedelta(minutes=1)),
        Rate(30, timedelta(seconds=1), shared=True),
    ),
)
