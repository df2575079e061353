"""The logins of Bluesky accounts: kept in this process's memory only, refreshed, and never tried in vain."""

import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final

from config.errors import SourceError
from config.mapping import Limits
from monitor.sources.bluesky.calls import BlueskyFault, Calls
from store.nouns import Outcome

# The server takes 30 logins in 5 minutes and 300 in a day. Our hours and days have fixed ends, so half of that in each
# holds in any five minutes and any day; the account of its own makes all processes share it.
LOGINS: Final = Limits(per_hour=15, per_day=150)
# A password that was refused is asked again after this long: it may have been the server's mistake.
REFUSED_FOR: Final = timedelta(hours=1)
_MOST_SEATS: Final = 64


@dataclass(frozen=True, slots=True)
class Session:
    """`access` signs requests for about two hours, `refresh` gets the next pair; neither is ever shown."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)


@dataclass(slots=True)
class Seat:
    """One account with one password: its session, or when and why its password was refused."""

    lock: Lock = field(default_factory=Lock)
    session: Session | None = None
    refused_at: datetime | None = None
    refused_why: str = ""


class Sessions:
    """Thread-safe; a changed password is another seat, so a refusal never outlives it."""

    def __init__(self) -> None:
        self._seats: OrderedDict[str, Seat] = OrderedDict()
        self._lock = Lock()

    def seat(self, server: str, handle: str, password: str) -> Seat:
        key = hashlib.sha256("\0".join((server, handle, password)).encode("utf-8", "replace")).hexdigest()
        with self._lock:
            seat = self._seats.setdefault(key, Seat())
            self._seats.move_to_end(key)
            while len(self._seats) > _MOST_SEATS:
                self._seats.popitem(last=False)
            return seat


@dataclass(frozen=True, slots=True)
class Login:
    """Gets sessions for one account during one read. `env` is the name of the variable the password stands in."""

    calls: Calls
    seat: Seat
    handle: str
    env: str
    password: str = field(repr=False)

    def session(self) -> Session:
        """The kept session, else a new one; SourceError auth_failed when the password is refused."""
        with self.seat.lock:
            return self.seat.session or self._create()

    def refreshed(self, stale: Session) -> Session:
        """A session after `stale`, which the server refused: by its refresh token, else by the password."""
        with self.seat.lock:
            kept = self.seat.session
            if kept is not None and kept != stale:
                return kept
            try:
                return self._keep(self.calls.post("com.atproto.server.refreshSession", stale.refresh))
            except BlueskyFault as fault:
                if fault.outcome != Outcome.AUTH_FAILED and fault.status != 400:
                    raise
            return self._create()

    def renewed(self, stale: Session) -> Session:
        """A session by the password after `stale`, which the server refused although it was fresh."""
        with self.seat.lock:
            kept = self.seat.session
            return kept if kept is not None and kept != stale else self._create()

    def _create(self) -> Session:
        now, refused_at = self.calls.tools.now, self.seat.refused_at
        if refused_at is not None and now < refused_at + REFUSED_FOR:
            raise SourceError(self.seat.refused_why, outcome=Outcome.AUTH_FAILED)
        self.seat.session = None
        body = json.dumps({"identifier": self.handle, "password": self.password}).encode()
        try:
            answer = self.calls.post("com.atproto.server.createSession", "", body, limits=LOGINS)
        except BlueskyFault as fault:
            if fault.outcome != Outcome.AUTH_FAILED and fault.status != 400:
                raise
            why = f"{fault}; the app password in {self.env} is not accepted for {self.handle}"
            self.seat.refused_at, self.seat.refused_why = now, why
            raise SourceError(why, outcome=Outcome.AUTH_FAILED) from fault
        self.seat.refused_at = None
        return self._keep(answer)

    def _keep(self, answer: dict[str, Any]) -> Session:
        access, refresh = answer.get("accessJwt"), answer.get("refreshJwt")
        if not isinstance(access, str) or not isinstance(refresh, str):
            raise SourceError("the login was answered without tokens", outcome=Outcome.MALFORMED)
        self.seat.session = Session(access, refresh)
        return self.seat.session
