"""Reads a scenario: a first line about the brand, then one mention per line; every fault names its line."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from config.errors import InputError
from config.model import Model
from config.watch import Words

SHIPPED = Path(__file__).parent / "scenario.jsonl"
_SHOWN_FAULTS = 20
M = TypeVar("M", bound=BaseModel)


class ScenarioBrand(Model):
    """The brand as watch.toml would have it."""

    name: str = Field(min_length=1)
    any: Words = ()
    all: Words = ()
    aliases: Words = ()
    ambiguous: Words = ()
    context: Words = ()
    none: Words = ()


class Header(Model):
    """What the first line holds under "scenario"."""

    brand: ScenarioBrand
    tz: str = "Asia/Shanghai"


class Told(Model):
    """One mention of a scenario; unknown numbers are null."""

    id: str = Field(min_length=1)
    platform: str = Field(min_length=1)
    url: str = ""
    author: str = ""
    followers: int | None = None
    published_at: AwareDatetime
    title: str = ""
    text: str = ""
    likes: int | None = None
    comments: int | None = None
    reposts: int | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A brand and what is said of it, oldest first."""

    header: Header
    told: tuple[Told, ...]

    @property
    def begins(self) -> datetime:
        return self.told[0].published_at

    @property
    def ends(self) -> datetime:
        return self.told[-1].published_at


def load_scenario(path: Path) -> Scenario:
    """The scenario in a JSONL file; InputError lists the first faults with their lines."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as UTF-8 text ({error})") from error
    faults: list[str] = []
    header = _header(lines[0] if lines else "", faults)
    told = [one for number, line in enumerate(lines[1:], 2) if (one := _told(number, line, faults))]
    if header and not told and not faults:
        faults.append("line 2: a scenario needs at least one mention")
    if faults or header is None:
        raise InputError("\n".join(f"{path.name}: {fault}" for fault in faults[:_SHOWN_FAULTS]))
    return Scenario(header, tuple(sorted(told, key=lambda one: (one.published_at, one.id))))


def _header(line: str, faults: list[str]) -> Header | None:
    found = _json(1, line, faults)
    if found is None:
        return None
    if not isinstance(found.get("scenario"), dict):
        faults.append('line 1: must be {"scenario": {"brand": {…}, "tz": …}}')
        return None
    return _checked(Header, 1, found["scenario"], faults)


def _told(number: int, line: str, faults: list[str]) -> Told | None:
    if not line.strip():
        return None
    found = _json(number, line, faults)
    return None if found is None else _checked(Told, number, found, faults)


def _json(number: int, line: str, faults: list[str]) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError as error:
        faults.append(f"line {number}: is not JSON ({error})")
        return None
    if not isinstance(found, dict):
        faults.append(f"line {number}: must be a JSON object")
        return None
    return found


def _checked(model: type[M], number: int, found: dict[str, Any], faults: list[str]) -> M | None:
    try:
        return model.model_validate(found)
    except ValidationError as error:
        faults += [f"line {number}: {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        return None
