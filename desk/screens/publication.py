"""What do I paste where, and where does it stand now? Approved texts to copy, and the records of their posts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from starlette.responses import Response

from config.errors import GoldenHourError, InputError, MoveError, StaleError
from desk import access
from desk.screens.door import Ask, go
from desk.screens.fields import choice, moment_of
from desk.screens.frame import show
from desk.screens.incident import by_number
from desk.screens.quoting import safe_url
from desk.screens.trouble import explain, missing
from statements.approving.moves import NOT_PUBLIC
from statements.known.fact_log import WRITERS
from statements.posting.publishing import Mended, Post
from statements.posting.screenshots import ENDINGS
from store import publications, texts
from store.database import Tx
from store.nouns import Draft, DraftState, Incident, Publication, Screenshot

PLATFORMS = ("weibo", "wechat", "xiaohongshu", "douyin", "x", "press", "site")
DONE = ("recorded", "mended", "withdrawn", "shot")
PLACE = "/incidents/{number:int}/publication"


@dataclass(frozen=True, slots=True)
class Ready:
    """A text somebody may post now, and the platforms where it stands already."""

    draft: Draft
    posted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One record with its pictures; `stands` False: corrected by `by`, or taken back."""

    record: Publication
    draft: Draft | None
    url: str
    shots: tuple[Screenshot, ...]
    stands: bool
    by: Publication | None
    may_mend: bool


def show_publication(ask: Ask) -> Response:
    """Texts to copy on the left, records on the right; superseded ones are struck through, never gone."""
    return _draw(ask)


def record(ask: Ask) -> Response:
    """A person posted a text and says where and when; the picture of the post may come with it."""
    try:
        with ask.room.store.transaction() as tx:
            incident = by_number(ask, tx)
            made = ask.room.release.publish(
                tx, _own(tx, incident, ask.field("draft")), _post(ask, incident), ask.who, ask.now
            )
            if ask.file("screenshot"):
                ask.room.release.keep_screenshot(tx, made.id, ask.file("screenshot"), ask.who, ask.now)
    except (InputError, MoveError) as error:
        return _draw(ask, error)
    return _home(ask, "recorded")


def mend(ask: Ask) -> Response:
    """A wrong record gets a successor, or is taken back; both with a reason."""
    what = choice(ask, "what", ("correct", "withdraw"))
    try:
        with ask.room.store.transaction() as tx:
            incident = by_number(ask, tx)
            post = _post(ask, incident) if what == "correct" else None
            mended = Mended(post, ask.field("reason"))
            ask.room.release.mend(tx, _record_id(ask, tx, incident), mended, ask.who, ask.now)
    except (InputError, MoveError, StaleError) as error:
        return _draw(ask, error)
    return _home(ask, "mended" if what == "correct" else "withdrawn")


def add_screenshot(ask: Ask) -> Response:
    """A picture for a record that has none yet, or one more."""
    try:
        with ask.room.store.transaction() as tx:
            incident = by_number(ask, tx)
            found = _record_id(ask, tx, incident)
            ask.room.release.keep_screenshot(tx, found, ask.file("screenshot"), ask.who, ask.now)
    except InputError as error:
        return _draw(ask, error)
    return _home(ask, "shot")


def download(ask: Ask) -> Response:
    """The very bytes that were handed in."""
    with ask.room.store.reading() as tx:
        incident = by_number(ask, tx)
        found = publications.screenshot(tx, incident.id, ask.request.path_params["shot"][:32])
    if found is None:
        raise missing()
    shot, file = found
    name = f"incident-{incident.number}-{shot.sha256[:12]}.{ENDINGS[shot.kind]}"
    return Response(file, media_type=shot.kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _draw(ask: Ask, error: GoldenHourError | None = None) -> Response:
    with ask.room.store.reading() as tx:
        incident = by_number(ask, tx)
        drafts = texts.versions(tx, incident.id)
        records = publications.all_of(tx, incident.id)
        shots = publications.screenshots_of(tx, records)
        speakers = ask.room.release.speakers(tx, incident.id, ask.now)
    status = 200 if error is None else 409 if isinstance(error, MoveError | StaleError) else 400
    return show(
        ask,
        "publication.html",
        status,
        incident=incident,
        ready=_ready(drafts, publications.standing(records)),
        records=_records(records, drafts, shots, partial(_may_mend, ask.who, speakers)),
        platforms=PLATFORMS,
        may_record=ask.who in speakers,
        may_add=access.may(ask.person, *WRITERS),
        earliest=incident.t0,
        fault=explain(error, ask.lang) if error else "",
        typed=ask.form if error else {},
        place=ask.request.path_params.get("record", ""),
        done=ask.query("done") if ask.query("done") in DONE else "",
    )


def _may_mend(who: str, speakers: Sequence[str], one: Publication) -> bool:
    return who in speakers or who == one.who


def _ready(drafts: Sequence[Draft], standing: Sequence[Publication]) -> list[Ready]:
    """Approved or posted texts for the public, newest version of each kind and language."""
    public = [one for one in drafts if one.kind not in NOT_PUBLIC]
    newest = {(one.kind, one.lang): one for one in sorted(public, key=lambda one: one.version)}
    found = [one for one in newest.values() if one.state in (DraftState.APPROVED, DraftState.RELEASED)]
    ready = [Ready(one, tuple(post.platform for post in standing if post.draft == one.id)) for one in found]
    # What stands nowhere yet comes first, Chinese before English.
    return sorted(ready, key=lambda one: (bool(one.posted), one.draft.lang != "zh", one.draft.kind))


def _records(
    records: Sequence[Publication],
    drafts: Sequence[Draft],
    shots: dict[str, list[Screenshot]],
    may_mend: "partial[bool]",
) -> list[Record]:
    """Newest first."""
    texts_by_id = {one.id: one for one in drafts}
    after = {one.supersedes: one for one in records if one.supersedes}
    return [
        Record(
            record=one,
            draft=texts_by_id.get(one.draft),
            url=safe_url(one.url),
            shots=tuple(shot for former in _line_of(one, records) for shot in shots.get(former.id, ())),
            stands=one.id not in after and not one.withdrawn,
            by=after.get(one.id),
            may_mend=may_mend(one),
        )
        for one in reversed(records)
        # What only says that another was never posted is told with that one.
        if not one.withdrawn
    ]


def _line_of(record: Publication, records: Sequence[Publication]) -> list[Publication]:
    """The record and those it took the place of: a picture stays evidence of the post whatever was mistyped."""
    by_id = {one.id: one for one in records}
    found = [record]
    while found[-1].supersedes and found[-1].supersedes in by_id:
        found.append(by_id[found[-1].supersedes])
    return found


def _post(ask: Ask, incident: Incident) -> Post:
    """The form knows minutes only: a post in the very minute of the event is not before it."""
    at: datetime = moment_of(ask, ask.field("published_at"))
    if at == incident.t0.replace(second=0, microsecond=0):
        at = incident.t0
    return Post(choice(ask, "platform", PLATFORMS), ask.field("url"), at)


def _own(tx: Tx, incident: Incident, draft_id: str) -> str:
    """Only a text of the incident on the screen is recorded from it."""
    found = texts.draft(tx, draft_id[:32])
    if found is None or found.incident != incident.id:
        raise MoveError("There is no such text.")
    return found.id


def _record_id(ask: Ask, tx: Tx, incident: Incident) -> str:
    found = publications.get(tx, ask.request.path_params["record"][:32])
    if found is None or found.incident != incident.id:
        raise missing()
    return found.id


def _home(ask: Ask, done: str) -> Response:
    return go(f"/incidents/{ask.request.path_params['number']}/publication?done={done}")


UPLOADS = (PLACE, f"{PLACE}/{{record}}/screenshot")
ROUTES = (
    (PLACE, "GET", show_publication),
    (PLACE, "POST", record),
    (f"{PLACE}/{{record}}/mend", "POST", mend),
    (f"{PLACE}/{{record}}/screenshot", "POST", add_screenshot),
    (f"{PLACE}/screenshots/{{shot}}", "GET", download),
)
