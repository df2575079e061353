"""Several thresholds that decide about the same moment of the past (pure), each with what it had told before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any

from config.taxonomy import Taxonomy
from config.watch import Thresholds
from monitor.campaigns import Campaign
from monitor.news import News, Newsroom
from monitor.recalling import Recent
from monitor.seen import Seen, see
from monitor.series import Detector, Reading, Row
from monitor.signals import Evidence
from monitor.spikes import Finding, decide
from monitor.steps import gravest
from store.nouns import Level, Spike

# The only evidence that hangs on how rare a volume must be.
_RARE = frozenset({"volume", "complaints"})


@dataclass(frozen=True, slots=True)
class Would:
    """What would have been told, as a spike says it. `page` False: a notice.

    `joins`: its topic was called for during the cooldown and it is no worse, so it joins that incident.
    """

    at: datetime
    kind: str
    category: str
    page: bool
    level: Level
    count: int
    usual: float
    why: str
    t0: datetime
    mention_ids: tuple[str, ...]
    joins: bool = False

    @property
    def calls(self) -> bool:
        """Whether somebody would have been called: blue opens no incident, and what joins one calls nobody again."""
        return _pages(self) and not self.joins


@dataclass(frozen=True, slots=True)
class Moment:
    """A step of the past: its moment, what was known of late, what was planned, complaints that rose over days.

    `ranked`: hot lists are looked at, too.
    """

    now: datetime
    recent: Recent
    planned: Campaign
    trend: Evidence | None
    ranked: bool


@dataclass(slots=True)
class _Option:
    """Thresholds under replay. Those of one `kin` differ in their rarity alone, and share what does not hang on it."""

    limits: Thresholds
    kin: int
    newsroom: Newsroom
    former: list[Spike | Would]
    news: list[Would] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Judgement:
    """What a newsroom said of a finding after what it had told before; None: no news."""

    newsroom: Newsroom
    found: Finding
    former: tuple[Spike | Would, ...]
    would: Would | None

    def fits(self, option: _Option, found: Finding) -> bool:
        """Whether this option would say the same."""
        same = self.newsroom == option.newsroom and len(self.former) == len(option.former)
        return same and self.found == found and self.former == tuple(option.former)


class Options:
    """Everybody who decides. `any`: one of the thresholds; `longest`: the longest look-back among them."""

    def __init__(
        self, name: str, options: Sequence[Thresholds], taxonomy: Taxonomy, told: Sequence[Spike], zone: tzinfo
    ) -> None:
        self.name, self.zone, self.any = name, zone, options[0]
        self.longest: timedelta = max(one.look_back for one in options)
        kinds = list(dict.fromkeys(_kind(one) for one in options))
        self._options = [
            _Option(one, kinds.index(_kind(one)), Newsroom.of(taxonomy, one), list(told)) for one in options
        ]

    def told(self) -> tuple[tuple[Would, ...], ...]:
        """What each would have told so far."""
        return tuple(tuple(one.news) for one in self._options)

    def decide(self, moment: Moment, state: Mapping[str, Any], unsettled: Sequence[Row]) -> None:
        """What each tells now. `state`: of the series; `unsettled`: the rows it has not learned."""
        readings = self._read(state, unsettled)
        shared: dict[tuple[timedelta, int], Seen] = {}
        decided: list[tuple[int, Reading, tuple[Finding, ...]]] = []
        judged: list[_Judgement] = []
        for option, reading in zip(self._options, readings, strict=True):
            limits = option.limits
            asked = (limits.look_back, limits.hot_rank if moment.ranked else 0)
            if asked not in shared:
                shared[asked] = see(moment.recent.at(moment.now, moment.now - asked[0], asked[1]), moment.now)
            seen = shared[asked]
            found = next((done for kin, one, done in decided if kin == option.kin and one == reading), None)
            if found is None:
                found = decide(self.name, seen, reading, limits, moment.planned, moment.trend)
                decided.append((option.kin, reading, found))
            for one in found:
                _tell(option, one, seen, judged)

    def _read(self, state: Mapping[str, Any], unsettled: Sequence[Row]) -> list[Reading]:
        """What the series says to each of them."""
        easiest: dict[int, Reading] = {}
        plain: dict[int, bool] = {}
        found = []
        for option in sorted(self._options, key=lambda one: (one.kin, one.limits.rarity)):
            if not plain.get(option.kin):
                easiest[option.kin], plain[option.kin] = self._look(option.limits, state, unsettled)
            found.append((option, easiest[option.kin]))
        of = {id(option): reading for option, reading in found}
        return [of[id(option)] for option in self._options]

    def _look(self, limits: Thresholds, state: Mapping[str, Any], unsettled: Sequence[Row]) -> tuple[Reading, bool]:
        """The gravest reading; and whether none of them hangs on the rarity, so that a higher one reads the same."""
        glance = Detector.from_state(dict(state), limits, self.zone)
        readings = [glance.update(row) for row in unsettled]
        hangs = any(_RARE.intersection(one.kinds) for one in readings)
        return gravest(readings) or Reading(unsettled[-1].at), not hangs


def _tell(option: _Option, found: Finding, seen: Seen, judged: list[_Judgement]) -> None:
    option.former = [one for one in option.former if one.at > seen.now - option.limits.cooldown]
    # Whoever found the same and had told the same says the same now: telling stories apart is what costs.
    known = next((one for one in judged if one.fits(option, found)), None)
    if known is None:
        news = option.newsroom.judge(found, seen, option.former)
        would = _would(news, seen.now, option.former) if news else None
        known = _Judgement(option.newsroom, found, tuple(option.former), would)
        judged.append(known)
    if known.would:
        option.news.append(known.would)
        option.former.append(known.would)


def _pages(told: Spike | Would) -> bool:
    return told.page and told.level.rank >= Level.YELLOW.rank


def _would(news: News, now: datetime, former: Sequence[Spike | Would]) -> Would:
    found, level = news.found, news.level
    joins = any(_pages(one) and one.category == found.category and one.level.rank >= level.rank for one in former)
    return Would(
        at=now,
        kind=found.kind,
        category=found.category,
        page=found.page,
        level=level,
        count=found.count,
        usual=found.usual,
        why=found.why,
        t0=news.t0,
        mention_ids=tuple(item.mention.id for item in news.own),
        joins=joins,
    )


def _kind(limits: Thresholds) -> Thresholds:
    return limits.model_copy(update={"rarity": 1.0})
