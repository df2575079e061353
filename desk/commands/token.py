"""`token`: make a token with which a program acts for a person, end them all, or show where SMS replies are pushed."""

import argparse
from datetime import timedelta

from config.clock import new_secret, utc_now
from config.errors import InputError
from config.load import environment
from desk.commands import add_settings, say, settings_of
from desk.screens.answering import aliyun_token
from desk.screens.api import token_hash
from desk.wiring import secret_key
from store import migrations, people
from store.database import Store

LONGEST_DAYS = 366


def add(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    parser.add_argument("person", help="id of the person, as in team.toml")
    parser.add_argument("--name", default="api", help="what the token is for")
    parser.add_argument("--days", type=int, default=90, help=f"how long it works, 1 to {LONGEST_DAYS}")
    parser.add_argument("--end", action="store_true", help="end all tokens of this person instead")
    parser.add_argument("--sms-reply-url", action="store_true", help="only print where providers push SMS replies")


def run(args: argparse.Namespace) -> int:
    settings = settings_of(args)
    base = settings.service.web.base_url.rstrip("/")
    if args.sms_reply_url:
        say(f"Twilio: {base}/sms/twilio")
        say(f"Aliyun: {base}/sms/aliyun/{aliyun_token(secret_key(settings, environment()))}")
        return 0
    if settings.team.find(args.person) is None:
        known = ", ".join(person.id for person in settings.team.person)
        raise InputError(f"team.toml: nobody is called {args.person!r}; allowed: {known}")
    if not 1 <= args.days <= LONGEST_DAYS:
        raise InputError(f"--days: {args.days} is not allowed; 1 to {LONGEST_DAYS}")
    store = Store(settings.service.store.url, settings.root)
    try:
        migrations.make_ready(store)
        with store.transaction() as tx:
            if args.end:
                say(f"{people.end_api_tokens(tx, args.person)} token(s) of {args.person} ended")
                return 0
            token, now = new_secret(), utc_now()
            until = now + timedelta(days=args.days)
            people.add_api_token(tx, token_hash(token), args.person, args.name[:60], now, until)
    finally:
        store.close()
    say(f"token of {args.person}, shown only once, works until {until:%Y-%m-%d}:\n{token}")
    return 0
