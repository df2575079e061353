"""The pre-cleared lane: legal cleared a template once, so a text that is this template needs no yes of theirs (pure).

Cleared templates are saved versions of kind `template`, subject `kind/category/lang`; their body holds `source` and
`cleared` {fingerprint, slots}, and `signed_by` is somebody of legal. The lane is open while the draft is what the
template makes of the draft's own facts: its fixed words character for character, facts only in the cleared slots.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from config.errors import TemplateError
from config.team import Team
from statements.writing.marks import Slot, Span
from statements.writing.render import Context, Rendered, render
from store.nouns import Version

# What a moment may look like, in either language; the words around it are the template's own.
_MOMENT = r"[0-9A-Za-z年月日号今明后天前点时分北京间:：，,（）()+ -]{2,60}?"
_NUMBER = r"[0-9]{1,3}"


@dataclass(frozen=True, slots=True)
class Cleared:
    """A template as legal cleared it: `slots` are the slots of the text in which facts may stand."""

    source: str
    fingerprint: str
    slots: tuple[str, ...]
    by: str


def fingerprint(source: str) -> str:
    """The 64 hex digits that name a template's text; one changed character is another template."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()


def cleared(version: Version | None, team: Team) -> Cleared | None:
    """What legal cleared of a saved template; None when nobody of legal did, or it was changed since."""
    if version is None:
        return None
    source, said = version.body.get("source"), version.body.get("cleared")
    person = team.find(version.signed_by)
    if not isinstance(source, str) or not isinstance(said, dict) or person is None or "legal" not in person.roles:
        return None
    if said.get("fingerprint") != fingerprint(source):
        return None
    slots = said.get("slots")
    names = tuple(str(one) for one in slots) if isinstance(slots, list | tuple) else ()
    return Cleared(source, fingerprint(source), names, version.signed_by)


def closed_why(found: Cleared | None, body: str, context: Context) -> str:
    """Why this text is not in the lane; "" while it is. `context` holds the facts the text uses, and no others."""
    if found is None:
        return "legal has not cleared this template"
    try:
        made = render(found.source, context)
    except TemplateError as error:
        return f"the cleared template cannot be filled: {error}"
    foreign = sorted({name for name in _fact_slots(made) if name not in found.slots})
    if foreign:
        return f"facts stand in a slot legal has not cleared: {', '.join(foreign)}"
    if not re.fullmatch("".join(_pattern(made)), body, re.DOTALL):
        return "the fixed words are not those legal cleared"
    return ""


def _fact_slots(made: Rendered) -> Iterator[str]:
    for span in made.spans:
        if span.kind == "fact":
            yield next((one.name for one in made.slots if _holds(one, span)), "")


def _holds(slot: Slot, span: Span) -> bool:
    return slot.start <= span.start < slot.end


def _pattern(made: Rendered) -> Iterator[str]:
    """The text as a pattern: everything as it stands, but for moments and the statement's number."""
    end = 0
    for span in sorted(made.spans, key=lambda one: one.start):
        if span.start < end:
            continue
        words = made.body[span.start : span.end]
        yield re.escape(made.body[end : span.start])
        if span.kind == "time":
            yield _MOMENT
        elif span.kind == "name" and words.isdecimal():
            yield _NUMBER
        else:
            yield re.escape(words)
        end = span.end
    yield re.escape(made.body[end:])
