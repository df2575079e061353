"""Saved templates (pure): where one belongs, what its body holds, and which slots legal clears facts for."""

from typing import Any

from config.errors import InputError
from statements.approving.lane import fingerprint
from statements.writing.contexts import Context, Rendered
from statements.writing.render import KINDS, LANGS, render
from store.nouns import Version

LONGEST_SOURCE = 20_000
GENERAL = "general"


def subject_of(kind: str, category: str, lang: str) -> str:
    """What a saved template is kept under."""
    return f"{kind}/{category}/{lang}"


def source_in(version: Version | None) -> str | None:
    """The template of a saved version; None when it is a way back to the file."""
    source = version.body.get("source") if version else None
    return source if isinstance(source, str) and source.strip() else None


def saved_body(source: str) -> dict[str, Any]:
    """What is kept of an edited template: an edit is never cleared. InputError when it is empty or too long."""
    text = source.replace("\r\n", "\n").strip()
    if not text:
        raise InputError("The template is empty.")
    if len(text) > LONGEST_SOURCE:
        raise InputError(f"The template has {len(text)} characters; {LONGEST_SOURCE} are allowed.")
    return {"source": text + "\n", "cleared": None}


def cleared_body(source: str, sample: Context) -> dict[str, Any]:
    """The same template with legal's yes: its fingerprint, and the slots in which facts may stand."""
    slots = sorted(set(fact_slots(render(source, sample))))
    return {"source": source, "cleared": {"fingerprint": fingerprint(source), "slots": slots}}


def fact_slots(made: Rendered) -> tuple[str, ...]:
    """The names of the slots facts stand in, in order of place."""
    places = [span.start for span in made.spans if span.kind == "fact"]
    return tuple(one.name for one in made.slots if any(one.start <= at < one.end for at in places))


def known_place(kind: str, category: str, lang: str, categories: tuple[str, ...]) -> bool:
    """Can there be a template of this kind, category and language?"""
    return kind in KINDS and lang in LANGS and category in (GENERAL, *categories)
