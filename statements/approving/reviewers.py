"""Who is what to a text, who is asked for a yes and in which order, and how long each has (pure)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from config.errors import InputError
from config.team import Person, Team
from statements.approving.moves import Part
from store.nouns import AskedReview, Draft

FIRST_ANSWER = timedelta(minutes=10)
NEXT_ANSWER = timedelta(minutes=5)
LONGEST_ETA = timedelta(minutes=30)
SHORT_FORM_AFTER = timedelta(minutes=35)
WRITERS = ("drafter", "responder", "lead", "spokesperson", "legal", "admin")
CHECKERS = ("drafter", "responder", "lead")
# On yellow the duty officer's own yes is one of the two.
DUTY = ("responder", "lead")
OBJECTORS = ("legal", "spokesperson", "lead", "executive")


def parts_of(
    roles: Collection[str], who: str, speakers: Collection[str], asked: Sequence[AskedReview], *, legal: bool
) -> frozenset[Part]:
    """What `who` is to a text. Somebody asked in legal's place is legal for this text alone, as long as they are asked.

    `legal`: whether legal is on this text's way; where it is not, only duty vouches for the facts.
    """
    found = set()
    if set(roles) & set(WRITERS):
        found.add(Part.WRITER)
    if set(roles) & set(CHECKERS if legal else DUTY):
        found.add(Part.CHECKER)
    stands_in = any(one.person == who and one.part == Part.LEGAL and one.answer in ("", "late") for one in asked)
    if "legal" in roles or stands_in:
        found.add(Part.LEGAL)
    if who in speakers and not set(roles) <= {"viewer"}:
        found.add(Part.SPEAKER)
    return frozenset(found)


def ladder(
    team: Team, part: Part, draft: Draft, speakers: Sequence[str], away: Collection[str] = ()
) -> tuple[str, ...]:
    """Who is asked for this yes, one after the other; never the author, nor somebody who may only look.

    Legal: each person of legal followed by their deputy. Spokesperson: the speakers in their order. Who is away is
    left out, unless nobody would be left.
    """
    if part is Part.LEGAL:
        people = [person for one in team.person if "legal" in one.roles for person in (one.id, one.deputy)]
    else:
        people = list(speakers)
    able = [one for one in dict.fromkeys(people) if one != draft.author and _able(team.find(one))]
    there = [one for one in able if one not in away]
    return tuple(there or able)


def time_for(turn: int) -> timedelta:
    """How long the person of this turn has before the next one is asked."""
    return NEXT_ANSWER if turn else FIRST_ANSWER


def waits_until(asked: AskedReview) -> datetime:
    """When the next person is asked: their own estimate counts once they gave one."""
    return asked.eta or asked.due_at


def checked_eta(eta: datetime, now: datetime) -> datetime:
    """The estimate, when it is one; InputError says what is allowed."""
    if not now < eta <= now + LONGEST_ETA:
        minutes = LONGEST_ETA // timedelta(minutes=1)
        raise InputError(f"Say when you will have answered: within the next {minutes} minutes, else ask your deputy.")
    return eta


def open_one(asked: Iterable[AskedReview]) -> AskedReview | None:
    """The review that is waited for, the last one asked; None when nobody is asked."""
    return max((one for one in asked if not one.answer), key=lambda one: one.turn, default=None)


def _able(person: Person | None) -> bool:
    return person is not None and not set(person.roles) <= {"viewer"}
