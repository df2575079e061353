"""Figures for Prometheus: counts only, no names. Read from the rows at scrape time, so every process says the same."""

from bisect import bisect_left
from collections import Counter as Counted
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Metric,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from config.errors import StoreError
from desk.room import Room
from desk.wellness import Wellness, look
from monitor import sourcebook
from store import figures, incidents, pages
from store.database import Tx
from store.nouns import Level, PageStatus

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
LATENCY_OVER = timedelta(hours=1)
# Seconds. The house promises 0.2 s from reading to SMTP; a minute is the wait of yellow, two the longest backoff.
BUCKETS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
EAR_WORDS = ("blind", "stalled", "degraded", "unknown", "empty", "ok", "off")

# When a counter began is no figure anybody asked for.
disable_created_metrics()  # type: ignore[no-untyped-call]
# What only this process knows.
LOCAL = CollectorRegistry()
HEARTBEATS = Counter(
    "goldenhour_heartbeats", "Turns of the heartbeat: sent, held (not well) or failed.", ["sent"], registry=LOCAL
)
for _how in ("sent", "held", "failed"):
    HEARTBEATS.labels(sent=_how)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the rows say at one moment."""

    well: Wellness
    pages: Mapping[str, int]
    tries: Mapping[tuple[str, bool], int]
    retries: int
    latencies: Sequence[float]
    levels: Mapping[Level, int]


def exposed(room: Room) -> tuple[bytes, bool]:
    """The text Prometheus reads, and whether the store answered; when not, only this process's own figures."""
    local = generate_latest(LOCAL)
    try:
        with room.store.reading() as tx:
            found = read(tx, room)
    except StoreError:
        return local, False
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Rows(found))
    return generate_latest(registry) + local, True


def read(tx: Tx, room: Room) -> Figures:
    """Everything in one look, so that the figures fit together."""
    now = room.clock()
    beat = room.well().get("beat_age_s")
    return Figures(
        well=look(tx, sourcebook.listed(tx, room.settings.watch), now, beat if isinstance(beat, float) else None),
        pages=pages.counts(tx),
        tries=figures.tries_by_channel(tx),
        retries=figures.retries(tx),
        latencies=figures.latencies(tx, now - LATENCY_OVER),
        levels=Counted(one.level for one in incidents.listed(tx, open_only=True)),
    )


class Rows(Collector):
    """The figures as Prometheus wants them."""

    def __init__(self, found: Figures) -> None:
        self.found = found

    def collect(self) -> Iterator[Metric]:
        """Every family, also those that are zero: a figure that vanishes cannot be watched."""
        yield from self._gauges()
        yield self._by(
            "goldenhour_pages", "Pages by state.", "state", {one.value: 0 for one in PageStatus}, self.found.pages
        )
        heard = Counted(ear.word for ear in self.found.well.ears)
        yield self._by("goldenhour_sources", "Sources by health.", "health", dict.fromkeys(EAR_WORDS, 0), heard)
        levels = {one.value: 0 for one in Level if one != Level.NONE}
        known = {level.value: count for level, count in self.found.levels.items()}
        yield self._by("goldenhour_incidents_open", "Open incidents by level.", "level", levels, known)
        yield self._tries()
        yield CounterMetricFamily("goldenhour_retries", "Tries that were not a page's first.", value=self.found.retries)
        yield self._latency()

    def _gauges(self) -> Iterator[Metric]:
        well = self.found.well
        for name, words, value in (
            ("well", "1 when silence can be believed (as /health).", float(well.ok)),
            ("agenda_lag_seconds", "How long the most overdue job waits.", well.agenda_lag_s),
            ("oldest_page_seconds", "Age of the oldest page that waits.", well.oldest_page_s or 0.0),
            ("endpoint_dead", "Addresses that are called dead.", float(well.dead_endpoints)),
            ("jobs_dead", "Jobs nobody will try again.", float(well.dead)),
            ("incidents_exhausted", "Open incidents nobody answered for.", float(len(well.exhausted))),
            ("workers", "Processes seen within 60 s.", float(well.workers)),
            ("clock_drift_seconds", "Largest drift: the machine's clock minus the service's.", well.drift_s),
        ):
            yield GaugeMetricFamily(f"goldenhour_{name}", words, value=value)

    def _by(self, name: str, words: str, label: str, none: Mapping[str, int], some: Mapping[str, int]) -> Metric:
        family = GaugeMetricFamily(name, words, labels=[label])
        for value, count in {**none, **some}.items():
            family.add_metric([value], count)
        return family

    def _tries(self) -> Metric:
        words = "Tries to deliver, by channel and whether the provider accepted."
        family = CounterMetricFamily("goldenhour_tries", words, labels=["channel", "accepted"])
        for (channel, accepted), count in sorted(self.found.tries.items()):
            family.add_metric([channel, "true" if accepted else "false"], count)
        return family

    def _latency(self) -> Metric:
        words = "Detection to acceptance by the provider, pages accepted in the last hour."
        counts = [0] * (len(BUCKETS) + 1)
        for seconds in self.found.latencies:
            counts[bisect_left(BUCKETS, seconds)] += 1
        upto, buckets = 0, []
        for bound, count in zip([*map(str, BUCKETS), "+Inf"], counts, strict=True):
            upto += count
            buckets.append((bound, upto))
        total = sum(self.found.latencies)
        return HistogramMetricFamily("goldenhour_page_latency_seconds", words, buckets=buckets, sum_value=total)
