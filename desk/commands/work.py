"""`work`: worker processes that take jobs over Redis; the rows they work on are in PostgreSQL."""

import argparse
import os

from config.errors import SettingsError
from desk.commands import add_settings, folder_of, log_to_stderr, root, say, settings_of
from desk.rq_runner import Workers
from store import migrations
from store.database import Store


def add(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    parser.add_argument("-n", "--count", type=int, default=2, help="worker processes (default 2)")


def run(args: argparse.Namespace) -> int:
    log_to_stderr()
    settings = settings_of(args)
    log_to_stderr(settings)
    if settings.service.runner.kind != "redis":
        raise SettingsError(['service.toml: runner.kind: `work` needs "redis"; with "threads" `serve` does the jobs'])
    if not 1 <= args.count <= 64:
        raise SettingsError([f"--count: 1 to 64 workers, not {args.count}"])
    store = Store(settings.service.store.url, settings.root)
    try:
        migrations.make_ready(store)
    finally:
        store.close()
    # Workers are new interpreters: they find the settings the way this process did.
    os.environ["GOLDENHOUR_CONFIG"] = str(folder_of(args).resolve())
    os.environ["GOLDENHOUR_ROOT"] = str(root())
    say(f"{args.count} workers take jobs (Ctrl-C stops)")
    Workers(settings.service.runner.redis_url, args.count).run()
    return 0
