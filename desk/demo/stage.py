"""Sets the demo's stage: a folder with settings of its own, the outside world, and a house around an injected clock."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from config.clock import Clock, new_id, new_secret
from config.load import load
from config.settings import Settings
from desk.demo.mailbox import Mailbox
from desk.demo.platforms import FEEDS, Platforms
from desk.demo.scenario import Scenario
from desk.wiring import House, build
from store import migrations
from store.database import Store

CHAT_SECRET = "GOLDENHOUR_DEMO_CHAT_SECRET"  # noqa: S105  the name of a secret, not one
TEAM = Path(__file__).parent / "team.toml"
CALM, HOT = "4m", "30s"
BRAND = "demo"


@dataclass(frozen=True)
class Stage:
    """Everything a demo needs; `close` ends what `set_stage` began."""

    settings: Settings
    store: Store
    house: House
    env: Mapping[str, str]
    platforms: Platforms
    mailbox: Mailbox

    def close(self) -> None:
        self.house.close()
        self.platforms.stop()
        self.mailbox.stop()


def set_stage(
    scenario: Scenario,
    folder: Path,
    clock: Clock,
    *,
    port: int = 0,
    lease: str = "15s",
    store_url: str = "sqlite:///demo.db",
    scorer: str = "snownlp",
    hot: str = HOT,
) -> Stage:
    """Start the outside world and build a house whose settings are three real TOML files in `folder`."""
    secret = new_secret()
    platforms, mailbox = Platforms(scenario.told, clock, secret), Mailbox(clock)
    platforms.start()
    mailbox.start()
    env = {CHAT_SECRET: secret, "GOLDENHOUR_SECRET": new_secret()}
    _write_watch(folder, scenario, platforms.url, hot)
    service = _service(scenario, platforms.url, mailbox.port, port=port, lease=lease)
    service += ["[store]", f"url = {_toml(store_url)}", "[scoring]", f"scorer = {_toml(scorer)}"]
    (folder / "service.toml").write_text("\n".join(service) + "\n", encoding="utf-8")
    settings = load(folder, env, folder)
    store = Store(settings.service.store.url, folder)
    migrations.migrate(store)
    house = build(settings, store, clock, new_id, env)
    house.first_promises()
    return Stage(settings, store, house, env, platforms, mailbox)


def _write_watch(folder: Path, scenario: Scenario, world: str, hot: str) -> None:
    (folder / "watch.toml").write_text("\n".join(_watch(scenario, world, hot)) + "\n", encoding="utf-8")
    (folder / "team.toml").write_text(_team(world), encoding="utf-8")


def _service(scenario: Scenario, world: str, smtp: int, *, port: int, lease: str) -> list[str]:
    return [
        f"zone = {_toml(scenario.header.tz)}",
        "[runner]",
        f"lease = {_toml(lease)}",
        "[web]",
        f"port = {port}",
        f'base_url = "http://127.0.0.1:{port}"',
        "[mail]",
        'host = "127.0.0.1"',
        f"port = {smtp}",
        'security = "none"',
        "[reading]",
        f"allow = [{_toml(world.removeprefix('http://'))}]",
    ]


def _watch(scenario: Scenario, world: str, hot: str) -> Iterable[str]:
    brand = scenario.header.brand
    yield "[[brand]]"
    yield f"id = {_toml(BRAND)}"
    yield f"name = {_toml(brand.name)}"
    yield f"company = {_toml(brand.name + '有限公司')}"
    for field in ("any", "all", "none", "aliases", "ambiguous", "context"):
        words = list(getattr(brand, field))
        yield f"{field} = [{', '.join(map(_toml, words or ([brand.name] if field == 'any' else [])))}]"
    for name, (_, platforms) in FEEDS.items():
        yield "[[source]]"
        yield f"id = {_toml(name)}"
        yield f"platform = {_toml(platforms[0] if platforms else 'x')}"
        yield f"url = {_toml(f'{world}/feed/{name}')}"
        yield f"interval = {_toml(CALM)}"
        yield f"hot_interval = {_toml(hot)}"
        yield f"zone = {_toml(scenario.header.tz)}"


def _team(world: str) -> str:
    """The demo's team, each person with a chat beside the mail."""
    lines = []
    for line in TEAM.read_text(encoding="utf-8").splitlines():
        lines.append(line)
        if line.startswith("address = "):
            chat = ['channel = "webhook"', f"address = {_toml(world + '/chat')}", f"secret_env = {_toml(CHAT_SECRET)}"]
            lines += ["[[person.endpoint]]", *chat]
    return "\n".join(line for line in lines if not line.startswith('secret_env = ""')) + "\n"


def _toml(text: str) -> str:
    """A TOML basic string; JSON's escapes are a part of TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
