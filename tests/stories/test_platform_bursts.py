"""200 posts between two polls, limits in their middle, then a revoked key: nothing is lost, ops are called once."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from config.accounts import BlueskySource, MastodonSource, WeiboSource, XSource
from config.clock import StepClock
from config.settings import Reading, Scoring, Service, Settings, Team, Watch, Watching
from config.team import Endpoint, Person
from config.watch import Brand, Source
from desk import stepping
from desk.wiring import House, build
from store import pages, sources
from store.nouns import Health
from store.tables import mentions
from tests.worlds.feeds import Answer
from tests.worlds.platforms.bluesky import SEARCH as BSKY_SEARCH
from tests.worlds.platforms.bluesky import BlueskyWorld
from tests.worlds.platforms.mastodon import Mastodon
from tests.worlds.platforms.weibo import Weibo, refusal
from tests.worlds.platforms.x_api import SEARCH as X_SEARCH
from tests.worlds.platforms.x_api import XWorld

WORD = "星禾茶饮"
BEGIN = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BUSY = Answer(b"busy", "text/plain", 429, {"Retry-After": "30"})


@dataclass
class Platform:
    """One platform as the story needs it: `hinder` puts limits in the way of the next reads, `key` is what works."""

    port: int
    source: Source
    post: Callable[[str, datetime], object]
    hinder: Callable[[], None]
    change_key: Callable[[str], None]
    key: str


def weibo(clock: StepClock, stack: ExitStack) -> Platform:
    world = stack.enter_context(Weibo(clock))

    def hinder() -> None:
        done = len(world.asked)
        world.instead = {done + 2: refusal("10023"), done + 4: BUSY}

    source = WeiboSource(id="wave", base_url=world.base, secret_env="WAVE_TOKEN")
    return Platform(world.port, source, world.post, hinder, world.revoke, next(iter(world.tokens)))


def mastodon(clock: StepClock, stack: ExitStack) -> Platform:
    world = stack.enter_context(Mastodon(clock))
    world.open = False

    def hinder() -> None:
        done = len(world.asked)
        world.instead = {done + 2: BUSY, done + 4: BUSY}

    source = MastodonSource(id="wave", base_url=world.base, tags=(WORD,), secret_env="WAVE_TOKEN")
    return Platform(world.port, source, world.post, hinder, world.revoke, next(iter(world.tokens)))


def bluesky(clock: StepClock, stack: ExitStack) -> Platform:
    world = stack.enter_context(BlueskyWorld(clock))
    world.page_size = 25

    def change(key: str) -> None:
        world.revoke()
        world.password = key or "changed by its owner"

    source = BlueskySource(
        id="wave", base_url=world.web.url(), handle=world.handle, secret_env="WAVE_TOKEN", followers_from=None
    )
    hinder = lambda: world.plan(BSKY_SEARCH, None, world.limited(), None, world.limited())  # noqa: E731
    return Platform(world.web.port, source, world.post, hinder, change, world.password)


def x(clock: StepClock, stack: ExitStack) -> Platform:
    world = stack.enter_context(XWorld(clock))
    source = XSource(
        id="wave", base_url=world.web.url(), secret_env="WAVE_TOKEN", always_posts=True, page_size=50,
        limits={"daily_usd": 50},
    )  # fmt: skip
    hinder = lambda: world.plan(X_SEARCH, None, world.limited(8 * MINUTE), None, world.limited(12 * MINUTE))  # noqa: E731
    return Platform(world.web.port, source, world.post, hinder, lambda key: setattr(world, "token", key), world.token)


@pytest.fixture(params=[weibo, mastodon, bluesky, x], ids=lambda made: made.__name__)
def platform(request, clock) -> Iterator[Platform]:
    with ExitStack() as stack:
        yield request.param(clock, stack)


@pytest.fixture
def clock() -> StepClock:
    return StepClock(BEGIN)


def settings(platform: Platform) -> Settings:
    ops = Person(
        id="ops", name="孙运维", roles=("ops",), endpoint=(Endpoint(channel="email", address="ops@xinghe.example"),)
    )
    # Read less often in a crisis than by default: these are hours, and every reading is one more moment of them.
    source = platform.source.model_copy(update={"hot_interval": MINUTE})
    return Settings(
        service=Service(
            reading=Reading(allow=(f"127.0.0.1:{platform.port}",)), scoring=Scoring(scorer="lexicon"),
            watching=Watching(daily=""),
        ),
        watch=Watch(brand=(Brand(id="xinghe", name=WORD, any=(WORD,)),), source=(source,)),
        team=Team(person=(ops,), spokesperson="ops"),
    )  # fmt: skip


def kept(house: House) -> list[str]:
    with house.desk.store.reading() as tx:
        # Mastodon's posts end with their tags.
        return [text.partition(" #")[0] for text in tx.execute(select(mentions.c.text)).scalars()]


def alarms(house: House) -> list[str]:
    with house.desk.store.reading() as tx:
        return [page.reason for page in reversed(pages.newest(tx)) if page.reason.startswith("source_")]


def health(house: House) -> Health:
    with house.desk.store.reading() as tx:
        return sources.state(tx, "wave").health


def test_a_wave_with_limits_and_a_revoked_key_is_heard_whole_and_alarms_once(platform, store, clock, ids):
    env = {"GOLDENHOUR_SECRET": "k" * 32, "WAVE_TOKEN": platform.key}
    house = build(settings(platform), store, clock, ids, env)
    try:
        said = [f"{WORD}日常 第{n}条，味道不错" for n in range(3)]
        for n, text in enumerate(said):
            platform.post(text, BEGIN - (n + 1) * MINUTE)
        house.first_promises()
        stepping.forward(house.desk, clock, BEGIN + MINUTE)
        assert (sorted(kept(house)), health(house)) == (sorted(said), Health.OK)

        # 200 posts in the minutes between two polls, as the platform hinders the reads that follow.
        wave = [f"{WORD}喝出异物 第{n}条，谁来管管" for n in range(200)]
        for n, text in enumerate(wave):
            platform.post(text, BEGIN + MINUTE + timedelta(milliseconds=300 * n))
        platform.hinder()
        stepping.forward(house.desk, clock, BEGIN + 20 * MINUTE)
        # Half of it may be waiting still; the key dies, somebody posts on.
        platform.change_key("")
        late = [f"{WORD}还没人回应 第{n}条，等了很久" for n in range(5)]
        for n, text in enumerate(late):
            platform.post(text, clock() + n * timedelta(seconds=1))
        # Weibo says to wait until the hour is over.
        stepping.forward(house.desk, clock, BEGIN + 90 * MINUTE)
        assert (health(house), alarms(house)) == (Health.BLIND, ["source_blind"])

        platform.change_key("a fresh key")
        env["WAVE_TOKEN"] = "a fresh key"
        stepping.forward(house.desk, clock, BEGIN + timedelta(hours=6))
        assert sorted(kept(house)) == sorted([*said, *wave, *late])
        assert health(house) in (Health.OK, Health.EMPTY)
        assert alarms(house) == ["source_blind", "source_hears"]
    finally:
        house.scorer.close()
        house.fetch.close()
