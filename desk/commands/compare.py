"""`compare`: the scorers side by side on the same texts, for whoever wants to see before choosing one."""

import argparse
import json
import sys
from typing import Any

from config.settings import Scoring
from config.taxonomy import load_taxonomy
from desk.commands import say
from desk.commands.judge import SCORERS, lines
from desk.scorers import scorer_of
from monitor.judging import judge
from monitor.risk import RiskTerms
from store.nouns import Score


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object a text")


def run(args: argparse.Namespace) -> int:
    """Exit 2 when a line could not be read; the others are answered all the same."""
    faults: list[str] = []
    texts = list(lines(sys.stdin.buffer, faults))
    risk = RiskTerms(load_taxonomy())
    told: dict[str, list[Score]] = {}
    for name in SCORERS:
        scorer = scorer_of(Scoring(scorer=name))
        try:
            told[name] = judge([(one.title, one.text) for one in texts], scorer=scorer, risk=risk)
        finally:
            scorer.close()
    if not args.json:
        say("".join(name.ljust(18) for name in SCORERS) + "text   (p_negative / p_crisis, ! = called a crisis)")
    for number, line in enumerate(texts):
        scores = {name: told[name][number] for name in SCORERS}
        if args.json:
            say(json.dumps({"id": line.id, **{name: _row(one) for name, one in scores.items()}}, ensure_ascii=False))
        else:
            say("".join(_cell(one).ljust(18) for one in scores.values()) + f"{line.title} {line.text}".strip()[:60])
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    return 2 if faults else 0


def _row(score: Score) -> dict[str, Any]:
    return {"p_negative": score.p_negative, "p_crisis": score.p_crisis, "crisis": score.crisis}


def _cell(score: Score) -> str:
    return f"{score.p_negative:.2f} / {score.p_crisis:.2f}{' !' if score.crisis else ''}"
