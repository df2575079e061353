"""What people do to texts, each one transaction: every rule is checked here, whatever road they came by."""

from dataclasses import dataclass
from datetime import datetime

from config.errors import InputError, StaleError
from statements.approving import approval
from statements.approving.asking import SYSTEM, void
from statements.approving.objecting import Objecting
from statements.approving.objections import answered
from statements.posting.publishing import Post
from statements.rules.documents import stands_in
from statements.writing.marks import missing_in
from statements.writing.render import load_template, render
from store import facts, incidents, journal, reviews_asked, texts
from store.database import Tx
from store.incidents import subject
from store.nouns import Draft, DraftState

LONGEST_TEXT = 20_000
__all__ = ["LONGEST_TEXT", "Edit", "Post", "Release"]


@dataclass(frozen=True, slots=True)
class Edit:
    """A person's text for one kind and language, written on top of version `based_on`."""

    incident: str
    kind: str
    lang: str
    body: str
    based_on: int


@dataclass(frozen=True, slots=True)
class Release(Objecting):
    """Edits beside reviews, publications and the fact log. `wording` lints; `speaking` says who may speak."""

    def save(self, tx: Tx, edit: "Edit", who: str, now: datetime) -> Draft:
        """A person's edit: a new version on top of `edit.based_on`. StaleError when somebody saved first."""
        self._writer(who)
        incident = self._incident(tx, edit.incident)
        kind, lang, based_on = edit.kind, edit.lang, edit.based_on
        body = edit.body.replace("\r\n", "\n").strip()
        if not body:
            raise InputError("The text is empty.")
        if len(body) > LONGEST_TEXT:
            raise InputError(f"The text has {len(body)} characters; {LONGEST_TEXT} are allowed.")
        before = texts.latest(tx, incident.id, kind, lang)
        if before is None or before.version != based_on:
            raise StaleError(f"Version {before.version if before else 0} exists already; yours is based on {based_on}.")
        if before.body == body and before.state is not DraftState.STALE:
            return before
        draft = Draft(
            id=self.ids(),
            incident=incident.id,
            kind=kind,
            lang=lang,
            version=before.version + 1,
            body=body,
            sha256=approval.sha256_of(body),
            fact_ids=self._facts_in(tx, before, body),
            missing=missing_in(body),
            state=DraftState.DRAFT,
            author=who,
            at=now,
        )
        if not texts.add_draft(tx, draft):
            raise StaleError(f"Version {draft.version} was saved by somebody else just now.")
        self._follow(tx, before, draft, who, now)
        detail = {"kind": kind, "lang": lang, "version": draft.version}
        journal.write(tx, now, who, "draft_saved", subject(incident.id), "", detail)
        incidents.touch(tx, incident.id, now)
        return draft

    def _facts_in(self, tx: Tx, before: Draft, body: str) -> tuple[str, ...]:
        """The facts an edited text rests on: what it quotes, and what it was made from less the refuted that is cut."""
        now = {one.label: one for one in facts.current(tx, before.incident)}
        versions = facts.history(tx, before.incident)
        quoted = dict.fromkeys(one.label for one in versions if stands_in(body, before.lang, one))
        kept = [one for one in before.fact_ids if one in quoted or (one in now and approval.sayable(now[one]))]
        return tuple(dict.fromkeys([*kept, *quoted]))

    def _follow(self, tx: Tx, before: Draft, draft: Draft, who: str, now: datetime) -> None:
        """The new version takes the old one's place; what is public stays on record as public until the new one is."""
        if before.state is not DraftState.RELEASED:
            texts.set_state(tx, [before.id], DraftState.SUPERSEDED)
            if void(tx, [before], "the text was edited", now):
                journal.write(tx, now, who, "approval_voided", subject(draft.incident), "the text was edited")
        met = answered(reviews_asked.objections_of(tx, draft.incident, draft.kind, draft.lang), draft.body)
        if met:
            reviews_asked.close_objections(tx, [one.id for one in met], who, "changed", now)
            said = "; ".join(one.sentence for one in met)
            journal.write(tx, now, who, "objection_answered", subject(draft.incident), said)

    def short_form(self, tx: Tx, incident_id: str, lang: str, who: str, now: datetime) -> Draft:
        """The four-sentence text for when legal has not answered; the one that is there, or made from the facts now.

        TemplateError when there is no such template or a fact it borrows may not be said.
        """
        self._writer(who)
        incident = self._incident(tx, incident_id)
        before = texts.latest(tx, incident.id, "short", lang)
        if before:
            return before
        context = self.speaking.context(incident, facts.current(tx, incident.id), lang, now)
        made = render(load_template("short", incident.category, lang), context)
        draft = Draft(
            id=self.ids(),
            incident=incident.id,
            kind="short",
            lang=lang,
            version=1,
            body=made.body,
            sha256=approval.sha256_of(made.body),
            fact_ids=made.fact_ids,
            missing=made.missing,
            state=DraftState.DRAFT,
            author=SYSTEM,
            at=now,
        )
        texts.add_draft(tx, draft)
        detail = {"kind": "short", "lang": lang, "version": 1, "missing": list(made.missing)}
        journal.write(tx, now, who, "draft_prepared", subject(incident.id), "", detail)
        return draft
