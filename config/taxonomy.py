"""Reads taxonomy.yaml: the crisis categories and the words that betray them, or every fault of the file at once."""

from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BeforeValidator, Field, ValidationError, model_validator

from config.errors import SettingsError
from config.model import Model

SHIPPED = Path(__file__).parent / "taxonomy.yaml"


def _word(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("words; put quotes around numbers, yes, no and dates")  # noqa: TRY004 pydantic wants it
    if not value.strip():
        raise ValueError("words, none of them empty")
    return value


Words = tuple[Annotated[str, BeforeValidator(_word)], ...]


class Bilingual(Model):
    """The same kind of word in both languages; scripts tell them apart, so rules use `all`."""

    zh: Words = ()
    en: Words = ()

    @property
    def all(self) -> tuple[str, ...]:
        return self.zh + self.en


class Pair(Model):
    """Two ordinary words that together tell of harm, at most `within` characters apart, in either order."""

    first: Words = Field(min_length=1)
    then: Words = Field(min_length=1)
    within: int = Field(ge=1, le=200)
    aggravator: str = Field("", description="An aggravator this pair stands for, e.g. symptom or injury.")


class Category(Model):
    """One kind of crisis: what it is called, who is called, which clocks it may start, and its words."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    zh_name: str = Field(min_length=1)
    en_name: str = Field(min_length=1)
    scct: Literal["victim", "accidental", "preventable"]
    floor: Literal["blue", "yellow", "orange", "red"]
    harm: int = Field(1, ge=0, le=4)
    clocks: tuple[str, ...] = ()
    page: tuple[str, ...] = ()
    hard: Bilingual = Bilingual()
    terms: Bilingual = Bilingual()
    weak: Bilingual = Bilingual()
    pairs: tuple[Pair, ...] = ()
    false_friends: Bilingual = Bilingual()


class Aggravators(Model):
    """What makes any category worse; the first five speak of people's bodies."""

    death_injury: Bilingual
    hospital: Bilingual
    injury: Bilingual
    symptom: Bilingual
    vulnerable: Bilingual
    collective: Bilingual = Bilingual()
    evidence: Bilingual = Bilingual()
    insider: Bilingual = Bilingual()
    escalation: Bilingual = Bilingual()
    coverup: Bilingual = Bilingual()


class Taxonomy(Model):
    """The whole file. `category` finds one by id; names for screens come from `names`."""

    version: int = Field(ge=2)
    aggravators: Aggravators
    certainty: Bilingual = Bilingual()
    negations: Bilingual = Bilingual()
    not_negations: Bilingual = Bilingual()
    suppressors: Bilingual = Bilingual()
    mild_suppressors: Bilingual = Bilingual()
    idioms: Bilingual = Bilingual()
    categories: tuple[Category, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_home_per_word(self) -> "Taxonomy":
        ids = [category.id for category in self.categories]
        if len(set(ids)) < len(ids):
            raise ValueError("category ids must differ")
        homes: dict[str, str] = {}
        for category in self.categories:
            for word in (*category.hard.all, *category.terms.all, *category.weak.all):
                other = homes.setdefault(word.lower(), category.id)
                if other != category.id:
                    raise ValueError(f"{word!r} stands in {other} and in {category.id}; keep one")
            self._check_pairs(category)
        return self

    @staticmethod
    def _check_pairs(category: Category) -> None:
        for pair in category.pairs:
            if pair.aggravator and pair.aggravator not in Aggravators.model_fields:
                raise ValueError(f"{category.id}.pairs: no aggravator {pair.aggravator!r}")

    def category(self, id: str) -> Category | None:
        """The category of that id, None when the file has none."""
        return self.by_id.get(id)

    @cached_property
    def by_id(self) -> dict[str, Category]:
        """Asked for every text with a risk word."""
        return {category.id: category for category in self.categories}

    def name(self, id: str, lang: str = "zh") -> str:
        """What screens call a category: its Chinese or English name, the id itself when unknown."""
        found = self.category(id)
        if found is None:
            return id
        return found.en_name if lang == "en" else found.zh_name


def load_taxonomy(path: Path = SHIPPED) -> Taxonomy:
    """Read and check a taxonomy file; SettingsError lists every fault as `file: key: what is wrong`."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError([f"{path.name}: cannot be read ({error.strerror})"]) from error
    except UnicodeDecodeError as error:
        raise SettingsError([f"{path.name}: is not UTF-8"]) from error
    except yaml.YAMLError as error:
        raise SettingsError([f"{path.name}: is not YAML: {' '.join(str(error).split())}"]) from error
    if not isinstance(found, dict):
        raise SettingsError([f"{path.name}: must be a table with version, aggravators and categories"])
    try:
        return Taxonomy.model_validate(found)
    except ValidationError as error:
        raise SettingsError([_say(path.name, dict(fault), found) for fault in error.errors()]) from error


def _say(file: str, fault: dict[str, Any], found: dict[str, Any]) -> str:
    where = ".".join(_steps(fault["loc"], found)) or "file"
    if fault["type"] == "extra_forbidden":
        return f"{file}: {where}: no such key"
    if fault["type"] == "missing":
        return f"{file}: {where}: is missing"
    message = str(fault["msg"]).removeprefix("Value error, ")
    shown = "" if isinstance(fault.get("input"), dict) else f" (found {str(fault.get('input'))[:60]!r})"
    return f"{file}: {where}: {message}{shown}"


def _steps(loc: tuple[Any, ...], found: Any) -> list[str]:
    """The way to a fault, a category by its id and other list entries counted from 1."""
    steps, at = [], found
    for step in loc:
        try:
            at = at[step]
        except (KeyError, IndexError, TypeError):
            at = None
        named = at.get("id") if isinstance(at, dict) and isinstance(step, int) else None
        steps.append(str(named) if named else str(step + 1 if isinstance(step, int) else step))
    return steps
