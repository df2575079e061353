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
from desk.commands.train import CORPUS
from desk.demo.platforms import as_rss
from desk.demo.scenario import Told
from desk.settling import settle
from monitor.guessing import Scorer, WordScorer
from monitor.in_force.rules import always
from monitor.intake import Intake
from monitor.judging_job import Judging
from monitor.matching import Query, compile_query
from monitor.risk import RiskTerms
from monitor.scoring.trained import TrainedScorer
from monitor.snownlp_scorer import SnowScorer
from monitor.sources.feeds.feed import parse_feed
from monitor.training.texts import read_all
from monitor.watching import Watching
from store import mentions as kept
from store import migrations
from store.database import Store

# Posts as long as posts are, in feeds as long as feeds are; what came in is judged five hundred at a time.
COUNT, PER_FEED, LENGTH, FEEDS_A_BATCH = 4000, 50, 80, 10
# The loop is slow; a part of the work gives its speed well enough.
BASELINE_COUNT = 300
# By turns, and of each the fastest: what else the machine does at a moment is neither's work.
TURNS = 6
NOW = START + timedelta(days=7)
ZONE = ZoneInfo("Asia/Shanghai")


def measure(tick: Callable[[str], None]) -> list[Figure]:
    """Mentions per second: the shipped scorer, SnowNLP in our pipeline, and the loop everybody writes first."""
    told = _posts()
    feeds = [as_rss("bench", told[at : at + PER_FEED]) for at in range(0, COUNT, PER_FEED)]
    tick("pipeline: ours, the shipped scorer")
    trained = TrainedScorer()
    # A service is started once: what its first mentions pay for tables and statements is loading, and counts on neither
    # side.
    _ours(feeds[:FEEDS_A_BATCH], trained)
    _ours(feeds, trained)
    # Before the baseline brings its own libraries and models.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    shipped = slow = 0.0
    for turn in range(1, TURNS + 1):
        tick(f"pipeline: the row-by-row loop and ours, {turn} of {TURNS}")
        slow = max(slow, _loop(feeds[: BASELINE_COUNT // PER_FEED]))
        shipped = max(shipped, _ours(feeds, trained))
    tick("pipeline: ours, scorer snownlp")
    snow = SnowScorer(timedelta(seconds=60))
    try:
        # Loading the model is paid once per start, not per mention.
        snow.p_negative(["warm"])
        ours = _ours(feeds, WordScorer(snow))
    finally:
        snow.close()
    return [
        Figure("pipeline, shipped scorer", shipped, "mentions/s", slow, 25),
        Figure("pipeline, shipped scorer: speed", shipped, "mentions/s", slow, 1500, of="value"),
        Figure("pipeline, scorer snownlp", ours, "mentions/s", slow, None),
        Figure("pipeline, shipped scorer: most memory held", peak, "MB", 0, 200, of="value", less=True),
    ]


def _posts() -> list[Told]:
    """Made mentions that go on in somebody's own words until they are as long as posts are."""
    words = [one.text for one in read_all(sorted(CORPUS.glob("mentions_*.csv"))) if one.lang == "zh" and not one.crisis]
    made = []
    for index, one in enumerate(mentions(COUNT, 7)):
        said = [one["text"], *(words[(7 * index + 1009 * n) % len(words)] for n in range(4))]
        made.append(Told.model_validate(one | {"text": "，".join(said)[:LENGTH]}))
    return made


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
        counting = always({"made": compile_query(query)}, RiskTerms(taxonomy))
        judging = Judging(store, _now, counting, lambda _: {}, scorer)
        watching = Watching(store, _now, new_id, {"made": brand}, Thresholds(), taxonomy)
        settle()
        began = stopwatch()
        for number, body in enumerate(feeds, 1):
            reading = parse_feed(body, platform="weibo", zone=ZONE, now=NOW)
            with store.transaction(at_once=False) as tx:
                intake.keep(tx, source, reading.mentions, NOW)
            if number % FEEDS_A_BATCH == 0 or number == len(feeds):
                judging.judge("pending")
                watching.watch("made")
        took = stopwatch() - began
        with store.reading() as tx:
            number = kept.count(tx)
        store.close()
    return number / took


def _loop(feeds: Sequence[bytes]) -> float:
    """What people write first: parse, score, insert, commit, one mention at a time."""
    from snownlp import SnowNLP

    SnowNLP("预热").sentiments  # noqa: B018  loading is not counted on either side
    with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder) / "loop.db")) as db:
        db.execute("CREATE TABLE mention (id TEXT PRIMARY KEY, text TEXT, at TEXT, sentiment REAL)")
        number, began = 0, stopwatch()
        for entry in _entries(feeds):
            sentiment = SnowNLP(entry.summary).sentiments
            row = (entry.id, entry.summary, entry.published, sentiment)
            db.execute("INSERT OR IGNORE INTO mention VALUES (?, ?, ?, ?)", row)
            db.commit()
            number += 1
        return number / (stopwatch() - began)


def _entries(feeds: Sequence[bytes]) -> Iterator[Any]:
    for body in feeds:
        yield from feedparser.parse(body).entries


def _now() -> datetime:
    return NOW.astimezone(UTC)
