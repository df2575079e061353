"""remedies.toml: what may be promised as a remedy, by which law, and who cleared it. Only cleared rows may be said."""

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, model_validator

from config.errors import SettingsError
from config.model import Model
from config.spans import Span

FILE = "remedies.toml"
SHIPPED = Path(__file__).parent / FILE
EVERY = "all"


class Remedy(Model):
    """One row of the compensation matrix."""

    id: str = Field(pattern=r"^[a-z0-9_-]{2,40}$", description="Name of the row, lower case.")
    category: str = Field(EVERY, min_length=1, description='Category of the taxonomy, or "all".')
    zh: str = Field(min_length=1, max_length=300, description="What is offered, in the Chinese of a statement.")
    en: str = Field(min_length=1, max_length=300, description="The same in English.")
    basis: str = Field(min_length=1, max_length=200, description="Law and article, or the decision it rests on.")
    cleared_by: str = Field("", max_length=60, description="Who cleared it (finance or legal); empty: nobody yet.")
    cleared_on: date | None = Field(None, description="Day on which it was cleared; missing: not cleared.")

    @property
    def cleared(self) -> bool:
        return bool(self.cleared_by) and self.cleared_on is not None

    @model_validator(mode="after")
    def _named_and_dated(self) -> "Remedy":
        if bool(self.cleared_by) != (self.cleared_on is not None):
            raise ValueError("cleared_by and cleared_on stand together: a name and a day, or neither")
        return self


class Remedies(Model):
    """remedies.toml: the compensation matrix, and how long a remedy said without a time may take."""

    due: Span = Field(timedelta(days=3), description="A remedy promised without a time is looked at after this.")
    remedy: tuple[Remedy, ...] = Field((), description="Rows of the matrix.")

    @model_validator(mode="after")
    def _each_once(self) -> "Remedies":
        ids = [one.id for one in self.remedy]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"remedy.id: used twice: {', '.join(twice)}")
        return self

    @model_validator(mode="after")
    def _takes_time(self) -> "Remedies":
        if self.due < timedelta(hours=1):
            raise ValueError("due: at least 1h")
        return self


def load_remedies(folder: Path) -> Remedies:
    """Read remedies.toml of a settings folder, or the shipped one when it has none; SettingsError lists all faults."""
    path = folder / FILE
    if not path.exists():
        path = SHIPPED
    try:
        return Remedies.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SettingsError([f"{FILE}: cannot be read ({error.strerror})"]) from error
    except UnicodeDecodeError as error:
        raise SettingsError([f"{FILE}: is not UTF-8"]) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([f"{FILE}: is not TOML: {error}"]) from error
    except ValidationError as error:
        raise SettingsError([_say(dict(fault)) for fault in error.errors()]) from error


def _say(fault: dict[str, Any]) -> str:
    """One pydantic fault as `file: key: what is allowed`; rows count from 1."""
    where = ".".join(str(step + 1 if isinstance(step, int) else step) for step in fault["loc"]) or "remedy"
    if fault["type"] == "extra_forbidden":
        return f"{FILE}: {where}: no such key"
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"{FILE}: {where}: {message[0].lower()}{message[1:]}"
