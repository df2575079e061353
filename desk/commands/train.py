"""`train`: make the weights of the scorer anew, from the shipped corpus, the public sets and what people corrected."""

import argparse
import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np

from config.clock import SteadyClock, stopwatch
from config.errors import InputError
from config.taxonomy import load_taxonomy
from desk.commands import add_settings, say, settings_of
from desk.fault_model.making import make
from desk.fault_model.reading import WEIGHTS as FAULT_WEIGHTS
from desk.fault_model.sentences import read_all as read_sentences
from monitor.language import language
from monitor.risk import RiskTerms
from monitor.scoring.trained import WEIGHTS
from monitor.training import recipe
from monitor.training.figures import auc, recall_at
from monitor.training.texts import Labelled, read_all
from statements.rules.wording import load_wording
from store import taught
from store.database import Store

HERE = Path(__file__).parents[2]
CORPUS = HERE / "bench" / "corpus"
SHARED = HERE.parent / "shared" / "bench"
# Titles of these kinds of news are harmless to a brand; every second one is kept for `bench sentiment`.
TITLES, CALM = "zh_thucnews_titles", ("finance", "stocks", "realty", "education", "game", "science")
# Some ordinary texts keep the model calm; many would teach it that whatever sounds like them is harmless.
# File -> of how many of its texts one is taken.
ORDINARY = {TITLES: 8, "zh_weibo2018": 50, "zh_shop10": 250, "zh_waimai": 50, "en_airline": 50, "en_sanders": 15}


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--own", type=Path, action="append", default=[], metavar="CSV",
        help="your labelled texts: column text, and crisis (0/1) or polarity; may be given several times",
    )  # fmt: skip
    parser.add_argument("--corrections", action="store_true", help="learn what people corrected in the store, too")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="folder for the weights (default: the shipped ones)")
    parser.add_argument("--name", default="", help="name of the model on screens (default: golden-DATE)")
    parser.add_argument(
        "--faults", action="store_true",
        help="the fault classifier of statements instead, from sentences (TSV: id lang label fault register text)",
    )  # fmt: skip
    add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Trains, says how well it does on authors it had not seen, and where the weights are."""
    began = stopwatch()
    at = SteadyClock()()
    if args.faults:
        return _faults(args, at, began)
    lesson = _lesson(args)
    name = args.name or f"golden-{at:%Y%m%d}"
    fitted = recipe.train(lesson, args.out, RiskTerms(load_taxonomy()), name, at, say)
    labels = np.array([float(bool(one.crisis)) for one in lesson.crisis])
    area, recall = auc(fitted.unseen, labels), recall_at(fitted.unseen, labels, 0.1)
    say(f"on unseen authors: AUC {area:.3f}, recall {recall:.2f} at 10 % false alarms")
    say(f'written to {args.out} in {stopwatch() - began:.0f} s; use it with [scoring] weights = "…" in service.toml')
    return 0


def _faults(args: argparse.Namespace, at: datetime, began: float) -> int:
    """The same for the sentences of statements; `--own` adds a company's."""
    sentences = read_sentences([*sentence_files(), *args.own])
    folder = FAULT_WEIGHTS if args.out == WEIGHTS else args.out
    made = make(sentences, load_wording(), folder, args.name or f"faults-{at:%Y%m%d}", at, say)
    for lang in ("zh", "en"):
        here = np.array([one.lang == lang for one in sentences])
        bad = np.array([one.bad for one in sentences])
        found, false = made.found[here & bad].mean(), made.found[here & ~bad].mean()
        say(f"{lang}, unseen authors: recall {found:.3f} at {false:.3f} false alarms, rules and classifier together")
    say(f"written to {folder} in {stopwatch() - began:.0f} s")
    return 0


def sentence_files() -> list[Path]:
    """The shipped corpus and, where it is beside the checkout, the given one."""
    return [file for place in (CORPUS, SHARED / "corpus") for file in sorted(place.glob("sentences_*.tsv"))]


def _lesson(args: argparse.Namespace) -> recipe.Lesson:
    own = read_all(args.own)
    if args.corrections:
        store = Store(settings_of(args).service.store.url, Path.cwd())
        with store.reading() as tx:
            own += [
                Labelled(one.text, "corrections", language(one.text), one.crisis, one.negative)
                for one in taught.lessons(tx)
            ]
    corpus = read_all(sorted(CORPUS.glob("mentions_*.csv")))
    if SHARED.is_dir():
        corpus += read_all(sorted((SHARED / "corpus").glob("mentions_*.csv")))
        public = read_all(sorted((SHARED / "sentiment").glob("*.csv")))
    else:
        say("../shared/bench is not beside this checkout: the mood is learned from the corpus alone")
        public = []
    # The corpus teaches the mood only where nothing else does: its authors must be strangers to all that is fused,
    # or the fusion trusts the mood more than it may.
    mood = [one for one in [*(public or corpus), *own] if one.split == "train" and one.negative is not None]
    crisis = [one for one in [*corpus, *own] if one.crisis is not None]
    for texts, least, what in ((mood, recipe.LEAST_POLARITY, "polarity"), (crisis, recipe.LEAST_CRISIS, "crisis")):
        if len(texts) < least:
            raise InputError(f"train: {len(texts)} texts with {what}; at least {least} are needed")
    return recipe.Lesson(mood, [*crisis, *ordinary(public)])


def even(text: str) -> bool:
    """Which half of the titles is learned; the other half measures."""
    return hashlib.sha256(text.encode("utf-8")).digest()[0] % 2 == 0


def ordinary(public: Iterable[Labelled]) -> list[Labelled]:
    """Real posts, reviews and headlines that are no crisis: what a stream is mostly made of."""
    found, seen = [], dict.fromkeys(ORDINARY, 0)
    for one in public:
        title = one.author == TITLES and one.extra in CALM and even(one.text)
        if title or (one.author in ORDINARY and one.author != TITLES and one.split == "train"):
            seen[one.author] += 1
            if seen[one.author] % ORDINARY[one.author] == 0:
                found.append(replace(one, crisis=False, lang=one.author[:2]))
    return found
