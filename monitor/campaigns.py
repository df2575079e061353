"""What a planned campaign of a brand does to the volume rules (pure): its noise calls nobody, complaints do."""

from collections.abc import Iterable
from dataclasses import dataclass

from store.nouns import Spell, Window


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign that runs now: the name people gave it and how many times the usual volume they expect (≥ 1)."""

    title: str
    factor: float

    @property
    def said(self) -> str:
        """The part of a spike's sentence that says so; "" when nothing is planned."""
        if not self.title:
            return ""
        return f"；计划活动“{self.title}”进行中，预计声量 {self.factor:g} 倍"

    @property
    def planned(self) -> float:
        """What a series is told of it: the factor, 0 when nothing is planned."""
        return self.factor if self.title else 0.0


# No campaign: nothing is expected, nothing is said.
NONE_PLANNED = Campaign("", 1.0)


def running(spells: Iterable[Spell], brand: str) -> Campaign:
    """The campaign of `brand` among spells that cover the moment; of several the one that expects most.

    The first line of a campaign's reason is its name.
    """
    ours = (one for one in spells if one.kind == Window.CAMPAIGN and one.brand == brand)
    most = max(ours, key=lambda one: one.factor, default=None)
    return Campaign(most.reason.partition("\n")[0], most.factor) if most else NONE_PLANNED
