"""What every settings model of the house is: frozen, and a key it does not know is a fault."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """Frozen; an unknown key is a fault, never silently ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")
