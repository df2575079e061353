"""Two rules for the same rows, as the suite's scorer drives them: the shipped detector, and mean + 3 sigma."""

import math
from collections import deque
from collections.abc import Mapping
from datetime import UTC

from bench.spike_rows import row
from config.watch import Thresholds
from monitor.rarity import PER_DAY
from monitor.series import Detector

WEEK = 7 * PER_DAY


class Ours:
    """The detector with the thresholds it is shipped with."""

    wants_row = True

    def __init__(self) -> None:
        self.detector = Detector(Thresholds(), UTC)

    def update(self, cells: Mapping[str, str]) -> tuple[float, int]:
        """Score, and what is told: 0 nothing, 1 a notice, 2 a page."""
        reading = self.detector.update(row(cells))
        return reading.score, reading.told


class MeanSigma:
    """What is written first: by how many standard deviations is a count above the mean of the last seven days?"""

    def __init__(self) -> None:
        self.last: deque[float] = deque(maxlen=WEEK)
        self.sum = self.squares = 0.0

    def update(self, value: float) -> float:
        """z of this bucket; 0 until a day is known."""
        count = len(self.last)
        z = 0.0
        if count >= PER_DAY:
            mean = self.sum / count
            z = (value - mean) / math.sqrt(max(self.squares / count - mean * mean, 0.25))
        if count == WEEK:
            self.sum -= self.last[0]
            self.squares -= self.last[0] ** 2
        self.last.append(value)
        self.sum += value
        self.squares += value * value
        return z
