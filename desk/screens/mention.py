"""One mention: all we know of it, what was judged and corrected, and the evidence kept of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from msgspec import structs
from starlette.responses import Response

from config.taxonomy import Aggravators
from desk import access
from desk.access import ACTORS
from desk.screens.door import Ask
from desk.screens.frame import show
from desk.screens.quoting import Piece, pieces, safe_url, terms
from desk.screens.trouble import missing
from store import evidence, heard, journal, lookup
from store.database import Tx
from store.lookup import Found
from store.nouns import Author, Correction, Judged, Klass, Mention, Snapshot

# Who keeps evidence, who corrects a score, and who may learn who somebody really is.
KEEPERS = ("responder", "drafter", "legal", "spokesperson", "lead", "ops", "admin")
JUDGES = ("responder", "drafter", "lead", "ops", "admin")
CONFIDANTS = ("lead", "legal", "admin")
DEEDS = (
    "evidence_kept",
    "mention_corrected",
    "mention_not_us",
    "mention_ours",
    "mention_raised",
    "mention_unclear",
    "opinion_given",
    "opinion_failed",
    "author_shown",
)
DONE = ("kept", "corrected", "same")
SHOWN_ENTRIES = 100


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is thought of it for one brand: the score, its words, what people said, and where it may be raised."""

    found: Found
    terms: tuple[str, ...]
    said: tuple[Correction, ...]
    raise_url: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A snapshot, whether it is still what was hashed, and the words it has if they are others than today's."""

    snapshot: Snapshot
    whole: bool
    words: tuple[str, str] | None


def subject(mention_id: str) -> str:
    """How the journal names a mention."""
    return f"mention:{mention_id}"


def marked(judged: Judged, longest: int) -> tuple[Piece, ...]:
    """Its words with the risk terms apart; of an edited one nobody knows where they stand now."""
    if judged.mention.edited_at:
        judged = structs.replace(judged, score=structs.replace(judged.score, spans=()))
    return pieces(judged, longest)


def id_of(ask: Ask) -> str:
    return str(ask.request.path_params["mention"])[:32]


def show_mention(ask: Ask) -> Response:
    """The mention of the address, or a 404 screen."""
    return draw(ask)


def download(ask: Ask) -> Response:
    """A snapshot as the very bytes its sha256 is of."""
    with ask.room.store.reading() as tx:
        found = evidence.get(tx, id_of(ask), str(ask.request.path_params["snapshot"])[:32])
    if found is None:
        raise missing()
    headers = {"Content-Disposition": f'attachment; filename="evidence-{found.id}.json"'}
    return Response(evidence.canonical(found.body), media_type="application/json", headers=headers)


def draw(ask: Ask, *, author: Author | None = None, author_asked: bool = False) -> Response:
    """The screen; with the real name only when somebody just asked for it and was allowed to."""
    with ask.room.store.reading() as tx:
        mention = lookup.mention(tx, id_of(ask))
        if mention is None:
            raise missing()
        verdicts = [_verdict(ask, tx, one) for one in lookup.of_mention(tx, mention.id)]
        kept = [_kept(one, mention) for one in evidence.of_mention(tx, mention.id)]
        within = lookup.incidents_of(tx, [mention.id]).get(mention.id, [])
        sources = dict([(mention.source, mention.first_seen_at), *heard.sources_of(tx, mention.id)])
        entries = journal.entries(tx, subject(mention.id))
    person = ask.person
    return show(
        ask,
        "mention.html",
        mention=mention,
        pieces=_whole(mention, verdicts),
        url=safe_url(mention.url),
        verdicts=verdicts,
        kept=kept,
        within=within,
        sources=sorted(sources.items(), key=lambda one: one[1]),
        entries=entries[::-1][:SHOWN_ENTRIES],
        next=_next(verdicts, within),
        author=author,
        author_asked=author_asked,
        klasses=[one.value for one in Klass],
        aggravators=tuple(Aggravators.model_fields),
        deeds=DEEDS,
        done=ask.query("done") if ask.query("done") in DONE else "",
        may_keep=access.may(person, *KEEPERS),
        may_judge=access.may(person, *JUDGES),
        may_raise=access.may(person, *ACTORS),
        may_know=access.may(person, *CONFIDANTS),
    )


def _verdict(ask: Ask, tx: Tx, found: Found) -> Verdict:
    mention, brand = found.judged.mention, found.judged.brand
    name = (mention.title or mention.text)[:60]
    t0 = ask.times.field(min(mention.event_at, ask.now))
    category = found.judged.score.category
    raised = urlencode({"brand": brand, "title": name, "category": category, "t0": t0, "mention": mention.id})
    said = tuple(evidence.corrections_of(tx, mention.id, brand))
    return Verdict(found, terms([found.judged], 20), said, f"/incidents/new?{raised}")


def _kept(snapshot: Snapshot, mention: Mention) -> Kept:
    words = (str(snapshot.body.get("title", "")), str(snapshot.body.get("text", "")))
    same = words == (mention.title, mention.text)
    return Kept(snapshot, evidence.digest(snapshot.body) == snapshot.sha256, None if same else words)


def _whole(mention: Mention, verdicts: Sequence[Verdict]) -> tuple[Piece, ...]:
    """All of its words, with the risk terms of the first brand's score."""
    if verdicts:
        return marked(verdicts[0].found.judged, len(mention.title) + len(mention.text) + 1)
    return (Piece("\n".join(part for part in (mention.title, mention.text) if part), ""),)


def _next(verdicts: Sequence[Verdict], within: Sequence[Any]) -> str:
    """What the one prominent button is: look at its incident, raise one, or neither."""
    if within:
        return "incident"
    ours = [one.found for one in verdicts if not one.found.not_us]
    return "raise" if any(one.judged.score.crisis for one in ours) else ""
