"""A DingTalk that keeps its rules: token, signature decoded once, keyword, address, size, 20 a minute or silence."""

import base64
import hashlib
import hmac
import json
import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from config.clock import Clock
from tests.alerts.receiver import Answer, Came, Receiver

TOKEN = "c4f1d0a97be24f6f9b0a5d3e8c7f21ab"
SIGN = (
    "description:机器人发送签名不匹配;solution:请确认签名和生成签名的时间戳必须都放在调用的网址中，请确认机器人的密钥加密和填写正确"
    ";link:请参考本接口对应文档获得具体要求，或者在https://open.dingtalk.com/document/  搜索相关文档;"
)
LATE = "description:机器人发送签名过期;solution:签名生成时间和发送时间请保持在 timestampms 以内;"
KEYWORD = "description:关键词不匹配;solution:请联系群管理员查看此机器人的关键词，并在发送的信息中包含此关键词;"
ADDRESS = "description:ip 不在白名单中;solution:请联系对应群的管理员，设置机器人安全ip地址段"
FAST = "send too fast, exceed 20 times per minute"
LONG = "message too long, exceed 20000 bytes"
HTML = b"<!doctype html><html><body>Sign in to the network to go on</body></html>"
# Posts that want to ring everybody, lead people elsewhere, or break the page.
HOSTILE = (
    '<at user_id="all">所有人</at>',
    "@所有人 @all ＠所有人 <@all> <@li>",
    "[点我](http://evil.example/x)",
    "![图](https://evil.example/a.png)",
    "](http://evil.example)[",
    "[x] [x]: http://evil.example",
    "<a href='http://evil.example'>x</a> <http://evil.example>",
    "http://evil.example/?a=1 www.evil.example evil.example EVIL.EXAMPLE/x 10.0.0.1",
    "dingtalk://dingtalkclient/page/link?url=http%3A%2F%2Fevil.example",
    "<script>alert(1)</script> <font color='warning'>x</font>",
    "{{7*7}} ${7*7} {% x %} {{{{x}}}}",
    "&lt;at&gt; &#64;all &#91;x&#93;(evil)",
    "一行\r\nBcc: x@evil.example\r",
    "\u202e倒写\u2066\u200b\ufeff\u2028\u0085",
    "a\x00b\x07c\x1b[31m",
    "# 大\n###### 小\n> 引\n    码\n```\nx\n```\n`y` **z** __w__ ~~v~~ | a | \\",
    "半个\ud83d字",
)
_LINK = re.compile(r"\[[^\]]*\]\(\s*([^)\s]*)[^)]*\)")
_ADDRESS = re.compile(r"(?:[a-z][\w+.-]*://|www\.)[^\s)]+", re.I)
_BARE = re.compile(r"(?<![\w./-])(?:(?:[a-z0-9-]+\.)+[a-z]{2,}|\d+\.\d+\.\d+\.\d+)(?![\w.])", re.I)


class Dingtalk(Receiver):
    """`shown` are the messages people see. `secret`, `keyword` and `closed` are the robot's safety settings."""

    def __init__(self, clock: Clock, *, secret: str = "", keyword: str = "", closed: bool = False) -> None:
        super().__init__()
        self.clock, self.secret, self.keyword, self.closed = clock, secret, keyword, closed
        self.hook = self.url.replace("/chat", f"/robot/send?access_token={TOKEN}")
        self.shown: list[dict[str, Any]] = []
        self.turns: list[datetime] = []
        self.silent_until: datetime | None = None
        self.instead: Answer | None = None

    def refuse(self, code: int, words: str, status: int = 200) -> None:
        self.instead = _no(code, words, status)

    def take(self, came: Came) -> Answer:
        self.came.append(came)
        if self.instead:
            return self.instead
        code, words = self._judge(came)
        if code:
            return _no(code, words)
        self.shown.append(json.loads(came.body))
        return 200, b'{"errcode":0,"errmsg":"ok"}'

    def _judge(self, came: Came) -> tuple[int, str]:
        where = urlsplit(came.path)
        # Decodes once, as every server does; what was quoted twice is still quoted.
        query = {name: values[-1] for name, values in parse_qs(where.query).items()}
        if where.path != "/robot/send" or query.get("access_token") != TOKEN:
            return 300001, "token is not exist"
        if self._hurried():
            return 130101, FAST
        if len(came.body) > 20_000:
            return 460101, LONG
        if self.closed:
            return 310000, ADDRESS
        wrong = self._unsigned(query) if self.secret else ""
        if wrong:
            return 310000, wrong
        said = json.loads(came.body.decode("utf-8", "strict"))
        if self.keyword not in "\n".join(texts(said)):
            return 310000, KEYWORD
        return (0, "") if _well_formed(said) else (400105, "不支持的消息类型")

    def _unsigned(self, query: dict[str, str]) -> str:
        timestamp = query.get("timestamp", "")
        if not timestamp.isdigit() or abs(self.clock().timestamp() * 1000 - int(timestamp)) > 3_600_000:
            return LATE
        made = hmac.new(self.secret.encode(), f"{timestamp}\n{self.secret}".encode(), hashlib.sha256).digest()
        return "" if query.get("sign") == base64.b64encode(made).decode() else SIGN

    def _hurried(self) -> bool:
        now = self.clock()
        if self.silent_until and now < self.silent_until:
            return True
        self.turns = [at for at in self.turns if now - at < timedelta(minutes=1)]
        if len(self.turns) >= 20:
            self.silent_until = now + timedelta(minutes=10)
            return True
        self.turns.append(now)
        return False


def texts(message: dict[str, Any]) -> list[str]:
    """Title and text of a message."""
    part = message[message["msgtype"]]
    return [part["title"], part["text"]]


def linked(markdown: str) -> list[str]:
    """Every address a client would let people click in this markdown, pictures too."""
    return _LINK.findall(markdown) + bare(_LINK.sub(" ", markdown))


def bare(words: str) -> list[str]:
    """Every address a client would make clickable in plain words, with http or without."""
    return _ADDRESS.findall(words) + _BARE.findall(_ADDRESS.sub(" ", words))


def _well_formed(said: dict[str, Any]) -> bool:
    if said.get("msgtype") == "markdown":
        return all(texts(said))
    if said.get("msgtype") != "actionCard":
        return False
    card = said["actionCard"]
    return all(texts(said)) and bool(card.get("singleTitle")) and len(card["singleTitle"]) <= 20 and "singleURL" in card


def _no(code: int, words: str, status: int = 200) -> Answer:
    return status, json.dumps({"errcode": code, "errmsg": words}, ensure_ascii=False).encode()
