"""Draws the screen of the thresholds: the form, what a trial came to, and the versions; in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup
from starlette.responses import Response

from config.watch import Thresholds
from desk import access
from desk.screens.door import Ask
from desk.screens.frame import show
from desk.screens.saved import EDITORS, SHOWN_VERSIONS, may_sign
from desk.trial_chart import Pages, Words, trial_chart
from monitor import tuning
from monitor.comparing import Choice, Comparison, pages
from monitor.options import Would
from monitor.trying import Trial
from store import ledger, versions
from store.database import Tx
from store.nouns import Version

OWN: Final = "own"
DAYS: Final = (30, 14, 7)
# The first of a long list; the command shows all.
SHOWN, SHOWN_MENTIONS = 30, 3
# What a slider reaches where the settings set no upper bound.
_SLIDERS: Final[Mapping[str, tuple[float, float, float]]] = {
    "rarity": (1, 6, 0.1),
    "voices": (2, 60, 1),
    "authors": (1, 40, 1),
    "cluster_authors": (2, 20, 1),
    "rerise": (1.1, 5, 0.1),
    "negative": (0.05, 1, 0.05),
    "burn": (1.2, 20, 0.1),
    "hot_rank": (0, 100, 1),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What trying came to: thresholds in force and tried, each brand's trial, and how a budget was kept (-1: none)."""

    now: Thresholds
    after: Thresholds
    trials: tuple[Trial, ...]
    choice: Choice | None
    budget: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the form holds; nothing of it is lost by an error. `base`: the version its author saw.

    `wrong`: fields that cannot be read; `remark`: a word of the table; `stale`: what somebody saved meanwhile.
    """

    base: int
    preset: str
    values: Mapping[str, str]
    budget: str = ""
    days: int = DAYS[0]
    reason: str = ""
    outcome: Outcome | None = None
    wrong: tuple[str, ...] = ()
    remark: str = ""
    stale: Version | None = None
    status: int = 200


@dataclass(frozen=True, slots=True)
class Field:
    """One threshold: its value as typed, what is allowed, and the reach of its slider (None: it has none)."""

    key: str
    value: str
    allowed: str
    slider: tuple[float, float, float] | None
    wrong: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list with the incident it belongs to, when there is one."""

    would: Would
    incident: int | None


@dataclass(frozen=True, slots=True)
class Shown:
    """One brand's trial: chart, comparison, and the lists with their links."""

    trial: Trial
    chart: Markup
    comparison: Comparison
    before: int
    after: int
    gained: tuple[Listed, ...]
    lost: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """A saved version: its short name, what it changed against the one before, and what a reader may do with it."""

    version: Version
    name: str
    changes: Mapping[str, tuple[Any, Any]]
    fault: str
    may_sign: bool


def draw(ask: Ask, sheet: Sheet, done: str = "") -> Response:
    """The whole screen around what the form holds."""
    file = ask.room.settings.watch.thresholds
    may = access.may(ask.person, *EDITORS)
    with ask.room.store.reading() as tx:
        counted = tuning.in_force(tx, file)
        past = _history(ask, versions.history(tx, tuning.KIND, "", SHOWN_VERSIONS + 1), file)
        shown = [_shown(ask, tx, one) for one in sheet.outcome.trials] if sheet.outcome else []
    return show(
        ask,
        "thresholds.html",
        sheet.status,
        sheet=sheet,
        outcome=sheet.outcome,
        changes=tuning.differences(sheet.outcome.now, sheet.outcome.after) if sheet.outcome else {},
        tried_name=tuning.name_of(sheet.outcome.after) if sheet.outcome else "",
        shown=shown,
        counted=counted,
        counted_preset=tuning.preset_of(counted.thresholds, file) or OWN,
        current=past[0].version if past else None,
        past=past,
        presets=(*tuning.PRESETS, OWN),
        fields=[_field(ask, sheet, key) for key in Thresholds.model_fields],
        days=DAYS,
        may=may,
        done=done,
        most_mentions=SHOWN_MENTIONS,
    )


def _field(ask: Ask, sheet: Sheet, key: str) -> Field:
    low, high = tuning.bounds(key)
    if low is None and high is None:
        allowed = ask.word("thr_allowed_span")
    elif high is None:
        allowed = ask.word("thr_allowed_from", low=f"{low:,g}")
    else:
        allowed = ask.word("thr_allowed", low=f"{low:g}", high=f"{high:g}")
    return Field(key, sheet.values.get(key, ""), allowed, _SLIDERS.get(key), key in sheet.wrong)


def _history(ask: Ask, found: Sequence[Version], file: Thresholds) -> list[Past]:
    """The newest versions with what each changed; of one more only what it was is read."""
    rows = []
    for at, one in enumerate(found[:SHOWN_VERSIONS]):
        read = tuning.read(one, file)
        before = tuning.read(found[at + 1], file).thresholds if at + 1 < len(found) else file
        changes = {} if read.fault else tuning.differences(before, read.thresholds)
        rows.append(Past(one, read.name, changes, read.fault, may_sign(ask, one)))
    return rows


def _shown(ask: Ask, tx: Tx, trial: Trial) -> Shown:
    told, compared = trial.replayed.told, trial.comparison()
    before, after = pages(told[0]), pages(told[-1])
    since = max(trial.since, trial.replayed.hours[0].at) if trial.replayed.hours else trial.since
    words = Words(
        ask.word("thr_chart", brand=trial.brand.name),
        (ask.word("thr_row_now"), ask.word("thr_row_then")),
        ask.times.at(since),
        ask.times.at(trial.until),
    )
    marks = Pages([one.at for one in before], [one.at for one in after])
    return Shown(
        trial,
        trial_chart(trial.replayed.hours, since, trial.until, marks, words),
        compared,
        len(before),
        len(after),
        tuple(_listed(tx, one) for one in compared.gained[:SHOWN]),
        tuple(_listed(tx, one) for one in compared.lost[:SHOWN]),
    )


def _listed(tx: Tx, would: Would) -> Listed:
    return Listed(would, ledger.incident_of(tx, would.mention_ids[:200]))
