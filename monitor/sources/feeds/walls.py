"""Recognises what stands in front of a feed: captcha and login walls, and the error answers of RSSHub."""

import html
import json
import re
from typing import Final

from store.nouns import Outcome

# These words appear on challenge pages only.
_CHALLENGE: Final = re.compile(
    r"cf-chl|challenge-platform|_cf_chl_opt|just a moment\.\.\.|attention required!|are you a robot"
    r"|verify (?:that )?you are (?:a )?human|checking your browser|unusual traffic"
    r"|安全验证|人机验证|滑动验证|访问验证|访问过于频繁|异常访问|请输入验证码|遇到源站风控",
    re.IGNORECASE,
)
# These also appear in the scripts and articles of honest pages; they count in a title or on a short page.
_CAPTCHA: Final = re.compile(r"captcha|验证码|滑块|风控", re.IGNORECASE)
_LOGIN_TITLE: Final = re.compile(r"log\s?-?in|sign\s?-?in|登录|登陆|passport", re.IGNORECASE)
_LOGIN: Final = re.compile(
    r"""type\s*=\s*["']?password|请先?登[录陆]|登[录陆]后(?:查看|继续|访问)|扫码登[录陆]""", re.IGNORECASE
)
_TITLE: Final = re.compile(r"<title[^>]{0,200}>([^<]{0,300})", re.IGNORECASE)
_RSSHUB_RULES: Final = (
    (re.compile(r"route is empty|returned no posts", re.IGNORECASE), Outcome.EMPTY),
    (re.compile(r"cookies? (?:is |are |has |have )?(?:expired|invalid)|please update \w*COOKIE|登录|not logged"
                r"|access (?:token|denied)|config(?:uration)? ?(?:is )?(?:missing|not ?found)"
                r"|is not (?:set|configured)", re.IGNORECASE), Outcome.AUTH_FAILED),
    (re.compile(r"rate.?limit|too many requests|\b429\b", re.IGNORECASE), Outcome.RATE_LIMITED),
    (re.compile(r"captcha|cooling down|风控|验证", re.IGNORECASE), Outcome.BLOCKED),
)  # fmt: skip
_LOOKED_AT: Final = 200_000
_SHORT: Final = 20_000


def title_of(text: str) -> str:
    """The title a web screen shows, folded, at most 80 characters; "" when it has none."""
    match = _TITLE.search(text[:_LOOKED_AT])
    return " ".join(html.unescape(match[1]).split())[:80] if match else ""


def wall_of(text: str) -> str:
    """`captcha`, `login` or "" for a web screen that came instead of what was asked."""
    looked, title = text[:_LOOKED_AT], title_of(text)
    if _CHALLENGE.search(looked) or _CAPTCHA.search(title) or (len(text) < _SHORT and _CAPTCHA.search(looked)):
        return "captcha"
    return "login" if _LOGIN_TITLE.search(title) or _LOGIN.search(looked) else ""


def rsshub_error(text: str) -> tuple[Outcome, str] | None:
    """What an RSSHub error answer means and its message (at most 300 characters); None when it is not one.

    RSSHub answers 503 both when a search found nothing and when its cookies died: only the message tells.
    """
    looked = text[:_LOOKED_AT].strip()
    said = _json_message(looked) if looked.startswith("{") else _html_message(looked)
    message = " ".join(said.split())[:300]
    if not message:
        return None
    return next(
        (outcome for pattern, outcome in _RSSHUB_RULES if pattern.search(message)), Outcome.SERVER_ERROR
    ), message


def _json_message(text: str) -> str:
    try:
        answer = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return ""
    error = answer.get("error") if isinstance(answer, dict) else None
    message = error.get("message") if isinstance(error, dict) else None
    return message if isinstance(message, str) else ""


def _html_message(text: str) -> str:
    if "RSSHub" not in text:
        return ""
    _, found, behind = text.partition("Error Message:")
    _, opened, code = behind.partition("<code")
    message, closed, _ = code.partition(">")[2].partition("</code>")
    return html.unescape(message) if found and opened and closed else ""
