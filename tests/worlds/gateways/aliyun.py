"""Aliyun's SendSms that keeps its rules: V3 signature, clock, nonce, parameters, variables, its list of refusals."""

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from config.clock import Clock
from tests.alerts.receiver import Answer, Came, Receiver

KEY_ID, SECRET = "LTAI5tFakeFakeFakeFake", "aliyun+secret/with=marks&more"
SIGN, TEMPLATE = "星禾茶饮", "SMS_154950909"
BIZ = "900619746936498440^0"
HTML = b"<!doctype html><html><body>Sign in to the network to go on</body></html>"
# Gateway refusals come with a status of their own; the product's come in a 200.
STATUS = {
    "SignatureDoesNotMatch": 400,
    "InvalidAccessKeyId.NotFound": 404,
    "InvalidAccessKeyId.Inactive": 400,
    "InvalidTimeStamp.Expired": 400,
    "SignatureNonceUsed": 400,
    "Throttling": 400,
    "Throttling.User": 400,
    "Throttling.Api": 400,
    "ServiceUnavailable": 503,
    "InternalError": 500,
    "Forbidden.RAM": 403,
    "NoPermission": 403,
}
SAYS = {
    "isv.BUSINESS_LIMIT_CONTROL": "触发分钟级流控Permits:1",
    "isv.DAY_LIMIT_CONTROL": "触发日发送限额",
    "isv.AMOUNT_NOT_ENOUGH": "账户余额不足",
    "isv.MOBILE_NUMBER_ILLEGAL": "手机号码格式错误",
    "isv.SMS_SIGNATURE_ILLEGAL": "签名不合法",
    "isv.SMS_TEMPLATE_ILLEGAL": "模板不合法",
    "isv.PARAM_NOT_SUPPORT_URL": "变量不支持URL参数",
    "isv.PARAM_LENGTH_LIMIT": "参数超过长度限制",
    "isp.RAM_PERMISSION_DENY": "RAM权限DENY",
    "isp.SYSTEM_ERROR": "isp.SYSTEM_ERROR",
}
_AUTHORIZATION = re.compile(r"ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([a-z0-9;-]+),Signature=([0-9a-f]{64})")
_MOBILE = re.compile(r"(?:\+86|0086|86)?1[3-9]\d{9}|00\d{7,15}")
_URL = re.compile(r"://|www\.|[a-z0-9-]+\.(?:com|cn|net|example)\b", re.I)


class AliyunSms(Receiver):
    """`shown` are the messages people get: number and variables. `instead` is answered to everything."""

    def __init__(self, clock: Clock, secret: str = SECRET) -> None:
        super().__init__()
        self.clock, self.secret = clock, secret
        self.base_url = self.url.removesuffix("/chat")
        self.shown: list[dict[str, Any]] = []
        self.nonces: set[str] = set()
        self.instead: Answer | None = None

    def refuse(self, code: str, status: int = 0) -> None:
        """Every request is refused with this code, in the form Aliyun gives it."""
        self.instead = no(code, status)

    def take(self, came: Came) -> Answer:
        self.came.append(came)
        if self.instead:
            return self.instead
        code = self._gate(came) or self._wrong(came)
        if code:
            return no(code)
        query = dict(parse_qsl(urlsplit(came.path).query, strict_parsing=True, errors="strict"))
        self.shown.append({**query, "TemplateParam": json.loads(query["TemplateParam"])})
        said = {"Message": "OK", "RequestId": "F655A8D5-B967-440B-8683-DAD6FF8DE990", "Code": "OK", "BizId": BIZ}
        return 200, json.dumps(said).encode()

    def _gate(self, came: Came) -> str:
        """What the gateway before every product checks."""
        found = _AUTHORIZATION.fullmatch(came.headers.get("authorization", ""))
        if not found:
            return "IncompleteSignature"
        key, names, signature = found.groups()
        if key != KEY_ID:
            return "InvalidAccessKeyId.NotFound"
        at = datetime.strptime(came.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        if abs(self.clock() - at) > timedelta(minutes=15):
            return "InvalidTimeStamp.Expired"
        if signature != self._signature(came, names) or not {"host", *_common(came)} <= set(names.split(";")):
            return "SignatureDoesNotMatch"
        nonce = came.headers["x-acs-signature-nonce"]
        used = nonce in self.nonces
        self.nonces.add(nonce)
        return "SignatureNonceUsed" if used else ""

    def _signature(self, came: Came, names: str) -> str:
        where = urlsplit(came.path)
        # Sorted again from what came: a query that was not sorted when it was signed does not match.
        query = "&".join(sorted(where.query.split("&")))
        lines = [f"{name}:{came.headers.get(name, '').strip()}" for name in names.split(";")]
        payload = hashlib.sha256(came.body).hexdigest()
        asked = "\n".join(["POST", where.path, query, *lines, "", names, payload])
        signed = "ACS3-HMAC-SHA256\n" + hashlib.sha256(asked.encode()).hexdigest()
        return hmac.new(self.secret.encode(), signed.encode(), hashlib.sha256).hexdigest()

    def _wrong(self, came: Came) -> str:
        """What the product itself checks."""
        query = dict(parse_qsl(urlsplit(came.path).query, strict_parsing=True, errors="strict"))
        if (came.headers["x-acs-action"], came.headers["x-acs-version"]) != ("SendSms", "2017-05-25"):
            return "InvalidAction.NotFound"
        if query["SignName"] != SIGN:
            return "isv.SMS_SIGNATURE_ILLEGAL"
        if query["TemplateCode"] != TEMPLATE:
            return "isv.SMS_TEMPLATE_ILLEGAL"
        if not _MOBILE.fullmatch(query["PhoneNumbers"]):
            return "isv.MOBILE_NUMBER_ILLEGAL"
        return _variables(json.loads(query["TemplateParam"]))


def _variables(said: dict[str, Any]) -> str:
    if set(said) != {"title", "left", "code"} or not all(said.values()):
        return "isv.TEMPLATE_MISSING_PARAMETERS"
    if any(not isinstance(one, str) for one in said.values()):
        return "isv.INVALID_JSON_PARAM"
    if any(_URL.search(one) for one in said.values()):
        return "isv.PARAM_NOT_SUPPORT_URL"
    return "isv.PARAM_LENGTH_LIMIT" if any(len(one) > 20 for one in said.values()) else ""


def _common(came: Came) -> set[str]:
    return {name for name in came.headers if name.startswith("x-acs-")}


def no(code: str, status: int = 0) -> Answer:
    said = {"Message": SAYS.get(code, code), "RequestId": "873043ac-bcda-44db-9052-2e204c6ed20f", "Code": code}
    if code in STATUS:
        said |= {"HostId": "dysmsapi.aliyuncs.com", "Recommend": f"https://api.aliyun.com/troubleshoot?q={code}"}
    return status or STATUS.get(code, 200), json.dumps(said).encode()
