"""What people chose and typed in a form: a moment, one of a list, a level; InputError says what is wrong."""

from collections.abc import Sequence
from datetime import UTC, datetime

from config.errors import InputError
from desk.screens.door import Ask
from store.nouns import Level


def moment_of(ask: Ask, text: str) -> datetime:
    """A datetime-local field, read in the service's zone, as aware UTC; InputError when it is none."""
    try:
        local = datetime.fromisoformat(text)
        aware = local if local.tzinfo else local.replace(tzinfo=ask.room.zone)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputError("The time is not readable; write it like 2026-03-12T14:05.") from None


def moment_or_now(ask: Ask, name: str) -> datetime:
    """The moment in a field that may be left empty: then it is now."""
    return moment_of(ask, ask.field(name)) if ask.field(name) else ask.now


def choice(ask: Ask, name: str, allowed: Sequence[str]) -> str:
    """A field whose value is one of a list; InputError otherwise."""
    value = ask.field(name)
    if value not in allowed:
        raise InputError(f"The choice {value[:40]!r} is not one of the list.")
    return value


def brand_of(ask: Ask, *also: str) -> str:
    """The chosen brand's id, or one of `also`."""
    return choice(ask, "brand", [*also, *(one.id for one in ask.room.settings.watch.brand)])


def category_of(ask: Ask) -> str:
    """The chosen category's id; "" when it is not decided."""
    return choice(ask, "category", ["", *(one.id for one in ask.room.taxonomy.categories)])


def level_of(ask: Ask) -> Level:
    """The chosen level."""
    return Level(choice(ask, "level", [one.value for one in Level]))
