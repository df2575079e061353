"""What reviewers and writers do to a text besides writing it: each address is one verb of Release."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial

from starlette.responses import JSONResponse, Response

from config.errors import InputError
from desk.screens.door import Ask, Handler, go
from desk.screens.editor_place import home, own_draft, place, whole
from desk.screens.editor_view import fits
from desk.screens.fields import moment_of
from desk.screens.frame import show
from desk.screens.review_view import seconds
from desk.screens.trouble import missing
from statements.approving.approval import sha256_of
from statements.approving.comparing_texts import compare
from statements.approving.objecting import Against
from statements.approving.objections import sentence_at
from statements.approving.release import LONGEST_TEXT, Edit
from store import texts
from store.database import Tx
from store.nouns import Draft, DraftState

CONFIRMED = 8


def approve(ask: Ask) -> Response:
    """A yes to exactly the text that was on the screen; the last one is confirmed by the digits that name the text."""
    with ask.room.store.transaction() as tx:
        incident, kind, lang = place(ask, tx)
        draft = own_draft(tx, incident, kind, lang, ask.field("draft"))
        speaks = ask.who in ask.room.release.speakers(tx, incident.id, ask.now)
        last = draft.state in (DraftState.SPOKESPERSON_REVIEW, DraftState.EXPIRED)
        confirmed = ask.field("confirm") == draft.sha256[:CONFIRMED]
        if not (speaks and last and not confirmed and ask.field("sha256") == draft.sha256):
            ask.room.release.approve(tx, draft.id, ask.field("sha256"), ask.who, ask.now)
            return go(f"{home(ask)}?saved=approved")
    return show(ask, "confirm.html", incident=incident, draft=draft, here=home(ask), digits=draft.sha256[:CONFIRMED])


def _act(ask: Ask, what: str) -> Response:
    with ask.room.store.transaction() as tx:
        incident, kind, lang = place(ask, tx)
        draft = own_draft(tx, incident, kind, lang, ask.field("draft"))
        VERBS[what](ask, tx, draft)
    return go(f"{home(ask)}?saved={what}")


def _object(ask: Ask, tx: Tx, draft: Draft) -> None:
    against = Against(ask.field("sentence")[:LONGEST_TEXT], ask.field("note"), ask.field("strong") == "yes")
    ask.room.release.object(tx, draft.id, against, ask.who, ask.now)


def _override(ask: Ask, tx: Tx, draft: Draft) -> None:
    words = ask.form.get("words", "").replace("\r\n", "\n")
    ask.room.release.ask_override(tx, draft.id, (ask.field("rule"), words), ask.field("why"), ask.who, ask.now)


Verb = Callable[[Ask, Tx, Draft], object]
# Last part of the address -> what is done.
VERBS: dict[str, Verb] = {
    "hand-in": lambda ask, tx, one: ask.room.release.hand_in(tx, one.id, ask.field("sha256"), ask.who, ask.now),
    "check": lambda ask, tx, one: ask.room.release.check_facts(tx, one.id, ask.field("sha256"), ask.who, ask.now),
    "changes": lambda ask, tx, one: ask.room.release.ask_changes(
        tx, one.id, ask.field("sha256"), ask.field("why"), ask.who, ask.now
    ),
    "reject": lambda ask, tx, one: ask.room.release.reject(
        tx, one.id, ask.field("sha256"), ask.field("why"), ask.who, ask.now
    ),
    "object": _object,
    "withdraw": lambda ask, tx, one: ask.room.release.withdraw(tx, ask.field("objection"), ask.who, ask.now),
    "override": _override,
    "grant": lambda ask, tx, one: ask.room.release.grant_override(tx, ask.field("override"), ask.who, ask.now),
    "eta": lambda ask, tx, one: ask.room.release.give_eta(
        tx, one.id, moment_of(ask, ask.field("eta")), ask.who, ask.now
    ),
}


def lint(ask: Ask) -> Response:
    """Findings about a text that is being typed, as JSON; nothing is kept."""
    body = ask.form.get("body", "").replace("\r\n", "\n")
    if len(body) > LONGEST_TEXT:
        raise InputError(f"The text has {len(body)} characters; {LONGEST_TEXT} are allowed.")
    with ask.room.store.reading() as tx:
        incident, kind, lang = place(ask, tx)
        found = ask.room.release.findings(tx, incident, _typed(ask, tx, (incident.id, kind, lang), body), ask.now)
    shown = [
        asdict(one) | {"sentence": list(sentence_at(body, one.start, one.end)), "adopt": fits(one)} for one in found
    ]
    return JSONResponse({"findings": shown if kind != "qa" else []})


def adopt(ask: Ask) -> Response:
    """The suggested sentence takes the place of the one a finding is about: a new version of what was typed."""
    body = ask.form.get("body", "").replace("\r\n", "\n")
    rule, _, start = ask.field("adopt").rpartition(":")
    with ask.room.store.transaction() as tx:
        incident, kind, lang = place(ask, tx)
        typed = _typed(ask, tx, (incident.id, kind, lang), body)
        found = ask.room.release.findings(tx, incident, typed, ask.now)
        hit = next((one for one in found if one.rule == rule and one.start == whole(start) and fits(one)), None)
        if hit is None:
            raise InputError("This finding is not in the text any more; nothing was changed.")
        first, last = sentence_at(body, hit.start, hit.end)
        edit = Edit(incident.id, kind, lang, body[:first] + hit.suggestion + body[last:], whole(ask.field("based_on")))
        ask.room.release.save(tx, edit, ask.who, ask.now)
    return go(f"{home(ask)}?saved=saved")


def short_form(ask: Ask) -> Response:
    """The short text for when legal has not answered."""
    with ask.room.store.transaction() as tx:
        incident, _, lang = place(ask, tx)
        made = ask.room.release.short_form(tx, incident.id, lang, ask.who, ask.now)
    return go(f"/incidents/{incident.number}/texts/{made.kind}/{lang}")


def show_diff(ask: Ask) -> Response:
    """Any two versions, word by word."""
    with ask.room.store.reading() as tx:
        incident, kind, lang = place(ask, tx)
        found = texts.versions(tx, incident.id, kind, lang)
    by_number = {one.version: one for one in found}
    newest = max(by_number, default=0)
    older = by_number.get(whole(ask.query("a")) or newest - 1)
    newer = by_number.get(whole(ask.query("b")) or newest)
    if newer is None or (older is None and ask.query("a")):
        raise missing()
    older = older or newer
    pieces = compare(older.body, newer.body)
    return show(
        ask, "compare.html", incident=incident, older=older, newer=newer, pieces=pieces, found=found, here=home(ask)
    )


def show_aloud(ask: Ask) -> Response:
    """The newest version in large type, with the time it takes to say."""
    with ask.room.store.reading() as tx:
        incident, kind, lang = place(ask, tx)
        draft = texts.latest(tx, incident.id, kind, lang)
    if draft is None:
        raise missing()
    return show(ask, "aloud.html", incident=incident, draft=draft, here=home(ask), seconds=seconds(draft.body, lang))


def _typed(ask: Ask, tx: Tx, named: tuple[str, str, str], body: str) -> Draft:
    """What is in the form, as a version nobody keeps."""
    incident, kind, lang = named
    before = texts.latest(tx, incident, kind, lang)
    facts = before.fact_ids if before else ()
    made = sha256_of(body)
    return Draft("", incident, kind, lang, 0, body, made, facts, (), DraftState.DRAFT, ask.who, ask.now)


_TEXT = "/incidents/{number:int}/texts/{kind}/{lang}"
ROUTES: tuple[tuple[str, str, Handler], ...] = (
    *((f"{_TEXT}/{what}", "POST", partial(_act, what=what)) for what in VERBS),
    (f"{_TEXT}/approve", "POST", approve),
    (f"{_TEXT}/lint", "POST", lint),
    (f"{_TEXT}/adopt", "POST", adopt),
    (f"{_TEXT}/short", "POST", short_form),
    (f"{_TEXT}/diff", "GET", show_diff),
    (f"{_TEXT}/aloud", "GET", show_aloud),
)
