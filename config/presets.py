"""The shipped descriptions of HTTP-JSON places, one TOML file each in presets/, and what a source makes of one."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from config.mapping import BUILT_IN, JsonSpec

FOLDER = Path(__file__).parent / "presets"


@cache
def preset_names() -> tuple[str, ...]:
    """Every shipped preset."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def load_preset(name: str) -> JsonSpec:
    """The shipped description `name`; ValueError names all there are."""
    return JsonSpec.model_validate(_raw(name))


def shape_of(preset: str, spec: JsonSpec | None) -> JsonSpec:
    """What a source with these two keys means: its own spec, which `over` has already laid over the preset."""
    return spec if spec is not None else load_preset(preset)


def over(preset: str, own: Mapping[str, Any]) -> dict[str, Any]:
    """The preset's table with what `own` says laid over it, key by key; lists are taken whole. ValueError as above."""
    return _laid(_raw(preset), own)


def name_faults(spec: JsonSpec, values: Mapping[str, str]) -> list[str]:
    """What is wrong with the {names} of a request and the `values` of a source; one line each, key first."""
    if spec.request is None:
        return ["it is only a shape of what is pushed or imported; allowed here are places that can be asked"]
    asked, preset = spec.request.names(), spec.request.values
    own = sorted(name for name in asked | set(preset) if name not in BUILT_IN - {"query"})
    faults = [
        f"values.{name}: the request has no {{{name}}}; allowed: {', '.join(own) or 'none'}"
        for name in values
        if name not in own
    ]
    known = BUILT_IN | set(values) | set(preset)
    return faults + [
        f"values.{name}: is missing; the request needs it (it fills by itself: {', '.join(sorted(BUILT_IN))})"
        for name in own
        if name in asked and name not in known
    ]


@cache
def _raw(name: str) -> dict[str, Any]:
    if name not in preset_names():
        raise ValueError(f"preset: there is no {name!r}; allowed: {', '.join(preset_names())}")
    found: dict[str, Any] = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return found


def _laid(under: Mapping[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(under)
    for key, value in top.items():
        below = both.get(key)
        both[key] = _laid(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return both
