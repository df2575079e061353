"""Logistic regression by L-BFGS on sparse or dense rows, numpy only; deterministic."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sparse:
    """Rows × columns, stored by row: `column` and `value` of every entry, row r between begin[r] and begin[r + 1]."""

    column: NDArray[np.int32]
    value: NDArray[np.float32]
    begin: NDArray[np.int64]
    width: int

    @property
    def row(self) -> NDArray[np.int64]:
        """The row of every entry."""
        return np.repeat(np.arange(self.begin.size - 1), np.diff(self.begin))

    def times(self, weights: Floats) -> Floats:
        """One number a row."""
        parts = weights.astype(np.float32).take(self.column)
        parts *= self.value
        sums = np.zeros(self.begin.size - 1)
        # Empty rows have no sum of their own there.
        full = np.flatnonzero(np.diff(self.begin))
        if full.size:
            sums[full] = np.add.reduceat(parts, self.begin[full], dtype=np.float64)
        return sums

    def times_transposed(self, errors: Floats) -> Floats:
        """One number a column."""
        parts = np.repeat(errors.astype(np.float32), np.diff(self.begin))
        parts *= self.value
        return np.bincount(self.column, weights=parts, minlength=self.width).astype(np.float64)

    def rows(self, chosen: NDArray[np.bool_]) -> "Sparse":
        """Only these rows, in their order."""
        keep = chosen[self.row]
        sizes = np.diff(self.begin)[chosen]
        return Sparse(self.column[keep], self.value[keep], np.concatenate([[0], np.cumsum(sizes)]), self.width)


def dense(rows: Floats) -> Sparse:
    """A full matrix as rows of which every column is stored."""
    height, width = rows.shape
    column = np.tile(np.arange(width, dtype=np.int32), height)
    return Sparse(column, rows.reshape(-1).astype(np.float32), np.arange(0, height * width + 1, width), width)


def fit(rows: Sparse, labels: Floats, strength: float, start: Floats | None = None) -> Floats:
    """Weights of the columns and, last, the constant: they make sum(loss) * strength + |weights|² / 2 least.

    `labels` are 0..1, `start` is a point near the end.
    """

    def loss(point: Floats) -> tuple[float, Floats]:
        score = rows.times(point[:-1]) + point[-1]
        told = np.logaddexp(0, score) - labels * score
        error = 1 / (1 + np.exp(-np.clip(score, -500, 500))) - labels
        slope = np.concatenate([rows.times_transposed(error), [error.sum()]]) * strength
        slope[:-1] += point[:-1]
        return strength * float(told.sum()) + float(point[:-1] @ point[:-1]) / 2, slope

    return _least(loss, np.zeros(rows.width + 1) if start is None else start)


def _least(loss: Callable[[Floats], tuple[float, Floats]], point: Floats, steps: int = 60, memory: int = 8) -> Floats:
    """L-BFGS with backtracking (Nocedal & Wright, algorithm 7.4)."""
    value, slope = loss(point)
    moves: list[tuple[Floats, Floats, float]] = []
    for _ in range(steps):
        way = -_newton(slope, moves)
        size = 1.0 if moves else min(1.0, 1 / float(np.abs(slope).sum() + 1e-12))
        fall = float(slope @ way)
        while True:
            there, new_slope = loss(point + size * way)
            if there <= value + 1e-4 * size * fall or size < 1e-10:
                break
            size /= 2
        step, turn = size * way, new_slope - slope
        curve = float(step @ turn)
        if curve > 1e-12:
            moves = [*moves, (step, turn, curve)][-memory:]
        done = abs(value - there) <= 1e-5 * max(abs(value), 1.0)
        point, value, slope = point + step, there, new_slope
        if done:
            break
    return point


def _newton(slope: Floats, moves: list[tuple[Floats, Floats, float]]) -> Floats:
    """The inverse Hessian of the last moves times the slope."""
    way, shares = slope.copy(), []
    for step, turn, curve in reversed(moves):
        share = float(step @ way) / curve
        way -= share * turn
        shares.append(share)
    if moves:
        _, turn, curve = moves[-1]
        way *= curve / float(turn @ turn)
    for (step, turn, curve), share in zip(moves, reversed(shares), strict=True):
        way += (share - float(turn @ way) / curve) * step
    return way
