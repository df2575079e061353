"""`page-test`: a test page over every way to a person, through the real channels; default: who is on duty."""

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from alerts.calling import Notice, notice_page
from alerts.channels import Channel, Reach
from alerts.channels.registry import CHANNELS
from alerts.oncall import called
from config.clock import Clock, Ids, new_id, stopwatch, utc_now
from config.errors import DeliveryError, InputError, SettingsError
from config.load import environment
from config.settings import Settings, Team
from config.team import Person
from desk.commands import add_settings, log_to_stderr, say, settings_of, veiled
from desk.reaching import reach_of
from desk.screens.deliveries import where
from store.nouns import Level, Page

TEST = Notice(
    "test",
    "",
    Level.BLUE,
    ("【测试】呼叫测试，不用做任何事", "这是一条测试呼叫。收到它说明这个渠道是通的；不用做任何事。"),
    ("[test] nothing to do", "A test page. It came, so this way works; there is nothing to do."),
)
# These addresses are keys themselves, though they look like names.
KEYS = ("pagerduty",)


@dataclass(frozen=True, slots=True)
class Told:
    """How one test page ended. `code` is the provider's own; `where` shows a hook's host only."""

    person: str
    channel: str
    where: str
    accepted: bool
    code: str
    detail: str
    took_ms: int
    verified: bool


def add(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    parser.add_argument("--person", metavar="ID", help="this person instead of everybody on duty")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")


def run(args: argparse.Namespace) -> int:
    settings = settings_of(args)
    log_to_stderr(settings)
    people = whom(settings, args.person, utc_now())
    reach = reach_of(settings, environment(), utc_now)
    refused = False
    for told in tried(people, reach, utc_now, new_id):
        refused = refused or not told.accepted
        say(veiled(json.dumps(asdict(told), ensure_ascii=False) if args.json else line(told), settings))
    return int(refused)


def whom(settings: Settings, person_id: str | None, now: datetime) -> list[Person]:
    """The named person, or everybody whose turn it is in any rota (without rotas: every responder); InputError."""
    team = settings.team
    if person_id:
        found = team.find(person_id)
        if found is None:
            known = ", ".join(person.id for person in team.person)
            raise InputError(f"team.toml: nobody is called {person_id!r}; allowed: {known}")
        return [found]
    ids = dict.fromkeys(
        one for duty in _duties(team) for one in called(team, duty, now, ZoneInfo(settings.service.zone))
    )
    people = [found for one in ids if (found := team.find(one))]
    if not people:
        raise InputError("team.toml: rota: nobody is on duty; name somebody with --person")
    return people


def tried(
    people: list[Person], reach: Reach, clock: Clock, ids: Ids, channels: Mapping[str, Channel] = CHANNELS
) -> Iterator[Told]:
    """One test page to every endpoint of these people, in order; somebody without one is told as refused."""
    run_id = ids()
    for person in people:
        if not person.endpoint:
            yield Told(person.id, "-", "", False, "no_endpoint", "nothing to reach them by", 0, verified=True)
        for endpoint in person.endpoint:
            yield _try(
                notice_page(person, endpoint, replace(TEST, turn=run_id), ids(), clock()),
                reach,
                channels.get(endpoint.channel),
            )


def line(told: Told) -> str:
    """One line for the terminal."""
    words = [told.person, told.channel, told.where or "-", "accepted" if told.accepted else "refused", told.code or "-"]
    words += [f"{told.took_ms} ms"]
    words += ["unverified"] if not told.verified else []
    return "  ".join(words) + ("" if told.accepted else f"  {told.detail}")


def _duties(team: Team) -> list[str]:
    return [rota.duty for rota in team.rota] or ["responder"]


def _try(page: Page, reach: Reach, channel: Channel | None) -> Told:
    began = stopwatch()
    shown = "" if page.channel in KEYS else where(page)
    told = partial(Told, page.person, page.channel, shown)
    if channel is None:
        return told(accepted=False, code="no_channel", detail="not built in", took_ms=0, verified=True)
    try:
        receipt = channel.send(page, reach)
        accepted, code, detail = True, receipt.code, receipt.detail
    except DeliveryError as error:
        words = f"{error} (it may have arrived all the same)" if error.ambiguous else str(error)
        accepted, code, detail = False, error.code, words
    except SettingsError as error:
        accepted, code, detail = False, "settings", str(error)
    took = int((stopwatch() - began) * 1000)
    return told(accepted=accepted, code=code, detail=detail, took_ms=took, verified=channel.verified)
