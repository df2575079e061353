"""team.toml: who is called, who stands in for whom, who speaks, how long the promises are, and their cross checks."""

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from config.calendar import ZoneOrNone
from config.gateways import ADDRESSES, NAME_OR_NONE, ChannelName, address_fault
from config.model import Model
from config.spans import Span, write_span

ROLES = ("viewer", "responder", "drafter", "legal", "spokesperson", "lead", "executive", "ops", "admin")
Role = Literal["viewer", "responder", "drafter", "legal", "spokesperson", "lead", "executive", "ops", "admin"]


def _some_time(value: timedelta) -> timedelta:
    if value <= timedelta():
        raise ValueError('longer than nothing, such as "15m"')
    return value


SomeTime = Annotated[Span, AfterValidator(_some_time)]


class Endpoint(Model):
    channel: ChannelName = Field(description=f"One of: {', '.join(ADDRESSES)}.")
    address: str = Field(min_length=1, description="Address the channel understands, or secret:NAME.")
    secret_env: str = Field("", pattern=NAME_OR_NONE, description="Name of the secret (X or X_FILE) that opens it.")

    @model_validator(mode="after")
    def _fits_its_channel(self) -> "Endpoint":
        fault = address_fault(self.channel, self.address)
        if fault:
            raise ValueError(fault)
        return self


class Person(Model):
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,39}$", description="Sign-in name.")
    name: str = Field(min_length=1, description="The name others read.")
    roles: tuple[Role, ...] = Field(("viewer",), description=f"What they may do: {', '.join(ROLES)}.")
    language: Literal["zh", "en"] = Field("zh", description="Language of their pages.")
    deputy: str = Field("", description="Id of the person called in their place while they are absent; empty: none.")
    zone: ZoneOrNone = Field("", description="Time zone they live in; empty: the service's.")
    endpoint: tuple[Endpoint, ...] = Field((), description="How they are reached, in order of trust.")


class Rota(Model):
    duty: str = Field(description="Which duty: duty, backup, lead …")
    people: tuple[str, ...] = Field(min_length=1, description="Who takes turns, in order.")
    first_day: date = Field(date(2026, 1, 5), description="Day the first person's turn begins.")
    turn: Span = Field(timedelta(days=7), description="Length of one turn; whole days.")
    hand_over: str = Field("09:00", description='Local time of the hand-over, quoted, e.g. "09:00".')
    zone: ZoneOrNone = Field("", description="Time zone of the hand-over; empty: the service's.")
    holidays: tuple[date, ...] = Field((), description="Days without a hand-over: whoever is on duty stays.")

    @field_validator("hand_over")
    @classmethod
    def _clock_time(cls, value: str) -> str:
        hour, colon, minute = value.partition(":")
        if not (colon and hour.isdigit() and minute.isdigit() and int(hour) < 24 and int(minute) < 60):
            raise ValueError('a quoted time such as "09:00"')
        return value

    @field_validator("turn")
    @classmethod
    def _whole_days(cls, value: timedelta) -> timedelta:
        if value < timedelta(days=1) or value % timedelta(days=1):
            raise ValueError('whole days such as "7d"')
        return value


class Step(Model):
    after: Span = Field(description="Time since the paging began.")
    call: tuple[str, ...] = Field(min_length=1, description="Duties (rota) or roles called at this step.")


class Specialist(Model):
    role: str = Field(min_length=1, description="A role the taxonomy calls for, such as ciso or quality_lead.")
    call: tuple[str, ...] = Field(description="Duties, roles or people who answer for it; empty: nobody, on purpose.")


class Escalation(Model):
    steps: tuple[Step, ...] = Field(
        (
            Step(after=timedelta(), call=("duty",)),
            Step(after=timedelta(minutes=5), call=("backup",)),
            Step(after=timedelta(minutes=10), call=("lead",)),
            Step(after=timedelta(minutes=15), call=("responder", "executive")),
        ),
        min_length=1,
        description="Who is called when, until somebody takes it.",
    )
    specialists: tuple[Specialist, ...] = Field((), description="Who answers for the roles of a category, from orange.")
    cycles: int = Field(3, ge=1, le=10, description="How often the steps are walked before loud exhaustion.")
    cycle: SomeTime = Field(timedelta(minutes=15), description="Pause from the last step to the next walk.")
    yellow_wait: Span = Field(timedelta(seconds=60), description="Yellow waits this long to be grouped.")
    ack_expires: SomeTime = Field(timedelta(minutes=20), description="A taken incident without activity pages again.")
    second_channel: SomeTime = Field(timedelta(seconds=60), description="Not accepted by then: the next channel.")


class Profile(Model):
    categories: tuple[str, ...] = Field((), description="Crisis categories (taxonomy.yaml) it is for; empty: all.")
    levels: tuple[Literal["orange", "red"], ...] = Field((), description="Levels it is for; empty: both.")
    promise: SomeTime = Field(description="First public response is due this long after T0.")
    reminders: tuple[Span, ...] | None = Field(
        None, description="When the owner is reminded; left out: those of first_hour before this promise."
    )


class FirstHour(Model):
    promise: SomeTime = Field(timedelta(minutes=60), description="First public response is due this long after T0.")
    reminders: tuple[Span, ...] = Field(
        tuple(timedelta(minutes=m) for m in (15, 30, 45, 50, 55)), description="When the owner is reminded."
    )
    after_breach: SomeTime = Field(timedelta(minutes=15), description="Reminders after a breach.")
    reopen: Span = Field(timedelta(hours=6), description="A resolved incident that returns within this reopens.")
    profile: tuple[Profile, ...] = Field((), description="Other promises; the shortest one that fits counts.")


class Stage(Model):
    name: str = Field(min_length=1, max_length=40, description="What people are owed, in your words.")
    after: SomeTime = Field(description="Due this long after they wrote.")
    working: bool = Field(False, description="true: only working time counts (calendar.toml).")
    warn: SomeTime | None = Field(None, description="The owner is warned this long before; left out: no warning.")


class Answer(Model):
    kind: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", description="Short name of this way to write to us.")
    name: str = Field(min_length=1, description="What screens call it.")
    stages: tuple[Stage, ...] = Field(description="What is owed to them, and by when; at least one.")


# What the service handbook promises.
HANDBOOK = tuple(
    Answer(kind=kind, name=name, stages=tuple(Stage.model_validate(stage) for stage in stages))
    for kind, name, stages in (
        (
            "complaint",
            "投诉",
            ({"name": "确认收到", "after": "1h", "warn": "15m"}, {"name": "初步方案", "after": "24h", "warn": "4h"}),
        ),
        (
            "email",
            "电子邮件",
            (
                {"name": "确认收到", "after": "2h", "working": True, "warn": "30m"},
                {"name": "实质答复", "after": "24h", "warn": "4h"},
            ),
        ),
        ("message", "即时消息", ({"name": "回复", "after": "10m", "working": True, "warn": "5m"},)),
        ("after_sales", "售后", ({"name": "首次响应", "after": "24h", "warn": "4h"},)),
    )
)


class Contact(Model):
    phone: str = Field("", description="Public hotline with hours.")
    email: str = Field("", description="Public mail address.")


class Team(Model):
    """team.toml: what the crisis lead sets."""

    person: tuple[Person, ...] = Field(min_length=1, description="The crisis team.")
    rota: tuple[Rota, ...] = Field((), description="Who is on duty when.")
    escalation: Escalation = Escalation()
    first_hour: FirstHour = FirstHour()
    spokesperson: str = Field(description="The one person who releases statements.")
    spokesperson_deputies: tuple[str, ...] = Field((), description="Named deputies, in order.")
    contact: Contact = Contact()
    place: str = Field("本账号", description="Where the public finds the next update.")
    answer: tuple[Answer, ...] = Field(HANDBOOK, description="How soon people who write to us are answered.")

    def roles(self) -> dict[str, list[str]]:
        """Role → person ids who have it."""
        found: dict[str, list[str]] = {}
        for person in self.person:
            for role in person.roles:
                found.setdefault(role, []).append(person.id)
        return found

    def find(self, person_id: str) -> Person | None:
        return next((person for person in self.person if person.id == person_id), None)

    def deputies(self) -> dict[str, str]:
        """Person id → id of their deputy, for those who have one."""
        return {person.id: person.deputy for person in self.person if person.deputy}

    def faults(self) -> list[str]:
        """Cross checks inside team.toml, each one line `file: key: what, what is allowed`."""
        found = (self._twice(), self._deputy_faults(), self._call_faults(), self._span_faults())
        return [f"team.toml: {fault}" for faults in found for fault in faults]

    def _twice(self) -> list[str]:
        named = {
            "person.id": [one.id for one in self.person],
            "rota.duty": [one.duty for one in self.rota],
            "escalation.specialists.role": [one.role for one in self.escalation.specialists],
            "answer.kind": [one.kind for one in self.answer],
        } | {f"answer.{rule.kind}.stages.name": [one.name for one in rule.stages] for rule in self.answer}
        return [
            f"{key}: {name!r} is used twice"
            for key, names in named.items()
            for name in dict.fromkeys(names)
            if names.count(name) > 1
        ]

    def _deputy_faults(self) -> list[str]:
        known, found = sorted(person.id for person in self.person), []
        for person, deputy in self.deputies().items():
            if deputy == person:
                found.append(f"person.{person}.deputy: nobody stands in for themselves; name somebody else")
            elif deputy not in known:
                found.append(f"person.{person}.deputy: nobody is called {deputy!r}; allowed: {', '.join(known)}")
        if self.spokesperson in self.spokesperson_deputies:
            found.append(f"spokesperson_deputies: {self.spokesperson!r} is the spokesperson; name somebody else")
        return found

    def _call_faults(self) -> list[str]:
        allowed = sorted({rota.duty for rota in self.rota} | set(self.roles()) | {person.id for person in self.person})
        return [
            f"escalation.specialists.{one.role}.call: no rota, role or person is called {name!r}; "
            f"allowed: {', '.join(allowed)}"
            for one in self.escalation.specialists
            for name in one.call
            if name not in allowed
        ]

    def _span_faults(self) -> list[str]:
        spans = [
            (f"first_hour.profile.{number}.reminders", after, profile.promise)
            for number, profile in enumerate(self.first_hour.profile, 1)
            for after in profile.reminders or ()
        ]
        spans += [
            (f"answer.{rule.kind}.stages.{stage.name}.warn", stage.warn, stage.after)
            for rule in self.answer
            for stage in rule.stages
            if stage.warn
        ]
        empty = [
            f"answer.{rule.kind}.stages: is empty; at least one is needed" for rule in self.answer if not rule.stages
        ]
        return empty + [
            f"{key}: {write_span(span)} is too long; allowed: less than {write_span(limit)}"
            for key, span, limit in spans
            if span >= limit
        ]
