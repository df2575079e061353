"""What a brand's mentions were at a moment of the past (pure): those known by then, by the time of their events."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from monitor.rarity import BUCKET
from monitor.seen import HOUR, with_ranked
from store.nouns import Bucket, Judged
from store.volumes import bucket_of

# As store.mentions and store.trends read them: no more than so many, the oldest first.
MOST, MOST_RANKED = 20_000, 200
_AFTER = "\uffff"


class Timeline:
    """Judged mentions in the order of event time, then id; what is older than anybody asks for can be dropped."""

    def __init__(self) -> None:
        self._keys: list[tuple[datetime, str]] = []
        self._items: list[Judged] = []

    def add(self, item: Judged) -> None:
        key = (item.mention.event_at, item.mention.id)
        if not self._keys or key > self._keys[-1]:
            self._keys.append(key)
            self._items.append(item)
            return
        place = bisect_left(self._keys, key)
        self._keys.insert(place, key)
        self._items.insert(place, item)

    def between(self, since: datetime, until: datetime) -> list[Judged]:
        """since < event <= until."""
        begin, end = bisect_right(self._keys, (since, _AFTER)), bisect_right(self._keys, (until, _AFTER))
        return self._items[begin:end]

    def drop(self, until: datetime) -> None:
        """Forget what happened until then."""
        end = bisect_right(self._keys, (until, _AFTER))
        # Now and then a lot at once: moving a list costs its length.
        if end > 1000 or end > len(self._keys) // 2:
            del self._keys[:end], self._items[:end]


class Recent:
    """What the WATCH job would find: all of the last hour, of the look-back what tells or stands on a hot list."""

    def __init__(self) -> None:
        self.latest, self.crises, self.high = Timeline(), Timeline(), Timeline()

    def add(self, item: Judged) -> None:
        self.latest.add(item)
        if item.score.crisis:
            self.crises.add(item)
        if item.mention.rank or item.mention.best_rank:
            self.high.add(item)

    def drop(self, now: datetime, longest_ago: datetime) -> None:
        """Forget what no rule asks for any more."""
        self.latest.drop(now - HOUR)
        self.crises.drop(longest_ago)
        self.high.drop(longest_ago)

    def at(self, now: datetime, since: datetime, hot_rank: int) -> list[Judged]:
        """As monitor.watching reads it from the store; `hot_rank` 0: without the hot lists."""
        hour_ago = now - HOUR
        recent = self.crises.between(since, hour_ago)[:MOST] + self.latest.between(hour_ago, now + BUCKET)[:MOST]
        return with_ranked(recent, self._high(since, now, hot_rank)) if hot_rank else recent

    def _high(self, since: datetime, now: datetime, place: int) -> list[Judged]:
        found = (item for item in self.high.between(since, now + BUCKET) if _stood(item, place))
        return [item for _, item in zip(range(MOST_RANKED), found, strict=False)]


class Counts:
    """Buckets counted anew from what was known, as store.volumes counts them."""

    def __init__(self) -> None:
        self._sums: dict[datetime, list[int]] = {}

    def add(self, items: Sequence[Judged], since: datetime) -> None:
        """Mentions that became known together: their authors are told apart among themselves. Before `since`: not."""
        voices: set[tuple[datetime, str, str]] = set()
        for item in items:
            mention, score = item.mention, item.score
            at = bucket_of(mention.event_at)
            if at < since:
                continue
            sums = self._sums.setdefault(at, [0, 0, 0, 0, 0, 0])
            sums[0] += 1
            sums[1] += score.negative
            sums[2] += score.crisis
            sums[4] += bool(score.cluster) and score.cluster != mention.id
            sums[5] = max(sums[5], mention.followers or 0)
            voice = (at, mention.platform, mention.voice)
            if voice not in voices:
                voices.add(voice)
                sums[3] += 1

    def within(self, since: datetime, until: datetime) -> dict[datetime, Bucket]:
        """The buckets with since <= at < until that hold anything."""
        return {at: Bucket(at, *sums) for at, sums in self._sums.items() if since <= at < until}

    def first(self) -> datetime | None:
        """The oldest bucket that holds anything."""
        return min(self._sums, default=None)

    def drop(self, until: datetime) -> None:
        """Forget the buckets before `until`."""
        for at in [at for at in self._sums if at < until]:
            del self._sums[at]


def batches(items: Iterable[tuple[datetime, Judged]]) -> Iterator[list[Judged]]:
    """Those with the same moment, one list each."""
    group: list[Judged] = []
    last: datetime | None = None
    for at, item in items:
        if group and at != last:
            yield group
            group = []
        group.append(item)
        last = at
    if group:
        yield group


def _stood(item: Judged, place: int) -> bool:
    mention = item.mention
    return 1 <= (mention.best_rank or 0) <= place or 1 <= (mention.rank or 0) <= place
