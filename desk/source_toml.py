"""A source as the TOML block that would stand in watch.toml, with or without the keys its addresses hold (pure)."""

import json
import re
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from config.watch import Source

VEILED = "***"
_SECRETIVE = re.compile(r"key|token|secret|passw|auth|sign|sig$|code|session|cookie|credential", re.IGNORECASE)
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_FREE = ("headers", "params", "values", "body", "token_body")


def spec_of(source: Source) -> dict[str, Any]:
    """What differs from the defaults, `id` and `kind` first."""
    found = source.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {"id": source.id, "kind": source.kind} | {key: value for key, value in found.items() if value is not None}


def toml_of(source: Source, *, veil: bool = True) -> str:
    """The block. `veil` writes *** for passwords and keys inside addresses, headers, parameters and values."""
    spec = spec_of(source)
    return "\n".join(_table("source", _veiled(spec) if veil else spec, several=True))


def veiled_url(url: str) -> str:
    """The address without its password and without the values of parameters that look like keys."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return VEILED
    name, at, host = parts.netloc.rpartition("@")
    netloc = f"{name.partition(':')[0]}:{VEILED}@{host}" if at and ":" in name else parts.netloc
    pieces = []
    for piece in parts.query.split("&"):
        key, equals, value = piece.partition("=")
        pieces.append(f"{key}={VEILED}" if value and _SECRETIVE.search(key) else f"{key}{equals}{value}")
    return urlunsplit((parts.scheme, netloc, parts.path, "&".join(pieces), parts.fragment))


def _veiled(value: Any, key: str = "", free: bool = False) -> Any:
    if isinstance(value, dict):
        return {name: _veiled(one, name, key in _FREE) for name, one in value.items()}
    if isinstance(value, list):
        return [_veiled(one, key, free) for one in value]
    if isinstance(value, str) and "://" in value:
        return veiled_url(value)
    # What a {name} stands for is filled in from elsewhere; what is written out may be the key itself.
    hides = free and isinstance(value, str) and "{" not in value and _SECRETIVE.search(key)
    return VEILED if hides else value


def _table(name: str, values: dict[str, Any], *, several: bool = False) -> list[str]:
    lines = [f"[[{name}]]" if several else f"[{name}]"]
    deeper: list[str] = []
    for key, value in values.items():
        path = f"{name}.{_key(key)}"
        if isinstance(value, dict):
            deeper += _table(path, value)
        elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            for one in value:
                deeper += _table(path, one, several=True)
        elif value is not None:
            lines.append(f"{_key(key)} = {_value(value)}")
    return lines + deeper


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _value(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(_value(one) for one in value)}]"
    if isinstance(value, str):
        # JSON's escapes are TOML's too, but for DEL, which TOML wants escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)
