"""What people say of us: looked for by words and marks, newest first, the whole question in the address."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from starlette.responses import Response

from desk.screens.door import Ask
from desk.screens.fields import moment_of
from desk.screens.frame import chosen_brand, show
from desk.screens.mention import marked
from desk.screens.quoting import safe_url
from store import lookup, search
from store.lookup import MOST_COUNTED, STATES, Filter, Place
from store.nouns import Klass

SHOWN = 50
SPANS = {"1h": timedelta(hours=1), "24h": timedelta(hours=24), "7d": timedelta(days=7)}
NAMES = ("brand", "q", "platform", "source", "klass", "state", "span", "since", "until", "incident", "edited")


def show_mentions(ask: Ask) -> Response:
    """The address holds the whole question, so that it can be sent to somebody else; `below` is where to go on."""
    given = {name: ask.query(name).strip() for name in NAMES}
    asked = filter_of(ask, given)
    given["brand"] = asked.brand
    with ask.room.store.reading() as tx:
        # One more than is shown tells whether there is an older part.
        found = lookup.newest(tx, asked, SHOWN + 1, _place(ask.query("below", 120)))
        total = lookup.count(tx, asked)
        within = lookup.incidents_of(tx, [hits[0].judged.mention.id for hits in found])
        platforms, sources = lookup.platforms(tx), lookup.sources(tx)
    shown = found[:SHOWN]
    last = shown[-1][0].judged.mention if len(found) > SHOWN else None
    return show(
        ask,
        "mention_list.html",
        rows=[(hits, marked(hits[0].judged, 400), safe_url(hits[0].judged.mention.url)) for hits in shown],
        within=within,
        total=total,
        most=MOST_COUNTED,
        given=given,
        more=_address(given, Place(last.event_at, last.id)) if last else "",
        below=bool(ask.query("below")),
        top=_address(given),
        narrowed=any(given[name] for name in NAMES if name not in ("brand", "q")),
        asked=any(given[name] for name in NAMES if name != "brand"),
        platforms=platforms,
        sources=sources,
        klasses=[one.value for one in Klass],
        states=STATES,
        spans=tuple(SPANS),
    )


def filter_of(ask: Ask, given: Mapping[str, str]) -> Filter:
    """The question behind the fields; InputError for a time that is none. An unknown brand or mark asks for all."""
    brands = {one.id for one in ask.room.settings.watch.brand}
    brand = given["brand"] if "brand" in ask.request.query_params else chosen_brand(ask)
    since = moment_of(ask, given["since"]) if given["since"] else None
    if since is None and given["span"] in SPANS:
        since = ask.now - SPANS[given["span"]]
    return Filter(
        brand=brand if brand in brands else "",
        words=search.words(given["q"]),
        platform=given["platform"],
        source=given["source"],
        klass=given["klass"],
        state=given["state"] if given["state"] in STATES else "",
        since=since,
        until=moment_of(ask, given["until"]) if given["until"] else None,
        in_incident=bool(given["incident"]),
        edited=bool(given["edited"]),
    )


def _place(text: str) -> Place | None:
    at, _, mention = text.partition("~")
    try:
        return Place(datetime.fromisoformat(at).astimezone(UTC), mention) if mention else None
    except (ValueError, OverflowError):
        return None


def _address(given: Mapping[str, str], below: Place | None = None) -> str:
    kept = {name: value for name, value in given.items() if value}
    # An empty brand is an answer too: all of them, whatever the switch says.
    kept["brand"] = given["brand"]
    if below:
        kept["below"] = f"{below.at.isoformat()}~{below.mention}"
    return "/mentions?" + urlencode(kept)
