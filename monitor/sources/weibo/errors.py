"""What Weibo's error codes mean for us; they come as text or number, with status 200, 400 or 403."""

from datetime import datetime, timedelta
from typing import Any, Final

from config.errors import SourceError
from monitor.sources.plain import fold
from store.nouns import Outcome

_RATES: Final = {
    10022: "the hourly limit of this IP address is used up",
    10023: "the hourly limit of this account is used up",
    10024: "the hourly limit of this interface is used up",
}
_PERMISSIONS: Final = {
    10004: "this IP address may not call the interface: Weibo keeps a list of allowed addresses per app",
    10005: "the app lacks the high-level permission (高级权限) for the interface",
    10006: "the app key is missing: the token belongs to no app that Weibo knows",
    10014: "the app lacks the permission for the interface",
}
_TOKENS: Final = {
    21301: "the token is not accepted",
    21314: "the token was used before",
    21315: "the token has expired",
    21316: "the token was revoked",
    21317: "the token was rejected",
    21319: "the authorisation was withdrawn",
    21327: "the token has expired",
    21332: "the token is invalid",
}
_OUR_FAULT: Final = {
    10008: "a parameter is wrong",
    10012: "the request is not allowed",
    10016: "a parameter is missing",
    10017: "a parameter has a value that is not allowed",
}
_ABSENT: Final = {10020: "there is no such interface", 10021: "the interface takes no such request"}
# Only this interface is meant; the others of the account still answer.
_ONE_PART: Final = frozenset({10005, 10014, 10020, 10021, 10024, *_OUR_FAULT})


class WeiboFault(SourceError):
    """Weibo refused. `code` is its own; `one_part`: only this interface is meant, the account's others may answer."""

    def __init__(self, message: str, *, outcome: Outcome, code: int, until: datetime | None = None) -> None:
        super().__init__(message, outcome=outcome, until=until)
        self.code, self.one_part = code, code in _ONE_PART


def fault_in(document: Any, *, part: str, secret_env: str, token: str, now: datetime) -> WeiboFault | None:
    """The refusal `document` is, None when it is none. Messages name the interface and the variable, never the token.

    Limits end with the hour; what no table knows counts as a passing trouble of the server.
    """
    code = _code(document)
    if code is None:
        return None
    outcome, words = _meaning(code)
    if code // 100 == 213:
        words = f"{words}: put a fresh one into {secret_env or 'secret_env'}"
    if not words:
        # Their own words, in which a careless server may echo what we sent.
        said = document.get("error")
        words = fold(said if isinstance(said, str) else "unknown", limit=200).replace(token, "…")
    until = next_hour(now) if outcome is Outcome.RATE_LIMITED else None
    return WeiboFault(f"weibo {code} at {part}: {words}", outcome=outcome, code=code, until=until)


def next_hour(now: datetime) -> datetime:
    """When Weibo's hourly limits begin anew."""
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def _code(document: Any) -> int | None:
    found = document.get("error_code") if isinstance(document, dict) else None
    if isinstance(found, str) and found.isascii() and found.isdigit():
        found = int(found[:9])
    return found if isinstance(found, int) and not isinstance(found, bool) and found else None


def _meaning(code: int) -> tuple[Outcome, str]:
    if code // 100 == 213:
        return Outcome.AUTH_FAILED, _TOKENS.get(code, "the token is not accepted")
    for table, outcome in (
        (_RATES, Outcome.RATE_LIMITED),
        (_PERMISSIONS, Outcome.AUTH_FAILED),
        (_OUR_FAULT, Outcome.MALFORMED),
        (_ABSENT, Outcome.GONE),
    ):
        if code in table:
            return outcome, table[code]
    return Outcome.SERVER_ERROR, ""
