"""Sign-in and sign-out."""

from starlette.responses import Response

from config.clock import new_secret
from desk import access
from desk.screens.door import SESSION, Ask, go, local_path
from desk.screens.frame import show

# The form's own token: it exists before anybody is signed in, so it lives in a cookie of its own.
DOORMAT = "doormat"


def show_sign_in(ask: Ask) -> Response:
    """The form; whoever is signed in already goes on."""
    back = local_path(ask.query("next", 500) or "/")
    if ask.person:
        return go(back)
    return _form(ask, back)


def enter(ask: Ask) -> Response:
    """Check name and password; 429 with the time to come back when there were too many tries."""
    back = local_path(ask.field("next") or "/")
    if not access.same_token(ask.request.cookies.get(DOORMAT, ""), ask.form.get("csrf", "")):
        return _form(ask, back, 403, ask.word("sign_old_form"))
    client = ask.request.client
    entry = access.sign_in(
        ask.room, ask.field("person")[:60], ask.form.get("password", ""), client.host if client else "unknown"
    )
    if entry.retry_at:
        answer = _form(ask, back, 429, ask.word("sign_throttled", at=ask.times.hour(entry.retry_at)))
        answer.headers["Retry-After"] = str(max(1, int((entry.retry_at - ask.now).total_seconds())))
        return answer
    if not entry.token:
        return _form(ask, back, 403, ask.word("sign_wrong"))
    answer = go(back)
    answer.delete_cookie(DOORMAT)
    answer.set_cookie(
        SESSION,
        entry.token,
        max_age=int(ask.room.settings.service.web.session.total_seconds()),
        httponly=True,
        secure=ask.room.secure,
        samesite="lax",
    )
    return answer


def leave(ask: Ask) -> Response:
    """End the session here and in the store."""
    access.sign_out(ask.room, ask.request.cookies.get(SESSION, ""))
    answer = go("/sign-in")
    answer.delete_cookie(SESSION)
    return answer


def _form(ask: Ask, back: str, status: int = 200, fault: str = "") -> Response:
    token = ask.request.cookies.get(DOORMAT, "") or new_secret()
    answer = show(
        ask, "sign_in.html", status, bare=True, back=back, fault=fault, name=ask.field("person")[:60], door_token=token
    )
    answer.set_cookie(DOORMAT, token, httponly=True, secure=ask.room.secure, samesite="lax")
    return answer
