"""Who is at the desk: passwords, sessions, the sign-in throttle, form tokens and roles."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from config.clock import new_secret
from config.errors import AccessError
from config.team import Person
from desk.room import Room
from store import people
from store.database import Store, Tx
from store.nouns import Fact, FactScope

MOST_FAILURES = 5
THROTTLE = timedelta(minutes=15)
LONGEST_PASSWORD = 1024
# What counsel wrote is for those who speak and decide, not for everybody who may look.
CLEARED = ("legal", "lead", "spokesperson", "executive", "admin")
# Who takes incidents and decides about them.
ACTORS = ("responder", "lead", "admin")
_HASHER = PasswordHasher()


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in person and the token their forms must carry."""

    person: Person
    csrf: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a sign-in came to: a session token, or when to try again, or neither (wrong name or password)."""

    token: str = ""
    retry_at: datetime | None = None


def hash_password(password: str) -> str:
    """The argon2id hash that is kept instead of the password."""
    return _HASHER.hash(password)


def verify(hashed: str | None, password: str) -> bool:
    """True when the password fits; an unknown person (None) costs the same time as a known one."""
    try:
        fits = _HASHER.verify(hashed or _nobody(), password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return fits and hashed is not None


def sign_in(room: Room, name: str, password: str, address: str) -> Entry:
    """Check a password under the throttle; on success a new session, of which the store keeps only the hash."""
    now = room.clock()
    keys = [f"person:{_sha256(name)[:40]}", f"address:{address[:60]}"]
    with room.store.transaction() as tx:
        retry_at = max((at for key in keys if (at := _blocked_until(tx, key, now))), default=None)
        if retry_at:
            return Entry(retry_at=retry_at)
        # Noted before the slow check, so that many tries at once cannot slip under the limit together.
        for key in keys:
            people.note_failure(tx, key, now)
        hashed = people.password_hash(tx, name) if room.settings.team.find(name) else None
    if not verify(hashed, password):
        return Entry()
    token = new_secret()
    with room.store.transaction() as tx:
        people.clear_failures(tx, keys[0])
        people.forget_failure(tx, keys[1], now)
        until = now + room.settings.service.web.session
        people.open_session(tx, _sha256(token), name, new_secret(), now, until)
    return Entry(token=token)


def seat(store: Store, token: str, person: str, now: datetime, until: datetime) -> None:
    """Let this sign-in be `person` in another house (a drill's) until then; it must not be there yet."""
    with store.transaction() as tx:
        people.open_session(tx, _sha256(token), person, new_secret(), now, until)


def sign_out(room: Room, token: str) -> None:
    """End the session behind a cookie; an unknown one is no fault."""
    with room.store.transaction() as tx:
        people.close_session(tx, _sha256(token))


def visitor(room: Room, token: str) -> Visitor | None:
    """Who holds this session; None when it ended, expired, or the person left the team."""
    if not token:
        return None
    with room.store.reading() as tx:
        found = people.session(tx, _sha256(token), room.clock())
    person = room.settings.team.find(found[0]) if found else None
    return Visitor(person, found[1]) if found and person else None


def same_token(expected: str, given: str) -> bool:
    """Compare form tokens without telling by time where they differ; an empty one never fits."""
    return bool(expected) and hmac.compare_digest(expected.encode(), given.encode())


def may(person: Person | None, *roles: str) -> bool:
    """True when the person has one of the roles."""
    return person is not None and not set(person.roles).isdisjoint(roles)


def require(person: Person | None, *roles: str) -> None:
    """Return when the person has one of the roles; AccessError otherwise."""
    if not may(person, *roles):
        raise AccessError(f"Your role may not do this; it takes one of: {', '.join(roles)}.")


def may_read(person: Person | None, fact: Fact) -> bool:
    """Whether this person may read the words of a fact."""
    return fact.scope != FactScope.PRIVILEGED or may(person, *CLEARED)


def _blocked_until(tx: Tx, key: str, now: datetime) -> datetime | None:
    failures = people.failure_times(tx, key, now - THROTTLE)
    return failures[-MOST_FAILURES] + THROTTLE if len(failures) >= MOST_FAILURES else None


@cache
def _nobody() -> str:
    """A hash no password fits, so that unknown names take as long as known ones."""
    return _HASHER.hash(new_secret())


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
