"""A WeCom group bot that keeps its rules: key, size of the markdown, 20 messages a minute."""

import json
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from config.clock import Clock
from tests.alerts.receiver import Answer, Came, Receiver

KEY = "b07d5e1c-2f64-4c3a-9a58-71e0c6d4f2aa"
LONG = "markdown.content exceed max length 4096. Invalid input invalid Request Parameter"
SAYS = {
    -1: "system error",
    40008: "invalid message type",
    40058: LONG,
    44004: "empty content",
    45009: "api freq out of limit",
    93000: "invalid webhook url",
}
HTML = b"<!doctype html><html><body>Sign in to the network to go on</body></html>"


class Wecom(Receiver):
    """`shown` are the texts people see."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock
        self.hook = self.url.replace("/chat", f"/cgi-bin/webhook/send?key={KEY}")
        self.shown: list[str] = []
        self.turns: list[datetime] = []
        self.instead: Answer | None = None

    def refuse(self, code: int, status: int = 200) -> None:
        """Every message is answered with this code in WeCom's own words."""
        self.instead = no(code, status=status)

    def take(self, came: Came) -> Answer:
        self.came.append(came)
        if self.instead:
            return self.instead
        code = self._judge(came)
        if code:
            return no(code)
        self.shown.append(json.loads(came.body)["markdown"]["content"])
        return 200, b'{"errcode":0,"errmsg":"ok"}'

    def _judge(self, came: Came) -> int:
        where = urlsplit(came.path)
        if where.path != "/cgi-bin/webhook/send" or parse_qs(where.query) != {"key": [KEY]}:
            return 93000
        now = self.clock()
        self.turns = [at for at in self.turns if now - at < timedelta(minutes=1)]
        if len(self.turns) >= 20:
            return 45009
        self.turns.append(now)
        said = json.loads(came.body.decode("utf-8", "strict"))
        if said.get("msgtype") != "markdown":
            return 40008
        content = said["markdown"]["content"]
        if not content:
            return 44004
        return 40058 if len(content.encode()) > 4_096 else 0


def no(code: int, words: str = "", status: int = 200) -> Answer:
    """WeCom's refusal: its words, a number for its support, our address."""
    said = words or SAYS.get(code, "unknown")
    hint = "hint: [1653710655173452988930371], from ip: 203.0.113.9, more info at"
    more = f"{said}, {hint} https://open.work.weixin.qq.com/devtool/query?e={code}"
    return status, json.dumps({"errcode": code, "errmsg": more}).encode()
