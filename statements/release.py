"""What people do to texts, each one transaction: every rule is checked here, whatever road they came by."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from config.errors import InputError, MoveError, StaleError
from statements import approval
from statements.documents import DocumentContext, lint_document, stands_in
from statements.fact_log import FactLog
from statements.marks import missing_in
from statements.promises import promises_in
from statements.wording import Finding, Wording
from store import facts, incidents, journal, texts
from store.database import Tx
from store.incidents import subject
from store.nouns import (
    Approval,
    ClockState,
    Draft,
    DraftState,
    Incident,
    Promise,
    Publication,
)

PROMISE_NOTICE = timedelta(minutes=15)
LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Edit:
    """A person's text for one kind and language, written on top of version `based_on`."""

    incident: str
    kind: str
    lang: str
    body: str
    based_on: int


@dataclass(frozen=True, slots=True)
class Post:
    """Where and when a human posted a text."""

    platform: str
    url: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Release(FactLog):
    """Edits, approvals and publications beside the fact log. `wording` lints; `speaking` says who may speak."""

    wording: Wording

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
        texts.set_state(tx, [before.id], DraftState.SUPERSEDED)
        if texts.void_approvals(tx, [before.id], now, "the text was edited"):
            journal.write(tx, now, who, "approval_voided", subject(incident.id), "the text was edited")
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

    def findings(self, tx: Tx, incident: Incident, draft: Draft, now: datetime) -> tuple[Finding, ...]:
        """Everything the wording and document rules say about a text."""
        known = facts.current(tx, incident.id)
        team = self.speaking.team
        context = DocumentContext(
            incident=incident,
            facts=tuple(known),
            contacts=(team.contact.phone, team.contact.email),
            kind=draft.kind,
            now=now,
            zone=self.speaking.zone,
        )
        return (*self.wording.lint(draft.body, draft.lang), *lint_document(draft.body, draft.lang, context))

    def approve(self, tx: Tx, draft_id: str, sha256: str, who: str, now: datetime) -> Approval:
        """A yes to exactly the text whose sha256 the person saw."""
        draft = self._draft(tx, draft_id)
        incident = self._incident(tx, draft.incident)
        latest = texts.latest(tx, draft.incident, draft.kind, draft.lang)
        if sha256 != draft.sha256:
            raise StaleError("The text is not the one that was shown; read it again before approving.")
        approval.may_approve(
            draft,
            who=who,
            roles=self.speaking.roles(who),
            spokespeople=self.speaking.spokespeople,
            latest_version=latest.version if latest else 0,
            findings=self.findings(tx, incident, draft, now) if draft.kind != "qa" else (),
            facts_now=facts.current(tx, incident.id),
        )
        role = "spokesperson" if who == self.speaking.spokespeople[0] else "deputy"
        given = Approval(self.ids(), draft.id, draft.sha256, who, role, now)
        texts.add_approval(tx, given)
        texts.set_state(tx, [draft.id], DraftState.APPROVED)
        detail = {"kind": draft.kind, "lang": draft.lang, "version": draft.version, "sha256": draft.sha256}
        journal.write(tx, now, who, "approved", subject(incident.id), "", detail)
        incidents.touch(tx, incident.id, now)
        return given

    def publish(self, tx: Tx, draft_id: str, post: Post, who: str, now: datetime) -> Publication:
        """A human posted it: record where and when. The first one stops the clock; its deadlines become promises."""
        draft = self._draft(tx, draft_id)
        incident = self._incident(tx, draft.incident)
        if not post.url.startswith(("http://", "https://")):
            raise InputError("The address of the post must begin with http:// or https://.")
        if not incident.t0 <= post.published_at <= now + timedelta(minutes=1):
            raise InputError("The time of the post must lie between the event and now.")
        standing = approval.may_publish(
            draft, texts.approvals_of(tx, [draft.id]), who=who, spokespeople=self.speaking.spokespeople
        )
        published_at = post.published_at
        made = Publication(
            self.ids(), incident.id, draft.id, standing.sha256, post.platform[:40], post.url, published_at, now, who
        )
        texts.add_publication(tx, made)
        texts.set_state(tx, [draft.id], DraftState.RELEASED)
        detail = {"platform": made.platform, "url": made.url, "sha256": made.sha256, "lang": draft.lang}
        journal.write(tx, now, who, "publication_recorded", subject(incident.id), "", detail)
        self._settle(tx, incident, published_at, now)
        self._promise(tx, incident, made, draft, now)
        self._stop_clock(tx, incident, published_at, who, now)
        incidents.touch(tx, incident.id, now)
        return made

    def _stop_clock(self, tx: Tx, incident: Incident, published_at: datetime, who: str, now: datetime) -> None:
        if incident.clock not in (ClockState.RUNNING, ClockState.BREACHED):
            return
        # A breach noted before the publication was recorded stands only if the post itself came too late.
        in_time = published_at <= incident.due_at
        clock = ClockState.MET if in_time else ClockState.MET_LATE
        breached_at = None if in_time else incident.due_at
        incidents.change(tx, incident, clock=clock, met_at=published_at, breached_at=breached_at)
        minutes = int((published_at - incident.t0) / timedelta(minutes=1))
        journal.write(tx, now, who, "clock_met", subject(incident.id), "", {"clock": clock.value, "minutes": minutes})

    def _settle(self, tx: Tx, incident: Incident, published_at: datetime, now: datetime) -> None:
        """An update keeps the earliest promise that was still open when it was posted."""
        for promise in facts.promises_of(tx, incident.id):
            if promise.kept_at is None and promise.broken_at is None and published_at <= promise.due_at:
                facts.settle_promise(tx, promise.id, kept_at=published_at, broken_at=None)
                detail = {"what": promise.what}
                journal.write(tx, now, "system", "promise_kept", subject(incident.id), promise.what, detail)
                return

    def _promise(self, tx: Tx, incident: Incident, made: Publication, draft: Draft, now: datetime) -> None:
        open_now = {(one.what, one.due_at) for one in facts.promises_of(tx, incident.id) if one.kept_at is None}
        zone = self.speaking.zone
        for what, due_at in promises_in(draft.body, draft.lang, now=made.published_at, zone=zone):
            if any(due == due_at for _, due in open_now):
                continue
            owner = incident.owner or self.speaking.spokespeople[0]
            promise = Promise(self.ids(), incident.id, made.id, what, due_at, owner)
            facts.add_promises(tx, [promise], due_at - PROMISE_NOTICE)
            detail = {"what": what, "due_at": due_at.isoformat()}
            journal.write(tx, now, "system", "promise_made", subject(incident.id), what, detail)

    def _draft(self, tx: Tx, draft_id: str) -> Draft:
        draft = texts.draft(tx, draft_id)
        if draft is None:
            raise MoveError("There is no such text.")
        return draft
