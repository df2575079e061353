"""One file per channel, each with one `CHANNEL`: how it sends, how often it may, how long a message may be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from config.clock import Clock, utc_now
from config.errors import SettingsError
from config.gateways import SECRET_ADDRESS, Gateways
from config.settings import Mail
from store.nouns import Page


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider took the message: its own code and words."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Reach:
    """What a channel may use: accounts, the time, secrets by name, and the secret's name per address."""

    mail: Mail
    secret: Callable[[str], str]
    secret_names: Mapping[str, str] = field(default_factory=dict)
    gateways: Gateways = field(default_factory=Gateways)
    clock: Clock = utc_now

    def address(self, page: Page) -> str:
        """Where the page really goes; SettingsError when it is `secret:NAME` and there is no such secret."""
        found = SECRET_ADDRESS.fullmatch(page.address)
        return self.needed(found[1]) if found else page.address

    def key(self, page: Page) -> str:
        """The endpoint's own secret (signing key, bot token); "" when it has none."""
        name = self.secret_names.get(page.address, "")
        return self.needed(name) if name else ""

    def needed(self, name: str) -> str:
        """The secret `name`; SettingsError (never with its value) when it is not there."""
        value = self.secret(name)
        if not value:
            raise SettingsError([f"environment: {name}: is needed to send and is not set"])
        return value


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` messages in any span of length `per`, to one address or (`shared`) to all of the channel."""

    count: int
    per: timedelta
    shared: bool = False


class Send(Protocol):
    def __call__(self, page: Page, reach: Reach) -> Receipt:
        """Hand the page over. DeliveryError unless the provider's *own* code says accepted; HTTP 200 alone never does.

        `permanent`: the very same message can never be accepted (bad address, refused). `ambiguous`: it may have
        arrived (the answer never came whole). Neither: try again. Messages never hold a secret or a hook's address.
        """


class Settle(Protocol):
    def __call__(self, page: Page, reach: Reach, state: str) -> None:
        """Tell the provider that the incident was `acknowledged` or `resolved`; DeliveryError when it refuses."""


@dataclass(frozen=True, slots=True)
class Channel:
    """How one kind of endpoint carries pages.

    `rates` are the provider's own limits. `verified` is False when "accepted" is only somebody's word for it.
    `replies` is True when the person can answer with the page's short code (SMS).
    """

    send: Send
    rates: tuple[Rate, ...] = ()
    verified: bool = True
    replies: bool = False
    settle: Settle | None = None


def seconds(at: datetime) -> int:
    """Whole seconds since 1970, as signatures want them."""
    return int(at.timestamp())
