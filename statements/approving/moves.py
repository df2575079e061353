"""The way of a text to the public as one table: state × action × part → state (pure). Server and screens read it.

DRAFT → FACT_CHECKED → LEGAL_REVIEW → SPOKESPERSON_REVIEW → APPROVED → RELEASED → SUPERSEDED | CORRECTED | WITHDRAWN.
Legal is asked where `legal` is true: from orange up, unless the pre-cleared lane is open, and wherever the words need
it (see `needs_legal`). What is no public statement (Q&A sheet, internal memo, frontline brief) takes the short way.
"""

from collections.abc import Collection, Iterable
from enum import StrEnum

from config.errors import AccessError, MoveError
from store.nouns import DraftState as S
from store.nouns import Level


class Part(StrEnum):
    """What somebody is to one text; a person may be several."""

    WRITER = "writer"  # may edit
    CHECKER = "checker"  # may vouch for its facts and hand it in
    LEGAL = "legal"  # role legal, or asked in legal's place
    SPEAKER = "speaker"  # the spokesperson, a named deputy, or whom the right is lent to
    HOUSE = "house"  # the clock and the fact log


class Action(StrEnum):
    """Everything that can happen to a text."""

    EDIT = "edit"
    CHECK = "check"
    HAND_IN = "hand_in"
    LEGAL_YES = "legal_yes"
    APPROVE = "approve"
    ASK_CHANGES = "ask_changes"
    REJECT = "reject"
    RELEASE = "release"
    FACT_CHANGED = "fact_changed"
    EXPIRE = "expire"
    SUPERSEDE = "supersede"
    CORRECT = "correct"
    WITHDRAW = "withdraw"


REVIEWS = (S.LEGAL_REVIEW, S.SPOKESPERSON_REVIEW)
ON_THE_WAY = (S.DRAFT, S.FACT_CHECKED, *REVIEWS, S.APPROVED)
# States a changed fact reaches: everything that is not out yet and was not given up.
LIVE = (*ON_THE_WAY, S.EXPIRED, S.CHANGES_REQUESTED)
NOT_PUBLIC = ("qa", "internal", "frontline")

Row = tuple[S, Action, Part, S]


def _rows(before: Iterable[S], action: Action, part: Part, after: S) -> list[Row]:
    return [(state, action, part, after) for state in before]


def _table(legal: bool) -> dict[tuple[S, Action, Part], S]:
    handed_in = S.LEGAL_REVIEW if legal else S.SPOKESPERSON_REVIEW
    rows = [
        # A superseded version is history; the newest one is edited, whatever became of it.
        *_rows((one for one in S if one is not S.SUPERSEDED), Action.EDIT, Part.WRITER, S.DRAFT),
        *_rows((S.DRAFT,), Action.CHECK, Part.CHECKER, S.FACT_CHECKED),
        *_rows((S.FACT_CHECKED,), Action.HAND_IN, Part.CHECKER, handed_in),
        # From the later review: legal became needed (the level rose) when the text lay with the spokesperson already.
        *_rows(REVIEWS, Action.LEGAL_YES, Part.LEGAL, S.SPOKESPERSON_REVIEW),
        *_rows((S.SPOKESPERSON_REVIEW, S.EXPIRED), Action.APPROVE, Part.SPEAKER, S.APPROVED),
        *_rows((*REVIEWS, S.APPROVED), Action.ASK_CHANGES, Part.LEGAL, S.CHANGES_REQUESTED),
        *_rows((*REVIEWS, S.APPROVED, S.EXPIRED), Action.ASK_CHANGES, Part.SPEAKER, S.CHANGES_REQUESTED),
        *_rows(REVIEWS, Action.REJECT, Part.LEGAL, S.REJECTED),
        *_rows((*REVIEWS, S.APPROVED, S.EXPIRED), Action.REJECT, Part.SPEAKER, S.REJECTED),
        *_rows((S.APPROVED, S.RELEASED), Action.RELEASE, Part.SPEAKER, S.RELEASED),
        *_rows(LIVE, Action.FACT_CHANGED, Part.HOUSE, S.STALE),
        *_rows((S.APPROVED,), Action.EXPIRE, Part.HOUSE, S.EXPIRED),
        *_rows((S.RELEASED,), Action.SUPERSEDE, Part.HOUSE, S.SUPERSEDED),
        *_rows((S.RELEASED,), Action.CORRECT, Part.SPEAKER, S.CORRECTED),
        *_rows((S.RELEASED,), Action.WITHDRAW, Part.SPEAKER, S.WITHDRAWN),
    ]
    return {(state, action, part): after for state, action, part, after in rows}


MOVES = {legal: _table(legal) for legal in (False, True)}
_WHO = {
    Action.EDIT: "only people with a writing role edit a text",
    Action.CHECK: "only a drafter, somebody on duty or a lead vouches for the facts",
    Action.HAND_IN: "only a drafter, somebody on duty or a lead hands a text in",
    Action.LEGAL_YES: "only legal, or who is asked in their place, says legal's yes",
    Action.APPROVE: "only the spokesperson or a named deputy approves a text",
    Action.ASK_CHANGES: "only who is to say yes asks for changes",
    Action.REJECT: "only who is to say yes rejects a text",
    Action.RELEASE: "only the spokesperson or a named deputy releases a text",
}


def check_part(action: Action, parts: Collection[Part], *, legal: bool) -> None:
    """AccessError when none of the parts ever does this, from whatever state."""
    if not any(known == action and part in parts for _, known, part in MOVES[legal]):
        raise AccessError(_WHO.get(action, "only the service itself does this"))


def after(state: S, action: Action, parts: Collection[Part], *, legal: bool) -> S:
    """The state this action leads to for somebody who is `parts` to the text.

    AccessError: none of the parts ever does this. MoveError: they do, but not from this state.
    """
    check_part(action, parts, legal=legal)
    table = MOVES[legal]
    found = (table[state, action, part] for part in parts if (state, action, part) in table)
    for one in found:
        return one
    raise MoveError(f"this text is {state}; {action} does not lead on from there")


def possible(state: S, parts: Collection[Part], *, legal: bool) -> tuple[Action, ...]:
    """The actions open to these parts now, in the order of `Action`."""
    table = MOVES[legal]
    return tuple(one for one in Action if any((state, one, part) in table for part in parts))


def needs_legal(level: Level, kind: str, levels: Collection[str], *, lane: bool) -> bool:
    """Whether legal is asked. `levels` are those of the text's findings: L needs legal at any level of the incident,
    and so does E, which stands only by an override; `lane` True: legal cleared this very template before.
    """
    if {"L", "E"} & set(levels):
        return True
    return kind not in NOT_PUBLIC and level.rank >= Level.ORANGE.rank and not lane
