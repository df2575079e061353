"""The Q&A sheet as one file for the pocket: HTML that needs nothing else, two pages of paper at most."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from desk.screens.answers import HOME, answers_of, lang_of, never_said
from desk.screens.door import Ask
from desk.screens.frame import pages
from desk.screens.incident import by_number
from desk.screens.times import Times
from desk.words import word
from statements.answering.answer_sheet import Row
from statements.known.do_not_say import DoNotSay
from statements.writing.contexts import Context
from statements.writing.marks import neutral
from store import facts

CSS = Path(__file__).parents[1] / "static" / "answers_print.css"
# More lines than these would not stay within two pages.
MOST_ROWS, MOST_AVOID = 28, 14


def download(ask: Ask) -> Response:
    """The sheet as it stands, as a file. What is expired, stale or not approved is not printed as an answer."""
    lang = lang_of(ask)
    with ask.room.store.reading() as tx:
        incident = by_number(ask, tx)
        rows = answers_of(ask).rows(tx, incident, lang, ask.now)
        avoid = never_said(tx, incident, lang)
        known = facts.current(tx, incident.id)
    context = ask.room.release.speaking.context(incident, known, lang, ask.now)
    times = Times(ask.room.zone, ask.now, lang)
    html = printed(context, times, rows, avoid)
    name = f"answers-{incident.number}-{lang}.html"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": f"{policy()}; frame-ancestors 'none'",
    }
    return HTMLResponse(html, headers=headers)


def printed(
    context: Context,
    times: Times,
    rows: tuple[Row, ...],
    avoid: tuple[DoNotSay, ...],
    mark: str = "",
) -> str:
    """The whole file. `mark` (【演练】 …) stands in the title, on top and across every page."""
    lang = context.lang

    def said(key: str, **values: object) -> str:
        return word(key, lang, **values)

    made = (
        pages()
        .get_template("answers_print.html")
        .render(
            context=context,
            times=times,
            rows=rows[:MOST_ROWS],
            left_out=max(0, len(rows) - MOST_ROWS),
            avoid=avoid[:MOST_AVOID],
            avoid_left=max(0, len(avoid) - MOST_AVOID),
            mark=mark,
            lang=lang,
            t=said,
            # Our own file; nobody's words are in it.
            style=Markup(style()),  # noqa: S704
            policy=policy(),
        )
    )
    # Signs nobody sees would turn the words on paper around.
    return neutral(made, keep_lines=True)


@cache
def style() -> str:
    return CSS.read_text(encoding="utf-8")


@cache
def policy() -> str:
    """Nothing may be loaded or run; the one style is named by its hash."""
    digest = base64.b64encode(hashlib.sha256(style().encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


ROUTES = ((HOME + "/{lang}/print", "GET", download),)
