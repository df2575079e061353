"""A brand's days before a story begins: counted as if they had been heard, without posts to read."""

from collections.abc import Callable
from datetime import datetime, timedelta

from store import volumes
from store.database import Store
from store.nouns import Judged, Mention, Score

STEP = timedelta(minutes=5)
A_DAY = 288
BATCH = 5000


def calm(step: int) -> int:
    """One or two posts in five minutes, now and then none."""
    return (1, 2, 1, 0, 1, 2, 1)[step * 7919 % 101 % 7]


def lived(store: Store, brand: str, until: datetime, days: float, usual: Callable[[int], int] = calm) -> None:
    """`usual(step)` posts in each five minutes of so many days up to `until`, each by somebody else; one in ten is a
    complaint. Steps count down: the last one is 0."""
    until = volumes.bucket_of(until)
    steps = range(round(days * A_DAY) - 1, -1, -1)
    told = [_post(brand, until - (step + 1) * STEP, step, n) for step in steps for n in range(usual(step))]
    with store.transaction() as tx:
        for begin in range(0, len(told), BATCH):
            volumes.add(tx, told[begin : begin + BATCH])


def _post(brand: str, at: datetime, step: int, number: int) -> Judged:
    key = f"past-{step}-{number}"
    negative = (step + number) % 10 == 0
    mention = Mention(key, "past", "weibo", key, "", "", "", key, 200, at, False, at, at)
    return Judged(mention, brand, Score(0.9 if negative else 0.1, 0.02, negative=negative, crisis=False))
