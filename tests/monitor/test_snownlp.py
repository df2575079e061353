"""SnowNLP in its own process: it answers, and whatever it does instead of answering holds nobody up."""

import gc
import os
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from config.clock import stopwatch
from monitor.scorer import LexiconScorer
from monitor.snownlp_scorer import GIVE_UP_AFTER, LONGEST, SnowScorer

ROOT = Path(__file__).parents[2]
PATIENT, SHORT = timedelta(seconds=60), timedelta(seconds=0.5)
TEXTS = ["这家奶茶真难喝，再也不来了", "好喝，推荐"]
STAND_IN = LexiconScorer().p_negative(TEXTS)
HANG = "import threading; threading.Event().wait()\n"
# Each text is its own verdict: a number, or what happens to the process.
OBEDIENT = """
import os, sys, threading
with open({starts!r}, "a") as file:
    print(os.getpid(), file=file)
class SnowNLP:
    def __init__(self, text):
        if text == "hang":
            threading.Event().wait()
        if text == "die":
            os._exit(3)
        if text == "fault":
            raise RuntimeError(text)
        if text == "babble":
            print("hello", flush=True)
        if text == "odd":
            raise ZeroDivisionError
        if text[:1] == "x":
            text = f"0.{len(text)}"
        self.sentiments = float(text) if text[:2] == "0." else 0.25
"""


@pytest.fixture
def module(tmp_path, monkeypatch) -> Callable[[str], Path]:
    """`module(code)`: from now on scorer processes import this snownlp; returns the file of their process numbers."""
    starts = tmp_path / "starts"
    starts.touch()

    def write(code: str) -> Path:
        (tmp_path / "snownlp.py").write_text(code.replace("{starts!r}", repr(str(starts))), encoding="utf-8")
        monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{ROOT}")
        return starts

    return write


@pytest.fixture
def scorer(request):
    made = SnowScorer(getattr(request, "param", SHORT))
    yield made
    made.close()
    gc.collect()


def in_time(scorer: SnowScorer, texts: list[str]) -> list[float]:
    """The answer, which must come within ten seconds; a scorer that never returns fails instead of hanging us."""
    found: list[list[float]] = []
    asking = threading.Thread(target=lambda: found.append(scorer.p_negative(texts)), daemon=True)
    asking.start()
    asking.join(10)
    assert found, "p_negative did not return"
    return found[0]


@pytest.mark.parametrize("scorer", [PATIENT], indirect=True)
def test_the_real_one_answers_one_number_per_text(scorer):
    same_start = "难喝" * LONGEST
    texts = [*TEXTS, "", " \n", "line\nbreak \ud800 \x00 😀", same_start, same_start[:LONGEST]]
    answers = scorer.p_negative(texts)
    grief, praise, empty, blank, odd, long, cut = answers
    assert not scorer.degraded
    assert scorer.name == "snownlp"
    assert grief > praise
    assert (empty, blank) == (0.5, 0.5)
    assert long == cut
    assert all(0.0 <= p <= 1.0 for p in [*answers, odd])
    assert scorer.p_negative(texts[:2]) == answers[:2]
    assert scorer.p_negative([]) == []


@pytest.mark.parametrize("code", [HANG, "raise SystemExit(3)", "import no_such_module", "syntax error"])
@pytest.mark.parametrize("texts", [TEXTS, ["难" * LONGEST] * 500])
def test_a_process_that_hangs_or_dies_at_once_is_stood_in_for(module, scorer, code, texts):
    module(code)
    began = stopwatch()
    assert in_time(scorer, texts) == LexiconScorer().p_negative(texts)
    assert stopwatch() - began < 5
    assert scorer.degraded


@pytest.mark.parametrize("scorer", [PATIENT], indirect=True)
def test_a_dead_process_is_not_waited_for(module, scorer):
    module("raise SystemExit(3)")
    assert in_time(scorer, TEXTS) == STAND_IN


@pytest.mark.parametrize("scorer", [PATIENT], indirect=True)
def test_only_the_beginning_of_a_long_text_is_read(module, scorer):
    module(OBEDIENT)
    assert in_time(scorer, ["x" * 299, "x" * 9999]) == [pytest.approx(0.701), pytest.approx(0.7)]


@pytest.mark.parametrize("word", ["die", "hang", "fault", "babble"])
@pytest.mark.parametrize("scorer", [timedelta(seconds=2)], indirect=True)
def test_a_process_that_fails_in_the_middle_is_replaced_and_forgiven(module, scorer, word):
    starts = module(OBEDIENT)
    assert in_time(scorer, ["0.9", "", "odd"]) == [pytest.approx(0.1), 0.5, 0.5]
    assert in_time(scorer, ["0.9", word]) == LexiconScorer().p_negative(["0.9", word])
    assert scorer.degraded
    assert in_time(scorer, ["0.25"]) == [0.75]
    assert not scorer.degraded
    first, second = starts.read_text().split()
    assert first != second


@pytest.mark.parametrize("scorer", [PATIENT], indirect=True)
def test_after_three_silences_it_is_not_started_again(module, scorer):
    starts = module(OBEDIENT.replace("class SnowNLP", "os._exit(1)\nclass SnowNLP"))
    for _ in range(GIVE_UP_AFTER + 3):
        assert in_time(scorer, TEXTS) == STAND_IN
        assert scorer.degraded
    assert len(starts.read_text().split()) == GIVE_UP_AFTER


@pytest.mark.parametrize("scorer", [PATIENT], indirect=True)
def test_closing_ends_the_process_and_a_later_batch_starts_another(module, scorer):
    starts = module(OBEDIENT)
    scorer.close()
    assert scorer.p_negative(["0.5"]) == [0.5]
    scorer.close()
    scorer.close()
    with pytest.raises(ProcessLookupError):
        os.kill(int(starts.read_text()), 0)
    assert scorer.p_negative(["0.5"]) == [0.5]
    assert len(starts.read_text().split()) == 2
