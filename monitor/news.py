"""Is what was found news, and how bad is it (pure)? The same rule for the WATCH job and for a replay of the past."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from config.taxonomy import Taxonomy
from config.watch import Thresholds
from monitor import severity, story
from monitor.seen import Seen
from monitor.spikes import Finding
from store.nouns import Judged, Level

# What calls by how many complain or by who does it, not by what one post says.
CROWDS = frozenset({"volume", "complaints", "share", "cold", "campaign", "reach", "big_account"})
CALLED = "F9 很多人或大号在抱怨、达到呼叫门槛：至少黄色"


class Told(Protocol):
    """What a former spike must say of itself to be compared with a new one."""

    @property
    def category(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def page(self) -> bool: ...
    @property
    def level(self) -> Level: ...
    @property
    def count(self) -> int: ...
    @property
    def mention_ids(self) -> Sequence[str]: ...
    @property
    def t0(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class News:
    """A finding worth telling: `own` the mentions of its story, oldest first; `level` with its reasons; `t0`."""

    found: Finding
    own: tuple[Judged, ...]
    level: Level
    level_why: tuple[str, ...]
    t0: datetime


@dataclass(frozen=True, slots=True)
class Newsroom:
    """What decides whether a finding is told: how long a topic rests, how much bigger it must be, how bad it is."""

    taxonomy: Taxonomy
    look_back: timedelta
    rerise: float

    @classmethod
    def of(cls, taxonomy: Taxonomy, thresholds: Thresholds) -> "Newsroom":
        return cls(taxonomy, thresholds.look_back, thresholds.rerise)

    def judge(self, found: Finding, seen: Seen, former: Collection[Told]) -> News | None:
        """The news in a finding; None when the same was told before. `former`: what was told during the cooldown."""
        same = [one for one in former if one.category == found.category]
        if not self._may_be_new(found, seen, same):
            return None
        crises = seen.telling.get(found.category, ())
        own = story.own_mentions(crises, found.category, seen.now, self.look_back) or _named(seen.recent, found)
        level, why = self._level(found, own, seen)
        news = News(found, tuple(own), level, why, story.t0(own) or seen.now)
        return news if self._says_something_new(found, same, level, news.t0, len(own)) else None

    def _may_be_new(self, found: Finding, seen: Seen, same: Sequence[Told]) -> bool:
        """False only when no story among these posts can be news: the stories of a long day are costly to tell apart.

        All crisis posts of the category together are at least as many, as old and as bad as any one story of them.
        """
        if not same or not found.category:
            return True
        since = seen.now - self.look_back
        most = [item for item in seen.telling.get(found.category, ()) if item.mention.event_at > since]
        t0 = min(story.t0(most) or seen.now, seen.now)
        if not most or self._says_something_new(found, same, Level.NONE, t0, len(most)):
            return True
        worst = max(one.level.rank for one in same)
        return worst < Level.RED.rank and self._level(found, most, seen)[0].rank > worst

    def _level(self, found: Finding, own: Sequence[Judged], seen: Seen) -> tuple[Level, tuple[str, ...]]:
        category = self.taxonomy.category(found.category)
        setting = severity.Setting(
            scct=category.scct if category else "",
            clocks=bool(category and category.clocks),
            count=found.count,
            usual=found.usual,
            negative_share=seen.negative,
        )
        proposal = severity.propose(*severity.factors(own, setting))
        if not found.page:
            return min(proposal.level, _highest(own), key=lambda one: one.rank), proposal.why
        if _asks_for_people(found, own) and proposal.level.rank < Level.YELLOW.rank:
            return Level.YELLOW, (*proposal.why, CALLED)
        return proposal.level, proposal.why

    def _says_something_new(self, found: Finding, same: Sequence[Told], level: Level, t0: datetime, size: int) -> bool:
        """During the cooldown only a call after notices, a worse level, an earlier first post, another kind of notice
        or a 1.5 times bigger volume is news."""
        if not same or (found.page and not any(one.page for one in same)):
            return True
        if not found.page and not any(one.page or one.kind == found.kind for one in same):
            return True
        worst = max(one.level.rank for one in same)
        biggest = max(max(one.count, len(one.mention_ids)) for one in same)
        earliest = min(one.t0 for one in same)
        return level.rank > worst or t0 < earliest or max(found.count, size) >= self.rerise * biggest


def _asks_for_people(found: Finding, own: Sequence[Judged]) -> bool:
    """A crowd that complains, or one loud account, needs somebody even where no post alone tells of a crisis: below
    yellow nobody would be called. Praise never does."""
    return found.kind in CROWDS and any(item.score.negative for item in own)


def _named(recent: Sequence[Judged], found: Finding) -> list[Judged]:
    named = set(found.mention_ids)
    return [item for item in recent if item.mention.id in named]


def _highest(own: Sequence[Judged]) -> Level:
    """A notice is yellow at most, and blue where nobody tells of a crisis: praise is no crisis."""
    return Level.YELLOW if any(item.score.crisis for item in own) else Level.BLUE
