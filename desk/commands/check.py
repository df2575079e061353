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
    if not settings.service.mail.host and any(
        one.channel == "email" for person in settings.team.person for one in person.endpoint
    ):
        found.append("service.toml: mail.host: is empty, so no mail page can be sent")
    if not settings.watch.source:
        found.append("watch.toml: source: nothing is read yet")
    if not settings.watch.brand:
        found.append("watch.toml: brand: no brand is watched")
    for person in settings.team.person:
        if len(person.endpoint) < 2:
            found.append(f"team.toml: person.{person.id}.endpoint: only {len(person.endpoint)} of 2 ways to reach them")
    for role, people in settings.team.roles().items():
        if role in ("responder", "lead", "legal") and len(people) < 2:
            found.append(f"team.toml: role {role}: only {people[0]} has it, nobody stands in")
    if not settings.team.spokesperson_deputies:
        found.append("team.toml: spokesperson_deputies: nobody stands in for the spokesperson")
    return found
