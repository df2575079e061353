"""Plays the crisis team: takes the incident from a mail link, notes facts, edits, approves, posts, resolves."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from alerts import acks, moves
from config.errors import GoldenHourError
from desk.demo.mailbox import Letter
from desk.demo.stage import Stage
from statements import moments
from statements.fact_log import NewFact
from statements.release import Edit, Post
from store import incidents, texts
from store.database import Tx
from store.nouns import Draft, FactScope, FactStatus, Incident, IncidentStatus, Paging

LANGS = {"zh": "weibo", "en": "x"}
_LINK = re.compile(r"https?://\S+/ack/(\S+)")
_DEADLINE = {
    "zh": re.compile(r"下一次更新：[^，]*"),
    "en": re.compile(r"Next update: [^,]*"),
}
# Minutes after the incident was seen at which each thing is done.
ACK_AFTER = timedelta(minutes=2)
PLAN = (("facts", 9), ("edit", 16), ("approve", 28), ("publish", 33), ("update", 55), ("resolve", 150))


@dataclass
class People:
    """Does what is due at each step of the clock; what a rule refuses is kept in `refused`, never hidden."""

    stage: Stage
    done: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def act(self, now: datetime) -> None:
        """One look at every open incident."""
        with self.stage.store.reading() as tx:
            found = incidents.listed(tx, open_only=True)
        for incident in found:
            calling = incident.paging in (Paging.PAGING, Paging.ACK_EXPIRED)
            if calling and incident.paging_since and now >= incident.paging_since + ACK_AFTER:
                self._try("ack", incident, now)
            place = self.done.get(incident.id, 0)
            while place < len(PLAN) and now >= incident.detected_at + timedelta(minutes=PLAN[place][1]):
                if not self._try(PLAN[place][0], incident, now):
                    break
                place += 1
                self.done[incident.id] = place

    def _try(self, deed: str, incident: Incident, now: datetime) -> bool:
        try:
            with self.stage.store.transaction() as tx:
                return bool(getattr(self, f"_{deed}")(tx, incident, now))
        except GoldenHourError as error:
            self.refused.append(f"{deed}: {error}")
            return True

    def _ack(self, tx: Tx, incident: Incident, now: datetime) -> bool:
        """Opens the newest mail about it and taps the link, as that person."""
        for letter in reversed(self.stage.mailbox.letters()):
            link = self._link(letter, now)
            if link and link[0] == incident.id:
                acks.acknowledge(tx, incident.id, link[1], "link", now)
                return True
        return False

    def _link(self, letter: Letter, now: datetime) -> tuple[str, str] | None:
        found = _LINK.search(letter.body)
        if not found:
            return None
        link = self.stage.house.links.read(found[1], now)
        return link.incident, link.person

    def _facts(self, tx: Tx, incident: Incident, now: datetime) -> bool:
        at = moments.hour(now - timedelta(minutes=1), self._zone.key)
        for slot, zh, en, status in (
            (
                "done",
                f"我们已于{at}成立专项小组，由总部负责人直接核实",
                f"At {at} a task force led by headquarters began to check the reports",
                FactStatus.CONFIRMED,
            ),
            (
                "unknown",
                "网上反映的情况的原因和范围",
                "the cause and the extent of what was reported",
                FactStatus.UNKNOWN,
            ),
            (
                "action",
                "受到影响的顾客可以凭订单或实物联系我们，我们逐件答复",
                "Customers concerned can contact us with the order or the item; each message is answered",
                FactStatus.CONFIRMED,
            ),
        ):
            new = NewFact(slot, zh, en, status, FactScope.PUBLIC, source="总部值班", evidence="值班记录")
            self.stage.house.release.add_fact(tx, incident.id, new, "li", now)
        return True

    def _edit(self, tx: Tx, incident: Incident, now: datetime) -> bool:
        for lang, words in (("zh", "感谢提出问题的顾客。"), ("en", "We thank the customers who raised this.")):
            draft = self._latest(tx, incident, lang)
            lines = draft.body.splitlines()
            body = "\n".join([*lines[:3], words, *lines[3:]])
            self.stage.house.release.save(tx, Edit(incident.id, "holding", lang, body, draft.version), "li", now)
        return True

    def _approve(self, tx: Tx, incident: Incident, now: datetime) -> bool:
        for lang in LANGS:
            draft = self._latest(tx, incident, lang)
            self.stage.house.release.approve(tx, draft.id, draft.sha256, self._speaker, now)
        return True

    def _publish(self, tx: Tx, incident: Incident, now: datetime) -> bool:
        for lang, platform in LANGS.items():
            draft = self._latest(tx, incident, lang)
            post = Post(platform, f"https://{platform}.example/{incident.number}/{draft.version}", now)
            self.stage.house.release.publish(tx, draft.id, post, self._speaker, now)
        return True

    def _update(self, tx: Tx, incident: Incident, now: datetime) -> bool:
        """The promised update: the next deadline is tomorrow morning, then approved and posted like the first."""
        tomorrow = (now.astimezone(self._zone) + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
        for lang in LANGS:
            draft = self._latest(tx, incident, lang)
            said = moments.deadline(tomorrow, now, self._zone.key, lang)
            line = f"下一次更新：{said}" if lang == "zh" else f"Next update: {said}"
            body = _DEADLINE[lang].sub(line, draft.body, count=1)
            self.stage.house.release.save(tx, Edit(incident.id, "holding", lang, body, draft.version), "li", now)
        return self._approve(tx, incident, now) and self._publish(tx, incident, now)

    def _resolve(self, tx: Tx, incident: Incident, now: datetime) -> bool:
        found = incidents.get(tx, incident.id)
        if found and found.status == IncidentStatus.OPEN:
            moves.resolve(tx, incident.id, "wang", "声量回落，承诺的更新已发布", now)
        return True

    def _latest(self, tx: Tx, incident: Incident, lang: str) -> Draft:
        found = texts.latest(tx, incident.id, "holding", lang)
        if found is None:
            raise GoldenHourError(f"no draft in {lang} yet")
        return found

    @property
    def _speaker(self) -> str:
        return self.stage.settings.team.spokesperson

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.stage.settings.service.zone)
