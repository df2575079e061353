"""Every way to a person is watched: whose turn it is, what travels together, and which way is dead."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts import rates
from alerts.calling import Caller, Notice
from alerts.channels import Channel, Rate
from alerts.digest import LISTED, Load, digest
from config.errors import DeliveryError
from store import endpoints, journal, pages
from store.database import Tx
from store.nouns import EndpointState, Level, Page

# The row of a channel's shared rate, e.g. one mail server for everybody.
EVERYBODY = "*"
# An address is dead when this many messages in a row failed over at least this long; when one can never be
# accepted, the number alone is enough.
DEAD_AFTER = 3
DEAD_OVER = timedelta(minutes=1)
# An address that does not answer in time is tried by one message at a time, so that a provider that never answers
# does not sit on every seat of the house; so long, a little longer than any channel waits, the others wait.
PROBE = timedelta(seconds=12)
SLOW = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Turn:
    """May this page go now? Not: when to ask again; None when something else carries it."""

    now: bool
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ways:
    """Keeps the rates and the health of every address in the store, so that all processes share them."""

    caller: Caller

    def take_turn(self, tx: Tx, page: Page, channel: Channel, now: datetime) -> Turn:
        """Count this message against every rate, or say when it may go; what is too much becomes a digest."""
        shared = tuple(rate for rate in channel.rates if rate.shared)
        own = tuple(rate for rate in channel.rates if not rate.shared)
        # Always in this order, so that two processes never wait for each other.
        rows = [(endpoints.lock(tx, page.channel, EVERYBODY), shared)] if shared else []
        rows.append((endpoints.lock(tx, page.channel, page.address), own))
        urgent = page.level.rank >= Level.ORANGE.rank
        free = min(rates.room(state.turns, of, now, urgent=urgent) for state, of in rows)
        if not urgent and page.reason != "digest" and self._digested(tx, page, free, now):
            return Turn(now=False)
        failing = rows[-1][0]
        if failing.slow and failing.probe_until and now < failing.probe_until:
            return Turn(now=False, again_at=failing.probe_until)
        if free < 1:
            return Turn(
                now=False, again_at=max(rates.free_at(state.turns, of, now, urgent=urgent) for state, of in rows)
            )
        for state, of in rows:
            self._count(tx, state, of, now)
        if failing.slow:
            endpoints.probe(tx, failing.key, now + PROBE)
        pages.begin(tx, page.id, now)
        return Turn(now=True)

    def failed(self, tx: Tx, page: Page, now: datetime, error: DeliveryError, took: timedelta) -> None:
        """Note the failure; an address that is dead by now is told to ops, over another channel."""
        slow, permanent = took >= SLOW, error.permanent
        state = endpoints.note_failure(tx, page.channel, page.address, now, error.code, slow=slow)
        since = state.failing_since or now
        if state.failures < DEAD_AFTER or not (permanent or now - since >= DEAD_OVER):
            return
        if endpoints.bury(tx, state.key, now):
            detail = {"channel": page.channel, "person": page.person, "failures": state.failures}
            journal.write(tx, now, "system", "endpoint_dead", f"endpoint:{state.key}", error.code, detail)
            self._tell_ops(tx, page, state, now)

    def _count(self, tx: Tx, state: EndpointState, of: tuple[Rate, ...], now: datetime) -> None:
        if of:
            endpoints.take_turn(tx, state.key, [*rates.kept(state.turns, of, now), now])

    def _digested(self, tx: Tx, page: Page, free: int, now: datetime) -> bool:
        """More calls wait for this address than may go now, or a digest waits already: they all travel as one page."""
        if page.begun_at:
            return False
        carrier = pages.open_digest(tx, page.channel, page.address)
        if carrier is None and pages.count_waiting_at(tx, page.channel, page.address, Level.ORANGE) <= max(1, free):
            return False
        waiting = pages.waiting_at(tx, page.channel, page.address, Level.ORANGE)
        person = self.caller.team.find(page.person)
        lang, base_url = person.language if person else "zh", self.caller.links.base_url
        gravest = max((one.level for one in waiting), key=lambda one: one.rank)
        if carrier is None:
            carrier = digest(Load(len(waiting), waiting, gravest), self.caller.ids(), lang, base_url, now)
            pages.add(tx, carrier)
        pages.carry(tx, [one.id for one in waiting], carrier.id)
        load = Load(*pages.carried(tx, carrier.id, LISTED))
        pages.reword(tx, digest(load, carrier.id, lang, base_url, now))
        return True

    def _tell_ops(self, tx: Tx, page: Page, state: EndpointState, now: datetime) -> None:
        """To ops over their other channels; when ops has none, to the leads and then to everybody who has one."""
        person = self.caller.team.find(page.person)
        name = person.name if person else page.person
        zh = f"呼叫不到 {name}：{page.channel} 连续 {state.failures} 次未被接受（{state.code}）"
        en = f"{name} cannot be reached: {page.channel} refused {state.failures} times in a row ({state.code})"
        notice = Notice(
            "dead_channel",
            f"{state.key}:{now.isoformat()}",
            Level.ORANGE,
            (f"【橙·渠道失效】{zh}", f"{zh}。\n每一次尝试见“投递”。在修好之前，这个人只能走其他渠道。"),
            (
                f"[ORANGE] dead channel: {en}",
                f"{en}.\nEvery try is under Deliveries. Until it is mended they are called another way.",
            ),
        )
        everybody = [one.id for one in self.caller.team.person]
        for people in (self.caller.people(["ops"], now, tx), self.caller.people(["lead"], now, tx), everybody):
            if self.caller.notify(tx, people, notice, now, not_over=page.channel):
                return
