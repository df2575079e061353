"""Says what the answer of a JSON place means when it is no answer: by its error rules, and until when to wait."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from config.errors import SourceError
from config.mapping import ErrorRule, JsonSpec, Limits
from monitor.sources.described.paths import is_absent, look, text_of
from monitor.sources.wire.answers import ErrorAnswer
from monitor.sources.wire.resets import reset_of
from store.nouns import Outcome

_WAIT: Final = timedelta(minutes=1)
_DAY: Final = timedelta(days=1)
_LEFT: Final = ("x-ratelimit-remaining", "x-rate-limit-remaining", "ratelimit-remaining")


def rule_for(spec: JsonSpec, text: str, document: Any, status: int = 200) -> ErrorRule | None:
    """The first rule that says this answer is an error; None when it is one to be read. `document` None: no JSON."""
    return next((rule for rule in spec.errors if _holds(rule, text, document, status)), None)


def refusal(rule: ErrorRule, document: Any, headers: Mapping[str, str], limits: Limits, now: datetime) -> SourceError:
    """The error a rule means, with the time until which to wait."""
    outcome = Outcome(rule.outcome)
    said = text_of(look(rule.path, document)) if rule.path and document is not None else ""
    what = f"its {rule.path} says {said[:80]!r}" if said else "it answered with an error"
    return SourceError(f"{what} ({outcome.value})", outcome=outcome, until=wait_of(outcome, headers, limits, now, rule))


def answered(error: ErrorAnswer, limits: Limits, now: datetime) -> SourceError:
    """The error an HTTP status means by itself."""
    until = wait_of(Outcome(error.outcome), error.headers, limits, now, None)
    return SourceError(str(error), outcome=error.outcome, permanent=error.permanent, until=until)


def wait_of(
    outcome: Outcome, headers: Mapping[str, str], limits: Limits, now: datetime, rule: ErrorRule | None
) -> datetime | None:
    """Until when nobody should ask: as the headers say, else as the rule says, else as is usual; None: not a limit."""
    named = reset_of(headers, now)
    if rule and rule.until:
        return hour_end(now) if rule.until == "hour" else day_end(now, limits.zone)
    if outcome is Outcome.QUOTA_EXHAUSTED:
        return named or day_end(now, limits.zone)
    if outcome is not Outcome.RATE_LIMITED:
        return named if outcome is Outcome.SERVER_ERROR else None
    least = now + (rule.wait if rule and rule.wait else _WAIT)
    return named or least


def used_up(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When an answer says that it was the last one allowed: until when not to ask; None otherwise."""
    for name in _LEFT:
        try:
            left = float(headers.get(name, "1"))
        except ValueError:
            continue
        if left < 1:
            return reset_of({key: value for key, value in headers.items() if key != "retry-after"}, now)
    return None


def pace_of(limits: Limits) -> timedelta:
    """How far apart requests must be so that the day's allowance lasts the day."""
    spans = [limits.every]
    if limits.per_day:
        spans.append(_DAY * limits.units_per_request / limits.per_day)
    if limits.daily_usd and limits.usd_per_request:
        spans.append(_DAY * (limits.usd_per_request / limits.daily_usd))
    return max(spans)


def hour_end(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def day_end(now: datetime, zone: str) -> datetime:
    """The next midnight of `zone`, in UTC."""
    local = now.astimezone(ZoneInfo(zone))
    tomorrow = local.date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=local.tzinfo).astimezone(UTC)


def _holds(rule: ErrorRule, text: str, document: Any, status: int) -> bool:
    if rule.status and status not in rule.status:
        return False
    if rule.contains and not re.search(rule.contains, text[:100_000]):
        return False
    return not rule.path or _at_path(rule, look(rule.path, document))


def _at_path(rule: ErrorRule, value: Any) -> bool:
    """Nothing at the path is no error: many places leave the code out when all is well."""
    if is_absent(value):
        return False
    said = _spelled(value)
    if rule.equals and said not in map(_spelled, rule.equals):
        return False
    return not rule.unlike or said not in map(_spelled, rule.unlike)


def _spelled(value: Any) -> str:
    """Codes are numbers in one answer and texts in the next."""
    return str(value).lower() if isinstance(value, bool) else text_of(value) or str(value)
