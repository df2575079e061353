"""Spans of time people set: who may set and end which, how long they may last, and what holds a call back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from config.clock import Ids
from config.errors import AccessError, InputError, MoveError
from config.settings import Team
from config.team import Person
from store import journal, spells
from store.database import Tx
from store.nouns import Incident, IncidentStatus, Level, Spell, Window

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# A field that people fill in knows no seconds: within this, "now" is what they meant.
JUST_NOW = timedelta(minutes=1)
LEAST_FACTOR, MOST_FACTOR = 1.5, 5.0
LONGEST_NAME, LONGEST_REASON = 40, 300
# Who may set and end silences and campaigns; who may put others on duty; who may say that others are away.
SETTERS = ("responder", "lead", "ops", "admin")
PLANNERS = ("lead", "ops", "admin")
EXCUSERS = ("lead", "admin")

SET = {
    Window.SILENCE: "silence_set",
    Window.CAMPAIGN: "campaign_set",
    Window.OVERRIDE: "override_set",
    Window.ABSENCE: "absence_set",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a kind may last, how far ahead it may begin (None: any time), and the least length of its reason."""

    longest: timedelta
    ahead: timedelta | None
    reason: int


LIMITS = {
    Window.SILENCE: Limit(24 * HOUR, 14 * DAY, 4),
    Window.CAMPAIGN: Limit(14 * DAY, 60 * DAY, 4),
    Window.OVERRIDE: Limit(14 * DAY, None, 2),
    Window.ABSENCE: Limit(90 * DAY, None, 2),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """From when (aware) until when, and why: what every spell is asked for with."""

    since: datetime
    until: datetime
    reason: str


def add_silence(
    tx: Tx, ids: Ids, who: Person, brand: str, category: str, level: Level, asked: Asked, now: datetime
) -> Spell:
    """Hold back calls of one brand up to `level` (`category` "": of every topic); the first-hour clock is never held.

    InputError when it is too long, too far ahead, without brand or reason; AccessError when the role may not.
    """
    _require(who, *SETTERS)
    if level.rank < Level.BLUE.rank:
        raise InputError("silence: level: must be blue, yellow, orange or red.")
    if level.rank > Level.YELLOW.rank and "lead" not in who.roles:
        raise AccessError("silence: level: only a lead may hold back orange or red; yellow and blue are allowed.")
    fresh = _fresh(Window.SILENCE, ids, who, asked, now)
    return _keep(tx, replace(fresh, brand=_one_brand("silence", brand), category=category, level=level))


def add_campaign(
    tx: Tx, ids: Ids, who: Person, brand: str, name: str, factor: float, asked: Asked, now: datetime
) -> Spell:
    """Expect `factor` times the usual volume of one brand; nothing is muted. Its reason begins with a line, its name.

    InputError and AccessError as in `add_silence`.
    """
    _require(who, *SETTERS)
    said = _words(name)
    if not 2 <= len(said) <= LONGEST_NAME:
        raise InputError(f"campaign: name: must have 2 to {LONGEST_NAME} characters.")
    if not LEAST_FACTOR <= factor <= MOST_FACTOR:
        raise InputError(f"campaign: factor: must lie between {LEAST_FACTOR:g} and {MOST_FACTOR:g}.")
    fresh = _fresh(Window.CAMPAIGN, ids, who, asked, now)
    made = replace(fresh, brand=_one_brand("campaign", brand), factor=factor, reason=f"{said}\n{fresh.reason}")
    return _keep(tx, made)


def add_override(
    tx: Tx, ids: Ids, team: Team, who: Person, duty: str, person: str, asked: Asked, now: datetime
) -> Spell:
    """`person` has the duty for this time, whoever's turn it is.

    Whoever stands in a rota may put themselves in; others only by lead, ops or admin. AccessError, InputError.
    """
    on_rota = any(who.id in rota.people for rota in team.rota)
    if not (who.id == person and on_rota):
        _require(who, *PLANNERS)
    if duty not in {rota.duty for rota in team.rota}:
        raise InputError(f"override: duty: must be one of: {', '.join(rota.duty for rota in team.rota)}.")
    _in_team("override", team, person)
    return _keep(tx, replace(_fresh(Window.OVERRIDE, ids, who, asked, now), duty=duty, person=person))


def add_absence(tx: Tx, ids: Ids, team: Team, who: Person, person: str, asked: Asked, now: datetime) -> Spell:
    """`person` cannot be called in this time. Oneself, or by lead or admin; AccessError and InputError otherwise."""
    if who.id != person:
        _require(who, *EXCUSERS)
    _in_team("absence", team, person)
    return _keep(tx, replace(_fresh(Window.ABSENCE, ids, who, asked, now), person=person))


def end(tx: Tx, spell_id: str, who: Person, now: datetime) -> Spell:
    """End it before its time; MoveError when there is none or it is over already, AccessError when it is not theirs."""
    spell = spells.get(tx, spell_id)
    if spell is None:
        raise MoveError("There is no such silence, campaign, override or absence.")
    if not may_end(spell, who):
        raise AccessError("Only whoever set it, the person it is about or a lead may end this.")
    if not spells.end(tx, spell_id, who.id, now):
        raise MoveError("It is over already.")
    journal.write(tx, now, who.id, "spell_ended", subject(spell), "", {"kind": spell.kind.value})
    return replace(spell, ended_at=now, ended_by=who.id)


def may_end(spell: Spell, who: Person) -> bool:
    """Ending a silence or campaign only makes us hear more, so whoever may set one may end any."""
    if who.id in (spell.author, spell.person):
        return True
    allowed = {Window.OVERRIDE: PLANNERS, Window.ABSENCE: EXCUSERS}.get(spell.kind, SETTERS)
    return _has(who, allowed)


def hushing(
    brand: str,
    category: str,
    level: Level,
    silences: Iterable[Spell],
    open_incidents: Sequence[Incident],
    now: datetime,
) -> str:
    """What holds back the calls of an incident (pure): "silence:ID", "incident:ID", or "" when nothing does.

    A silence holds its own brand and topic up to its own level. An open orange or red incident of the same brand
    holds back yellow and blue ones beside it; never an equal or higher level, never another brand.
    """
    for one in silences:
        if one.kind == Window.SILENCE and one.covers(now) and _hears_of(one, brand, category, level):
            return f"silence:{one.id}"
    if level.rank > Level.YELLOW.rank:
        return ""
    graver = [
        one
        for one in open_incidents
        if one.brand == brand
        # What is under control silences nobody.
        and one.status == IncidentStatus.OPEN
        and one.level.rank > Level.YELLOW.rank
        # One topic of a brand is one incident: with this topic it is this very incident, not another beside it.
        and one.category != category
    ]
    worst = max(graver, key=lambda one: (one.level.rank, -one.number), default=None)
    return f"incident:{worst.id}" if worst else ""


def subject(spell: Spell) -> str:
    """How the journal names a spell."""
    return f"spell:{spell.id}"


def name_of(campaign: Spell) -> tuple[str, str]:
    """(name, reason) of a campaign."""
    name, _, reason = campaign.reason.partition("\n")
    return name, reason


def _hears_of(silence: Spell, brand: str, category: str, level: Level) -> bool:
    ours = bool(brand) and silence.brand == brand and silence.category in ("", category)
    return ours and level.rank <= silence.level.rank


def _fresh(kind: Window, ids: Ids, who: Person, asked: Asked, now: datetime) -> Spell:
    """The spell with what all kinds have in common, checked against the limits of its kind."""
    limit, reason = LIMITS[kind], _words(asked.reason)
    if not limit.reason <= len(reason) <= LONGEST_REASON:
        raise InputError(f"{kind.value}: reason: must have {limit.reason} to {LONGEST_REASON} characters.")
    since = asked.since
    if limit.ahead is not None:
        if since <= now - JUST_NOW:
            raise InputError(f"{kind.value}: from: must be now or later.")
        since = max(since, now)
        if since - now > limit.ahead:
            raise InputError(f"{kind.value}: from: must be at most {limit.ahead // DAY} days from now.")
    if asked.until <= since:
        raise InputError(f"{kind.value}: until: must be after its beginning.")
    if asked.until <= now:
        raise InputError(f"{kind.value}: until: must not be over already.")
    if asked.until - since > limit.longest:
        raise InputError(f"{kind.value}: until: must be at most {_said(limit.longest)} after its beginning.")
    return Spell(ids(), kind, since, asked.until, who.id, reason, now)


def _keep(tx: Tx, spell: Spell) -> Spell:
    spells.add(tx, spell)
    detail = {"since": spell.since.isoformat(), "until": spell.until.isoformat()}
    match spell.kind:
        case Window.SILENCE:
            detail |= {"brand": spell.brand, "category": spell.category, "level": spell.level.value}
        case Window.CAMPAIGN:
            detail |= {"brand": spell.brand, "factor": f"{spell.factor:g}"}
        case Window.OVERRIDE:
            detail |= {"duty": spell.duty, "person": spell.person}
        case Window.ABSENCE:
            detail |= {"person": spell.person}
    journal.write(tx, spell.at, spell.author, SET[spell.kind], subject(spell), spell.reason, detail)
    return spell


def _one_brand(what: str, brand: str) -> str:
    if not brand:
        raise InputError(f"{what}: brand: must name one brand; all brands at once is not allowed.")
    return brand


def _in_team(what: str, team: Team, person: str) -> None:
    if team.find(person) is None:
        raise InputError(f"{what}: person: must be somebody of the team (team.toml).")


def _require(who: Person, *roles: str) -> None:
    if not _has(who, roles):
        raise AccessError(f"Your role may not do this; it takes one of: {', '.join(roles)}.")


def _has(who: Person, roles: Iterable[str]) -> bool:
    return not set(who.roles).isdisjoint(roles)


def _said(span: timedelta) -> str:
    return f"{span // DAY} days" if span > DAY else f"{span // HOUR} hours"


def _words(text: str) -> str:
    """One line, without blanks at its ends."""
    return " ".join(text.split())
