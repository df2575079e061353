"""What may be said of a claim (pure): which status needs what proof, what is proven false, how many people say it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from config.errors import InputError
from store.nouns import Claim, ClaimKind, ClaimStatus, Fact, FactScope, FactStatus, Judged

LONGEST_SAID, LONGEST_ANSWER = 300, 500
MOST_URLS, MOST_KEYWORDS = 20, 12
SAMPLES = 3
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Heat:
    """How many of the incident's mentions say it, and the first few of them."""

    count: int
    samples: tuple[Judged, ...]


def carried(claim: Claim, facts: Sequence[Fact], *, shown: bool = False) -> bool:
    """Whether a document or a confirmed fact shows its status now. `shown`: one that others may see."""
    if claim.evidence and claim.sha256 and claim.captured_at:
        return True
    sure = {one.label for one in facts if one.status is FactStatus.CONFIRMED and (not shown or _public(one))}
    return any(label in sure for label in claim.facts)


def proven_false(claim: Claim, facts: Sequence[Fact]) -> bool:
    """A statement of fact that is marked false and whose evidence still stands."""
    return claim.kind is ClaimKind.FACT and claim.status is ClaimStatus.FALSE and carried(claim, facts)


def check(claim: Claim, facts: Sequence[Fact]) -> None:
    """InputError when a claim is said to be what nothing shows, or is written in a way nobody can work with."""
    if not claim.said:
        raise InputError("A claim says in a few words what is said about us.")
    _short("The claim", claim.said, LONGEST_SAID)
    _short("The answer", claim.answer_zh, LONGEST_ANSWER)
    _short("The answer", claim.answer_en, LONGEST_ANSWER)
    unknown = [label for label in claim.facts if label not in {one.label for one in facts}]
    if unknown:
        raise InputError(f"There is no fact {unknown[0][:12]} in this incident.")
    if claim.kind is not ClaimKind.FACT and claim.status is not ClaimStatus.UNKNOWN:
        raise InputError("An opinion or a complaint is neither true nor false; answer it.")
    if claim.status is not ClaimStatus.UNKNOWN and not carried(claim, facts):
        raise InputError(
            f"A claim marked {claim.status} needs evidence: a confirmed fact of this incident, or a document with its "
            "SHA-256."
        )


def addresses(text: str) -> tuple[str, ...]:
    """The exact addresses in a field, one a line; InputError when one is none."""
    found = tuple(dict.fromkeys(text.split()))
    wrong = [one for one in found if not re.fullmatch(r"https?://[^\s<>\"'`{}|\\^]{4,480}", one)]
    if wrong:
        raise InputError(f"An address begins with http:// or https://; {wrong[0][:60]!r} does not.")
    if len(found) > MOST_URLS:
        raise InputError(f"At most {MOST_URLS} addresses to one claim.")
    return found


def keywords(text: str) -> tuple[str, ...]:
    """The words by which mentions of a claim are found, split at blanks and commas."""
    found = tuple(dict.fromkeys(one for one in re.split(r"[\s,，、;；]+", text) if one))
    if len(found) > MOST_KEYWORDS or any(len(one) > 40 for one in found):
        raise InputError(f"At most {MOST_KEYWORDS} words of 40 characters find the mentions of a claim.")
    return found


def heat(claim: Claim, mentions: Iterable[Judged]) -> Heat:
    """The mentions in which any of its words stands, whatever the case and the blanks; nobody is counted twice."""
    words = [_flat(one) for one in claim.keywords]
    found = [one for one in mentions if _says(one, words)] if words else []
    return Heat(len(found), tuple(found[:SAMPLES]))


def _says(one: Judged, words: Sequence[str]) -> bool:
    text = _flat(f"{one.mention.title}\n{one.mention.text}")
    return any(word in text for word in words)


def _flat(text: str) -> str:
    return _BLANKS.sub("", text).casefold()


def _public(fact: Fact) -> bool:
    return fact.scope is FactScope.PUBLIC


def _short(what: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise InputError(f"{what} has {len(text)} characters; {longest} are allowed.")
