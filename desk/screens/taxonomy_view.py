"""Draws the screen of the risk words: lists, changes, what a trial came to, history; in the reader's language."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.responses import Response

from config.taxonomy import Taxonomy
from config.taxonomy_changes import GLOBAL, OF_CATEGORY, Changes, apply, listed, words_at
from desk import access
from desk.screens import saved
from desk.screens.door import Ask
from desk.screens.frame import show
from desk.screens.quoting import Piece, pieces_of
from desk.screens.saved import EDITORS
from monitor.editing.changing import Remark
from monitor.editing.trying import LONGEST_TEXT, MOST_TEXTS, Trial
from monitor.risk import HARD, TERM
from store.nouns import Score, Version, VersionKind

SHOWN_CHANGES: Final = 200
SHOWN_WORDS: Final = 600
OTHER: Final = "other"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the form holds, typed or worked out: nothing of it is lost by an error.

    `base` is the version its author saw, `changes` all that would be saved; `stale` what somebody saved meanwhile.
    """

    base: int
    changes: Changes
    place: str = ""
    words: str = ""
    texts: str = ""
    brand: str = ""
    reason: str = ""
    open: str = ""
    remarks: tuple[Remark, ...] = ()
    trials: tuple[Trial, ...] = ()
    stale: Version | None = None
    status: int = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One change over the shipped file; `fresh`: not saved yet."""

    kind: str
    place: str
    word: str
    fresh: bool


@dataclass(frozen=True, slots=True)
class Side:
    """What a text comes to with one of the two word lists."""

    score: Score
    pieces: tuple[Piece, ...]
    reasons: tuple[str, ...]


def draw(ask: Ask, sheet: Sheet, done: str = "") -> Response:
    """The whole screen around what the form holds."""
    with ask.room.store.reading() as tx:
        rules = ask.room.in_force(tx)
        past = saved.history(ask, tx, VersionKind.TAXONOMY, "", {})
    file = ask.room.taxonomy
    now = apply(file, sheet.changes)
    kept, mine = dict.fromkeys(listed(rules.changes)), dict.fromkeys(listed(sheet.changes))
    rows = [Row(*one, one not in kept) for one in mine]
    taken = [one for one in kept if one not in mine]
    return show(
        ask,
        "taxonomy.html",
        sheet.status,
        sheet=sheet,
        draft=json.dumps(sheet.changes.body(), ensure_ascii=False),
        rows=sorted(rows, key=lambda row: not row.fresh)[:SHOWN_CHANGES],
        changed=len(rows),
        fresh=sum(row.fresh for row in rows) + len(taken),
        taken=taken[:SHOWN_CHANGES],
        lists=_lists(file),
        heads=_heads(now),
        opened=_opened(now, sheet.open),
        mine=mine,
        trials=[(one, _side(ask, one, one.before), _side(ask, one, one.after)) for one in sheet.trials],
        remarks=[_said(ask, one.code, one.word, one.where, one.count) for one in sheet.remarks if one.wrong],
        notes=[_said(ask, one.code, one.word, one.where, one.count) for one in sheet.remarks if not one.wrong],
        past=past,
        current=past[0].version if past else None,
        faults=[str(one) for one in rules.faults if one.kind == VersionKind.TAXONOMY],
        own_brands=[one for one in rules.brands.values() if one.id in rules.own],
        may=access.may(ask.person, *EDITORS),
        place_name=partial(place_name, ask),
        label=partial(_label, ask),
        done=done,
        most=(MOST_TEXTS, LONGEST_TEXT),
    )


def place_name(ask: Ask, place: str) -> str:
    """What a list is called: 食品安全 · 直接算危机."""
    head, _, name = place.rpartition(".")
    if head == "aggravators":
        return f"{ask.word('tax_aggravators')} · {ask.word(f'men_aggravator_{name}')}"
    if not head:
        return ask.word(f"tax_list_{name}") if name in GLOBAL else place
    known = ask.word(f"tax_list_{name}") if name in OF_CATEGORY else name
    return f"{ask.room.taxonomy.name(head, ask.lang)} · {known}"


def _label(ask: Ask, path: str) -> str:
    """A list of a saved body: add.food_safety.hard."""
    kind, _, place = path.partition(".")
    return f"{ask.word(f'tax_kind_{kind}')} · {place_name(ask, place)}" if kind in ("add", "remove") else path


def _lists(taxonomy: Taxonomy) -> Mapping[str, tuple[str, ...]]:
    """Category id (or `other`) → its lists, for the choice."""
    found = {one.id: tuple(f"{one.id}.{name}" for name in OF_CATEGORY) for one in taxonomy.categories}
    return found | {OTHER: GLOBAL}


def _heads(taxonomy: Taxonomy) -> Mapping[str, int]:
    """Category id → how many words count in it."""
    return {one.id: sum(len(getattr(one, name).all) for name in OF_CATEGORY) for one in taxonomy.categories}


def _opened(taxonomy: Taxonomy, head: str) -> list[tuple[str, tuple[str, ...], int]]:
    """The lists of the open category, the words that are shown, and how many there are."""
    found = [(place, words_at(taxonomy, place)) for place in _lists(taxonomy).get(head, ())]
    return [(place, words[:SHOWN_WORDS], len(words)) for place, words in found]


def _side(ask: Ask, trial: Trial, score: Score) -> Side:
    reasons = [
        f"{span.term} · {ask.room.taxonomy.name(span.category, ask.lang)} · {ask.word(_worth(span.weight))}"
        for span in score.spans
    ]
    reasons += [ask.word(f"men_aggravator_{name}") for name in score.aggravators]
    reasons += [ask.word(f"tri_why_{score.triage}")] if score.triage else []
    return Side(score, pieces_of("", trial.text, score.spans, LONGEST_TEXT), tuple(reasons))


def _worth(weight: float) -> str:
    return "tax_worth_hard" if weight >= HARD else "tax_worth_term" if weight >= TERM else "tax_worth_weak"


def _said(ask: Ask, code: str, word: str, where: str, count: int) -> str:
    return ask.word(f"tax_say_{code}", word=word, where=place_name(ask, where) if where else "", n=count)
