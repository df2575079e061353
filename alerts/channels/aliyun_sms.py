"""SMS by Aliyun (Dysmsapi SendSms): an approved template with title, left and code; accepted is `Code` "OK"."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from urllib.parse import quote

from alerts.channels import Channel, Rate, Reach, Receipt
from alerts.channels.chat_text import plain
from alerts.channels.post import Answer, post
from alerts.neutral import neutral
from alerts.wording import REASON
from config.errors import DeliveryError
from config.gateways import ADDRESSES, Aliyun
from store.nouns import Page

SECRET = "GOLDENHOUR_ALIYUN_SECRET"  # noqa: S105 (its name)
ACTION, VERSION, ALGORITHM = "SendSms", "2017-05-25", "ACS3-HMAC-SHA256"
TITLE = 20
# A template variable may not be empty.
NOTHING = "-"
REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "SignatureDoesNotMatch": "the secret of the key is wrong",
        "IncompleteSignature": "the signature is not whole",
        "InvalidAccessKeyId": "the key is not valid",
        "InvalidAccessKeyId.NotFound": "there is no such key",
        "InvalidAccessKeyId.Inactive": "the key is switched off",
        "Forbidden.RAM": "the key may not send",
        "NoPermission": "the key may not send",
        "isp.RAM_PERMISSION_DENY": "the key may not send",
        "isv.RAM_PERMISSION_DENY": "the key may not send",
        "isv.ACCOUNT_ABNORMAL": "the account is not in order",
        "isv.ACCOUNT_NOT_EXISTS": "there is no such account",
        "isv.AMOUNT_NOT_ENOUGH": "the account has no money left",
        "isv.BLACK_KEY_CONTROL_LIMIT": "it holds words Aliyun does not carry",
        "isv.DENY_IP_RANGE": "this machine's address may not send",
        "isv.INVALID_JSON_PARAM": "the variables are malformed",
        "isv.INVALID_PARAMETERS": "a parameter is wrong",
        "isv.MOBILE_NUMBER_ILLEGAL": "the number is not valid",
        "isv.OUT_OF_SERVICE": "the account is out of service, often for money",
        "isv.PARAM_LENGTH_LIMIT": "a variable is too long",
        "isv.PARAM_NOT_SUPPORT_URL": "a variable looks like an address",
        "isv.PRODUCT_UNSUBSCRIBE": "the account has no SMS service",
        "isv.PRODUCT_UN_SUBSCRIPT": "the account has no SMS service",
        "isv.SMS_CONTENT_ILLEGAL": "it holds words Aliyun does not carry",
        "isv.SMS_SIGNATURE_ILLEGAL": "the signature of the messages is not approved",
        "isv.SMS_SIGN_ILLEGAL": "the signature of the messages is not allowed",
        "isv.SMS_TEMPLATE_ILLEGAL": "the template is not approved",
        "isv.TEMPLATE_MISSING_PARAMETERS": "the template wants a variable we do not have",
        "isv.TEMPLATE_PARAMS_ILLEGAL": "a variable is not of the template's kind",
    }
)
LATER: Mapping[str, str] = MappingProxyType(
    {
        "isv.BUSINESS_LIMIT_CONTROL": "too many messages to this number",
        "isv.DAY_LIMIT_CONTROL": "the account's limit of the day is used up",
        "isv.MONTH_LIMIT_CONTROL": "the account's limit of the month is used up",
        "isp.SYSTEM_ERROR": "an error at Aliyun",
        "isp.GATEWAY_ERROR": "an error at Aliyun",
        "InternalError": "an error at Aliyun",
        "ServiceUnavailable": "Aliyun is not available",
        "InvalidTimeStamp.Expired": "this machine's clock is over 15 minutes off",
        "SignatureNonceUsed": "this very request came twice",
    }
)
# Seconds to leave it alone; the flow control of a number counts minutes, hours and days.
WAITS: Mapping[str, int] = MappingProxyType(
    {"isv.BUSINESS_LIMIT_CONTROL": 60, "isv.DAY_LIMIT_CONTROL": 3600, "isv.MONTH_LIMIT_CONTROL": 3600}
)
_BUSY = (408, 425, 429)
# No digit and no sign a key has: something that was echoed is no code.
_CODE = re.compile(r"[A-Za-z][A-Za-z._]{1,59}")
_BIZ = re.compile(r"[0-9^]{1,60}")
_CHINESE = re.compile(r"(?:\+86)?(1\d{10})")
_HEAD = re.compile(r"(?:【([^】]*)】|\[([^\]]*)\])\s*")
_LEFT = re.compile(r"\s*[｜|]\s*(剩\d+分|已超时\d+分|\d+ min (?:left|over))$")
_COUNT = re.compile(r"\s*｜\s*\d+条$")


def send(page: Page, reach: Reach) -> Receipt:
    """Have the template sent; DeliveryError unless Aliyun's own code is OK."""
    account, number = reach.gateways.aliyun, dialled(reach.address(page))
    if not (account.key_id and account.sign_name and account.template):
        raise DeliveryError("no Aliyun key, signature or template is set", code="no_account", permanent=True)
    secret, now = reach.needed(SECRET), reach.clock()
    query = canonical(request(page, number, account))
    base = account.base_url.rstrip("/")
    headers = {
        "host": base.partition("://")[2],
        "x-acs-action": ACTION,
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-acs-date": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "x-acs-signature-nonce": nonce(page, now),
        "x-acs-version": VERSION,
    }
    headers["Authorization"] = authorization(headers, query, account.key_id, secret)
    return _judge(post(f"{base}/?{query}", headers=headers))


def request(page: Page, number: str, account: Aliyun) -> dict[str, str]:
    """The parameters of SendSms."""
    return {
        "PhoneNumbers": number,
        "SignName": account.sign_name,
        "TemplateCode": account.template,
        "TemplateParam": json.dumps(variables(page), ensure_ascii=False, separators=(",", ":")),
        "OutId": page.id,
    }


def variables(page: Page) -> dict[str, str]:
    """`title` (level and what, at most 20 characters), `left` (such as 剩40分), `code` to answer with.

    A variable holds no address, is never empty, and has no bracket that would look like a sender's signature.
    """
    words = plain(page.subject).replace("\n", " ")
    left = _LEFT.search(words)
    words = _COUNT.sub("", words[: left.start()] if left else words)
    head = _HEAD.match(words)
    if head:
        # "Please take it" is said by the template; any other reason must be read.
        kept = (head[1] or head[2] or "").removesuffix(f"·{REASON['zh']['call']}")
        words = f"{kept} {words[head.end() :].removeprefix(REASON['en']['call'] + ': ')}"
    flat = neutral(re.sub(r"[【】\[\]]", " ", words), TITLE)
    return {"title": flat or NOTHING, "left": left[1] if left else NOTHING, "code": page.reply or NOTHING}


def dialled(number: str) -> str:
    """Chinese numbers bare, others with 00: +1 380… without its plus would be a phone in China."""
    if not re.fullmatch(ADDRESSES["aliyun_sms"][0], number):
        raise DeliveryError("the address is no number such as 13800000000", code="address", permanent=True)
    chinese = _CHINESE.fullmatch(number)
    return chinese[1] if chinese else "00" + number.removeprefix("+")


def nonce(page: Page, now: datetime) -> str:
    """Never the same for two tries, and no secret."""
    return hashlib.sha256(f"{page.id}:{page.tries}:{now.isoformat()}".encode()).hexdigest()[:32]


def canonical(parameters: Mapping[str, str]) -> str:
    """The query string as it is signed and sent: sorted, every byte but unreserved ones percent-encoded."""
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in sorted(parameters.items()))


def authorization(headers: Mapping[str, str], query: str, key_id: str, secret: str) -> str:
    """The header that signs a POST without a body; every one of `headers` (lower case) is signed."""
    names = ";".join(sorted(headers))
    told = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    asked = "\n".join(("POST", "/", query, told, names, headers["x-acs-content-sha256"]))
    signed = f"{ALGORITHM}\n{hashlib.sha256(asked.encode()).hexdigest()}"
    made = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={made}"


def _judge(answer: Answer) -> Receipt:
    said = answer.body.get("Code")
    code = said if isinstance(said, str) and _CODE.fullmatch(said) else ""
    if answer.ok and code == "OK":
        biz = str(answer.body.get("BizId", ""))
        return Receipt("OK", f"accepted by Aliyun, BizId {biz}" if _BIZ.fullmatch(biz) else "accepted by Aliyun")
    raise _failure(answer, "" if code == "OK" else code)


def _failure(answer: Answer, code: str) -> DeliveryError:
    """Aliyun's own words are not repeated: they may quote what was signed."""
    if not code:
        name = f"{answer.status}_no_code" if answer.ok else str(answer.status)
        permanent = not answer.ok and not _busy(answer)
        return DeliveryError(f"Aliyun answered {answer.status}", code=name, permanent=permanent)
    why = REFUSED.get(code) or LATER.get(code) or "for a reason not known here"
    # The first of the two answers to a doubled request may have been a yes.
    twice = code == "SignatureNonceUsed"
    return DeliveryError(
        f"Aliyun refused: {why} ({code})",
        code=code,
        permanent=_for_ever(answer, code),
        ambiguous=twice,
        wait_s=WAITS.get(code, 0),
    )


def _for_ever(answer: Answer, code: str) -> bool:
    """Listed codes as listed; else isv. is the sender's fault, isp. Aliyun's, and the rest goes by the status."""
    if code in REFUSED:
        return True
    if code in LATER or code.startswith(("Throttling", "isp.")) or _busy(answer):
        return False
    return code.startswith("isv.") or not answer.ok


def _busy(answer: Answer) -> bool:
    return answer.status in _BUSY or answer.status >= 500


# Aliyun's own flow control of one number, unless the account asked for another.
CHANNEL = Channel(
    send,
    rates=(Rate(1, timedelta(minutes=1)), Rate(5, timedelta(hours=1)), Rate(10, timedelta(days=1))),
    replies=True,
)
