"""Feed bytes → committed, scored, counted and watched, against a feedparser + SnowNLP + row-by-row loop."""

import resource
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import feedparser

from bench.figures import Figure
from bench.made import BRAND, START, mentions
from config.clock import new_id, stopwatch
from config.taxonomy import load_taxonomy
from config.watch import Brand, ImportSource, Thresholds
from desk.demo.platforms import as_rss
from desk.demo.scenario import Told
from monitor.guessing import Scorer, WordScorer
from monitor.intake import Intake
from monitor.judging_job import Judging
from monitor.matching import Query, compile_query
from monitor.risk import RiskTerms
from monitor.scoring.trained import TrainedScorer
from monitor.snownlp_scorer import SnowScorer
from monitor.sources.feeds.feed import parse_feed
from monitor.watching import Watching
from store import mentions as kept
from store import migrations
from store.database import Store

COUNT, PER_FEED = 2000, 50
# The loop is slow; a part of the work gives its speed well enough.
BASELINE_COUNT = 300
NOW = START + timedelta(days=7)
ZONE = ZoneInfo("Asia/Shanghai")


def measure(tick: Callable[[str], None]) -> list[Figure]:
    """Mentions per second: the default scorer, the word list, and the loop everybody writes first."""
    told = [Told.model_validate(one) for one in mentions(COUNT, 7)]
    feeds = [as_rss("bench", told[at : at + PER_FEED]) for at in range(0, COUNT, PER_FEED)]
    tick("pipeline: the row-by-row loop")
    slow = _loop(feeds[: BASELINE_COUNT // PER_FEED])
    tick("pipeline: ours, scorer snownlp")
    snow = SnowScorer(timedelta(seconds=60))
    try:
        # Loading the model is paid once per start, not per mention.
        snow.p_negative(["warm"])
        ours = _ours(feeds, WordScorer(snow))
    finally:
        snow.close()
    tick("pipeline: ours, the shipped scorer")
    trained = TrainedScorer()
    trained.guess(["warm"])
    shipped = _ours(feeds, trained)
    return [
        Figure("pipeline, shipped scorer", shipped, "mentions/s", slow, 25),
        Figure("pipeline, shipped scorer: speed", shipped, "mentions/s", slow, 1500, of="value"),
        Figure("pipeline, scorer snownlp", ours, "mentions/s", slow, None),
        Figure("pipeline: memory of it all", _peak(), "MB", 0, 200, of="value", less=True),
    ]


def _peak() -> float:
    """The most this process ever held, the baseline's libraries included."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _ours(feeds: Sequence[bytes], scorer: Scorer) -> float:
    brand = Brand(
        id="made", **{key: tuple(value) if isinstance(value, list) else value for key, value in BRAND.items()}
    )
    query = Query(brand.any, brand.all, brand.none, brand.aliases, brand.ambiguous, brand.context)
    taxonomy = load_taxonomy()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/bench.db")
        migrations.migrate(store)
        intake, source = Intake(new_id, "k" * 32), ImportSource(id="bench", platform="weibo")
        judging = Judging(store, _now, {"made": compile_query(query)}, lambda _: {}, scorer, RiskTerms(taxonomy))
        watching = Watching(store, _now, new_id, {"made": brand}, Thresholds(), taxonomy)
        began = stopwatch()
        for body in feeds:
            reading = parse_feed(body, platform="weibo", zone=ZONE, now=NOW)
            with store.transaction() as tx:
                intake.keep(tx, source, reading.mentions, NOW)
            judging.judge("pending")
            watching.watch("made")
        took = stopwatch() - began
        with store.reading() as tx:
            count = kept.count(tx)
        store.close()
    return count / took


def _loop(feeds: Sequence[bytes]) -> float:
    """What people write first: parse, score, insert, commit, one mention at a time."""
    from snownlp import SnowNLP

    SnowNLP("预热").sentiments  # noqa: B018  loading is not counted on either side
    with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder) / "loop.db")) as db:
        db.execute("CREATE TABLE mention (id TEXT PRIMARY KEY, text TEXT, at TEXT, sentiment REAL)")
        count, began = 0, stopwatch()
        for entry in _entries(feeds):
            sentiment = SnowNLP(entry.summary).sentiments
            row = (entry.id, entry.summary, entry.published, sentiment)
            db.execute("INSERT OR IGNORE INTO mention VALUES (?, ?, ?, ?)", row)
            db.commit()
            count += 1
        return count / (stopwatch() - began)


def _entries(feeds: Sequence[bytes]) -> Iterator[Any]:
    for body in feeds:
        yield from feedparser.parse(body).entries


def _now() -> datetime:
    return NOW.astimezone(UTC)
