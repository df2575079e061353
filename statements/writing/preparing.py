"""Drafts a person asks for: an update from what changed since the last release, a correction, an apology, a memo …"""

from dataclasses import dataclass, replace
from datetime import datetime

from config.clock import Ids
from config.errors import AccessError, InputError, MoveError
from statements.approving.approval import sha256_of
from statements.known.fact_log import WRITERS
from statements.known.since import Change, Measure, changes_since
from statements.writing.contexts import Context
from statements.writing.in_force import in_force
from statements.writing.render import KINDS, LANGS, Rendered, render
from statements.writing.speaking import Speaking
from store import facts, incidents, journal, texts
from store.database import Tx
from store.incidents import OPEN, subject
from store.nouns import Draft, DraftState, Incident

SYSTEM = "system"
ON_DEMAND = tuple(kind for kind in KINDS if kind != "qa")
# What the public reads; memos and briefs number nothing.
PUBLIC = ("holding", "short", "update", "correction", "apology", "closing")
# On these a person's work or yes still rests; a new draft would push it aside.
_HELD = (DraftState.FACT_CHECKED, DraftState.LEGAL_REVIEW, DraftState.SPOKESPERSON_REVIEW, DraftState.APPROVED)
_WRITTEN = (DraftState.DRAFT, DraftState.STALE, DraftState.CHANGES_REQUESTED)


@dataclass(frozen=True, slots=True)
class Preparing:
    """Makes drafts on demand, each inside the caller's transaction."""

    ids: Ids
    speaking: Speaking

    def prepare(
        self,
        tx: Tx,
        incident_id: str,
        place: tuple[str, str],
        who: str,
        now: datetime,
        measures: tuple[Measure, ...] = (),
    ) -> Draft:
        """A fresh draft of (kind, lang) from the facts as they are; nobody's open work is replaced.

        AccessError: a reader. InputError: no such incident, kind or language. MoveError: the incident is over, or a
        person is at work on this text. TemplateError: the template cannot be filled.
        """
        kind, lang = place
        if not set(self.speaking.roles(who)) & set(WRITERS):
            raise AccessError("Your role may read, not write.")
        incident = incidents.get(tx, incident_id, lock=True)
        if incident is None:
            raise InputError("There is no such incident.")
        if kind not in ON_DEMAND or lang not in LANGS:
            raise InputError(f"A text is one of: {', '.join(ON_DEMAND)}, in zh or en.")
        if incident.status not in OPEN:
            raise MoveError(
                f"Incident #{incident.number} is {incident.status}; it cannot be taken or changed any more."
            )
        before = texts.latest(tx, incident.id, kind, lang)
        _free(before)
        context = self.context(tx, incident, place, now, measures)
        made = render(in_force(tx, kind, incident.category, lang).source, context)
        return self._keep(tx, incident, place, before, made, who, now)

    def context(
        self, tx: Tx, incident: Incident, place: tuple[str, str], now: datetime, measures: tuple[Measure, ...] = ()
    ) -> Context:
        """What a text of (kind, lang) may borrow now: the facts, what changed since the last release, its number."""
        kind, lang = place
        released = last_release(tx, incident)
        known = facts.current(tx, incident.id)
        number = _number(tx, incident) if kind in PUBLIC else 1
        bare = self.speaking.context(incident, known, lang, now, number)
        if released is None:
            return replace(bare, measures=measures)
        draft, at = released
        changes = changes_since(facts.history(tx, incident.id), draft.at)
        return replace(bare, earlier_at=at, changes=changes, measures=measures)

    def _keep(
        self,
        tx: Tx,
        incident: Incident,
        place: tuple[str, str],
        before: Draft | None,
        made: Rendered,
        who: str,
        now: datetime,
    ) -> Draft:
        kind, lang = place
        draft = Draft(
            id=self.ids(),
            incident=incident.id,
            kind=kind,
            lang=lang,
            version=before.version + 1 if before else 1,
            body=made.body,
            sha256=sha256_of(made.body),
            fact_ids=made.fact_ids,
            missing=made.missing,
            state=DraftState.DRAFT,
            author=SYSTEM,
            at=now,
        )
        if not texts.add_draft(tx, draft):
            raise MoveError("Somebody has prepared this text just now.")
        if before and before.state in _WRITTEN:
            texts.set_state(tx, [before.id], DraftState.SUPERSEDED)
            texts.void_approvals(tx, [before.id], now, "a newer version exists")
        detail = {"kind": kind, "lang": lang, "version": draft.version, "missing": list(made.missing)}
        journal.write(tx, now, who, "draft_prepared", subject(incident.id), "", detail)
        incidents.touch(tx, incident.id, now)
        return draft


def last_release(tx: Tx, incident: Incident) -> tuple[Draft, datetime] | None:
    """The public text posted last and when it was posted; None while nothing is out."""
    posted = texts.publications_of(tx, incident.id)
    drafts = {one.id: one for one in texts.versions(tx, incident.id)}
    found = [(drafts[one.draft], one.published_at) for one in posted if one.draft in drafts]
    public = [one for one in found if one[0].kind in PUBLIC]
    return max(public, key=lambda one: one[1]) if public else None


def changed_since_release(tx: Tx, incident: Incident) -> tuple[Change, ...]:
    """The facts that are otherwise than in the text posted last; () while nothing is out."""
    released = last_release(tx, incident)
    return changes_since(facts.history(tx, incident.id), released[0].at) if released else ()


def _number(tx: Tx, incident: Incident) -> int:
    """One more than the statements that are out; the two languages of one statement share its number."""
    drafts = {one.id: one for one in texts.versions(tx, incident.id)}
    out = {one.draft for one in texts.publications_of(tx, incident.id) if one.draft in drafts}
    by_lang = [sum(drafts[one].lang == lang and drafts[one].kind in PUBLIC for one in out) for lang in LANGS]
    return 1 + max(by_lang)


def _free(before: Draft | None) -> None:
    if before is None:
        return
    if before.state in _HELD:
        raise MoveError("This text is under review or approved; edit it there instead of preparing it again.")
    if before.author != SYSTEM and before.state in _WRITTEN:
        raise MoveError("A person has written in this text; edit it instead of preparing it again.")
