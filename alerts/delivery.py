"""What happens to a page: its turn, one try, and after each answer: accepted, again, another road, or given up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.calling import Caller
from alerts.channels import Channel, Reach, Receipt
from alerts.channels.registry import CHANNELS
from alerts.ways import Turn, Ways
from config.clock import Clock, stopwatch
from config.errors import DeliveryError, SettingsError
from store import agenda, endpoints, incidents, journal, pages
from store.agenda import Job
from store.database import Store, Tx
from store.incidents import OPEN, subject
from store.nouns import Level, Page, PageStatus, Try

MAX_TRIES = 12
# A provider may ask for patience, not for ever: DingTalk's silence after too many messages lasts ten minutes.
LONGEST_ASKED_S = 600


def wait_after(tries: int) -> timedelta:
    """Time to the next try: 2, 4, 8 … at most 120 s."""
    return timedelta(seconds=min(120, 2 ** min(tries, 7)))


@dataclass(frozen=True, slots=True)
class Delivery:
    """Delivers one page at a time; all it remembers is in the store. `channels`: a drill has narrower ones."""

    store: Store
    clock: Clock
    reach: Reach
    caller: Caller
    second_channel: timedelta
    channels: Mapping[str, Channel] = field(default_factory=lambda: CHANNELS)

    def deliver(self, page_id: str) -> datetime | None:
        """One try. Returns when to try again, or None when the page's fate is sealed."""
        page, turn = self._turn(page_id)
        if page is None or not turn.now:
            return turn.again_at
        began = stopwatch()
        try:
            receipt = self.channels[page.channel].send(page, self.reach)
        except DeliveryError as error:
            return self._refused(page, error, began)
        except SettingsError as error:
            # A secret that cannot be read now may be readable soon; until then the other road is as good as any.
            return self._refused(page, DeliveryError(str(error), code="settings"), began)
        self._accepted(page, receipt, began)
        return None

    def settle(self, key: str) -> None:
        """Tell the providers that keep alerts of their own (`incident:state`) that one was taken or is over."""
        incident_id, _, state = key.partition(":")
        with self.store.reading() as tx:
            incident = incidents.get(tx, incident_id)
            found = pages.of_incident(tx, incident_id)
        if incident is None or (state == "acknowledged" and incident.status not in OPEN):
            return
        refused: list[DeliveryError] = []
        for page in found:
            settle = self.channels[page.channel].settle
            if settle and page.status == PageStatus.ACCEPTED:
                try:
                    settle(page, self.reach, state)
                except DeliveryError as error:
                    # One account that refuses must not keep the others ringing.
                    refused.append(error)
        if refused:
            raise refused[0]

    def _turn(self, page_id: str) -> tuple[Page | None, Turn]:
        """The page as it is now, and its turn by the rates; None when nobody needs it any more.

        A call that is late goes another road as well, whatever holds this one up.
        """
        now = self.clock()
        with self.store.transaction() as tx:
            page = pages.get(tx, page_id)
            if page is None or page.status != PageStatus.WAITING:
                return None, Turn(now=False)
            late = now - page.created_at >= self.second_channel
            turn = Ways(self.caller).take_turn(tx, page, self.channels[page.channel], now)
            # A digest may have been given more to carry until this very moment.
            page = pages.get(tx, page_id)
            if page is None or page.status != PageStatus.WAITING:
                return None, Turn(now=False)
            if late:
                self._other_road(tx, page, now)
        return page, Turn(turn.now, self._not_too_late(page, turn.again_at, now))

    def _accepted(self, page: Page, receipt: Receipt, began: float) -> None:
        now = self.clock()
        sure = self.channels[page.channel].verified
        status = PageStatus.ACCEPTED if sure else PageStatus.UNVERIFIED
        with self.store.transaction() as tx:
            pages.note_try(tx, page, self._tried(page, now, began, receipt.code, receipt.detail), status)
            endpoints.note_accepted(tx, page.channel, page.address, now, receipt.code)
            detail = {"person": page.person, "channel": page.channel, "code": receipt.code, "page": page.id}
            what = "page_accepted" if sure else "page_unverified"
            journal.write(tx, now, "system", what, subject(page.incident), page.reason, detail)
            if not sure and page.level.rank >= Level.ORANGE.rank:
                # Somebody's word that it was sent is not enough for orange and red.
                self._other_road(tx, page, now)

    def _refused(self, page: Page, error: DeliveryError, began: float) -> datetime | None:
        now = self.clock()
        over = error.permanent or page.tries + 1 >= MAX_TRIES
        status = PageStatus.FAILED if over else PageStatus.WAITING
        tried = self._tried(page, now, began, error.code, str(error), accepted=False)
        with self.store.transaction() as tx:
            kept = pages.get(tx, page.id, lock=True)
            if kept and kept.status != PageStatus.WAITING:
                # Somebody took the incident while we tried: nobody needs this call any more.
                pages.note_try(tx, page, tried, kept.status)
                return None
            pages.note_try(tx, page, tried, status)
            Ways(self.caller).failed(tx, page, now, error, timedelta(milliseconds=tried.took_ms))
            if over:
                detail = {"person": page.person, "channel": page.channel, "code": error.code, "page": page.id}
                journal.write(tx, now, "system", "page_failed", subject(page.incident), str(error), detail)
                self._other_road(tx, page, now)
        wait = max(wait_after(page.tries + 1), timedelta(seconds=min(error.wait_s, LONGEST_ASKED_S)))
        return None if over else self._not_too_late(page, now + wait, now)

    def _not_too_late(self, page: Page, again_at: datetime | None, now: datetime) -> datetime | None:
        """However long the wait: when the other road is due, we are awake."""
        late = page.created_at + self.second_channel
        return min(again_at, late) if again_at and now < late else again_at

    def _other_road(self, tx: Tx, page: Page, now: datetime) -> None:
        """The person's next endpoint; when there is none, the escalation looks at once whether anybody was reached."""
        if self.caller.fall_back(tx, page, now):
            return
        if page.reason == "call":
            agenda.promise(tx, Job.ESCALATE, page.incident, now, urgent=page.level.rank >= Level.ORANGE.rank)
        elif page.reason == "digest":
            # What it carried reached nobody either.
            for incident in pages.fail_carried(tx, page.id):
                agenda.promise(tx, Job.ESCALATE, incident, now)

    def _tried(self, page: Page, now: datetime, began: float, code: str, detail: str, *, accepted: bool = True) -> Try:
        return Try(page.id, now, accepted, code[:60], detail[:500], int((stopwatch() - began) * 1000))
