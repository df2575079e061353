"""Which scorer the settings name, and what stands in for it when it cannot be loaded."""

import logging
from pathlib import Path

from config.errors import InputError
from config.settings import Scoring
from monitor.guessing import Scorer, WordScorer
from monitor.scorer import LexiconScorer
from monitor.scoring.trained import TrainedScorer
from monitor.snownlp_scorer import SnowScorer
from monitor.vader_scorer import VaderScorer

log = logging.getLogger("goldenhour.scorer")


class StandIn(LexiconScorer):
    """The word list in the place of a model that cannot be loaded."""

    degraded = True


def scorer_of(scoring: Scoring) -> Scorer:
    """Never fails: damaged or missing weights are stood in for by the word list, which says so by `degraded`."""
    if scoring.scorer == "snownlp":
        return WordScorer(SnowScorer(timeout=scoring.timeout))
    if scoring.scorer == "vader":
        return WordScorer(VaderScorer())
    if scoring.scorer == "lexicon":
        return WordScorer(LexiconScorer())
    try:
        return TrainedScorer(Path(scoring.weights)) if scoring.weights else TrainedScorer()
    except InputError as error:
        log.error("%s; the word list judges until then", error)
        return WordScorer(StandIn())
