"""`check`: every fault of the settings at once, then what is allowed but unwise; or a field map on a sample."""

import argparse
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from alerts.roster import answering_for, first_two, holes, sentence
from config.calendar import Calendar
from config.clock import utc_now
from config.errors import SettingsError
from config.load import environment, secret
from config.settings import Settings
from config.taxonomy import Taxonomy, load_taxonomy
from config.team import Team
from desk.commands import add_settings, check_mapping, say, settings_of
from desk.legal_alarm import legal_faults
from desk.wiring import in_force_of

AHEAD = timedelta(days=28)
SECRET_LEAST = 32


@dataclass(frozen=True, slots=True)
class Plan:
    """What is looked at beside the settings, and when."""

    calendar: Calendar
    taxonomy: Taxonomy
    now: datetime


def add(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    check_mapping.add(parser)


def run(args: argparse.Namespace) -> int:
    if args.sample:
        return check_mapping.run(args)
    settings = settings_of(args)
    # Queries are read here, not with the settings: what is wrong with one must be said before anything starts.
    taxonomy = load_taxonomy()
    in_force_of(settings, taxonomy)
    if wrong := legal_faults(settings, taxonomy):
        raise SettingsError(wrong)
    plan = Plan(settings.calendar, taxonomy, utc_now())
    for line in warnings(settings, plan):
        say(f"warning: {line}")
    say(
        f"settings are right: {len(settings.watch.brand)} brand(s), {len(settings.watch.source)} source(s), "
        f"{len(settings.team.person)} people"
    )
    return 0


def warnings(settings: Settings, plan: Plan) -> list[str]:
    """Allowed, but somebody may wait in vain: each line names the key."""
    found = []
    if not settings.watch.source:
        found.append("watch.toml: source: nothing is read yet")
    if not settings.watch.brand:
        found.append("watch.toml: brand: no brand is watched")
    found += _unwise_sources(settings)
    team = settings.team
    found += settings.service.watching.unwise()
    found += [*_hard_to_reach(settings), *_alone(team), *_same_person(settings, plan.now), *_promises(team, plan)]
    return [*found, *_unanswered(team, plan.taxonomy), *_calendar(plan)]


def _unwise_sources(settings: Settings) -> list[str]:
    """Feeds of an own bridge that pass for the platform itself, and secrets of pushes anybody could guess."""
    found = []
    for source in settings.watch.source:
        place = urlsplit(getattr(source, "url", "") if source.kind == "feed" else "")
        if source.via == "live" and {place.netloc, place.hostname} & set(settings.service.reading.allow):
            found.append(
                f'watch.toml: source.{source.id}.via: is "live", but its address is your own; "bridge" is honest'
            )
        if source.kind == "inbound" and len(secret(source.secret_env, environment())) < SECRET_LEAST:
            found.append(f"watch.toml: source.{source.id}.secret_env: is shorter than {SECRET_LEAST} characters")
    return found


def _hard_to_reach(settings: Settings) -> list[str]:
    people = settings.team.person
    ways = [one.channel for person in people for one in person.endpoint]
    found = []
    if not settings.service.mail.host and "email" in ways:
        found.append("service.toml: mail.host: is empty, so no mail page can be sent")
    # Everybody: when every walk of the escalation is over, all of them are called.
    for person in people:
        channels = {one.channel for one in person.endpoint}
        if len(person.endpoint) < 2:
            found.append(f"team.toml: person.{person.id}.endpoint: only {len(person.endpoint)} of 2 ways to reach them")
        elif len(channels) < 2:
            found.append(f"team.toml: person.{person.id}.endpoint: all ways are {channels.pop()}; add another channel")
    return found


def _alone(team: Team) -> list[str]:
    """Duties and roles that rest on one person without a deputy."""
    called = [name for step in team.escalation.steps for name in step.call]
    called += [name for one in team.escalation.specialists for name in one.call]
    rotas, roles, found = {rota.duty: rota for rota in team.rota}, team.roles(), []
    for name in dict.fromkeys([*called, *rotas, "responder", "lead", "legal"]):
        people = rotas[name].people if name in rotas else roles.get(name, [])
        if len(set(people)) == 1 and people[0] not in team.deputies():
            key = f"rota.{name}.people" if name in rotas else f"role {name}"
            found.append(f"team.toml: {key}: only {people[0]} has it, nobody stands in; set person.{people[0]}.deputy")
    if not team.spokesperson_deputies:
        found.append("team.toml: spokesperson_deputies: nobody stands in for the spokesperson")
    return found


def _same_person(settings: Settings, now: datetime) -> list[str]:
    """Primary and backup, and whether the plan of the next weeks ever makes them one person."""
    team, zone = settings.team, ZoneInfo(settings.service.zone)
    if len(first_two(team)) < 2:
        return ["team.toml: rota: fewer than two rotas are called, so there is no backup"]
    return [f"team.toml: rota: {sentence(one, team, zone)}" for one in holes(team, now, now + AHEAD, zone)]


def _promises(team: Team, plan: Plan) -> list[str]:
    known, found = {category.id for category in plan.taxonomy.categories}, []
    for number, profile in enumerate(team.first_hour.profile, 1):
        key = f"team.toml: first_hour.profile.{number}"
        unknown = [one for one in profile.categories if one not in known]
        if unknown:
            found.append(
                f"{key}.categories: the taxonomy has no {', '.join(unknown)}; known: {', '.join(sorted(known))}"
            )
        if profile.promise > team.first_hour.promise:
            found.append(f"{key}.promise: is longer than first_hour.promise")
    return found


def _unanswered(team: Team, taxonomy: Taxonomy) -> list[str]:
    """Roles the taxonomy wants called for which nobody answers here, and words it does not know."""
    wanted = dict.fromkeys(role for category in taxonomy.categories for role in category.page)
    found = []
    missing = sorted(role for role in wanted if answering_for(team, role) is None)
    if missing:
        found.append(f"team.toml: escalation.specialists: nobody answers for {', '.join(missing)}; they are not called")
    unknown = [one.role for one in team.escalation.specialists if one.role not in wanted]
    if unknown:
        found.append(f"team.toml: escalation.specialists: the taxonomy calls for no {', '.join(unknown)}")
    return found


def _calendar(plan: Plan) -> list[str]:
    year = plan.now.astimezone(ZoneInfo(plan.calendar.zone)).year
    known = plan.calendar.known_until
    missing = " and ".join(str(one) for one in (year, year + 1) if known is None or one > known.year)
    if not missing:
        return []
    return [f"calendar.toml: holidays: none are listed for {missing}; weekdays of that time count as ordinary ones"]
