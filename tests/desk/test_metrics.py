"""/metrics: counts of what the rows say, no names, and 503 with this process's own figures while the store is away."""

from dataclasses import replace
from datetime import timedelta

from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from desk.metrics import HEARTBEATS
from store import endpoints, incidents, pages, workers
from store.nouns import Health, Level, PageStatus, Paging, Try, Worker
from tests.alerts.crew import page

SECOND = timedelta(seconds=1)


def scraped(house):
    """The status and every sample: name with its labels -> value."""
    answer = house.browser().get("/metrics")
    found = {}
    for family in text_string_to_metric_families(answer.text):
        for one in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(one.labels.items()))
            found[f"{one.name}{{{labels}}}" if labels else one.name] = one.value
    return answer.status_code, found


def some(found, *beginnings):
    return {name: value for name, value in found.items() if name.startswith(beginnings)}


def test_a_quiet_house_shows_every_family_with_zeros(house):
    status, found = scraped(house)
    assert status == 200
    assert some(found, "goldenhour_pages{") == {f"goldenhour_pages{{state={one.value}}}": 0 for one in PageStatus}
    levels = {f"goldenhour_incidents_open{{level={one}}}": 0 for one in ("blue", "yellow", "orange", "red")}
    assert some(found, "goldenhour_incidents_open") == levels
    assert some(found, "goldenhour_sources")["goldenhour_sources{health=ok}"] == 2
    assert sum(some(found, "goldenhour_sources").values()) == 2
    assert found["goldenhour_page_latency_seconds_count"] == 0
    for name in (
        "agenda_lag_seconds",
        "oldest_page_seconds",
        "endpoint_dead",
        "jobs_dead",
        "incidents_exhausted",
        "workers",
        "clock_drift_seconds",
        "retries_total",
    ):
        assert found[f"goldenhour_{name}"] == 0
    assert found["goldenhour_well"] == 1


def paged(house, name, tries, *, reason="call", made=0.0, incident="", **changes):
    """A page made `made` seconds ago; `tries` are (seconds after that, accepted)."""
    created = house.clock() - made * SECOND
    key = changes.pop("idempotency", name)
    one = page(id=name * 32, idempotency=key, created_at=created, reason=reason, incident=incident, **changes)
    with house.store.transaction() as tx:
        pages.add(tx, one)
        for after, accepted in tries:
            status = PageStatus.ACCEPTED if accepted else PageStatus.WAITING
            pages.note_try(tx, one, Try(one.id, created + after * SECOND, accepted, "250", "secret words", 9), status)
            one = replace(one, tries=one.tries + 1)


def test_pages_tries_and_retries_are_counted(house):
    paged(house, "a", [(1, False), (3, False), (7, True)], made=60)
    paged(house, "b", [(1, True)], channel="webhook", made=60)
    paged(house, "c", [], made=5)
    found = scraped(house)[1]
    assert found["goldenhour_pages{state=accepted}"] == 2
    assert found["goldenhour_pages{state=waiting}"] == 1
    assert some(found, "goldenhour_tries_total") == {
        "goldenhour_tries_total{accepted=false,channel=email}": 2,
        "goldenhour_tries_total{accepted=true,channel=email}": 1,
        "goldenhour_tries_total{accepted=true,channel=webhook}": 1,
    }
    assert found["goldenhour_retries_total"] == 2
    assert found["goldenhour_oldest_page_seconds"] == 5


def test_latency_counts_the_last_hour_and_a_first_call_from_the_detection(house):
    incident = house.opens()  # found 14 min ago; its first call was accepted a second after that
    with house.store.transaction() as tx:
        tx.execute(text("DELETE FROM tries"))
        tx.execute(text("DELETE FROM pages"))
    seen = (house.clock() - incident.detected_at).total_seconds()
    paged(
        house, "a", [(4, True)], made=seen - 60, incident=incident.id, idempotency=f"{incident.id}:call:1.0:li:email-1"
    )
    paged(
        house, "b", [(4, True)], made=seen - 60, incident=incident.id, idempotency=f"{incident.id}:call:1.1:li:email-1"
    )
    paged(house, "c", [(0.1, True)], made=9)
    paged(house, "d", [(500, True)], made=600)
    paged(house, "e", [(1, True)], made=3700)
    found = scraped(house)[1]
    buckets = some(found, "goldenhour_page_latency_seconds_bucket")
    assert {name.split("=")[1][:-1]: value for name, value in buckets.items()} == {
        "0.2": 1,
        "0.5": 1,
        "1.0": 1,
        "2.0": 1,
        "5.0": 2,
        "10.0": 2,
        "30.0": 2,
        "60.0": 2,
        "120.0": 3,
        "300.0": 3,
        "+Inf": 4,
    }
    assert round(found["goldenhour_page_latency_seconds_sum"], 3) == 568.1
    assert found["goldenhour_page_latency_seconds_count"] == 4


def test_what_is_wrong_shows(house):
    incident = house.opens(level=Level.ORANGE)
    house.hears("weibo-keyword", Health.BLIND, house.clock())
    with house.store.transaction() as tx:
        incidents.change(tx, incident, paging=Paging.EXHAUSTED)
        workers.seen(tx, Worker("a", "threads", house.clock(), -7200.0))
        endpoints.bury(tx, endpoints.lock(tx, "email", "li@xinghe.example").key, house.clock())
    found = scraped(house)[1]
    names = ("well", "incidents_exhausted", "workers", "clock_drift_seconds", "endpoint_dead")
    assert [found[f"goldenhour_{name}"] for name in names] == [0, 1, 1, -7200, 1]
    assert found["goldenhour_incidents_open{level=orange}"] == 1
    assert found["goldenhour_sources{health=blind}"] == 1


def test_no_name_no_address_and_no_word_of_anybody_is_in_it(house):
    house.opens()
    paged(house, "a", [(1, False)], address="https://chat.example/hook/key", channel="webhook")
    told = house.browser().get("/metrics").text
    for word in ("li@", "李", "xinghe", "weibo", "星禾", "chat.example", "secret words"):
        assert word not in told


def test_while_the_store_is_away_the_answer_is_503_with_this_processes_own(house):
    before = scraped(house)[1]["goldenhour_heartbeats_total{sent=held}"]
    HEARTBEATS.labels(sent="held").inc()
    with house.store.engine.begin() as tx:
        tx.execute(text("ALTER TABLE pages RENAME TO gone"))
    status, found = scraped(house)
    assert status == 503
    assert found["goldenhour_heartbeats_total{sent=held}"] == before + 1
    assert not any(name.startswith(("goldenhour_pages", "goldenhour_workers")) for name in found)


def test_it_is_text_a_scraper_takes(house):
    assert house.browser().get("/metrics").headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
