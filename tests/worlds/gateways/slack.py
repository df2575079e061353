"""A Slack that keeps its rules: tokens, channels, blocks, a message a second; it reads marks the way Slack does."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

from config.clock import Clock
from tests.alerts.receiver import Answer, Came, Receiver

TOKEN = "xoxb-210987654321-abcDEF"
CHANNEL_ID = "C0123456789"
HOOK = "/services/T0AAAA/B0BBBB/hookKEYhookKEYhookKEY"
HTML = b"<!doctype html><html><body>Sign in to the network to go on</body></html>"
# What Slack makes of text it reads as mrkdwn: calls, people, channels, links that hide where they lead.
_MARK = re.compile(r"<([!@#][^>]*|[a-z]+:[^>]*\|[^>]*)>", re.I)
_NAMES = re.compile(r"@(?:channel|everyone|here)\b")


class Slack(Receiver):
    """`shown` are the messages people see, `rang` what in them called somebody or hid a link.

    `channels`: channel id -> the error it gives, "" when the bot may post.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock
        self.base = self.url.removesuffix("/chat")
        self.hook = self.base + HOOK
        self.channels = {CHANNEL_ID: ""}
        self.shown: list[dict[str, Any]] = []
        self.rang: list[str] = []
        self.turns: dict[str, datetime] = {}
        self.instead: Answer | None = None

    def refuse(self, error: str, status: int = 200, wait: str = "") -> None:
        """Every call of the Web API is answered with this error."""
        self.headers = {"Retry-After": wait} if wait else {}
        self.instead = status, json.dumps({"ok": False, "error": error}).encode()

    def refuse_hook(self, word: str, status: int, wait: str = "") -> None:
        self.headers = {"Retry-After": wait} if wait else {}
        self.instead = status, word.encode()

    def take(self, came: Came) -> Answer:
        self.came.append(came)
        if self.instead:
            return self.instead
        if came.path == "/api/chat.postMessage":
            return self._call(came)
        return self._hook(came) if came.path.startswith("/services/") else (404, HTML)

    def _call(self, came: Came) -> Answer:
        said = json.loads(came.body.decode("utf-8", "strict"))
        error = self._refused(came, said)
        if error:
            return 429 if error == "ratelimited" else 200, json.dumps({"ok": False, "error": error}).encode()
        stamp = f"{int(self.clock().timestamp())}.{len(self.shown):06}"
        yes = {"ok": True, "channel": said["channel"], "ts": stamp, "message": {"text": said["text"], "ts": stamp}}
        self._show(said)
        return 200, json.dumps(yes).encode()

    def _refused(self, came: Came, said: dict[str, Any]) -> str:
        if "authorization" not in came.headers:
            return "not_authed"
        if came.headers["authorization"] != f"Bearer {TOKEN}":
            return "invalid_auth"
        channel = said.get("channel", "")
        return self.channels.get(channel, "channel_not_found") or self._hurried(channel) or _fault(said)

    def _hook(self, came: Came) -> Answer:
        if came.path != HOOK:
            return 404, b"no_service"
        if self._hurried(HOOK):
            return 429, b"rate_limited"
        said = json.loads(came.body.decode("utf-8", "strict"))
        fault = _fault(said)
        if fault:
            return 400, fault.encode()
        self._show(said)
        return 200, b"ok"

    def _hurried(self, where: str) -> str:
        last, self.turns[where] = self.turns.get(where), self.clock()
        hurried = last is not None and self.clock() - last < timedelta(seconds=1)
        self.headers = {"Retry-After": "1"} if hurried else {}
        return "ratelimited" if hurried else ""

    def _show(self, said: dict[str, Any]) -> None:
        self.shown.append(said)
        read = [said["text"]] + [part["text"] for part in _parts(said["blocks"]) if part["type"] == "mrkdwn"]
        self.rang += [mark for text in read for mark in _MARK.findall(text)]
        if said.get("link_names") or said.get("parse") == "full":
            self.rang += [mark for text in read for mark in _NAMES.findall(text)]


def texts(message: dict[str, Any]) -> list[str]:
    """Every text of the blocks, in order."""
    return [part["text"] for part in _parts(message["blocks"])]


def buttons(message: dict[str, Any]) -> list[str]:
    """Where the buttons lead."""
    return [one["url"] for block in message["blocks"] for one in block.get("elements", [])]


def _parts(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The text objects of the blocks."""
    found = []
    for block in blocks:
        found += [block["text"]] if "text" in block else []
        found += [one["text"] for one in block.get("elements", [])]
    return found


def _fault(said: dict[str, Any]) -> str:
    blocks = said.get("blocks", [])
    if not blocks and not said.get("text"):
        return "no_text"
    if len(said.get("text", "")) > 40_000:
        return "msg_too_long"
    return "" if all(_well_formed(block) for block in blocks) and len(blocks) <= 50 else "invalid_blocks"


def _well_formed(block: dict[str, Any]) -> bool:
    if block["type"] == "header":
        return block["text"]["type"] == "plain_text" and 0 < _length(block["text"]["text"]) <= 150
    if block["type"] == "section":
        return 0 < _length(block["text"]["text"]) <= 3000
    if block["type"] == "actions":
        return 0 < len(block["elements"]) <= 25 and all(_button(one) for one in block["elements"])
    return False


def _button(one: dict[str, Any]) -> bool:
    return len(one["text"]["text"]) <= 75 and len(one["url"]) <= 3000 and one["url"].startswith(("http://", "https://"))


def _length(text: str) -> int:
    # The stricter of the two ways Slack may count.
    return len(text.encode("utf-16-le")) // 2
