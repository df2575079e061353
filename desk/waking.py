"""Waking after a long absence or from a restored backup: what is old waits for a person; clocks are not stopped."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from alerts.calling import Caller
from alerts.rounds import RESTORED
from desk import notices
from desk.signs import RQ
from store import incidents, journal, pages, workers
from store.database import Tx
from store.incidents import subject
from store.nouns import Incident, Paging, Worker

EVER = datetime(1970, 1, 1, tzinfo=UTC)
# A process is seen every ten seconds; what it made after its last sign is as old as the sign.
AFTER_SIGN = timedelta(minutes=1)
CALLING = (Paging.PAGING, Paging.ACK_EXPIRED, Paging.SILENCED)


@dataclass(frozen=True, slots=True)
class Woken:
    """What was found: the last sign of life, pages held, incidents whose calls were held."""

    last: datetime
    held: int
    silenced: tuple[Incident, ...]


def wake(tx: Tx, caller: Caller, me: Worker, away: timedelta) -> Woken | None:
    """Run at the start, before anything is claimed; None when the service was not away for longer than `away`.

    Our own sign is written in the same transaction, so a second start holds nothing a second time.
    """
    now, last = me.seen_at, last_served(tx)
    workers.seen(tx, me)
    if last is None or now - last <= away:
        return None
    held = pages.hold(tx, last + AFTER_SIGN)
    silenced = tuple(one for one in incidents.listed(tx, open_only=True) if one.paging in CALLING)
    for one in silenced:
        incidents.change(tx, one, paging=Paging.SILENCED, hushed=RESTORED, paging_since=None)
        journal.write(tx, now, "system", "restored", subject(one.id), "the service was away", _detail(last))
    journal.write(tx, now, "system", "restored", "service", "", _detail(last) | {"held": held})
    if held or silenced:
        notice = notices.restored(last, held, silenced, caller.links.base_url, caller.zone)
        caller.notify(tx, caller.people(["ops", "lead"], now, tx), notice, now)
    return Woken(last, held, silenced)


def last_served(tx: Tx) -> datetime | None:
    """When anybody last looked at the agenda. RQ workers are handed their jobs: their signs say nothing of that."""
    return max((one.seen_at for one in workers.alive(tx, EVER) if one.kind != RQ), default=None)


def _detail(last: datetime) -> dict[str, str]:
    return {"last_sign": last.isoformat()}
