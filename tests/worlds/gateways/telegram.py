"""A Telegram that keeps its rules: token in the path, chats, 4,096 UTF-16 units, public buttons, its rates."""

import json
import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from config.clock import Clock
from tests.alerts.receiver import Answer, Came, Receiver

TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake_-1"
CHAT = "4711001"
GROUP = "-1001234567890"
HTML = b"<!doctype html><html><body>Sign in to the network to go on</body></html>"
_PATH = re.compile(r"/bot(\d+:[\w-]+)/sendMessage")
# Telegram makes these of plain text by itself: calls, commands, and links to anything that looks like a host.
_ACTING = re.compile(r"(?<!\w)@\w{4,32}|(?<![\w/])/\w+|\b[a-z][a-z0-9+.-]*://\S+|\b(?:[\w-]+\.)+[a-z]{2,}\b", re.I)


class Telegram(Receiver):
    """`shown` are the messages people see. `chats`: chat id -> what Telegram says instead of sending, "" when it sends.

    `barred` are hosts its server refuses in buttons although they look public.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock
        self.base = self.url.removesuffix("/chat")
        self.chats = {CHAT: "", GROUP: ""}
        self.barred: set[str] = set()
        self.shown: list[dict[str, Any]] = []
        self.turns: list[tuple[str, datetime]] = []
        self.instead: Answer | None = None

    def refuse(self, code: int, words: str, status: int = 0, **parameters: int) -> None:
        """Every message is answered with this error_code and description."""
        self.instead = _no(code, words, status, **parameters)

    def take(self, came: Came) -> Answer:
        self.came.append(came)
        if self.instead:
            return self.instead
        found = _PATH.fullmatch(came.path)
        if not found:
            return _no(404, "Not Found")
        if found[1] != TOKEN:
            return _no(401, "Unauthorized")
        return self._send(json.loads(came.body.decode("utf-8", "strict")))

    def _send(self, said: dict[str, Any]) -> Answer:
        chat = str(said["chat_id"])
        words = self.chats.get(chat, "Bad Request: chat not found") or self._fault(said)
        if words:
            return _no(403 if words.startswith("Forbidden") else 400, words)
        wait = self._hurried(chat)
        if wait:
            return _no(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        self.shown.append(said)
        result = {"message_id": len(self.shown), "chat": {"id": int(chat)}, "date": 0, "text": said["text"].strip()}
        return 200, json.dumps({"ok": True, "result": result}).encode()

    def _fault(self, said: dict[str, Any]) -> str:
        if not said["text"].strip():
            return "Bad Request: message text is empty"
        if units(said["text"]) > 4096:
            return "Bad Request: message is too long"
        if "parse_mode" in said:
            return "Bad Request: can't parse entities"
        return next((fault for fault in map(self._button_fault, buttons(said)) if fault), "")

    def _button_fault(self, url: str) -> str:
        host = urlsplit(url).hostname or ""
        if not url.startswith(("http://", "https://")):
            return f"Bad Request: inline keyboard button URL '{url}' is invalid: Unsupported URL protocol"
        if "." not in host:
            return f"Bad Request: inline keyboard button URL '{url}' is invalid: Wrong HTTP URL"
        return "Bad Request: BUTTON_URL_INVALID" if host in self.barred else ""

    def _hurried(self, chat: str) -> int:
        now = self.clock()
        self.turns = [(one, at) for one, at in self.turns if now - at < timedelta(minutes=1)]
        mine = [at for one, at in self.turns if one == chat]
        if any(now - at < timedelta(seconds=1) for at in mine):
            return 1
        if chat.startswith("-") and len(mine) >= 20:
            return 60 - int((now - mine[0]).total_seconds())
        self.turns.append((chat, now))
        return 0


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def buttons(said: dict[str, Any]) -> list[str]:
    """Where the buttons lead."""
    return [one["url"] for row in said.get("reply_markup", {}).get("inline_keyboard", []) for one in row]


def acting(text: str) -> list[str]:
    """What Telegram would make a call, a command or a link of."""
    return _ACTING.findall(text)


def _no(code: int, words: str, status: int = 0, **parameters: int) -> Answer:
    said: dict[str, Any] = {"ok": False, "error_code": code, "description": words}
    if parameters:
        said["parameters"] = parameters
    return status or code, json.dumps(said).encode()
