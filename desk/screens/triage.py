"""The triage queue: what the scorer is unsure of, one tap each; the answers are what `train` learns next."""

from starlette.responses import Response

from config.errors import InputError
from desk import access
from desk.screens.door import Ask, go
from desk.screens.fields import choice
from desk.screens.frame import chosen_brand, show
from desk.screens.mention import JUDGES, id_of, marked, subject
from desk.screens.mention_acts import correct_as
from desk.screens.quoting import safe_url
from store import journal, triage

SHOWN = 20
# What a tap says of the mention; "unclear" teaches nothing and only ends the waiting.
ANSWERS = {"yes": "crisis", "no": "not_crisis", "unclear": ""}


def show_triage(ask: Ask) -> Response:
    """The likeliest crises first, so that the first taps are worth most."""
    brand = chosen_brand(ask)
    with ask.room.store.reading() as tx:
        found = triage.waiting(tx, brand, SHOWN)
        left = triage.size(tx, brand)
    return show(
        ask,
        "triage.html",
        rows=[(one, marked(one.judged, 400), safe_url(one.judged.mention.url)) for one in found],
        left=left,
        may=access.may(ask.person, *JUDGES),
        answers=tuple(ANSWERS),
        done=ask.query("done") if ask.query("done") in (*ANSWERS, "gone") else "",
    )


def answer(ask: Ask) -> Response:
    """One tap: 是 / 不是 / 看不出. Whoever comes second changes nothing and is told so."""
    access.require(ask.person, *JUDGES)
    mention, said = id_of(ask), choice(ask, "answer", tuple(ANSWERS))
    brand = ask.field("brand")
    if not brand:
        raise InputError(ask.word("tri_no_brand"))
    with ask.room.store.transaction() as tx:
        first = triage.take_out(tx, mention, brand)
        if first and ANSWERS[said]:
            correct_as(ask, tx, mention, brand, ANSWERS[said], "")
        elif first:
            journal.write(tx, ask.now, ask.who, "mention_unclear", subject(mention), "", {"brand": brand})
    return go(f"/triage?done={said if first else 'gone'}")
