"""How often it will wake us: presets, a budget of pages, every threshold; tried on the past, saved, gone back from."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from starlette.responses import Response

from config.errors import InputError
from config.watch import Thresholds
from desk import access
from desk.screens import saved
from desk.screens.door import Ask, Handler, go
from desk.screens.fields import choice
from desk.screens.saved import EDITORS
from desk.screens.thresholds_view import DAYS, OWN, Outcome, Sheet, draw
from monitor import tuning
from monitor.trying import Reach, Trier, figures
from store import versions

# A screen answers within seconds: so many mentions are replayed, all brands together, and never fewer of one.
MOST, LEAST = 60_000, 5_000
MOST_BUDGET: Final = 100.0
DONE: Final = ("saved", "back", "signed")


def show_thresholds(ask: Ask) -> Response:
    """What counts now, as it could be changed."""
    with ask.room.store.reading() as tx:
        counted = tuning.in_force(tx, _file(ask))
        version = versions.current(tx, tuning.KIND)
    preset = tuning.preset_of(counted.thresholds, _file(ask)) or OWN
    sheet = Sheet(versions.number_of(version), preset, _values(counted.thresholds))
    return draw(ask, sheet, done=ask.query("done") if ask.query("done") in DONE else "")


def edit(ask: Ask) -> Response:
    """Try what was typed on the stored past, or save what was tried."""
    access.require(ask.person, *EDITORS)
    sheet, file = _typed(ask), _file(ask)
    values = sheet.values if sheet.preset == OWN else {}
    if wrong := tuning.wrong(file, values):
        return draw(ask, replace(sheet, wrong=tuple(wrong), status=400))
    base = file if sheet.preset == OWN else tuning.preset(sheet.preset, file)
    wanted = tuning.changed(base, values.items())
    budget = _budget(sheet.budget)
    if budget is None:
        return draw(ask, replace(sheet, wrong=("budget",), status=400))
    sheet = _tried(ask, sheet, wanted, budget)
    return _save(ask, sheet) if ask.field("do") == "save" else draw(ask, sheet)


def go_back(ask: Ask) -> Response:
    """An older version counts again, at once and exactly."""
    access.require(ask.person, *EDITORS)
    with ask.room.store.reading() as tx:
        older = versions.get(tx, tuning.KIND, "", saved.number_of(ask, "to"))
    if older and tuning.read(older, _file(ask)).fault:
        raise InputError("This version cannot be used any more; choose another one.")
    saved.go_back(ask, tuning.KIND, "", "thresholds_back")
    return go("/thresholds?done=back")


def sign(ask: Ask) -> Response:
    """A second person says yes."""
    saved.sign(ask, tuning.KIND, "", "thresholds_signed")
    return go("/thresholds?done=signed")


def _file(ask: Ask) -> Thresholds:
    return ask.room.settings.watch.thresholds


def _values(thresholds: Thresholds) -> dict[str, str]:
    return {key: str(value) for key, value in tuning.body_of(thresholds).items()}


def _typed(ask: Ask) -> Sheet:
    return Sheet(
        base=saved.number_of(ask, "base"),
        preset=choice(ask, "preset", [*tuning.PRESETS, OWN]),
        values={key: ask.field(key)[:40] for key in Thresholds.model_fields},
        budget=ask.field("budget")[:20],
        days=int(choice(ask, "days", [str(one) for one in DAYS])),
        reason=ask.field("reason"),
    )


def _budget(text: str) -> float | None:
    """Pages per brand and week; -1 when none was asked for, None when it cannot be read."""
    if not text:
        return -1.0
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number <= MOST_BUDGET else None


def _tried(ask: Ask, sheet: Sheet, wanted: Thresholds, budget: float) -> Sheet:
    """The sheet with what the last days would have told; a budget decides the rarity."""
    brands = ask.room.settings.watch.brand
    reach = Reach(ask.now, sheet.days, max(LEAST, MOST // max(1, len(brands))))
    trier = Trier(brands, ask.room.taxonomy, ask.room.zone)
    found = None
    with ask.room.store.reading() as tx:
        now = tuning.in_force(tx, _file(ask)).thresholds
        if budget < 0:
            trials = trier.each(tx, [now, wanted], reach)
        else:
            wanted, found, trials = trier.within(tx, now, wanted, budget, reach)
    values: Mapping[str, str] = _values(wanted)
    outcome = Outcome(now, wanted, tuple(trials), found, budget)
    preset = tuning.preset_of(wanted, _file(ask)) or OWN
    return replace(sheet, preset=preset, values=values, outcome=outcome)


def _save(ask: Ask, sheet: Sheet) -> Response:
    assert sheet.outcome is not None  # noqa: S101  tried just before
    body = tuning.body_of(sheet.outcome.after)
    if sheet.outcome.after == sheet.outcome.now:
        return draw(ask, replace(sheet, remark="thr_same", status=400))
    reason = saved.reason_of(ask)
    if not reason:
        return draw(ask, replace(sheet, remark="thr_no_reason", status=400))
    draft = saved.draft_of(ask, tuning.KIND, "", sheet.base, body, reason)
    draft = replace(draft, figures=figures(sheet.outcome.trials))
    if saved.keep(ask, draft, "thresholds_saved"):
        return go("/thresholds?done=saved")
    with ask.room.store.reading() as tx:
        theirs = versions.current(tx, tuning.KIND)
    return draw(ask, replace(sheet, base=versions.number_of(theirs), stale=theirs, status=409))


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("/thresholds", "GET", show_thresholds),
    ("/thresholds", "POST", edit),
    ("/thresholds/back", "POST", go_back),
    ("/thresholds/sign", "POST", sign),
)
