"""How well the scorer judges mood and crisis, beside SnowNLP, VADER and the word list, on texts it never saw."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.evasion import evaded
from bench.figures import Figure
from bench.shared import folder
from config.taxonomy import load_taxonomy
from desk.commands.train import CALM, CORPUS, TITLES, even, ordinary
from monitor.guessing import Scorer, WordScorer
from monitor.judging import judge
from monitor.risk import RiskTerms
from monitor.scorer import LexiconScorer, Polarity
from monitor.scoring.trained import TrainedScorer
from monitor.snownlp_scorer import SnowScorer
from monitor.training.crisis_fit import Told, fit_crisis
from monitor.training.figures import auc, calibration_error, recall_at
from monitor.training.logistic import Floats
from monitor.training.texts import Labelled, read_all
from monitor.vader_scorer import VaderScorer

ZH = ("shop10", "waimai", "weibo2018", "ewect_usual", "ewect_virus", "covid_weibo7", "nlpcc2013")
EN = ("airline", "sanders", "hutto_tweets", "hutto_amazonReviewSnippets", "tweeteval_sentiment")
# Files of posts as most are; the others were asked for what is hard to tell (bench/corpus/README.md).
PLAIN = tuple(
    f"mentions_{letters}"
    for letters in ("n", "o", "aa", "ab", "at", "au", "av", "aw", "ax", "ay", "az", "ba", "bb", "bc", "bd", "be")
)
# News of firms of which people said whether it speaks ill of them; nothing is learned from it.
NEGFIN = "zh_negfin_bdci2019"
# SnowNLP needs milliseconds a text.
BASELINE_TEXTS = 300
Tick = Callable[[str], None]


def measure(tick: Tick) -> list[Figure]:
    """Mood by set, then crisis on unseen authors, by hint, under evasion, on news of firms and on calm headlines."""
    ours = TrainedScorer()
    snow = SnowScorer(timedelta(seconds=120))
    try:
        found = [*_mood(ours, snow, ZH, "zh", tick), *_mood(ours, VaderScorer(), EN, "en", tick)]
        return [*found, *_crisis(ours, snow, tick), _firms(ours, snow), *_headlines(ours)]
    finally:
        snow.close()


def _mood(ours: Polarity, other: Polarity, names: Sequence[str], lang: str, tick: Tick) -> list[Figure]:
    """Mean over the sets' test parts; the baseline answers about some of each set."""
    mine, theirs = [], []
    for name in names:
        tick(f"mood: {lang}_{name}")
        texts = [one for one in read_all([folder("sentiment") / f"{lang}_{name}.csv"]) if one.split == "test"]
        labels = np.array([float(bool(one.negative)) for one in texts])
        p = np.array(ours.p_negative([one.text for one in texts]))
        mine.append((auc(p, labels), recall_at(p, labels, 0.05)))
        some = _some(texts)
        q = np.array(other.p_negative([one.text for one in texts[some]]))
        theirs.append((auc(q, labels[some]), recall_at(q, labels[some], 0.05)))
    asked = {"zh": (0.90, 0.58), "en": (0.82, None)}[lang]
    (area, recall), (area_there, recall_there) = np.mean(mine, axis=0), np.mean(theirs, axis=0)
    return [
        Figure(f"mood {lang}: AUC (beside {other.name})", area, "", area_there, asked[0], of="value"),
        Figure(f"mood {lang}: recall at 5 % false", recall, "", recall_there, asked[1], of="value"),
    ]


def _crisis(ours: TrainedScorer, snow: Polarity, tick: Tick) -> list[Figure]:
    """Fitted anew without the author who is judged: no text is judged by a model that saw its author."""
    texts = [one for one in read_all(_corpus()) if one.crisis is not None]
    calm = list(ordinary(read_all(sorted(folder("sentiment").glob("*.csv")))))
    risk = RiskTerms(load_taxonomy())
    everything = [*texts, *calm]
    mood = np.array(ours.p_negative([one.text for one in everything]))
    fitted = fit_crisis(Told(everything, mood, risk.look([("", one.text) for one in everything]).risks), tick)
    p = fitted.unseen[: len(texts)]
    labels = np.array([float(bool(one.crisis)) for one in texts])
    found = []
    for lang in ("zh", "en"):
        chosen = np.array([one.lang == lang for one in texts])
        found += _language(
            lang, [one for one, is_it in zip(texts, chosen, strict=True) if is_it], p[chosen], snow, risk
        )
    _hints(texts, p, labels, fitted.fusion.cutoff, tick)
    found += _at_the_cutoff(texts, p >= fitted.fusion.cutoff, labels, tick)
    error = calibration_error(p, labels)
    found.append(Figure("crisis: calibration error", error, "", 0.0, 0.08, of="value", less=True))
    return [*found, _evasion(ours, texts, risk)]


def _at_the_cutoff(texts: Sequence[Labelled], said: NDArray[np.bool_], labels: Floats, tick: Tick) -> list[Figure]:
    """Plain posts apart from all: most harmless texts were asked for to look like crises."""
    plain = np.array([one.author in PLAIN for one in texts])
    found = []
    for name, chosen, recall, false in (("plain posts", plain, 0.90, 0.05), ("all", plain | True, None, None)):
        bad, good = chosen & (labels == 1), chosen & (labels == 0)
        tick(f"crisis at the cut-off, {name}: {int(bad.sum())} crises, {int(good.sum())} harmless texts")
        found += [
            Figure(f"crisis, {name}: recall at the cut-off", said[bad].mean(), "", 0.0, recall, of="value"),
            Figure(f"crisis, {name}: false alarms there", said[good].mean(), "", 0.0, false, of="value", less=True),
        ]
    return found


def _language(lang: str, texts: Sequence[Labelled], p: Floats, snow: Polarity, risk: RiskTerms) -> list[Figure]:
    labels = np.array([float(bool(one.crisis)) for one in texts])
    other = WordScorer(snow if lang == "zh" else VaderScorer())
    some = _some(texts)
    theirs = _judged(other, texts[some], risk)
    words = _judged(WordScorer(LexiconScorer()), texts, risk)
    return [
        Figure(f"crisis {lang}, unseen authors: AUC (beside {other.name})", auc(p, labels), "",
               auc(theirs, labels[some]), 0.92, of="value"),
        Figure(f"crisis {lang}, unseen authors: AUC (beside words alone)", auc(p, labels), "",
               auc(words, labels), None, of="value"),
        Figure(f"crisis {lang}, unseen authors: recall at 10 % false", recall_at(p, labels, 0.10), "",
               recall_at(words, labels, 0.10), 0.80, of="value"),
    ]  # fmt: skip


def _some(texts: Sequence[Labelled]) -> slice:
    """About as many of the texts as the baseline is asked for, spread over all."""
    return slice(0, len(texts), max(1, len(texts) // BASELINE_TEXTS))


def _judged(scorer: Scorer, texts: Iterable[Labelled], risk: RiskTerms) -> Floats:
    scores = judge([("", one.text) for one in texts], scorer=scorer, risk=risk)
    return np.array([score.p_crisis + 1e-3 * score.p_negative for score in scores])


def _hints(texts: Sequence[Labelled], p: Floats, labels: Floats, cutoff: float, tick: Tick) -> None:
    """The table by hint: how many there are and how many of them are called a crisis."""
    for label, word in ((1, "found"), (0, "false alarms")):
        for hint in sorted({one.hint for one, is_it in zip(texts, labels, strict=True) if is_it == label}):
            chosen = np.array([one.hint == hint for one in texts]) & (labels == label)
            tick(f"  crisis={label} {hint:20} {int(chosen.sum()):5} texts, {word} {(p[chosen] >= cutoff).mean():.2f}")


def _evasion(ours: TrainedScorer, texts: Sequence[Labelled], risk: RiskTerms) -> Figure:
    """How much recall tricks of spelling cost: blanks, unseen marks, traditional characters; on Chinese crises."""
    crises = [one.text for one in texts if one.crisis and one.lang == "zh"]
    plain = np.mean([one.crisis for one in judge([("", text) for text in crises], scorer=ours, risk=risk)])
    tricked = np.mean([one.crisis for one in judge([("", evaded(text)) for text in crises], scorer=ours, risk=risk)])
    return Figure("crisis: points lost by evasion", 100 * float(plain - tricked), "", 0.0, 5, of="value", less=True)


def _firms(ours: TrainedScorer, snow: Polarity) -> Figure:
    """How well p_crisis tells news that speak ill of a firm from other news of firms."""
    texts = read_all([folder("sentiment") / f"{NEGFIN}.csv"])
    labels = np.array([float(bool(one.negative)) for one in texts])
    p = _judged(ours, texts, RiskTerms(load_taxonomy()))
    some = _some(texts)
    theirs = np.array(snow.p_negative([one.text for one in texts[some]]))
    name = f"news of firms ({NEGFIN}): AUC (beside {snow.name})"
    return Figure(name, auc(p, labels), "", auc(theirs, labels[some]), None, of="value")


def _headlines(ours: TrainedScorer) -> list[Figure]:
    """Ordinary news of kinds that are no crisis; the half of the titles that is not learned from."""
    risk = RiskTerms(load_taxonomy())
    titles = read_all([folder("sentiment") / f"{TITLES}.csv"])
    found = []
    for kind in CALM:
        texts = [("", one.text) for one in titles if one.extra == kind and not even(one.text)]
        share = np.mean([one.crisis for one in judge(texts, scorer=ours, risk=risk)])
        words = np.mean([one.crisis for one in judge(texts, scorer=WordScorer(LexiconScorer()), risk=risk)])
        found.append(Figure(f"alarms on {kind} titles", float(share), "", float(words), 0.06, of="value", less=True))
    return found


def _corpus() -> list[Path]:
    return [*sorted(CORPUS.glob("mentions_*.csv")), *sorted(folder("corpus").glob("mentions_*.csv"))]
