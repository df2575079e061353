"""Plays the crisis team: takes the incident from a mail link, notes facts, edits, approves, posts, resolves."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from alerts import acks
from config.errors import GoldenHourError
from config.settings import Settings
from desk import gate
from desk.demo.letter import Letter
from desk.wiring import House
from statements.approving.approval import sha256_of
from statements.approving.release import Edit, Post
from statements.known.fact_log import NewFact
from statements.looking_back.reviewing import Noted, Reviewing
from statements.writing import moments
from statements.writing.preparing import Preparing
from store import incidents, texts
from store.database import Store, Tx
from store.nouns import Draft, DraftState, FactScope, FactStatus, Incident, IncidentStatus, Paging

LANGS = {"zh": "weibo", "en": "x"}
_LINK = re.compile(r"https?://\S+/ack/(\S+)")
DEADLINE = {
    "zh": re.compile(r"下一次更新：[^，]*"),
    "en": re.compile(r"Next update: [^,]*"),
}
# Minutes after the incident was seen at which each thing is done.
ACK_AFTER = timedelta(minutes=2)
PLAN = (("facts", 9), ("edit", 16), ("approve", 28), ("publish", 33), ("update", 55), ("close", 130), ("resolve", 150))
# A text of the demo promises the next one so long ahead.
NEXT, QUARTER = timedelta(minutes=90), timedelta(minutes=15)


class Letters(Protocol):
    """Where the mails of the team can be read."""

    def letters(self) -> list[Letter]: ...


class Place(Protocol):
    """The house people work in: that of a demo or of a drill."""

    @property
    def settings(self) -> Settings: ...
    @property
    def store(self) -> Store: ...
    @property
    def house(self) -> House: ...
    @property
    def mailbox(self) -> Letters: ...


@dataclass
class People:
    """Does what is due at each step of the clock; what a rule refuses is kept in `refused`, never hidden.

    `plan`: (deed, minutes after the incident was seen), in their order.
    """

    stage: Place
    done: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    plan: Sequence[tuple[str, int]] = PLAN
    ack_after: timedelta = ACK_AFTER

    def act(self, now: datetime) -> None:
        """One look at every open incident."""
        with self.stage.store.reading() as tx:
            found = incidents.listed(tx, open_only=True)
        for incident in found:
            calling = incident.paging in (Paging.PAGING, Paging.ACK_EXPIRED)
            if calling and incident.paging_since and now >= incident.paging_since + self.ack_after:
                self._try("ack", incident, now)
            place = self.done.get(incident.id, 0)
            while place < len(self.plan) and now >= incident.detected_at + timedelta(minutes=self.plan[place][1]):
                if not self._try(self.plan[place][0], incident, now):
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
            # The duty record is a document: its words stand in it as they are, and its hash is kept.
            new = NewFact(
                slot, zh, en, status, FactScope.PUBLIC, source="总部值班", evidence="值班记录", sha256=sha256_of(zh)
            )
            self.stage.house.release.add_fact(tx, incident.id, new, "li", now)
        return True

    def _edit(self, tx: Tx, incident: Incident, now: datetime) -> bool:
        for lang, words in (("zh", "感谢提出问题的顾客。"), ("en", "We thank the customers who raised this.")):
            draft = self._latest(tx, incident, lang)
            lines = draft.body.splitlines()
            body = "\n".join([*lines[:3], words, *lines[3:]])
            self.stage.house.release.save(tx, Edit(incident.id, "holding", lang, body, draft.version), "li", now)
        return True

    def _approve(self, tx: Tx, incident: Incident, now: datetime, kind: str = "holding") -> bool:
        for lang in LANGS:
            draft = self._latest(tx, incident, lang, kind)
            release = self.stage.house.release
            handed_in = release.hand_in(tx, draft.id, draft.sha256, "li", now)
            if handed_in.state is DraftState.LEGAL_REVIEW:
                release.approve(tx, draft.id, draft.sha256, "zhou", now)
            release.approve(tx, draft.id, draft.sha256, self._speaker, now)
        return True

    def _publish(self, tx: Tx, incident: Incident, now: datetime, kind: str = "holding") -> bool:
        for lang, platform in LANGS.items():
            draft = self._latest(tx, incident, lang, kind)
            post = Post(platform, self._address(platform, incident, draft), now)
            self.stage.house.release.publish(tx, draft.id, post, self._speaker, now)
        return True

    def _update(self, tx: Tx, incident: Incident, now: datetime) -> bool:
        """The promised update, with the time of the next one, then approved and posted like the first."""
        after = now + NEXT
        due = after + (datetime.min.replace(tzinfo=after.tzinfo) - after) % QUARTER
        for lang in LANGS:
            draft = self._latest(tx, incident, lang)
            said = moments.deadline(due, now, self._zone.key, lang)
            line = f"下一次更新：{said}" if lang == "zh" else f"Next update: {said}"
            body = DEADLINE[lang].sub(line, draft.body, count=1)
            self.stage.house.release.save(tx, Edit(incident.id, "holding", lang, body, draft.version), "li", now)
        return self._approve(tx, incident, now) and self._publish(tx, incident, now)

    def _close(self, tx: Tx, incident: Incident, now: datetime) -> bool:
        """The last text keeps the last promise: what was done, and that the contacts stay."""
        release = self.stage.house.release
        preparing = Preparing(release.ids, release.speaking)
        for lang in LANGS:
            preparing.prepare(tx, incident.id, ("closing", lang), "li", now)
        return self._approve(tx, incident, now, "closing") and self._publish(tx, incident, now, "closing")

    def _resolve(self, tx: Tx, incident: Incident, now: datetime) -> bool:
        found = incidents.get(tx, incident.id)
        if found and found.status == IncidentStatus.OPEN:
            release = self.stage.house.release
            review = Reviewing(release.ids, release.speaking)
            for noted in (
                Noted("root_cause", "原因还在查，查清后补记", code="unknown"),
                Noted("remedy", "逐件联系并答复", code="running"),
                Noted("scheduled", due_at=now + timedelta(days=3)),
            ):
                review.note(tx, incident.id, noted, "wang", now)
            gate.resolve(tx, found, "wang", "声量回落，承诺的更新已发布", now)
        return True

    def _address(self, platform: str, incident: Incident, draft: Draft) -> str:
        """Where the people of a demo say they posted."""
        return f"https://{platform}.example/{incident.number}/{draft.version}"

    def _latest(self, tx: Tx, incident: Incident, lang: str, kind: str = "holding") -> Draft:
        found = texts.latest(tx, incident.id, kind, lang)
        if found is None:
            raise GoldenHourError(f"no draft in {lang} yet")
        return found

    @property
    def _speaker(self) -> str:
        return self.stage.settings.team.spokesperson

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.stage.settings.service.zone)
