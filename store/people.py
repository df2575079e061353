"""Sign-ins: password hashes, sessions (only their hashes) and failures for the throttle."""

from datetime import datetime

from sqlalchemy import delete, insert, select, update

from store.database import Tx, insert_once
from store.tables import api_tokens, login_failures, logins, sessions


def password_hash(tx: Tx, person: str) -> str | None:
    return tx.execute(select(logins.c.password_hash).where(logins.c.person == person)).scalar_one_or_none()


def set_password(tx: Tx, person: str, hashed: str, now: datetime) -> None:
    """Keep a new hash and end the person's sessions."""
    if not insert_once(tx, logins, [{"person": person, "password_hash": hashed, "set_at": now}]):
        tx.execute(update(logins).where(logins.c.person == person).values(password_hash=hashed, set_at=now))
    tx.execute(delete(sessions).where(sessions.c.person == person))


def open_session(tx: Tx, token_hash: str, person: str, csrf: str, now: datetime, until: datetime) -> None:
    values = {
        "token_hash": token_hash,
        "person": person,
        "csrf": csrf,
        "created_at": now,
        "expires_at": until,
    }
    tx.execute(insert(sessions).values(**values))


def session(tx: Tx, token_hash: str, now: datetime) -> tuple[str, str] | None:
    """(person, csrf) of a session that has not expired."""
    query = select(sessions.c.person, sessions.c.csrf)
    row = tx.execute(query.where(sessions.c.token_hash == token_hash, sessions.c.expires_at > now)).first()
    return (row.person, row.csrf) if row else None


def close_session(tx: Tx, token_hash: str) -> None:
    tx.execute(delete(sessions).where(sessions.c.token_hash == token_hash))


def note_failure(tx: Tx, key: str, now: datetime) -> None:
    tx.execute(insert(login_failures).values(key=key, at=now))


def clear_failures(tx: Tx, key: str) -> None:
    tx.execute(delete(login_failures).where(login_failures.c.key == key))


def tidy(tx: Tx, now: datetime, failures_before: datetime) -> int:
    """Drop expired sessions and old failures; returns how many rows went."""
    gone = tx.execute(delete(sessions).where(sessions.c.expires_at <= now)).rowcount
    return gone + tx.execute(delete(login_failures).where(login_failures.c.at < failures_before)).rowcount


def failure_times(tx: Tx, key: str, since: datetime) -> list[datetime]:
    """The moments of a key's failures after `since`, oldest first."""
    query = select(login_failures.c.at).where(login_failures.c.key == key, login_failures.c.at > since)
    return list(tx.execute(query.order_by(login_failures.c.at)).scalars())


def forget_failure(tx: Tx, key: str, at: datetime) -> None:
    """Take back one noted failure: the try turned out right."""
    found = select(login_failures.c.seq).where(login_failures.c.key == key, login_failures.c.at == at)
    newest = found.order_by(login_failures.c.seq.desc()).limit(1).scalar_subquery()
    tx.execute(delete(login_failures).where(login_failures.c.seq == newest))


def add_api_token(tx: Tx, token_hash: str, person: str, name: str, now: datetime, until: datetime) -> None:
    """Keep the hash of a token with which a program acts for `person`."""
    values = {"token_hash": token_hash, "person": person, "name": name, "created_at": now, "expires_at": until}
    tx.execute(insert(api_tokens).values(**values))


def api_person(tx: Tx, token_hash: str, now: datetime) -> str | None:
    """Whose token this is; None when it is unknown or over."""
    query = select(api_tokens.c.person).where(api_tokens.c.token_hash == token_hash, api_tokens.c.expires_at > now)
    return tx.execute(query).scalar_one_or_none()


def end_api_tokens(tx: Tx, person: str) -> int:
    """End every token of a person; returns how many there were."""
    return tx.execute(delete(api_tokens).where(api_tokens.c.person == person)).rowcount
