"""Draws the list of templates and one template: its text, what it makes of a sample incident, its versions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final
from zoneinfo import ZoneInfo

from starlette.responses import Response

from config.errors import GoldenHourError, TemplateError
from desk import access
from desk.screens import saved
from desk.screens.door import Ask
from desk.screens.frame import show
from desk.screens.origin import Excerpt, Tint, excerpt, tinted
from desk.screens.trouble import explain, missing
from statements.approving.approval import sayable
from statements.approving.lane import cleared
from statements.rules.documents import DocumentContext, lint_document
from statements.rules.wording import Finding
from statements.writing.render import KINDS, LANGS, Rendered, load_template, render, shipped_own
from statements.writing.template_rules import GENERAL, known_place
from statements.writing.template_samples import CATEGORIES, EMAIL, NOW, PHONE, ZONE, sample_context, sample_incident
from statements.writing.vocabulary import VOCABULARY
from store import versions
from store.nouns import Version, VersionKind

Place = tuple[str, str, str]
# A Q&A sheet is filled with questions; its preview is the sheet of an incident.
NO_PREVIEW: Final = ("qa",)
_GRAVE: Final = ("X", "E", "L", "W", "I")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the form holds; nothing of it is lost by an error. `base` is the version its author saw."""

    place: Place
    source: str
    base: int
    reason: str = ""
    faults: tuple[str, ...] = ()
    error: GoldenHourError | None = None
    stale: Version | None = None
    status: int = 200

    def refused(self, error: GoldenHourError) -> "Sheet":
        return replace(self, error=error, status=400)

    def stale_against(self, theirs: Version | None) -> "Sheet":
        return replace(self, stale=theirs, base=versions.number_of(theirs), status=409)


@dataclass(frozen=True, slots=True)
class Preview:
    """What the template makes of the sample incident of its category, and what the rules say of that."""

    category: str
    made: Rendered | None
    tints: tuple[Tint, ...] = ()
    findings: tuple[Excerpt, ...] = ()
    fault: str = ""


def place_of(ask: Ask) -> Place:
    """The template of the address, or a 404 screen."""
    given = ask.request.path_params
    place = (given["kind"], given["category"], given["lang"])
    if not known_place(*place, tuple(one.id for one in ask.room.taxonomy.categories)):
        raise missing()
    return place


def draw_list(ask: Ask) -> Response:
    """One table per kind."""
    with ask.room.store.reading() as tx:
        kept = versions.all_current(tx, VersionKind.TEMPLATE)
    team = ask.room.settings.team
    names = [GENERAL, *(one.id for one in ask.room.taxonomy.categories)]

    def state(kind: str, category: str, lang: str) -> str:
        version = kept.get(f"{kind}/{category}/{lang}")
        if version and version.body:
            return "cleared" if cleared(version, team) else "saved"
        return "own" if category == GENERAL or shipped_own(kind, category, lang) else "general"

    rows = {kind: [(one, [(lang, state(kind, one, lang)) for lang in LANGS]) for one in names] for kind in KINDS}
    chosen = ask.query("kind") if ask.query("kind") in KINDS else "holding"
    return show(ask, "template_list.html", kinds=KINDS, chosen=chosen, rows=rows[chosen], name=_namer(ask))


def draw(ask: Ask, sheet: Sheet, done: str = "") -> Response:
    """The whole screen around what the form holds."""
    kind, category, lang = sheet.place
    subject = "/".join(sheet.place)
    with ask.room.store.reading() as tx:
        found = versions.history(tx, VersionKind.TEMPLATE, subject, saved.SHOWN_VERSIONS)
    current = found[0] if found and found[0].body else None
    sample = ask.field("sample") or ask.query("sample") or category
    line = sheet.error.line if isinstance(sheet.error, TemplateError) else 0
    return show(
        ask,
        "template.html",
        sheet.status,
        sheet=sheet,
        kind=kind,
        category=category,
        text_lang=lang,
        current=current,
        cleared=cleared(current, ask.room.settings.team),
        shipped=load_template(kind, category, lang),
        versions=found,
        preview=_preview(ask, sheet, sample if sample in CATEGORIES else CATEGORIES[0]),
        samples=CATEGORIES,
        fault=explain(sheet.error, ask.lang) if sheet.error else "",
        bad_line=sheet.source.splitlines()[line - 1] if 0 < line <= len(sheet.source.splitlines()) else "",
        line=line,
        vocabulary=VOCABULARY,
        may=access.may(ask.person, "drafter", "lead", "spokesperson", "legal", "admin"),
        may_clear=access.may(ask.person, "legal") and not (current and current.author == ask.who),
        name=_namer(ask),
        done=done,
    )


def _namer(ask: Ask) -> Callable[[str], str]:
    return lambda id: ask.word("tpl_general") if id == GENERAL else ask.room.taxonomy.name(id, ask.lang)


def _preview(ask: Ask, sheet: Sheet, category: str) -> Preview | None:
    kind, _, lang = sheet.place
    if kind in NO_PREVIEW:
        return None
    context = sample_context(kind, category, lang, ask.room.taxonomy.name(category, lang))
    try:
        made = render(sheet.source, context)
    except TemplateError as error:
        return Preview(category, None, fault=explain(error, ask.lang))
    zone = ZoneInfo(ZONE)
    document = DocumentContext(sample_incident(category), context.facts, (PHONE, EMAIL), kind, NOW, zone)
    found: Sequence[Finding] = (
        *ask.room.release.wording.lint(made.body, lang),
        *lint_document(made.body, lang, document),
    )
    found = sorted(found, key=lambda one: (_GRAVE.index(one.level), one.start))
    facts = [one for one in context.facts if sayable(one)]
    tints = tinted(made.body, lang, facts, found, NOW, zone)
    return Preview(category, made, tints, tuple(excerpt(made.body, one) for one in found))
