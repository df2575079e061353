"""How long a piece of work takes: the fastest of several runs, for what else the machine does is not the work's."""

from collections.abc import Callable

from config.clock import stopwatch


def fastest(work: Callable[[], object], times: int) -> float:
    """Seconds."""
    found = []
    for _ in range(times):
        began = stopwatch()
        work()
        found.append(stopwatch() - began)
    return min(found)
