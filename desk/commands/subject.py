"""`subject`: what a person may ask by law (export, erase), and legal holds that keep what is needed (hold, release)."""

import argparse
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from config.clock import new_id, utc_now
from config.errors import InputError
from config.load import environment
from config.settings import Settings
from desk.commands import add_settings, say, settings_of
from desk.wiring import secret_key
from monitor import sourcebook, subject
from store import holds, incidents, journal, migrations
from store.database import Store, Tx
from store.nouns import Hold

WHO = "export, erase: name or account; hold: all, brand:ID, author:HASH, incident:NUMBER; release: id of the hold"
DEED = "what, how, and who: the case number, the reason; kept in the journal"


@dataclass(frozen=True, slots=True)
class Case:
    """One call of the command. `by` is the person of team.toml who does it."""

    args: argparse.Namespace
    settings: Settings
    by: str
    now: datetime


def add(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    parser.add_argument("what", choices=tuple(DEEDS), help="what is done")
    parser.add_argument("who", nargs="?", default="", help=WHO)
    parser.add_argument("--platform", default="", help="only on this platform; default: all we read")
    parser.add_argument("--by", default="", metavar="PERSON", help="id of the person who does it (team.toml)")
    parser.add_argument("--reason", default="", help=DEED)


def run(args: argparse.Namespace) -> int:
    """Exit 1 when nothing was found, or (erase) something is kept by a hold or an open incident."""
    settings = settings_of(args)
    person = settings.team.find(args.by)
    if person is None:
        known = ", ".join(one.id for one in settings.team.person)
        raise InputError(
            f"--by: nobody is called {args.by!r}; every look at a person is written down; allowed: {known}"
        )
    store = Store(settings.service.store.url, settings.root)
    try:
        migrations.make_ready(store)
        with store.transaction() as tx:
            return DEEDS[args.what](tx, Case(args, settings, person.id, utc_now()))
    finally:
        store.close()


def _export(tx: Tx, case: Case) -> int:
    found = _subject(tx, case)
    rows = list(subject.export(tx, found, case.args.who))
    detail = {"hashes": [one[:12] for one in found.hashes], "rows": len(rows)}
    journal.write(tx, case.now, case.by, "subject_exported", "privacy", case.args.reason, detail)
    for row in rows:
        say(json.dumps(row, ensure_ascii=False, default=_written))
    return 0 if rows else 1


def _erase(tx: Tx, case: Case) -> int:
    if not case.args.reason.strip():
        raise InputError("--reason: is needed to erase; it is kept in the journal")
    done = subject.erase(tx, _subject(tx, case), case.by, case.args.reason, case.now)
    say(json.dumps({"erased": done.erased, "held": done.held}))
    return 0 if done.erased and not done.held else 1


def _hold(tx: Tx, case: Case) -> int:
    made = Hold(new_id(), _held(tx, case), case.by, case.args.reason, case.now)
    subject.hold(tx, made)
    say(json.dumps({"hold": made.id, "subject": made.subject}))
    return 0


def _held(tx: Tx, case: Case) -> str:
    """What is held, as rows name it: a hold of what is not there would keep nothing, and nobody would notice."""
    kind, _, name = case.args.who.partition(":")
    if kind == "incident" and name:
        number = name.removeprefix("#")
        found = incidents.by_number(tx, int(number)) if number.isdecimal() else incidents.get(tx, name)
        if found is None:
            raise InputError(
                f"hold: there is no incident {name[:40]!r}; its number stands on the screen, as in incident:7"
            )
        return f"incident:{found.id}"
    if kind == "author" and name and not re.fullmatch("[0-9a-f]{64}", name):
        raise InputError(
            "hold: author: takes the 64 characters of author_hash; ./goldenhour subject export NAME shows it"
        )
    brands = [one.id for one in case.settings.watch.brand]
    if kind == "brand" and name and name not in brands:
        raise InputError(f"hold: there is no brand {name[:40]!r}; allowed: {', '.join(brands)}")
    return str(case.args.who)


def _release(tx: Tx, case: Case) -> int:
    subject.release(tx, case.args.who, case.by, case.args.reason, case.now)
    say(json.dumps({"released": case.args.who}))
    return 0


def _holds(tx: Tx, case: Case) -> int:
    standing = holds.standing(tx)
    for one in standing:
        row = {"hold": one.id, "subject": one.subject, "since": one.since, "author": one.author, "reason": one.reason}
        say(json.dumps(row, ensure_ascii=False, default=_written))
    return 0 if standing else 1


def _subject(tx: Tx, case: Case) -> subject.Subject:
    if not case.args.who.strip():
        raise InputError(f"subject {case.args.what}: whose? a name or account is needed")
    read = {source.platform for source in sourcebook.listed(tx, case.settings.watch)}
    platforms = (case.args.platform,) if case.args.platform else tuple(sorted(read | subject.platforms(tx)))
    return subject.find(tx, case.args.who.strip(), platforms, secret_key(case.settings, environment()))


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


DEEDS: dict[str, Callable[[Tx, Case], int]] = {
    "export": _export,
    "erase": _erase,
    "hold": _hold,
    "release": _release,
    "holds": _holds,
}
