"""What the rules say about a text of an incident: the words, the whole, and what the facts allow."""

from dataclasses import dataclass
from datetime import datetime

from statements import consistency
from statements.documents import DocumentContext, lint_document
from statements.publishing import Publishing
from statements.remedies import cleared_amounts
from statements.speaking import LANGS
from statements.standing import Stand, lint_strategy
from statements.strategy import strategies_in
from statements.wording import Finding, Wording
from store import claims, facts, incidents, texts
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
            released=tuple(one.published_at for one in texts.publications_of(tx, incident.id)),
        )

    def _stand(self, tx: Tx, incident: Incident, draft: Draft, context: DocumentContext) -> Stand:
        """What the company has stood for in public, and what it may stand for now."""
        set_by_people = claims.attributions_of(tx, incident.id)
        posted = {one.draft for one in texts.publications_of(tx, incident.id)}
        said = [one for one in texts.versions(tx, incident.id) if one.id in posted and one.id != draft.id]
        earlier = frozenset(way for one in said for way in strategies_in(one.body, one.lang))
        cluster = set_by_people[-1] if set_by_people else None
        return Stand(cluster, context.facts, tuple(claims.current(tx, incident.id)), earlier)
