"""Answers that come by telephone: the pressed key of a call, the code of an SMS. Each ends in the same verbs."""

import hmac
from hashlib import sha256
from html import escape
from urllib.parse import parse_qsl

from starlette.responses import PlainTextResponse, Response

from alerts import acks
from alerts.channels.twilio_signature import is_right
from alerts.replies import answered
from config.errors import AccessError, InputError, MoveError
from desk.screens.ack import link_of
from desk.screens.door import Ask

KEYS = {"1": acks.acknowledge, "2": acks.pass_on}
SAID = {
    "taken": {"zh": "已由你接手。", "en": "It is yours now."},
    "passed": {"zh": "已转给下一位。", "en": "Passed on."},
    "nothing": {"zh": "没有改变任何事。请打开消息里的链接。", "en": "Nothing was changed. Please open the link."},
}


def press(ask: Ask) -> Response:
    """A key was pressed in a call: 1 takes, 2 passes on, anything else changes nothing."""
    _from_twilio(ask)
    link = link_of(ask)
    verb = KEYS.get(ask.field("Digits"))
    person = ask.room.settings.team.find(link.person)
    lang = person.language if person else "zh"
    said = "nothing"
    if verb:
        try:
            with ask.room.store.transaction() as tx:
                verb(tx, link.incident, link.person, "voice", ask.now)
            said = "taken" if verb is acks.acknowledge else "passed"
        except MoveError:
            # It is over meanwhile; the caller hears that nothing was changed.
            said = "nothing"
    speech = {"zh": "zh-CN", "en": "en-US"}[lang]
    return _xml(f'<Response><Say language="{speech}">{escape(SAID[said][lang])}</Say></Response>')


def text_by_twilio(ask: Ask) -> Response:
    """An SMS came in at Twilio; the answer is an SMS back."""
    _from_twilio(ask)
    try:
        said = _take(ask, ask.field("From"), ask.field("Body"))
    except (AccessError, MoveError):
        said = "没有改变任何事：代码不对，或事件已结束。Nothing was changed."
    return _xml(f"<Response><Message>{escape(said)}</Message></Response>")


def text_by_aliyun(ask: Ask) -> Response:
    """Aliyun's push of SMS replies (SmsUp), a JSON list. It signs nothing, so its address carries a token of ours."""
    if not hmac.compare_digest(str(ask.request.path_params["token"]).encode(), aliyun_token(ask.room.key).encode()):
        raise AccessError("This address is not valid.")
    said = ask.said if isinstance(ask.said, list) else None
    if said is None or not all(isinstance(one, dict) for one in said):
        raise InputError("SmsUp: a JSON list of objects with phone_number and content is expected.")
    for one in said:
        try:
            _take(ask, str(one.get("phone_number", "")), str(one.get("content", "")))
        except (AccessError, MoveError):
            # Somebody wrote something else; Aliyun would send it again if we refused it.
            continue
    return PlainTextResponse('{"code": 0, "msg": "accepted"}', media_type="application/json")


def aliyun_token(key: str) -> str:
    """What makes the push address ours."""
    return hmac.new(key.encode(), b"aliyun sms replies", sha256).hexdigest()[:40]


def _take(ask: Ask, sender: str, text: str) -> str:
    with ask.room.store.transaction() as tx:
        page = answered(tx, sender, text[:500], ask.now)
        incident = acks.acknowledge(tx, page.incident, page.person, "sms", ask.now)
    return f"#{incident.number} 已由你接手。It is yours now."


def _from_twilio(ask: Ask) -> None:
    """AccessError unless Twilio signed the request with our account's token."""
    url = ask.room.links.base_url + ask.request.url.path
    if ask.request.url.query:
        url += f"?{ask.request.url.query}"
    token = ask.room.secret("GOLDENHOUR_TWILIO_TOKEN")
    given = ask.request.headers.get("x-twilio-signature", "")
    pairs = parse_qsl(ask.raw.decode("utf-8", "replace"), keep_blank_values=True)
    if not is_right(url, pairs, token, given):
        raise AccessError("This request was not signed by our provider.")


def _xml(words: str) -> Response:
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>{words}', media_type="text/xml; charset=utf-8")
