"""Makes the fault classifier's weights: without each part of the authors, to know its worth; then from everybody."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desk.fault_model.reading import BAD, signs
from desk.fault_model.sentences import Sentence
from desk.fault_model.table import FaultTables, grams, pack
from monitor.training.logistic import Floats, dense, fit
from monitor.training.table_fit import Answer, Recipe, fit_columns
from statements.rules.faults import RULE_OF
from statements.rules.wording import Wording

# Whether a sentence is bad at all is told best by rare n-grams; which fault it has, of which there are far fewer
# sentences to learn from, by less rare ones.
BAD_RECIPE = Recipe(skips=True, rarest=1, most=850_000, bits=20, strength=0.02, power=3.0, habit=0.25)
KIND_RECIPE = Recipe(skips=True, rarest=2, most=330_000, bits=20, strength=0.05, power=2.5, habit=0.25)
# Weights of a fault smaller than this are left out of the file (see `pack`).
LEAST_OF_KIND = 9
FUSED_STRENGTH = 1.0
LANGS = ("zh", "en")
# Nobody is judged by a model that saw him; so many models are made for that, each of all authors but its part.
PARTS = 12
# So many of an unseen author's good sentences may be found fault with, by rules or classifier, on average: some authors
# were asked for sentences that are hard to tell, and have no more of a say than the others.
FALSE_ALARMS = 0.042
# Who wrote fewer good sentences than this has no say in the cut-off: three of twenty are no rate.
LEAST_GOOD = 40
# A whole statement has a dozen sentences: there a doubt must be rarer.
STRICT = 0.01
# Below this the classifier takes a rule's warning back: to be sure that a sentence is fine asks for more.
SPARED = 0.4
Tick = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Unseen:
    """Of every sentence, by a model that never saw its author: probability of a fault, likeliest fault, is it found.

    `cutoff`, `strict` and `spared` are by language (see FaultModel); `weights` and `constant` fuse the signs.
    """

    p: Floats
    faults: Sequence[str]
    found: NDArray[np.bool_]
    cutoff: dict[str, float]
    strict: dict[str, float]
    spared: dict[str, float]
    weights: tuple[float, ...]
    constant: float


def judge_unseen(sentences: Sequence[Sentence], rules: Wording, tick: Tick) -> Unseen:
    """Every author judged by a fit that lacks his whole part; the cut-offs are those of the probabilities found so."""
    labels, authors = labels_of(sentences), np.array([one.author for one in sentences])
    scores = np.zeros((labels.size, 1 + len(RULE_OF)))
    names = sorted(set(authors.tolist()))
    parts = [np.isin(authors, part) for part in parts_of(authors.tolist(), PARTS)]
    for number, away in enumerate(parts, 1):
        tick(f"faults: part {number} of {len(parts)} judged by the others")
        seen = [one for one, far in zip(sentences, away, strict=True) if not far]
        scores[away] = fit_faults(seen).scores([one.text for one, far in zip(sentences, away, strict=True) if far])
    levels = [{one.level for one in rules.lint(said.text, said.lang)} - {"I"} for said in sentences]
    hit = np.array([bool(one) for one in levels])
    english = np.array([one.lang == "en" for one in sentences])
    rows = signs(scores, hit, english)
    p = np.zeros(labels.size)
    for away in parts:
        point = fit(dense(rows[~away]), labels[~away], FUSED_STRENGTH)
        p[away] = 1 / (1 + np.exp(-(rows[away] @ point[:-1] + point[-1])))
    point = fit(dense(rows), labels, FUSED_STRENGTH)
    blocked = np.array(["X" in one for one in levels])
    cutoff: dict[str, float] = {}
    strict: dict[str, float] = {}
    found = np.zeros(labels.size, np.bool_)
    for lang in LANGS:
        here = english == (lang == "en")
        good = here & (labels == 0)
        cutoff[lang] = _cutoff(p, hit, blocked, [good & (authors == author) for author in names])
        harmless = np.sort(p[good])[::-1]
        strict[lang] = float(harmless[int(STRICT * harmless.size)]) if harmless.size else 1.0
        found |= here & _found(p, hit, blocked, cutoff[lang])
    faults = [tuple(RULE_OF)[int(place)] for place in scores[:, 1:].argmax(axis=1)]
    spared = dict.fromkeys(cutoff, SPARED)
    return Unseen(p, faults, found, cutoff, strict, spared, tuple(float(one) for one in point[:-1]), float(point[-1]))


def fit_faults(sentences: Sequence[Sentence]) -> FaultTables:
    """Bad against good, and each fault against the good ones, each table on n-grams of its own."""
    found = grams([one.text for one in sentences])
    authors = [one.author for one in sentences]
    bad = labels_of(sentences) == 1
    each = [np.array([one.fault == name for one in sentences]) for name in RULE_OF]
    tables = (((BAD,), [bad], BAD_RECIPE, 1), (tuple(RULE_OF), each, KIND_RECIPE, LEAST_OF_KIND))
    made = []
    for names, has, recipe, least in tables:
        answers = [Answer(one.astype(np.float64), one | ~bad) for one in has]
        fitted = fit_columns(found, recipe, answers, authors)
        hashes = fitted.vocabulary.hash
        made.append(pack(names, hashes, fitted.weights, fitted.constants, bits=recipe.bits, least=least))
    return FaultTables(*made)


def parts_of(authors: Sequence[str], most: int) -> list[list[str]]:
    """The authors in at most so many parts of about as many sentences; `authors` names one a sentence."""
    parts: list[list[str]] = [[] for _ in range(min(most, len(set(authors))))]
    weight = [0] * len(parts)
    for author, number in sorted(Counter(authors).items(), key=lambda one: (-one[1], one[0])):
        lightest = weight.index(min(weight))
        parts[lightest].append(author)
        weight[lightest] += number
    return parts


def labels_of(sentences: Sequence[Sentence]) -> Floats:
    return np.array([float(one.bad) for one in sentences])


def voters(by_author: Sequence[NDArray[np.bool_]]) -> list[NDArray[np.bool_]]:
    """Those whose good sentences are enough to tell a rate of false alarms by; where nobody has enough, all who have
    any."""
    return [one for one in by_author if one.sum() >= LEAST_GOOD] or [one for one in by_author if one.any()]


def _found(p: Floats, hit: NDArray[np.bool_], blocked: NDArray[np.bool_], cutoff: float) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = blocked | (p >= cutoff) | (hit & (p >= SPARED))
    return found


def _cutoff(
    p: Floats, hit: NDArray[np.bool_], blocked: NDArray[np.bool_], by_author: Sequence[NDArray[np.bool_]]
) -> float:
    """The lowest at which rules and classifier find at most FALSE_ALARMS of the good sentences, mean over authors."""
    authors = voters(by_author)
    for cutoff in np.arange(0.3, 0.99, 0.005) if authors else ():
        if np.mean([_found(p[good], hit[good], blocked[good], cutoff).mean() for good in authors]) <= FALSE_ALARMS:
            return float(cutoff)
    return 0.99 if authors else 0.5
