"""Replaying 500,000 stored mentions of 30 days under two thresholds, against running the WATCH job step by step.

Both end with the same question, what would have been told: the job answers it for one of the thresholds alone.
"""

import gc
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from msgspec import structs
from sqlalchemy import insert

from bench.figures import Figure
from bench.made import pick
from config.clock import stopwatch
from config.taxonomy import load_taxonomy
from config.watch import Brand, Thresholds
from monitor.history import past_of
from monitor.replaying import Replayed, replay
from monitor.watching import Watching
from store import migrations, volumes
from store.database import Store
from store.nouns import Judged, Mention, Score, Span
from store.tables import mentions, scores

COUNT, DAYS, ASKED_S = 500_000, 30, 60.0
UNTIL = datetime(2026, 5, 6, tzinfo=UTC)
BRAND = Brand(id="made", name="青岚咖啡", any=("青岚咖啡",))
# The WATCH job is slow: so many of its last steps give its speed well enough.
BASELINE_STEPS = 300
BATCH, STEP = 5000, timedelta(minutes=5)
# (category, words, harm, hard): what people complain of on ordinary days.
KINDS = (("service", "店员甩脸", 0, False), ("quality", "有股怪味", 0, False), ("pricing", "乱收费", 0, False))
# On these days (counted from the end) from noon on something happens: how many posts in two hours tell of it.
CRISES = (
    (3, 900, "food_safety", "喝出塑料", 3),
    (9, 400, "data_breach", "手机号被卖", 0),
    (21, 120, "food_safety", "拉肚子", 3),
)


def measure(tick: Callable[[str], None]) -> list[Figure]:
    """Seconds of a whole replay, and steps per second beside those of the WATCH job on the same store."""
    limits = Thresholds()
    other = limits.model_copy(update={"rarity": 2.2, "voices": 4, "authors": 3})
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/bench.db")
        migrations.migrate(store)
        tick(f"replay: {COUNT} mentions of {DAYS} days are stored")
        fill(store, COUNT, DAYS)
        tick("replay: 30 days under two thresholds")
        # As the command does.
        gc.disable()
        began = stopwatch()
        found = _replayed(store, DAYS, limits, other)
        took = stopwatch() - began
        gc.enable()
        tick(f"replay: the WATCH job, {BASELINE_STEPS} of {found.steps} steps")
        job = _jobs(store, limits)
        store.close()
    called = [sum(one.calls for one in told) for told in found.told]
    tick(f"replay: {found.mentions} mentions, {found.steps} steps; pages {called[0]} and {called[1]}")
    return [
        Figure("replay of 30 days and 500,000 mentions", took, "s", found.steps / job, ASKED_S, of="value", less=True),
        Figure("replay: mentions replayed", found.mentions, "mentions", COUNT, 0.99),
    ]


def fill(store: Store, count: int, days: int) -> None:
    """Judged mentions of made days, heard within the five minutes in which they were published."""
    for _, group in groupby(made(count, days), key=lambda one: one.mention.event_at.date()):
        day = list(group)
        with store.transaction() as tx:
            for begin in range(0, len(day), BATCH):
                part = day[begin : begin + BATCH]
                tx.execute(insert(mentions), [_mention_row(one.mention) for one in part])
                tx.execute(insert(scores), [_score_row(one) for one in part])
            for _, step in groupby(day, key=lambda one: volumes.bucket_of(one.mention.event_at)):
                volumes.add(tx, list(step))


def made(count: int, days: int) -> Iterator[Judged]:
    """About `count` mentions in the order of time: busy days, calm nights, three crises."""
    steps = days * 288
    busy = [1 + 3 * max(0, 9 - abs((step % 288) / 12 - 12)) for step in range(steps)]
    share, number, owed = (count - sum(one[1] for one in CRISES)) / sum(busy), 0, 0.0
    for step in range(steps):
        at = UNTIL - (steps - step) * STEP
        owed += busy[step] * share * (0.8 + pick(1, step, "noise", 400) / 1000)
        told = [*_ordinary(number, round(owed), at), *_crises(step - steps, at)]
        number, owed = number + round(owed), owed - round(owed)
        yield from sorted(told, key=lambda one: one.mention.event_at)


def _ordinary(first: int, count: int, at: datetime) -> Iterator[Judged]:
    for number in range(first, first + count):
        dice = pick(1, number, "kind", 1000)
        kind = KINDS[dice % len(KINDS)] if dice < 20 else None
        yield _judged(f"o{number}", number, at, dice < 150, kind)


def _crises(left: int, at: datetime) -> Iterator[Judged]:
    for ago, count, category, word, harm in CRISES:
        place = left + ago * 288
        if 0 <= place < 24:
            for number in range(place, count, 24):
                yield _judged(f"c{ago}-{number}", number + ago * 1000, at, True, (category, word, harm, False))


def _judged(key: str, number: int, at: datetime, negative: bool, kind: tuple[str, str, int, bool] | None) -> Judged:
    when = at + timedelta(seconds=pick(2, number, key[:2], 290))
    word = kind[1] if kind else ""
    text = f"青岚咖啡今天{word or '排队'}，第{number % 977}杯，{'湖滨武林城西滨江'[number % 4 * 2 :][:2]}店"
    mention = Mention(
        key, "made", ("weibo", "douyin", "xiaohongshu")[number % 3], key, "", "", text, f"路人{number % 40009}",
        number % 5000, when, False, when, when,
    )  # fmt: skip
    spans = (Span(0, len(word), word, kind[0], 0.6),) if kind else ()
    score = Score(
        0.9 if negative else 0.1, 0.9 if kind else 0.02, negative, kind is not None, kind[0] if kind else "",
        (kind[0],) if kind else (), spans, harm=kind[2] if kind else 0, cluster=key,
    )  # fmt: skip
    return Judged(mention, BRAND.id, score)


def _mention_row(one: Mention) -> dict[str, Any]:
    return {name: value for name, value in structs.asdict(one).items() if name not in ("erased_at",)} | {
        "judged_at": one.event_at
    }


def _score_row(one: Judged) -> dict[str, Any]:
    row = structs.asdict(one.score) | {"spans": [structs.asdict(span) for span in one.score.spans]}
    row |= {"mention": one.mention.id, "brand": one.brand, "event_at": one.mention.event_at}
    # Heard when its five minutes were over.
    return row | {"scored_at": volumes.bucket_of(one.mention.event_at) + STEP - timedelta(seconds=1), "why": ""}


def _replayed(store: Store, days: int, *options: Thresholds) -> Replayed:
    with store.reading() as tx:
        past = past_of(tx, BRAND, UNTIL - timedelta(days=days), UNTIL, *options)
        return replay(past, options, load_taxonomy())


def _jobs(store: Store, limits: Thresholds) -> float:
    """Steps per second of the WATCH job, once its series is built."""
    moment = [UNTIL - (BASELINE_STEPS + 1) * STEP]
    ids = iter(range(10**6))
    job = Watching(store, lambda: moment[0], lambda: f"{next(ids):032x}", {BRAND.id: BRAND}, limits, load_taxonomy())
    job.watch(BRAND.id)
    began = stopwatch()
    for _ in range(BASELINE_STEPS):
        moment[0] += STEP
        job.watch(BRAND.id)
    return BASELINE_STEPS / (stopwatch() - began)
