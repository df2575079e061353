"""What people do with one mention: keep it as evidence, correct what was judged of it, ask who wrote it."""

from collections.abc import Sequence
from functools import partial

from starlette.responses import Response

from config.errors import InputError
from desk import access
from desk.screens.door import Ask, go
from desk.screens.fields import choice
from desk.screens.mention import CONFIDANTS, JUDGES, KEEPERS, draw, id_of, subject
from desk.screens.trouble import missing
from monitor.corrections import SAYS, Marks, after, is_news
from store import agenda, authors, evidence, incidents, journal, lookup, triage
from store.agenda import Job
from store.database import Tx
from store.lookup import Found
from store.nouns import Correction, Score

LONGEST_WHY = 1000


def keep_evidence(ask: Ask) -> Response:
    """A snapshot of what the mention says now, with its hash in the journal."""
    access.require(ask.person, *KEEPERS)
    mention, why = id_of(ask), _why(ask)
    with ask.room.store.transaction() as tx:
        kept = evidence.take(tx, mention, ask.room.ids(), ask.now, ask.who, why)
        if kept is None:
            raise missing()
        detail = {"snapshot": kept.id, "sha256": kept.sha256}
        journal.write(tx, ask.now, ask.who, "evidence_kept", subject(mention), why, detail)
    return go(f"/mentions/{mention}?done=kept#evidence")


def correct(ask: Ask) -> Response:
    """A person's better judgement for one brand; the opposite one undoes it."""
    access.require(ask.person, *JUDGES)
    mention, why, what = id_of(ask), _why(ask), choice(ask, "what", tuple(SAYS))
    with ask.room.store.transaction() as tx:
        done = correct_as(ask, tx, mention, ask.field("brand"), what, why)
        # Who has looked at it closely need not be asked about it again.
        triage.take_out(tx, mention, ask.field("brand"))
    return go(f"/mentions/{mention}?done={'corrected' if done else 'same'}")


def correct_as(ask: Ask, tx: Tx, mention: str, brand: str, what: str, why: str) -> bool:
    """Keep the word of the person who asks, with all that follows; False when it says nothing new."""
    found = _judged(tx, mention, brand)
    said = Correction(0, mention, found.judged.brand, ask.now, ask.who, what, why)
    done = evidence.correct(tx, said, partial(_marks, found.judged.score))
    if done:
        _note(ask, tx, found, what, why)
    return done


def show_author(ask: Ask) -> Response:
    """Who really wrote it: for few, with a reason, and never without a line in the journal."""
    access.require(ask.person, *CONFIDANTS)
    why = _why(ask)
    if not why:
        raise InputError(ask.word("men_author_needs_why"))
    with ask.room.store.transaction() as tx:
        mention = lookup.mention(tx, id_of(ask))
        if mention is None:
            raise missing()
        author = authors.find(tx, mention.author_hash) if mention.author_hash else None
        detail = {"kept": author is not None}
        journal.write(tx, ask.now, ask.who, "author_shown", subject(mention.id), why, detail)
    # No address leads here: a name is shown once, to the person who gave the reason.
    return draw(ask, author=author, author_asked=True)


def _judged(tx: Tx, mention: str, brand: str) -> Found:
    found = lookup.of_brand(tx, mention, brand)
    if found is None:
        raise missing()
    return found


def _marks(score: Score, said: Sequence[str]) -> Marks | None:
    return after(score, said) if is_news(said[:-1], said[-1]) else None


def _note(ask: Ask, tx: Tx, found: Found, what: str, why: str) -> None:
    mention, brand = found.judged.mention.id, found.judged.brand
    deed = {"not_us": "mention_not_us", "ours": "mention_ours"}.get(what, "mention_corrected")
    detail = {"brand": brand, "to": what, "mention": mention}
    journal.write(tx, ask.now, ask.who, deed, subject(mention), why, detail)
    if deed != "mention_corrected":
        # It leaves the evidence, or comes back to it: whoever reads the incident's story must see that.
        for incident in lookup.incidents_of(tx, [mention]).get(mention, []):
            if incident.brand == brand:
                journal.write(tx, ask.now, ask.who, deed, incidents.subject(incident.id), why, detail)
    if what in ("crisis", "ours"):
        # There is more to be alarmed about than the detector knew.
        agenda.promise(tx, Job.WATCH, brand, ask.now)


def _why(ask: Ask) -> str:
    return ask.field("why")[:LONGEST_WHY]
