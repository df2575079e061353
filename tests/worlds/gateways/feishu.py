"""A Feishu that keeps its rules: token, signature within the hour, keyword, address, size, rate, shape of the card."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

from config.clock import Clock
from tests.alerts.receiver import Answer, Came, Receiver

TOKEN = "6f0c9e52-a9b1-4d6e-8f11-0c2d7f6b3a55"
YES = {"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"}
SAYS = {
    9499: "Bad Request",
    11232: "frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]",
    11246: "ErrCode: 11310; ErrMsg: unsupported type of block; ErrorValue: divider",
    19001: "param invalid: incoming webhook access token invalid",
    19002: "params error, msg_type need",
    19007: "Bot Not Enabled",
    19021: "sign match fail or timestamp is not within one hour from current time",
    19022: "Ip Not Allowed",
    19024: "Key Words Not Found",
    19036: "request body is too large",
}
HTML = b"<!doctype html><html><body>Sign in to the network to go on</body></html>"


class Feishu(Receiver):
    """`shown` are the cards people see. `secret`, `keyword` and `closed` are the bot's safety settings."""

    def __init__(self, clock: Clock, *, secret: str = "", keyword: str = "", closed: bool = False) -> None:
        super().__init__()
        self.clock, self.secret, self.keyword, self.closed = clock, secret, keyword, closed
        self.hook = self.url.replace("/chat", f"/open-apis/bot/v2/hook/{TOKEN}")
        self.shown: list[dict[str, Any]] = []
        self.turns: list[datetime] = []
        self.instead: Answer | None = None

    def refuse(self, code: int, status: int = 200) -> None:
        """Every message is answered with this code in Feishu's own words."""
        self.instead = _no(code, status)

    def take(self, came: Came) -> Answer:
        self.came.append(came)
        if self.instead:
            return self.instead
        code = self._judge(came)
        if code:
            return _no(code)
        self.shown.append(json.loads(came.body)["card"])
        return 200, json.dumps(YES).encode()

    def _judge(self, came: Came) -> int:
        if came.path != f"/open-apis/bot/v2/hook/{TOKEN}":
            return 19001
        if self._hurried():
            return 11232
        if len(came.body) > 20_000:
            return 19036
        said = json.loads(came.body.decode("utf-8", "strict"))
        if self.closed:
            return 19022
        if self.secret and not self._signed(said):
            return 19021
        if said.get("msg_type") != "interactive":
            return 19002
        if self.keyword not in "\n".join(texts(said["card"])):
            return 19024
        return 0 if _well_formed(said["card"]) else 11246

    def _hurried(self) -> bool:
        now = self.clock()
        self.turns = [at for at in self.turns if now - at < timedelta(minutes=1)]
        if len(self.turns) >= 100 or sum(now - at < timedelta(seconds=1) for at in self.turns) >= 5:
            return True
        self.turns.append(now)
        return False

    def _signed(self, said: dict[str, Any]) -> bool:
        timestamp = str(said.get("timestamp", ""))
        made = hmac.new(f"{timestamp}\n{self.secret}".encode(), digestmod=hashlib.sha256).digest()
        near = timestamp.isdigit() and abs(self.clock().timestamp() - int(timestamp)) <= 3600
        return near and said.get("sign") == base64.b64encode(made).decode()


def texts(card: dict[str, Any]) -> list[str]:
    """Every text a person reads, in order."""
    found = [card["header"]["title"]["content"]]
    for element in card["elements"]:
        found += [element["text"]["content"]] if element["tag"] == "div" else []
        found += [button["text"]["content"] for button in element.get("actions", [])]
    return found


def buttons(card: dict[str, Any]) -> list[str]:
    """Where the buttons lead."""
    return [button["url"] for element in card["elements"] for button in element.get("actions", [])]


def tags(part: Any) -> set[str]:
    """Every kind of element in the card."""
    if isinstance(part, list):
        return {tag for one in part for tag in tags(one)}
    if not isinstance(part, dict):
        return set()
    return {tag for one in part.values() for tag in tags(one)} | ({part["tag"]} if "tag" in part else set())


def _well_formed(card: dict[str, Any]) -> bool:
    if not card["elements"] or not all(texts(card)):
        return False
    return tags(card) <= {"div", "action", "button", "plain_text", "lark_md", "hr", "note"}


def _no(code: int, status: int = 200) -> Answer:
    said = {"code": code, "data": {}, "msg": SAYS.get(code, "unknown error")}
    return status, json.dumps(said).encode()
