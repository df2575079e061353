"""What was pushed to us lately, by signature: the same one again changes nothing, and a flood is counted here."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, select, update

from store.database import Tx, insert_once
from store.tables import pushes

# A signature is good for ten minutes at most: its time may be five off to either side.
KEPT: Final = timedelta(minutes=15)
KEYS_KEPT: Final = timedelta(hours=24)
# Rows that are no signature: repeats of one, and the sender's own keys.
_AGAIN: Final = "again:"
_KEY: Final = "key:"


def known(tx: Tx, source: str, digest: str) -> dict[str, Any] | None:
    """What was answered to this signature or key the first time; None when it is new."""
    query = select(pushes.c.answer).where(pushes.c.source == source, pushes.c.digest == digest)
    found: dict[str, Any] | None = tx.execute(query).scalar_one_or_none()
    return found


def reserve(tx: Tx, source: str, digest: str, at: datetime) -> bool:
    """Take a signature or key for this transaction; False when somebody else has had it. Another process waits here."""
    return insert_once(tx, pushes, [{"source": source, "digest": digest, "at": at, "answer": {}}]) == 1


def answer(tx: Tx, source: str, digest: str, said: dict[str, Any]) -> None:
    """What the holder of a reserved signature or key is told, now and the next time."""
    tx.execute(update(pushes).where(pushes.c.source == source, pushes.c.digest == digest).values(answer=said))


def note_again(tx: Tx, source: str, number: str, at: datetime) -> None:
    """One more repeat of something known; `number` is any new id."""
    reserve(tx, source, f"{_AGAIN}{number}", at)


def key_digest(hashed: str) -> str:
    """The name of a row that stands for a sender's own key."""
    return f"{_KEY}{hashed}"[:64]


def counted(tx: Tx, source: str, since: datetime, *, again: bool) -> tuple[int, datetime | None]:
    """(how many requests since then, when the first of them came): new ones, or repeats."""
    rows = select(func.count(), func.min(pushes.c.at)).where(pushes.c.source == source, pushes.c.at > since)
    repeats = pushes.c.digest.startswith(_AGAIN)
    rows = rows.where(repeats if again else ~repeats, ~pushes.c.digest.startswith(_KEY))
    count, first = tx.execute(rows).one()
    return count, first


def forget(tx: Tx, now: datetime) -> int:
    """Drop what no request can repeat any more."""
    keys = pushes.c.digest.startswith(_KEY)
    old = delete(pushes).where(pushes.c.at < now - KEPT, ~keys)
    oldest = delete(pushes).where(pushes.c.at < now - KEYS_KEPT, keys)
    return tx.execute(old).rowcount + tx.execute(oldest).rowcount
