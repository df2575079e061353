"""Accounts at the providers that carry pages, and what an address of each channel looks like."""

import re
from typing import Literal

from pydantic import Field

from config.model import Model

ChannelName = Literal[
    "email", "webhook", "feishu", "dingtalk", "wecom", "wecom_app", "pagerduty", "slack", "telegram", "ntfy",
    "twilio_sms", "twilio_voice", "aliyun_sms", "apprise",
]  # fmt: skip
# An address that is a key itself (a chat room's hook) may stand in the environment: `secret:NAME`, X or X_FILE.
NAME_FORM = "[A-Z][A-Z0-9_]{2,79}"
NAME_OR_NONE = f"^({NAME_FORM})?$"
SECRET_ADDRESS = re.compile(f"secret:({NAME_FORM})")
_HTTP = r"https?://[^\s/]+\S*"
_PHONE = r"\+[1-9]\d{6,14}"
# channel -> (what an address must look like, how people are told)
ADDRESSES: dict[str, tuple[str, str]] = {
    "email": (r"[^@\s]+@[^@\s]+", "an address such as name@company.example"),
    "webhook": (_HTTP, "an address that begins with https://"),
    "feishu": (_HTTP, "the bot's hook, https://… or secret:NAME"),
    "dingtalk": (_HTTP, "the robot's hook, https://… or secret:NAME"),
    "wecom": (_HTTP, "the bot's hook, https://… or secret:NAME"),
    "wecom_app": (r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}", "the member's user id"),
    "pagerduty": (r"[A-Za-z0-9]{32}", "the integration's routing key, better as secret:NAME"),
    "slack": (rf"[CDGU][A-Z0-9]{{2,20}}|{_HTTP}", "a channel id (with secret_env) or a hook, https://… or secret:NAME"),
    "telegram": (r"-?\d{3,20}|@\w{5,32}", "a chat id"),
    "ntfy": (_HTTP, "the topic's address, https://… or secret:NAME"),
    "twilio_sms": (_PHONE, "a number such as +8613800000000"),
    "twilio_voice": (_PHONE, "a number such as +8613800000000"),
    "aliyun_sms": (rf"1\d{{10}}|{_PHONE}", "a number such as 13800000000"),
    "apprise": (r"[a-z][a-z0-9+]*://\S+", "an apprise address, better as secret:NAME"),
}
# What these cannot do without: a signing secret, a token.
NEEDS_SECRET = ("webhook", "telegram")
# channel -> (section of service.toml, the key without which it cannot send)
ACCOUNTS = {
    "twilio_sms": ("twilio", "account"),
    "twilio_voice": ("twilio", "account"),
    "aliyun_sms": ("aliyun", "key_id"),
    "wecom_app": ("wecom_app", "corp_id"),
}
# secret that belongs to a whole provider account -> the channels that need it
ACCOUNT_SECRETS: dict[str, tuple[str, ...]] = {
    "GOLDENHOUR_TWILIO_TOKEN": ("twilio_sms", "twilio_voice"),
    "GOLDENHOUR_ALIYUN_SECRET": ("aliyun_sms",),
    "GOLDENHOUR_WECOM_SECRET": ("wecom_app",),
}


def address_fault(channel: str, address: str) -> str:
    """What is wrong with an address of this channel, "" when it is right."""
    form, told = ADDRESSES[channel]
    if SECRET_ADDRESS.fullmatch(address) or re.fullmatch(form, address):
        return ""
    if address.startswith("secret:"):
        return f"{channel}: after secret: comes a NAME of A-Z, 0-9 and _ such as secret:FEISHU_PR_ROOM"
    return f"{channel}: {told}"


class Twilio(Model):
    """The token is the secret GOLDENHOUR_TWILIO_TOKEN."""

    account: str = Field("", description="Account SID, AC…; empty: no SMS or call by Twilio.")
    sender: str = Field("", description="Number that sends and calls, such as +15005550006.")
    base_url: str = Field("https://api.twilio.com", description="Where the API is.")


class Aliyun(Model):
    """The key's secret is GOLDENHOUR_ALIYUN_SECRET."""

    key_id: str = Field("", description="AccessKey id; empty: no SMS by Aliyun.")
    sign_name: str = Field("", description="Approved signature of the messages.")
    template: str = Field("", description="Approved template code with the variables title, left and code.")
    base_url: str = Field("https://dysmsapi.aliyuncs.com", description="Where the API is.")


class WecomApp(Model):
    """The app's secret is GOLDENHOUR_WECOM_SECRET."""

    corp_id: str = Field("", description="Company id; empty: no messages by the WeCom app.")
    agent_id: int = Field(0, ge=0, description="Agent id of the self-built app.")
    base_url: str = Field("https://qyapi.weixin.qq.com", description="Where the API is.")


class Gateways(Model):
    """Provider accounts; room hooks and tokens belong to the endpoints in team.toml."""

    twilio: Twilio = Twilio()
    aliyun: Aliyun = Aliyun()
    wecom_app: WecomApp = WecomApp()
    pagerduty_url: str = Field("https://events.pagerduty.com", description="Where PagerDuty takes events.")
    slack_url: str = Field("https://slack.com", description="Where Slack's API is.")
    telegram_url: str = Field("https://api.telegram.org", description="Where Telegram's bot API is.")
