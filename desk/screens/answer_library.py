"""What did we answer in earlier crises? The library of approved answers."""

from starlette.responses import Response

from desk import access
from desk.screens.answers import LANGS, answers_of
from desk.screens.door import Ask, go
from desk.screens.frame import show
from statements.answering.answer_library import matching
from statements.known.fact_log import WRITERS
from store import answers


def show_library(ask: Ask) -> Response:
    """Search by words, category and language."""
    words, category = ask.query("q"), ask.query("category", 40)
    lang = ask.query("lang") if ask.query("lang") in LANGS else ask.lang
    with ask.room.store.reading() as tx:
        shelf = answers.library(tx, lang)
    if category:
        shelf = [one for one in shelf if one.category == category]
    return show(
        ask,
        "answer_library.html",
        found=matching(shelf, words, category),
        count=len(shelf),
        words=words,
        category=category,
        of=lang,
        may_write=access.may(ask.person, *WRITERS),
    )


def drop(ask: Ask) -> Response:
    """Take one off the shelf."""
    with ask.room.store.transaction() as tx:
        answers_of(ask).drop(tx, str(ask.request.path_params["shelved"])[:32], ask.who, ask.now)
    return go("/answers")


ROUTES = (
    ("/answers", "GET", show_library),
    ("/answers/{shelved}/drop", "POST", drop),
)
