"""Real crises as ../shared/bench/spike/data holds them: Weibo posts counted, hot-list topics, tweets of disasters."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

from bench import shared
from bench.made import pick
from monitor.rarity import BUCKET
from monitor.series import CHINA, Row

# Before each event the brand is watched so long.
BEFORE: Final = timedelta(days=14)
# What the data do not tell is what the suite assumes: how many complain on ordinary days and in a crisis.
ORDINARY_NEGATIVE, CRISIS_NEGATIVE = 0.15, 0.7


class Count(NamedTuple):
    """What an event adds to one bucket."""

    posts: int
    authors: int
    copies: int = 0
    followers: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """`onset`: what is known of its beginning, else its first post."""

    name: str
    onset: datetime
    counts: dict[datetime, Count]

    @property
    def first(self) -> datetime:
        """The bucket of the first post."""
        return min(self.counts)

    def material(self, per_hour: float) -> datetime:
        """From when on there is something to see: as many posts as an ordinary hour brings, ten at least."""
        told = 0
        for at in sorted(self.counts):
            told += self.counts[at].posts if at >= _bucket(self.onset) else 0
            if told >= max(10.0, per_hour):
                return at
        return max(self.counts)


@dataclass(frozen=True, slots=True)
class Topic:
    """One line of a snapshot of the hot list."""

    said: str
    place: int


def weibo() -> list[Event]:
    """Five brand crises on Weibo, 2012 and 2013; the first post is the onset."""
    return [_weibo(path) for path in sorted(shared.crises("weibo_ced").glob("case_*.csv"))]


def disasters() -> list[Event]:
    """Thirteen events in a sample of one tweet in a hundred; some have the minute in which they happened."""
    folder = shared.crises("crisislex_t26")
    known = json.loads((folder.parent / "events.json").read_text(encoding="utf-8"))
    onsets = {one["event"]: one["physical_onset_utc"] for one in known}
    return [_disaster(path, onsets.get(path.stem)) for path in sorted(folder.glob("*.csv"))]


def hot_lists() -> dict[str, list[tuple[datetime, list[Topic]]]]:
    """Seven brands on the hot list: name → (moment of a snapshot, their topics on it), oldest first."""
    return {path.stem: list(_snapshots(path)) for path in sorted(shared.crises("weibo_hotsearch").glob("*.csv"))}


def life(event: Event, per_hour: float) -> Iterator[Row]:
    """A made brand of so many posts an hour with this event in its third week, bucket by bucket."""
    hours = {
        (int(one["weekday"]), int(one["hour_cst"])): float(one["relative_rate"])
        for one in _table(shared.crises("weibo_ced").parent / "weibo_hour_of_week_profile.csv")
    }
    usual = sum(hours.values()) / len(hours)
    at, until, step = event.first - BEFORE, max(event.counts) + BUCKET, 0
    while at < until:
        local = at.astimezone(CHINA)
        rate = per_hour / 12 * hours[local.weekday(), local.hour] / usual
        posts = int(rate * (0.4 + pick(7, step, event.name, 120) / 100) + pick(8, step, event.name, 100) / 100)
        yield _row(at, posts, event.counts.get(at), step)
        at, step = at + BUCKET, step + 1


def _row(at: datetime, posts: int, added: Count | None, step: int) -> Row:
    more = added or Count(0, 0)
    told = sum(pick(9, step, f"told {n}", 100) < 100 * ORDINARY_NEGATIVE for n in range(posts))
    told += sum(pick(9, step, f"bad {n}", 100) < 100 * CRISIS_NEGATIVE for n in range(more.posts))
    return Row(at, posts + more.posts, told, posts + more.authors, more.copies, max(300, more.followers))


def _weibo(path: Path) -> Event:
    counts = {
        _bucket(datetime.fromisoformat(one["time_cst"]).replace(tzinfo=CHINA)): Count(
            int(one["mentions"]), int(one["authors"]), int(one["repeated_texts"]), int(one["max_root_followers"])
        )
        for one in _table(path)
    }
    return Event(path.stem.removeprefix("case_"), min(counts), counts)


def _disaster(path: Path, onset: str | None) -> Event:
    counts = {}
    for one in _table(path):
        tweets = int(one["tweets_1pct_sample"])
        counts[_bucket(datetime.fromisoformat(one["time_utc"]).replace(tzinfo=UTC))] = Count(tweets, tweets)
    return Event(path.stem, datetime.fromisoformat(onset).replace(tzinfo=UTC) if onset else min(counts), counts)


def _snapshots(path: Path) -> Iterator[tuple[datetime, list[Topic]]]:
    for said, lines in groupby(_table(path), key=lambda one: one["snapshot_time_cst"]):
        at = datetime.fromisoformat(said).replace(tzinfo=CHINA)
        yield at, [Topic(one["topic"], int(one["rank_in_day_list"])) for one in lines]


def _bucket(at: datetime) -> datetime:
    return at.replace(minute=at.minute // 5 * 5, second=0, microsecond=0)


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))
