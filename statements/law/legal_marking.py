"""What people say of a regulatory clock: done (when, how), not applicable (why), or open again."""

from dataclasses import dataclass
from datetime import datetime

from config.calendar import Calendar
from config.errors import AccessError, InputError, MoveError
from config.legal_clocks import LegalClocks
from statements.known.fact_log import FactLog
from statements.law.legal_clocks import LegalClock, clocks
from store import agenda, claims, incidents, journal
from store.agenda import Job
from store.database import Tx
from store.incidents import subject
from store.nouns import Incident, LegalMark

MARKERS = ("legal", "lead", "admin")
SHORTEST, LONGEST = 4, 500
_WORDS = {"done": "legal_clock_done", "not_applicable": "legal_clock_not_applicable", "open": "legal_clock_reopened"}


@dataclass(frozen=True, slots=True)
class LegalDesk(FactLog):
    """Regulatory clocks of incidents as the settings and people's words make them."""

    def read(
        self, tx: Tx, given: tuple[LegalClocks, Calendar], incident: Incident, now: datetime
    ) -> tuple[LegalClock, ...]:
        """The clocks of an incident as they stand now."""
        lines, calendar = given
        levels, marks = incidents.levels(tx, incident.id), claims.marks_of(tx, incident.id)
        return clocks(lines, incident, levels, marks, (now, calendar))

    def mark(self, tx: Tx, incident_id: str, said: LegalMark, lines: LegalClocks, now: datetime) -> LegalMark:
        """Keep a person's word; `said.id` and `said.noted_at` are not looked at."""
        if not set(self.speaking.roles(said.who)) & set(MARKERS):
            raise AccessError(f"Your role may not do this; it takes one of: {', '.join(MARKERS)}.")
        incident = self._incident(tx, incident_id)
        if said.state not in _WORDS:
            raise InputError(f"A regulatory clock is one of: {', '.join(_WORDS)}; not {said.state[:20]!r}.")
        line = next((one for one in lines.of(incident.category) if one.id == said.line), None)
        if line is None:
            raise InputError("There is no such regulatory clock for this incident.")
        how = said.how.strip()
        if not SHORTEST <= len(how) <= LONGEST:
            raise InputError(f"Say how it was done, or why not, in {SHORTEST} to {LONGEST} characters.")
        if said.at > now:
            raise InputError("What was done cannot have been done in the future.")
        before = next((one for one in reversed(claims.marks_of(tx, incident_id)) if one.line == said.line), None)
        if (before.state if before else "open") == said.state:
            raise MoveError("Somebody has marked this regulatory clock already.")
        made = LegalMark(self.ids(), incident_id, line.id, said.state, said.at, how, said.who, now)
        claims.mark(tx, made)
        detail = {"line": line.id, "rule": line.rule, "at": said.at.isoformat()}
        journal.write(tx, now, said.who, _WORDS[said.state], subject(incident_id), how, detail)
        agenda.promise(tx, Job.LEGAL, incident_id, now)
        return made
