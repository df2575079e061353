"""The brands that are watched, the words that make a mention theirs, and which version of those words counts."""

from dataclasses import dataclass

from starlette.responses import Response

from config.watch import Brand
from desk import access
from desk.screens.door import Ask
from desk.screens.frame import show
from desk.screens.saved import EDITORS
from monitor.in_force.brand_words import body_of, size_of
from store import versions
from store.nouns import Version, VersionKind

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Row:
    """A brand as it counts now; `version` None while the file counts."""

    brand: Brand
    version: Version | None
    words: tuple[str, ...]
    count: int


def show_brands(ask: Ask) -> Response:
    """In the order of the file."""
    with ask.room.store.reading() as tx:
        rules = ask.room.in_force(tx)
        saved = versions.all_current(tx, VersionKind.BRAND)
    return show(
        ask,
        "brand_list.html",
        rows=[_row(one, saved.get(one.id)) for one in rules.brands.values()],
        faults={one.subject: str(one) for one in rules.faults if one.kind == VersionKind.BRAND},
        may=access.may(ask.person, *EDITORS),
    )


def _row(brand: Brand, version: Version | None) -> Row:
    named = (*brand.any, *brand.aliases, *brand.all)
    return Row(brand, version, named[:SHOWN], size_of(body_of(brand)))
