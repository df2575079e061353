"""Pages people about texts: a yes is asked for, nobody answers, a fact changed, an approved text ran out."""

from dataclasses import dataclass
from datetime import datetime

from alerts.calling import Caller, Notice
from alerts.neutral import neutral
from config.clock import Clock
from desk.words import word
from statements.approving.asking import Call
from statements.approving.release import Release
from store.database import Store


@dataclass(frozen=True, slots=True)
class Asking:
    """The TEXT job: one version of one text, whatever became of it since the job was promised."""

    store: Store
    clock: Clock
    release: Release
    caller: Caller
    base_url: str

    def look(self, draft_id: str) -> datetime | None:
        """Returns when to look again: when the one who is asked has had their time, or a yes runs out."""
        now = self.clock()
        with self.store.transaction() as tx:
            calls, again_at = self.release.look(tx, draft_id, now)
            for call in calls:
                self.caller.notify(tx, call.people, self._notice(call), now)
        return again_at

    def _notice(self, call: Call) -> Notice:
        level = call.incident.level
        return Notice(
            f"text_{call.why}", call.turn, level, self._words(call, "zh"), self._words(call, "en"), call.incident.id
        )

    def _words(self, call: Call, lang: str) -> tuple[str, str]:
        draft, incident = call.draft, call.incident
        title = neutral(incident.title, 60)
        due = f"{call.due_at.astimezone(self.caller.zone):%H:%M}" if call.due_at else ""
        values = {"title": neutral(incident.title, 24), "level": word(f"level_{incident.level}", lang), "due": due}
        head = word(f"apr_page_{call.why}", lang, **values)
        text = word("apr_page_text", lang, kind=word(f"kind_{draft.kind}", lang), n=draft.version)
        help_ = word(f"apr_page_{call.why}_help", lang, due=due)
        where = f"{self.base_url}/incidents/{incident.number}/texts/{draft.kind}/{draft.lang}"
        return head, "\n".join([f"#{incident.number} {title}", text, help_, where])
