"""What the wing knows about the company: who speaks, which contacts may stand in a text, and the context of a draft."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.remedies import SHIPPED, Remedies, load_remedies
from config.settings import Team, Watch
from config.taxonomy import Taxonomy
from statements.writing.render import Context
from store.nouns import Fact, Incident, Level

CADENCE = {Level.RED: timedelta(hours=1), Level.ORANGE: timedelta(hours=2), Level.YELLOW: timedelta(hours=4)}
LANGS = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Speaking:
    """Brand, team, taxonomy and the compensation matrix as texts need them."""

    team: Team
    watch: Watch
    taxonomy: Taxonomy
    zone: ZoneInfo
    remedies: Remedies = field(default_factory=lambda: load_remedies(SHIPPED.parent))

    @property
    def spokespeople(self) -> tuple[str, ...]:
        """The spokesperson first, then the named deputies."""
        return (self.team.spokesperson, *self.team.spokesperson_deputies)

    def roles(self, person: str) -> tuple[str, ...]:
        found = self.team.find(person)
        return found.roles if found else ()

    def context(self, incident: Incident, facts: Sequence[Fact], lang: str, now: datetime, number: int = 1) -> Context:
        """Everything a template may borrow from; the next update is a whole quarter hour within the level's cadence."""
        brand = next((one for one in self.watch.brand if one.id == incident.brand), None)
        return Context(
            brand_name=brand.name if brand else incident.brand,
            company=(brand.company or brand.name) if brand else incident.brand,
            category=incident.category,
            category_name=self.taxonomy.name(incident.category, lang),
            t0=incident.t0,
            detected_at=incident.detected_at,
            now=now,
            number=number,
            facts=tuple(facts),
            contact_phone=self.team.contact.phone,
            contact_email=self.team.contact.email,
            next_update_at=self.next_update(incident, now),
            place=self.team.place if lang == "zh" else "this account",
            zone=self.zone.key,
            lang=lang,
            listed=bool(brand and brand.listed),
        )

    def next_update(self, incident: Incident, now: datetime) -> datetime:
        after = max(now, incident.detected_at) + CADENCE.get(incident.level, timedelta(hours=4))
        quarter = timedelta(minutes=15)
        return after - (after - datetime.min.replace(tzinfo=after.tzinfo)) % quarter
