"""What every screen may touch, as one frozen record; screens get nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts.links import Links
from config.clock import Clock, Ids
from config.settings import Settings
from config.taxonomy import Taxonomy
from monitor.guessing import Scorer
from monitor.in_force.rules import InForce
from monitor.sources.wire.fetch import Fetcher
from statements.approving.release import Release
from store.database import Store

if TYPE_CHECKING:
    from desk.wiring import House


@dataclass(frozen=True)
class Room:
    """One process's screens. `key` signs links, `secure` asks for HTTPS cookies, `well` tells how the runner does.

    `well()` may hold `beat_age_s`: seconds since the runner last looked at the agenda. `secret` finds a secret by
    name, "" when it is not set. `fetch` reads a source by hand; None where nothing may be read. `taxonomy` is the
    shipped file; what counts of it and of the brands' words now, saved versions included, is `in_force` to say.
    """

    store: Store
    clock: Clock
    ids: Ids
    settings: Settings
    links: Links
    release: Release
    taxonomy: Taxonomy
    in_force: InForce
    scorer: Scorer
    key: str
    secure: bool
    well: Callable[[], dict[str, object]]
    secret: Callable[[str], str] = lambda name: ""
    fetch: Fetcher | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.service.zone)

    def brand_name(self, brand_id: str) -> str:
        """The name people read; the id itself for a brand that is watched no longer."""
        return next((brand.name for brand in self.settings.watch.brand if brand.id == brand_id), brand_id)

    def person_name(self, person_id: str) -> str:
        """The name others read; the id itself for `system` and for people who left."""
        found = self.settings.team.find(person_id)
        return found.name if found else person_id


def room_of(house: "House", last_beat: Callable[[], datetime]) -> Room:
    """The screens' share of a house; `last_beat` tells when its runner last looked at the agenda."""
    clock = house.desk.clock

    def well() -> dict[str, object]:
        return {"beat_age_s": max(0.0, round((clock() - last_beat()).total_seconds(), 1))}

    return Room(
        store=house.desk.store,
        clock=clock,
        ids=house.desk.ids,
        settings=house.settings,
        links=house.links,
        release=house.release,
        taxonomy=house.taxonomy,
        in_force=house.in_force,
        scorer=house.scorer,
        key=house.key,
        secure=house.settings.service.web.secure_cookies,
        well=well,
        secret=house.secret,
        fetch=house.fetch,
    )
