"""One crisis team and what it is called about: people, incidents, spikes, pages, and the wing that does the jobs."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from alerts import escalation
from alerts.calling import Caller
from alerts.channels import Reach
from alerts.delivery import Delivery
from alerts.jobs import Alerts
from alerts.links import Links
from alerts.opening import Opener
from alerts.rounds import Rounds
from config.clock import StepClock
from config.gateways import Gateways
from config.settings import Mail
from config.team import Endpoint, Person, Rota, Team
from store import incidents, journal, mentions, pages, volumes
from store.nouns import (
    ClockState,
    Incident,
    IncidentStatus,
    Judged,
    Level,
    Mention,
    Page,
    PageStatus,
    Paging,
    RawMention,
    Score,
    Spike,
)

NOW = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
ZONE = ZoneInfo("Asia/Shanghai")
LINKS = Links("https://gh.example", "key", timedelta(hours=24))
SECRET = "a chat secret"
ROLES = {
    "li": ("responder",),
    "chen": ("responder",),
    "wang": ("lead",),
    "zhao": ("spokesperson", "executive"),
}


def person(name: str, roles=("viewer",), ways=("email",), chat="http://127.0.0.1:9/chat", language="zh") -> Person:
    address = {"email": f"{name}@xinghe.example", "webhook": chat}
    ends = tuple(
        Endpoint(channel=way, address=address[way], secret_env="CHAT" if way == "webhook" else "") for way in ways
    )
    return Person(id=name, name=name, roles=roles, language=language, endpoint=ends)


def rota(duty: str, *people: str) -> Rota:
    return Rota(duty=duty, people=people, first_day=date(2026, 1, 5))


def team(*people: Person, **changes) -> Team:
    """li is on duty, chen is backup, wang leads, zhao speaks; each by mail."""
    found = {one: person(one, roles) for one, roles in ROLES.items()} | {one.id: one for one in people}
    plan = (rota("duty", "li"), rota("backup", "chen"), rota("lead", "wang"))
    return Team(**{"person": tuple(found.values()), "rota": plan, "spokesperson": "zhao"} | changes)


def incident(**changes) -> Incident:
    made = Incident(
        id="c" * 32,
        number=7,
        brand="xinghe",
        category="food_safety",
        key="xinghe:food_safety",
        title="星禾茶饮：食品安全（上吐下泻、住院）",
        level=Level.RED,
        status=IncidentStatus.OPEN,
        paging=Paging.PAGING,
        clock=ClockState.RUNNING,
        t0=NOW - 20 * MINUTE,
        detected_at=NOW - 12 * MINUTE,
        due_at=NOW + 40 * MINUTE,
        born_breached=False,
        why="星禾茶饮：30 分钟 31 条，平时约 4 条；有 2 条说到有人就医",
        policy=escalation.write(escalation.policy_of(team().escalation)),
    )
    return replace(made, **changes)


def spike(name: str = "s1", **changes) -> Spike:
    made = Spike(
        id=name,
        brand="xinghe",
        at=NOW,
        kind="severe",
        count=31,
        usual=4.0,
        window_minutes=30,
        score=3.1,
        why="星禾茶饮：30 分钟 31 条，平时约 4 条",
        level=Level.ORANGE,
        level_why=("有人就医",),
        category="food_safety",
        title="星禾茶饮：食品安全（住院）",
        t0=NOW - 6 * MINUTE,
    )
    return replace(made, **changes)


def page(**changes) -> Page:
    made = Page(
        id="p" * 32,
        incident="c" * 32,
        person="li",
        channel="email",
        address="li@xinghe.example",
        reason="call",
        subject="【红·请接手】星禾茶饮：食品安全｜6条｜剩40分",
        body="事件 #7 星禾茶饮\n为什么：<b>31 条</b> & 更多\n打开并接手：https://gh.example/ack/abc",
        link="https://gh.example/ack/abc",
        level=Level.RED,
        idempotency="c:call:1.0:li:email",
        status=PageStatus.WAITING,
        created_at=NOW,
        step=0,
    )
    return replace(made, **changes)


def mention(text: str, *, title: str = "", minutes: float = 0, platform: str = "weibo", harm: int = 0) -> Judged:
    at = NOW + minutes * MINUTE
    made = Mention("m", "s", platform, "x", "", title, text, "路人", None, at, False, at, at)
    return Judged(made, "xinghe", Score(0.9, 0.9, negative=True, crisis=True, harm=harm))


@dataclass
class Crew:
    """The alerts wing around a store and a clock; what it does is read back from the store."""

    store: object
    clock: StepClock
    ids: object
    team: Team = field(default_factory=team)
    mail: Mail = field(default_factory=Mail)
    gateways: Gateways = field(default_factory=Gateways)

    @property
    def caller(self) -> Caller:
        return Caller(self.team, LINKS, ZONE, self.ids)

    @property
    def opener(self) -> Opener:
        return Opener(self.team, self.ids)

    @property
    def rounds(self) -> Rounds:
        return self.opener.rounds

    @property
    def alerts(self) -> Alerts:
        return Alerts(self.store, self.clock, self.opener, self.caller)

    @property
    def delivery(self) -> Delivery:
        names = {end.address: end.secret_env for one in self.team.person for end in one.endpoint}
        reach = Reach(self.mail, {"CHAT": SECRET}.get, names, self.gateways, self.clock)
        return Delivery(self.store, self.clock, reach, self.caller, self.team.escalation.second_channel)

    def spikes(self, name: str = "s1", **changes) -> None:
        """A spike is found and its job runs."""
        found = spike(name, **changes)
        with self.store.transaction() as tx:
            volumes.save_spike(tx, found)
        self.alerts.open(name)

    def hears(self, *texts: str, category: str = "food_safety") -> tuple[str, ...]:
        """Ids of stored mentions of `category`."""
        raws = [RawMention(ext_id=self.ids(), text=text, published_at=self.clock(), platform="weibo") for text in texts]
        score = Score(0.9, 0.9, negative=True, crisis=True, category=category, categories=(category,))
        with self.store.transaction() as tx:
            mentions.save(tx, "weibo", raws, self.clock(), self.ids)
            found = mentions.pending(tx, 500)
            mentions.save_scores(tx, [(Judged(one, "xinghe", score), "") for one in found], self.clock())
            mentions.mark_judged(tx, [one.id for one in found], self.clock())
        return tuple(one.id for one in found)

    def all(self) -> list[Incident]:
        """Every incident, the first one first."""
        with self.store.reading() as tx:
            return incidents.listed(tx, open_only=False)[::-1]

    def one(self) -> Incident:
        (found,) = self.all()
        return found

    def act(self, verb, *words) -> Incident:
        """`verb` of alerts.acks or alerts.moves on the one incident, in a transaction of its own."""
        with self.store.transaction() as tx:
            return verb(tx, self.one().id, *words, self.clock())

    def change(self, **fields) -> None:
        with self.store.transaction() as tx:
            incidents.change(tx, self.one(), **fields)

    def pages(self, reason: str = "") -> list[Page]:
        with self.store.reading() as tx:
            found = [one for each in incidents.listed(tx, open_only=False) for one in pages.of_incident(tx, each.id)]
        return [one for one in found if reason in ("", one.reason)]

    def called(self) -> list[tuple[int, str]]:
        """(step, person) of every call, in order."""
        return sorted((one.step, one.person) for one in self.pages("call"))

    def told(self) -> list[str]:
        """What the journal says of the first incident."""
        with self.store.reading() as tx:
            assert journal.broken_at(tx) is None
            return [one.what for one in journal.entries(tx, incidents.subject(self.all()[0].id))]
