"""The TOML files of a folder and the environment become one Settings, or one SettingsError that lists every fault."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from config.calendar import Calendar, load_calendar
from config.errors import SettingsError
from config.gateways import ACCOUNT_SECRETS, ACCOUNTS, NEEDS_SECRET, SECRET_ADDRESS, address_fault
from config.legal_clocks import LegalClocks, load_legal_clocks
from config.platforms import Platforms, load_platforms
from config.remedies import Remedies, load_remedies
from config.settings import Service, Settings, Team, Watch
from config.sources import KINDS
from config.team import Endpoint

SHIPPED = Path(__file__).parent
OVERRIDES = {
    "GOLDENHOUR_STORE_URL": ("store", "url"),
    "GOLDENHOUR_RUNNER": ("runner", "kind"),
    "GOLDENHOUR_REDIS_URL": ("runner", "redis_url"),
    "GOLDENHOUR_HOST": ("web", "host"),
    "GOLDENHOUR_PORT": ("web", "port"),
    "GOLDENHOUR_BASE_URL": ("web", "base_url"),
}
SECRETIVE = frozenset({"endpoint", "address", "secret_env", "heartbeat_url", "redis_url", "url"})
M = TypeVar("M", bound=BaseModel)


def load(folder: Path, env: Mapping[str, str], root: Path | None = None) -> Settings:
    """Read every settings file of `folder`; SettingsError lists all faults of all of them."""
    faults: list[str] = []
    service = _read(folder / "service.toml", Service, faults, env)
    watch = _read(folder / "watch.toml", Watch, faults, {})
    team = _read(folder / "team.toml", Team, faults, {})
    calendar, remedies = _calendar(folder, faults), _remedies(folder, faults)
    platforms, legal_clocks = _platforms(folder, faults), _legal_clocks(folder, faults)
    if service and watch and team and calendar and remedies and platforms and legal_clocks:
        here = root or Path.cwd()
        settings = Settings(
            service=service,
            watch=watch,
            team=team,
            root=here,
            calendar=calendar,
            remedies=remedies,
            platforms=platforms,
            legal_clocks=legal_clocks,
        )
        faults += settings.faults()
        faults += _missing_secrets(settings, env)
        if not faults:
            return settings
    raise SettingsError(faults)


def secret(name: str, env: Mapping[str, str]) -> str:
    """The secret `name` from the environment, or the contents of the file that `name_FILE` names; "" when unset."""
    path = env.get(f"{name}_FILE", "")
    if not path:
        return env.get(name, "")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise SettingsError([f"environment: {name}_FILE: the file cannot be read ({reason})"]) from error


def _calendar(folder: Path, faults: list[str]) -> Calendar | None:
    try:
        return load_calendar(folder)
    except SettingsError as error:
        faults += error.faults
        return None


def _legal_clocks(folder: Path, faults: list[str]) -> LegalClocks | None:
    try:
        return load_legal_clocks(folder)
    except SettingsError as error:
        faults += error.faults
        return None


def _remedies(folder: Path, faults: list[str]) -> Remedies | None:
    try:
        return load_remedies(folder)
    except SettingsError as error:
        faults += error.faults
        return None


def _platforms(folder: Path, faults: list[str]) -> Platforms | None:
    try:
        return load_platforms(folder)
    except SettingsError as error:
        faults += error.faults
        return None


def _read(path: Path, model: type[M], faults: list[str], env: Mapping[str, str]) -> M | None:
    try:
        found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        faults.append(f"{path.name}: is missing in {path.parent}; the shipped one is a working start")
        return None
    except UnicodeDecodeError:
        faults.append(f"{path.name}: is not UTF-8")
        return None
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{path.name}: is not TOML: {error}")
        return None
    for name, (section, key) in OVERRIDES.items():
        if env.get(name):
            found.setdefault(section, {})[key] = env[name]
    try:
        return model.model_validate(found)
    except ValidationError as error:
        faults += [_say(path.name, dict(fault), found) for fault in error.errors()]
        return None


def _say(file: str, fault: dict[str, Any], found: dict[str, Any]) -> str:
    """One pydantic fault as `file: key: what is wrong, what is allowed`, without echoing secrets."""
    loc = fault["loc"]
    # Behind the number of a source stands its kind, which is no key of the file.
    shown = [i for i in range(len(loc)) if not (i == 2 and loc[0] == "source" and loc[2] in KINDS)]
    where = ".".join(_label(found, loc, i) for i in shown)
    if fault["type"] == "extra_forbidden":
        return f"{file}: {where}: no such key"
    if fault["type"] == "missing":
        return f"{file}: {where}: is missing"
    message = str(fault["msg"]).removeprefix("Value error, ")
    said = f"{file}: {where}: {message[0].lower()}{message[1:]}"
    if fault["loc"] and fault["loc"][-1] == "secret_env":
        return f"{file}: {where}: the NAME of an environment variable such as FEISHU_PR_SIGN, never the secret itself"
    # What may be a key, or hold one, is not repeated.
    if SECRETIVE.intersection(map(str, fault["loc"])) or isinstance(fault.get("input"), dict | list):
        return said
    return f"{said} (found {str(fault.get('input'))[:60]!r})"


def _label(found: Any, loc: tuple[Any, ...], i: int) -> str:
    """Name a list entry by its id when it has one: `source.weibo_search.url`, not `source.3.url`."""
    at = found
    for step in loc[: i + 1]:
        try:
            at = at[step]
        except (KeyError, IndexError, TypeError):
            return str(loc[i])
    if isinstance(loc[i], int) and isinstance(at, dict) and isinstance(at.get("id"), str):
        return str(at["id"])
    return str(loc[i] + 1) if isinstance(loc[i], int) else str(loc[i])


def _missing_secrets(settings: Settings, env: Mapping[str, str]) -> list[str]:
    faults, channels = [], set()
    for person in settings.team.person:
        for endpoint in person.endpoint:
            channels.add(endpoint.channel)
            faults += [f"team.toml: person.{person.id}.endpoint{fault}" for fault in _endpoint_faults(endpoint, env)]
    for name, needed_by in ACCOUNT_SECRETS.items():
        used = sorted(channels.intersection(needed_by))
        if used and not secret(name, env):
            faults.append(f"environment: {name}: is not set; endpoints of {', '.join(used)} need it (or {name}_FILE)")
    for channel in sorted(channels.intersection(ACCOUNTS)):
        section, key = ACCOUNTS[channel]
        if not getattr(getattr(settings.service.gateways, section), key):
            faults.append(f"service.toml: gateways.{section}.{key}: is empty, and endpoints of {channel} need it")
    faults += _two_keys(settings)
    return [*faults, *_service_secrets(settings, env), *_source_secrets(settings, env)]


def _service_secrets(settings: Settings, env: Mapping[str, str]) -> list[str]:
    faults = []
    hidden = SECRET_ADDRESS.fullmatch(settings.service.watching.heartbeat_url)
    if hidden and not secret(hidden[1], env):
        faults.append(f"service.toml: watching.heartbeat_url: {hidden[1]} is not in the environment")
    mail = settings.service.mail
    if mail.user and not secret("GOLDENHOUR_SMTP_PASSWORD", env):
        faults.append("service.toml: mail.user: needs the secret GOLDENHOUR_SMTP_PASSWORD (or …_FILE)")
    return faults


def _source_secrets(settings: Settings, env: Mapping[str, str]) -> list[str]:
    faults = []
    for source in settings.watch.source:
        name = getattr(source, "secret_name", "") or getattr(source, "secret_env", "")
        if source.enabled and name and not secret(name, env):
            faults.append(f"watch.toml: source.{source.id}.secret_env: {name} is not in the environment")
    return faults


def _two_keys(settings: Settings) -> list[str]:
    """One address has one key: two would sign for each other."""
    keys: dict[str, set[str]] = {}
    for person in settings.team.person:
        for endpoint in person.endpoint:
            keys.setdefault(endpoint.address, set()).add(endpoint.secret_env)
    return [
        f"team.toml: endpoint.secret_env: one address has several: {', '.join(sorted(names))}; only one is allowed"
        for names in keys.values()
        if len(names) > 1
    ]


def _endpoint_faults(endpoint: Endpoint, env: Mapping[str, str]) -> list[str]:
    hidden, name = SECRET_ADDRESS.fullmatch(endpoint.address), endpoint.secret_env
    faults = []
    if endpoint.channel == "slack" and not name and "://" not in endpoint.address and not hidden:
        faults.append(": slack with a channel id needs secret_env, the bot's token")
    if hidden and not secret(hidden[1], env):
        faults.append(f".address: {hidden[1]} is not in the environment")
    elif hidden and (fault := address_fault(endpoint.channel, secret(hidden[1], env))):
        faults.append(f".address: what {hidden[1]} holds does not fit; {fault}")
    if endpoint.channel in NEEDS_SECRET and not name:
        faults.append(f": {endpoint.channel} needs secret_env")
    elif name and not secret(name, env):
        faults.append(f".secret_env: {name} is not in the environment")
    return faults


def environment() -> Mapping[str, str]:
    """The process environment; read here only."""
    return os.environ
