"""The one road by which anything heard becomes a mention: polled, pushed or imported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from config.clock import Ids
from config.sources import Place
from store.database import Tx
from store.nouns import RawMention


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a batch: how many were new, known already, and known with other words."""

    new: int = 0
    known: int = 0
    edited: int = 0


@dataclass(frozen=True, slots=True)
class Intake:
    """`key` is the house's key: with it authors become hashes nobody can guess."""

    ids: Ids
    key: str

    def keep(self, tx: Tx, place: Place, raws: Sequence[RawMention], now: datetime) -> Kept:
        """Keep what a source gave, each thing once, and promise that it is judged."""
        raise NotImplementedError
