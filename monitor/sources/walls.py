"""Recognises what stands in front of a feed: captcha and login walls, and the error answers of RSSHub."""

import html
import json
import re
from typing import Final

from store.nouns import Outcome

_CAPTCHA: Final = re.compile(
    r"captcha|cf-chl|challenge-platform|_cf_chl_opt|just a moment\.\.\.|attention required|are you a robot"
    r"|verify you are (?:a )?human|checking your browser|unusual traffic"
    r"|验证码|安全验证|人机验证|滑动验证|滑块|访问验证|访问过于频繁|异常访问|风控",
    re.IGNORECASE,
)
_LOGIN: Final = re.compile(
    r"""type\s*=\s*["']?password|passport\.|/login\b|signin|log in to|sign in to|请先?登录|登录后|扫码登录|账号登录""",
    re.IGNORECASE,
)
_TITLE: Final = re.compile(r"<title[^>]{0,200}>([^<]{0,300})", re.IGNORECASE)
_HTML: Final = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|script)\b",
                          re.IGNORECASE | re.DOTALL)  # fmt: skip
_RSSHUB: Final = re.compile(r"Welcome to RSSHub|RSSHub", re.IGNORECASE)
_RSSHUB_MESSAGE: Final = re.compile(r"Error Message:.{0,400}?<code[^>]{0,300}>(.{0,2000}?)</code>", re.DOTALL)
_RSSHUB_RULES: Final = (
    (re.compile(r"route is empty|returned no posts", re.IGNORECASE), Outcome.EMPTY),
    (re.compile(r"cookies? (?:is |are |has |have )?(?:expired|invalid)|please update \w*COOKIE|未登录|登录|not logged"
                r"|access (?:token|denied)|config(?:uration)? (?:is )?(?:missing|not found)|is not (?:set|configured)",
                re.IGNORECASE), Outcome.AUTH_FAILED),
    (re.compile(r"rate.?limit|too many requests|\b429\b", re.IGNORECASE), Outcome.RATE_LIMITED),
    (re.compile(r"captcha|cooling down|风控|验证", re.IGNORECASE), Outcome.BLOCKED),
)  # fmt: skip
_LOOKED_AT: Final = 200_000


def is_html(text: str) -> bool:
    """Whether the text is a web screen rather than data."""
    return _HTML.match(text[:20_000]) is not None


def title_of(text: str) -> str:
    """The title a web screen shows, folded, at most 80 characters; "" when it has none."""
    match = _TITLE.search(text[:_LOOKED_AT])
    return " ".join(html.unescape(match[1]).split())[:80] if match else ""


def wall_of(text: str) -> str:
    """`captcha`, `login` or "" for a web screen that came instead of what was asked."""
    looked = text[:_LOOKED_AT]
    if _CAPTCHA.search(looked):
        return "captcha"
    return "login" if _LOGIN.search(looked) else ""


def rsshub_message(body: bytes) -> str:
    """The error message of an RSSHub answer, JSON or HTML; "" when it is not one."""
    text = body[:_LOOKED_AT].decode("utf-8", "replace").strip()
    if text.startswith("{"):
        return _json_message(text)
    match = _RSSHUB_MESSAGE.search(text) if _RSSHUB.search(text) else None
    return " ".join(html.unescape(match[1]).split())[:300] if match else ""


def _json_message(text: str) -> str:
    try:
        answer = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return ""
    error = answer.get("error") if isinstance(answer, dict) else None
    message = error.get("message") if isinstance(error, dict) else None
    return " ".join(message.split())[:300] if isinstance(message, str) else ""


def classify_rsshub_error(body: bytes) -> Outcome | None:
    """What an RSSHub error answer means; None when it is not one.

    RSSHub answers 503 both when a search found nothing and when its cookies died: only the message tells.
    """
    message = rsshub_message(body)
    if not message:
        return None
    for pattern, outcome in _RSSHUB_RULES:
        if pattern.search(message):
            return outcome
    return Outcome.SERVER_ERROR
