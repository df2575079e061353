"""From detection to the first provider that accepted: everything well, the first channel dead, the first two dead."""

import json
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from pathlib import Path
from threading import Event

from alerts.channels.post import post
from bench.delivery_house import detect, make_site
from bench.delivery_worker import Fleet, threads
from bench.figures import Figure
from bench.provider import Answer, Asked, Provider
from config.clock import rest, stopwatch, utc_now
from store import incidents
from store.nouns import Level

Tick = Callable[[str], None]
LOOK = timedelta(seconds=0.2)
LONGEST = 150.0
YES = b'{"accepted": true}'


@dataclass(frozen=True, slots=True)
class Case:
    """`count` red detections, one `every` so long; `paths` are the duty's addresses in order (see Doors)."""

    name: str
    paths: tuple[str, ...]
    asked: int
    count: int = 200
    every: timedelta = timedelta(seconds=0.1)


CASES = (
    Case("every channel well", ("/one", "/two"), 15),
    Case("first channel refuses", ("/busy/one", "/two"), 75),
    # A silent provider holds a seat for 10 s a try; with 8 seats, many at once would wait for each other.
    Case("first channel never answers", ("/silent/one", "/two"), 75, 16),
    Case("first two refuse, third after 60 s", ("/busy/one", "/busy/two", "/three"), 75),
)


class Doors:
    """A provider's rule: /busy answers 503, /silent never answers, the others accept; keeps every first yes."""

    def __init__(self) -> None:
        self.accepted: dict[str, datetime] = {}

    def __call__(self, asked: Asked) -> Answer | None:
        if asked.path.startswith("/silent"):
            return None
        if asked.path.startswith("/busy"):
            return Answer(503)
        self.accepted.setdefault(json.loads(asked.body)["incident"], asked.at)
        return Answer(200, YES)


def measure(tick: Tick) -> list[Figure]:
    """Seconds from detection to acceptance, 99th percentile; baseline: the bare request to the same provider."""
    figures = []
    for case in CASES:
        tick(f"calling: {case.count} detections, {case.name}")
        seconds, bare = round_of(case)
        name = f"detection to accepted, p99 of {case.count}: {case.name}"
        figures.append(Figure(name, p99(seconds), "s", bare, case.asked, of="value", less=True))
    return figures


def round_of(case: Case) -> tuple[list[float], float]:
    """Seconds of every detection (LONGEST for one nobody accepted), and of the bare request, 99th percentile."""
    doors = Doors()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        provider = stack.enter_context(Provider(doors))
        site = make_site(Path(folder), [("webhook", provider.url(path)) for path in case.paths])
        store = site.store()
        stack.callback(store.close)
        stack.enter_context(Fleet(site, [threads]))
        began = stopwatch()
        found: dict[str, datetime] = {}
        for number in range(case.count):
            rest(case.every * number - timedelta(seconds=stopwatch() - began), Event())
            now = utc_now()
            found[detect(store, number, Level.RED, now)] = now
        while len(doors.accepted) < case.count and stopwatch() - began < LONGEST:
            rest(LOOK, Event())
        accepted = dict(doors.accepted)
        with store.reading() as tx:
            known = {one.brand: one.id for one in incidents.listed(tx, open_only=False, limit=case.count)}
        spans = [_seconds(at, accepted.get(known.get(brand, ""))) for brand, at in found.items()]
        return spans, _bare(provider.url("/bare"), case.count)


def _seconds(found: datetime, accepted: datetime | None) -> float:
    return (accepted - found).total_seconds() if accepted else LONGEST


def _bare(url: str, count: int) -> float:
    """Seconds of the same kind of request without any of our work, 99th percentile."""
    spans = []
    for number in range(count):
        began = stopwatch()
        post(url, said={"incident": f"bare{number}"})
        spans.append(stopwatch() - began)
    return p99(spans)


def p99(values: list[float]) -> float:
    """The nearest rank: of fewer than a hundred the worst."""
    return sorted(values)[ceil(0.99 * len(values)) - 1]
