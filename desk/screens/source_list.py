"""Do we hear? Every source, worst first: why not, how late, how much, what it may still spend."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.responses import Response

from config.watch import Source
from desk import access
from desk.coverage import platform_of
from desk.screens.door import Ask
from desk.screens.frame import show
from desk.screens.listening import Ear, ears
from desk.screens.source_reasons import Reason, reason_of
from desk.source_budget import Budget, budget_of, limits_of
from desk.words import platform_word
from monitor import sourcebook
from store import agenda, lags, meters, sources
from store.agenda import Job
from store.database import Tx
from store.lags import Lag
from store.nouns import Meter, SourceState

DAY = timedelta(days=1)
# Who runs the sources; whoever takes incidents may have one read at once.
KEEPERS = ("ops", "lead", "admin")
READERS = (*KEEPERS, "responder")


@dataclass(frozen=True, slots=True)
class Card:
    """One source as people read it. `wait_until`: asking before that moment is of no use."""

    ear: Ear
    platform: str
    reason: Reason | None
    next_at: datetime | None
    lag: Lag
    budget: Budget
    wait_until: datetime | None

    @property
    def source(self) -> Source:
        return self.ear.source


@dataclass(frozen=True, slots=True)
class Seen:
    """What the store says of all sources at one moment."""

    listed: tuple[Source, ...]
    states: Mapping[str, SourceState]
    waiting: Mapping[str, datetime]
    lags: Mapping[str, Lag]
    meters: Mapping[str, Meter]


def show_sources(ask: Ask) -> Response:
    """Health in a word with its reason, since when, and when it is read next."""
    with ask.room.store.reading() as tx:
        seen = look(ask, tx)
    cards = [card(ask, seen, ear) for ear in ears(seen.listed, seen.states, ask.now)]
    return show(
        ask,
        "source_list.html",
        cards=cards,
        deaf=sum(one.ear.deaf for one in cards),
        counts=_counts(cards),
        first_deaf=next(
            (one.source.id for one in cards if one.ear.deaf and one.source.polled and not one.wait_until), ""
        ),
        may_read=access.may(ask.person, *READERS),
        may_keep=access.may(ask.person, *KEEPERS),
        heard=sum(one.ear.word not in ("off", "unknown") for one in cards),
        day=DAY,
    )


def look(ask: Ask, tx: Tx) -> Seen:
    """Every source of the file and of the screens, with what is known of it."""
    return Seen(
        listed=sourcebook.listed(tx, ask.room.settings.watch),
        states=sources.all_states(tx),
        waiting=agenda.waiting(tx),
        lags=lags.lags(tx, ask.now - DAY),
        meters=meters.all_meters(tx),
    )


def card(ask: Ask, seen: Seen, ear: Ear) -> Card:
    """One source with everything its card says."""
    budget = budget_of(ear.source, limits_of(ear.source), seen.meters, seen.listed, ask.now)
    return Card(
        ear=ear,
        platform=platform_name(ask, ear.source),
        reason=reason_of(ear, ask.word, ask.times),
        next_at=seen.waiting.get(f"{Job.POLL.value}:{ear.source.id}"),
        lag=seen.lags.get(ear.source.id, Lag(0)),
        budget=budget,
        wait_until=wait_until(ear.state, budget, ask.now),
    )


def wait_until(state: SourceState | None, budget: Budget, now: datetime) -> datetime | None:
    """When it may be asked again: they, or our own limits, say to wait; None when nothing speaks against now."""
    asked = state.until if state and state.until and state.until > now else None
    return max((one for one in (asked, budget.blocked_until) if one), default=None)


def platform_name(ask: Ask, source: Source) -> str:
    """The platform as people call it."""
    return platform_word(platform_of(source), ask.lang)


def _counts(cards: Sequence[Card]) -> list[tuple[str, int]]:
    """(word, how many) in the order of the cards, the worst first."""
    return list(Counter(one.ear.word for one in cards).items())
