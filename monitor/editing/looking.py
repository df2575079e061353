"""The live test: which of the last stored mentions a changed query finds, which it finds anew and no longer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.matching import Matcher, Query, compile_all, seen
from monitor.query.found import found_in
from monitor.query.names import names
from store import mentions
from store.database import Tx
from store.nouns import Mention

SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Seen:
    """One stored mention, and why the changed query finds it or does not."""

    mention: Mention
    why: str


@dataclass(frozen=True, slots=True)
class Look:
    """`looked`: mentions read; `before` and `after`: how many the two queries find; `muted`: hidden by the changed one.

    `gained` and `lost` are counted whole, and of each kind the newest are shown.
    """

    looked: int
    before: int
    after: int
    muted: int
    n_gained: int
    n_lost: int
    gained: tuple[Seen, ...]
    lost: tuple[Seen, ...]
    hits: tuple[Seen, ...]
    misses: tuple[Seen, ...]


def look(tx: Tx, before: Query, after: Query, last: int) -> Look:
    """Both queries over the `last` newest mentions; QueryError when one cannot be read. Writes nothing."""
    matchers = compile_all({"before": before, "after": after})
    stored = mentions.newest(tx, last)
    who = names(tx, matchers.values(), stored)
    return compared(matchers["before"], matchers["after"], stored, who)


def compared(before: Matcher, after: Matcher, stored: Sequence[Mention], who: Mapping[str, str]) -> Look:
    """The same over given mentions (pure); the two matchers share a finder."""
    kinds: dict[str, list[Seen]] = {"gained": [], "lost": [], "hits": [], "misses": []}
    counts = dict.fromkeys((*kinds, "looked", "before", "muted"), 0)
    told = [seen(mention, who) for mention in stored]
    for mention, found in zip(stored, found_in(after.finder, told), strict=True):
        old, new = before.holds(found), after.holds(found)
        counts["looked"] += 1
        counts["before"] += old
        counts["muted"] += new and after.hides(found)
        kind = _kind(old, new)
        counts[kind] += 1
        # A miss is worth a look only where a word of the query stands.
        if len(kinds[kind]) < SHOWN and (kind != "misses" or found.words):
            kinds[kind].append(Seen(mention, after.judge(found).why))
    shown = {kind: tuple(some) for kind, some in kinds.items()}
    return Look(
        looked=counts["looked"],
        before=counts["before"],
        after=counts["gained"] + counts["hits"],
        muted=counts["muted"],
        n_gained=counts["gained"],
        n_lost=counts["lost"],
        **shown,
    )


def _kind(old: bool, new: bool) -> str:
    if old == new:
        return "hits" if new else "misses"
    return "gained" if new else "lost"
