"""The whole recipe of the fault classifier: labelled sentences in, two files of weights and a model card out."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np

from config.errors import InputError
from desk.fault_model import table
from desk.fault_model.fitting import (
    BAD_RECIPE,
    FALSE_ALARMS,
    KIND_RECIPE,
    Tick,
    Unseen,
    fit_faults,
    judge_unseen,
    labels_of,
)
from desk.fault_model.reading import FAULTS, KINDS
from desk.fault_model.sentences import Sentence
from monitor.training.figures import auc, recall_at
from statements.rules.wording import Wording

# Fewer sentences or authors teach nothing that holds for the next author.
LEAST, LEAST_AUTHORS = 500, 2


def make(sentences: Sequence[Sentence], rules: Wording, folder: Path, version: str, at: datetime, tick: Tick) -> Unseen:
    """Write the weights and MODEL_CARD.md into `folder`; the same sentences give the same bytes."""
    authors = {one.author for one in sentences}
    if len(sentences) < LEAST or len(authors) < LEAST_AUTHORS:
        said = f"{len(sentences)} sentences by {len(authors)} authors"
        raise InputError(f"train: {said}; at least {LEAST} by {LEAST_AUTHORS} are needed")
    said_unseen = judge_unseen(sentences, rules, tick)
    tick("faults: all authors")
    told = {
        "version": version,
        "weights": said_unseen.weights,
        "constant": said_unseen.constant,
        "cutoff": said_unseen.cutoff,
        "strict": said_unseen.strict,
        "spared": said_unseen.spared,
    }
    folder.mkdir(parents=True, exist_ok=True)
    tables = fit_faults(sentences)
    table.save(folder / FAULTS, tables.bad, told)
    table.save(folder / KINDS, tables.kinds, {"version": version})
    card = "\n".join(_card(sentences, said_unseen, version, at)) + "\n"
    (folder / "MODEL_CARD.md").write_text(card, encoding="utf-8")
    return said_unseen


def _card(sentences: Sequence[Sentence], said: Unseen, version: str, at: datetime) -> Iterator[str]:
    digest = hashlib.sha256()
    for one in sorted(sentences, key=lambda one: (one.author, one.text)):
        digest.update(f"{one.author}\t{one.lang}\t{one.fault}\t{one.text}\n".encode())
    yield from (
        f"# Model card: {version}",
        "",
        f"Made {at:%Y-%m-%d} by `./goldenhour train --faults`. Two tables of hashed n-grams (hanzi, words, marks; 1 to",
        f"3 units and pairs with a hole, int8): one tells whether there is a fault (up to {BAD_RECIPE.most:,}), one",
        f"which (up to {KIND_RECIPE.most:,}); fused with whether a wording rule found something. numpy alone at run",
        "time.",
        "",
        "Use: to warn a person who writes a statement. It never blocks: only a rule does. It reads Chinese",
        "and English. All its sentences were written for it by authors of one kind; real statements read differently.",
        "",
        f"Cut-off zh {said.cutoff['zh']:.3f}, en {said.cutoff['en']:.3f}: {FALSE_ALARMS:.1%} of the good sentences of",
        "unseen authors are doubted.",
        "",
        f"sha256 of all sentences with their labels: `{digest.hexdigest()}`",
        "",
        "## By authors the model had not seen (parts of authors left out in turn)",
        "",
        "| author | language | sentences | bad | AUC | recall at 5 % false alarms |",
        "|---|---|---|---|---|---|",
        *_authors(sentences, said),
        "",
        "## By fault (unseen authors, at the cut-off, rules and classifier together)",
        "",
        "| fault | zh | en |",
        "|---|---|---|",
        *_faults(sentences, said),
    )


def _authors(sentences: Sequence[Sentence], said: Unseen) -> Iterator[str]:
    labels = labels_of(sentences)
    for author, lang in sorted({(one.author, one.lang) for one in sentences}):
        here = np.array([(one.author, one.lang) == (author, lang) for one in sentences])
        p, y = said.p[here], labels[here]
        figures = f"{auc(p, y):.3f} | {recall_at(p, y, 0.05):.2f}" if 0 < y.sum() < y.size else "– | –"
        yield f"| {author} | {lang} | {y.size} | {int(y.sum())} | {figures} |"


def _faults(sentences: Sequence[Sentence], said: Unseen) -> Iterator[str]:
    found: Counter[tuple[str, str]] = Counter()
    number: Counter[tuple[str, str]] = Counter()
    for one, hit in zip(sentences, said.found, strict=True):
        if one.bad:
            number[one.fault, one.lang] += 1
            found[one.fault, one.lang] += bool(hit)
    for fault in sorted({name for name, _ in number}):
        cells = (f"{found[fault, lang]}/{number[fault, lang]}" for lang in ("zh", "en"))
        yield f"| {fault} | {' | '.join(cells)} |"
