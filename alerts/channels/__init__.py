"""One file per channel, each with the same verb: `send(page, reach) -> Receipt` or DeliveryError."""

from collections.abc import Callable
from dataclasses import dataclass

from config.settings import Mail


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider took the message: its own code and words."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Reach:
    """What a channel may use: mail settings, secrets by name, and the secret's name per webhook address."""

    mail: Mail
    secret: Callable[[str], str]
    secret_names: dict[str, str]
