"""Turns "these people must know" into page rows, inside the transaction that causes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.channels.registry import CHANNELS
from alerts.links import Links
from alerts.neutral import neutral
from alerts.oncall import Absence, Override, called
from alerts.replies import code_of
from alerts.wording import SUBJECT_LIMIT, Told, body, subject
from config.clock import Ids
from config.settings import Team
from config.team import Endpoint, Person
from store import mentions, pages, spells
from store.database import Tx
from store.endpoints import key_of
from store.nouns import Incident, Level, Page, PageStatus, Window

# How somebody who uses the link of a page came by it; rooms and apps are "chat".
ROADS = {"email": "link", "webhook": "link", "twilio_sms": "sms", "aliyun_sms": "sms", "twilio_voice": "voice"}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who can be called and how pages are worded and linked."""

    team: Team
    links: Links
    zone: ZoneInfo
    ids: Ids

    def people(self, duties: Iterable[str], at: datetime, tx: Tx | None = None) -> list[str]:
        """Person ids behind duties and roles at a moment, each once, in order.

        Overrides and absences are read with `tx`; without one (the store is away) the rota stands as it is written.
        """
        overrides = spells.at(tx, Window.OVERRIDE, at) if tx else []
        absences = spells.at(tx, Window.ABSENCE, at) if tx else []
        set_ = [Override(one.duty, one.person, one.since, one.lasts_until) for one in overrides]
        away = [Absence(one.person, one.since, one.lasts_until) for one in absences]
        found: dict[str, None] = {}
        for duty in duties:
            for person in called(self.team, duty, at, self.zone, set_, away):
                found[person] = None
        return list(found)

    def call(self, tx: Tx, incident: Incident, people: Iterable[str], why: "Why", now: datetime) -> int:
        """Write pages for these people; orange and red go out on two channels at once. Returns new pages."""
        channels = 2 if incident.level.rank >= Level.ORANGE.rank or why.reason == "exhausted" else 1
        known = mentions.of_incident(tx, incident.id, incident.brand)
        told = Told(incident, known, now, self.zone, why.extra)
        new = 0
        for person_id in people:
            person = self.team.find(person_id)
            if person:
                new += sum(pages.add(tx, self._page(told, person, one, why)) for one in person.endpoint[:channels])
        return new

    def notify(self, tx: Tx, people: Iterable[str], notice: "Notice", now: datetime, *, not_over: str = "") -> int:
        """Write pages that are about the service itself, over every way these people have (but one channel, when
        it is the trouble). Returns new pages."""
        new = 0
        for person in (found for one in people if (found := self.team.find(one))):
            for endpoint in person.endpoint:
                if endpoint.channel != not_over:
                    new += pages.add(tx, notice_page(person, endpoint, notice, self.ids(), now))
        return new

    def fall_back(self, tx: Tx, page: Page, now: datetime) -> bool:
        """The person's next endpoint not tried for this call; False when there is none left."""
        if page.reason == "proof":
            # A code proves the very address it was sent to.
            return False
        person = self.team.find(page.person)
        stem, _, _ = page.idempotency.rpartition(":")
        for endpoint in person.endpoint if person else ():
            page_id = self.ids()
            found = Page(
                **{name: getattr(page, name) for name in Page.__dataclass_fields__}
                | {
                    "id": page_id,
                    "channel": endpoint.channel,
                    "address": endpoint.address,
                    "idempotency": f"{stem}:{key_of(endpoint.channel, endpoint.address)}",
                    "status": PageStatus.WAITING,
                    "created_at": now,
                    "code": "",
                    "tries": 0,
                    "reply": self._reply(endpoint.channel, page_id),
                    # A copy of a digest carries what the first one did, and nothing more.
                    "begun_at": now if page.reason == "digest" else None,
                }
            )
            if pages.add(tx, found):
                return True
        return False

    def _page(self, told: Told, person: Person, endpoint: Endpoint, why: "Why") -> Page:
        incident = told.incident
        link = self.links.make(incident.id, person.id, told.now, ROADS.get(endpoint.channel, "chat"))
        way, page_id = key_of(endpoint.channel, endpoint.address), self.ids()
        return Page(
            id=page_id,
            incident=incident.id,
            person=person.id,
            channel=endpoint.channel,
            address=endpoint.address,
            reason=why.reason,
            subject=subject(told, why.reason, person.language),
            body=body(told, why.reason, person.language, link),
            link=link,
            level=incident.level,
            idempotency=f"{incident.id}:{why.reason}:{why.turn}:{person.id}:{way}",
            status=PageStatus.WAITING,
            created_at=told.now,
            step=why.step,
            reply=self._reply(endpoint.channel, page_id),
        )

    def _reply(self, channel: str, page_id: str) -> str:
        return code_of(page_id) if CHANNELS[channel].replies else ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A page that is about the service, not about an incident. `zh` and `en` are (first line, whole text).

    `turn` makes it unique: the same reason and turn never page a person twice. Quoted text must be neutral already.
    """

    reason: str
    turn: str
    level: Level
    zh: tuple[str, str]
    en: tuple[str, str]
    incident: str = ""


def notice_page(person: Person, endpoint: Endpoint, notice: Notice, page_id: str, now: datetime) -> Page:
    """The page that carries a notice to one person over one way (pure)."""
    head, words = notice.zh if person.language == "zh" else notice.en
    return Page(
        id=page_id,
        incident=notice.incident,
        person=person.id,
        channel=endpoint.channel,
        address=endpoint.address,
        reason=notice.reason,
        subject=neutral(head, SUBJECT_LIMIT),
        body=words,
        link="",
        level=notice.level,
        idempotency=f"{notice.reason}:{notice.turn}:{person.id}:{key_of(endpoint.channel, endpoint.address)}",
        status=PageStatus.WAITING,
        created_at=now,
    )


@dataclass(frozen=True, slots=True)
class Why:
    """Why people are called. `turn` makes the call unique: the same turn never pages a person twice."""

    reason: str
    turn: str
    step: int = -1
    extra: str = ""
