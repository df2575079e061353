"""How many messages an address can still take (pure). A third of every rate is kept free for orange and red."""

from collections.abc import Sequence
from datetime import datetime

from alerts.channels import Rate

# Part of a rate that calls below orange may use up.
ORDINARY = 0.7


def allowed(rate: Rate, *, urgent: bool) -> int:
    """Messages in any span of `rate.per`; at least one, whoever asks."""
    return rate.count if urgent else max(1, int(rate.count * ORDINARY))


def room(turns: Sequence[datetime], rates: Sequence[Rate], now: datetime, *, urgent: bool) -> int:
    """Messages that may go now, given the moments of those before; a large number when there is no rate."""
    free = [allowed(rate, urgent=urgent) - sum(now - at < rate.per for at in turns) for rate in rates]
    return max(0, min(free, default=1000))


def free_at(turns: Sequence[datetime], rates: Sequence[Rate], now: datetime, *, urgent: bool) -> datetime:
    """When the next message may go; `now` when it may go at once."""
    moment = now
    for rate in rates:
        inside = sorted(at for at in turns if now - at < rate.per)
        full = len(inside) - allowed(rate, urgent=urgent)
        if full >= 0:
            moment = max(moment, inside[full] + rate.per)
    return moment


def kept(turns: Sequence[datetime], rates: Sequence[Rate], now: datetime) -> list[datetime]:
    """The turns some rate still looks at."""
    longest = max((rate.per for rate in rates), default=None)
    return [] if longest is None else [at for at in turns if now - at < longest]
