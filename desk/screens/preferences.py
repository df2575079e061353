"""Two small choices kept in cookies: the language and the brand looked at. They change nothing but the view."""

from starlette.responses import Response

from desk.screens.door import Ask, go, local_path
from desk.words import LANGS

_YEAR = 365 * 24 * 3600


def choose_language(ask: Ask) -> Response:
    """`to` is zh or en; back to a page of this site, wherever the link came from."""
    return _keep(ask, "lang", LANGS)


def choose_brand(ask: Ask) -> Response:
    """`to` is a brand's id, or "" for all."""
    return _keep(ask, "brand", ("", *(brand.id for brand in ask.room.settings.watch.brand)))


def _keep(ask: Ask, name: str, allowed: tuple[str, ...]) -> Response:
    answer = go(local_path(ask.field("back") or ask.query("back", 500) or "/"))
    chosen = ask.field("to") or ask.query("to")
    if chosen in allowed:
        answer.set_cookie(name, chosen, max_age=_YEAR, httponly=True, secure=ask.room.secure, samesite="lax")
    return answer
