"""How fast the shipped scorer is beside SnowNLP, on posts of 80 characters, and how soon it is ready."""

import subprocess
import sys
from collections.abc import Callable

from bench.clocked import fastest
from bench.figures import Figure
from bench.shared import folder
from config.taxonomy import load_taxonomy
from monitor.judging import judge
from monitor.risk import RiskTerms
from monitor.scoring.trained import TrainedScorer
from monitor.training.texts import read

POSTS, LENGTH, BATCH, TIMES = 2000, 80, 500, 9
# SnowNLP needs milliseconds a text.
BASELINE_POSTS = 100
# By turns, and of each the fastest: what else the machine does at a moment is neither's work.
TURNS = 5
READY = "from monitor.scoring.trained import TrainedScorer; TrainedScorer().guess(['好'])"


def measure(tick: Callable[[str], None]) -> list[Figure]:
    """Mood alone; mood, crisis, risk words, kind and triage together; a process from nothing to its first answer."""
    from snownlp import SnowNLP

    posts = _posts()
    batches = [posts[at : at + BATCH] for at in range(0, POSTS, BATCH)]
    pairs = [[("", text) for text in one] for one in batches]
    scorer, risk = TrainedScorer(), RiskTerms(load_taxonomy())
    SnowNLP("预热").sentiments  # noqa: B018  loading is not counted on either side
    moods, fulls, slows = [], [], []
    for turn in range(1, TURNS + 1):
        tick(f"speed: mood, the full scorer, snownlp: {turn} of {TURNS}")
        moods.append(fastest(lambda: [scorer.p_negative(one) for one in batches], TIMES))
        fulls.append(fastest(lambda: [judge(one, scorer=scorer, risk=risk) for one in pairs], TIMES))
        slows.append(fastest(lambda: [SnowNLP(text).sentiments for text in posts[:BASELINE_POSTS]], 1))
    mood, full, slow = POSTS / min(moods), POSTS / min(fulls), BASELINE_POSTS / min(slows)
    tick("speed: from nothing to the first answer")
    ours, theirs = _starts(READY), _starts("from snownlp import SnowNLP; SnowNLP('好').sentiments")
    return [
        Figure("mood of a post of 80 characters", mood, "posts/s", slow, 2000),
        Figure("full score of a post of 80 characters", full, "posts/s", slow, 300),
        Figure("first answer of a new process, Python's own start left out", ours, "s", theirs, 0.5, "value", True),
    ]


def _posts() -> list[str]:
    """Real posts one after another, cut anew into pieces of the same length."""
    said = "，".join(one.text for one in read(folder("sentiment") / "zh_weibo2018.csv"))
    return [said[at : at + LENGTH] for at in range(0, POSTS * LENGTH, LENGTH)]


def _starts(script: str) -> float:
    def process(words: str) -> float:
        return fastest(lambda: subprocess.run([sys.executable, "-c", words], check=True), TIMES)

    return process(script) - process("pass")
