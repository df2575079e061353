"""What the domain says of the way of a text (statements 4.2 and 4.8, decision 65), written down apart from the code.

4.8: draft → fact checked → legal → spokesperson → approved → released; only the spokesperson or a deputy brings a text
to approved, never its author; one changed character is a draft again and takes every yes back. 4.2 names the approvers:
blue and yellow duty and spokesperson, orange and red legal and spokesperson (red tells the executives, who do not
block); a template legal cleared needs no legal, words about liability always do. What is not for the public (Q&A,
memo, service desk) takes the short way at any level and is never posted. Every text gets two different people.
"""

from dataclasses import dataclass

from store.nouns import DraftState as S
from store.nouns import Level

LEVELS = (Level.BLUE, Level.YELLOW, Level.ORANGE, Level.RED)
PUBLIC = ("holding", "short", "update", "correction", "apology", "closing")
INSIDE = ("internal", "frontline", "qa")
VERBS = ("hand-in", "check", "approve", "changes", "reject", "publish", "edit")
# Who is who in tests.desk.house, but that chen only drafts.
SPEAKERS, LEGAL, DUTY, DRAFTERS, READERS = ("zhao", "wang"), ("zhou",), ("li", "wang"), ("chen",), ("kan",)
PEOPLE = ("li", "chen", "wang", "zhao", "zhou", "kan", "ops")


@dataclass(frozen=True, slots=True)
class Kind:
    """A text: how bad its incident is, what it is, and whether its words or its template change who is asked."""

    level: Level
    kind: str
    liable: bool = False
    cleared: bool = False

    @property
    def legal(self) -> bool:
        """Whether legal's yes stands on its way."""
        grave = self.level in (Level.ORANGE, Level.RED) and self.kind in PUBLIC
        return self.liable or (grave and not self.cleared)

    @property
    def chain(self) -> str:
        return "legal" if self.legal else "short" if self.kind in PUBLIC else "inside"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands: by whom it was written, who vouched for its facts, and whether legal has said yes."""

    state: S
    author: str
    vouched: str = ""
    legal_yes: bool = False


@dataclass(frozen=True, slots=True)
class Came:
    """What a post leads to: the answer, the newest text's state, as what a new yes counts, whether a post is noted."""

    status: int
    state: S
    yes: str = ""
    posted: bool = False


def comes(text: Kind, place: Place, verb: str, who: str) -> Came:
    """What the law makes of this verb by this person; 403 when it is never theirs, 409 when it is not now."""
    if who not in _whose(text, verb, place):
        return Came(403, place.state)
    found = {
        "hand-in": _handed_in,
        "check": _checked,
        "approve": _approved,
        "changes": _turned_down,
        "reject": _turned_down,
        "publish": _posted,
        "edit": _edited,
    }[verb](text, place, verb, who)
    return found or Came(409, place.state)


def _whose(text: Kind, verb: str, place: Place) -> tuple[str, ...]:
    """Whoever this verb is open to at some point of the way."""
    if verb in ("hand-in", "check"):
        # Where legal does not look, vouching is one of the two yeses, and that is for duty.
        return (*DUTY, *DRAFTERS) if text.legal else DUTY
    if verb == "approve":
        # Legal's yes is said once; what is left is not legal's to say.
        return SPEAKERS if place.legal_yes else (*SPEAKERS, *LEGAL)
    if verb == "publish":
        return SPEAKERS
    if verb == "edit":
        return tuple(one for one in PEOPLE if one not in READERS)
    return (*SPEAKERS, *LEGAL)


def _checked(text: Kind, place: Place, verb: str, who: str) -> Came | None:
    return Came(303, S.FACT_CHECKED, "facts") if place.state is S.DRAFT else None


def _handed_in(text: Kind, place: Place, verb: str, who: str) -> Came | None:
    to = S.LEGAL_REVIEW if text.legal else S.SPOKESPERSON_REVIEW
    if place.state is S.DRAFT:
        return Came(303, to, "facts")
    return Came(303, to) if place.state is S.FACT_CHECKED else None


def _approved(text: Kind, place: Place, verb: str, who: str) -> Came | None:
    if who == place.author:
        return None
    if who in LEGAL:
        asked = place.state in (S.LEGAL_REVIEW, S.SPOKESPERSON_REVIEW)
        return Came(303, S.SPOKESPERSON_REVIEW, "legal") if asked else None
    ready = place.state in (S.SPOKESPERSON_REVIEW, S.EXPIRED)
    second = place.legal_yes if text.legal else who != place.vouched
    role = "spokesperson" if who == "zhao" else "deputy"
    return Came(303, S.APPROVED, role) if ready and second else None


def _turned_down(text: Kind, place: Place, verb: str, who: str) -> Came | None:
    """Who says yes may say no while it is asked; a speaker until it is out; legal calls an approved text back."""
    open_to = {S.LEGAL_REVIEW, S.SPOKESPERSON_REVIEW}
    if who in SPEAKERS:
        open_to |= {S.APPROVED, S.EXPIRED}
    elif verb == "changes":
        open_to |= {S.APPROVED}
    to = S.CHANGES_REQUESTED if verb == "changes" else S.REJECTED
    return Came(303, to) if place.state in open_to else None


def _posted(text: Kind, place: Place, verb: str, who: str) -> Came | None:
    out = place.state in (S.APPROVED, S.RELEASED) and text.kind in PUBLIC
    return Came(303, S.RELEASED, posted=True) if out else None


def _edited(text: Kind, place: Place, verb: str, who: str) -> Came | None:
    return Came(303, S.DRAFT)
