"""What waits for me? Texts of open incidents that need this very person, the oldest deadline first; lent rights."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.responses import Response

from config.errors import InputError
from desk.screens.door import Ask, go
from desk.screens.fields import moment_of
from desk.screens.frame import show
from desk.screens.review_view import ReviewView, review_view
from statements.approving.delegation import NIGHT
from statements.approving.moves import Action
from statements.approving.reviewers import SHORT_FORM_AFTER
from store import incidents, reviews_asked, texts
from store.database import Tx
from store.nouns import Draft, DraftState, Incident

# What is asked of somebody, the gravest first; each is a key of the word table.
_MINE = (Action.APPROVE, Action.LEGAL_YES, Action.HAND_IN, Action.CHECK)
_AUTHORS = (DraftState.CHANGES_REQUESTED, DraftState.STALE, DraftState.EXPIRED, DraftState.REJECTED)


@dataclass(frozen=True, slots=True)
class Waits:
    """One text that waits for somebody. `why` is a key of the word table, `asked` whether they were asked by name."""

    incident: Incident
    draft: Draft
    why: str
    due_at: datetime
    asked: bool
    late: bool
    short_form: bool

    @property
    def url(self) -> str:
        return f"/incidents/{self.incident.number}/texts/{self.draft.kind}/{self.draft.lang}"


def show_inbox(ask: Ask) -> Response:
    """One tap to open each."""
    with ask.room.store.reading() as tx:
        waiting = sorted(_waiting(ask, tx), key=lambda one: (not one.asked, one.due_at, one.url))
        lent = reviews_asked.lent(tx, ask.now)
        open_ = incidents.listed(tx, open_only=True)
    team = ask.room.settings.team
    able = [one for one in team.person if one.id != team.spokesperson and not set(one.roles) <= {"viewer"}]
    return show(
        ask,
        "approvals.html",
        waiting=waiting,
        lent=lent,
        numbers={one.id: one.number for one in open_},
        open=open_,
        able=sorted(able, key=lambda one: one.id not in team.spokesperson_deputies),
        speaks=ask.who == team.spokesperson,
        until=ask.now + NIGHT,
        saved=ask.query("saved"),
    )


def lend(ask: Ask) -> Response:
    """The spokesperson's right to a named person, for one incident or all, until an hour."""
    number = ask.field("incident")
    until = moment_of(ask, ask.field("until")) if ask.field("until") else ask.now + NIGHT
    with ask.room.store.transaction() as tx:
        found = incidents.by_number(tx, int(number)) if number.isdecimal() and len(number) < 9 else None
        if number and found is None:
            raise InputError("There is no such incident.")
        ask.room.release.lend(tx, ask.field("person"), found.id if found else "", until, ask.who, ask.now)
    return go("/approvals?saved=lent")


def take_back(ask: Ask) -> Response:
    """End a lent right now."""
    with ask.room.store.transaction() as tx:
        ask.room.release.take_back(tx, ask.request.path_params["lent"], ask.who, ask.now)
    return go("/approvals?saved=taken-back")


def _waiting(ask: Ask, tx: Tx) -> Iterator[Waits]:
    for incident in incidents.listed(tx, open_only=True):
        newest = {(one.kind, one.lang): one for one in texts.versions(tx, incident.id)}
        for draft in newest.values():
            if found := _of(ask, tx, incident, draft):
                yield found


def _of(ask: Ask, tx: Tx, incident: Incident, draft: Draft) -> Waits | None:
    view = review_view(ask, tx, incident, draft)
    asked = view.waited is not None and view.waited.person == ask.who
    why = _why(ask, draft, view)
    if not why:
        return None
    due_at = view.until if view.waited and view.until else incident.due_at
    short = view.short_form or (ask.now >= incident.t0 + SHORT_FORM_AFTER and draft.state is DraftState.LEGAL_REVIEW)
    return Waits(incident, draft, why, due_at, asked, due_at < ask.now + timedelta(), short)


def _why(ask: Ask, draft: Draft, view: ReviewView) -> str:
    """What this person is to do with it; "" when it does not wait for them."""
    mine = next((one for one in _MINE if view.may(one) or one.value in view.refusals), None)
    if mine and not (mine in (Action.HAND_IN, Action.CHECK) and draft.missing):
        said_yes = mine is Action.LEGAL_YES and draft.state is DraftState.SPOKESPERSON_REVIEW
        return "" if said_yes else f"apr_wait_{mine}"
    if draft.state in _AUTHORS and draft.author in (ask.who, "system") and view.may(Action.EDIT):
        return f"apr_wait_{draft.state}"
    return ""


ROUTES = (
    ("/approvals", "GET", show_inbox),
    ("/approvals/lend", "POST", lend),
    ("/approvals/lent/{lent}/end", "POST", take_back),
)
