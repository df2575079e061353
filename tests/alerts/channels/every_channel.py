"""Every channel there is, each with a provider that keeps its rules, and what the people (or programs) there read."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

from alerts.channels import Reach
from alerts.channels.registry import CHANNELS
from config.clock import StepClock
from config.gateways import Aliyun as AliyunAccount
from config.gateways import Gateways, WecomApp
from config.gateways import Twilio as TwilioAccount
from config.settings import Mail
from store.nouns import Page
from tests.alerts.receiver import Receiver
from tests.worlds.gateways import aliyun, dingtalk, feishu, ntfy, pagerduty, slack, telegram, twilio, wecom, wecom_app

NUMBER = "+8613800000000"
# What of a request addresses, signs or counts it: no words anybody wrote stand there.
OURS = {
    "chat_id", "touser", "routing_key", "dedup_key", "topic", "timestamp", "sign", "channel", "id", "key", "incident",
    "person", "created_at", "To", "From", "reason", "class", "version", "type", "event_action", "client", "source",
}  # fmt: skip


@dataclass
class Everybody:
    """`told` sends a page over one channel and returns what is read there: every string but addresses and links."""

    clock: StepClock
    stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> "Everybody":
        room, enter = self.clock, self.stack.enter_context
        self.rooms: dict[str, Receiver] = {
            "dingtalk": enter(dingtalk.Dingtalk(room)),
            "feishu": enter(feishu.Feishu(room)),
            "wecom": enter(wecom.Wecom(room)),
            "wecom_app": enter(wecom_app.WecomApi(room, "key")),
            "slack": enter(slack.Slack(room)),
            "telegram": enter(telegram.Telegram(room)),
            "ntfy": enter(ntfy.Ntfy(room)),
            "pagerduty": enter(pagerduty.Pagerduty(room)),
            "twilio_sms": enter(twilio.Twilio()),
            "twilio_voice": enter(twilio.Twilio()),
            "aliyun_sms": enter(aliyun.AliyunSms(room)),
            "webhook": enter(Receiver()),
        }
        hooks = {name: self.rooms[name].hook for name in ("dingtalk", "feishu", "wecom")}
        self.addresses = {
            **hooks, "wecom_app": "li", "slack": slack.CHANNEL_ID, "telegram": telegram.CHAT,
            "pagerduty": "secret:DUTY", "ntfy": self.rooms["ntfy"].topic, "twilio_sms": NUMBER, "twilio_voice": NUMBER,
            "aliyun_sms": NUMBER.removeprefix("+86"), "webhook": self.rooms["webhook"].url,
        }  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def reach(self, name: str) -> Reach:
        base = self.rooms[name].url.removesuffix("/chat")
        secrets = {
            "DUTY": pagerduty.KEY, "BOT": slack.TOKEN if name == "slack" else telegram.TOKEN, "HMAC": "key",
            "GOLDENHOUR_WECOM_SECRET": "key", "GOLDENHOUR_TWILIO_TOKEN": twilio.TOKEN,
            "GOLDENHOUR_ALIYUN_SECRET": aliyun.SECRET,
        }  # fmt: skip
        names = {slack.CHANNEL_ID: "BOT", telegram.CHAT: "BOT", self.rooms["webhook"].url: "HMAC"}
        gateways = Gateways(
            slack_url=base,
            telegram_url=base,
            pagerduty_url=base,
            wecom_app=WecomApp(corp_id=wecom_app.CORP, agent_id=wecom_app.AGENT, base_url=base),
            twilio=TwilioAccount(account=twilio.ACCOUNT, sender=twilio.SENDER, base_url=base),
            aliyun=AliyunAccount(key_id=aliyun.KEY_ID, sign_name=aliyun.SIGN, template=aliyun.TEMPLATE, base_url=base),
        )
        return Reach(Mail(), secrets.__getitem__, names, gateways, self.clock)

    def told(self, name: str, page: Page) -> list[str]:
        """The provider says yes to it, or DeliveryError. Enough time passes for the provider's rate."""
        CHANNELS[name].send(replace(page, channel=name, address=self.addresses[name]), self.reach(name))
        came = self.rooms[name].came[-1]
        if name == "aliyun_sms":
            return list(json.loads(dict(parse_qsl(urlsplit(came.path).query))["TemplateParam"]).values())
        if name in ("twilio_sms", "twilio_voice"):
            form = dict(parse_qsl(came.body.decode("utf-8", "strict")))
            return [form["Body"]] if name == "twilio_sms" else list(_heard(form["Twiml"]))
        said = json.loads(came.body.decode("utf-8", "strict"))
        return [words for words in _strings(said) if words != page.link]


def _strings(said: Any, name: str = "") -> Iterator[str]:
    if isinstance(said, dict):
        for key, value in said.items():
            yield from _strings(value, key)
    elif isinstance(said, list):
        for value in said:
            yield from _strings(value, name)
    elif isinstance(said, str) and name not in OURS:
        yield said


def _heard(twiml: str) -> Iterator[str]:
    """What is said in a call, when nothing but saying and asking for a key is done in it."""
    for node in ElementTree.fromstring(twiml).iter():  # noqa: S314  our own words
        assert node.tag in ("Response", "Gather", "Say")
        assert set(node.attrib) <= {"language", "loop", "numDigits", "action", "method", "timeout"}
        yield from (words for words in (node.text, node.tail) if words)
