"""What was typed into the add-source form becomes a source, or faults that name the field (pure)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import available_timezones

from config.errors import InputError
from config.gateways import SECRET_ADDRESS
from config.presets import load_preset
from config.settings import Settings
from config.veil import OWN, URLS
from config.watch import Source
from desk.source_fields import Field, fields_of
from monitor import sourcebook

OTHER: Final = "other"
LONGEST: Final = 1000
# An address of ours already, so no source can be called that.
RESERVED: Final = frozenset({"new"})
_WORDS: Final = re.compile(r"[\s,，、;；]+")
_ID: Final = re.compile(r"[^a-z0-9_-]+")
_IN_WORDS: Final = re.compile(r"\b(values\.(\w+)|secret_env|preset):")


@dataclass(frozen=True, slots=True)
class Made:
    """What a form came to: a source, or the fields that are wrong with the word that says what is allowed."""

    source: Source | None
    faults: Mapping[str, str]


def made_of(form: Mapping[str, str], taken: Collection[str], settings: Settings) -> Made:
    """Check everything at once. `taken` are the ids there are; the id is chosen when none was typed."""
    kind, preset = form.get("kind", ""), form.get("preset", "")
    fields = fields_of(kind, preset)
    if not fields:
        return Made(None, {"kind": "kind"})
    faults = {one.name: "missing" for one in fields if one.required and not form.get(one.name, "").strip()}
    faults |= {one.name: "long" for one in fields if len(form.get(one.name, "")) > LONGEST}
    faults |= _own_faults(form, taken, settings)
    spec = _spec(kind, fields, form)
    spec["id"] = form.get("id", "").strip() or suggested(spec, taken)
    try:
        source = sourcebook.parse(spec)
    except InputError as error:
        named = {name: "form" for line in str(error).splitlines() for name in _fields_of(line)}
        return Made(None, named | faults)
    return Made(None if faults else source, faults)


def suggested(spec: Mapping[str, Any], taken: Collection[str]) -> str:
    """A short name nobody has yet, from platform (or preset) and brand."""
    words = (str(spec.get("preset") or spec.get("platform") or spec["kind"]), str(spec.get("brand", "")))
    base = _ID.sub("-", "-".join(word for word in words if word).lower()).strip("-_")[:50] or str(spec["kind"])
    names = (base, *(f"{base}-{n}" for n in range(2, 1000)))
    return next((name for name in names if name not in taken and name not in RESERVED), base)


def house_secrets(settings: Settings) -> frozenset[str]:
    """Names of secrets that are no source's business: a source could send them anywhere."""
    found = {*OWN, *URLS}
    ends = [end for person in settings.team.person for end in person.endpoint]
    found |= {end.secret_env for end in ends if end.secret_env}
    addresses = [*(end.address for end in ends), settings.service.watching.heartbeat_url]
    return frozenset(found | {hidden[1] for one in addresses if (hidden := SECRET_ADDRESS.fullmatch(one))})


def _own_faults(form: Mapping[str, str], taken: Collection[str], settings: Settings) -> dict[str, str]:
    """What the model of a source cannot know."""
    found = {}
    name, brand = form.get("id", "").strip(), form.get("brand", "")
    if name in RESERVED or name in taken:
        found["id"] = "taken"
    if brand and all(one.id != brand for one in settings.watch.brand):
        found["brand"] = "form"
    if form.get("secret_env", "").strip() in house_secrets(settings):
        found |= {"secret_env": "house"}
    if form.get("zone", "").strip() and form["zone"].strip() not in available_timezones():
        found["zone"] = "form"
    if form.get("kind") == "mastodon" and not any(form.get(one, "").strip() for one in ("tags", "search", "mentions")):
        found["tags"] = "missing"
    for key in ("url", "base_url"):
        if "@" in form.get(key, "").partition("://")[2].partition("/")[0]:
            found[key] = "login"
    return found


def _spec(kind: str, fields: tuple[Field, ...], form: Mapping[str, str]) -> dict[str, Any]:
    """The table that would stand in watch.toml; what was left empty stays with its default."""
    spec: dict[str, Any] = {"kind": kind}
    for field in fields:
        value = form.get(field.name, "").strip()
        if field.form == "check":
            _tick(spec, field, value == "on")
        elif value:
            _fill(spec, field, value, form)
    if kind == "json":
        preset = form.get("preset", "")
        spec |= {"preset": preset, "platform": load_preset(preset).platform or preset}
    return spec


def _tick(spec: dict[str, Any], field: Field, ticked: bool) -> None:
    if not field.name.startswith("part_"):
        spec[field.name] = ticked
        return
    parts = spec.setdefault("parts", [])
    if ticked:
        parts.append(field.name.removeprefix("part_"))


def _fill(spec: dict[str, Any], field: Field, value: str, form: Mapping[str, str]) -> None:
    if field.name.startswith("value_"):
        spec.setdefault("values", {})[field.label] = value
    elif field.form == "platform":
        spec["platform"] = form.get("platform_other", "").strip() if value == OTHER else value
    elif field.name == "tags":
        spec["tags"] = [word for one in _WORDS.split(value) if (word := one.lstrip("#＃"))]
    elif field.name == "daily_usd":
        spec["limits"] = {"daily_usd": value}
    else:
        spec[field.name] = value


def _fields_of(line: str) -> list[str]:
    """The fields a fault of the model is about; a fault of the whole source names its keys in its words."""
    where = line.partition(":")[0].split(".")
    if where[0] == "source":
        return [f"value_{found[2]}" if found[2] else found[1] for found in _IN_WORDS.finditer(line)] or ["kind"]
    if where[0] == "values" and len(where) > 1:
        return [f"value_{where[1]}"]
    return [{"limits": where[-1], "parts": "part_search"}.get(where[0], where[0])]
