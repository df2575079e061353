"""Who may say yes to which text, when that yes falls, and whether a text may go out: pure rules, no store."""

import hashlib
from collections.abc import Collection, Sequence

from config.errors import AccessError, MoveError, StaleError
from statements.wording import Finding
from store.nouns import Approval, Draft, DraftState, Fact, FactScope, FactStatus

BLOCKING = ("X", "E")
# What a fact of a slot must be to stand in a text; an unknown may be said to be unknown.
_SAYABLE = {"unknown": (FactStatus.UNKNOWN, FactStatus.CONFIRMED)}


def sha256_of(text: str) -> str:
    """The 64 hex digits an approval binds to; one changed character is another text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


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


def may_approve(
    draft: Draft,
    *,
    who: str,
    roles: Collection[str],
    spokespeople: Collection[str],
    latest_version: int,
    findings: Sequence[Finding],
    facts_now: Sequence[Fact],
    facts_then: Sequence[Fact] = (),
) -> None:
    """Return when `who` may approve exactly this draft now.

    AccessError: not the spokesperson or a named deputy, only a viewer, or the author. StaleError: not the newest
    version, or a fact it used has changed. MoveError: not an open draft, open 待确认 marks, X or E findings.
    """
    _right_person(draft, who, roles, spokespeople)
    if draft.version != latest_version:
        raise StaleError(f"version {draft.version} is not the newest; version {latest_version} is")
    if draft.state is DraftState.STALE:
        raise StaleError("a fact this text used has changed; save it again with the new facts")
    if draft.state is not DraftState.DRAFT:
        raise MoveError(f"only a draft can be approved, this text is {draft.state}")
    if sha256_of(draft.body) != draft.sha256:
        raise StaleError("the text is not the one its sha256 names")
    reasons = stale_reasons(draft, facts_now, facts_then)
    if reasons:
        raise StaleError("facts changed since this text was written: " + "; ".join(reasons))
    # An honest Q&A sheet says what is still open; only a statement must be whole.
    if draft.missing and draft.kind != "qa":
        raise MoveError("still to be confirmed: " + "; ".join(draft.missing))
    blocking = sorted({found.rule for found in findings if found.level in BLOCKING})
    if blocking:
        raise MoveError("wording findings block this text: " + ", ".join(blocking))


def may_publish(draft: Draft, approvals: Sequence[Approval], *, who: str, spokespeople: Collection[str]) -> Approval:
    """The standing approval under which `who` may record that a human posted this draft.

    AccessError: not the spokesperson or a named deputy. StaleError: the text turned stale or is not the approved one.
    MoveError: nobody entitled has approved exactly this text, or it is a Q&A sheet, which also holds what not to say.
    """
    if who not in spokespeople:
        raise AccessError("only the spokesperson or a named deputy releases a text")
    if draft.kind == "qa":
        raise MoveError("a Q&A sheet is for answering, not for posting")
    if draft.state is DraftState.STALE:
        raise StaleError("a fact this text used has changed; it must be approved again")
    if sha256_of(draft.body) != draft.sha256:
        raise StaleError("the text is not the one its sha256 names")
    if draft.state not in (DraftState.APPROVED, DraftState.RELEASED):
        raise MoveError(f"only an approved text can be released, this text is {draft.state}")
    for approval in reversed(approvals):
        same_text = approval.draft == draft.id and approval.sha256 == draft.sha256
        if same_text and approval.voided_at is None and approval.who in spokespeople and approval.who != draft.author:
            return approval
    raise MoveError("no standing approval of exactly this text by the spokesperson or a named deputy")


def _right_person(draft: Draft, who: str, roles: Collection[str], spokespeople: Collection[str]) -> None:
    if who not in spokespeople:
        raise AccessError("only the spokesperson or a named deputy approves a text")
    if set(roles) <= {"viewer"}:
        raise AccessError("a viewer approves nothing")
    if who == draft.author:
        raise AccessError("whoever wrote a text does not approve it")


def _stale(now: Fact | None, then: Fact | None, draft: Draft) -> str:
    if now is None:
        return "is no longer in the fact log"
    if not sayable(now):
        return f"is now {now.status}, {now.scope}"
    changed = now.version != then.version if then else now.at > draft.at
    return f"was changed (version {now.version})" if changed else ""
