"""A small company at its desk: team, brand, sources, one incident with evidence, and browsers that sign in."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import anyio
import httpx
from msgspec import structs

from alerts import escalation
from alerts.links import Links
from config.clock import StepClock
from config.settings import Service, Settings
from config.taxonomy import load_taxonomy
from config.team import Contact, Endpoint, Person, Team
from config.watch import Brand, FeedSource, Watch
from desk.access import hash_password
from desk.room import Room
from desk.web import build_app
from monitor.guessing import WordScorer
from monitor.in_force.rules import InForce
from monitor.scorer import LexiconScorer
from statements.approving.release import Release
from statements.jobs import Statements
from statements.rules.wording import load_wording
from statements.writing.speaking import Speaking
from store import incidents, journal, mentions, pages, people, sources, volumes
from store.nouns import (
    ClockState,
    Health,
    Incident,
    IncidentStatus,
    Judged,
    Level,
    LevelChange,
    Page,
    PageStatus,
    Paging,
    RawMention,
    Score,
    SourceState,
    Span,
    Spike,
    Try,
)

PASSWORD = "correct horse battery"
MINUTE = timedelta(minutes=1)
ZONE = "Asia/Shanghai"
SITE = "http://desk.test"
ROLES = {
    "li": ("李值班", ("responder", "drafter")),
    "chen": ("陈备班", ("responder", "drafter")),
    "wang": ("王总监", ("lead", "drafter")),
    "zhao": ("赵发言人", ("spokesperson", "executive")),
    "zhou": ("周法务", ("legal",)),
    "kan": ("看一看", ("viewer",)),
    "ops": ("孙运维", ("ops", "admin")),
}


class Inside(httpx.BaseTransport):
    """Hands requests straight to the application, without a socket."""

    def __init__(self, app) -> None:
        self.app = httpx.ASGITransport(app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        async def go() -> httpx.Response:
            answer = await self.app.handle_async_request(request)
            return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())

        # A thread of its own, because playwright keeps a loop running in the test's thread.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(anyio.run, go).result()


@cache
def hashed() -> str:
    return hash_password(PASSWORD)


@cache
def taxonomy():
    return load_taxonomy()


@cache
def wording():
    return load_wording()


def settings() -> Settings:
    team = Team(
        person=tuple(
            Person(id=id, name=name, roles=roles, endpoint=(Endpoint(channel="email", address=f"{id}@xinghe.example"),))
            for id, (name, roles) in ROLES.items()
        ),
        spokesperson="zhao",
        spokesperson_deputies=("wang",),
        contact=Contact(phone="400-000-0000（24小时）", email="pr@xinghe.example"),
    )
    watch = Watch(
        brand=(Brand(id="xinghe", name="星禾茶饮", company="星禾茶饮（南京）有限公司", any=("星禾茶饮",)),),
        source=(
            FeedSource(id="weibo-keyword", platform="weibo", url="http://127.0.0.1:1200/weibo"),
            FeedSource(id="city-news", platform="news", url="http://127.0.0.1:1200/news"),
        ),
    )
    return Settings(service=Service(), watch=watch, team=team)


@dataclass
class House:
    """The room, its application, and what the tests put into the store."""

    store: object
    clock: StepClock
    ids: object
    beat_age_s: float = 0.2
    room: Room = field(init=False)
    app: object = field(init=False)

    def __post_init__(self) -> None:
        given = settings()
        speaking = Speaking(given.team, given.watch, taxonomy(), ZoneInfo(ZONE))
        self.room = Room(
            store=self.store,
            clock=self.clock,
            ids=self.ids,
            settings=given,
            links=Links(SITE, "key", timedelta(hours=24)),
            release=Release(self.ids, speaking, wording()),
            taxonomy=taxonomy(),
            in_force=InForce(given.watch, taxonomy()),
            scorer=WordScorer(LexiconScorer()),
            key="key",
            secure=False,
            well=lambda: {"beat_age_s": self.beat_age_s},
        )
        self.app = build_app(self.room)
        self.texts = Statements(self.store, self.clock, self.ids, speaking)
        with self.store.transaction() as tx:
            for person in ROLES:
                people.set_password(tx, person, hashed(), self.clock())
        self.hears("weibo-keyword")
        self.hears("city-news")

    def browser(self) -> "Browser":
        return Browser(self)

    def signed_in(self, person: str) -> "Browser":
        browser = self.browser()
        assert browser.sign_in(person).status_code == 303
        return browser

    def hears(self, source: str, health: Health = Health.OK, since: datetime | None = None) -> None:
        now = self.clock()
        outcome = "ok" if health in (Health.OK, Health.EMPTY) else "network"
        state = SourceState(source, health, outcome, "", now, since or now, now, 0, since, "", "", 12, 340)
        with self.store.transaction() as tx:
            sources.keep(tx, state)

    def all_states(self):
        """What an outsider could have changed: incidents and the journal."""
        with self.store.reading() as tx:
            return incidents.listed(tx, open_only=False), journal.count(tx)

    def incident(self, number: int = 1) -> Incident:
        with self.store.reading() as tx:
            return incidents.by_number(tx, number)

    def opens(self, posts=(), level: Level = Level.RED, ago: timedelta = 20 * MINUTE) -> Incident:
        """An incident that began `ago` and was found six minutes later; paging, clock running, drafts prepared."""
        now = self.clock()
        t0, seen = now - ago, now - ago + 6 * MINUTE
        judged = self.heard(posts or POSTS, t0)
        with self.store.transaction() as tx:
            incident = Incident(
                id=self.ids(),
                number=incidents.next_number(tx),
                brand="xinghe",
                category="food_safety",
                key="xinghe:food_safety",
                title="星禾茶饮：食品安全（上吐下泻、住院）",
                level=level,
                status=IncidentStatus.OPEN,
                paging=Paging.PAGING,
                clock=ClockState.RUNNING,
                t0=t0,
                detected_at=seen,
                due_at=t0 + 60 * MINUTE,
                born_breached=False,
                paging_since=seen,
                round=1,
                why="星禾茶饮：30 分钟 31 条，平时约 4 条；有 2 条说到有人受伤或就医（上吐下泻、住院）",
                policy=escalation.write(escalation.policy_of(self.room.settings.team.escalation)),
            )
            incidents.add(tx, incident)
            incidents.note_level(tx, LevelChange(incident.id, seen, level, "有人就医；多平台传播", "system"))
            incidents.add_mentions(tx, incident.id, [one.mention.id for one in judged])
            journal.write(tx, seen, "system", "incident_opened", incidents.subject(incident.id), incident.why)
            spike = Spike(
                self.ids(), "xinghe", seen, "severe", 31, 24.0, 30, 3.1, incident.why, level, (), "food_safety", "", t0
            )
            volumes.save_spike(tx, spike)
            self._pages(tx, incident)
        self.texts.draft(incident.id)
        return incident

    def heard(self, posts, t0: datetime, triage: str = "") -> list[Judged]:
        """Posts as (platform, author, title, text, term, minutes after t0), stored, judged and counted.

        `triage`: why a person should say of each whether it tells of a crisis.
        """
        raws = [
            RawMention(
                ext_id=self.ids(),
                url=f"https://{platform}.example/p/{n}",
                title=title,
                text=text,
                author=author,
                published_at=t0 + timedelta(minutes=minutes),
                platform=platform,
            )
            for n, (platform, author, title, text, _, minutes) in enumerate(posts)
        ]
        terms = {raw.ext_id: post[4] for raw, post in zip(raws, posts, strict=True)}
        with self.store.transaction() as tx:
            mentions.save(tx, "weibo-keyword", raws, self.clock(), self.ids)
            waiting = mentions.pending(tx, 500)
            scored = [(one, self._score(one, terms[one.ext_id])) for one in waiting]
            judged = [Judged(one, "xinghe", structs.replace(score, triage=triage)) for one, score in scored]
            new = mentions.save_scores(tx, [(one, "brand name") for one in judged], self.clock())
            mentions.mark_judged(tx, [one.id for one in waiting], self.clock())
            volumes.add(tx, new)
        return judged

    def _score(self, mention, term: str) -> Score:
        at = f"{mention.title}\n{mention.text}".find(term) if term else -1
        spans = (Span(at, at + len(term), term, "food_safety", 1.0),) if at >= 0 else ()
        bad = bool(term)
        return Score(
            p_negative=0.9 if bad else 0.2,
            p_crisis=0.8 if bad else 0.1,
            negative=bad,
            crisis=bad,
            category="food_safety" if bad else "",
            categories=("food_safety",) if bad else (),
            spans=spans,
        )

    def _pages(self, tx, incident: Incident) -> None:
        page = Page(
            id=self.ids(),
            incident=incident.id,
            person="li",
            channel="email",
            address="li@xinghe.example",
            reason="call",
            subject="【红·请接手】星禾茶饮",
            body="…",
            link=self.room.links.make(incident.id, "li", self.clock()),
            level=incident.level,
            idempotency=f"{incident.id}:call",
            status=PageStatus.WAITING,
            created_at=incident.detected_at,
            step=0,
        )
        pages.add(tx, page)
        told = Try(page.id, incident.detected_at + timedelta(seconds=1), True, "250", "2.0.0 Ok: queued as 4F1", 180)
        pages.note_try(tx, page, told, PageStatus.ACCEPTED)


POSTS = (
    ("weibo", "南京小雨", "", "孩子喝了星禾茶饮的杨梅冰茶，半夜上吐下泻，现在在医院", "上吐下泻", 0),
    ("weibo", "鼓楼区土著", "", "我也是！同一家店，喝完就拉肚子，店员说不关他们的事", "拉肚子", 3),
    ("xiaohongshu", "白桃乌龙", "避雷星禾茶饮新街口店", "三个同事一起喝的，两个住院了，求扩散", "住院", 5),
    ("weibo", "路过的猫", "", "星禾茶饮这次怎么说？官方出来回应一下", "", 8),
    ("news", "城市晚报", "多名顾客称饮用星禾茶饮后不适", "记者联系门店，对方表示正在核实。", "不适", 11),
    ("weibo", "冷门博主", "", "星禾茶饮不是一直说原料当日现煮吗，食物中毒也太离谱", "食物中毒", 14),
)


class Browser:
    """A person's browser: cookies, no redirects followed, and forms found on the screen they stand on."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.http = httpx.Client(transport=Inside(house.app), base_url=SITE)

    def sign_in(self, person: str, password: str = PASSWORD, back: str = "/") -> httpx.Response:
        screen = self.http.get("/sign-in", params={"next": back}).text
        fields = {"csrf": hidden(screen, "csrf"), "next": hidden(screen, "next")}
        return self.http.post("/sign-in", data={**fields, "person": person, "password": password})

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path)

    def post(self, path: str, on: str | None = None, **fields: str) -> httpx.Response:
        """Send a form from the screen `on` (default: the same address) with the token that stands there."""
        token = hidden(self.http.get(on or path).text, "csrf")
        return self.http.post(path, data={"csrf": token, **fields})


def hidden(html: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    return found[1] if found else ""
