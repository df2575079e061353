"""Real crises through the shipped rules: when is the first page, which rule speaks, and who was called for nothing?"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median

from msgspec import structs

from bench import real_events
from bench.figures import Figure
from bench.real_events import Event, Topic
from bench.spike_rules import MeanSigma
from config.taxonomy import Taxonomy, load_taxonomy
from config.watch import Thresholds
from monitor.guessing import Scorer
from monitor.judging import judge
from monitor.news import News, Newsroom
from monitor.options import Would
from monitor.rarity import BUCKET
from monitor.risk import RiskTerms
from monitor.scoring.trained import TrainedScorer
from monitor.seen import see
from monitor.series import Detector, Reading
from monitor.signals import PAGE
from monitor.spikes import decide
from store.nouns import Judged, Klass, Mention

Tick = Callable[[str], None]
# Two brands for each event: one few speak of, one that is spoken of all day.
RATES = (4.0, 40.0)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# A surge of people who praise and buy; no crisis.
PRAISED = "erke_2021"


@dataclass(slots=True)
class Outcome:
    """Minutes from the onset, and from when there is something to see, to the end of the bucket that was told."""

    name: str
    paged: float | None = None
    seen: float | None = None
    rule: str = ""
    noticed: float | None = None
    false: int = 0
    days: float = 0.0

    @property
    def in_time(self) -> bool:
        """Paged within the hour in which there was something to see."""
        return self.seen is not None and self.seen <= 60

    def line(self) -> str:
        page = f"page {self.paged:+.0f} min ({self.rule})" if self.paged is not None else "no page"
        after = f", {self.seen:+.0f} min after there was something to see" if self.seen is not None else ""
        notice = f"; first notice {self.noticed:+.0f} min" if self.noticed is not None else ""
        return f"{self.name}: {page}{after}{notice}; {self.false} false pages in {self.days:.0f} days before"


def measure(tick: Tick) -> list[Figure]:
    """Crises paged in time, minutes, false pages; the baseline is mean + 3 sigma, one page a day."""
    found: list[Figure] = []
    for name, events in (("Weibo crises", real_events.weibo()), ("disasters", real_events.disasters())):
        ours = [_outcome(event, rate, _ours(event, rate)) for rate in RATES for event in events]
        plain = [_outcome(event, rate, _plain(event, rate)) for rate in RATES for event in events]
        for one in ours:
            tick(f"replayed: {one.line()}")
        found += _figures(name, ours, plain)
    return [*found, *_hot(tick)]


def _figures(name: str, ours: Sequence[Outcome], plain: Sequence[Outcome]) -> list[Figure]:
    due = [sum(one.in_time for one in some) for some in (ours, plain)]
    late = [median(1e4 if one.seen is None else one.seen for one in some) for some in (ours, plain)]
    false = [7 * sum(one.false for one in some) / sum(one.days for one in some) for some in (ours, plain)]
    shares = [100 * one / len(ours) for one in due]
    return [
        Figure(f"replayed: {name} paged within the first visible hour", shares[0], "%", shares[1], None),
        Figure(f"replayed: {name}: first page after that, median", late[0], "min", late[1], 60, of="value", less=True),
        Figure(f"replayed: {name}: pages before", false[0], "a brand-week", false[1], 0.25, of="value", less=True),
    ]


def _ours(event: Event, per_hour: float) -> Iterator[tuple[datetime, int, str]]:
    detector = Detector(Thresholds())
    for row in real_events.life(event, per_hour):
        reading = detector.update(row)
        yield row.at, reading.told, reading.kinds[0] if reading.kinds else ""


def _plain(event: Event, per_hour: float) -> Iterator[tuple[datetime, int, str]]:
    rule, last = MeanSigma(), datetime.min.replace(tzinfo=UTC)
    for row in real_events.life(event, per_hour):
        told = rule.update(row.value) >= 3 and row.at - last > DAY
        if told:
            last = row.at
        yield row.at, PAGE if told else 0, "3 sigma"


def _outcome(event: Event, per_hour: float, told: Iterable[tuple[datetime, int, str]]) -> Outcome:
    """The first four days, when nothing is usual yet, are not counted."""
    found = Outcome(f"{event.name} at {per_hour:g}/h", days=(real_events.BEFORE - 4 * DAY) / DAY)
    visible = event.material(per_hour)
    for at, level, kind in told:
        if not level or at < event.first - real_events.BEFORE + 4 * DAY:
            continue
        if at + BUCKET <= event.onset:
            found.false += level == PAGE
            continue
        after = (at + BUCKET - event.onset) / timedelta(minutes=1)
        if level != PAGE:
            found.noticed = after if found.noticed is None else found.noticed
            continue
        found.paged, found.rule = after, kind
        found.seen = (at + BUCKET - visible) / timedelta(minutes=1)
        return found
    return found


@dataclass(slots=True)
class _Desk:
    """What the house knows of one brand on the hot list, one snapshot after the other, and what it told."""

    brand: str
    scorer: Scorer
    taxonomy: Taxonomy
    known: dict[str, Judged] = field(default_factory=dict)
    told: list[Would] = field(default_factory=list)

    def hear(self, at: datetime, topics: Sequence[Topic]) -> None:
        """Topics are mentions with a place; nobody else speaks of the brand."""
        limits = Thresholds()
        self._learn(at, topics)
        recent = [one for one in self.known.values() if one.mention.event_at > at - limits.look_back]
        seen, newsroom = see(recent, at), Newsroom.of(self.taxonomy, limits)
        for found in decide(self.brand, seen, Reading(at, days=30.0), limits):
            news = newsroom.judge(found, seen, [one for one in self.told if one.at > at - limits.cooldown])
            if news:
                self.told.append(_would(at, news))

    def _learn(self, at: datetime, topics: Sequence[Topic]) -> None:
        fresh = [one for one in topics if one.said not in self.known]
        scores = judge([(one.said, "") for one in fresh], scorer=self.scorer, risk=RiskTerms(self.taxonomy))
        for one, score in zip(fresh, scores, strict=True):
            self.known[one.said] = Judged(_mention(one, at), self.brand, score)
        for one in topics:
            was = self.known[one.said]
            best = min(one.place, was.mention.best_rank or one.place)
            placed = structs.replace(was.mention, rank=one.place, best_rank=best)
            self.known[one.said] = structs.replace(was, mention=placed)


def _mention(topic: Topic, at: datetime) -> Mention:
    return Mention(
        topic.said, "hot", "weibo", topic.said, "", topic.said, "", "", None, None, True, at, at, klass=Klass.HOTLIST
    )  # fmt: skip


def _would(at: datetime, news: News) -> Would:
    found = news.found
    own = tuple(one.mention.id for one in news.own)
    return Would(
        at, found.kind, found.category, found.page, news.level, found.count, found.usual, found.why, news.t0, own
    )  # fmt: skip


def _hot(tick: Tick) -> list[Figure]:
    """Calls for praise, and how many crises are told by their topics alone."""
    scorer, taxonomy, praised, told, calls = TrainedScorer(), load_taxonomy(), 0, 0, 0
    lists = real_events.hot_lists()
    for name, snapshots in lists.items():
        desk = _Desk(name, scorer, taxonomy)
        for at, topics in snapshots:
            desk.hear(at, topics)
        tick(f"replayed: {_hot_line(name, snapshots[0][0], desk.told)}")
        if name == PRAISED:
            praised += sum(one.calls for one in desk.told)
        else:
            told, calls = told + bool(desk.told), calls + any(one.calls for one in desk.told)
    crises = len(lists) - 1
    return [
        Figure("replayed: calls for a surge of praise", praised, "calls", 0, 0, of="value", less=True),
        Figure("replayed: hot-list crises told by their topics alone", told, "crises", crises, None),
        Figure("replayed: hot-list crises that call by their topics alone", calls, "crises", crises, None),
    ]


def _hot_line(name: str, onset: datetime, told: Sequence[Would]) -> str:
    call, first = next((one for one in told if one.calls), None), next(iter(told), None)
    said = [f"{what} {_minutes(one, onset):+.0f} min ({one.kind}, {one.level}: {one.why[-40:]})"
            for what, one in (("first told", first), ("first call", call)) if one]  # fmt: skip
    return f"{name}, after its first topic: {'; '.join(said) or 'nothing'}; {len(told)} told"


def _minutes(one: Would, onset: datetime) -> float:
    return (one.at - onset) / timedelta(minutes=1)
