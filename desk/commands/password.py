"""`password`: set a person's password; read twice from the terminal, or once from standard input."""

import argparse
import getpass
import sys

from config.clock import utc_now
from config.errors import InputError
from desk.access import hash_password
from desk.commands import add_settings, say, settings_of
from store import migrations, people
from store.database import Store

SHORTEST = 10


def add(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    parser.add_argument("person", help="id of the person, as in team.toml")


def run(args: argparse.Namespace) -> int:
    settings = settings_of(args)
    if settings.team.find(args.person) is None:
        known = ", ".join(person.id for person in settings.team.person)
        raise InputError(f"team.toml: nobody is called {args.person!r}; allowed: {known}")
    password = _ask()
    if len(password) < SHORTEST:
        raise InputError(f"the password has {len(password)} characters; at least {SHORTEST} are needed")
    store = Store(settings.service.store.url, settings.root)
    try:
        migrations.make_ready(store)
        with store.transaction() as tx:
            people.set_password(tx, args.person, hash_password(password), utc_now())
    finally:
        store.close()
    say(f"password of {args.person} is set; other sign-ins of theirs have ended")
    return 0


def _ask() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != first:
        raise InputError("the two passwords differ; nothing was changed")
    return first
