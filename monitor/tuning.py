"""The thresholds that count now: the file's, over them the saved version, and what a person may change of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from config.errors import InputError
from config.watch import Thresholds
from store import journal, versions
from store.database import Tx
from store.nouns import Version, VersionKind

KIND: Final = VersionKind.THRESHOLDS
# The journal's name for them all; the versions of all brands together have the subject "".
SUBJECT: Final = "thresholds"
UNREADABLE: Final = "thresholds_unreadable"
_SHORT: Final = 6
# What each preset changes of the file's thresholds. balanced is the file itself.
PRESETS: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "cautious": {"rarity": 2.3, "voices": 4, "authors": 3, "cluster_authors": 2, "negative": 0.25, "burn": 1.8},
        "balanced": {},
        "quiet": {"rarity": 3.4, "voices": 10, "authors": 7, "cluster_authors": 5, "negative": 0.5, "burn": 3.0},
    }
)


@dataclass(frozen=True, slots=True)
class ThresholdsNow:
    """Thresholds with their short name. `number`: of the saved version, 0 for the file.

    `fault`: why a newer saved version cannot be used, so that the file counts; "" when nothing is wrong.
    """

    thresholds: Thresholds
    name: str
    number: int = 0
    fault: str = ""


def body_of(thresholds: Thresholds) -> dict[str, Any]:
    """The JSON form that is saved: every threshold, so that going back restores all of them."""
    return thresholds.model_dump(mode="json")


def name_of(thresholds: Thresholds) -> str:
    """The first characters of the sha256 of their JSON form: what pages and spikes say."""
    return versions.digest(body_of(thresholds))[:_SHORT]


def in_force(tx: Tx, file: Thresholds) -> ThresholdsNow:
    """What counts at this moment. A saved version that cannot be read falls back to the file, and says why."""
    return read(versions.current(tx, KIND), file)


def read(saved: Version | None, file: Thresholds) -> ThresholdsNow:
    """A saved version over the file's thresholds (a threshold it does not know is the file's)."""
    if saved is None:
        return ThresholdsNow(file, name_of(file))
    try:
        found = Thresholds.model_validate(body_of(file) | saved.body)
    except (ValidationError, TypeError) as error:
        fault = _said(error) if isinstance(error, ValidationError) else "is no table of thresholds"
        return ThresholdsNow(file, name_of(file), 0, f"version {saved.number}: {fault}")
    return ThresholdsNow(found, name_of(found), saved.number)


def tell_fault(tx: Tx, counted: ThresholdsNow, now: datetime) -> None:
    """Note in the journal, once for each, that a saved version cannot be used."""
    if not counted.fault:
        return
    told = [entry.why for entry in journal.entries(tx, SUBJECT) if entry.what == UNREADABLE]
    if counted.fault not in told:
        journal.write(tx, now, "system", UNREADABLE, SUBJECT, counted.fault, {"used": counted.name})


def preset(name: str, file: Thresholds) -> Thresholds:
    """One of PRESETS over the file's thresholds; InputError names those there are."""
    if name not in PRESETS:
        raise InputError(f"The preset {name[:40]!r} is unknown; allowed: {', '.join(PRESETS)}.")
    return file.model_copy(update=dict(PRESETS[name]))


def preset_of(thresholds: Thresholds, file: Thresholds) -> str:
    """Which preset these are; "" when they are one's own."""
    return next((name for name in PRESETS if preset(name, file) == thresholds), "")


def changed(base: Thresholds, words: Iterable[tuple[str, str]]) -> Thresholds:
    """`base` with (key, value) as people write them: "4", "60m". InputError says of every fault what is allowed."""
    given = dict(words)
    if unknown := [key for key in given if key not in Thresholds.model_fields]:
        allowed = ", ".join(Thresholds.model_fields)
        raise InputError(f"There is no threshold {', '.join(repr(key[:40]) for key in unknown)}; allowed: {allowed}.")
    try:
        return Thresholds.model_validate(body_of(base) | given)
    except ValidationError as error:
        raise InputError(f"Nothing was changed: {_said(error)}") from None


def wrong(base: Thresholds, given: Mapping[str, str]) -> list[str]:
    """The keys whose value cannot be used, in the order of the file."""
    found = []
    for key, value in given.items():
        try:
            Thresholds.model_validate(body_of(base) | {key: value})
        except ValidationError:
            found.append(key)
    return found


def bounds(key: str) -> tuple[float | None, float | None]:
    """The least and the greatest value that are allowed; None where there is none (or it is a length of time)."""
    low = high = None
    for rule in Thresholds.model_fields[key].metadata:
        low, high = getattr(rule, "ge", low), getattr(rule, "le", high)
    return low, high


def differences(before: Thresholds, after: Thresholds) -> dict[str, tuple[Any, Any]]:
    """Key → (before, after), in JSON form, of all that differ."""
    old, new = body_of(before), body_of(after)
    return {key: (old[key], new[key]) for key in old if old[key] != new[key]}


def _allowed(key: str) -> str:
    low, high = bounds(key)
    if low is None and high is None:
        return 'a length of time such as "60m" or "24h"'
    return f"at least {low:g}" if high is None else f"{low:g} to {high:g}"


def _said(error: ValidationError) -> str:
    """`key: allowed: … (found …)`, one after the other."""
    lines = []
    for fault in error.errors():
        key = str(fault["loc"][0]) if fault["loc"] else ""
        what = f"allowed: {_allowed(key)}" if key in Thresholds.model_fields else "there is no such threshold"
        lines.append(f"{key}: {what} (found {str(fault.get('input'))[:40]!r})")
    return "; ".join(lines)
