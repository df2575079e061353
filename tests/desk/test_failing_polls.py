"""A source whose reads fail within our own house writes no state: ops hear of it all the same, once, and of its end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from config.watch import FeedSource
from desk.source_alarm import _as_heard, _worse
from monitor.health import must_call
from store import sources
from store.nouns import Health, Outcome

AT = datetime(2026, 3, 12, 5, 30, tzinfo=UTC)
FEED = FeedSource(id="feed", platform="weibo", url="https://rsshub.example/weibo")
WELL = replace(sources.fresh("feed"), health=Health.OK, outcome="ok", last_read_at=AT, last_success_at=AT)


def test_reads_that_fail_here_are_blindness_after_a_while_and_call():
    later = AT + timedelta(minutes=11)
    seen = _as_heard(FEED, WELL, later)
    assert (seen.health, seen.blind_since, must_call(seen, later)) == (Health.BLIND, AT, True)
    assert _as_heard(FEED, WELL, AT + timedelta(minutes=9)) == WELL


def test_who_was_told_of_the_network_is_told_of_a_revoked_token_too():
    blind = replace(WELL, health=Health.BLIND, outcome=Outcome.AUTH_FAILED.value, told_outcome="network", told_at=AT)
    assert _worse(blind)
    assert not _worse(replace(blind, told_outcome="auth_failed"))
