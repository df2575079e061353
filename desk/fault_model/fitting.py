"""Makes the fault classifier's weights: without each author once, to know its worth; then once from everybody."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desk.fault_model.reading import signs
from desk.fault_model.sentences import Sentence
from monitor.scoring.categories import Categories
from monitor.scoring.table import Table
from monitor.training.category_fit import fit_categories
from monitor.training.logistic import Floats, dense, fit
from monitor.training.table_fit import Recipe, fit_table, scores_of
from statements.wording import Wording

RECIPE = Recipe(skips=True, rarest=1, most=200_000, bits=18, strength=0.05, power=2.5)
FUSED_STRENGTH = 1.0
# So many of the good sentences of unseen authors may be found fault with, by rules or classifier.
FALSE_ALARMS = 0.045
LANGS = ("zh", "en")
Tick = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Unseen:
    """Of every sentence, by a model that never saw its author: probability of a fault, likeliest kind.

    `cutoff` is by language the probability from which a sentence is doubted; `hits` says where a rule found something.
    """

    p: Floats
    kinds: Sequence[str]
    hits: NDArray[np.bool_]
    cutoff: dict[str, float]
    weights: tuple[float, ...]
    constant: float


def judge_unseen(sentences: Sequence[Sentence], rules: Wording, tick: Tick) -> Unseen:
    """One fit per author, without that author; the cut-offs are those of the probabilities found so."""
    labels, authors = labels_of(sentences), np.array([one.author for one in sentences])
    odds, kinds = np.zeros(labels.size), [""] * labels.size
    names = sorted(set(authors.tolist()))
    for number, author in enumerate(names, 1):
        tick(f"faults: author {number} of {len(names)} judged by the others")
        away = authors == author
        seen = [one for one, far in zip(sentences, away, strict=True) if not far]
        asked = [one.text for one, far in zip(sentences, away, strict=True) if far]
        odds[away] = scores_of(table_of(seen), asked, RECIPE)
        named = kinds_of(seen)
        for place, text in zip(np.flatnonzero(away).tolist(), asked, strict=True):
            kinds[place] = named.likeliest(text)
    hits = np.array([any(one.level != "I" for one in rules.lint(said.text, said.lang)) for said in sentences])
    rows = np.array(
        [signs(float(odd), bool(hit), one.lang) for odd, hit, one in zip(odds, hits, sentences, strict=True)]
    )
    p = np.zeros(labels.size)
    for author in names:
        away = authors == author
        point = fit(dense(rows[~away]), labels[~away], FUSED_STRENGTH)
        p[away] = 1 / (1 + np.exp(-(rows[away] @ point[:-1] + point[-1])))
    point = fit(dense(rows), labels, FUSED_STRENGTH)
    cutoff = {
        lang: _cutoff(p, hits, np.array([one.lang == lang for one in sentences]) & (labels == 0)) for lang in LANGS
    }
    return Unseen(p, kinds, hits, cutoff, tuple(float(one) for one in point[:-1]), float(point[-1]))


def table_of(sentences: Sequence[Sentence]) -> Table:
    """The n-grams that tell bad sentences from good ones."""
    return fit_table([one.text for one in sentences], labels_of(sentences), RECIPE)


def kinds_of(sentences: Sequence[Sentence]) -> Categories:
    """The n-grams that tell one fault from another."""
    bad = [one for one in sentences if one.bad]
    return fit_categories([one.text for one in bad], [one.fault for one in bad])


def labels_of(sentences: Sequence[Sentence]) -> Floats:
    return np.array([float(one.bad) for one in sentences])


def _cutoff(p: Floats, hits: NDArray[np.bool_], good: NDArray[np.bool_]) -> float:
    """From which probability on rules and classifier together find at most FALSE_ALARMS of the good sentences."""
    left = max(0, int(FALSE_ALARMS * good.sum() - (hits & good).sum()))
    harmless = np.sort(p[good & ~hits])[::-1]
    return float(harmless[min(left, harmless.size - 1)]) if harmless.size else 0.5
