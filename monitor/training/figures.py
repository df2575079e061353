"""How well probabilities tell ones from zeros (pure)."""

import numpy as np

from monitor.training.logistic import Floats


def auc(p: Floats, labels: Floats) -> float:
    """The chance that a one gets a higher number than a zero; ties count half. Needs both kinds."""
    order = np.argsort(p, kind="stable")
    values, ranks = p[order], np.arange(1, p.size + 1, dtype=np.float64)
    begins = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
    sizes = np.diff(np.concatenate([begins, [p.size]]))
    ranks = np.repeat(begins + (sizes + 1) / 2, sizes)
    ones = labels[order] == 1
    number = int(ones.sum())
    return float((ranks[ones].sum() - number * (number + 1) / 2) / (number * (p.size - number)))


def recall_at(p: Floats, labels: Floats, false_alarms: float) -> float:
    """The share of ones found when at most this share of zeros is called one."""
    zeros = np.sort(p[labels == 0])[::-1]
    return float((p[labels == 1] > zeros[int(false_alarms * zeros.size)]).mean())


def calibration_error(p: Floats, labels: Floats, bins: int = 10) -> float:
    """Expected calibration error: how far the stated probability is from what happened, weighted by bin."""
    place = np.minimum((p * bins).astype(int), bins - 1)
    told, number = np.bincount(place, p, bins), np.bincount(place, minlength=bins)
    happened = np.bincount(place, labels, bins)
    return float(np.abs(told - happened).sum() / max(int(number.sum()), 1))
