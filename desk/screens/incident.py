"""One incident: what happened, how bad, what next. Everything known, on one screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup
from starlette.responses import Response

from alerts.states import MOVES
from alerts.wording import why
from desk import access
from desk.access import ACTORS
from desk.chart import Labels, Mark, Volume, volume_chart
from desk.screens.deliveries import where
from desk.screens.door import Ask
from desk.screens.frame import countdown, show
from desk.screens.legal_view import open_clocks
from desk.screens.quoting import pieces, safe_url, terms
from desk.screens.steps import budget, next_step, read_progress
from desk.screens.times import clock_face
from desk.screens.trouble import missing
from desk.screens.why_panel import why_panel
from statements.known.fact_log import WRITERS
from store import acks, facts, incidents, journal, mentions, pages, texts, volumes
from store.database import Tx
from store.incidents import OPEN, subject
from store.nouns import Bucket, Draft, Incident, Judged, Page, Publication, Try

EARLIEST = 5
# The chart begins an hour before the event and shows at most six hours, else bars become hairs.
BEFORE, LONGEST = timedelta(hours=1), timedelta(hours=6)
FINE = timedelta(minutes=volumes.FINE)
SHOWN_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class Called:
    """One call: whom, by which road, and the provider's own last answer."""

    page: Page
    where: str
    last: Try | None


@dataclass(frozen=True, slots=True)
class Picture:
    """The volume chart and its twin in figures."""

    svg: Markup
    rows: tuple[Bucket, ...]


def by_number(ask: Ask, tx: Tx) -> Incident:
    """The incident of the address, or a 404 screen."""
    number = ask.request.path_params["number"]
    # Larger numbers do not fit the column; no incident has one.
    found = incidents.by_number(tx, number) if number < 2**31 else None
    if found is None:
        raise missing()
    return found


def show_incident(ask: Ask) -> Response:
    """The hour as a line of steps, why, volume, people, facts, texts and journal."""
    lang = ask.room.settings.service.language
    with ask.room.store.reading() as tx:
        incident = by_number(ask, tx)
        progress = read_progress(tx, incident, lang)
        legal = open_clocks(ask, tx, incident)
        evidence = mentions.of_incident(tx, incident.id, incident.brand)
        called = _called(tx, incident)
        picture = _picture(ask, tx, incident, called, progress.publications)
        panel = why_panel(ask, tx, incident, evidence)
        entries = journal.entries(tx, subject(incident.id))
        promises = facts.promises_of(tx, incident.id)
        drafts = _newest(texts.versions(tx, incident.id))
        takers = [one.person for one in acks.standing(tx, incident.id)]
        beside = incidents.listed(tx, open_only=True, brand=incident.brand)
        merged_into = incidents.get(tx, incident.merged_into) if incident.merged_into else None
    is_open = incident.status in OPEN
    return show(
        ask,
        "incident.html",
        incident=incident,
        countdown=countdown(incident, ask.now),
        since_seen=clock_face(ask.now - incident.detected_at),
        seen_due_at=incident.detected_at + (incident.due_at - incident.t0),
        steps=budget(progress, ask.now),
        next=next_step(progress, lang),
        why=why(incident, evidence, ask.lang),
        level_why=panel.levels[-1].why if panel.levels else "",
        proposed=is_open and bool(panel.levels) and panel.levels[-1].proposed,
        panel=panel,
        terms=terms(evidence[:EARLIEST]),
        earliest=[(one, pieces(one), safe_url(one.mention.url)) for one in evidence[:EARLIEST]],
        count=len(evidence),
        authors=_authors(evidence),
        picture=picture,
        called=called,
        facts=progress.facts,
        legal=legal,
        drafts=drafts,
        promises=promises,
        publications=[(one, safe_url(one.url)) for one in progress.publications],
        entries=entries[::-1][:SHOWN_ENTRIES],
        is_open=is_open,
        takers=takers,
        mergeable=[one for one in beside if one.id != incident.id],
        merged_into=merged_into,
        may_act=access.may(ask.person, *ACTORS) and bool(MOVES[incident.status]),
        may_write=access.may(ask.person, *WRITERS),
    )


def _called(tx: Tx, incident: Incident) -> list[Called]:
    found = pages.of_incident(tx, incident.id)
    tries = pages.tries_of(tx, [page.id for page in found])
    return [Called(page, where(page), tries[page.id][-1] if page.id in tries else None) for page in found]


def _picture(
    ask: Ask, tx: Tx, incident: Incident, called: Sequence[Called], publications: Sequence[Publication]
) -> Picture:
    until = volumes.bucket_of(min(ask.now, incident.resolved_at or ask.now)) + FINE
    since = volumes.bucket_of(max(incident.t0 - BEFORE, until - LONGEST))
    rows = tuple(volumes.between(tx, incident.brand, since, until))
    usual = _usual(tx, incident)
    marks = [(incident.t0, "mark_first")]
    marks += [(min(one.page.created_at for one in called), "mark_page")] if called else []
    marks += [(min(one.published_at for one in publications), "mark_statement")] if publications else []
    volume = Volume(
        buckets=rows,
        since=since,
        until=until,
        size=FINE,
        usual=usual,
        marks=[Mark(at, f"{ask.word(key)} {ask.times.hour(at)}") for at, key in marks if since <= at <= until],
    )
    labels = Labels(
        title=ask.word("chart_title", brand=ask.room.brand_name(incident.brand)),
        usual=ask.word("chart_usual", n=f"{usual:.1f}" if usual is not None else ""),
        first=ask.times.hour(since),
        last=ask.times.hour(until),
    )
    return Picture(volume_chart(volume, labels), rows)


def _usual(tx: Tx, incident: Incident) -> float | None:
    """What the spike that opened it called usual, per bar; None when it is not kept."""
    around: datetime = incident.detected_at - timedelta(minutes=10)
    found = [one for one in volumes.spikes_since(tx, incident.brand, around) if one.category == incident.category]
    if not found or found[-1].window_minutes <= 0:
        return None
    return found[-1].usual / found[-1].window_minutes * volumes.FINE


def _newest(versions: Sequence[Draft]) -> list[Draft]:
    """The newest version of each kind and language, statements first."""
    newest = {(one.kind, one.lang): one for one in sorted(versions, key=lambda one: one.version)}
    return [newest[key] for key in sorted(newest, key=lambda key: (key[0] != "holding", key[1] != "zh"))]


def _authors(evidence: Sequence[Judged]) -> int:
    known = [one.mention for one in evidence if one.mention.author or one.mention.author_hash]
    return len({(one.platform, one.voice) for one in known})
