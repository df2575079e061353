"""What people say of us: the newest mentions, by brand and words."""

from starlette.responses import Response

from desk.screens.door import Ask
from desk.screens.frame import chosen_brand, show
from desk.screens.quoting import pieces, safe_url
from store import mentions

SHOWN = 100


def show_mentions(ask: Ask) -> Response:
    """`q` searches title and text; `brand` narrows to one brand for this look only."""
    brands = {one.id for one in ask.room.settings.watch.brand}
    asked = ask.query("brand") if "brand" in ask.request.query_params else chosen_brand(ask)
    brand = asked if asked in brands else ""
    search = ask.query("q").strip()
    with ask.room.store.reading() as tx:
        found = mentions.newest(tx, brand, SHOWN, search)
    rows = [(one, pieces(one, 400), safe_url(one.mention.url)) for one in found]
    return show(ask, "mention_list.html", rows=rows, brand=brand, search=search, shown=SHOWN)
