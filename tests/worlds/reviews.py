"""One orange crisis with its drafts, the people who say yes, and the TEXT job run whenever it is due."""

from datetime import timedelta
from itertools import count

from alerts.calling import Caller
from alerts.links import Links
from desk.asking import Asking
from statements.approving.release import Edit, Post, Release
from statements.jobs import Statements
from statements.known.fact_log import NewFact
from statements.rules.wording import load_wording
from store import agenda, facts, incidents, journal, pages, reviews_asked, texts
from store.agenda import Job
from store.incidents import subject
from store.nouns import Level
from tests.statements.room import NOW, ZONE, good_facts, incident, speaking

ID = incident().id
MINUTE = timedelta(minutes=1)


class Reviews:
    """The people's verbs at the clock's moment; `text` is the newest version of the statement."""

    def __init__(self, store, clock, level=Level.ORANGE, team=None):
        numbers = count(1)
        self.ids = lambda: f"{next(numbers):032x}"
        self.store, self.clock = store, clock
        says = speaking()
        if team:
            object.__setattr__(says, "team", team)
        self.release = Release(self.ids, says, load_wording())
        caller = Caller(says.team, Links("http://desk.test", "key", timedelta(hours=1)), ZONE, self.ids)
        self.job = Asking(store, clock, self.release, caller, "http://desk.test")
        self.house = Statements(store, clock, self.ids, says)
        clock.forward(NOW)
        with store.transaction() as tx:
            incidents.add(tx, incident())
            for one in good_facts():
                new = NewFact(one.slot, one.zh, one.en, one.status, one.scope, one.source, one.evidence)
                self.release.add_fact(tx, ID, new, "li", NOW)
            # On red a fact takes two sources; these were noted before it rose.
            incidents.change(tx, incident(), level=level)
        self.house.draft(ID)

    @property
    def text(self):
        with self.store.reading() as tx:
            return texts.latest(tx, ID, "holding", "zh")

    def do(self, verb, *said, text=None):
        """One verb about the newest version, with the sha256 that was seen."""
        text = text or self.text
        with self.store.transaction() as tx:
            return getattr(self.release, verb)(tx, text.id, text.sha256, *said, self.clock())

    def verb(self, name, *said):
        """One verb that takes no sha256."""
        with self.store.transaction() as tx:
            return getattr(self.release, name)(tx, *said, self.clock())

    def approved(self):
        """The whole way: duty, legal, spokesperson."""
        self.do("hand_in", "chen")
        self.do("approve", "zhou")
        self.do("approve", "zhao")

    def edit(self, body, who="li"):
        with self.store.transaction() as tx:
            now = self.clock()
            return self.release.save(tx, Edit(ID, "holding", "zh", body, self.text.version), who, now)

    def add(self, sentence, who="li"):
        return self.edit(self.text.body.replace("联系我们：", f"{sentence}\n联系我们："), who)

    def post(self, who="zhao"):
        with self.store.transaction() as tx:
            now = self.clock()
            return self.release.publish(tx, self.text.id, Post("weibo", "https://w.example/1", now), who, now)

    def change(self, label, **changes):
        with self.store.transaction() as tx:
            one = next(fact for fact in facts.current(tx, ID) if fact.label == label)
            said = {name: getattr(one, name) for name in NewFact.__dataclass_fields__ if hasattr(one, name)}
            self.release.change_fact(tx, ID, label, NewFact(**{**said, **changes}), "li", self.clock())

    def forward(self, minutes):
        """Time passes; the job runs at every moment it asked for."""
        to = self.clock() + minutes * MINUTE
        while True:
            with self.store.transaction() as tx:
                tasks = agenda.claim(tx, self.clock(), 8, MINUTE, self.ids, (Job.TEXT,))
            for task in tasks:
                again_at = self.job.look(task.key)
                with self.store.transaction() as tx:
                    assert agenda.finish(tx, task, again_at)
            if tasks:
                continue
            due = self._due()
            if due is None or due > to:
                break
            self.clock.forward(due)
        self.clock.forward(to)

    def _due(self):
        with self.store.reading() as tx:
            return min((at for key, at in agenda.waiting(tx).items() if key.startswith("text:")), default=None)

    def asked(self):
        with self.store.reading() as tx:
            return [(one.person, one.answer) for one in reviews_asked.asked_of(tx, [self.text.id])]

    def paged(self):
        with self.store.reading() as tx:
            return [(one.reason, one.person) for one in pages.newest(tx)][::-1]

    def deeds(self):
        with self.store.reading() as tx:
            assert journal.broken_at(tx) is None
            return [one.what for one in journal.entries(tx, subject(ID))]
