"""Which channel carries a page, and what happens after each answer: accepted, again, another road, or given up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.calling import Caller
from alerts.channels import Channel, Reach, email, webhook
from config.clock import Clock, stopwatch
from config.errors import DeliveryError, SettingsError
from store import agenda, journal, pages
from store.agenda import Job
from store.database import Store, Tx
from store.incidents import subject
from store.nouns import Page, PageStatus, Try

CHANNELS: dict[str, Channel] = {
    "email": email.CHANNEL,
    "webhook": webhook.CHANNEL,
}
MAX_TRIES = 12


def wait_after(tries: int) -> timedelta:
    """Time to the next try: 2, 4, 8 … at most 120 s."""
    return timedelta(seconds=min(120, 2 ** min(tries, 7)))


@dataclass(frozen=True, slots=True)
class Delivery:
    """Delivers one page at a time; all it remembers is in the store."""

    store: Store
    clock: Clock
    reach: Reach
    caller: Caller
    second_channel: timedelta

    def deliver(self, page_id: str) -> datetime | None:
        """One try. Returns when to try again, or None when the page's fate is sealed."""
        with self.store.reading() as tx:
            page = pages.get(tx, page_id)
        if page is None or page.status != PageStatus.WAITING:
            return None
        began = stopwatch()
        try:
            receipt = CHANNELS[page.channel].send(page, self.reach)
        except DeliveryError as error:
            return self._refused(page, error, began)
        except SettingsError as error:
            # A secret that cannot be read now may be readable soon; until then the other road is as good as any.
            return self._refused(page, DeliveryError(str(error), code="settings"), began)
        now = self.clock()
        with self.store.transaction() as tx:
            pages.note_try(tx, page, self._tried(page, now, began, receipt.code, receipt.detail), PageStatus.ACCEPTED)
            detail = {"person": page.person, "channel": page.channel, "code": receipt.code, "page": page.id}
            journal.write(tx, now, "system", "page_accepted", subject(page.incident), page.reason, detail)
        return None

    def _refused(self, page: Page, error: DeliveryError, began: float) -> datetime | None:
        now = self.clock()
        over = error.permanent or page.tries + 1 >= MAX_TRIES
        status = PageStatus.FAILED if over else PageStatus.WAITING
        tried = self._tried(page, now, began, error.code, str(error), accepted=False)
        with self.store.transaction() as tx:
            kept = pages.get(tx, page.id)
            if kept and kept.status != PageStatus.WAITING:
                # Somebody took the incident while we tried: nobody needs this call any more.
                pages.note_try(tx, page, tried, kept.status)
                return None
            pages.note_try(tx, page, tried, status)
            if over:
                detail = {"person": page.person, "channel": page.channel, "code": error.code, "page": page.id}
                journal.write(tx, now, "system", "page_failed", subject(page.incident), str(error), detail)
            if over or now - page.created_at >= self.second_channel:
                self._other_road(tx, page, now)
        return None if over else now + wait_after(page.tries + 1)

    def _other_road(self, tx: Tx, page: Page, now: datetime) -> None:
        """The person's next endpoint; when there is none, the escalation looks at once whether anybody was reached."""
        if not self.caller.fall_back(tx, page, now) and page.reason == "call":
            agenda.promise(tx, Job.ESCALATE, page.incident, now)

    def _tried(self, page: Page, now: datetime, began: float, code: str, detail: str, *, accepted: bool = True) -> Try:
        return Try(page.id, now, accepted, code[:60], detail[:500], int((stopwatch() - began) * 1000))
