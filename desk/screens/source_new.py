"""Add a source: choose its kind, fill a few fields, read it once to see what comes, save it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from starlette.responses import Response

from config.errors import MoveError
from config.watch import Source
from desk import access
from desk.coverage import PLATFORMS
from desk.screens.door import Ask, go
from desk.screens.frame import show
from desk.screens.quoting import safe_url
from desk.screens.source_list import KEEPERS
from desk.screens.source_notes import tell_note
from desk.screens.source_reasons import Reason, failure
from desk.screens.source_view import secret_word
from desk.source_fields import Field, askable, fields_of
from desk.source_form import OTHER, Made, made_of, suggested
from desk.source_toml import toml_of
from desk.source_trial import MOST_REQUESTS, Trial, try_once
from desk.words import WORDS
from monitor import sourcebook
from monitor.limiter import Unlimited
from monitor.sources.readers import READERS
from monitor.sources.tools import Tools
from store import agenda, journal, source_story, sources
from store.agenda import Job

KINDS = ("feed", "weibo", "mastodon", "bluesky", "x", "inbound", "import")
_COSTS = ("x",)


@dataclass(frozen=True, slots=True)
class Form:
    """The form as it stands: what is typed, what is wrong with it, what a trial came to."""

    kind: str
    preset: str
    fields: tuple[Field, ...]
    values: Mapping[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)
    source: Source | None = None
    trial: Trial | None = None


def show_new(ask: Ask) -> Response:
    """The kinds there are; with ?kind= the form of one."""
    access.require(ask.person, *KEEPERS)
    kind, preset = ask.query("kind"), ask.query("preset")
    fields = fields_of(kind, preset)
    if not fields:
        return show(ask, "source_new.html", form=None, kinds=KINDS, presets=list(askable()), name=_preset_name(ask))
    # No brand is chosen beforehand: with one, every item counts as its, whatever the words say.
    values = {one.name: one.default for one in fields}
    platform = ask.query("platform")
    if platform in PLATFORMS and any(one.form == "platform" for one in fields):
        values["platform"] = platform
    return _show(ask, Form(kind, preset, fields, values))


def read_once(ask: Ask) -> Response:
    """Read it now, keep nothing, and show what came beside the form."""
    access.require(ask.person, *KEEPERS)
    form, made = _typed(ask)
    if made.source is None:
        return _show(ask, form, 400)
    if ask.room.fetch is None or made.source.kind not in READERS:
        raise MoveError("This kind of source cannot be read by hand here.")
    with ask.room.store.reading() as tx:
        brands = tuple(ask.room.in_force(tx).brands.values())
    watch = ask.room.settings.watch.model_copy(update={"brand": brands})
    words, most = sourcebook.words(watch, made.source), ask.room.settings.service.reading.max_entries
    tools = Tools(ask.room.fetch, Unlimited(), ask.room.secret, ask.now, words, max_entries=most)
    trial = try_once(made.source, tools)
    with ask.room.store.transaction() as tx:
        about = source_story.subject(made.source.id)
        detail = {"outcome": trial.outcome, "account": made.source.account}
        journal.write(tx, ask.now, ask.who, "source_tried", about, "", detail)
    source, values = made.source, dict(form.values) | {"id": made.source.id}
    if trial.bridge and source.via == "live":
        # What comes through a bridge is not called live; whoever knows better may change it back.
        source, values["via"] = source.model_copy(update={"via": "bridge"}), "bridge"
    return _show(ask, Form(form.kind, form.preset, form.fields, values, {}, source, trial))


def save(ask: Ask) -> Response:
    """Keep the source, promise its first read, and say so in the journal."""
    access.require(ask.person, *KEEPERS)
    form, made = _typed(ask)
    source = made.source
    if source is None:
        return _show(ask, form, 400)
    with ask.room.store.transaction() as tx:
        if sourcebook.find(tx, ask.room.settings.watch, source.id):
            raise MoveError("Somebody has just added a source of this name; choose another.")
        sources.save(tx, sourcebook.write(source, author=ask.who, at=ask.now))
        if source.polled:
            agenda.promise(tx, Job.POLL, source.id, ask.now)
        detail = {"kind": source.kind, "platform": source.platform, "brand": source.brand, "via": source.via}
        journal.write(tx, ask.now, ask.who, "source_added", source_story.subject(source.id), "", detail)
    return go(f"/sources/{source.id}?done=added")


def _typed(ask: Ask) -> tuple[Form, Made]:
    """What was typed, whole or not; nothing is lost but what looks like a key in a field for its name."""
    kind, preset = ask.field("kind"), ask.field("preset")
    with ask.room.store.reading() as tx:
        taken = [one.id for one in sourcebook.listed(tx, ask.room.settings.watch)]
    made = made_of(ask.form, taken, ask.room.settings)
    fields = fields_of(kind, preset)
    values = {one.name: ask.form.get(one.name, "") for one in fields}
    values["platform_other"] = ask.form.get("platform_other", "")
    if made.faults.get("secret_env") == "form":
        values["secret_env"] = ""
    return Form(kind, preset, fields, values, made.faults, made.source), made


def _show(ask: Ask, form: Form, status: int = 200) -> Response:
    if not form.fields:
        return go("/sources/new")
    trial = form.trial
    wrong: Reason | None = None
    if trial and not trial.heard:
        wrong = failure(trial.outcome, trial.note, ask.word, ask.lang, secret=form.values.get("secret_env", ""))
    secret = form.values.get("secret_env", "")
    return show(
        ask,
        "source_new.html",
        status,
        form=form,
        trial=trial,
        wrong=wrong,
        note=tell_note(trial.note, ask.lang) if trial and trial.heard else "",
        most=MOST_REQUESTS,
        toml=toml_of(form.source, veil=False) if form.source else "",
        secret=secret_word(ask, secret) if secret and form.source else "",
        platforms=[*PLATFORMS, OTHER],
        costs=form.kind in _COSTS,
        tries=form.kind in READERS and ask.room.fetch is not None,
        hint=suggested({"kind": form.kind} | dict(form.values), ()),
        name=_preset_name(ask),
        label=partial(_label, ask),
        help=partial(_help, ask),
        fault=partial(_fault, ask, form),
        link=safe_url,
    )


def _preset_name(ask: Ask) -> partial[str]:
    return partial(_named, ask)


def _named(ask: Ask, preset: str) -> str:
    return ask.word(f"new_preset_{preset}") if f"new_preset_{preset}" in WORDS else preset


def _label(ask: Ask, one: Field) -> str:
    name = one.label if one.name.startswith("value_") else one.name
    return ask.word(f"new_f_{name}") if f"new_f_{name}" in WORDS else name


def _help(ask: Ask, one: Field) -> str:
    name = one.label if one.name.startswith("value_") else one.name
    return ask.word(f"new_h_{name}") if f"new_h_{name}" in WORDS else ""


def _fault(ask: Ask, form: Form, one: Field) -> str:
    why = form.faults.get(one.name, "")
    if why == "form":
        return ask.word(f"new_form_{one.name}" if f"new_form_{one.name}" in WORDS else "new_form_other")
    return ask.word(f"new_bad_{why}") if why else ""
