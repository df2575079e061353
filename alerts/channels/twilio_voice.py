"""A call by Twilio that says what happened and takes one key: 1 takes the incident, 2 passes it on."""

import re
import unicodedata
from datetime import timedelta
from html import escape

from alerts.channels import Channel, Rate, Reach, Receipt
from alerts.channels.twilio_sms import is_chinese, submit
from alerts.links import spoken
from alerts.neutral import neutral
from alerts.wording import LEVEL_WORD
from store.nouns import Level, Page

LIMIT = 4_000
# About half a minute of speech.
WORDS = 140
TAKEN = ("queued", "initiated", "ringing")
LANGUAGE = {"zh": "zh-CN", "en": "en-US"}
KEYS = {"zh": "按 1 接手，按 2 转给下一位。", "en": "Press 1 to take it, press 2 to pass it on."}
SILENCE = {
    "zh": "没有收到按键。请打开消息里的链接接手。再见。",
    "en": "No key was pressed. Please open the link in your messages. Goodbye.",
}
# Brackets and bars of the written line, and how they sound.
_PAUSE = str.maketrans({"【": "，", "】": "，", "｜": "，", "·": "，", "[": ", ", "]": ", ", "|": ","})
_LEFT = ((re.compile(r"剩(\d+)分$"), r"还剩 \1 分钟"), (re.compile(r"已超时(\d+)分$"), r"已超时 \1 分钟"))
_LEFT_EN = re.compile(r"(\d+) min (left|over)$")


def send(page: Page, reach: Reach) -> Receipt:
    """Start the call; DeliveryError unless Twilio made it. Whether anybody listens, only the key says."""
    return submit(page, reach, "Calls", {"Twiml": twiml(page)}, TAKEN)


def twiml(page: Page) -> str:
    """What Twilio does in the call, at most LIMIT characters. A link that leads to no key is left out with its keys."""
    lang = "zh" if is_chinese(page) else "en"
    action = spoken(page.link)
    if action != page.link:
        says = _say(f"{speech(page)} {KEYS[lang]}", lang, twice=True)
        gather = f'<Gather numDigits="1" action="{_safe(action)}" method="POST" timeout="10">{says}</Gather>'
        whole = f"<Response>{gather}{_say(SILENCE[lang], lang)}</Response>"
        if len(whole) <= LIMIT:
            return whole
    return f"<Response>{_say(speech(page), lang, twice=True)}</Response>"


def speech(page: Page) -> str:
    """Level, what and minutes left as somebody would say it; still raw text."""
    words = neutral(page.subject, 1_000)
    if is_chinese(page):
        for written, said in _LEFT:
            words = written.sub(said, words)
        level = f"{LEVEL_WORD['zh'][page.level]}色" if page.level != Level.NONE else ""
        return f"黄金一小时，{level}呼叫。{_flow(words, '，')}。"
    level = f", level {page.level.value}" if page.level != Level.NONE else ""
    flow = _flow(_LEFT_EN.sub(r"\1 minutes \2", words), ", ")
    return f"Golden Hour{level}." + (f" {flow}." if flow else "")


def _flow(words: str, comma: str) -> str:
    """Pauses instead of brackets, no two in a row; a long title gives way, never the end with the minutes."""
    parts = [one.strip() for one in re.split("[，,]", words.translate(_PAUSE)) if one.strip()]
    flat = comma.join(parts)
    return flat if len(flat) <= WORDS else f"{flat[: WORDS - 40].rstrip()}… {flat[-38:].lstrip()}"


def _say(words: str, lang: str, *, twice: bool = False) -> str:
    loop = ' loop="2"' if twice else ""
    return f'<Say language="{LANGUAGE[lang]}"{loop}>{_safe(words)}</Say>'


def _safe(text: str) -> str:
    """`text` as XML content or attribute: nothing in it can end an element, begin one, or stop the parser."""
    # U+FFFE and U+FFFF are no characters; XML has no way to write them.
    return escape("".join(c for c in text if unicodedata.category(c) not in ("Cn", "Cc", "Cs")))


CHANNEL = Channel(
    send,
    rates=(
        Rate(1, timedelta(minutes=1)),
        Rate(3, timedelta(minutes=15)),
        Rate(7, timedelta(hours=1)),
        Rate(15, timedelta(hours=3)),
    ),
)
