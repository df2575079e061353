"""One brand's words: the simple form or the expert query, tried on stored mentions before they are saved."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from starlette.responses import Response

from config.watch import Brand
from desk import access
from desk.screens import saved
from desk.screens.brand_form import FIELDS, Read, Wrong, read, typed_of
from desk.screens.door import Ask, go
from desk.screens.frame import show
from desk.screens.quoting import safe_url
from desk.screens.saved import EDITORS
from desk.screens.trouble import missing
from monitor.editing.looking import Look, look
from monitor.editing.merging import merged_words
from monitor.in_force.brand_words import body_of, with_words
from monitor.matching import query_of
from monitor.query.estimate import Estimate, estimate
from store import versions
from store.nouns import Version, VersionKind

KIND: Final = VersionKind.BRAND
DONE: Final = ("saved", "back", "signed")
LASTS: Final = (500, 2000, 10_000)
DAYS: Final = 14
# Of the stored mentions so many are counted for each estimate: half a second.
MOST_COUNTED: Final = 20_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the form holds; `base` is the version its author saw, `stale` what somebody saved meanwhile."""

    brand: Brand
    base: int
    form: Read
    reason: str = ""
    last: int = LASTS[0]
    look: Look | None = None
    now: Estimate | None = None
    then: Estimate | None = None
    stale: Version | None = None
    status: int = 200

    @property
    def whole_days(self) -> bool:
        """Whether a day before today brought anything with either words: else nothing is usual yet."""
        return any(count for one in (self.now, self.then) if one for _, count in one.days[:-1])


def show_brand(ask: Ask) -> Response:
    """The words that count now."""
    file = _file(ask)
    with ask.room.store.reading() as tx:
        version, rules = versions.current(tx, KIND, file.id), ask.room.in_force(tx)
    typed = typed_of(rules.brands[file.id], ask.room.taxonomy, ask.lang)
    sheet = Sheet(file, versions.number_of(version), Read(typed))
    return _draw(ask, sheet, ask.query("done") if ask.query("done") in DONE else "")


def edit(ask: Ask) -> Response:
    """Try what was typed on stored mentions, or save it."""
    access.require(ask.person, *EDITORS)
    file = _file(ask)
    typed = {key: ask.form.get(key, "") for key in FIELDS}
    last = ask.field("last")
    sheet = Sheet(
        file,
        saved.number_of(ask, "base"),
        read(typed, file, ask.room.taxonomy, ask.lang),
        ask.field("reason"),
        int(last) if last in map(str, LASTS) else LASTS[0],
    )
    made = sheet.form.brand
    if made is None:
        return _draw(ask, replace(sheet, status=400))
    return _save(ask, sheet, made) if ask.field("do") == "save" else _draw(ask, _tried(ask, sheet, made))


def go_back(ask: Ask) -> Response:
    """The words of an older version, or of the file, count again."""
    brand = _file(ask)
    saved.go_back(ask, KIND, brand.id)
    return go(f"/brands/{brand.id}?done=back")


def sign(ask: Ask) -> Response:
    """A second person says yes."""
    brand = _file(ask)
    saved.sign(ask, KIND, brand.id)
    return go(f"/brands/{brand.id}?done=signed")


def _file(ask: Ask) -> Brand:
    """The brand of the address as the file has it, or a 404 screen."""
    wanted = ask.request.path_params["brand"]
    found = next((one for one in ask.room.settings.watch.brand if one.id == wanted), None)
    if found is None:
        raise missing()
    return found


def _tried(ask: Ask, sheet: Sheet, made: Brand) -> Sheet:
    """What the stored mentions come to with the words that count now and with those of the form."""
    with ask.room.store.reading() as tx:
        before, after = query_of(ask.room.in_force(tx).brands[made.id]), query_of(made)
        counted = partial(estimate, tx, days=DAYS, now=ask.now, zone=ask.room.zone, most=MOST_COUNTED)
        found = look(tx, before, after, sheet.last)
        return replace(sheet, look=found, now=counted(before), then=counted(after))


def _save(ask: Ask, sheet: Sheet, made: Brand) -> Response:
    body = body_of(made)
    with ask.room.store.reading() as tx:
        counting = body_of(ask.room.in_force(tx).brands[made.id])
        version = versions.current(tx, KIND, made.id)
        before = versions.get(tx, KIND, made.id, sheet.base)
    if body == counting and sheet.base == versions.number_of(version):
        return _draw(ask, _faulty(sheet, "same"))
    reason = saved.reason_of(ask)
    if not reason:
        return _draw(ask, _faulty(sheet, "no_reason"))
    if saved.keep(ask, saved.draft_of(ask, KIND, made.id, sheet.base, body, reason)):
        return go(f"/brands/{made.id}?done=saved")
    return _draw(ask, _joined(ask, sheet, body, before))


def _joined(ask: Ask, sheet: Sheet, mine: Mapping[str, Any], before: Version | None) -> Sheet:
    """Somebody was first: the words of both, to be looked at and saved again."""
    file = sheet.brand
    with ask.room.store.reading() as tx:
        theirs, rules = versions.current(tx, KIND, file.id), ask.room.in_force(tx)
    base = before.body if before and before.body else body_of(file)
    both = merged_words(base, mine, body_of(rules.brands[file.id]))
    form = read(typed_of(_lenient(file, both), ask.room.taxonomy, ask.lang), file, ask.room.taxonomy, ask.lang)
    return replace(sheet, form=form, base=versions.number_of(theirs), stale=theirs, status=409)


def _lenient(file: Brand, body: Mapping[str, Any]) -> Brand:
    """A brand only to be shown: two editors may together have filled both forms."""
    if body.get("query") and any(body.get(key) for key in ("any", "all", "aliases", "ambiguous", "context")):
        simple = with_words(file, {key: value for key, value in body.items() if key != "query"})
        return simple.model_copy(update={"query": body["query"]})
    return with_words(file, body)


def _faulty(sheet: Sheet, code: str) -> Sheet:
    return replace(sheet, form=replace(sheet.form, wrong=(Wrong("reason", code),)), status=400)


def _draw(ask: Ask, sheet: Sheet, done: str = "") -> Response:
    with ask.room.store.reading() as tx:
        rules = ask.room.in_force(tx)
        past = saved.history(ask, tx, KIND, sheet.brand.id, body_of(sheet.brand))
    most = max((count for one in (sheet.now, sheet.then) if one for _, count in one.days), default=0) or 1
    return show(
        ask,
        "brand.html",
        sheet.status,
        sheet=sheet,
        typed=sheet.form.typed,
        wrong={one.field: one for one in sheet.form.wrong},
        past=past,
        current=past[0].version if past else None,
        faults=[str(one) for one in rules.faults if (one.kind, one.subject) == (KIND, sheet.brand.id)],
        kinds=ask.room.taxonomy.categories,
        may=access.may(ask.person, *EDITORS),
        lasts=LASTS,
        days=list(zip(sheet.now.days, sheet.then.days, strict=True)) if sheet.now and sheet.then else [],
        most=most,
        label=partial(_label, ask),
        link=safe_url,
        done=done,
    )


def _label(ask: Ask, path: str) -> str:
    """A list of a saved body: any, or risk.food_safety."""
    key, _, kind = path.partition(".")
    name = ask.word(f"brd_{key}") if key in FIELDS else key
    return f"{name} · {ask.room.taxonomy.name(kind, ask.lang)}" if kind else name
