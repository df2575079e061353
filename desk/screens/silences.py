"""What is quiet on purpose, by whom and until when: silences and planned campaigns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from starlette.responses import Response

from alerts import spells as rules
from alerts.spells import Asked
from config.errors import AccessError
from config.team import Person
from desk import access
from desk.screens.door import Ask, go
from desk.screens.fields import brand_of, category_of, choice, level_of, moment_of, moment_or_now
from desk.screens.frame import chosen_brand, show
from store import incidents, spells
from store.database import Tx
from store.nouns import Incident, Level, Paging, Spell, Window

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOURS = (1, 2, 4, 8, 12, 24)
FACTORS = (1.5, 2.0, 3.0, 4.0, 5.0)
PAST, AHEAD = timedelta(days=7), timedelta(days=75)
DONE = ("silence", "campaign", "ended")


@dataclass(frozen=True, slots=True)
class Quiet:
    """One silence or campaign: its words, what it holds back at this moment, and whether the reader may end it."""

    spell: Spell
    name: str
    reason: str
    holds: tuple[Incident, ...]
    may_end: bool


def show_silences(ask: Ask) -> Response:
    """Active first, then what is planned, the forms, and what was over lately."""
    with ask.room.store.reading() as tx:
        known = [
            one
            for kind in (Window.SILENCE, Window.CAMPAIGN)
            for one in spells.between(tx, kind, ask.now - PAST, ask.now + AHEAD)
        ]
        held = [one for one in incidents.listed(tx, open_only=True) if one.paging == Paging.SILENCED]
        numbers = _above(tx, held)
    known.sort(key=lambda one: (one.since, one.id))
    may_set = access.may(ask.person, *rules.SETTERS)
    return show(
        ask,
        "silences.html",
        active=[_quiet(one, held, ask.person) for one in known if one.covers(ask.now)],
        planned=[_quiet(one, held, ask.person) for one in known if one.since > ask.now and not one.ended_at],
        over=[_quiet(one, (), ask.person) for one in reversed(known) if one.lasts_until <= ask.now],
        beside=[(one, numbers[one.id]) for one in held if one.id in numbers],
        may_set=may_set,
        levels=_levels(ask.person),
        hours=HOURS,
        factors=FACTORS,
        topics=[one.id for one in ask.room.taxonomy.categories],
        brand=chosen_brand(ask),
        done=ask.query("done") if ask.query("done") in DONE else "",
    )


def set_silence(ask: Ask) -> Response:
    """Hold back calls of one brand for some hours."""
    brand, person = brand_of(ask), person_of(ask)
    topic = category_of(ask)
    level = level_of(ask)
    since = moment_or_now(ask, "since")
    hours = int(choice(ask, "hours", [str(one) for one in HOURS]))
    asked = Asked(since, since + hours * HOUR, ask.field("reason"))
    with ask.room.store.transaction() as tx:
        rules.add_silence(tx, ask.room.ids, person, brand, topic, level, asked, ask.now)
    return go("/silences?done=silence")


def set_campaign(ask: Ask) -> Response:
    """Expect more volume of one brand for some days."""
    brand, person = brand_of(ask), person_of(ask)
    factor = float(choice(ask, "factor", [f"{one:g}" for one in FACTORS]))
    since = moment_or_now(ask, "since")
    asked = Asked(since, moment_of(ask, ask.field("until")), ask.field("reason"))
    with ask.room.store.transaction() as tx:
        rules.add_campaign(tx, ask.room.ids, person, brand, ask.field("name"), factor, asked, ask.now)
    return go("/silences?done=campaign")


def end_spell(ask: Ask) -> Response:
    """End a silence, campaign, override or absence before its time; back to the screen it stands on."""
    with ask.room.store.transaction() as tx:
        ended = rules.end(tx, str(ask.request.path_params["spell"])[:32], person_of(ask), ask.now)
    here = "/silences" if ended.kind in (Window.SILENCE, Window.CAMPAIGN) else "/people"
    return go(f"{here}?done=ended")


def _quiet(spell: Spell, held: Sequence[Incident], reader: Person | None) -> Quiet:
    name, reason = rules.name_of(spell) if spell.kind == Window.CAMPAIGN else ("", spell.reason)
    holds = tuple(one for one in held if one.hushed == f"silence:{spell.id}")
    return Quiet(spell, name, reason, holds, reader is not None and rules.may_end(spell, reader))


def _above(tx: Tx, held: Sequence[Incident]) -> dict[str, Incident]:
    """Incident id → the graver incident beside which it is not called for."""
    found = {one.id: incidents.get(tx, one.hushed.partition(":")[2]) for one in held if one.hushed[:9] == "incident:"}
    return {key: one for key, one in found.items() if one}


def _levels(reader: Person | None) -> list[Level]:
    """The highest level a silence of this reader may hold back, the usual one first."""
    more = [Level.ORANGE, Level.RED] if access.may(reader, "lead") else []
    return [Level.YELLOW, Level.BLUE, *more]


def person_of(ask: Ask) -> Person:
    """Who is signed in."""
    if ask.person is None:
        raise AccessError("Sign in first.")
    return ask.person
