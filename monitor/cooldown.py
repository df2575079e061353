"""What is said once is not said again until it has passed or grown (pure)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from config.watch import Thresholds
from monitor.signals import NOTICE, PAGE, QUIET, Evidence

# Volumes are of fifteen minutes; a page may come with the first five of them.
FILLING: Final = timedelta(minutes=15)


class Cooldown:
    """When the last page went out and how big it was; when each kind of notice did."""

    def __init__(self) -> None:
        self.paged: datetime | None = None
        self.size = 0.0
        self.noticed: dict[str, datetime] = {}

    def told(self, at: datetime, evidence: Sequence[Evidence], size: float, limits: Thresholds) -> int:
        """Which level of this evidence is news now, and remember that it was told. `size`: of fifteen minutes.

        During the cooldown only a page `rerise` times as big as the last is; after a page no notice is.
        """
        resting = self.paged is not None and at - self.paged < limits.cooldown
        if any(one.level == PAGE for one in evidence):
            return self._page(at, size, limits.rerise if resting else 0.0)
        if resting:
            return QUIET
        self.noticed = {kind: since for kind, since in self.noticed.items() if at - since < limits.cooldown}
        new = [one.kind for one in evidence if one.kind not in self.noticed]
        self.noticed |= dict.fromkeys(new, at)
        return NOTICE if new else QUIET

    def _page(self, at: datetime, size: float, rerise: float) -> int:
        if self.paged is not None and at - self.paged < FILLING:
            # The fifteen minutes that were paged for are not over: how big it is is only seen now.
            self.size = max(self.size, size)
            return QUIET
        if size < rerise * self.size:
            return QUIET
        self.paged, self.size = at, max(size, 1.0)
        return PAGE

    def to_state(self) -> dict[str, Any]:
        """JSON form."""
        noticed = {kind: since.isoformat() for kind, since in self.noticed.items()}
        return {"paged": self.paged.isoformat() if self.paged else "", "size": self.size, "noticed": noticed}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Cooldown":
        made = cls()
        made.paged = datetime.fromisoformat(state["paged"]) if state["paged"] else None
        made.size = float(state["size"])
        made.noticed = {kind: datetime.fromisoformat(since) for kind, since in state["noticed"].items()}
        return made
