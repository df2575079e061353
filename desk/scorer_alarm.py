"""Tells ops when the scorer is stood in for or saved words cannot be used: that must not go unnoticed."""

from dataclasses import dataclass
from datetime import datetime

from alerts.calling import Caller
from config.clock import Clock
from desk import notices
from monitor.guessing import Scorer
from monitor.judging_job import Judging
from store import journal
from store.database import Store, Tx

SUBJECT = "service:scorer"
LOST, BACK = "scorer_lost", "scorer_back"
WORDS, UNUSABLE = "service:words", "words_unusable"


@dataclass(frozen=True, slots=True)
class WatchedJudging:
    """The JUDGE job with a look at who answered; the journal remembers what ops were told, for every process."""

    judging: Judging
    store: Store
    clock: Clock
    caller: Caller

    def judge(self, key: str) -> datetime | None:
        """As Judging.judge; afterwards ops hear of a change."""
        again = self.judging.judge(key)
        self._look(self.judging.scorer)
        self._look_at_words()
        return again

    def _look_at_words(self) -> None:
        """Ops hear once of every saved version that cannot be used."""
        with self.store.reading() as tx:
            faults = [str(one) for one in self.judging.counting(tx).faults]
            fresh = _untold(tx, faults) if faults else []
        if not fresh:
            return
        now = self.clock()
        with self.store.transaction() as tx:
            for fault in _untold(tx, fresh):
                journal.write(tx, now, "system", UNUSABLE, WORDS, fault)
                self.caller.notify(tx, self.caller.people(["ops"], now, tx), notices.words(fault), now)

    def _look(self, scorer: Scorer) -> None:
        with self.store.reading() as tx:
            lost = _told(tx) == LOST
        if scorer.degraded == lost:
            return
        now = self.clock()
        with self.store.transaction() as tx:
            what = LOST if scorer.degraded else BACK
            if _told(tx) == what:
                return
            journal.write(tx, now, "system", what, SUBJECT, scorer.name)
            notice = notices.scorer(scorer.degraded, scorer.name, now)
            self.caller.notify(tx, self.caller.people(["ops"], now, tx), notice, now)


def _told(tx: Tx) -> str:
    """What ops were told last, "" when they never needed to be."""
    entries = journal.entries(tx, SUBJECT)
    return entries[-1].what if entries else ""


def _untold(tx: Tx, faults: list[str]) -> list[str]:
    told = {entry.why for entry in journal.entries(tx, WORDS)}
    return [one for one in faults if one not in told]
