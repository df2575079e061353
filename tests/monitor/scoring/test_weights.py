"""A table of weights says after a journey through a file what it said before, and a damaged file is refused."""

import math
import zipfile

import numpy as np
import pytest

from config.errors import InputError
from config.settings import Scoring
from desk.scorers import scorer_of
from monitor.guessing import Guess
from monitor.risk_record import Risk
from monitor.scoring import table
from monitor.scoring.fusion import NAMES, Fusion, signs
from monitor.scoring.grams import grams_of, kinds
from monitor.scoring.trained import CATEGORY, CRISIS, POLARITY, WEIGHTS, TrainedScorer
from monitor.scoring.units import units_of


def made(words: dict[str, float], bits: int = 10) -> table.Table:
    hashes = np.array([grams_of(units_of([word]), skips=False).hash[0] for word in words], np.uint32)
    return table.pack(hashes, np.array(list(words.values())), -1.0, bits)


def scores(one: table.Table, *texts: str) -> list[float]:
    units = units_of(texts)
    return one.scores(kinds(units, skips=False), units.begin).round(3).tolist()


def test_known_units_add_up_over_the_root_of_their_number():
    one = made({"毒": 2.0, "好": -1.0})
    assert scores(one, "毒", "毒毒毒毒", "好", "", "天") == [1.0, 3.0, pytest.approx(-2.0, abs=0.01), -1.0, -1.0]


def test_of_two_that_want_one_slot_the_more_important_gets_it():
    hashes = np.arange(4000, dtype=np.uint32) * np.uint32(2654435761)
    chosen = table.placed(hashes, np.arange(4000, dtype=np.float64), 8)
    assert chosen.sum() == 256
    assert chosen[-1]


def test_a_file_keeps_a_table_and_the_same_table_gives_the_same_bytes(tmp_path):
    one = made({"毒": 2.0})
    for name in ("a", "b"):
        table.save(tmp_path / name, one, {"version": "v"})
    read, head = table.load(tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (scores(read, "毒"), head["version"]) == (scores(one, "毒"), "v")


def damage(kind, path):
    if kind == "missing":
        path.unlink()
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "cut":
        path.write_bytes(path.read_bytes()[:-200])
    elif kind == "other zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("x", "y")
    else:
        with zipfile.ZipFile(path) as archive:
            head, (body,) = archive.read("head.json"), [archive.read(n) for n in archive.namelist() if n != "head.json"]
            name = next(n for n in archive.namelist() if n != "head.json")
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("head.json", head)
            archive.writestr(name, bytes([body[0] ^ 1]) + body[1:])


@pytest.fixture
def folder(tmp_path):
    for name in (POLARITY, CRISIS, CATEGORY):
        (tmp_path / name).write_bytes((WEIGHTS / name).read_bytes())
    return tmp_path


@pytest.mark.parametrize("name", [POLARITY, CRISIS, CATEGORY])
@pytest.mark.parametrize("kind", ["missing", "empty", "cut", "other zip", "one bit"])
def test_damaged_weights_are_named_and_the_word_list_stands_in(folder, name, kind):
    damage(kind, folder / name)
    with pytest.raises(InputError, match=name):
        TrainedScorer(folder)
    scorer = scorer_of(Scoring(weights=str(folder)))
    assert (scorer.name, scorer.degraded) == ("lexicon", True)
    assert [one.crisis for one in scorer.guess(["难喝"])] == [None]


def test_whole_weights_judge(folder):
    scorer = scorer_of(Scoring(weights=str(folder)))
    grief, praise = scorer.guess(["太难吃了，再也不来了，垃圾", "太好吃了，强烈推荐"])
    assert not scorer.degraded
    assert grief.p_negative > 0.8 > 0.2 > praise.p_negative
    assert scorer.guess([]) == []


def test_every_file_of_weights_is_small():
    assert all(path.stat().st_size <= 1_000_000 for path in WEIGHTS.iterdir())


def test_the_fusion_weighs_signs_by_name():
    fusion = Fusion(dict.fromkeys(NAMES, 0.0) | {"grams": 1.0, "weight": 2.0, "en": -1.0}, -0.5, 0.5)
    guess, grave = Guess(0.5, 0.5), Risk(weight=1.0)
    calm, zh, en = fusion.p([guess] * 3, [Risk(), grave, grave], ["zh", "zh", "en"])
    assert calm == 0.5
    assert zh > en > 0.5
    assert fusion.p([], [], []) == []


def test_a_batch_is_weighed_like_the_rows_that_were_learned_from():
    worth = {name: (number % 7 - 3) / 5 for number, name in enumerate(NAMES)}
    guesses = [Guess(0.9, 1.5), Guess(0.0, None), Guess(1.0, -2.0)]
    risks = [Risk(), Risk(weight=3.0, hard=True, category="x", categories=("x", "y")), Risk(aggravators=("injury",))]
    langs = ["en", "zh", "en"]
    odds = [0.25 + sum(worth[name] * value for name, value in zip(NAMES, signs(*one), strict=True))
            for one in zip(guesses, risks, langs, strict=True)]  # fmt: skip
    said = Fusion(worth, 0.25, 0.5).p(guesses, risks, langs)
    assert said == pytest.approx([1 / (1 + math.exp(-one)) for one in odds])
