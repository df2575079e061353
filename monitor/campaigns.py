"""What a planned campaign of a brand does to the volume rules (pure): more is needed to page, nothing is muted."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from config.watch import Thresholds
from monitor.rarity import Reading
from store.nouns import Spell, Window

# A brand watched for the four days it takes can show no volume rarer than this: what asked for more would be mute.
REACHABLE = 3.5


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
        return f"；计划活动“{self.title}”进行中，声量门槛按 {self.factor:g} 倍算"

    def expects(self, rare: Reading) -> bool:
        """True while a campaign runs and the volume is no more than what was planned."""
        return self.factor > 1 and rare.ratio < self.factor


# No campaign: nothing is raised, nothing is said.
NONE_PLANNED = Campaign("", 1.0)


def running(spells: Iterable[Spell], brand: str) -> Campaign:
    """The campaign of `brand` among spells that cover the moment; of several the one that expects most.

    The first line of a campaign's reason is its name.
    """
    ours = (one for one in spells if one.kind == Window.CAMPAIGN and one.brand == brand)
    most = max(ours, key=lambda one: one.factor, default=None)
    return Campaign(most.reason.partition("\n")[0], most.factor) if most else NONE_PLANNED


def raised(thresholds: Thresholds, factor: float) -> Thresholds:
    """The thresholds of a volume page while `factor` times the usual is expected: more posts, more authors, rarer.

    Whatever is about what the posts say (clusters of one trouble, the look-back, the cooldown) stays as it is.
    """
    rarer = min(thresholds.rarity + math.log10(factor), REACHABLE)
    return thresholds.model_copy(
        update={
            "voices": math.ceil(thresholds.voices * factor),
            "authors": math.ceil(thresholds.authors * factor),
            "rarity": max(thresholds.rarity, rarer),
        }
    )
