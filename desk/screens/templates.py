"""The templates: edited with a preview, saved as versions, cleared by legal, gone back to."""

from typing import Final

from starlette.responses import Response

from config.errors import InputError, MoveError, TemplateError
from desk import access
from desk.screens import saved
from desk.screens.door import Ask, Handler, go
from desk.screens.template_view import Sheet, draw, draw_list, place_of
from statements.writing.in_force import in_force
from statements.writing.template_rules import cleared_body, saved_body, source_in, subject_of
from statements.writing.template_samples import sample_context
from statements.writing.vocabulary import check_template
from store import journal, versions
from store.nouns import Version, VersionKind

KIND: Final = VersionKind.TEMPLATE
# Who writes for the public edits what it is written from.
WRITERS: Final = ("drafter", "lead", "spokesperson", "legal", "admin")
DONE: Final = ("saved", "back", "cleared")


def show_list(ask: Ask) -> Response:
    """Every kind and category in both languages: shipped, saved or cleared."""
    return draw_list(ask)


def show_template(ask: Ask) -> Response:
    """What counts now, with its preview."""
    place = place_of(ask)
    with ask.room.store.reading() as tx:
        found = in_force(tx, *place)
        version = versions.current(tx, KIND, subject_of(*place))
    sheet = Sheet(place, found.source, versions.number_of(version), faults=(found.fault,) if found.fault else ())
    return draw(ask, sheet, ask.query("done") if ask.query("done") in DONE else "")


def edit(ask: Ask) -> Response:
    """Preview or save what was typed; a word that is not allowed is named with its line."""
    access.require(ask.person, *WRITERS)
    sheet = Sheet(place_of(ask), ask.form.get("source", ""), saved.number_of(ask, "base"), reason=ask.field("reason"))
    try:
        body = saved_body(sheet.source)
        check_template(body["source"])
    except (InputError, TemplateError) as error:
        return draw(ask, sheet.refused(error))
    if ask.field("do") != "save":
        return draw(ask, sheet)
    return _save(ask, sheet, body)


def go_back(ask: Ask) -> Response:
    """An older version counts again, without legal's yes: that was given to a version, not to words."""
    access.require(ask.person, *WRITERS)
    place = place_of(ask)
    base, to, reason = saved.number_of(ask, "base"), saved.number_of(ask, "to"), saved.reason_of(ask)
    if not reason:
        raise InputError("Going back needs a reason.")
    with ask.room.store.reading() as tx:
        older = versions.get(tx, KIND, subject_of(*place), to) if to else None
    if to and older is None:
        raise MoveError("There is no such version.")
    source = source_in(older)
    body = saved_body(source) if source else {}
    if not saved.keep(ask, saved.draft_of(ask, KIND, subject_of(*place), base, body, reason), "template_back"):
        raise MoveError("Somebody has saved another version meanwhile; look at it first.")
    return go(f"{_home(place)}?done=back")


def clear(ask: Ask) -> Response:
    """Legal's yes to exactly this template: a new version that carries its fingerprint and the slots facts fill."""
    access.require(ask.person, "legal")
    place, base = place_of(ask), saved.number_of(ask, "base")
    subject = subject_of(*place)
    with ask.room.store.transaction() as tx:
        found, version = in_force(tx, *place), versions.current(tx, KIND, subject)
        if versions.number_of(version) != base or (version and version.body and found.version != version):
            raise MoveError("Somebody has saved another version meanwhile; look at it first.")
        if version and version.author == ask.who:
            raise MoveError("A version is signed once, by somebody else than its author.")
        body = cleared_body(found.source, sample_context(*place, ask.room.taxonomy.name(place[1], place[2])))
        # The words are still their author's: whoever clears them is the second person.
        author = version.author if version else "system"
        made = versions.save(tx, Version(KIND, subject, base + 1, ask.now, author, "legal", body, {}, ""))
        if made is None or not versions.sign(tx, made, ask.who, ask.now):
            raise MoveError("Somebody has saved another version meanwhile; look at it first.")
        detail = {"version": made.number, "sha256": made.sha256, "slots": body["cleared"]["slots"]}
        journal.write(tx, ask.now, ask.who, "template_cleared", saved.about(KIND, subject), "", detail)
    return go(f"{_home(place)}?done=cleared")


def _save(ask: Ask, sheet: Sheet, body: dict[str, object]) -> Response:
    subject = subject_of(*sheet.place)
    reason = saved.reason_of(ask)
    if not reason:
        return draw(ask, sheet.refused(InputError("Saving a template needs a reason of 4 to 500 characters.")))
    if saved.keep(ask, saved.draft_of(ask, KIND, subject, sheet.base, body, reason), "template_saved"):
        return go(f"{_home(sheet.place)}?done=saved")
    with ask.room.store.reading() as tx:
        theirs = versions.current(tx, KIND, subject)
    return draw(ask, sheet.stale_against(theirs))


def _home(place: tuple[str, str, str]) -> str:
    return "/templates/" + "/".join(place)


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("/templates", "GET", show_list),
    ("/templates/{kind}/{category}/{lang}", "GET", show_template),
    ("/templates/{kind}/{category}/{lang}", "POST", edit),
    ("/templates/{kind}/{category}/{lang}/back", "POST", go_back),
    ("/templates/{kind}/{category}/{lang}/clear", "POST", clear),
)
