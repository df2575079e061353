"""When the store does not answer: a mail straight over SMTP, written from what this process still remembers.

While it is away nothing here touches it or raises, and what was done stands in the log only.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.calling import Caller
from alerts.channels import Reach
from alerts.channels.email import send
from config.clock import Clock
from config.errors import GoldenHourError
from desk.last_mail import away, back
from store import incidents
from store.database import Store, Tx
from store.endpoints import key_of
from store.nouns import Incident, Level, Page, PageStatus

log = logging.getLogger("goldenhour.last_resort")
DUTIES = ("ops", "lead", "duty")
LOOK_EVERY = timedelta(seconds=5)
AGAIN = timedelta(minutes=30)
Run = Callable[[Callable[[], None]], None]


def aside(work: Callable[[], None]) -> None:
    """In a thread of its own: a mail server that is slow must not keep the beat from the store."""
    threading.Thread(target=work, name="last-resort", daemon=True).start()


@dataclass(frozen=True, slots=True)
class Memory:
    """What was open, and who is to know, when the store last answered."""

    at: datetime
    open: tuple[Incident, ...]
    addresses: tuple[str, ...]


class LastResort:
    """Goes along with the beat: remembers while the store answers, and writes when it has not for `after`."""

    def __init__(
        self, store: Store, clock: Clock, caller: Caller, reach: Reach, after: timedelta, run: Run = aside
    ) -> None:
        self.store, self.clock, self.caller, self.reach, self.after, self.run = store, clock, caller, reach, after, run
        self._memory: Memory | None = None
        self._away_since: datetime | None = None
        self._written: datetime | None = None
        self._count = 0

    def looked(self) -> None:
        """The store answered. StoreError when it stops to while we look at what is open."""
        now = self.clock()
        if self._memory is None or self._away_since or now - self._memory.at >= LOOK_EVERY:
            with self.store.reading() as tx:
                open_ = tuple(incidents.listed(tx, open_only=True))
                self._memory = Memory(now, open_, self._addresses(now, tx))
        if self._away_since and self._written:
            self._write(back(self._away_since, now, self.caller.zone))
        self._away_since = self._written = None
        self._count = 0

    def missed(self) -> None:
        """The store did not answer."""
        now = self.clock()
        self._away_since = self._away_since or now
        if now - self._away_since < self.after or (self._written and now - self._written < AGAIN):
            return
        self._written = now
        self._write(away(self._memory.open if self._memory else None, self._away_since, now, self.caller))

    def _addresses(self, now: datetime, tx: Tx | None = None) -> tuple[str, ...]:
        """Mail addresses of ops, lead and who is on duty, with `tx` also by what was set on screen."""
        people = [self.caller.team.find(one) for one in self.caller.people(DUTIES, now, tx)]
        mails = [end.address for one in people if one for end in one.endpoint if end.channel == "email"]
        return tuple(dict.fromkeys(mails))

    def _write(self, words: tuple[str, str]) -> None:
        now, since = self.clock(), self._away_since
        addresses = self._memory.addresses if self._memory else self._addresses(now)
        if not addresses or since is None:
            log.error("the store is away and nobody has a mail address to be told")
            return
        self._count += 1
        key = f"store_away:{since.isoformat()}:{self._count}"
        self.run(lambda: self._hand_over(addresses, words, key, now))

    def _hand_over(self, addresses: tuple[str, ...], words: tuple[str, str], key: str, now: datetime) -> None:
        """One mail each: a server's yes is about one address, and one that is refused must not stop the others."""
        for address in addresses:
            try:
                send(self._page(address, words, f"{key}:{key_of('email', address)}", now), self.reach)
            except GoldenHourError as error:
                log.error("a mail about the store was not accepted: %s", error)
            else:
                log.warning("a mail about the store was accepted")

    def _page(self, address: str, words: tuple[str, str], key: str, now: datetime) -> Page:
        subject, body = words
        return Page(
            id=self.caller.ids(),
            incident="",
            person="",
            channel="email",
            address=address,
            reason="store_away",
            subject=subject,
            body=body,
            link="",
            level=Level.RED,
            idempotency=key,
            status=PageStatus.WAITING,
            created_at=now,
        )
