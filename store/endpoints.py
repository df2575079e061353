"""How every address we send to is doing: its newest turns for the rate, failures in a row, verification."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import blake2s

from sqlalchemy import select, update

from store.database import Tx, insert_once
from store.nouns import EndpointState
from store.tables import endpoints

_COLUMNS = [endpoints.c[name] for name in EndpointState.__dataclass_fields__]


def key_of(channel: str, address: str) -> str:
    """A short name of one way: addresses are long, alike at their beginning, and may be keys themselves."""
    return f"{channel}-{blake2s(address.encode(), digest_size=8).hexdigest()}"


def lock(tx: Tx, channel: str, address: str) -> EndpointState:
    """The row of one address, held by this transaction until it ends; made when it is new."""
    fresh = EndpointState(key_of(channel, address), channel, address)
    insert_once(tx, endpoints, [asdict(fresh)])
    row = tx.execute(select(*_COLUMNS).where(endpoints.c.key == fresh.key).with_for_update()).one()
    return EndpointState(**row._mapping)


def get(tx: Tx, channel: str, address: str) -> EndpointState | None:
    row = tx.execute(select(*_COLUMNS).where(endpoints.c.key == key_of(channel, address))).first()
    return EndpointState(**row._mapping) if row else None


def take_turn(tx: Tx, key: str, turns: Sequence[datetime]) -> None:
    """Keep the moments of the newest messages."""
    tx.execute(update(endpoints).where(endpoints.c.key == key).values(turns=tuple(turns)))


def probe(tx: Tx, key: str, until: datetime) -> None:
    """One message is tried now; the others wait for its answer, until this moment at the latest."""
    tx.execute(update(endpoints).where(endpoints.c.key == key).values(probe_until=until))


def note_accepted(tx: Tx, channel: str, address: str, now: datetime, code: str) -> None:
    """It works: whatever failed before is over."""
    values = {"failures": 0, "failing_since": None, "dead_at": None, "accepted_at": now, "code": code}
    values |= {"slow": False, "probe_until": None}
    tx.execute(update(endpoints).where(endpoints.c.key == key_of(channel, address)).values(**values))


def note_failure(tx: Tx, channel: str, address: str, now: datetime, code: str, *, slow: bool = False) -> EndpointState:
    """One more failure in a row; returns the state with it."""
    state = lock(tx, channel, address)
    since = state.failing_since or now
    values = {"failures": state.failures + 1, "failing_since": since, "code": code}
    values |= {"slow": slow, "probe_until": None}
    tx.execute(update(endpoints).where(endpoints.c.key == state.key).values(**values))
    return EndpointState(**(asdict(state) | values))


def bury(tx: Tx, key: str, now: datetime) -> bool:
    """Call it dead until something is accepted again; True the first time."""
    where = (endpoints.c.key == key, endpoints.c.dead_at.is_(None))
    return tx.execute(update(endpoints).where(*where).values(dead_at=now)).rowcount == 1


def ask_proof(tx: Tx, channel: str, address: str, code_hash: str, now: datetime) -> None:
    """A code was sent there; whoever reads it proves that the address is theirs."""
    state = lock(tx, channel, address)
    values = {"code_hash": code_hash, "code_sent_at": now}
    tx.execute(update(endpoints).where(endpoints.c.key == state.key).values(**values))


def verify(tx: Tx, channel: str, address: str, now: datetime) -> None:
    """The code came back."""
    values = {"verified_at": now, "code_hash": "", "code_sent_at": None}
    tx.execute(update(endpoints).where(endpoints.c.key == key_of(channel, address)).values(**values))


def all_states(tx: Tx) -> dict[str, EndpointState]:
    """Key -> state of every address something was ever sent to."""
    return {row.key: EndpointState(**row._mapping) for row in tx.execute(select(*_COLUMNS))}
