"""The questions every crisis and each category is asked, read from questions.yaml; and the worst ones, for practice."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from config.errors import SettingsError

SHIPPED = Path(__file__).parents[2] / "config" / "questions.yaml"
SHIPPED_HOSTILE = SHIPPED.with_name("hostile_questions.yaml")
HOSTILE = 5
EVERY = "all"
ASKERS = ("consumer", "media", "regulator", "staff", "investor", "channel")
REASONS = ("privacy", "legal", "not_ours")
Status = Literal["READY", "PENDING_FACT", "REFER", "DECLINE"]
STATUSES: tuple[Status, ...] = ("READY", "PENDING_FACT", "REFER", "DECLINE")
# What leads from any question back to what we can say; the sheet names one beside each answer.
BRIDGES = {
    "READY": ("我能确认的是：", "What I can confirm is: "),
    "PENDING_FACT": ("这一点还在核实，我能告诉您的是：", "We are still checking that. What I can tell you is: "),
    "REFER": ("这要由主管部门来说，我们做的是：", "That is for the authority to say. What we do is: "),
    "DECLINE": ("这个我不能回答，我可以提供的是：", "I cannot answer that. What I can offer is: "),
}


def _compiled(value: object) -> object:
    """A pattern of the file, blind to case; what is no pattern is a fault of the file."""
    try:
        return re.compile(value, re.IGNORECASE) if isinstance(value, str) else value
    except re.error as error:
        raise ValueError(f"no pattern: {error}") from error


Asks = Annotated[re.Pattern[str], BeforeValidator(_compiled)]
_NOTHING = re.compile(r"(?!)")


class Prepared(BaseModel):
    """One line of questions.yaml: words, the facts that answer it, and what is said while there are none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    for_: str = Field(alias="for")
    topic: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    asker: Literal["consumer", "media", "regulator", "staff", "investor", "channel"]
    slots: tuple[str, ...]
    about: Asks = re.compile("")
    open: Status
    refer_zh: str = ""
    refer_en: str = ""
    reason: Literal["", "privacy", "legal", "not_ours"] = ""
    instead_zh: str = ""
    instead_en: str = ""
    zh: str
    en: str
    none_zh: str
    none_en: str
    heat: Asks = _NOTHING
    hint: Asks = _NOTHING
    asked: tuple[str, ...] = ()
    avoid_zh: str
    avoid_en: str

    @model_validator(mode="after")
    def _whole(self) -> "Prepared":
        """A question handed on names who answers; a refusal says why and what is offered in its place."""
        if self.open == "REFER" and not (self.refer_zh and self.refer_en):
            raise ValueError("REFER needs refer_zh and refer_en: who answers")
        if self.open == "DECLINE" and not (self.reason and self.instead_zh and self.instead_en):
            raise ValueError("DECLINE needs reason, instead_zh and instead_en: what is offered in its place")
        return self

    def said(self, field: str, lang: str) -> str:
        """The words of a field that stands in both languages."""
        return str(getattr(self, f"{field}_{lang}"))

    def question(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


class Hostile(NamedTuple):
    """One of the worst questions; `like` is the id of the prepared question whose answer is nearest."""

    like: str
    zh: str
    en: str


def load_questions(path: Path = SHIPPED) -> tuple[Prepared, ...]:
    """Read a questions file; SettingsError lists every fault."""
    found = _yaml(path)
    if not isinstance(found, list) or not found:
        raise SettingsError([f"{path.name}: a list of questions is needed"])
    questions, faults = [], []
    for number, entry in enumerate(found, 1):
        try:
            questions.append(Prepared.model_validate(entry))
        except ValidationError as error:
            faults += [
                f"{path.name}: {number}.{one['loc'][0] if one['loc'] else ''}: {one['msg']}" for one in error.errors()
            ]
    twice = sorted(one for one, times in Counter(question.id for question in questions).items() if times > 1)
    faults += [f"{path.name}: {one}: stands there twice" for one in twice]
    if faults:
        raise SettingsError(faults)
    return tuple(questions)


def load_hostile(path: Path = SHIPPED_HOSTILE, known: Sequence[Prepared] = ()) -> dict[str, tuple[Hostile, ...]]:
    """Read the worst questions, five a category; SettingsError lists every fault."""
    found = _yaml(path)
    if not isinstance(found, dict) or not found:
        raise SettingsError([f"{path.name}: categories with {HOSTILE} questions each are needed"])
    ids = {one.id for one in known or shipped_questions()}
    faults = [
        f"{path.name}: {category}: {HOSTILE} lines of [id of a prepared question, zh, en] are needed"
        for category, lines in found.items()
        if not _five(lines, ids)
    ]
    if faults:
        raise SettingsError(faults)
    return {category: tuple(Hostile(*line) for line in lines) for category, lines in found.items()}


@lru_cache(maxsize=1)
def shipped_questions() -> tuple[Prepared, ...]:
    return load_questions()


@lru_cache(maxsize=1)
def shipped_hostile() -> dict[str, tuple[Hostile, ...]]:
    return load_hostile()


def questions_for(category: str, known: Sequence[Prepared] = ()) -> tuple[Prepared, ...]:
    """The baseline and the questions of one category, in the file's order."""
    return tuple(one for one in known or shipped_questions() if one.for_ in (EVERY, category))


def hostile_for(category: str) -> tuple[Hostile, ...]:
    """The five worst questions of a category; () for an incident without one."""
    return shipped_hostile().get(category, ())


def _five(lines: Any, ids: set[str]) -> bool:
    if not isinstance(lines, list) or len(lines) != HOSTILE:
        return False
    return all(
        isinstance(line, list) and len(line) == 3 and line[0] in ids and all(isinstance(word, str) for word in line)
        for line in lines
    )


def _yaml(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError([f"{path.name}: cannot be read: {error}"]) from error
