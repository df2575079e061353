"""SMS by Twilio: what, the code to answer with, the link, in few segments; accepted is 201 with a sid and no error."""

import re
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from urllib.parse import quote

from alerts.channels import Channel, Rate, Reach, Receipt
from alerts.channels.chat_text import link, title
from alerts.channels.post import Answer, post
from config.errors import DeliveryError
from config.gateways import ADDRESSES
from store.nouns import Page

SECRET = "GOLDENHOUR_TWILIO_TOKEN"  # noqa: S105 (its name)
# Twilio says characters and counts emoji as several: UTF-16 units are never less.
LIMIT = 1_600
# Bytes of the first line: its ends are kept, so level and minutes left stand.
TITLE = 300
TAKEN = ("accepted", "queued", "sending", "sent")
# What no other try can help. A code that is not listed goes by the HTTP status.
REFUSED: Mapping[int, str] = MappingProxyType(
    {
        10001: "the account is not active",
        20003: "the account or its token is wrong",
        20005: "the account is not active",
        20404: "there is no such account",
        21210: "the calling number is not verified",
        21211: "the number is not valid",
        21212: "the sending number is not valid",
        21214: "the number cannot be reached",
        21215: "the account may not call that country",
        21216: "the account may not call that number",
        21217: "the number is not valid",
        21219: "a trial account calls verified numbers only",
        21408: "the account may not send to that country",
        21606: "the sending number cannot send messages",
        21608: "a trial account sends to verified numbers only",
        21610: "the person has answered STOP",
        21612: "there is no way from the sending number to that number",
        21614: "the number is not a mobile one",
        21617: "the message is too long",
        30002: "the account is suspended",
        30004: "the number or its carrier blocks it",
        30005: "the number is unknown or no longer in use",
        30006: "the number is a landline or cannot be reached",
        30007: "the carrier filtered it",
        30010: "it costs more than is allowed",
    }
)
# What passes, whatever the HTTP status: congestion, phones that are off, errors on Twilio's or the carrier's side.
LATER: Mapping[int, str] = MappingProxyType(
    {
        10004: "too many calls at once",
        20429: "too many requests",
        20500: "an error at Twilio",
        20503: "Twilio is not available",
        21611: "too many messages wait for this sender",
        30001: "too many messages wait",
        30003: "the phone is off or out of reach",
        30008: "for a reason the carrier did not say",
        30009: "a part of the message was lost",
        30022: "too many messages for the carrier",
        30023: "the sender's daily limit is used up",
    }
)
_CARRIER = range(30000, 31000)
_BUSY = (408, 425, 429)
_HAN = re.compile("[\u4e00-\u9fff]")
_SID = re.compile(r"[A-Z]{2}[0-9A-Za-z]{1,40}")
# One of these makes an English message three times as dear: it leaves the phone alphabet.
_TYPOGRAPHY = str.maketrans({"…": "...", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " "})


def send(page: Page, reach: Reach) -> Receipt:
    """Hand the message over; DeliveryError unless Twilio made it and has no error to tell."""
    return submit(page, reach, "Messages", {"Body": message(page)}, TAKEN)


def message(page: Page) -> str:
    """First line, how to answer, link; at most LIMIT UTF-16 units. The link is left out when it alone is too long."""
    head = title(page, TITLE)
    chinese = is_chinese(page)
    answer = (f"回复 {page.reply} 接手" if chinese else f"Reply {page.reply} to take it") if page.reply else ""
    # What the page says goes on one line each: nobody can begin a line of ours.
    lines = [one for one in (head if chinese else head.translate(_TYPOGRAPHY), answer) if one]
    whole = "\n".join([*lines, link(page)]) if page.link else "\n".join(lines)
    return whole if len(whole.encode("utf-16-le")) // 2 <= LIMIT else "\n".join(lines)


def is_chinese(page: Page) -> bool:
    """The page speaks the person's language; its subject shows which."""
    return bool(_HAN.search(page.subject))


def submit(page: Page, reach: Reach, what: str, said: Mapping[str, str], taken: tuple[str, ...]) -> Receipt:
    """POST a new one of Twilio's `what` (Messages, Calls) to the page's number; `taken` are its good beginnings."""
    account, number = reach.gateways.twilio, reach.address(page)
    if not account.account or not account.sender:
        raise DeliveryError("no Twilio account or sender is set (gateways.twilio)", code="no_account", permanent=True)
    if not re.fullmatch(ADDRESSES["twilio_sms"][0], number):
        raise DeliveryError("the address is no number such as +8613800000000", code="address", permanent=True)
    sid, token = account.account, reach.needed(SECRET)
    url = f"{account.base_url.rstrip('/')}/2010-04-01/Accounts/{quote(sid, safe='')}/{what}.json"
    answer = post(url, form={"To": number, "From": account.sender, **said}, auth=(sid, token))
    if answer.status != 201:
        raise _refused(answer)
    return _made(answer, taken)


def _made(answer: Answer, taken: tuple[str, ...]) -> Receipt:
    """Twilio made something: what it says of it decides."""
    sid, state, error = answer.body.get("sid"), answer.body.get("status"), answer.body.get("error_code")
    if error is not None:
        raise _failure(_number(error), "error_code", busy=True)
    if state in ("failed", "undelivered", "busy", "no-answer", "canceled"):
        raise DeliveryError(f"Twilio made it, and it is {state} already", code=state)
    if not isinstance(sid, str) or not _SID.fullmatch(sid) or state not in taken:
        said = "Twilio answered 201 without saying what became of it"
        raise DeliveryError(said, code="201_not_accepted", ambiguous=True)
    return Receipt(state, f"accepted by Twilio as {sid}")


def _refused(answer: Answer) -> DeliveryError:
    busy = answer.status in _BUSY or answer.status >= 500
    if answer.ok:
        said = f"Twilio answered {answer.status} but made nothing"
        return DeliveryError(said, code=f"{answer.status}_not_created")
    wait = int(answer.retry_after) if re.fullmatch(r"[0-9]{1,6}", answer.retry_after) else 0
    return _failure(_number(answer.body.get("code")), str(answer.status), busy=busy, wait_s=wait if busy else 0)


def _failure(code: int, otherwise: str, *, busy: bool, wait_s: int = 0) -> DeliveryError:
    """Twilio's own words are not repeated: they quote what was sent."""
    if code in LATER:
        return DeliveryError(f"Twilio: {LATER[code]} ({code})", code=str(code), wait_s=wait_s)
    if code in REFUSED:
        # No outage says that a number is wrong: the code counts, whatever the status.
        return DeliveryError(f"Twilio refused: {REFUSED[code]} ({code})", code=str(code), permanent=True)
    name = str(code) if code else otherwise
    permanent = not busy and code not in _CARRIER
    return DeliveryError(f"Twilio refused it ({name})", code=name, permanent=permanent, wait_s=wait_s)


def _number(said: object) -> int:
    """Twilio's code, 0 when it is none; JSON's true is 1 for Python and no code."""
    if isinstance(said, str) and re.fullmatch(r"[0-9]{1,6}", said):
        return int(said)
    return said if type(said) is int and 0 < said < 1_000_000 else 0


CHANNEL = Channel(
    send,
    # Phones and carriers call more than this spam; a number that is blocked carries nothing at all.
    rates=(
        Rate(5, timedelta(minutes=15)),
        Rate(11, timedelta(hours=1)),
        Rate(21, timedelta(hours=3)),
        Rate(1, timedelta(seconds=1), shared=True),
    ),
    replies=True,
)
