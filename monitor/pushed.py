"""Who may push to us: a signature over the body and its time, or the secret itself where a source allows it (pure)."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from config.errors import AccessError, InputError

WINDOW: Final = timedelta(seconds=300)
SIGNATURE: Final = "x-goldenhour-signature"
TIMESTAMP: Final = "x-goldenhour-timestamp"
_SIGNED: Final = re.compile(r"sha256=([0-9a-fA-F]{64})", re.ASCII)
_SECONDS: Final = re.compile(r"\d{1,12}", re.ASCII)


class PushError(InputError):
    """A push that is not taken; `status` is HTTP's word for it, `wait_s` when it may be tried again (0: it may not)."""

    def __init__(self, message: str, *, status: int, wait_s: int = 0) -> None:
        super().__init__(message)
        self.status = status
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Claim:
    """What a request says to prove who sends it, before its body is read: a signature and its time, or a token."""

    signature: str = ""
    timestamp: str = ""
    token: str = ""


def claim_of(headers: Mapping[str, str], *, bearer: bool) -> Claim:
    """The proof a request offers; AccessError when it offers none that this source takes. Names are lower case."""
    signed = headers.get(SIGNATURE, "").strip()
    if signed:
        found, timestamp = _SIGNED.fullmatch(signed), headers.get(TIMESTAMP, "").strip()
        if found is None:
            raise AccessError("X-GoldenHour-Signature: must be sha256= and 64 hex digits")
        if not _SECONDS.fullmatch(timestamp):
            raise AccessError("X-GoldenHour-Timestamp: must be the seconds since 1970 that were signed")
        return Claim(found[1].lower(), timestamp)
    kind, _, token = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and token.strip():
        if bearer:
            return Claim(token=token.strip())
        raise AccessError("Authorization: this source takes signed requests only; send X-GoldenHour-Signature")
    raise AccessError("X-GoldenHour-Signature: is missing; sign timestamp + '.' + body with HMAC-SHA256")


def signature_of(secret: str, timestamp: str, body: bytes) -> str:
    """What stands behind `sha256=`: hex of HMAC-SHA256 over the timestamp, a point and the body as it is sent."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, sha256).hexdigest()


def prove(claim: Claim, body: bytes, secret: str, now: datetime) -> None:
    """AccessError unless the claim is true: the signature first, so that only its owner hears of our clock."""
    if claim.token:
        given, wanted = claim.token.encode("utf-8", "replace"), secret.encode()
        if not hmac.compare_digest(sha256(given).digest(), sha256(wanted).digest()):
            raise AccessError("Authorization: the token is not this source's secret")
        return
    if not hmac.compare_digest(claim.signature, signature_of(secret, claim.timestamp, body)):
        raise AccessError("X-GoldenHour-Signature: does not fit; sign timestamp + '.' + the body exactly as it is sent")
    off = int(claim.timestamp) - now.timestamp()
    if abs(off) > WINDOW.total_seconds():
        side = "ahead of" if off > 0 else "behind"
        raise AccessError(
            f"X-GoldenHour-Timestamp: is {abs(off):.0f} s {side} our clock ({now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}); "
            f"{WINDOW.total_seconds():.0f} s are allowed"
        )
