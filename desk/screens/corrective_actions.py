"""What have we said we will change, who does it, and who looks? The register of corrective actions of all incidents."""

from dataclasses import dataclass

from starlette.responses import Response

from config.errors import GoldenHourError, InputError, MoveError, StaleError
from desk import access
from desk.screens.door import Ask, go, local_path
from desk.screens.frame import show
from desk.screens.trouble import explain
from statements.known.fact_log import WRITERS
from statements.looking_back import closing
from statements.looking_back.reviewing import Reviewing
from store import actions
from store.nouns import CorrectiveAction, Incident


@dataclass(frozen=True, slots=True)
class Row:
    """One action with its incident; `again`: incidents of the last 90 days with the same brand, category and cause."""

    action: CorrectiveAction
    incident: Incident
    again: tuple[Incident, ...]
    overdue: bool


def show_actions(ask: Ask) -> Response:
    """Open ones first, the most overdue on top."""
    return _draw(ask)


def move(ask: Ask) -> Response:
    """Done, verified, sent back or dropped, with what shows it."""
    reviewing = Reviewing(ask.room.ids, ask.room.release.speaking)
    try:
        with ask.room.store.transaction() as tx:
            key = ask.request.path_params["action"][:32]
            reviewing.move_action(tx, key, ask.field("to"), ask.field("evidence"), ask.who, ask.now)
    except (InputError, MoveError, StaleError) as error:
        return _draw(ask, error)
    return go(local_path(ask.field("back") or "/actions") + "?done=action")


def _draw(ask: Ask, error: GoldenHourError | None = None) -> Response:
    with ask.room.store.reading() as tx:
        found = actions.actions_of(tx)
        homes = actions.incidents_of(tx, list({one.incident for one in found}))
        again = {key: tuple(closing.recurrences(tx, home)) for key, home in homes.items()}
    rows = [
        Row(one, homes[one.incident], again[one.incident], one.status == "open" and one.due_at < ask.now)
        for one in found
    ]
    status = 200 if error is None else 409 if isinstance(error, MoveError | StaleError) else 400
    return show(
        ask,
        "actions.html",
        status,
        rows=[one for one in rows if one.action.status in ("open", "done")],
        settled=[one for one in rows if one.action.status not in ("open", "done")],
        may_write=access.may(ask.person, *WRITERS),
        fault=explain(error, ask.lang) if error else "",
        typed=ask.form if error else {},
        place=ask.request.path_params.get("action", ""),
        done=ask.query("done") == "action",
    )


ROUTES = (
    ("/actions", "GET", show_actions),
    ("/actions/{action}", "POST", move),
)
