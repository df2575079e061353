"""What the rules say about a text of an incident: the words, the whole, and what the facts allow."""

from dataclasses import dataclass
from datetime import datetime

from statements.posting.publishing import Publishing
from statements.posting.remedies import cleared_amounts
from statements.rules import consistency
from statements.rules.documents import DocumentContext, lint_document
from statements.rules.standing import Stand, lint_strategy
from statements.rules.strategy import strategies_in
from statements.rules.wording import Finding, Wording
from statements.writing.speaking import LANGS
from store import authors, claims, facts, incidents, texts
from store.database import Tx
from store.nouns import Draft, Incident


@dataclass(frozen=True, slots=True)
class Linting(Publishing):
    """Findings beside publications and the fact log."""

    wording: Wording

    def findings(self, tx: Tx, incident: Incident, draft: Draft, now: datetime) -> tuple[Finding, ...]:
        """Everything the wording and document rules, and the facts as they stand, say about a text."""
        context = self._held_against(tx, incident, draft, now)
        found = [*self.wording.lint(draft.body, draft.lang), *lint_document(draft.body, draft.lang, context)]
        if draft.kind != "qa":
            found += lint_strategy(draft.body, draft.lang, self._stand(tx, incident, draft, context))
        return tuple(found)

    def _held_against(self, tx: Tx, incident: Incident, draft: Draft, now: datetime) -> DocumentContext:
        team, history = self.speaking.team, facts.history(tx, incident.id)
        other = next(lang for lang in LANGS if lang != draft.lang)
        cleared = cleared_amounts(self.speaking.remedies, incident.category)
        return DocumentContext(
            incident=incident,
            facts=tuple(facts.current(tx, incident.id)),
            contacts=(team.contact.phone, team.contact.email),
            kind=draft.kind,
            now=now,
            zone=self.speaking.zone,
            harm=incidents.harm(tx, incident.id, incident.brand),
            cleared=consistency.amounts(cleared),
            elsewhere=tuple(facts.refuted_elsewhere(tx, incident)),
            draft=draft,
            twin=texts.latest(tx, incident.id, draft.kind, other),
            former=tuple(history),
            posters=self._posters(tx, incident),
            released=tuple(one.published_at for one in texts.publications_of(tx, incident.id)),
        )

    def _posters(self, tx: Tx, incident: Incident) -> tuple[str, ...]:
        """Who posted, but for our own accounts: what they are called stands in every text of ours."""
        ours = self.speaking.context(incident, (), "zh", incident.t0)
        named = (name for one in authors.of_incident(tx, incident.id) for name in (one.name, one.handle))
        return tuple(name for name in named if name not in ours.company and name not in ours.brand_name)

    def _stand(self, tx: Tx, incident: Incident, draft: Draft, context: DocumentContext) -> Stand:
        """What the company has stood for in public, and what it may stand for now."""
        set_by_people = claims.attributions_of(tx, incident.id)
        posted = {one.draft for one in texts.publications_of(tx, incident.id)}
        said = [one for one in texts.versions(tx, incident.id) if one.id in posted and one.id != draft.id]
        earlier = frozenset(way for one in said for way in strategies_in(one.body, one.lang))
        cluster = set_by_people[-1] if set_by_people else None
        return Stand(cluster, context.facts, tuple(claims.current(tx, incident.id)), earlier)
