"""Turns "these people must know" into page rows, inside the transaction that causes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2s
from zoneinfo import ZoneInfo

from alerts.links import Links
from alerts.oncall import called
from alerts.wording import Told, body, subject
from config.clock import Ids
from config.settings import Team
from config.team import Endpoint, Person
from store import mentions, pages
from store.database import Tx
from store.nouns import Incident, Level, Page, PageStatus


@dataclass(frozen=True, slots=True)
class Caller:
    """Who can be called and how pages are worded and linked."""

    team: Team
    links: Links
    zone: ZoneInfo
    ids: Ids

    def people(self, duties: Iterable[str], at: datetime) -> list[str]:
        """Person ids behind duties and roles at a moment, each once, in order."""
        found: dict[str, None] = {}
        for duty in duties:
            for person in called(self.team, duty, at, self.zone):
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

    def fall_back(self, tx: Tx, page: Page, now: datetime) -> bool:
        """The person's next endpoint not tried for this call; False when there is none left."""
        person = self.team.find(page.person)
        stem, _, _ = page.idempotency.rpartition(":")
        for endpoint in person.endpoint if person else ():
            found = Page(
                **{name: getattr(page, name) for name in Page.__dataclass_fields__}
                | {
                    "id": self.ids(),
                    "channel": endpoint.channel,
                    "address": endpoint.address,
                    "idempotency": f"{stem}:{_tag(endpoint)}",
                    "status": PageStatus.WAITING,
                    "created_at": now,
                    "code": "",
                    "tries": 0,
                }
            )
            if pages.add(tx, found):
                return True
        return False

    def _page(self, told: Told, person: Person, endpoint: Endpoint, why: "Why") -> Page:
        incident = told.incident
        link = self.links.make(incident.id, person.id, told.now)
        return Page(
            id=self.ids(),
            incident=incident.id,
            person=person.id,
            channel=endpoint.channel,
            address=endpoint.address,
            reason=why.reason,
            subject=subject(told, why.reason, person.language),
            body=body(told, why.reason, person.language, link),
            link=link,
            level=incident.level,
            idempotency=f"{incident.id}:{why.reason}:{why.turn}:{person.id}:{_tag(endpoint)}",
            status=PageStatus.WAITING,
            created_at=told.now,
            step=why.step,
        )


@dataclass(frozen=True, slots=True)
class Why:
    """Why people are called. `turn` makes the call unique: the same turn never pages a person twice."""

    reason: str
    turn: str
    step: int = -1
    extra: str = ""


def _tag(endpoint: Endpoint) -> str:
    """A short name of one way: addresses are long, alike at their beginning, and carry the colons keys are split by."""
    return f"{endpoint.channel}-{blake2s(endpoint.address.encode(), digest_size=8).hexdigest()}"
