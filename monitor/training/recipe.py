"""The whole recipe: labelled texts in, three files of weights and a model card out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from monitor.risk import RiskTerms
from monitor.scoring import categories, table
from monitor.scoring.trained import CATEGORY, CRISIS, POLARITY
from monitor.training import card
from monitor.training.category_fit import fit_categories
from monitor.training.crisis_fit import BAND, Fitted, Told, fit_crisis
from monitor.training.table_fit import POLARITY as POLARITY_RECIPE
from monitor.training.table_fit import fit_table, scores_of
from monitor.training.texts import Labelled

# Fewer labelled texts than these teach nothing that holds for the next author.
LEAST_POLARITY, LEAST_CRISIS = 2000, 500
Tick = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What there is to learn from: texts with a mood, and texts of which people said whether they tell of a crisis."""

    mood: Sequence[Labelled]
    crisis: Sequence[Labelled]


def train(lesson: Lesson, folder: Path, risk: RiskTerms, version: str, at: datetime, tick: Tick) -> Fitted:
    """Write the weights and MODEL_CARD.md into `folder`; the same texts give the same bytes."""
    tick(f"polarity: {len(lesson.mood)} texts")
    mood = fit_table(
        [one.text for one in lesson.mood],
        np.array([float(bool(one.negative)) for one in lesson.mood]),
        POLARITY_RECIPE,
    )
    texts = [one.text for one in lesson.crisis]
    tick(f"crisis: {len(texts)} texts")
    scores = scores_of(mood, texts, POLARITY_RECIPE)
    told = Told(lesson.crisis, 1 / (1 + np.exp(-scores)), risk.look([("", text) for text in texts]).risks)
    fitted = fit_crisis(told, tick)
    tick("kinds of crisis")
    kinds = [(one.text, one.category) for one in lesson.crisis if one.crisis and one.category]
    folder.mkdir(parents=True, exist_ok=True)
    fusion = fitted.fusion
    told_of = {
        "version": version,
        "fusion": {"weights": dict(fusion.weights), "constant": fusion.constant, "cutoff": fusion.cutoff, "band": BAND},
    }
    table.save(folder / POLARITY, mood, {"version": version})
    table.save(folder / CRISIS, fitted.table, told_of)
    categories.save(folder / CATEGORY, fit_categories([text for text, _ in kinds], [kind for _, kind in kinds]), {})
    (folder / "MODEL_CARD.md").write_text(card.write(lesson.mood, told, fitted, version, at), encoding="utf-8")
    return fitted
