"""Gives judged mentions their cluster: what they say is read before the transaction, whom they copy is asked in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from msgspec import structs

from monitor.clusters.grouping import Entry, Known, place
from monitor.clusters.minhash import keys_of, named
from monitor.clusters.shingles import Said, said_all
from store import clusters
from store.database import Tx
from store.nouns import Judged


@dataclass(frozen=True, slots=True)
class Signed:
    """A judged mention and what it says."""

    judged: Judged
    entry: Entry


def sign(judged: Sequence[Judged]) -> list[Signed]:
    """Read what they say, each mention once however many brands it is about; costs no store."""
    mentions = {item.mention.id: item.mention for item in judged}
    told = said_all([(one.title, one.text) for one in mentions.values()])
    texts = dict(zip(mentions, told, strict=True))
    keys = dict(zip(texts, keys_of(list(texts.values())), strict=True))
    return [Signed(item, _entry(item, texts[item.mention.id], keys[item.mention.id])) for item in judged]


def clustered(tx: Tx, signed: Sequence[Signed], now: datetime) -> list[Judged]:
    """The same mentions in the same order with `score.cluster`: the first of its near-duplicates for the brand
    (the first that was heard; of those heard at once, the first that was published).

    In the transaction that saves the scores. On PostgreSQL a second worker waits here until the first has ended, so
    that copies which arrive at once are one cluster.
    """
    if not signed:
        return []
    clusters.alone(tx)
    clusters.forget(tx, now)
    # Of copies that are heard at once the one that was published first is the first.
    ordered = sorted(signed, key=lambda one: (one.entry.at, one.entry.mention))
    entries = [one.entry for one in ordered]
    found = clusters.owners(tx, [key for entry in entries for key in entry.keys], now)
    told = said_all([(one.title, one.text) for one in found.texts.values()])
    known = {
        number: Known(one.mention, one.cluster, one.event_at, what)
        for (number, one), what in zip(found.texts.items(), told, strict=True)
    }
    placed = place(entries, {key: known[number] for key, number in found.by_key.items()}, found.today)
    clusters.keep(tx, [(one.judged.brand, one.entry.mention) for one in ordered], placed.written, found.taken, now)
    cluster_of = {
        (one.judged.brand, one.entry.mention): cluster for one, cluster in zip(ordered, placed.clusters, strict=True)
    }
    return [_with(one.judged, cluster_of[one.judged.brand, one.entry.mention]) for one in signed]


def _with(item: Judged, cluster: str) -> Judged:
    return structs.replace(item, score=structs.replace(item.score, cluster=cluster))


def _entry(item: Judged, text: Said, keys: tuple[int, ...]) -> Entry:
    own = _salt(item.brand)
    return Entry(item.mention.id, item.mention.event_at, text, tuple([key ^ own for key in keys]))


@cache
def _salt(brand: str) -> int:
    """Keys of one brand lead to mentions of that brand alone."""
    return named(f"brand {brand}")
