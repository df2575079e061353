"""What is handed in as text or JSON becomes queries and mentions; each field of a mention may be missing or null."""

import json
from typing import Any

from config.errors import InputError
from monitor.query.seen import Seen
from monitor.query.simple import Query, query_from

_TEXTS = ("title", "author", "site", "url", "platform", "lang")


def query_written(written: str) -> Query:
    """A query as a person types it: the expert form, or the simple form as a JSON object."""
    return query_from(json_of(written) if written.lstrip().startswith("{") else written)


def json_of(raw: str | bytes) -> Any:
    """The value of a JSON text; InputError says why it is none. Half characters are taken as they are."""
    try:
        return json.loads(raw if isinstance(raw, str) else raw.decode("utf-8-sig", "surrogatepass"))
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8 (byte {error.start + 1})") from error
    except RecursionError as error:
        raise InputError("is not usable JSON: nested too deeply") from error
    except ValueError as error:
        raise InputError(f"is not JSON: {error}") from error


def seen_from(value: object) -> Seen:
    """A mention out of JSON: an object, or a string that is its body; InputError says which field cannot be used."""
    if isinstance(value, str):
        return Seen(body=value)
    if not isinstance(value, dict):
        raise InputError("mention: must be an object with title, body, author …")
    body = "body" if value.get("body") is not None else "text"
    texts = {name: _text(value, name) for name in _TEXTS}
    return Seen(
        body=_text(value, body),
        tags=_tags(value.get("tags")),
        followers=_number(value, "followers"),
        rank=_number(value, "rank"),
        **texts,
    )


def _text(value: dict[object, object], name: str) -> str:
    found = value.get(name)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise InputError(f"mention.{name}: must be a string or null")
    return found


def _number(value: dict[object, object], name: str) -> float | None:
    found = value.get(name)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise InputError(f"mention.{name}: must be a number or null")
    return found


def _tags(found: object) -> tuple[str, ...]:
    if found is None:
        return ()
    listed = [found] if isinstance(found, str) else found
    if not isinstance(listed, list) or not all(isinstance(tag, str) for tag in listed):
        raise InputError("mention.tags: must be a list of strings or null")
    return tuple(listed)
