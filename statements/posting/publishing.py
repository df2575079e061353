"""A human posted a text: where and when is recorded, the clock stops, and what the text promised becomes timers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from config.errors import AccessError, InputError, MoveError, StaleError
from statements.approving import approval, delegation
from statements.posting import screenshots
from statements.posting.promising import Promising
from store import agenda, facts, incidents, journal, promises, publications, reviews_asked, texts
from store.agenda import Job
from store.database import Tx
from store.incidents import OPEN, subject
from store.nouns import Approval, ClockState, Draft, DraftState, Incident, Publication, Screenshot

LONGEST_URL = 500
SHORTEST_REASON = 4


@dataclass(frozen=True, slots=True)
class Post:
    """Where and when a human posted a text."""

    platform: str
    url: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Mended:
    """What a record should have said; `post` None: it was never posted."""

    post: Post | None
    reason: str


@dataclass(frozen=True, slots=True)
class Publishing(Promising):
    """Records of publications beside the fact log and the promises."""

    @property
    def simulates(self) -> bool:
        """Whether posting is only played here; a drill says yes, and its screens say so on the button."""
        return False

    def publish(self, tx: Tx, draft_id: str, post: Post, who: str, now: datetime) -> Publication:
        """A human posted it: record where and when. The first one stops the clock; its deadlines become promises."""
        draft = self._draft(tx, draft_id)
        incident = self._incident(tx, draft.incident)
        _check(post, incident, now)
        standing = self.standing_yes(tx, draft, post, who, now)
        made = Publication(
            self.ids(), incident.id, draft.id, standing.sha256, post.platform, post.url, post.published_at, now, who
        )
        posted = texts.publications_of(tx, incident.id)
        if any((one.draft, one.platform, one.url) == (made.draft, made.platform, made.url) for one in posted):
            raise MoveError("This post is recorded already; a wrong record is corrected, not written again.")
        publications.add(tx, made)
        texts.set_state(tx, [draft.id], DraftState.RELEASED)
        detail = {"platform": made.platform, "url": made.url, "sha256": made.sha256, "lang": draft.lang}
        journal.write(tx, now, who, "publication_recorded", subject(incident.id), "", detail)
        self._settle(tx, incident, made, draft, now)
        self._promise(tx, incident, made, draft, now)
        self._set_clock(tx, incident, who, now)
        incidents.touch(tx, incident.id, now)
        return made

    def mend(self, tx: Tx, publication_id: str, mended: Mended, who: str, now: datetime) -> Publication:
        """A wrong record gets a successor, with a reason; it stays visible, and clock and promises follow what stands.

        AccessError: neither a speaker nor who wrote the record. StaleError: somebody corrected it meanwhile.
        """
        before = publications.get(tx, publication_id)
        if before is None:
            raise InputError("There is no such record of a post.")
        incident = self._incident(tx, before.incident)
        if who != before.who and who not in self.speakers(tx, incident.id, now):
            raise AccessError("only the spokesperson, a named deputy or who recorded it corrects a record")
        after = self._successor(before, incident, mended, who, now)
        if not publications.add(tx, after):
            raise StaleError("Somebody corrected this record meanwhile; look at it first.")
        detail = {"platform": after.platform, "url": after.url, "at": after.published_at.isoformat()}
        detail |= {"was": before.url, "was_at": before.published_at.isoformat()}
        word = "publication_withdrawn" if after.withdrawn else "publication_corrected"
        journal.write(tx, now, who, word, subject(incident.id), after.reason, detail)
        self._redo(tx, incident, before, after, now)
        self._set_clock(tx, incident, who, now)
        incidents.touch(tx, incident.id, now)
        return after

    def keep_screenshot(self, tx: Tx, publication_id: str, file: bytes, who: str, now: datetime) -> Screenshot:
        """A picture of the post beside its record; the journal keeps its hash. Pictures are added, never replaced."""
        self._writer(who)
        record = publications.get(tx, publication_id)
        if record is None:
            raise InputError("There is no such record of a post.")
        kind, sha256 = screenshots.kind_of(file), screenshots.digest(file)
        shot = Screenshot(self.ids(), record.id, sha256, len(file), kind, who, now)
        publications.add_screenshot(tx, shot, file)
        detail = {"sha256": sha256, "size": len(file), "platform": record.platform}
        journal.write(tx, now, who, "screenshot_kept", subject(record.incident), "", detail)
        return shot

    def speakers(self, tx: Tx, incident_id: str, now: datetime) -> tuple[str, ...]:
        """Who may record a post now: the spokesperson, the named deputies, and whom the right is lent to."""
        return delegation.speakers(self.speaking.team, reviews_asked.lent(tx, now), incident_id, now)

    def standing_yes(self, tx: Tx, draft: Draft, post: Post, who: str, now: datetime) -> Approval:
        """The yes under which `who` may record this post; AccessError, MoveError or StaleError when there is none."""
        given = texts.approvals_of(tx, [draft.id])
        speakers = self.speakers(tx, draft.incident, now)
        return approval.may_publish(draft, given, who=who, spokespeople=speakers, posted_at=post.published_at)

    def _successor(
        self, before: Publication, incident: Incident, mended: Mended, who: str, now: datetime
    ) -> Publication:
        reason, post = mended.reason.strip()[:1000], mended.post
        if len(reason) < SHORTEST_REASON:
            raise InputError(f"Correcting a record needs a reason of at least {SHORTEST_REASON} characters.")
        if before.withdrawn:
            raise MoveError("This record was taken back already.")
        kept = Post(before.platform, before.url, before.published_at)
        if post:
            _check(post, incident, now)
        if post == kept:
            raise InputError("Nothing differs from the record as it stands.")
        said = post or kept
        return Publication(
            self.ids(), before.incident, before.draft, before.sha256, said.platform, said.url, said.published_at,
            now, who, before.id, reason, post is None,
        )  # fmt: skip

    def _redo(self, tx: Tx, incident: Incident, before: Publication, after: Publication, now: datetime) -> None:
        """What the former record kept and promised is worked out anew from what stands."""
        draft = self._draft(tx, after.draft)
        posted = texts.publications_of(tx, incident.id)
        for one in facts.promises_of(tx, incident.id):
            if one.kept_by == before.id:
                promises.reopen(tx, one, now)
                journal.write(tx, now, "system", "promise_reopened", subject(incident.id), one.what)
            if one.publication == before.id and one.kept_at is None:
                heir = next((record.id for record in posted if self._makes(tx, record, one.due_at, one.kind)), "")
                if heir:
                    promises.move(tx, one, heir)
                else:
                    promises.void(tx, one, now, after.reason)
                    journal.write(tx, now, "system", "promise_void", subject(incident.id), one.what)
        if after.withdrawn:
            if not any(record.draft == draft.id for record in posted) and draft.state is DraftState.RELEASED:
                texts.set_state(tx, [draft.id], DraftState.APPROVED)
            return
        self._settle(tx, incident, after, draft, now)
        self._promise(tx, incident, after, draft, now)

    def _makes(self, tx: Tx, record: Publication, due_at: datetime, kind: str) -> bool:
        found = self.commitments(self._draft(tx, record.draft), record.published_at)
        return any(one.due_at == due_at or (not one.timed and kind == "remedy") for one in found)

    def _set_clock(self, tx: Tx, incident: Incident, who: str, now: datetime) -> None:
        posted = [one.published_at for one in texts.publications_of(tx, incident.id)]
        after = clock_after(incident, posted, now)
        if after is None:
            return
        was = incident.clock in (ClockState.MET, ClockState.MET_LATE)
        incidents.change(tx, incident, clock=after.clock, met_at=after.met_at, breached_at=after.breached_at)
        detail: dict[str, object] = {"clock": after.clock.value}
        if after.met_at:
            detail["minutes"] = int((after.met_at - incident.t0) / timedelta(minutes=1))
        journal.write(tx, now, who, "clock_recomputed" if was else "clock_met", subject(incident.id), "", detail)
        if after.met_at is None and incident.status in OPEN:
            agenda.promise(tx, Job.CLOCK, incident.id, now)

    def _draft(self, tx: Tx, draft_id: str) -> Draft:
        draft = texts.draft(tx, draft_id)
        if draft is None:
            raise MoveError("There is no such text.")
        return draft


@dataclass(frozen=True, slots=True)
class Stopped:
    """The first-hour clock as the posts that stand make it."""

    clock: ClockState
    met_at: datetime | None
    breached_at: datetime | None


def clock_after(incident: Incident, posted: Sequence[datetime], now: datetime) -> Stopped | None:
    """The clock by the earliest of these posts; None when nothing changes or no clock was started.

    A breach noted before a publication was recorded stands only if the post itself came too late.
    """
    if incident.clock in (ClockState.NONE, ClockState.CANCELLED):
        return None
    met_at = min(posted, default=None)
    if met_at is None:
        over = now >= incident.due_at
        clock = ClockState.BREACHED if over else ClockState.RUNNING
    else:
        over = met_at > incident.due_at
        clock = ClockState.MET_LATE if over else ClockState.MET
    if (clock, met_at) == (incident.clock, incident.met_at):
        return None
    return Stopped(clock, met_at, incident.due_at if over else None)


def _check(post: Post, incident: Incident, now: datetime) -> None:
    if not post.platform.strip() or len(post.platform) > 40:
        raise InputError("Say on which platform it was posted, in at most 40 characters.")
    _check_address(post.url)
    if not incident.t0 <= post.published_at <= now + timedelta(minutes=1):
        raise InputError("The time of the post must lie between the event and now.")


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https"):
        raise InputError("The address of the post must begin with http:// or https://.")
    if len(url) > LONGEST_URL or not url.isprintable() or " " in url:
        raise InputError(f"The address of the post has at most {LONGEST_URL} characters and no blanks.")
