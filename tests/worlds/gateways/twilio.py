"""A Twilio that keeps its rules: account, token, numbers, sizes, TwiML; it also presses keys and answers messages."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree

import httpx

from tests.alerts.receiver import Answer, Came, Receiver

ACCOUNT, TOKEN, SENDER = "AC" + "0f" * 16, "twilio+token/with=marks&more", "+15005550006"
HTML = b"<!doctype html><html><body>Sign in to the network to go on</body></html>"
SAYS = {
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource was not found"),
    20429: (429, "Too Many Requests"),
    21211: (400, "The 'To' number +8613800000000 is not a valid phone number."),
    21408: (400, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number"),
    21608: (400, "The number +8613800000000 is unverified. Trial accounts cannot send messages to unverified numbers"),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21612: (400, "Message cannot be sent with the current combination of 'To' and/or 'From' parameters"),
    21614: (400, "To number: +8613800000000, is not a mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
}
# What Twilio does in a call besides speaking; a stranger's words must never become one of these.
VERBS = {"Response", "Gather", "Say", "Dial", "Play", "Redirect", "Record", "Sms", "Hangup", "Pause"}

Post = Callable[..., Any]


@dataclass(frozen=True)
class Call:
    """One call: `verbs` are the elements in the order Twilio carries them out, `said` what the person hears."""

    sid: str
    to: str
    verbs: tuple[str, ...]
    said: tuple[str, ...]
    action: str
    twiml: str


class Twilio(Receiver):
    """`texts` are the forms of messages that went out, `calls` the calls. `instead` is answered to everything."""

    def __init__(self, token: str = TOKEN) -> None:
        super().__init__()
        self.token = token
        self.base_url = self.url.removesuffix("/chat")
        self.texts: list[dict[str, str]] = []
        self.calls: list[Call] = []
        self.instead: Answer | None = None
        self.made: dict[str, Any] = {}

    def refuse(self, code: int, status: int = 0) -> None:
        """Every request is refused with this code, as Twilio words it."""
        self.instead = no(code, status)

    def take(self, came: Came) -> Answer:
        self.came.append(came)
        if self.instead:
            return self.instead
        if came.headers.get("authorization") != _basic(ACCOUNT, self.token):
            return no(20003)
        form = dict(parse_qsl(came.body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict"))
        home = f"/2010-04-01/Accounts/{ACCOUNT}"
        if came.path == f"{home}/Messages.json":
            return self._message(form)
        return self._call(form) if came.path == f"{home}/Calls.json" else no(20404)

    def press(self, call: Call, digits: str, post: Post = httpx.post) -> Any:
        """The person presses keys: what Twilio posts to the action of the Gather, and what came back."""
        form = {"AccountSid": ACCOUNT, "CallSid": call.sid, "CallStatus": "in-progress", "Direction": "outbound-api"}
        more = {"From": SENDER, "To": call.to, "Called": call.to, "msg": "Gather End", "Digits": digits}
        return self.tell(call.action, {**form, **more, "ApiVersion": "2010-04-01", "FinishedOnKey": ""}, post)

    def answer(self, address: str, text: str, sender: str, post: Post = httpx.post, sid: str = "SM" + "1" * 32) -> Any:
        """Somebody sends us an SMS: what Twilio posts to the address of the number, and what came back."""
        form = {"MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid, "AccountSid": ACCOUNT, "SmsStatus": "received"}
        more = {"From": sender, "To": SENDER, "Body": text, "NumMedia": "0", "NumSegments": "1"}
        return self.tell(address, {**form, **more, "ApiVersion": "2010-04-01"}, post)

    def tell(self, address: str, form: Mapping[str, str], post: Post) -> Any:
        """Twilio's own POST, signed with the account's token."""
        return post(address, data=dict(form), headers={"X-Twilio-Signature": self.sign(address, form)})

    def sign(self, address: str, form: Mapping[str, str]) -> str:
        said = address + "".join(name + form[name] for name in sorted(form))
        return base64.b64encode(hmac.new(self.token.encode(), said.encode(), hashlib.sha1).digest()).decode()

    def _message(self, form: dict[str, str]) -> Answer:
        if not form.get("Body"):
            return no(21602, words="Message body is required.")
        if len(form["Body"].encode("utf-16-le")) // 2 > 1_600:
            return no(21617)
        if form.get("From") != SENDER:
            return no(
                21212, words="The 'From' number is not a valid phone number, shortcode, or alphanumeric sender ID."
            )
        self.texts.append(form)
        sid = f"SM{len(self.texts):032x}"
        said = {"body": form["Body"], "num_segments": str(segments(form["Body"])), "num_media": "0", "price": None}
        return self._yes(sid, "queued", form, {**said, "error_code": None, "error_message": None})

    def _call(self, form: dict[str, str]) -> Answer:
        if len(form.get("Twiml", "")) > 4_000 or not form.get("Twiml"):
            return no(21205, words="Url is not a valid URL: ")
        if form.get("From") != SENDER:
            return no(21210, words="The source phone number provided is not yet verified for your account.")
        call = heard(f"CA{len(self.calls):032x}", form["To"], form["Twiml"])
        self.calls.append(call)
        return self._yes(call.sid, "queued", form, {"duration": None, "answered_by": None, "direction": "outbound-api"})

    def _yes(self, sid: str, status: str, form: dict[str, str], more: dict[str, Any]) -> Answer:
        said = {"sid": sid, "account_sid": ACCOUNT, "api_version": "2010-04-01", "to": form["To"], "from": form["From"]}
        return 201, json.dumps({**said, "status": status, **more, **self.made}).encode()


def heard(sid: str, to: str, twiml: str) -> Call:
    """What happens in the call; TwiML that is no XML or has an element Twilio does not know raises."""
    root = ElementTree.fromstring(twiml)  # noqa: S314 (our own)
    verbs = tuple(one.tag for one in root.iter())
    assert root.tag == "Response"
    assert set(verbs) <= VERBS
    said = tuple(one.text or "" for one in root.iter("Say") for _ in range(int(one.get("loop", "1"))))
    gather = root.find("Gather")
    return Call(sid, to, verbs, said, "" if gather is None else gather.get("action", ""), twiml)


def segments(text: str) -> int:
    """How many messages a phone company counts: 160 or 153 in the phone alphabet, else 70 or 67."""
    if all(c in _ALPHABET for c in text):
        length = sum(2 if c in _TWICE else 1 for c in text)
        return 1 if length <= 160 else -(-length // 153)
    length = len(text.encode("utf-16-le")) // 2
    return 1 if length <= 70 else -(-length // 67)


def no(code: int, status: int = 0, words: str = "") -> Answer:
    usual, said = SAYS.get(code, (400, words or "Refused"))
    body = {"code": code, "message": said, "more_info": f"https://www.twilio.com/docs/errors/{code}"}
    return status or usual, json.dumps({**body, "status": status or usual}).encode()


def _basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


_TWICE = "^{}\\[~]|€"
_ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà" + _TWICE
)
