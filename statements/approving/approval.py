"""Who may say yes to which text, when that yes falls, and whether a text may go out: pure rules, no store."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from config.errors import AccessError, MoveError, StaleError
from statements.approving import objections as against
from statements.approving.moves import NOT_PUBLIC, Action, Part, after, check_part
from statements.rules.wording import Finding
from store.nouns import Approval, AskedReview, Draft, DraftState, Fact, FactScope, FactStatus, Objection, Override

BLOCKING = ("X", "E")
# Roles of a final yes; the others on record are `facts` (who vouched for them) and `legal`.
SPEAKING = ("spokesperson", "deputy", "delegate")
# An approved text that nobody posted within this has been overtaken by what happened since.
HOLDS = timedelta(minutes=30)
# What a fact of a slot must be to stand in a text; an unknown may be said to be unknown.
_SAYABLE = {"unknown": (FactStatus.UNKNOWN, FactStatus.CONFIRMED)}


@dataclass(frozen=True, slots=True)
class Case:
    """One text with everything a yes to it depends on, as it is now. `legal`: whether legal is on its way.

    `given` are the yeses to this version, `asked` who was asked, `objections` those of the text over all versions.
    """

    draft: Draft
    latest_version: int
    findings: tuple[Finding, ...]
    facts: tuple[Fact, ...]
    given: tuple[Approval, ...] = ()
    asked: tuple[AskedReview, ...] = ()
    overrides: tuple[Override, ...] = ()
    objections: tuple[Objection, ...] = ()
    legal: bool = False

    @property
    def standing(self) -> tuple[Approval, ...]:
        """The yeses to exactly this text that nobody took back."""
        draft = self.draft
        same = [one for one in self.given if (one.draft, one.sha256) == (draft.id, draft.sha256)]
        return tuple(one for one in same if one.voided_at is None)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """Findings that keep this text from the public: every X, and each E nobody let stand with legal's yes."""
        allowed = {(one.rule, one.words) for one in self.overrides if overrides(one, self.draft)}
        return tuple(
            one
            for one in self.findings
            if one.level == "X" or (one.level == "E" and (one.rule, words_of(one, self.draft.body)) not in allowed)
        )


def sha256_of(text: str) -> str:
    """The 64 hex digits an approval binds to; one changed character is another text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def words_of(finding: Finding, body: str) -> str:
    """The words a finding is about, which an override names; "" for one about the whole text."""
    return body[finding.start : finding.end]


def overrides(one: Override, draft: Draft) -> bool:
    """Whether it counts for this very text: legal said yes, and not a character changed since."""
    return bool(one.legal) and (one.draft, one.sha256) == (draft.id, draft.sha256)


def sayable(fact: Fact) -> bool:
    """True when the public may read this fact: scope public and confirmed (or, in the unknown slot, unknown)."""
    return fact.scope is FactScope.PUBLIC and fact.status in _SAYABLE.get(fact.slot, (FactStatus.CONFIRMED,))


def stale_reasons(draft: Draft, facts_now: Sequence[Fact], facts_then: Sequence[Fact] = ()) -> tuple[str, ...]:
    """Why the facts a draft used no longer carry it, one `F1: reason` a fact; () when all still stand.

    `facts_now` are the newest versions, `facts_then` those the draft was made from. Without `facts_then` a fact
    counts as changed when its newest version was written after the draft.
    """
    now = {fact.label: fact for fact in facts_now}
    then = {fact.label: fact for fact in facts_then}
    reasons = []
    for label in draft.fact_ids:
        reason = _stale(now.get(label), then.get(label), draft)
        if reason:
            reasons.append(f"{label}: {reason}")
    return tuple(reasons)


def may_move(case: Case, action: Action, who: str, parts: Collection[Part]) -> DraftState:
    """The state to which `who`, being `parts` to it, may bring exactly this text now.

    AccessError: none of these parts ever does this. StaleError: not the newest version, or a fact it used has changed.
    MoveError: by its author, not from this state, or something of the text stands against it.
    """
    check_part(action, parts, legal=case.legal)
    draft = case.draft
    if action in (Action.LEGAL_YES, Action.APPROVE) and who == draft.author:
        raise MoveError("whoever wrote a text does not approve it")
    if draft.version != case.latest_version:
        raise StaleError(f"version {draft.version} is not the newest; version {case.latest_version} is")
    if draft.state is DraftState.STALE:
        raise StaleError("a fact this text used has changed; save it again with the new facts")
    to = after(draft.state, action, parts, legal=case.legal)
    if sha256_of(draft.body) != draft.sha256:
        raise StaleError("the text is not the one its sha256 names")
    if action in _GATES:
        reasons = stale_reasons(draft, case.facts)
        if reasons:
            raise StaleError("facts changed since this text was written: " + "; ".join(reasons))
        _GATES[action](case, who)
    return to


def may_publish(
    draft: Draft,
    approvals: Sequence[Approval],
    *,
    who: str,
    spokespeople: Collection[str],
    posted_at: datetime | None = None,
) -> Approval:
    """The standing approval under which `who` may record that a human posted this draft.

    AccessError: not the spokesperson or a named deputy. StaleError: the text turned stale or is not the approved one.
    MoveError: nobody entitled has approved exactly this text, the yes had run out at `posted_at`, or the text is none
    for the public. A post from while the yes held may be recorded later: the record is of what happened.
    """
    if who not in spokespeople:
        raise AccessError("only the spokesperson or a named deputy releases a text")
    if draft.kind in NOT_PUBLIC:
        raise MoveError("this text is for answering or for our own people, not for posting")
    if draft.state is DraftState.STALE:
        raise StaleError("a fact this text used has changed; it must be approved again")
    if sha256_of(draft.body) != draft.sha256:
        raise StaleError("the text is not the one its sha256 names")
    if draft.state not in (DraftState.APPROVED, DraftState.EXPIRED, DraftState.RELEASED):
        raise MoveError(f"only an approved text can be released, this text is {draft.state}")
    for approval in reversed(approvals):
        if _final(approval, draft, spokespeople):
            _still_holds(approval, draft, posted_at)
            return approval
    raise MoveError("no standing approval of exactly this text by the spokesperson or a named deputy")


def same_facts(master: Iterable[str], variant: Iterable[str]) -> None:
    """Return when a variant rests on the very facts of its master (D11); MoveError names what is more or missing."""
    ours, theirs = set(master), set(variant)
    more, less = sorted(theirs - ours), sorted(ours - theirs)
    if more or less:
        said = [f"{word} {', '.join(labels)}" for word, labels in (("adds", more), ("lacks", less)) if labels]
        raise MoveError("a variant rests on the same facts as its master; this one " + " and ".join(said))


def final_yes(given: Sequence[Approval]) -> Approval | None:
    """The newest standing yes of a spokesperson, deputy or delegate."""
    return next((one for one in reversed(given) if one.voided_at is None and one.role in SPEAKING), None)


def _may_check(case: Case, who: str) -> None:
    """Somebody else than the author vouches for the facts, or each of them is confirmed and public already."""
    _may_hand_in(case, who)
    draft = case.draft
    used = [one for one in case.facts if one.label in draft.fact_ids]
    if who == draft.author and not all(sayable(one) for one in used):
        raise MoveError("whoever wrote it hands it in only when every fact it uses is confirmed and public")


def _may_hand_in(case: Case, who: str) -> None:
    """An honest Q&A sheet says what is still open; only a statement must be whole."""
    if case.draft.missing and case.draft.kind != "qa":
        raise MoveError("still to be confirmed: " + "; ".join(case.draft.missing))


def _may_say_yes(case: Case, who: str) -> None:
    _may_hand_in(case, who)
    if case.blocking:
        rules = sorted({found.rule for found in case.blocking})
        raise MoveError("wording findings block this text: " + ", ".join(rules))
    strong = against.blocking(case.objections, case.draft.body)
    if strong:
        raise MoveError("a strong objection stands against: " + "; ".join(one.sentence for one in strong))
    if any(one.who == who and one.role != "facts" for one in case.standing):
        raise MoveError("you have said yes to this text already; the next yes is another person's")


def _may_approve(case: Case, who: str) -> None:
    if case.draft.state is DraftState.EXPIRED:
        # Their own yes ran out; saying it again is what is asked.
        case = replace(case, given=tuple(one for one in case.given if one.role not in SPEAKING))
    _may_say_yes(case, who)
    if case.legal and not any(one.role == "legal" for one in case.standing):
        raise MoveError("legal has not said yes to this text")
    if not case.legal and any(one.who == who for one in case.standing):
        raise MoveError("you have said yes to this text already; the next yes is another person's")


_GATES: dict[Action, Callable[[Case, str], None]] = {
    Action.CHECK: _may_check,
    Action.HAND_IN: _may_hand_in,
    Action.LEGAL_YES: _may_say_yes,
    Action.APPROVE: _may_approve,
}


def _final(approval: Approval, draft: Draft, spokespeople: Collection[str]) -> bool:
    entitled = approval.who in spokespeople or approval.role == "delegate"
    same_text = (approval.draft, approval.sha256) == (draft.id, draft.sha256)
    standing = approval.voided_at is None and approval.role in SPEAKING and approval.who != draft.author
    return entitled and same_text and standing


def _still_holds(approval: Approval, draft: Draft, posted_at: datetime | None) -> None:
    if draft.state is not DraftState.RELEASED and posted_at and posted_at > approval.at + HOLDS:
        raise MoveError("the yes to this text ran out before it was posted; it must be approved again")


def _stale(now: Fact | None, then: Fact | None, draft: Draft) -> str:
    if now is None:
        return "is no longer in the fact log"
    if not sayable(now):
        return f"is now {now.status}, {now.scope}"
    changed = now.version != then.version if then else now.at > draft.at
    return f"was changed (version {now.version})" if changed else ""
