"""Drops what strangers said and who they are when its time is over: the nightly half of TIDY."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from config.clock import Clock
from config.settings import Privacy
from store import authors, heard, holds, journal, keeping, sources
from store.database import Store

KEY: Final = "mentions"
BATCH: Final = 500
EVERY: Final = timedelta(hours=1)
# What is learned of a source's hours, and how long a pushed signature is remembered.
HOURS_KEPT: Final = timedelta(days=30)
PUSHES_KEPT: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Retention:
    """One short transaction per turn; at once again while there is more."""

    store: Store
    clock: Clock
    privacy: Privacy

    def tidy(self) -> datetime:
        """Returns when to look again."""
        now = self.clock()
        with self.store.transaction() as tx:
            heard.alone(tx)
            standing = holds.standing(tx)
            old = keeping.old_mentions(tx, now - self.privacy.mentions, standing, BATCH)
            keeping.remove_mentions(tx, old)
            names = keeping.old_authors(tx, now - self.privacy.authors, standing, BATCH)
            authors.forget(tx, names)
            snapshots = keeping.remove_snapshots(tx, now - self.privacy.evidence, standing)
            keeping.clear_excerpts(tx, now - self.privacy.excerpts, standing)
            sources.forget_hours(tx, now - HOURS_KEPT)
            keeping.remove_pushes(tx, now - PUSHES_KEPT)
            if old or names or snapshots:
                detail = {"mentions": len(old), "authors": len(names), "snapshots": snapshots}
                journal.write(tx, now, "system", "retention", "privacy", "their time is over", detail)
        return now if len(old) == BATCH or len(names) == BATCH else now + EVERY
