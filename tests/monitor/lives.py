"""Made lives of a brand, bucket by bucket, for tests of the series: ordinary days, surges, floods, campaigns."""

import json
import math
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from config.watch import Thresholds
from monitor.rarity import BUCKET, PER_DAY
from monitor.series import Detector, Reading, Row

# Midnight in Shanghai, a Sunday.
START = datetime(2026, 2, 28, 16, 0, tzinfo=UTC)
LIMITS = Thresholds()
HOUR = 12
NOON = 14 * PER_DAY + 12 * HOUR
NIGHT = 14 * PER_DAY + 3 * HOUR


def ordinary(step: int) -> int:
    """Eighteen posts in five minutes in mid-afternoon, nearly none at three at night, and a little uneven."""
    busy = (1 - math.cos((step % PER_DAY / 12 - 3) / 12 * math.pi)) / 2
    uneven = (step * 7919 % 101) / 100
    return int(18 * busy * (0.7 + 0.6 * uneven) + 0.5 * uneven + 0.2)


def row(step: int, value: float, **more) -> Row:
    return Row(START + step * BUCKET, value, **more)


def moody(step: int, value: int, share: float = 0.15, **more) -> Row:
    """A row that knows its moods: about this share of complaints, every post by somebody else."""
    told = round(value * share + (step * 31 % 10) / 10 - 0.5) if value else 0
    return row(
        step, value, **({"neg": min(max(told, 0), value), "authors": value, "dups": 0, "max_followers": 300} | more)
    )


def feed(detector: Detector, values: Iterable[float], step: int = 0) -> list[Reading]:
    """Rows that know nothing but counts."""
    return [detector.update(row(step + n, value)) for n, value in enumerate(values)]


def live(detector: Detector, rows: Iterable[Row]) -> list[Reading]:
    return [detector.update(one) for one in rows]


def watched(days: float, usual: Callable[[int], int] = ordinary, *, moods: bool = False) -> tuple[Detector, int]:
    """A brand after `days` of ordinary life, and how many buckets that was."""
    detector, steps = Detector(LIMITS), round(days * PER_DAY)
    live(detector, (moody(step, usual(step)) if moods else row(step, usual(step)) for step in range(steps)))
    return detector, steps


def kept(detector: Detector) -> str:
    return json.dumps(detector.to_state())


def again(state: str, limits: Thresholds = LIMITS) -> Detector:
    return Detector.from_state(json.loads(state), limits)


def noon() -> str:
    """A brand of fourteen days whose moods are known, at noon: about fifteen posts in five minutes, few complain."""
    detector, step = watched(14, moods=True)
    live(detector, (moody(n, ordinary(n)) for n in range(step, NOON)))
    return kept(detector)


def silent() -> str:
    """A brand of fourteen days of whom hardly anybody speaks: one post in two hours, none of them a complaint."""
    detector, _ = watched(14, lambda step: int(step % 24 == 0), moods=True)
    live(detector, (moody(n, int(n % 24 == 0)) for n in range(14 * PER_DAY, NOON)))
    return kept(detector)


def after(state: str, *rows: Row, limits: Thresholds = LIMITS) -> list[Reading]:
    return live(again(state, limits), rows)


def hour(values: Iterable[int], share: float, step: int = NOON, **more) -> list[Row]:
    """Rows one after the other, each with this share of complaints."""
    return [moody(step + n, value, **({"neg": round(value * share)} | more)) for n, value in enumerate(values)]


def worst(readings: Sequence[Reading]) -> int:
    return max(reading.level for reading in readings)


def kinds(readings: Sequence[Reading]) -> set[str]:
    return {kind for reading in readings for kind in reading.kinds}
