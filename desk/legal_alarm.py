"""Tells legal what the law wants done: when it is due at once, when a quarter of its time is left, when it is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.calling import Caller, Notice
from alerts.neutral import neutral
from config.clock import Clock
from config.errors import SettingsError
from config.settings import Settings
from config.taxonomy import Taxonomy
from desk.runner import Work
from desk.words import word
from statements.law.legal_clocks import LegalClock, next_look, told
from statements.law.legal_marking import LegalDesk
from statements.writing.speaking import Speaking
from store import agenda, incidents
from store.agenda import Job
from store.database import Store, Tx
from store.incidents import OPEN
from store.nouns import Incident


@dataclass(frozen=True, slots=True)
class LegalAlarm:
    """The LEGAL job: the regulatory clocks of one incident, until every one of them is settled."""

    store: Store
    clock: Clock
    legal: LegalDesk
    settings: Settings
    caller: Caller

    def look(self, incident_id: str) -> datetime | None:
        """Returns when to look again; None once the incident is over or nothing is left to do."""
        now = self.clock()
        with self.store.transaction() as tx:
            incident = incidents.get(tx, incident_id)
            if incident is None or incident.status not in OPEN:
                return None
            found = self.legal.read(tx, (self.settings.legal_clocks, self.settings.calendar), incident, now)
            for (why, at), clocks in _at_one_moment(told(found)).items():
                notice = self._notice(incident, why, at, clocks)
                self.caller.notify(tx, self._people(tx, incident, now), notice, now)
        return next_look(found, now)

    def _people(self, tx: Tx, incident: Incident, now: datetime) -> list[str]:
        """Legal; where the team has nobody of legal, whoever leads."""
        found = self.caller.people(["legal"], now, tx) or self.caller.people(["lead"], now, tx)
        return list(dict.fromkeys([*found, *([incident.owner] if incident.owner else [])]))

    def _notice(self, incident: Incident, why: str, at: datetime, clocks: Sequence[LegalClock]) -> Notice:
        turn = f"{incident.id}:{at.isoformat()}"
        zh, en = (self._words(incident, why, clocks, lang) for lang in ("zh", "en"))
        return Notice(f"legal_{why}", turn, incident.level, zh, en, incident.id)

    def _words(self, incident: Incident, why: str, clocks: Sequence[LegalClock], lang: str) -> tuple[str, str]:
        level, title = word(f"level_{incident.level}", lang), neutral(incident.title, 24)
        head = word(f"leg_page_{why}", lang, level=level, title=title, n=len(clocks))
        lines = [f"#{incident.number} {neutral(incident.title, 60)}"]
        for one in clocks:
            line = one.line
            said = line.zh if lang == "zh" else line.en
            checked = "" if line.verified else word("leg_unverified_short", lang)
            lines.append(f"- {line.rule} {line.article}{checked}｜{self._due(one, lang)}｜{said}")
        lines += [word("leg_page_help", lang), f"{self.caller.links.base_url}/incidents/{incident.number}/legal"]
        return head, "\n".join(lines)

    def _due(self, one: LegalClock, lang: str) -> str:
        if one.due_at is None or not one.started_limit:
            return word("leg_at_once", lang)
        return word("leg_due_at", lang, at=f"{one.due_at.astimezone(self.caller.zone):%m-%d %H:%M}")


def legal_work(settings: Settings, store: Store, clock: Clock, caller: Caller, speaking: Speaking) -> Work:
    """The LEGAL job around an open store; SettingsError when a line speaks of a category nobody knows."""
    if wrong := legal_faults(settings, speaking.taxonomy):
        raise SettingsError(wrong)
    return {Job.LEGAL: LegalAlarm(store, clock, LegalDesk(caller.ids, speaking), settings, caller).look}


def legal_faults(settings: Settings, taxonomy: Taxonomy) -> list[str]:
    """Lines of legal_clocks.toml whose category the taxonomy does not have."""
    return settings.legal_clocks.unknown_categories([one.id for one in taxonomy.categories])


def promise_legal(tx: Tx, now: datetime) -> None:
    """Incidents that were open before this version ran get their regulatory clocks too (idempotent)."""
    for incident in incidents.listed(tx, open_only=True):
        agenda.promise(tx, Job.LEGAL, incident.id, now)


def _at_one_moment(found: Sequence[tuple[LegalClock, str]]) -> dict[tuple[str, datetime], list[LegalClock]]:
    """What is to be told, by what and since when: one page for all lines of one moment, said once."""
    groups: dict[tuple[str, datetime], list[LegalClock]] = {}
    for one, why in found:
        at = one.due_at if why == "due" else one.warn_at
        if at is not None:
            groups.setdefault((why, at), []).append(one)
    return groups
