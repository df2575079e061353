"""The risk words: what counts, what this company changed of it, a box to try a change in, and its saved versions."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from starlette.responses import Response

from config.errors import InputError
from config.taxonomy_changes import Changes, apply, places, read_changes
from desk import access
from desk.screens import saved
from desk.screens.door import Ask, Handler, go
from desk.screens.saved import EDITORS
from desk.screens.taxonomy_view import Sheet, draw
from monitor.editing import changing
from monitor.editing.changing import Remark
from monitor.editing.merging import merged_changes
from monitor.editing.trying import texts_of, try_texts
from monitor.in_force.own_words import terms_of
from store import versions
from store.nouns import Version, VersionKind

KIND: Final = VersionKind.TAXONOMY
DONE: Final = ("saved", "back", "signed")


def show_taxonomy(ask: Ask) -> Response:
    """What counts now, with nothing changed yet."""
    with ask.room.store.reading() as tx:
        version, rules = versions.current(tx, KIND), ask.room.in_force(tx)
    sheet = Sheet(versions.number_of(version), rules.changes, open=ask.query("open"))
    return draw(ask, sheet, ask.query("done") if ask.query("done") in DONE else "")


def edit(ask: Ask) -> Response:
    """One button of the form: change, undo, open a list, try, or save."""
    access.require(ask.person, *EDITORS)
    sheet = _typed(ask)
    verb, _, what = ask.field("do").partition(":")
    if verb == "save":
        return _save(ask, sheet)
    made = VERBS.get(verb, _try)(ask, sheet, what)
    # What is in the box is tried again with every change.
    return draw(ask, made if made.trials or not texts_of(made.texts) else _try(ask, made, ""))


def go_back(ask: Ask) -> Response:
    """An older version counts again."""
    saved.go_back(ask, KIND, "")
    return go("/taxonomy?done=back")


def sign(ask: Ask) -> Response:
    """A second person says yes."""
    saved.sign(ask, KIND, "")
    return go("/taxonomy?done=signed")


def _typed(ask: Ask) -> Sheet:
    try:
        changes = read_changes(json.loads(ask.field("draft") or "{}"))
    except (ValueError, RecursionError) as error:
        raise InputError("The form is damaged; load the screen again.") from error
    apply(ask.room.taxonomy, changes)
    return Sheet(
        base=saved.number_of(ask, "base"),
        changes=changes,
        place=ask.field("place"),
        words=ask.form.get("words", ""),
        texts=ask.form.get("texts", ""),
        brand=ask.field("brand"),
        reason=ask.field("reason"),
        open=ask.field("open"),
    )


def _add(ask: Ask, sheet: Sheet, _: str) -> Sheet:
    return _changed(ask, sheet, changing.add)


def _remove(ask: Ask, sheet: Sheet, _: str) -> Sheet:
    return _changed(ask, sheet, changing.remove)


def _changed(ask: Ask, sheet: Sheet, change: Callable[..., changing.Changed]) -> Sheet:
    if sheet.place not in places(ask.room.taxonomy):
        return replace(sheet, remarks=(Remark("no_place"),), status=400)
    found = change(ask.room.taxonomy, sheet.changes, sheet.place, sheet.words.splitlines())
    made = replace(sheet, changes=found.changes, remarks=found.remarks)
    return replace(made, words="") if found.ok else replace(made, status=400)


def _take(ask: Ask, sheet: Sheet, what: str) -> Sheet:
    """Out of an open list by its own button: `LIST|WORD`."""
    place, _, word = what.partition("|")
    if place not in places(ask.room.taxonomy):
        return sheet
    found = changing.remove(ask.room.taxonomy, sheet.changes, place, [word])
    return replace(sheet, changes=found.changes, remarks=found.remarks)


def _undo(_: Ask, sheet: Sheet, what: str) -> Sheet:
    """Take one change back: `add|LIST|WORD`."""
    kind, place, word = (*what.split("|", 2), "", "")[:3]
    return replace(sheet, changes=changing.undo(sheet.changes, kind, place, word))


def _open(_: Ask, sheet: Sheet, what: str) -> Sheet:
    return replace(sheet, open="" if what == sheet.open else what)


def _try(ask: Ask, sheet: Sheet, _: str) -> Sheet:
    texts = texts_of(sheet.texts)
    if not texts:
        return replace(sheet, remarks=(Remark("no_text"),), status=400)
    with ask.room.store.reading() as tx:
        rules = ask.room.in_force(tx)
    after = terms_of(ask.room.taxonomy, sheet.changes, rules.brands.get(sheet.brand))
    trials = try_texts(texts, ask.room.scorer, rules.terms_of(sheet.brand), after)
    return replace(sheet, trials=tuple(trials))


def _save(ask: Ask, sheet: Sheet) -> Response:
    with ask.room.store.reading() as tx:
        before, rules = versions.get(tx, KIND, "", sheet.base), ask.room.in_force(tx)
        newest = versions.numbers(tx, [KIND]).get((KIND, ""), 0)
    if sheet.base == newest and not rules.faults and rules.changes == sheet.changes:
        return draw(ask, replace(sheet, remarks=(Remark("same"),), status=400))
    reason = saved.reason_of(ask)
    if not reason:
        return draw(ask, replace(sheet, remarks=(Remark("no_reason"),), status=400))
    draft = saved.draft_of(ask, KIND, "", sheet.base, sheet.changes.body(), reason)
    if saved.keep(ask, draft):
        return go("/taxonomy?done=saved")
    return draw(ask, _joined(ask, sheet, before))


def _joined(ask: Ask, sheet: Sheet, before: Version | None) -> Sheet:
    """Somebody was first: both changes together, to be looked at and saved again."""
    with ask.room.store.reading() as tx:
        theirs = versions.current(tx, KIND)
        rules = ask.room.in_force(tx)
    base = read_changes(before.body) if before else Changes()
    both = merged_changes(base, sheet.changes, rules.changes)
    return replace(sheet, base=versions.number_of(theirs), changes=both, stale=theirs, status=409)


VERBS: Final[Mapping[str, Callable[[Ask, Sheet, str], Sheet]]] = {
    "add": _add,
    "remove": _remove,
    "take": _take,
    "undo": _undo,
    "open": _open,
    "test": _try,
}

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("/taxonomy", "GET", show_taxonomy),
    ("/taxonomy", "POST", edit),
    ("/taxonomy/back", "POST", go_back),
    ("/taxonomy/sign", "POST", sign),
)
