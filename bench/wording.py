"""How well rules and fault classifier find bad sentences by authors they never saw, beside the rules alone."""

import csv
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.clocked import fastest
from bench.figures import Figure
from desk.commands.train import sentence_files
from desk.fault_model import wording_with_reader
from desk.fault_model.fitting import judge_unseen
from desk.fault_model.sentences import Sentence, read_all
from monitor.training.figures import auc, recall_at
from statements.rules.wording import Wording, load_wording

CASES = Path(__file__).parent / "corpus" / "wording_cases.tsv"
LONG_TEXT = 2000
Tick = Callable[[str], None]


def measure(tick: Tick, published: Path | None = None) -> list[Figure]:
    """Unseen authors by language and fault, the shipped cases, the time for a long text.

    `published`: a file of real statements' sentences in the corpus' form, `register` the statement; they are quoted
    from elsewhere and stay there.
    """
    rules = load_wording()
    sentences = read_all(sentence_files())
    said = judge_unseen(sentences, rules, tick)
    alone = np.array([any(one.level != "I" for one in rules.lint(it.text, it.lang)) for it in sentences])
    bad = np.array([one.bad for one in sentences])
    found = []
    for lang in ("zh", "en"):
        here = np.array([one.lang == lang for one in sentences])
        found += _language(lang, said.p[here], said.found[here], alone[here], bad[here])
    _faults(sentences, said.found, alone, tick)
    return [*found, *_cases(), _time(sentences), *_published(published, tick)]


def _language(
    lang: str, p: NDArray[np.float64], found: NDArray[np.bool_], alone: NDArray[np.bool_], bad: NDArray[np.bool_]
) -> list[Figure]:
    labels, rules = bad.astype(np.float64), alone.astype(np.float64)
    return [
        Figure(f"faults {lang}: recall (beside rules)", found[bad].mean(), "", alone[bad].mean(), 0.92, of="value"),
        Figure(f"faults {lang}: false alarms", found[~bad].mean(), "", alone[~bad].mean(), 0.05, of="value", less=True),
        Figure(f"faults {lang}: AUC", auc(p, labels), "", auc(rules, labels), None, of="value"),
        Figure(f"faults {lang}: recall at 5 % false alarms", recall_at(p, labels, 0.05), "",
               recall_at(rules, labels, 0.05), None, of="value"),
    ]  # fmt: skip


def _faults(sentences: Sequence[Sentence], found: NDArray[np.bool_], alone: NDArray[np.bool_], tick: Tick) -> None:
    """The table by fault: how many there are in each language and how many of them are found."""
    for fault in sorted({one.fault for one in sentences}):
        for lang in ("zh", "en"):
            here = np.array([one.lang == lang and one.fault == fault for one in sentences])
            if here.any():
                word = "found" if fault else "false alarms"
                told = f"{word} {found[here].mean():.3f}, rules alone {alone[here].mean():.3f}"
                tick(f"  {lang} {fault or 'good':24} {int(here.sum()):5} sentences, {told}")


def _cases() -> list[Figure]:
    """The shipped pairs of a bad and a good sentence a rule, by rules and classifier as they are shipped."""
    shipped = wording_with_reader(lambda _: None)
    right: list[bool] = []
    alone: list[bool] = []
    for rule, lang, label, text in csv.reader(CASES.read_text(encoding="utf-8").splitlines(), delimiter="\t"):
        for wording, told in ((shipped, right), (load_wording(), alone)):
            rules = {one.rule for one in wording.lint(text, lang)}
            told.append(rule in rules if label == "bad" else not rules)
    figure = Figure("faults: shipped cases right", sum(right), "cases", sum(alone), len(right), of="value")
    return [figure]


def _time(sentences: Sequence[Sentence]) -> Figure:
    """Milliseconds for a Chinese text of 2,000 characters, rules and classifier; the best of five."""
    shipped, rules = wording_with_reader(lambda _: None), load_wording()
    text = "\n".join(one.text for one in sentences if one.lang == "zh")[:LONG_TEXT]
    took = {}
    for name, wording in (("both", shipped), ("rules", rules)):
        took[name] = 1000 * fastest(partial(wording.lint, text, "zh"), 5)
    return Figure("faults: 2,000 characters", took["both"], "ms", took["rules"], 200, of="value", less=True)


def _published(file: Path | None, tick: Tick) -> list[Figure]:
    """The shipped rules and classifier on real sentences, each by itself and each inside its statement."""
    if file is None:
        tick("no --published FILE: nothing is said about real statements")
        return []
    shipped = wording_with_reader(lambda _: None)
    sentences = read_all([file])
    figures = []
    for lang in ("zh", "en"):
        here = [one for one in sentences if one.lang == lang]
        alone = [any(said.level != "I" for said in shipped.lint(one.text, lang)) for one in here]
        within = list(_within(here, shipped, lang))
        for view, found in (("alone", alone), ("in its statement", within)):
            for word, bad in (("recall", True), ("false alarms", False)):
                hits = [hit for one, hit in zip(here, found, strict=True) if one.bad == bad]
                tick(f"  published {lang}, {view}: {word} {sum(hits)} of {len(hits)}")
                share = sum(hits) / max(len(hits), 1)
                figures.append(Figure(f"faults, published {lang}, {view}: {word}", share, "", 0.0, None, of="value"))
    return figures


def _within(sentences: Sequence[Sentence], wording: Wording, lang: str) -> Iterator[bool]:
    """Whether a remark touches the sentence when its whole statement is read, in order."""
    for _, group in groupby(sentences, key=lambda one: one.register):
        texts = [one.text for one in group]
        whole = "\n".join(texts)
        remarks = [one for one in wording.lint(whole, lang) if one.level != "I" and one.end - one.start < len(whole)]
        begin = 0
        for text in texts:
            end = begin + len(text)
            yield any(one.start < end and one.end > begin for one in remarks)
            begin = end + 1
