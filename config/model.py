"""What every settings model of the house is: frozen, and a key it does not know is a fault."""

from pydantic import BaseModel, ConfigDict, ValidationError


class Model(BaseModel):
    """Frozen; an unknown key is a fault, never silently ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def faults_said(error: ValidationError, whole: str, most: int = 3) -> str:
    """`key: what is wrong` of the first faults of a saved body; `whole` names the body where no key is to blame."""
    return "; ".join(_say(fault["loc"], fault["msg"], whole) for fault in error.errors()[:most])


def _say(loc: tuple[int | str, ...], message: str, whole: str) -> str:
    return f"{'.'.join(map(str, loc)) or whole}: {message.removeprefix('Value error, ')}"
