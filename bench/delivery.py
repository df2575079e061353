"""kill -9 while a hundred red pages are delivered: what is lost, what is sent twice, and under which key."""

import json
import os
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from threading import Event
from typing import Any

from sqlalchemy import func, select

from alerts.channels.webhook import sign
from bench.delivery_house import Site, make_site, red_incident, red_page
from bench.delivery_worker import Fleet, Work, beat, mark_then_send, threads, work
from bench.figures import Figure
from bench.made import pick
from bench.provider import Answer, Asked, Provider
from config.clock import rest, stopwatch
from store import incidents, pages
from store.database import Store
from store.nouns import PageStatus
from store.tables import tries

Tick = Callable[[str], None]
LOOK = timedelta(seconds=0.2)
REFUSED_FIRST = 2
NO_SERVERS = (ImportError, OSError, RuntimeError, AssertionError, subprocess.SubprocessError)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is sent, how often it is struck, over how many seconds, and after how many we call the rest lost.

    `quiet`: so many seconds without a request and nobody will try again; longer than the waits between the first tries.
    """

    pages: int = 100
    kills: int = 40
    over: float = 45.0
    lease: str = "15s"
    longest: float = 120.0
    quiet: float = 10.0
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """`doubles`: acceptances beyond the first of a key; `one_key`: all acceptances of a key came with one header.

    `cut_short`: requests the provider got whose outcome no worker lived to write down: the kills that struck home.
    `believed`: pages the store calls accepted though the provider never accepted them.
    """

    pages: int
    lost: int
    doubles: int
    kills: int
    seconds: float
    lease_s: int
    seed: int
    requests: int
    cut_short: int
    believed: int
    one_key: bool


def good(found: dict[str, Any]) -> bool:
    """Nothing lost anywhere, at most one double per kill, each under its own key; what could not start counts not."""
    rows = [row for row in found.values() if isinstance(row, dict)]
    return all(
        not row["lost"] and not row["believed"] and row["doubles"] <= row["kills"] and row["one_key"] for row in rows
    )


class Stubborn:
    """A provider's rule: a wrong signature is refused, the first tries of a key are 503, then it is accepted.

    It decides when the request is in and answers 20 to 120 ms later, so that kills find work in the air.
    """

    def __init__(self, secret: str, seed: int, first: int = REFUSED_FIRST) -> None:
        self.secret, self.seed, self.first = secret, seed, first
        self.tries: Counter[str] = Counter()
        self.accepted: dict[str, list[str]] = {}

    def __call__(self, asked: Asked) -> Answer:
        if asked.headers.get("x-goldenhour-signature") != sign(asked.body, self.secret):
            return Answer(401)
        key = json.loads(asked.body)["key"]
        self.tries[key] += 1
        after = timedelta(milliseconds=20 + pick(self.seed, self.tries.total(), "answer", 100))
        if self.tries[key] <= self.first:
            return Answer(503, b"", after)
        self.accepted.setdefault(key, []).append(asked.headers.get("idempotency-key", ""))
        return Answer(200, b'{"accepted": true}', after)


def measure(tick: Tick) -> list[Figure]:
    """Lost pages and doubles on every house that can be started; baseline: a loop that marks, then sends.

    Asked: none lost, at most one double per kill (its baseline).
    """
    careless = struck(tick, "mark_then_send", [mark_then_send, mark_then_send], Plan())
    figures = []
    for name, found in houses(tick, Plan()).items():
        if isinstance(found, dict):
            lost, doubles, kills = found["lost"], found["doubles"], found["kills"]
            figures += [
                Figure(f"{name}: pages lost", lost, f"of {found['pages']}", careless.lost, 0, of="value", less=True),
                Figure(f"{name}: sent twice", doubles, f"in {kills} kills", kills, kills, of="value", less=True),
            ]
    return figures


def houses(tick: Tick, plan: Plan) -> dict[str, Any]:
    """House -> its outcome as a dict; None, and a second entry `HOUSE_reason`, where it could not be started."""
    found: dict[str, Any] = {"sqlite_threads": asdict(sqlite_threads(tick, plan))}
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        try:
            # Real servers come with the tests; the product itself never starts any.
            servers_of_tests = import_module("tests.worlds.servers")
            # The PostgreSQL package asks for a runtime folder and warns when the system names none.
            os.environ.setdefault("XDG_RUNTIME_DIR", folder)
            tick("delivery: starting PostgreSQL and Redis")
            servers = stack.enter_context(servers_of_tests.started(Path(folder)))
        except NO_SERVERS as error:
            reason = f"PostgreSQL and Redis could not be started ({type(error).__name__}: {error})"
            tick(f"delivery: {reason}")
            return found | {"postgres_rq": None, "postgres_rq_reason": reason}
        outcome = struck(tick, "postgres_rq", [work, work, beat], plan, servers.new_database(), servers.redis_url)
        return found | {"postgres_rq": asdict(outcome)}


def sqlite_threads(tick: Tick, plan: Plan) -> Outcome:
    """Two processes, each with the embedded runner, on one SQLite file."""
    return struck(tick, "sqlite_threads", [threads, threads], plan)


def struck(
    tick: Tick, name: str, kinds: list[Work], plan: Plan, store_url: str = "sqlite:///bench.db", redis_url: str = ""
) -> Outcome:
    """What becomes of the plan's pages in a house of such processes."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        provider = stack.enter_context(Provider(lambda _: None))
        way = ("webhook", provider.url("/chat"))
        site = make_site(Path(folder), [way], store_url=store_url, redis_url=redis_url, lease=plan.lease)
        rule = Stubborn(site.secret, plan.seed)
        provider.rule = rule
        store = site.store()
        stack.callback(store.close)
        fleet = stack.enter_context(Fleet(site, kinds))
        began = stopwatch()
        _strike(tick, name, store, fleet, way, plan)
        _settle(store, rule, plan, began)
        return _outcome(site, store, rule, plan, stopwatch() - began)


def _strike(tick: Tick, name: str, store: Store, fleet: Fleet, way: tuple[str, str], plan: Plan) -> None:
    """Promise the pages evenly and kill at random moments, until both are done."""
    incident = red_incident()
    with store.transaction() as tx:
        incidents.add(tx, incident)
    events = [(plan.over * 0.9 * number / plan.pages, "page", number) for number in range(plan.pages)]
    moments = (0.5 + (plan.over - 0.5) * pick(plan.seed, n, "moment", 10_000) / 10_000 for n in range(plan.kills))
    events += [(at, "kill", number) for number, at in enumerate(sorted(moments))]
    began = stopwatch()
    for at, what, number in sorted(events):
        rest(timedelta(seconds=at - (stopwatch() - began)), Event())
        if what == "page":
            with store.transaction() as tx:
                pages.add(tx, red_page(incident, way, number))
            continue
        fleet.kill(pick(plan.seed, number, "victim", len(fleet)))
        if (number + 1) % 10 == 0:
            tick(f"delivery: {name}: {number + 1} of {plan.kills} kills after {stopwatch() - began:.0f} s")


def _settle(store: Store, rule: Stubborn, plan: Plan, began: float) -> None:
    """Until the store has delivered everything and the provider has it, or nobody has tried anything for a while."""
    seen, since = -1, began
    while (now := stopwatch()) - began < plan.longest:
        if rule.tries.total() != seen:
            seen, since = rule.tries.total(), now
        if not _waiting(store) and (len(rule.accepted) == plan.pages or now - since > plan.quiet):
            return
        rest(LOOK, Event())


def _waiting(store: Store) -> int:
    with store.reading() as tx:
        return pages.counts(tx).get(PageStatus.WAITING.value, 0)


def _outcome(site: Site, store: Store, rule: Stubborn, plan: Plan, seconds: float) -> Outcome:
    with store.reading() as tx:
        sent = pages.newest(tx, plan.pages)
        written = tx.execute(select(func.count()).select_from(tries)).scalar_one()
    accepted = [page for page in sent if page.status == PageStatus.ACCEPTED]
    return Outcome(
        pages=len(sent),
        lost=sum(page.idempotency not in rule.accepted for page in sent),
        doubles=sum(len(headers) - 1 for headers in rule.accepted.values()),
        kills=plan.kills,
        seconds=round(seconds, 1),
        lease_s=int(site.settings.service.runner.lease.total_seconds()),
        seed=plan.seed,
        requests=rule.tries.total(),
        cut_short=rule.tries.total() - written,
        believed=sum(page.idempotency not in rule.accepted for page in accepted),
        one_key=all(len(set(headers)) == 1 for headers in rule.accepted.values()),
    )
