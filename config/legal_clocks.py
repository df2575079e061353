"""legal_clocks.toml: what the law wants done, and how soon, per category; and what a report to an authority is signed
with. Counsel checks each line and puts name and day to it; until then screens say that nobody has."""

import re
import tomllib
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError, model_validator

from config.errors import SettingsError
from config.model import Model
from config.spans import parse_span

FILE = "legal_clocks.toml"
SHIPPED = Path(__file__).parent / FILE
EVERY = "all"
AT_ONCE = "at once"
_WORKING_DAYS = re.compile(r"([1-9]\d{0,2})\s*working days?")


def _limit(value: str) -> str:
    if value == AT_ONCE or _WORKING_DAYS.fullmatch(value):
        return value
    try:
        found = parse_span(value)
    except ValueError:
        found = timedelta()
    if found <= timedelta():
        raise ValueError(f'"{AT_ONCE}", a length of time such as "1h" or "3d", or "2 working days"')
    return value


class LegalLine(Model):
    """One duty with its clock."""

    id: str = Field(pattern=r"^[a-z0-9_-]{2,40}$", description="Name of the line, lower case; keep it once it is used.")
    category: tuple[str, ...] = Field(min_length=1, description='Categories of the taxonomy, or ["all"].')
    rule: str = Field(min_length=1, max_length=120, description="The law or rule, by its full name.")
    article: str = Field("", max_length=60, description="Article, as counsel would quote it.")
    zh: str = Field(min_length=1, max_length=300, description="What must be done and when the duty applies, Chinese.")
    en: str = Field(min_length=1, max_length=400, description="The same in English.")
    limit: Annotated[str, AfterValidator(_limit)] = Field(
        description='How soon: "at once", a length of time ("1h", "3d"), or "2 working days" of calendar.toml.'
    )
    starts_from: Literal["t0", "detected", "declared"] = Field(
        "detected", description="From the event (t0), when we saw it (detected), or when a person declared the level."
    )
    to: str = Field(min_length=1, max_length=120, description="Authority, or the people who must be told.")
    source: str = Field(min_length=1, max_length=200, description="Where the line was read, and when.")
    verified_by: str = Field("", max_length=60, description="Counsel who checked the line; empty: nobody yet.")
    verified_on: date | None = Field(None, description="Day on which counsel checked it; missing: not checked.")

    @property
    def verified(self) -> bool:
        return bool(self.verified_by) and self.verified_on is not None

    @property
    def working_days(self) -> int | None:
        """The limit in working days; None when it is not counted in them."""
        found = _WORKING_DAYS.fullmatch(self.limit)
        return int(found[1]) if found else None

    @property
    def span(self) -> timedelta:
        """The limit in plain time; nothing when it is "at once" or in working days."""
        return timedelta() if self.limit == AT_ONCE or self.working_days else parse_span(self.limit)

    @model_validator(mode="after")
    def _named_and_dated(self) -> "LegalLine":
        if bool(self.verified_by) != (self.verified_on is not None):
            raise ValueError("verified_by and verified_on stand together: a name and a day, or neither")
        return self


class ReportSettings(Model):
    """What a report pack 举报材料包 is signed with. Numbers and names only; the papers themselves are put beside it."""

    company: str = Field("", max_length=120, description="Company that reports, by the name of its licence.")
    licence: str = Field("", max_length=60, description="Unified social credit code of the business licence.")
    agent: str = Field("", max_length=60, description="Who hands the report in.")
    agent_id: str = Field("", max_length=120, description="Where the copy of the agent's identity card is kept.")
    authorisation: str = Field("", max_length=120, description="Number or place of the letter of authorisation.")


class LegalClocks(Model):
    """legal_clocks.toml: duties with their clocks, and the head of a report pack."""

    report: ReportSettings = Field(default_factory=ReportSettings, description="What a report pack is signed with.")
    line: tuple[LegalLine, ...] = Field((), description="Duties with their clocks.")

    @model_validator(mode="after")
    def _each_once(self) -> "LegalClocks":
        ids = [one.id for one in self.line]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"line.id: used twice: {', '.join(twice)}")
        return self

    def of(self, category: str) -> tuple[LegalLine, ...]:
        """The duties that may apply to an incident of this category, in the order of the file."""
        return tuple(one for one in self.line if {category, EVERY} & set(one.category))

    def unknown_categories(self, known: Sequence[str]) -> list[str]:
        """Faults of lines whose category the taxonomy does not have."""
        allowed = {EVERY, *known}
        return [
            f"{FILE}: line.{one.id}.category: no category {wrong!r} in the taxonomy"
            for one in self.line
            for wrong in one.category
            if wrong not in allowed
        ]


def load_legal_clocks(folder: Path) -> LegalClocks:
    """Read legal_clocks.toml of a settings folder, or the shipped one; SettingsError lists all faults."""
    path = folder / FILE
    if not path.exists():
        path = SHIPPED
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError([f"{FILE}: cannot be read ({error.strerror})"]) from error
    except UnicodeDecodeError as error:
        raise SettingsError([f"{FILE}: is not UTF-8"]) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([f"{FILE}: is not TOML: {error}"]) from error
    try:
        return LegalClocks.model_validate(found)
    except ValidationError as error:
        raise SettingsError([_say(dict(fault), found) for fault in error.errors()]) from error


def _say(fault: dict[str, Any], found: dict[str, Any]) -> str:
    """One pydantic fault as `file: key: what is allowed`; a line by its id, else counted from 1."""
    where = ".".join(_step(fault["loc"], place, found) for place in range(len(fault["loc"]))) or "line"
    if fault["type"] == "extra_forbidden":
        return f"{FILE}: {where}: no such key"
    if fault["type"] == "missing":
        return f"{FILE}: {where}: is missing"
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"{FILE}: {where}: {message[0].lower()}{message[1:]}"


def _step(loc: Sequence[Any], place: int, found: dict[str, Any]) -> str:
    step = loc[place]
    if not isinstance(step, int):
        return str(step)
    lines = found.get("line") if loc[0] == "line" and place == 1 else None
    named = lines[step].get("id") if isinstance(lines, list) and isinstance(lines[step], dict) else None
    return str(named) if isinstance(named, str) else str(step + 1)
