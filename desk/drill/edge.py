"""The sending edge of a drill: its own inbox, the few real endpoints that opted in, and nobody else."""

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from alerts.channels import Channel, Reach, Receipt
from alerts.channels.registry import CHANNELS
from config.clock import Clock
from config.errors import DeliveryError
from desk.demo.letter import Letter
from desk.drill.watermark import marked_page
from store.nouns import Page

INBOX = "@drill.invalid"
# The reason of the page that says a drill stands still; it goes out while a real crisis is open, the others do not.
SUSPENDED = "drill_suspended"


class Inbox:
    """What the people of a drill received, marked as it would have left."""

    def __init__(self) -> None:
        self._letters: list[Letter] = []
        self._lock = threading.Lock()

    def keep(self, letter: Letter) -> None:
        with self._lock:
            self._letters.append(letter)

    def letters(self) -> list[Letter]:
        """Oldest first."""
        with self._lock:
            return list(self._letters)


def always() -> bool:
    return True


@dataclass(frozen=True)
class Edge:
    """`opted_in`: (channel, address) that may really be reached; `reach`: the real accounts, None where there are none.

    `quiet` is asked before anything really leaves: False while the real house has a crisis.
    """

    inbox: Inbox
    clock: Clock
    opted_in: Collection[tuple[str, str]] = ()
    reach: Reach | None = None
    quiet: Callable[[], bool] = always
    refused: list[str] = field(default_factory=list)
    channels: Mapping[str, Channel] = field(default_factory=lambda: CHANNELS)

    def narrowed(self) -> dict[str, Channel]:
        """Every channel with this edge in front of it."""
        return {name: self._narrow(one) for name, one in self.channels.items()}

    def _narrow(self, real: Channel) -> Channel:
        settle = partial(self.settle, real) if real.settle else None
        return replace(real, send=partial(self.send, real), settle=settle)

    def send(self, real: Channel, page: Page, reach: Reach) -> Receipt:
        """Keep a marked page in the inbox, or hand it to the real channel of who opted in; DeliveryError otherwise."""
        made = marked_page(page)
        if page.address.endswith(INBOX):
            self.inbox.keep(Letter(self.clock().isoformat(), page.person, made.subject, made.body, made.idempotency))
            return Receipt("drill", "kept in the drill's own inbox")
        self._allowed(page)
        return real.send(made, self.reach or reach)

    def settle(self, real: Channel, page: Page, reach: Reach, state: str) -> None:
        """Tell a provider only of what really went there."""
        if real.settle and (page.channel, page.address) in self.opted_in:
            real.settle(marked_page(page), self.reach or reach, state)

    def _allowed(self, page: Page) -> None:
        if (page.channel, page.address) not in self.opted_in:
            self.refused.append(f"{page.person}:{page.channel}")
            raise DeliveryError(
                f"a drill page stays in the drill: {page.person}:{page.channel} did not opt in",
                code="drill_refused",
                permanent=True,
            )
        if page.reason != SUSPENDED and not self.quiet():
            raise DeliveryError("held: a real crisis is open", code="drill_held")
