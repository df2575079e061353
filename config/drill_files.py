"""Reads drill scenarios: the shipped ones in drills/ by name, or a person's own file; every fault is said at once."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config.drills import DrillScenario
from config.errors import SettingsError

FOLDER = Path(__file__).parent / "drills"


def scenario_names() -> tuple[str, ...]:
    """Every shipped scenario."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def find_scenario(name: str) -> DrillScenario:
    """A shipped scenario by its name, or a file by its path; SettingsError says every fault, or what there is."""
    if name in scenario_names():
        return load_scenario(FOLDER / f"{name}.toml")
    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        return load_scenario(path)
    raise SettingsError([f"drill: there is no scenario {name[:80]!r}; allowed: {', '.join(scenario_names())}"])


def load_scenario(path: Path) -> DrillScenario:
    """Read one file; SettingsError lists every fault as `file: key: what is wrong, what is allowed`."""
    try:
        found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError([f"{path.name}: cannot be read ({error.strerror})"]) from error
    except UnicodeDecodeError as error:
        raise SettingsError([f"{path.name}: is not UTF-8"]) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([f"{path.name}: is not TOML: {error}"]) from error
    try:
        name = re.sub(r"[^a-z0-9_]", "_", path.stem.lower())[:40]
        return DrillScenario.model_validate({"id": name} | found)
    except ValidationError as error:
        raise SettingsError([_say(path.name, fault, found) for fault in map(dict, error.errors())]) from error


def _say(file: str, fault: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    loc: Sequence[int | str] = fault["loc"]
    where = ".".join(_label(found, loc, i) for i in range(len(loc)))
    head = f"{file}: {where}" if where else file
    if fault["type"] == "extra_forbidden":
        return f"{head}: no such key"
    if fault["type"] == "missing":
        return f"{head}: is missing"
    said = str(fault["msg"]).removeprefix("Value error, ")
    return f"{head}: {said[0].lower()}{said[1:]}"


def _label(found: Any, loc: Sequence[int | str], last: int) -> str:
    """An entry of a list by its id where it has one, else by its number from 1."""
    at = found
    for step in loc[: last + 1]:
        try:
            at = at[step]
        except (KeyError, IndexError, TypeError):
            return str(loc[last])
    step = loc[last]
    if not isinstance(step, int):
        return str(step)
    return str(at["id"]) if isinstance(at, dict) and isinstance(at.get("id"), str) else str(step + 1)
