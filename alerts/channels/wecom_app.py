"""WeCom self-built app: a text card to one member; accepted means `errcode` is 0 and nobody was left out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from alerts.channels import Channel, Rate, Reach, Receipt
from alerts.channels.answers import demand_yes, own_code
from alerts.channels.chat_text import link, longest, plain, title, told
from alerts.channels.post import SECONDS, Answer, post
from alerts.neutral import neutral
from config.clock import stopwatch
from config.errors import DeliveryError
from config.gateways import WecomApp
from store.nouns import Page

SECRET = "GOLDENHOUR_WECOM_SECRET"  # noqa: S105 (its name)
TITLE, DESCRIPTION, TEXT = 128, 512, 2_048
# A token that ends within this time is not begun with any more.
MARGIN = timedelta(minutes=1)
STALE = (40014, 42001)
LEFT_OUT = ("invaliduser", "unlicenseduser")
REFUSED: Mapping[int, str] = MappingProxyType(
    {
        40001: "the app's secret is wrong",
        40003: "there is no such member",
        40008: "the kind of message is not supported",
        40013: "the company id is wrong",
        40031: "there is no such member",
        40035: "a parameter is wrong",
        40056: "the agent id is wrong",
        40058: "a parameter is wrong or the message is too long",
        40063: "a parameter is empty",
        40091: "the secret belongs to another company",
        41002: "the company id is missing",
        41004: "the secret is missing",
        41011: "the agent id is missing",
        41016: "the title is missing",
        41033: "the description is missing",
        44004: "the message is empty",
        45002: "the message is too long",
        48002: "the app may not send",
        50002: "the member may not see the app",
        50003: "the app is switched off",
        60011: "the app may not write to this member",
        60020: "this machine's address is not on the app's list",
        60111: "there is no such member",
        81013: "there is no such member, or the member may not see the app",
        82001: "there is no such member",
        85002: "it holds words WeCom does not carry",
        301002: "the secret is not this app's",
    }
)
LATER: Mapping[int, str] = MappingProxyType(
    {
        -1: "busy",
        40014: "the token is not valid",
        42001: "the token is too old",
        45009: "too many messages",
        45033: "too many messages at once",
    }
)
# As WeCom allows them. "@all" would call the whole company, "a|b" several people.
_MEMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")


@dataclass(frozen=True, slots=True)
class Token:
    """What the app shows with every message, and the moment it is asked for anew."""

    value: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends as the app; `tokens` live in this process only, by account, and a lost one is just asked for again."""

    tokens: dict[tuple[str, str, str], Token] = field(default_factory=dict, repr=False)

    def send(self, page: Page, reach: Reach) -> Receipt:
        """Hand the card over; a token that was refused is replaced once within the same try."""
        app, member, secret = reach.gateways.wecom_app, reach.address(page), reach.needed(SECRET)
        if not app.corp_id:
            raise DeliveryError("no WeCom app is set (gateways.wecom_app.corp_id)", code="no_app", permanent=True)
        if not _MEMBER.fullmatch(member):
            raise DeliveryError("the address is no member's user id", code="address", permanent=True)
        said, ends = message(page, member, app.agent_id), stopwatch() + SECONDS
        token = self._token(app, secret, reach, ends)
        answer = _hand_over(app, token, said, ends)
        if own_code(answer, "errcode") in STALE:
            self._forget(app, secret, token)
            answer = _hand_over(app, self._token(app, secret, reach, ends), said, ends)
        return _judge(answer)

    def _token(self, app: WecomApp, secret: str, reach: Reach, ends: float) -> Token:
        # Two threads may both ask: WeCom gives both the same token.
        key, now = (app.base_url, app.corp_id, secret), reach.clock()
        kept = self.tokens.get(key)
        if kept is None or now >= kept.until:
            kept = self.tokens[key] = _fetched(app, secret, now, ends)
        return kept

    def _forget(self, app: WecomApp, secret: str, token: Token) -> None:
        key = (app.base_url, app.corp_id, secret)
        # Another thread may have replaced it already.
        if self.tokens.get(key) == token:
            self.tokens.pop(key, None)


def message(page: Page, member: str, agent: int) -> dict[str, Any]:
    """A text card; plain text when the page has no link, which a card cannot be without."""
    to = {"touser": member, "agentid": agent}
    words = plain(told(page))
    if not page.link:
        head = title(page, TITLE) + "\n"
        content = head + longest(words, lambda part: len((head + part).encode()) <= TEXT)
        return {**to, "msgtype": "text", "text": {"content": content}}
    card = {
        "title": title(page, TITLE),
        # WeCom refuses a card without a description.
        "description": longest(words, lambda part: len(part.encode()) <= DESCRIPTION) or title(page, TITLE),
        "url": link(page),
        "btntxt": "打开",
    }
    return {**to, "msgtype": "textcard", "textcard": card}


def _fetched(app: WecomApp, secret: str, now: datetime, ends: float) -> Token:
    query = f"corpid={quote(app.corp_id, safe='')}&corpsecret={quote(secret, safe='')}"
    try:
        answer = post(f"{app.base_url}/cgi-bin/gettoken?{query}", verb="GET", within=ends - stopwatch())
    except DeliveryError as error:
        # Nothing of the page was on the wire yet.
        raise DeliveryError(str(error), code=error.code, permanent=error.permanent) from error
    demand_yes("WeCom", answer, own_code(answer, "errcode"), REFUSED, LATER)
    value, lasts = answer.body.get("access_token"), answer.body.get("expires_in")
    if not isinstance(value, str) or not value:
        raise DeliveryError("WeCom gave no token", code="no_token")
    known = lasts if type(lasts) is int else 0
    return Token(value, now + timedelta(seconds=min(max(known, 0), 86_400)) - MARGIN)


def _hand_over(app: WecomApp, token: Token, said: Mapping[str, Any], ends: float) -> Answer:
    url = f"{app.base_url}/cgi-bin/message/send?access_token={quote(token.value, safe='')}"
    return post(url, said=said, within=ends - stopwatch())


def _judge(answer: Answer) -> Receipt:
    demand_yes("WeCom", answer, own_code(answer, "errcode"), REFUSED, LATER)
    for name in LEFT_OUT:
        # There is one receiver: whoever is named here is the one.
        if answer.body.get(name):
            raise DeliveryError(f"WeCom left the member out ({name})", code=name, permanent=True)
    return Receipt("0", f"accepted by WeCom, msgid {neutral(str(answer.body.get('msgid', '')), 100)}")


# WeCom throws away without a word what is over these, so they are the channel's to keep.
CHANNEL = Channel(Sender().send, rates=(Rate(30, timedelta(minutes=1)), Rate(1000, timedelta(hours=1))))
