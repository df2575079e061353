"""Where do we hear each brand, and what would the lawful road be where we do not? The board."""

from starlette.responses import Response

from desk import access
from desk.coverage import PLATFORMS, Row, coverage
from desk.screens.door import Ask
from desk.screens.frame import chosen_brand, show
from desk.screens.source_list import KEEPERS
from monitor import sourcebook
from store import sources


def show_coverage(ask: Ask) -> Response:
    """Platforms down, brands across; only what is really read now counts."""
    chosen = chosen_brand(ask)
    brands = [one for one in ask.room.settings.watch.brand if chosen in ("", one.id)]
    with ask.room.store.reading() as tx:
        listed = sourcebook.listed(tx, ask.room.settings.watch)
        states = sources.all_states(tx)
    rows = coverage(listed, states, [one.id for one in brands], ask.now)
    return show(
        ask,
        "coverage.html",
        brands=brands,
        rows=[(row, _name(ask, row), _road(row)) for row in rows],
        heard=sum(all(cell.heard for cell in row.cells) for row in rows),
        may_keep=access.may(ask.person, *KEEPERS),
    )


def _name(ask: Ask, row: Row) -> str:
    return ask.word(f"plat_{row.platform}") if row.platform in PLATFORMS else row.platform


def _road(row: Row) -> str:
    """Which word names the lawful road; "" where every brand is wholly heard."""
    if row.whole:
        return ""
    return f"cover_via_{row.platform}" if row.platform in PLATFORMS else "cover_via_other"
