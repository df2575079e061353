"""What do I paste where? One text as every platform's version, counted against its limit, beside the voice it has."""

from dataclasses import dataclass

from starlette.responses import Response

from config.platforms import Platform, Voice
from desk.screens.door import Ask, Handler
from desk.screens.frame import show
from desk.screens.incident import by_number
from desk.screens.trouble import missing
from statements.posting.master import Master, read_master
from statements.posting.variants import Variant, build_variants, same_facts
from statements.writing.preparing import ON_DEMAND
from statements.writing.render import LANGS
from store import texts
from store.database import Tx
from store.nouns import Draft, Incident


@dataclass(frozen=True, slots=True)
class Card:
    """One platform: its version, its limits and voice, and what it does not share with the text (D11)."""

    variant: Variant
    platform: Platform
    voice: Voice
    apart: tuple[str, ...]


def show_variants(ask: Ask) -> Response:
    """A card per platform; what could not be held is named."""
    place = ask.request.path_params
    kind, lang = place["kind"], place["lang"]
    if kind not in ON_DEMAND or lang not in LANGS:
        raise missing()
    with ask.room.store.reading() as tx:
        incident = by_number(ask, tx)
        draft = texts.latest(tx, incident.id, kind, lang)
        shown = cards_of(ask, tx, incident, draft) if draft else ()
    return show(ask, "variants.html", incident=incident, kind=kind, text_lang=lang, draft=draft, cards=shown)


def cards_of(ask: Ask, tx: Tx, incident: Incident, draft: Draft) -> tuple[Card, ...]:
    """Every platform's version of one draft, in the order of platforms.toml."""
    master, platforms = master_of(ask, tx, incident, draft), ask.room.settings.platforms
    made = build_variants(master, platforms)
    return tuple(
        Card(one, platform, platform.zh if ask.lang == "zh" else platform.en, same_facts(master, one))
        for one, platform in ((one, platforms.of(one.platform)) for one in made)
    )


def master_of(ask: Ask, tx: Tx, incident: Incident, draft: Draft) -> Master:
    """The text with the facts it rests on and the verified contacts in it."""
    team = ask.room.release.speaking.team
    named = (ask.room.brand_name(incident.brand), ask.room.taxonomy.name(incident.category, draft.lang))
    found = read_master(
        draft.body,
        draft.lang,
        named=named,
        fact_ids=draft.fact_ids,
        contacts=(team.contact.phone, team.contact.email),
    )
    return found


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("/incidents/{number:int}/texts/{kind}/{lang}/variants", "GET", show_variants),
)
