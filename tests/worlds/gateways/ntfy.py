"""An ntfy server that keeps its rules: JSON at the root only, sizes in bytes, tokens, 60 at once, then one per 5 s."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

from config.clock import Clock
from tests.alerts.receiver import Answer, Came, Receiver

TOPIC = "crisis_x7Kq2"
TOKEN = "tk_agQdq7mVBoFD37zQVN29RhuMzNIz2"
HTML = b"<!doctype html><html><body>Sign in to the network to go on</body></html>"
SAYS = {
    40007: "invalid priority parameter",
    40009: "invalid request: topic invalid",
    40014: "invalid request: attachments not allowed",
    40018: "invalid request: actions invalid",
    40024: "invalid request: request body must be valid JSON",
    40057: "invalid request: title too long",
    40101: "unauthorized",
    40301: "forbidden",
    40401: "page not found",
    41301: "attachment too large, or bandwidth limit reached",
    41303: "JSON body too large",
    42901: "limit reached: too many requests, please be nice",
    42905: "limit reached: daily bandwidth",
    42908: "limit reached: daily message quota reached",
    50001: "internal server error",
    50701: "cannot publish to UnifiedPush topic without previously active subscriber",
}
_TOPIC = re.compile(r"[-_A-Za-z0-9]{1,64}")


class Ntfy(Receiver):
    """`shown` are the notifications people see. `private`: token needed. `attachments`: long ones become files."""

    def __init__(self, clock: Clock, *, private: bool = False, attachments: bool = False) -> None:
        super().__init__()
        self.clock, self.private, self.attachments = clock, private, attachments
        self.base = self.url.removesuffix("/chat")
        self.topic = f"{self.base}/{TOPIC}"
        self.shown: list[dict[str, Any]] = []
        self.left, self.filled_at = 60.0, clock()
        self.instead: Answer | None = None

    def refuse(self, code: int, wait: str = "") -> None:
        """Every message is answered with this code of ntfy; its first three digits are the HTTP status."""
        self.headers = {"Retry-After": wait} if wait else {}
        self.instead = _no(code)

    def take(self, came: Came) -> Answer:
        self.came.append(came)
        if self.instead:
            return self.instead
        auth = came.headers.get("authorization", "")
        if auth and auth != f"Bearer {TOKEN}":
            return _no(40101)
        if self.private and not auth:
            return _no(40301)
        if self._hurried():
            return _no(42901)
        if came.path != "/":
            # Not at the root: whatever came is the message itself.
            return self._show({"topic": came.path.strip("/"), "message": came.body.decode()})
        if len(came.body) >= 8192:
            return _no(41303)
        return self._publish(came.body)

    def _publish(self, body: bytes) -> Answer:
        try:
            said = json.loads(body.decode("utf-8", "strict"))
        except ValueError:
            return _no(40024)
        code = _fault(said)
        if code:
            return _no(code)
        return self._show(said)

    def _show(self, said: dict[str, Any]) -> Answer:
        shown = {"title": "", "priority": 3, **said, "message": said.get("message", "").strip() or "triggered"}
        # Exactly as many bytes as allowed already count as too many.
        if len(said.get("message", "").encode()) >= 4096:
            if not self.attachments:
                return _no(40014)
            shown |= {"message": "You received a file: attachment.txt", "attachment": {"name": "attachment.txt"}}
        self.shown.append(shown)
        made = {"id": f"hwQ2YpKdm{len(self.shown)}", "time": int(self.clock().timestamp()), "event": "message"}
        return 200, json.dumps(made | shown).encode() + b"\n"

    def _hurried(self) -> bool:
        now: datetime = self.clock()
        self.left = min(60.0, self.left + (now - self.filled_at) / timedelta(seconds=5))
        self.filled_at = now
        if self.left < 1:
            return True
        self.left -= 1
        return False


def _fault(said: dict[str, Any]) -> int:
    if not _TOPIC.fullmatch(str(said.get("topic", ""))):
        return 40009
    if type(said.get("priority", 3)) is not int or not 1 <= said.get("priority", 3) <= 5:
        return 40007
    if len(said.get("title", "").encode()) > 256:
        return 40057
    actions = said.get("actions", [])
    right = all(one.get("action") == "view" and one.get("label") and one.get("url") for one in actions)
    return 0 if right and len(actions) <= 3 else 40018


def _no(code: int) -> Answer:
    status = int(str(code)[:3])
    said = {"code": code, "http": status, "error": SAYS.get(code, "?"), "link": "https://ntfy.sh/docs/publish/"}
    return status, json.dumps(said).encode() + b"\n"
