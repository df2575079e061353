"""`check`: every fault of the settings at once, then what is allowed but unwise."""

import argparse

from config.settings import Settings
from desk.commands import add_settings, say, settings_of


def add(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)


def run(args: argparse.Namespace) -> int:
    settings = settings_of(args)
    for line in warnings(settings):
        say(f"warning: {line}")
    say(
        f"settings are right: {len(settings.watch.brand)} brand(s), {len(settings.watch.source)} source(s), "
        f"{len(settings.team.person)} people"
    )
    return 0


def warnings(settings: Settings) -> list[str]:
    """Allowed, but somebody may wait in vain: each line names the key."""
    found = []
    if not settings.watch.source:
        found.append("watch.toml: source: nothing is read yet")
    if not settings.watch.brand:
        found.append("watch.toml: brand: no brand is watched")
    if not settings.team.spokesperson_deputies:
        found.append("team.toml: spokesperson_deputies: nobody stands in for the spokesperson")
    return [*found, *_hard_to_reach(settings), *_alone(settings)]


def _hard_to_reach(settings: Settings) -> list[str]:
    people = settings.team.person
    ways = [one.channel for person in people for one in person.endpoint]
    found = []
    if not settings.service.mail.host and "email" in ways:
        found.append("service.toml: mail.host: is empty, so no mail page can be sent")
    for person in people:
        if len(person.endpoint) < 2:
            found.append(f"team.toml: person.{person.id}.endpoint: only {len(person.endpoint)} of 2 ways to reach them")
    return found


def _alone(settings: Settings) -> list[str]:
    roles = settings.team.roles().items()
    need_two = ("responder", "lead", "legal")
    return [
        f"team.toml: role {role}: only {people[0]} has it, nobody stands in"
        for role, people in roles
        if role in need_two and len(people) < 2
    ]
