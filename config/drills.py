"""What a drill scenario is made of (files: config/drills/, read by drill_files.py), and whom a drill may reach."""

import re
from datetime import datetime, timedelta
from functools import cache
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from config.model import Model
from config.taxonomy import load_taxonomy
from config.team import Role, Team

Objective = Literal[
    "ack", "triage", "draft", "release", "update", "wording", "facts", "consistency", "questions", "promises", "log"
]
OBJECTIVES: tuple[Objective, ...] = get_args(Objective)
Action = Literal["ack", "triage", "fact", "draft", "approve", "release", "correct", "answer", "note"]
ACTIONS: tuple[Action, ...] = get_args(Action)
# What scripted people do, at minutes after the incident was seen; shortly before the end they resolve what is open.
Deed = Literal["facts", "edit", "approve", "publish", "update", "correct"]
SPEEDS = tuple(range(1, 11))
_PERSONAL = {
    "a phone number": re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)|\+\d[\d -]{8,16}\d"),
    "an identity number": re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"),
    "a card number": re.compile(r"(?<!\d)(?:\d[ -]?){15,18}\d(?!\d)"),
    "a mail address": re.compile(r"[\w.+-]+@(?![\w.-]*\.(?:example|invalid)\b)[\w-]+(?:\.[\w-]+)+", re.ASCII),
    "an address of the real web": re.compile(
        r"(?:https?://|www\.)(?![\w.-]+\.(?:example|invalid)(?![\w.]))[\w.-]+", re.IGNORECASE | re.ASCII
    ),
}


@cache
def _categories() -> tuple[str, ...]:
    return tuple(one.id for one in load_taxonomy().categories)


def impersonal(text: str) -> str:
    """The same text; ValueError names the personal data in it. A drill is played with invented people only."""
    for what, pattern in _PERSONAL.items():
        if pattern.search(text):
            raise ValueError(f"it holds {what}; a scenario is invented, addresses end in .example or .invalid")
    return text


Words = Annotated[str, AfterValidator(impersonal)]
Minutes = Annotated[int, Field(ge=0, le=24 * 60)]


class Meta(Model):
    """What the scenario trains."""

    zh: Words = Field(min_length=2, max_length=60, description="Title in Chinese.")
    en: Words = Field(min_length=2, max_length=80, description="Title in English.")
    category: str = Field(description="Category of the taxonomy.")
    begins: AwareDatetime = Field(description="Virtual moment of the first post, with its zone.")
    minutes: int = Field(ge=30, le=24 * 60, description="Virtual length.")
    objectives: tuple[Objective, ...] = Field(OBJECTIVES, min_length=1, description="What is scored.")
    weak_points: tuple[Objective, ...] = Field((), description="Objectives it trains most.")
    roles: tuple[Role, ...] = Field(("responder", "drafter", "spokesperson"), description="Who is needed.")
    hard: bool = Field(False, description="true: for teams that know the ordinary ones.")
    about_zh: Words = Field("", max_length=300, description="What is trained, in Chinese.")
    about_en: Words = Field("", max_length=400, description="What is trained, in English.")


class FictionalBrand(Model):
    """A brand that does not exist."""

    name: Words = Field(min_length=2, max_length=30, description="The name people use.")
    company: Words = Field(min_length=2, max_length=60, description="The company that signs.")
    any: tuple[Words, ...] = Field(min_length=1, description="Words by which its mentions are known.")


class Expect(Model):
    """What somebody should do after an inject."""

    action: Action = Field(description=f"One of: {', '.join(ACTIONS)}.")
    by: Role | Literal[""] = Field("", description="Role that should do it; empty: anybody.")
    within: Minutes = Field(description="Minutes after the inject.")


class Inject(Model):
    """Something that happens at minute `at`, or `at` minutes after the first statement (when = "released")."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", description="Short name.")
    at: Minutes = Field(description="Virtual minutes.")
    when: Literal["always", "released", "not_released"] = Field("always", description="A branch of the story.")
    channel: Literal["post", "hot_list", "call", "internal"] = Field("post", description="How it reaches us.")
    platform: str = Field("weibo", pattern=r"^[a-z_]{1,40}$", description="Where it is said.")
    author: Literal["customer", "employee", "reporter", "influencer", "official", "rival", "team"] = Field(
        "customer", description="Who says it."
    )
    followers: int | None = Field(None, ge=0, description="Of the author; left out: unknown.")
    media: Literal["none", "picture", "video", "recording", "document"] = Field("none", description="What is attached.")
    copies: int = Field(1, ge=1, le=200, description="How many people say nearly the same.")
    rank: int | None = Field(None, ge=1, le=50, description="Place on a hot list.")
    text: Words = Field(min_length=2, max_length=1000, description="What is said.")
    expects: tuple[Expect, ...] = Field((), description="What somebody should do.")


class PlayFact(Model):
    """A confirmed public fact scripted people note."""

    at: Minutes = Field(description="Minutes after the incident was seen.")
    slot: Literal["done", "action", "scope", "authority", "cause", "other"] = Field(description="Slot of the fact log.")
    zh: Words = Field(min_length=2, max_length=200, description="In Chinese.")
    en: Words = Field(min_length=2, max_length=300, description="In English.")


# What is checked first in almost any crisis.
CHECKED = (
    PlayFact(
        at=24,
        slot="scope",
        zh="目前收到的反映已逐条登记，涉及范围正在与现场记录逐项核对",
        en="Every report received is on record and is being compared with the records on site",
    ),
    PlayFact(
        at=32,
        slot="authority",
        zh="我们已向主管部门报告并提交登记材料",
        en="We have reported to the authority in charge and handed in our record",
    ),
)


class Play(Model):
    """What scripted people do when nobody else plays."""

    ack: Minutes = Field(2, description="Minutes until somebody takes it.")
    steps: dict[Deed, Minutes] = Field(
        {"facts": 9, "edit": 16, "approve": 28, "publish": 33, "update": 55},
        description="Deed = minutes after the incident was seen.",
    )
    facts: tuple[PlayFact, ...] = Field(CHECKED, description="What they find out beside the first facts.")
    speaker: Literal["spokesperson", "deputy"] = Field("spokesperson", description="Who approves and posts.")


class DrillScenario(Model):
    """One file."""

    id: str = Field("", pattern=r"^[a-z0-9_]{0,40}$", description="Name of the file without its ending.")
    meta: Meta
    brand: FictionalBrand
    goals: dict[Objective, float] = Field({}, description="Other goals than the usual ones.")
    inject: tuple[Inject, ...] = Field(min_length=1, description="What happens.")
    play: Play = Play()

    @model_validator(mode="after")
    def _fits_together(self) -> "DrillScenario":
        ids = [one.id for one in self.inject]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"inject.id: {', '.join(twice)}: used twice")
        late = [one.id for one in self.inject if one.at > self.meta.minutes]
        if late:
            raise ValueError(f"inject: {', '.join(late)}: at is after the end; allowed: up to {self.meta.minutes}")
        known = _categories()
        if self.meta.category not in known:
            raise ValueError(f"meta.category: {self.meta.category!r} is unknown; allowed: {', '.join(known)}")
        if not any(one.when == "always" and one.at == 0 for one in self.inject):
            raise ValueError("inject: one of them must happen always, at = 0")
        return self

    @property
    def ends(self) -> datetime:
        return self.meta.begins + timedelta(minutes=self.meta.minutes)


class DrillSettings(Model):
    """Whom a drill may really reach."""

    opted_in: tuple[Annotated[str, Field(pattern=r"^[a-z0-9_.-]+:[a-z_]+$")], ...] = Field(
        (), description='PERSON:CHANNEL, e.g. "li:email": drill pages go there too; all others stay in the drill.'
    )


def opted_faults(given: DrillSettings, team: Team) -> list[str]:
    """Who opted in and is not there, each one line `service.toml: drill.opted_in: what, what is allowed`."""
    known = sorted(f"{person.id}:{one.channel}" for person in team.person for one in person.endpoint)
    return [
        f"service.toml: drill.opted_in: {one!r} is no endpoint of the team; allowed: {', '.join(known)}"
        for one in given.opted_in
        if one not in known
    ]
