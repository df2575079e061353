"""One crisis whose facts are gathered: people write, time passes, the jobs of texts and of the law run when due."""

from datetime import timedelta
from itertools import count

from sqlalchemy import text as sql

from alerts.calling import Caller
from alerts.links import Links
from config.load import load
from config.settings import Settings
from desk.asking import Asking
from desk.legal_alarm import LegalAlarm, promise_legal
from statements.approving.release import Edit, Release
from statements.jobs import Statements
from statements.known.claim_board import ClaimBoard, NewClaim
from statements.known.fact_log import NewFact
from statements.law.legal_marking import LegalDesk
from statements.rules.wording import load_wording
from store import agenda, claims, facts, incidents, journal, pages, texts
from store.agenda import Job
from store.fact_chain import broken_at
from store.incidents import subject
from store.nouns import ClaimKind, ClaimStatus, FactScope, FactStatus, LegalMark, Level, LevelChange
from tests.statements.room import CONFIG, NOW, ZONE, incident, speaking

MINUTE = timedelta(minutes=1)


class Gathering:
    """`id` is the incident; verbs act at the clock's moment in a transaction of their own."""

    def __init__(self, store, clock, level=Level.RED, category="food_safety", **changes):
        numbers = count(1)
        self.ids = lambda: f"{next(numbers):032x}"
        self.store, self.clock = store, clock
        clock.forward(NOW)
        self.settings: Settings = load(CONFIG, {})
        says = speaking()
        self.release = Release(self.ids, says, load_wording())
        self.board = ClaimBoard(self.ids, says)
        self.legal = LegalDesk(self.ids, says)
        caller = Caller(says.team, Links("http://desk.test", "key", timedelta(hours=1)), ZONE, self.ids)
        self.jobs = {
            Job.TEXT: Asking(store, clock, self.release, caller, "http://desk.test").look,
            Job.LEGAL: LegalAlarm(store, clock, self.legal, self.settings, caller).look,
        }
        self.house = Statements(store, clock, self.ids, says)
        made = incident(category, **{"level": level, "owner": "li"} | changes)
        self.id = made.id
        with store.transaction() as tx:
            incidents.add(tx, made)
            incidents.note_level(tx, LevelChange(made.id, made.detected_at, level, "有人就医", "system"))

    def add(self, zh, who="li", **fields):
        with self.store.transaction() as tx:
            return self.release.add_fact(tx, self.id, self._new(zh, fields), who, self.clock())

    def change(self, label, zh, who="li", **fields):
        with self.store.transaction() as tx:
            return self.release.change_fact(tx, self.id, label, self._new(zh, fields), who, self.clock())

    def do(self, verb, *said):
        """A verb of facts and texts that begins with the incident and ends with (who, now)."""
        with self.store.transaction() as tx:
            return getattr(self.release, verb)(tx, self.id, *said, self.clock())

    def claim(self, said, status=ClaimStatus.UNKNOWN, who="li", kind=ClaimKind.FACT, **fields):
        with self.store.transaction() as tx:
            return self.board.keep_claim(tx, self.id, NewClaim(said, kind, status, **fields), who, self.clock())

    def attribute(self, said):
        with self.store.transaction() as tx:
            return self.board.attribute(tx, self.id, said, self.clock())

    def save(self, body, based_on, who="li"):
        with self.store.transaction() as tx:
            return self.release.save(tx, Edit(self.id, "holding", "zh", body, based_on), who, self.clock())

    def mark(self, line, state, how, who="zhou", at=None):
        said = LegalMark("", self.id, line, state, at or self.clock(), how, who, self.clock())
        with self.store.transaction() as tx:
            return self.legal.mark(tx, self.id, said, self.settings.legal_clocks, self.clock())

    def clocks(self):
        """Regulatory clocks by the id of their line."""
        with self.store.reading() as tx:
            given = (self.settings.legal_clocks, self.settings.calendar)
            found = self.legal.read(tx, given, incidents.get(tx, self.id), self.clock())
        return {one.line.id: one for one in found}

    @property
    def facts(self):
        with self.store.reading() as tx:
            return {one.label: one for one in facts.current(tx, self.id)}

    @property
    def claims(self):
        with self.store.reading() as tx:
            return {one.label: one for one in claims.current(tx, self.id)}

    @property
    def text(self):
        with self.store.reading() as tx:
            return texts.latest(tx, self.id, "holding", "zh")

    @property
    def broken(self):
        with self.store.reading() as tx:
            return broken_at(facts.history(tx, self.id))

    def tamper(self, statement, **values):
        """What somebody does who has the database and not the service."""
        with self.store.transaction() as tx:
            tx.execute(sql(statement), values)

    def begin_legal(self):
        with self.store.transaction() as tx:
            promise_legal(tx, self.clock())

    def pass_time(self, length):
        """Run both jobs whenever they are due until `length` has passed."""
        until = self.clock() + length
        while True:
            with self.store.transaction() as tx:
                tasks = agenda.claim(tx, self.clock(), 8, MINUTE, self.ids, tuple(self.jobs))
            for task in tasks:
                again_at = self.jobs[task.job](task.key)
                with self.store.transaction() as tx:
                    agenda.finish(tx, task, again_at)
            if not tasks:
                with self.store.reading() as tx:
                    waiting = agenda.waiting(tx)
                due = [at for key, at in waiting.items() if key.split(":")[0] in [one.value for one in self.jobs]]
                ahead = min((at for at in due if at <= until), default=None)
                if ahead is None:
                    break
                self.clock.forward(ahead)
        self.clock.forward(until)

    def paged(self, reason):
        """(person, subject) of each page of a reason, once a person."""
        with self.store.reading() as tx:
            found = [one for one in pages.of_incident(tx, self.id) if one.reason == reason]
        return list(dict.fromkeys((one.person, one.subject) for one in found))

    def bodies(self, reason):
        with self.store.reading() as tx:
            return [one.body for one in pages.of_incident(tx, self.id) if one.reason == reason]

    def deeds(self):
        with self.store.reading() as tx:
            return [one.what for one in journal.entries(tx, subject(self.id))]

    def _new(self, zh, fields):
        usual = {"slot": "done", "en": "", "status": FactStatus.UNVERIFIED, "scope": FactScope.PUBLIC, "source": "店长"}
        return NewFact(zh=zh, **usual | fields)
