"""The operator's permission to read an inside place is theirs: the open internet cannot lead us there by a redirect."""

import pytest

from config.errors import SourceError
from monitor.sources.wire.fetch import Fetcher
from store.nouns import Outcome
from tests.worlds.feeds import FeedWorld

PUBLIC = "93.184.216.34"


def test_a_public_place_cannot_redirect_into_an_allowed_inside_place():
    with FeedWorld() as own, FeedWorld() as foreign:
        own.put("/secret", b"ours")
        foreign.put("/feed", b"", status=302, headers={"Location": own.url("/secret")})
        allow = [f"127.0.0.1:{own.port}", f"127.0.0.1:{foreign.port}"]
        # The name is dialled at this machine, and is on the internet when we ask where it lives.
        answers = [["127.0.0.1"], [PUBLIC], ["127.0.0.1"]]
        url = foreign.url("/feed").replace("127.0.0.1", "foreign.example")
        fetch = Fetcher(allow=allow, resolver=lambda _host, _port: answers.pop(0))
        with fetch, pytest.raises(SourceError) as caught:
            fetch.fetch(url)
        assert caught.value.outcome == Outcome.BLOCKED
        assert own.count("/secret") == 0


def test_an_inside_place_may_redirect_to_another_allowed_one():
    with FeedWorld() as own, FeedWorld() as other:
        other.put("/feed", b"ours")
        own.put("/feed", b"", status=302, headers={"Location": other.url("/feed")})
        with Fetcher(allow=[f"127.0.0.1:{own.port}", f"127.0.0.1:{other.port}"]) as fetch:
            assert fetch.fetch(own.url("/feed")).body == b"ours"
