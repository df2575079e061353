"""One mail as it arrived, in the inbox of a demo or a drill."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """`at` ISO moment, `key` the page's idempotency key."""

    at: str
    to: str
    subject: str
    body: str
    key: str
