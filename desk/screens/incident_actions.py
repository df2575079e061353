"""What people do to an incident from its screen: each address is one verb of alerts.acks, moves, merging or opening."""

from collections.abc import Callable
from functools import partial

from starlette.responses import Response

from alerts import acks, merging, moves
from alerts.neutral import neutral
from alerts.opening import Opener, Tip
from alerts.rounds import Rounds
from config.errors import InputError
from desk import access, gate
from desk.access import ACTORS
from desk.screens.door import Ask, go
from desk.screens.fields import brand_of, category_of, level_of, moment_of, moment_or_now
from desk.screens.incident import by_number
from desk.screens.mention import subject
from desk.screens.trouble import missing
from store import incidents, journal, lookup, mentions
from store.database import Tx
from store.nouns import Incident

VIA = "screen"


def open_by_hand(ask: Ask) -> Response:
    """An internal tip nobody has posted about yet."""
    access.require(ask.person, *ACTORS)
    brand, category, title = brand_of(ask), category_of(ask), neutral(ask.field("title"), 60)
    tip = Tip(brand, category, level_of(ask), title, moment_or_now(ask, "t0"), _why(ask))
    with ask.room.store.transaction() as tx:
        incident = Opener(ask.room.settings.team, ask.room.ids).open_by_hand(tx, tip, ask.who, ask.now)
        if ask.field("mention"):
            _attach(ask, tx, incident)
    return go(f"/incidents/{incident.number}")


def _attach(ask: Ask, tx: Tx, incident: Incident) -> None:
    """The mention it was raised from is its first evidence."""
    mention = lookup.mention(tx, ask.field("mention")[:32])
    if mention is None:
        raise missing()
    incidents.add_mentions(tx, incident.id, [mention.id])
    detail = {"incident": incident.number}
    journal.write(tx, ask.now, ask.who, "mention_raised", subject(mention.id), _why(ask), detail)


def _act(ask: Ask, what: str) -> Response:
    access.require(ask.person, *ACTORS)
    with ask.room.store.transaction() as tx:
        after = DEEDS[what](ask, tx, by_number(ask, tx))
    return go(f"/incidents/{after.number}")


def _why(ask: Ask) -> str:
    return ask.field("why")[:1000]


def _rounds(ask: Ask) -> Rounds:
    return Rounds(ask.room.settings.team)


def _merge(ask: Ask, tx: Tx, incident: Incident) -> Incident:
    chosen = ask.field("into").lstrip("#")
    into = incidents.by_number(tx, int(chosen)) if chosen.isdecimal() and len(chosen) < 10 else None
    if into is None:
        raise InputError(f"There is no incident {chosen[:20]!r}; write its number.")
    return merging.merge(tx, _rounds(ask), incident.id, into.id, ask.who, _why(ask), ask.now)


def _split(ask: Ask, tx: Tx, incident: Incident) -> Incident:
    word = ask.field("word").casefold()
    if not word:
        raise InputError("Write a word the posts of the other story have in common.")
    category = category_of(ask)
    evidence = mentions.of_incident(tx, incident.id, incident.brand, limit=5000)
    moved = [one.mention.id for one in evidence if word in f"{one.mention.title}\n{one.mention.text}".casefold()]
    apart = merging.Apart(moved, category, neutral(ask.field("title"), 60), _why(ask))
    return merging.split(tx, _rounds(ask), ask.room.ids, incident.id, apart, ask.who, ask.now)


def _level(ask: Ask, tx: Tx, incident: Incident) -> Incident:
    return moves.set_level(tx, _rounds(ask), incident.id, ask.who, level_of(ask), _why(ask), ask.now)


def _t0(ask: Ask, tx: Tx, incident: Incident) -> Incident:
    return moves.correct_t0(tx, incident.id, ask.who, moment_of(ask, ask.field("t0")), _why(ask), ask.now)


Deed = Callable[[Ask, Tx, Incident], Incident]
# Last part of the address -> what is done; the person is sent to the incident the verb returns.
DEEDS: dict[str, Deed] = {
    "take": lambda ask, tx, one: acks.acknowledge(tx, one.id, ask.who, VIA, ask.now),
    "pass": lambda ask, tx, one: acks.pass_on(tx, one.id, ask.who, VIA, ask.now),
    "give-back": lambda ask, tx, one: acks.give_back(tx, one.id, ask.who, VIA, ask.now),
    "contain": lambda ask, tx, one: moves.contain(tx, one.id, ask.who, _why(ask), ask.now),
    "resolve": lambda ask, tx, one: gate.resolve(tx, one, ask.who, _why(ask), ask.now),
    "reviewed": lambda ask, tx, one: gate.reviewed(tx, one, ask.who, _why(ask), ask.now),
    "reopen": lambda ask, tx, one: moves.reopen(tx, _rounds(ask), one.id, ask.who, _why(ask), ask.now),
    "let-go": lambda ask, tx, one: moves.let_go(tx, _rounds(ask), one.id, ask.who, ask.now),
    "false-alarm": lambda ask, tx, one: moves.false_alarm(tx, one.id, ask.who, _why(ask), ask.now),
    "level": _level,
    "t0": _t0,
    "merge": _merge,
    "split": _split,
}
ROUTES = tuple((f"/incidents/{{number:int}}/{what}", "POST", partial(_act, what=what)) for what in DEEDS)
