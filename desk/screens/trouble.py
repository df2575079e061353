"""A named failure becomes a clear screen: what happened, why, and what can be done now."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from config.errors import AccessError, GoldenHourError, InputError, MoveError, StaleError, StoreError, TemplateError
from desk.screens.door import Ask, ask_of, bare_ask
from desk.screens.frame import show
from desk.screens.telling import tell

STATUS: dict[type[GoldenHourError], int] = {
    InputError: 400,
    TemplateError: 400,
    AccessError: 403,
    MoveError: 409,
    StaleError: 409,
}


def explain(error: GoldenHourError, lang: str) -> str:
    """Why it failed, in the reader's language."""
    return tell(str(error), lang)


def refused(request: Request, error: Exception) -> Response:
    """The screen for one of `STATUS`; a text the person had typed is handed back to them."""
    assert isinstance(error, GoldenHourError)  # noqa: S101  registered for nothing else
    status = STATUS.get(type(error), 400)
    ask = ask_of(request)
    return _screen(ask, status, explain(error, ask.lang))


def store_away(request: Request, error: Exception) -> Response:
    """The store is away: nothing about it is told, and nothing is asked of it."""
    assert isinstance(error, StoreError)  # noqa: S101  registered for nothing else
    ask = bare_ask(request)
    return _screen(ask, 503, ask.word("trouble_why_503"), bare=True)


def not_here(request: Request, error: Exception) -> Response:
    """404 and 405 as screens; other codes in their own few words."""
    assert isinstance(error, HTTPException)  # noqa: S101  registered for nothing else
    if error.status_code not in (404, 405):
        return PlainTextResponse(HTTPStatus(error.status_code).phrase, error.status_code, error.headers)
    ask = ask_of(request)
    return _screen(ask, error.status_code, ask.word("trouble_why_404"))


def missing() -> HTTPException:
    """What a handler raises when the address names nothing."""
    return HTTPException(404)


def _screen(ask: Ask, status: int, why: str, *, bare: bool = False) -> Response:
    kind = {405: 404}.get(status, status)
    return show(
        ask,
        "trouble.html",
        status,
        bare=bare,
        what=ask.word(f"trouble_what_{kind}"),
        why=why,
        now=ask.word(f"trouble_now_{kind}"),
        kept=ask.form.get("body", ""),
    )
