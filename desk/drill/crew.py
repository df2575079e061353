"""Plays the people of a drill nobody takes part in: the demo's people, with what only happens in drills."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts import acks
from config.drills import DrillScenario, PlayFact
from desk.demo.people import DEADLINE, LANGS, People, Place
from statements.approving.approval import sha256_of
from statements.approving.release import Edit
from statements.known.fact_log import NewFact
from statements.writing import moments
from store import facts, incidents
from store.database import Tx
from store.nouns import Draft, FactScope, FactStatus, Incident

MINUTE = timedelta(minutes=1)
QUARTER = timedelta(minutes=15)
# An update goes out this long before the promised moment; the next one is promised this long after it.
BEFORE_DUE, NEXT = 10 * MINUTE, 60 * MINUTE
BEFORE_END = 6 * MINUTE


@dataclass
class Crew(People):
    """Follows the scenario's `play`: takes it as whoever is on duty, keeps every promise, posts nowhere."""

    facts: tuple[PlayFact, ...] = ()
    deputy: bool = False
    ends: datetime | None = None
    noted: set[tuple[str, int]] = field(default_factory=set)
    finding: PlayFact | None = None

    def act(self, now: datetime) -> None:
        """What the plan says, then what was found out since, then what was promised."""
        super().act(now)
        with self.stage.store.reading() as tx:
            found = incidents.listed(tx, open_only=False)
            waiting = [one for one in found if one.status in incidents.OPEN and self._promised(tx, one, now)]
        for incident in found:
            for number, fact in enumerate(self.facts):
                if (incident.id, number) not in self.noted and now >= incident.detected_at + fact.at * MINUTE:
                    self.noted.add((incident.id, number))
                    self.finding = fact
                    self._try("found_out", incident, now)
        for incident in waiting:
            self._try("update", incident, now)
        for incident in found:
            if self.ends and now >= self.ends - BEFORE_END and incident.status in incidents.OPEN:
                self._try("resolve", incident, now)

    def _promised(self, tx: Tx, incident: Incident, now: datetime) -> bool:
        open_now = [one for one in facts.promises_of(tx, incident.id) if not (one.kept_at or one.broken_at)]
        return any(now < one.due_at <= now + BEFORE_DUE for one in open_now)

    def _found_out(self, tx: Tx, incident: Incident, now: datetime) -> bool:
        """The newest finding goes into the fact log, with the document that shows it."""
        found = self.finding
        if found:
            new = NewFact(
                found.slot,
                found.zh,
                found.en,
                FactStatus.CONFIRMED,
                FactScope.PUBLIC,
                source="现场负责人",
                evidence="现场照片与检查记录",
                sha256=sha256_of(found.zh),
            )
            self.stage.house.release.add_fact(tx, incident.id, new, "li", now)
        return True

    def _ack(self, tx: Tx, incident: Incident, now: datetime) -> bool:
        """Taps the link of the first mail that reached somebody on duty."""
        for letter in self.stage.mailbox.letters():
            link = self._link(letter, now)
            person = self.stage.settings.team.find(link[1]) if link and link[0] == incident.id else None
            if person and "responder" in person.roles:
                acks.acknowledge(tx, incident.id, person.id, "link", now)
                return True
        return super()._ack(tx, incident, now)

    def _update(self, tx: Tx, incident: Incident, now: datetime) -> bool:
        """What is still being checked, and when there is more: a whole quarter hour about an hour ahead."""
        due = now + NEXT
        due += (datetime.min.replace(tzinfo=due.tzinfo) - due) % QUARTER
        for lang in LANGS:
            draft = self._latest(tx, incident, lang)
            body = self._next_update(draft, moments.deadline(due, now, self._zone.key, lang))
            if body == draft.body:
                body = self._next_update(draft, moments.deadline(due + QUARTER, now, self._zone.key, lang))
            self.stage.house.release.save(tx, Edit(incident.id, "holding", lang, body, draft.version), "li", now)
        return self._approve(tx, incident, now) and self._publish(tx, incident, now)

    def _correct(self, tx: Tx, incident: Incident, now: datetime) -> bool:
        """One fact was wrong: the log is corrected, every text that used it says so, and is posted anew."""
        wrong = next(one for one in facts.current(tx, incident.id) if one.slot == "done")
        zh = wrong.zh.replace("成立专项小组", "收到反映，随后成立专项小组")
        en = wrong.en.replace("a task force", "the report came in, and a task force")
        right = NewFact(
            wrong.slot,
            zh,
            en,
            wrong.status,
            wrong.scope,
            source="现场记录",
            evidence="现场记录与值班记录核对",
            sha256=sha256_of(zh),
        )
        release = self.stage.house.release
        release.change_fact(tx, incident.id, wrong.label, right, "li", now)
        for lang in LANGS:
            draft = self._latest(tx, incident, lang)
            old, new = (wrong.zh, zh) if lang == "zh" else (wrong.en, en)
            body = draft.body.replace(old.rstrip("。."), new.rstrip("。."))
            release.save(tx, Edit(incident.id, "holding", lang, body, draft.version), "li", now)
        return self._approve(tx, incident, now) and self._publish(tx, incident, now)

    def _next_update(self, draft: Draft, said: str) -> str:
        """The text with its next deadline."""
        line = f"下一次更新：{said}" if draft.lang == "zh" else f"Next update: {said}"
        return DEADLINE[draft.lang].sub(line, draft.body, count=1)

    def _address(self, platform: str, incident: Incident, draft: Draft) -> str:
        return f"https://{platform}.invalid/{incident.number}/{draft.version}"

    @property
    def _speaker(self) -> str:
        team = self.stage.settings.team
        return team.spokesperson_deputies[0] if self.deputy and team.spokesperson_deputies else team.spokesperson


def crew_of(stage: Place, scenario: DrillScenario) -> Crew:
    """The people of this scenario."""
    play = scenario.play
    plan = sorted(play.steps.items(), key=lambda one: one[1])
    return Crew(
        stage,
        plan=[(deed, minute) for deed, minute in plan],
        ack_after=timedelta(minutes=play.ack),
        facts=play.facts,
        deputy=play.speaker == "deputy",
        ends=scenario.ends,
    )
