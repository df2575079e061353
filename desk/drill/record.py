"""Reads a drill's own store into what is scored, and makes the sheet."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from config.drills import DrillScenario, Expect, Inject
from desk.drill.doors import WORDING
from desk.drill.stage import DrillStage
from desk.drill.story import DRILL
from desk.screens.origin import cards
from statements.answering import answers
from statements.approving.approval import sayable
from statements.drills import drill_score, drill_sheet
from statements.drills.drill_score import Due, Played
from statements.rules.consistency import twins
from statements.rules.documents import stands_in
from store import facts, incidents, inquiries, journal, texts
from store.database import Tx
from store.nouns import Draft, Fact, Incident, JournalEntry

KINDS: dict[str, tuple[str, ...]] = {"page_out": ("ack",)}
# So many characters of an inject name it on the sheet.
SAID = 14
# An answer, or a reason why there is none; and "not known yet", honestly said.
ANSWERED, PENDING = ("READY", "REFER", "DECLINE"), ("PENDING_FACT",)


def make_sheet(stage: DrillStage, played_at: dict[str, datetime], now: datetime, kind: str = "full") -> dict[str, Any]:
    """The sheet as it stands at the drill's moment `now`."""
    scenario, meta = stage.scenario, stage.scenario.meta
    with stage.store.reading() as tx:
        played = _read(tx, stage, played_at, now)
    objectives = [one for one in meta.objectives if one in KINDS.get(kind, meta.objectives)]
    goals = {str(name): goal for name, goal in scenario.goals.items()}
    found = drill_score.results(played, objectives, goals)
    if kind in KINDS:
        found = tuple(one for one in found if one.name in KINDS[kind])
    zone = stage.settings.service.zone
    sheet = drill_sheet.sheet_of(played, found, titles={"zh": meta.zh, "en": meta.en}, zone=zone)
    return {"scenario": scenario.id, "kind": kind} | sheet | {"injects": _told(scenario, played_at)}


def _told(scenario: DrillScenario, played_at: dict[str, datetime]) -> list[dict[str, str]]:
    return [
        {"id": one.id, "at": played_at[one.id].isoformat(), "channel": one.channel, "text": one.text}
        for one in scenario.inject
        if one.id in played_at
    ]


def _read(tx: Tx, stage: DrillStage, played_at: dict[str, datetime], now: datetime) -> Played:
    found = sorted(incidents.listed(tx, open_only=False), key=lambda one: one.number)
    posted = [draft for one in found for draft in _posted(tx, one)]
    entries = _journal(tx, found)
    pairs = list(_pairs(posted))
    contact, zone = stage.settings.team.contact, stage.house.release.speaking.zone
    differ = sum(any(twins(one, other, (contact.phone, contact.email), zone)) for one, other in pairs)
    heard = [one for one in stage.scenario.inject if one.id in played_at]
    return Played(
        began=stage.scenario.meta.begins,
        ended=now,
        journal=tuple(entries),
        findings=tuple(level for one in entries if one.what == WORDING for level in one.detail["levels"]),
        posted=len(posted),
        unverified=sum(_unverified(tx, one) for one in found),
        differing=differ,
        pairs=len(pairs),
        asked=tuple(one.theme for one in answers.mine_questions([one.text for one in heard]) if one.theme),
        answered=frozenset(qid for one in found for qid in _with_status(tx, one, ANSWERED)),
        pending=frozenset(qid for one in found for qid in _with_status(tx, one, PENDING)),
        promises=tuple(promise for one in found for promise in facts.promises_of(tx, one.id)),
        expected=tuple(_due(stage, one, expect, played_at[one.id]) for one in heard for expect in one.expects),
    )


def _journal(tx: Tx, found: Sequence[Incident]) -> list[JournalEntry]:
    subjects = [DRILL, *(incidents.subject(one.id) for one in found)]
    subjects += [f"inquiry:{one.id}" for one in inquiries.listed(tx)]
    entries = [entry for one in subjects for entry in journal.entries(tx, one, limit=20_000)]
    return sorted(entries, key=lambda one: one.seq)


def _posted(tx: Tx, incident: Incident) -> list[Draft]:
    """The texts that were (simulated as) posted, each once."""
    ids = dict.fromkeys(one.draft for one in texts.publications_of(tx, incident.id))
    return [draft for one in ids if (draft := texts.draft(tx, one))]


def _pairs(posted: Sequence[Draft]) -> Iterable[tuple[Draft, Draft]]:
    """Chinese and English text of one kind that went out together."""
    english = {(one.incident, one.kind, one.version): one for one in posted if one.lang == "en"}
    for one in posted:
        other = english.get((one.incident, one.kind, one.version))
        if one.lang == "zh" and other:
            yield one, other


def _unverified(tx: Tx, incident: Incident) -> int:
    """How often a person's text held a fact that could not be said when it was written."""
    known = facts.history(tx, incident.id)
    return sum(
        any(stands_in(draft.body, draft.lang, one) and not sayable(one) for one in _as_of(known, draft.at))
        for draft in texts.versions(tx, incident.id)
        if draft.author != "system" and draft.kind != "qa"
    )


def _as_of(known: Sequence[Fact], at: datetime) -> list[Fact]:
    """The newest version of each fact at that moment; unknown ones are said to be unknown."""
    newest: dict[str, Fact] = {}
    for one in sorted(known, key=lambda one: one.version):
        if one.at <= at:
            newest[one.label] = one
    return list(newest.values())


def _with_status(tx: Tx, incident: Incident, wanted: Collection[str]) -> list[str]:
    """Questions of the newest sheet with one of these statuses."""
    sheet = texts.latest(tx, incident.id, "qa", "zh")
    return [one.id for one in cards(sheet.body) if one.status in wanted] if sheet else []


def _due(stage: DrillStage, inject: Inject, expect: Expect, at: datetime) -> Due:
    team = stage.settings.team
    people = tuple(person.id for person in team.person if expect.by in person.roles) if expect.by else ()
    said = inject.text if len(inject.text) <= SAID else inject.text[:SAID] + "…"
    return Due(inject.id, said, expect.action, people, expect.by, at, expect.within)
