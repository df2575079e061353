"""team.toml: who is called, who speaks, how long the promise is."""

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from config.gateways import ADDRESSES, ChannelName, address_fault
from config.model import Model
from config.spans import Span

ROLES = ("viewer", "responder", "drafter", "legal", "spokesperson", "lead", "executive", "ops", "admin")
Role = Literal["viewer", "responder", "drafter", "legal", "spokesperson", "lead", "executive", "ops", "admin"]


def _some_time(value: timedelta) -> timedelta:
    if value <= timedelta():
        raise ValueError('longer than nothing, such as "15m"')
    return value


SomeTime = Annotated[Span, AfterValidator(_some_time)]


class Endpoint(Model):
    channel: ChannelName = Field(description=f"One of: {', '.join(ADDRESSES)}.")
    address: str = Field(min_length=3, description="Address the channel understands, or secret:NAME.")
    secret_env: str = Field("", description="Name of the secret (X or X_FILE) that signs or opens this endpoint.")

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
    endpoint: tuple[Endpoint, ...] = Field((), description="How they are reached, in order of trust.")


class Rota(Model):
    duty: str = Field(description="Which duty: duty, backup, lead …")
    people: tuple[str, ...] = Field(min_length=1, description="Who takes turns, in order.")
    first_day: date = Field(date(2026, 1, 5), description="Day the first person's turn begins.")
    turn: Span = Field(timedelta(days=7), description="Length of one turn; whole days.")
    hand_over: str = Field("09:00", description='Local time of the hand-over, quoted, e.g. "09:00".')

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
    cycles: int = Field(3, ge=1, le=10, description="How often the steps are walked before loud exhaustion.")
    cycle: SomeTime = Field(timedelta(minutes=15), description="Pause from the last step to the next walk.")
    yellow_wait: Span = Field(timedelta(seconds=60), description="Yellow waits this long to be grouped.")
    ack_expires: SomeTime = Field(timedelta(minutes=20), description="A taken incident without activity pages again.")
    second_channel: SomeTime = Field(timedelta(seconds=60), description="Not accepted by then: the next channel.")


class FirstHour(Model):
    promise: SomeTime = Field(timedelta(minutes=60), description="First public response is due this long after T0.")
    reminders: tuple[Span, ...] = Field(
        tuple(timedelta(minutes=m) for m in (15, 30, 45, 50, 55)), description="When the owner is reminded."
    )
    after_breach: SomeTime = Field(timedelta(minutes=15), description="Reminders after a breach.")
    reopen: Span = Field(timedelta(hours=6), description="A resolved incident that returns within this reopens.")


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

    def roles(self) -> dict[str, list[str]]:
        """Role → person ids who have it."""
        found: dict[str, list[str]] = {}
        for person in self.person:
            for role in person.roles:
                found.setdefault(role, []).append(person.id)
        return found

    def find(self, person_id: str) -> Person | None:
        return next((person for person in self.person if person.id == person_id), None)
