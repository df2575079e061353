"""How fast the shipped scorer is beside SnowNLP, on posts of 80 characters, and how soon it is ready."""

import subprocess
import sys
from collections.abc import Callable

from bench.clocked import fastest
from bench.figures import Figure
from bench.shared import folder
from config.clock import stopwatch
from config.taxonomy import load_taxonomy
from monitor.judging import judge
from monitor.risk import RiskTerms
from monitor.scoring.trained import TrainedScorer
from monitor.training.texts import read

POSTS, LENGTH, BATCH, TIMES = 2000, 80, 500, 9
# SnowNLP needs milliseconds a text.
BASELINE_POSTS = 300
READY = "from monitor.scoring.trained import TrainedScorer; TrainedScorer().guess(['好'])"


def measure(tick: Callable[[str], None]) -> list[Figure]:
    """Mood alone; mood, crisis, risk words, kind and triage together; a process from nothing to its first answer."""
    from snownlp import SnowNLP

    posts = _posts()
    batches = [posts[at : at + BATCH] for at in range(0, POSTS, BATCH)]
    scorer, risk = TrainedScorer(), RiskTerms(load_taxonomy())
    tick("speed: mood alone")
    mood = fastest(lambda: [scorer.p_negative(one) for one in batches], TIMES)
    tick("speed: the full scorer")
    full = fastest(lambda: [judge([("", text) for text in one], scorer=scorer, risk=risk) for one in batches], TIMES)
    tick("speed: snownlp")
    SnowNLP("预热").sentiments  # noqa: B018  loading is not counted on either side
    began = stopwatch()
    for text in posts[:BASELINE_POSTS]:
        SnowNLP(text).sentiments  # noqa: B018  reading it is the work
    slow = BASELINE_POSTS / (stopwatch() - began)
    tick("speed: from nothing to the first answer")
    ours, theirs = _starts(READY), _starts("from snownlp import SnowNLP; SnowNLP('好').sentiments")
    return [
        Figure("mood of a post of 80 characters", POSTS / mood, "posts/s", slow, 2000),
        Figure("full score of a post of 80 characters", POSTS / full, "posts/s", slow, 300),
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
