"""What the statements wing does by itself: prepare statement and Q&A in both languages, write the review sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from config.clock import Clock, Ids
from config.errors import TemplateError
from statements.answering import answers
from statements.answering.answers import Question
from statements.approving.approval import sha256_of
from statements.looking_back import review
from statements.looking_back.review_reading import read_review
from statements.writing.contexts import Context
from statements.writing.in_force import in_force
from statements.writing.preparing import Preparing, last_release
from statements.writing.render import Rendered, render
from statements.writing.speaking import LANGS, Speaking
from store import facts, incidents, journal, mentions, texts
from store.database import Store, Tx
from store.incidents import subject
from store.nouns import Draft, DraftState, Fact, Incident

SYSTEM = "system"
KINDS = ("holding", "short", "qa")
UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Statements:
    """The wing's jobs with what they touch."""

    store: Store
    clock: Clock
    ids: Ids
    speaking: Speaking

    def draft(self, incident_id: str) -> None:
        """A fresh version of every text nobody has edited yet; an edited one is a person's and stays.

        Texts are rendered before the transaction that keeps them: nobody waits for a template while people are called.
        """
        now = self.clock()
        with self.store.reading() as tx:
            incident = incidents.get(tx, incident_id)
            if incident is None:
                return
            material = self._material(tx, incident)
            following = self._following(tx, incident, now)
        made = {(kind, lang): self._write(material, kind, lang, now) for lang in LANGS for kind in KINDS}
        made |= {(UPDATE, lang): _rendered(source, context) for lang, (source, context) in following.items()}
        with self.store.transaction() as tx:
            for (kind, lang), text in made.items():
                self._keep(tx, incident, (kind, lang), text, now)

    def review(self, incident_id: str) -> None:
        """The review sheet from what the journal says; written again when asked again."""
        now = self.clock()
        with self.store.transaction() as tx:
            incident = incidents.get(tx, incident_id)
            if incident is None:
                return
            name = self.speaking.context(incident, (), "zh", now).brand_name
            found = read_review(tx, incident, name, self.speaking.zone, self.speaking.team, now)
            sheet = review.build_review(found)
            texts.keep_review(tx, incident_id, now, review.to_text(sheet, "zh"), review.to_text(sheet, "en"))
            journal.write(tx, now, SYSTEM, "review_written", subject(incident_id))

    def _material(self, tx: Tx, incident: Incident) -> "_Material":
        evidence = mentions.of_incident(tx, incident.id, incident.brand)
        heard = [f"{one.mention.title} {one.mention.text}" for one in evidence]
        places = [(kind, lang) for kind in KINDS for lang in LANGS]
        sources = {(kind, lang): in_force(tx, kind, incident.category, lang).source for kind, lang in places}
        asked = answers.mine_questions(heard, category=incident.category)
        return _Material(incident, tuple(facts.current(tx, incident.id)), asked, sources)

    def _following(self, tx: Tx, incident: Incident, now: datetime) -> dict[str, tuple[str, Context]]:
        """Once something is out the next update stands ready, with what changed since; by language, its material."""
        if last_release(tx, incident) is None:
            return {}
        preparing = Preparing(self.ids, self.speaking)
        return {
            lang: (
                in_force(tx, UPDATE, incident.category, lang).source,
                preparing.context(tx, incident, (UPDATE, lang), now),
            )
            for lang in LANGS
        }

    def _write(self, material: "_Material", kind: str, lang: str, now: datetime) -> Rendered | TemplateError:
        """One text; a broken template is handed on, so that it does not keep the other texts from being written."""
        context, source = (
            self.speaking.context(material.incident, material.facts, lang, now),
            material.sources[kind, lang],
        )
        return _rendered(source, context, None if kind != "qa" else material.asked)

    def _keep(
        self, tx: Tx, incident: Incident, place: tuple[str, str], made: Rendered | TemplateError, now: datetime
    ) -> None:
        kind, lang = place
        before = texts.latest(tx, incident.id, kind, lang)
        # Nor does the house take back a yes: an approved text stays until a person or a changed fact moves it.
        if before and (before.author != SYSTEM or before.state not in (DraftState.DRAFT, DraftState.STALE)):
            return
        if isinstance(made, TemplateError):
            named = {"kind": kind, "lang": lang}
            journal.write(tx, now, SYSTEM, "draft_failed", subject(incident.id), str(made), named)
            return
        if before and before.body == made.body and before.state is not DraftState.STALE:
            return
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
        if texts.add_draft(tx, draft):
            if before:
                texts.set_state(tx, [before.id], DraftState.SUPERSEDED)
                texts.void_approvals(tx, [before.id], now, "a newer version exists")
            detail = {"kind": kind, "lang": lang, "version": draft.version, "missing": list(made.missing)}
            journal.write(tx, now, SYSTEM, "draft_prepared", subject(incident.id), "", detail)


def _rendered(source: str, context: Context, asked: Sequence[Question] | None = None) -> Rendered | TemplateError:
    try:
        if asked is not None:
            return answers.render_sheet(context, context.lang, asked, source)
        return render(source, context)
    except TemplateError as error:
        return error


@dataclass(frozen=True, slots=True)
class _Material:
    """What the texts of an incident are made of, read at one moment."""

    incident: Incident
    facts: tuple[Fact, ...]
    asked: tuple[Question, ...]
    sources: dict[tuple[str, str], str]
