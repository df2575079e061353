"""Limits hold per account, over sources and processes; the day's money stops hard; nothing refused is counted."""

from datetime import UTC, datetime, timedelta

import pytest

from config.errors import SourceError
from config.mapping import Limits
from monitor.limiter import StoreLimiter
from store import meters

GDELT = Limits(every=timedelta(seconds=5))
YOUTUBE = Limits(per_day=250, units_per_request=100, zone="America/Los_Angeles")
X = Limits(daily_usd=0.02, usd_per_request=0.005)


def refused(limiter: StoreLimiter, account: str, limits: Limits, requests: int = 1) -> tuple[str, datetime | None]:
    with pytest.raises(SourceError) as caught:
        limiter.ask(account, limits, requests)
    return caught.value.outcome, caught.value.until


def test_one_request_in_five_seconds_whoever_asks(store, clock):
    one, other = StoreLimiter(store, clock), StoreLimiter(store, clock)
    began = clock()
    one.ask("gdelt", GDELT)
    assert refused(other, "gdelt", GDELT) == ("rate_limited", began + timedelta(seconds=5))
    other.ask("other", GDELT)
    clock.forward(began + timedelta(seconds=5))
    other.ask("gdelt", GDELT)


def test_units_of_a_day_end_at_midnight_of_its_own_zone(store, clock):
    limiter = StoreLimiter(store, clock)
    limiter.ask("yt", YOUTUBE, 2)
    # 12 March 2026 in Los Angeles ends at 07:00 UTC, summer time.
    assert refused(limiter, "yt", YOUTUBE) == ("quota_exhausted", datetime(2026, 3, 12, 7, 0, tzinfo=UTC))
    clock.forward(datetime(2026, 3, 12, 7, 0, tzinfo=UTC))
    limiter.ask("yt", YOUTUBE, 2)


def test_requests_of_an_hour(store, clock):
    limiter, limits = StoreLimiter(store, clock), Limits(per_hour=3)
    limiter.ask("w", limits, 3)
    hour = clock().replace(minute=0, second=0) + timedelta(hours=1)
    assert refused(limiter, "w", limits) == ("rate_limited", hour)
    clock.forward(hour)
    limiter.ask("w", limits)


def test_money_is_counted_for_requests_and_items_and_stops_hard(store, clock):
    limiter = StoreLimiter(store, clock)
    limiter.ask("x", X, 2)
    limiter.items("x", Limits(usd_per_item=0.005), 2)
    outcome, until = refused(limiter, "x", X)
    assert (outcome, until) == ("quota_exhausted", datetime(2026, 3, 13, tzinfo=UTC))
    with store.reading() as tx:
        assert meters.all_meters(tx)["x"].day_usd == pytest.approx(0.02)


def test_who_was_told_to_wait_waits_and_a_shorter_word_does_not_shorten_it(store, clock):
    limiter, until = StoreLimiter(store, clock), clock() + timedelta(minutes=10)
    limiter.stop("w", until, "10022: too many requests")
    limiter.stop("w", clock() + timedelta(minutes=1), "again")
    assert refused(limiter, "w", Limits()) == ("rate_limited", until)
    clock.forward(until)
    limiter.ask("w", Limits())
