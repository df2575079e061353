"""Who is on duty, now and in the next two weeks, and can everybody be reached? Swaps and absences are set here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from starlette.responses import Response

from alerts import roster
from alerts import spells as rules
from alerts.oncall import Absence, Override, Turn, called, of_team, on_duty, turns
from alerts.roster import Hole
from alerts.spells import Asked
from config.settings import Team
from config.team import Endpoint, Person, Rota
from desk import access
from desk.screens.door import Ask, go
from desk.screens.endpoint_proof import awaits_code, masked, may_prove
from desk.screens.fields import moment_of, moment_or_now
from desk.screens.frame import show
from desk.screens.silences import person_of
from desk.words import WORDS
from store import endpoints, spells
from store.database import Tx
from store.endpoints import key_of
from store.nouns import EndpointState, Spell, Window

AHEAD = timedelta(days=14)
# Spells further away than the list of turns are shown too: whoever set one wants to find it again.
KNOWN = timedelta(days=366)
DONE = ("override", "absence", "ended", "code_sent", "verified")


@dataclass(frozen=True, slots=True)
class Plan:
    """The rota with everything people changed about it; spells newest first."""

    team: Team
    zone: ZoneInfo
    spells: tuple[Spell, ...]

    @property
    def overrides(self) -> list[Override]:
        found = [one for one in self.spells if one.kind == Window.OVERRIDE]
        return of_team(self.team, [Override(one.duty, one.person, one.since, one.lasts_until) for one in found])

    @property
    def absences(self) -> list[Absence]:
        return [Absence(one.person, one.since, one.lasts_until) for one in self.spells if one.kind == Window.ABSENCE]

    def turns(self, rota: Rota, since: datetime, until: datetime) -> list[Turn]:
        return turns(rota, since, until, self.zone, self.overrides, self.absences, self.team.deputies())

    def called(self, duty: str, at: datetime) -> list[Person]:
        """The people behind a duty, role or id at a moment."""
        ids = called(self.team, duty, at, self.zone, self.overrides, self.absences)
        return [person for one in ids if (person := self.team.find(one))]


@dataclass(frozen=True, slots=True)
class Shift:
    """One turn as people read it: instead of whom somebody has it, and the override that says so."""

    turn: Turn
    instead: str
    spell: Spell | None


@dataclass(frozen=True, slots=True)
class Duty:
    """One rota: the shift that runs now first, then those of the next two weeks."""

    rota: Rota
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One address of a person: masked, how it does (ok, failing, dead, untried), and whether a code is awaited."""

    endpoint: Endpoint
    key: str
    where: str
    state: EndpointState | None
    health: str
    awaits: bool


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the team."""

    person: Person
    ways: tuple[Way, ...]
    duties: tuple[str, ...]
    away: Spell | None
    may_prove: bool


def show_people(ask: Ask) -> Response:
    """What is wrong first, then who has it now, the next two weeks, swaps and absences, and the team with its ways."""
    with ask.room.store.reading() as tx:
        plan = read_plan(ask, tx, ask.now + KNOWN)
        states = endpoints.all_states(tx)
    duties = [Duty(rota, _shifts(plan, rota, ask.now)) for rota in plan.team.rota]
    who = person_of(ask)
    on_rota = any(who.id in rota.people for rota in plan.team.rota)
    return show(
        ask,
        "people.html",
        warnings=warnings(ask, plan, duties, states),
        duties=duties,
        duty=lambda name: duty_name(ask, name),
        members=[_member(ask, plan, duties, person, states) for person in plan.team.person],
        spells=[(one, rules.may_end(one, who)) for one in sorted(plan.spells, key=lambda one: (one.since, one.id))],
        swappers=_team_or_me(ask, *rules.PLANNERS) if on_rota or access.may(who, *rules.PLANNERS) else [],
        absentees=_team_or_me(ask, *rules.EXCUSERS),
        done=ask.query("done") if ask.query("done") in DONE else "",
    )


def set_override(ask: Ask) -> Response:
    """替班: somebody has a duty for a while, whoever's turn it is."""
    who, asked = person_of(ask), _asked(ask)
    with ask.room.store.transaction() as tx:
        team, duty, person = ask.room.settings.team, ask.field("duty"), ask.field("person")
        rules.add_override(tx, ask.room.ids, team, who, duty, person, asked, ask.now)
    return go("/people?done=override")


def set_absence(ask: Ask) -> Response:
    """请假: somebody cannot be called for a while."""
    who, asked = person_of(ask), _asked(ask)
    with ask.room.store.transaction() as tx:
        rules.add_absence(tx, ask.room.ids, ask.room.settings.team, who, ask.field("person"), asked, ask.now)
    return go("/people?done=absence")


def read_plan(ask: Ask, tx: Tx, until: datetime) -> Plan:
    """The rota with the overrides and absences that touch the time from now to `until`."""
    kinds = (Window.OVERRIDE, Window.ABSENCE)
    # What was ended by hand is not among them, so each still holds until its own end.
    found = [one for kind in kinds for one in spells.between(tx, kind, ask.now, until)]
    return Plan(ask.room.settings.team, ask.room.zone, tuple(found))


def ways_of(person: Person, states: Mapping[str, EndpointState], now: datetime) -> tuple[Way, ...]:
    """A person's addresses in order of trust."""
    found = []
    for one in person.endpoint:
        key = key_of(one.channel, one.address)
        state = states.get(key)
        found.append(Way(one, key, masked(one.channel, one.address), state, _health(state), awaits_code(state, now)))
    return tuple(found)


def warnings(ask: Ask, plan: Plan, duties: Sequence[Duty], states: Mapping[str, EndpointState]) -> list[str]:
    """What would leave a call unanswered, one sentence each."""
    found = []
    for one in duties:
        person = plan.team.find(one.shifts[0].turn.person)
        ways = ways_of(person, states, ask.now) if person else ()
        if person and all(way.health == "dead" for way in ways):
            found.append(ask.word("people_hole_deaf", duty=duty_name(ask, one.rota.duty), name=person.name))
    for duty in dict.fromkeys(duty for step in plan.team.escalation.steps for duty in step.call):
        if not plan.called(duty, ask.now):
            found.append(ask.word("people_hole_nobody", duty=duty_name(ask, duty)))
    holes = roster.holes(plan.team, ask.now, ask.now + AHEAD, plan.zone, plan.overrides, plan.absences)
    return found + [_said(ask, hole) for hole in holes]


def _said(ask: Ask, hole: Hole) -> str:
    duty, people = (
        ask.word("people_and").join(words)
        for words in ([duty_name(ask, one) for one in hole.duties], [ask.room.person_name(one) for one in hole.people])
    )
    since, until = ask.times.at(hole.since), ask.times.at(hole.until)
    return ask.word(f"people_hole_{hole.what}", duty=duty, people=people, since=since, until=until)


def duty_name(ask: Ask, duty: str) -> str:
    """值班, 备班 …: the duty or role as people call it; a person's name; its own id when it is none of them."""
    if f"people_duty_{duty}" in WORDS:
        return ask.word(f"people_duty_{duty}")
    return ask.room.person_name(duty)


def _shifts(plan: Plan, rota: Rota, now: datetime) -> tuple[Shift, ...]:
    found = []
    for turn in plan.turns(rota, now, now + AHEAD):
        usual = on_duty(rota, turn.since, plan.zone)
        spell = next((one for one in plan.spells if turn.why == "override" and _puts_in(one, rota, turn)), None)
        found.append(Shift(turn, usual if usual != turn.person else "", spell))
    return tuple(found)


def _puts_in(spell: Spell, rota: Rota, turn: Turn) -> bool:
    right = (spell.kind, spell.duty, spell.person) == (Window.OVERRIDE, rota.duty, turn.person)
    return right and spell.covers(turn.since)


def _member(
    ask: Ask, plan: Plan, duties: Sequence[Duty], person: Person, states: Mapping[str, EndpointState]
) -> Member:
    now = [one.rota.duty for one in duties if one.shifts[0].turn.person == person.id]
    gone = [one for one in plan.spells if one.kind == Window.ABSENCE and one.person == person.id]
    away = next((one for one in gone if one.covers(ask.now)), None)
    return Member(person, ways_of(person, states, ask.now), tuple(now), away, may_prove(ask.person, person))


def _health(state: EndpointState | None) -> str:
    if state is None or not (state.accepted_at or state.failing_since):
        return "untried"
    if state.dead_at:
        return "dead"
    return "failing" if state.failing_since else "ok"


def _team_or_me(ask: Ask, *roles: str) -> list[Person]:
    """Oneself first; with one of the roles, the others too."""
    who = person_of(ask)
    others = [one for one in ask.room.settings.team.person if one.id != who.id]
    return [who, *others] if access.may(who, *roles) else [who]


def _asked(ask: Ask) -> Asked:
    since = moment_or_now(ask, "since")
    return Asked(since, moment_of(ask, ask.field("until")), ask.field("reason"))
