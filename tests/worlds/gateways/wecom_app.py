"""WeCom's API for a self-built app: tokens that end, members it knows, sizes of a card, the whole list of refusals."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from config.clock import Clock
from tests.alerts.receiver import Answer, Came, Receiver
from tests.worlds.gateways.wecom import no

CORP, AGENT, MSGID = "ww0123456789abcdef", 1000002, "xxxx1234"
HTML = b"<!doctype html><html><body>Sign in to the network to go on</body></html>"


class WecomApi(Receiver):
    """`shown` are the messages people see, `given` the tokens handed out; `revoke` makes the present one worthless."""

    def __init__(self, clock: Clock, secret: str, members: Iterable[str] = ("li",)) -> None:
        super().__init__()
        self.clock, self.secret, self.members = clock, secret, set(members)
        self.base_url = self.url.removesuffix("/chat")
        self.shown: list[dict[str, Any]] = []
        self.given: list[str] = []
        self.until: datetime | None = None
        self.instead: dict[str, Answer] = {}

    def refuse(self, what: str, code: int, status: int = 200) -> None:
        """`what` is gettoken or send: every such request is answered with this code."""
        self.instead[what] = no(code, status=status)

    def revoke(self) -> None:
        self.until = self.clock() - timedelta(days=1)

    def asked(self, what: str) -> int:
        """How often gettoken or send was asked."""
        return sum(urlsplit(one.path).path.endswith(what) for one in self.came)

    def take(self, came: Came) -> Answer:
        self.came.append(came)
        where = urlsplit(came.path)
        query = {name: values[-1] for name, values in parse_qs(where.query).items()}
        what = where.path.rpartition("/")[2]
        if what in self.instead:
            return self.instead[what]
        return self._token(query) if where.path == "/cgi-bin/gettoken" else self._message(query, came.body)

    def _token(self, query: dict[str, str]) -> Answer:
        if query.get("corpid") != CORP:
            return no(40013, "invalid corpid")
        if query.get("corpsecret") != self.secret:
            return no(40001, "invalid credential")
        self.given.append(f"token+/={len(self.given)}")
        self.until = self.clock() + timedelta(seconds=7200)
        return _yes(access_token=self.given[-1], expires_in=7200)

    def _message(self, query: dict[str, str], body: bytes) -> Answer:
        if query.get("access_token") not in self.given:
            return no(40014, "invalid access_token")
        if query["access_token"] != self.given[-1] or self.until is None or self.clock() >= self.until:
            return no(42001, "access_token expired")
        said = json.loads(body.decode("utf-8", "strict"))
        if said["agentid"] != AGENT:
            return no(40056, "invalid agentid")
        if said["touser"] not in self.members:
            return no(81013, "user & party & tag all invalid")
        wrong = _wrong(said)
        if wrong:
            return no(*wrong)
        self.shown.append(said)
        return _yes(invaliduser="", invalidparty="", invalidtag="", unlicenseduser="", msgid=MSGID)


def _wrong(said: dict[str, Any]) -> tuple[int, str] | None:
    """What of the content WeCom would refuse, or cut, which loses words just as well."""
    if said["msgtype"] == "text":
        return (45002, "content size out of limit") if len(said["text"]["content"].encode()) > 2_048 else None
    if said["msgtype"] != "textcard":
        return 40008, "invalid message type"
    card = said["textcard"]
    for name, missing, limit in (("title", 41016, 128), ("description", 41033, 512), ("url", 41010, 2_048)):
        if not card.get(name):
            return missing, f"missing {name}"
        if len(card[name].encode()) > limit:
            return 45002, f"{name} size out of limit"
    return (45002, "btntxt size out of limit") if len(card.get("btntxt", "")) > 4 else None


def _yes(**more: Any) -> Answer:
    return 200, json.dumps({"errcode": 0, "errmsg": "ok", **more}).encode()
