"""`migrate`: bring the store to this version's schema (PostgreSQL needs it, SQLite does it at start)."""

import argparse

from desk.commands import add_settings, say, settings_of
from store import migrations
from store.database import Store, hold_alone


def add(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)


def run(args: argparse.Namespace) -> int:
    settings = settings_of(args)
    store = Store(settings.service.store.url, settings.root)
    alone = hold_alone(store)
    try:
        say(migrations.migrate(store))
    finally:
        store.close()
        if alone:
            alone.close()
    return 0
