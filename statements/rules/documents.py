"""What a whole statement must hold (pure): next update, contact, unknowns, advice, and no number without a fact."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from statements.approving.approval import sayable
from statements.posting.promises import deadlines_in
from statements.rules import consistency
from statements.rules.document_words import finding
from statements.rules.figures import GRAVE, Figure, figures_in
from statements.rules.parts import ACTION, DONE, EMPATHY, MAIL, UNKNOWN, UPDATE, ZONE
from statements.rules.strangers import strangers
from statements.rules.style import lint_style
from statements.rules.wording import Finding
from statements.writing import moments
from statements.writing.marks import missing_in
from store.nouns import Draft, Fact, FactScope, FactStatus, Incident, Level

SAFETY = ("food_safety", "product_safety", "data_breach", "safety_incident")
LONGEST_PROMISE = timedelta(hours=24)
# From this harm on (severity matrix) people must be told what to do.
HURT = 2
# Shorter words than these ("已停业") stand in too many honest sentences to be called a quotation.
_SHORTEST_QUOTE = {"zh": 4, "en": 10}
# The number of the statement stands in the headline; list marks begin their lines.
_NUMBER_OF_STATEMENT = re.compile(r"第\s?\d+\s?号|No\.\s?\d+")
_LIST_MARK = re.compile(r"(?m)^[ \t]{0,8}\d{1,3}[.、)]\s")
# What a kind of text must hold; a kind not named here is held to everything a first statement is.
_EVERYTHING = frozenset({"D20", "D02", "D03", "D04", "D05", "D09", "D21", "D01"})
NEEDS: dict[str, frozenset[str]] = {
    "short": frozenset({"D02", "D09", "D21", "D01"}),
    "update": _EVERYTHING - {"D03", "D04", "D05"},
    "correction": frozenset({"D02", "D09", "D21"}),
    "apology": frozenset({"D20", "D02", "D03", "D09", "D21"}),
    "closing": frozenset({"D20", "D02", "D09", "D21"}),
    "internal": frozenset({"D21"}),
    "frontline": frozenset({"D21"}),
}
# The domain's cadence by level; a quarter of an hour is what rounding to a whole quarter may add.
CADENCE = {Level.RED: timedelta(hours=1), Level.ORANGE: timedelta(hours=2), Level.YELLOW: timedelta(hours=4)}
_ROUNDING = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class DocumentContext:
    """What a text is held against: its incident, the newest facts, verified contacts and the present moment.

    `harm` 0..4 is the worst harm its mentions tell of, `cleared` the amounts of the compensation matrix, `elsewhere`
    the refuted facts of the brand's other open incidents, `twin` the same text in the other language with `draft`,
    `former` the older versions of facts, which a correction quotes, `released` when earlier texts went out, `posters`
    the names and accounts of the people whose posts belong to the incident.
    """

    incident: Incident
    facts: tuple[Fact, ...]
    contacts: tuple[str, ...]
    kind: str
    now: datetime
    zone: ZoneInfo
    harm: int = 0
    cleared: frozenset[str] = frozenset()
    elsewhere: tuple[Fact, ...] = ()
    draft: Draft | None = None
    twin: Draft | None = None
    former: tuple[Fact, ...] = ()
    released: tuple[datetime, ...] = ()
    posters: tuple[str, ...] = ()

    @property
    def needs(self) -> frozenset[str]:
        """The rules about what must stand in this kind of text."""
        return NEEDS.get(self.kind, _EVERYTHING)


def lint_document(body: str, lang: str, context: DocumentContext) -> tuple[Finding, ...]:
    """Findings about the whole text, in the order of the rules; offsets 0..0 where nothing stands that should.

    A Q&A sheet (`kind` qa) is no statement: only what it quotes of unsayable facts counts.
    """
    if context.kind == "qa":
        return tuple(_quoted(body, lang, context))
    found = [*_slots(body, lang, context), *_next_update(body, lang, context), *_quoted(body, lang, context)]
    figures = tuple(figures_in(body))
    found += [*_strange_contacts(body, lang, context, figures), *_unbound(body, lang, context, figures)]
    known = [at for at in (context.incident.detected_at, context.incident.acked_at) if at]
    found += consistency.awareness(body, lang, known, context.zone)
    found += consistency.remedies(body, lang, context.cleared | _paid(context))
    found += consistency.refuted_elsewhere(body, lang, context.elsewhere)
    found += strangers(body, lang, context.posters)
    if context.draft:
        contacts = context.contacts
        found += consistency.twins(context.draft, context.twin, contacts, context.zone)
    return (*found, *lint_style(body, lang, context.now, context.zone))


def stands_in(body: str, lang: str, fact: Fact) -> bool:
    """Do the words of this fact stand in the text, whatever the case and the white space?"""
    words = _said(fact, lang)
    return len(words) >= _SHORTEST_QUOTE[lang] and bool(_places(body, words))


def _slots(body: str, lang: str, context: DocumentContext) -> Iterator[Finding]:
    digits = re.sub(r"\D", "", body)
    category = context.incident.category
    missing = {
        "D20": not DONE[lang].search(body),
        "D02": not any(_contact_stands(one, body, digits) for one in context.contacts),
        "D03": not EMPATHY[lang].search(body),
        "D04": (category in SAFETY or context.harm >= HURT) and not ACTION[lang].search(body),
        "D05": category != "rumour" and not UNKNOWN[lang].search(body),
        "D09": not ZONE[lang].search(body),
        "D21": bool(missing_in(body)),
    }
    level = {"D09": "W", "D04": "X" if context.harm > HURT else "E"}
    for rule, is_missing in missing.items():
        if is_missing and rule in context.needs:
            yield finding(rule, level.get(rule, "E"), lang)


def _contact_stands(contact: str, body: str, digits: str) -> bool:
    if "@" in contact:
        return contact in body
    number = _digits(contact)
    return bool(number) and number in digits


def _digits(contact: str) -> str:
    return re.sub(r"\D", "", re.split(r"[（(]", contact)[0])


def _strange_contacts(body: str, lang: str, context: DocumentContext, figures: Sequence[Figure]) -> Iterator[Finding]:
    """A phone number or mail address nobody verified sends people to a stranger."""
    known = [_digits(one)[-10:] for one in context.contacts if "@" not in one and _digits(one)]
    for figure in figures:
        if figure.kind == "phone" and not any(said.endswith(one) for _, said in figure.keys for one in known):
            yield finding("D02", "E", lang, (figure.start, figure.end), said="D02O")
    for hit in MAIL.finditer(body):
        if hit[0] not in context.contacts:
            yield finding("D02", "E", lang, (hit.start(), hit.end()), said="D02O")


def _next_update(body: str, lang: str, context: DocumentContext) -> Iterator[Finding]:
    if "D01" not in context.needs:
        return
    said = deadlines_in(body, lang, now=context.now, zone=context.zone)
    updates = [(text, due) for text, due in said if UPDATE[lang].search(text)]
    ahead = [due for _, due in updates if due > context.now]
    longest = CADENCE.get(context.incident.level, LONGEST_PROMISE) + _ROUNDING
    if not updates:
        yield finding("D01", "E", lang)
    elif not ahead:
        start = max(0, body.find(updates[-1][0]))
        yield finding("D01", "E", lang, (start, start + len(updates[-1][0])), said="D01P")
    elif min(ahead) - context.now > longest:
        # After the first word people may wait for the morning, and say so.
        later_word = context.released and min(ahead) - context.now <= LONGEST_PROMISE
        yield finding("D01", "W" if later_word else "E", lang, said="D01L")


def _quoted(body: str, lang: str, context: DocumentContext) -> Iterator[Finding]:
    """Words of a fact that may not be said stand in the text: what is internal or refuted has no override."""
    allowed = [_said(fact, lang) for fact in context.facts if sayable(fact)]
    for fact in context.facts:
        words = _said(fact, lang)
        if sayable(fact) or len(words) < _SHORTEST_QUOTE[lang] or any(words in one for one in allowed):
            continue
        public = fact.scope is FactScope.PUBLIC
        if context.kind == "correction" and public and fact.status is FactStatus.REFUTED:
            # What was wrong is what a correction is about.
            continue
        grave = not public or fact.status in (FactStatus.REFUTED, FactStatus.WITHDRAWN)
        for start, end in _places(body, words):
            yield finding("D07", "X" if grave else "E", lang, (start, end))


def _said(fact: Fact, lang: str) -> str:
    return (fact.zh if lang == "zh" else fact.en).strip("。．.；;，,、 \n")


def _places(body: str, words: str) -> list[tuple[int, int]]:
    """Where words stand, whatever the case and the white space."""
    pieces = [re.escape(piece) for piece in words.split()]
    return [hit.span() for hit in re.finditer(r"\s+".join(pieces), body, re.IGNORECASE)] if pieces else []


def _unbound(body: str, lang: str, context: DocumentContext, figures: Sequence[Figure]) -> Iterator[Finding]:
    said = deadlines_in(body, lang, now=context.now, zone=context.zone)
    updates = [(text, due) for text, due in said if due > context.now]
    bound = _bound(context, [due for _, due in updates])
    free = _free(body, lang, context, [text for text, _ in updates])
    sign_off = body.rstrip().rfind("\n") + 1 or len(body)
    for figure in figures:
        signed = figure.start >= sign_off and figure.kind in ("time", "date")
        if signed or figure.kind == "phone" or figure.keys <= bound or _inside(figure, free):
            continue
        yield finding("D06", "E" if figure.kind in GRAVE else "W", lang, (figure.start, figure.end))


def _bound(context: DocumentContext, updates: Sequence[datetime]) -> frozenset[tuple[str, str]]:
    """What may be told: figures of confirmed public facts, contacts, the incident's times and our own deadlines."""
    zone = context.zone.key
    told = [fact for fact in context.facts if sayable(fact) and fact.status is FactStatus.CONFIRMED]
    if context.kind == "correction":
        told += [fact for fact in context.former if fact.scope is FactScope.PUBLIC]
    texts = [words for fact in told for words in (fact.zh, fact.en)]
    times = [context.incident.t0, context.incident.detected_at, context.now, *context.released, *updates]
    texts += [*context.contacts, *(moments.full(at, zone, "zh") for at in times)]
    return frozenset(key for text in texts for figure in figures_in(text) for key in figure.keys)


def _free(body: str, lang: str, context: DocumentContext, updates: Sequence[str]) -> list[tuple[int, int]]:
    """Stretches whose figures need no fact: list marks, the statement's number, quoted unknowns, spans of deadlines."""
    headline = len(body.partition("\n")[0])
    free = [hit.span() for hit in _LIST_MARK.finditer(body)]
    free += [hit.span() for hit in _NUMBER_OF_STATEMENT.finditer(body, 0, headline)]
    for fact in context.facts:
        if sayable(fact):
            free += _places(body, _said(fact, lang))
    for text in updates:
        for start, _ in _places(body, text):
            spans = (one for one in figures_in(text) if one.kind == "span")
            free += [(start + one.start, start + one.end) for one in spans]
    return free


def _inside(figure: Figure, free: Sequence[tuple[int, int]]) -> bool:
    return any(start <= figure.start and figure.end <= end for start, end in free)


def _paid(context: DocumentContext) -> frozenset[str]:
    """Amounts a confirmed public fact carries: what was paid is no promise."""
    told = [fact for fact in context.facts if sayable(fact) and fact.status is FactStatus.CONFIRMED]
    return consistency.amounts([words for fact in told for words in (fact.zh, fact.en)])
