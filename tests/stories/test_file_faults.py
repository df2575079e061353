"""What breaks while people have to be called: the one file of the embedded store. Nothing is written by half."""

import sqlite3
from contextlib import closing

import pytest

from bench.delivery import Stubborn
from bench.delivery_house import make_site
from bench.provider import Provider
from config.clock import utc_now
from config.errors import StoreError
from tests.worlds.calls import Disk, all_accepted, pairs, promise, serving
from tests.worlds.chaos import SECOND, soon

# The shortest lease a runner keeps alive with certainty: it looks twice a second.
LEASE = "2s"


def test_another_writer_holds_the_file_for_seconds_and_the_calls_only_wait(tmp_path, caplog):
    rule = Stubborn("", 1, first=0)
    with Provider(rule) as provider, closing(sqlite3.connect(tmp_path / "bench.db", isolation_level=None)) as other:
        site = make_site(tmp_path, [("webhook", provider.url("/chat"))])
        rule.secret = site.secret
        with serving(site) as (house, runner):
            keys = promise(house.desk.store, provider.url("/chat"), *range(6))
            other.execute("BEGIN IMMEDIATE")
            assert soon(lambda: utc_now() - runner.last_beat > 2 * SECOND)
            other.execute("COMMIT")
            assert soon(lambda: all_accepted(house.desk.store))
    assert caplog.text == ""
    assert {key: len(headers) for key, headers in rule.accepted.items()} == dict.fromkeys(keys, 1)


@pytest.mark.parametrize(
    ("manner", "said", "mended"),
    [
        ("query_only = ON", "readonly", "query_only = OFF"),
        ("max_page_count = 1", "full", "max_page_count = 1000000"),
        ("busy_timeout = 100", "locked", "busy_timeout = 30000"),
    ],
)
def test_a_file_that_takes_no_more_is_named_and_nothing_is_written_by_half(tmp_path, caplog, manner, said, mended):
    rule = Stubborn("", 1, first=0)
    with Provider(rule) as provider, closing(sqlite3.connect(tmp_path / "bench.db", isolation_level=None)) as other:
        url = provider.url("/chat")
        site = make_site(tmp_path, [("webhook", url)])
        rule.secret = site.secret
        store = site.store()
        disk = Disk(store)
        keys = promise(store, url, *range(3))
        if said == "locked":
            other.execute("BEGIN IMMEDIATE")
        disk.manner = manner
        with pytest.raises(StoreError, match=said):
            promise(store, url, *range(3, 300))
        waits, due = pairs(store)
        assert len(waits) == 3
        assert waits == due
        disk.manner = mended
        if said == "locked":
            other.execute("COMMIT")
        keys += promise(store, url, 3, 4)
        store.close()
        with serving(site) as (house, _):
            assert soon(lambda: all_accepted(house.desk.store))
            assert soon(lambda: pairs(house.desk.store) == (set(), set()))
    assert {key: len(headers) for key, headers in rule.accepted.items()} == dict.fromkeys(keys, 1)


def test_the_disk_fills_up_while_people_are_called_and_the_rest_is_called_when_there_is_room(tmp_path, caplog):
    rule = Stubborn("", 1, first=0)
    with Provider(rule) as provider:
        site = make_site(tmp_path, [("webhook", provider.url("/chat"))], lease=LEASE)
        rule.secret = site.secret
        with serving(site) as (house, _):
            store = house.desk.store
            disk = Disk(store)
            # Enough that their tries cannot fit into what is left of the last page of the file.
            keys = promise(store, provider.url("/chat"), *range(40))
            assert soon(lambda: rule.tries)
            disk.manner = "max_page_count = 1"
            assert soon(lambda: "database or disk is full" in caplog.text)
            disk.manner = "max_page_count = 1000000"
            assert soon(lambda: all_accepted(store))
            assert soon(lambda: pairs(store) == (set(), set()))
    assert sorted(rule.accepted) == sorted(keys)
    assert {len(set(headers)) for headers in rule.accepted.values()} == {1}
