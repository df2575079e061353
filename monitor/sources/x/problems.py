"""What X's refusals mean: by the problem's type, since 429 says both "slow down" and "nothing more this month"."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from config.errors import SourceError
from monitor.sources.feeds.decode import decode
from monitor.sources.feeds.walls import wall_of
from monitor.sources.wire.answers import ErrorAnswer
from monitor.sources.wire.fetch import Fetched
from monitor.sources.wire.resets import reset_of
from store.nouns import Outcome

WINDOW: Final = timedelta(minutes=15)
_FIRST_WAIT: Final = timedelta(minutes=1)
_KIND: Final = re.compile(r"(?:https?://\S+/)?([a-z][a-z-]{1,59})")
_OUTCOMES: Final = {
    "usage-capped": Outcome.QUOTA_EXHAUSTED,
    "credits-depleted": Outcome.QUOTA_EXHAUSTED,
    "rate-limit-exceeded": Outcome.RATE_LIMITED,
    "client-forbidden": Outcome.AUTH_FAILED,
    "unsupported-authentication": Outcome.AUTH_FAILED,
    "not-authorized-for-resource": Outcome.AUTH_FAILED,
    "invalid-request": Outcome.MALFORMED,
    "invalid-parameter": Outcome.MALFORMED,
}
_STATUSES: Final = {400: Outcome.MALFORMED, 402: Outcome.QUOTA_EXHAUSTED}


class XFault(SourceError):
    """X refused: `status` as sent, `kind` is the last word of the problem's type, "" when it named none."""

    def __init__(self, message: str, *, outcome: Outcome, status: int, kind: str, until: datetime | None) -> None:
        super().__init__(message, outcome=outcome, until=until)
        self.status, self.kind = status, kind


def fault_of(error: ErrorAnswer, *, now: datetime, failures: int) -> XFault:
    """The fault behind an error answer. `failures`: reads that have failed before, for a wait X does not name."""
    problem = _problem(error.body)
    kind = _kind_of(problem)
    outcome = Outcome(error.outcome)
    if outcome is not Outcome.BLOCKED:
        outcome = _OUTCOMES.get(kind) or _STATUSES.get(error.status) or outcome
    said = f"{error}: {kind}" if kind else str(error)
    return XFault(
        said, outcome=outcome, status=error.status, kind=kind, until=_until(error, problem, outcome, now, failures)
    )


def answer_of(fetched: Fetched) -> dict[str, Any]:
    """The JSON object of a 200; SourceError when it is none, or holds nothing but an error."""
    text = decode(fetched.body, None)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        wall = wall_of(text)
        what, outcome = (f"a {wall} wall", Outcome.BLOCKED) if wall else ("no JSON object", Outcome.MALFORMED)
        raise SourceError(f"{fetched.host}: answered {fetched.status} with {what}", outcome=outcome)
    if "data" not in found and not isinstance(found.get("meta"), dict):
        kind = _kind_of(_first(found))
        outcome = _OUTCOMES.get(kind, Outcome.MALFORMED)
        said = kind or "neither `data` nor `meta`"
        raise XFault(f"{fetched.host}: answered {said}", outcome=outcome, status=fetched.status, kind=kind, until=None)
    return found


def partial_errors(answer: Mapping[str, Any]) -> str:
    """What X says it left out beside the data, in one line; "" when nothing."""
    rows = answer.get("errors")
    kinds = [_kind_of(row) or "unnamed" for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    return f"X left out {len(kinds)} ({', '.join(sorted(set(kinds))[:3])})" if kinds else ""


def month_end(now: datetime) -> datetime:
    """When X counts anew."""
    at = now.astimezone(UTC)
    return datetime(at.year + at.month // 12, at.month % 12 + 1, 1, tzinfo=UTC)


def _until(
    error: ErrorAnswer, problem: Mapping[str, Any], outcome: Outcome, now: datetime, failures: int
) -> datetime | None:
    if outcome is Outcome.QUOTA_EXHAUSTED and error.status == 429:
        tomorrow = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return tomorrow if str(problem.get("period", "")).lower() == "daily" else month_end(now)
    if outcome is not Outcome.RATE_LIMITED:
        return None
    # Without a named moment the wait doubles from a minute on, as X asks.
    return reset_of(error.headers, now, WINDOW) or now + min(WINDOW, _FIRST_WAIT * (1 << min(failures, 4)))


def _problem(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(decode(body, None))
    except (ValueError, RecursionError):
        return {}
    return _first(found) if isinstance(found, Mapping) else {}


def _first(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """The problem itself, or the first of a list of them."""
    rows = found.get("errors")
    inner = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], Mapping) else {}
    return found if isinstance(found.get("type"), str) and _kind_of(found) else inner


def _kind_of(problem: Mapping[str, Any]) -> str:
    match = _KIND.fullmatch(str(problem.get("type", "")))
    return match[1] if match else ""
