"""What there is to see at one moment, sorted once for every rule that looks (pure): it hangs on no threshold."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.nouns import Judged

WINDOW = timedelta(minutes=30)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """A brand's last 24 hours at `now`, by event time: all of the last hour, of the rest what tells of a crisis or
    stood on a hot list.

    `topics`: category → the crises it is the first of, the most told first; `telling`: category → every crisis that
    has it among its own; `negative`: share of the `window`.
    """

    now: datetime
    recent: Sequence[Judged]
    window: Sequence[Judged]
    hour: Sequence[Judged]
    crises: Sequence[Judged]
    ranked: Sequence[Judged]
    topics: Mapping[str, Sequence[Judged]]
    telling: Mapping[str, Sequence[Judged]]
    negative: float


def see(recent: Sequence[Judged], now: datetime) -> Seen:
    """Sort what is known of late."""
    hour = [item for item in recent if item.mention.event_at > now - HOUR]
    window = [item for item in hour if item.mention.event_at > now - WINDOW]
    crises = [item for item in recent if item.score.crisis]
    ranked = [item for item in recent if item.mention.best_rank or item.mention.rank]
    telling: dict[str, list[Judged]] = defaultdict(list)
    for item in crises:
        for category in dict.fromkeys(item.score.categories):
            telling[category].append(item)
    return Seen(now, recent, window, hour, crises, ranked, by_category(crises), telling, negative_share(window))


def with_ranked(recent: list[Judged], high: Sequence[Judged]) -> list[Judged]:
    """What is recent, and of what stands high on a hot list the rest, in the order of their events."""
    known = {item.mention.id for item in recent} if high else set()
    more = [item for item in high if item.mention.id not in known]
    return sorted([*recent, *more], key=lambda item: item.mention.event_at) if more else recent


def by_category(crises: Sequence[Judged]) -> dict[str, list[Judged]]:
    """Category → its crises, the most told first."""
    found: dict[str, list[Judged]] = defaultdict(list)
    for item in crises:
        if item.score.category:
            found[item.score.category].append(item)
    return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))


def place(item: Judged) -> int:
    """The highest place of a hot list it ever had; 0 when it never was on one."""
    return item.mention.best_rank or item.mention.rank or 0


def negative_share(items: Sequence[Judged]) -> float:
    """0..1; 0 of nothing."""
    return sum([item.score.negative for item in items]) / len(items) if items else 0.0
