"""The OPINION job: of what the scorer is unsure of, another model is asked. It may raise an alarm, never end one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from config.clock import Clock
from config.errors import InputError, SourceError
from config.mapping import Limits
from monitor.corrections import Marks, after, is_news
from monitor.limiter import Limiter
from monitor.opinion import Opinion, messages, read
from store import agenda, evidence, journal, lookup, triage
from store.agenda import Job
from store.database import Store, Tx
from store.lookup import Found
from store.nouns import Correction, Score
from store.taught import MACHINE

ACCOUNT = "second opinion"
DIFFERS = "opinion"
Ask = Callable[[Sequence[dict[str, str]]], str]


def key_of(brand: str, mention: str) -> str:
    """The agenda's key of one question."""
    return f"{mention}:{brand}"


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """`names`: the words of a brand that are covered. One question, one request; what fails is not asked again."""

    store: Store
    clock: Clock
    ask: Ask
    limiter: Limiter
    limits: Limits
    names: Callable[[Tx, str], Sequence[str]]

    def look(self, key: str) -> datetime | None:
        """Ask about one mention that waits for a person, and note what was said."""
        mention, _, brand = key.partition(":")
        with self.store.reading() as tx:
            found = lookup.of_brand(tx, mention, brand)
            names = self.names(tx, brand)
        if found is None or found.not_us or not found.judged.score.triage:
            return None
        said = found.judged.mention
        try:
            self.limiter.ask(ACCOUNT, self.limits)
            opinion = read(self.ask(messages(said.title, said.text, names)))
        except (InputError, SourceError) as error:
            self._note(found, "opinion_failed", str(error))
            return None
        self._heard(found, opinion)
        return None

    def _heard(self, found: Found, opinion: Opinion) -> None:
        mention, brand, now = found.judged.mention.id, found.judged.brand, self.clock()
        with self.store.transaction() as tx:
            detail = {"brand": brand, "crisis": opinion.crisis}
            journal.write(tx, now, MACHINE, "opinion_given", f"mention:{mention}", opinion.why, detail)
            if opinion.crisis != found.judged.score.crisis:
                triage.differs(tx, mention, brand, DIFFERS)
            if opinion.crisis and not found.judged.score.crisis and self._raise(tx, found, opinion, now):
                agenda.promise(tx, Job.WATCH, brand, now)

    def _raise(self, tx: Tx, found: Found, opinion: Opinion, now: datetime) -> bool:
        """Unless a person spoke before."""
        score = found.judged.score
        said = Correction(0, found.judged.mention.id, found.judged.brand, now, MACHINE, "crisis", opinion.why)
        return evidence.correct(tx, said, lambda words: _marks(score, words))

    def _note(self, found: Found, what: str, why: str) -> None:
        with self.store.transaction() as tx:
            subject = f"mention:{found.judged.mention.id}"
            journal.write(tx, self.clock(), MACHINE, what, subject, why, {"brand": found.judged.brand})


def _marks(score: Score, words: Sequence[str]) -> Marks | None:
    spoken = {"crisis", "not_crisis"} & set(words[:-1])
    return after(score, words) if not spoken and is_news(words[:-1], words[-1]) else None
