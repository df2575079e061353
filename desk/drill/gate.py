"""Everything under /drill: the screens of the drill's own house, marked on the way out, for who is signed in here."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import escape
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.errors import GoldenHourError, MoveError
from desk import access
from desk.drill.hall import Hall
from desk.drill.live import Live
from desk.drill.watermark import (
    PATH,
    ZH,
    marked_filename,
    marked_plain,
    marked_screen,
)
from desk.screens.door import SESSION
from desk.screens.telling import tell
from desk.words import LANGS, word

# Their own proof is in the address; they came by a page of the drill.
_OPEN = ("/ack/",)
# What belongs to the real house alone.
_ELSEWHERE = ("/drills", "/sign-in", "/sign-out", "/inbound", "/api", "/sms", "/voice", "/metrics", "/health", "/drill")
_LONGEST = 12_000_000
_SITTING = timedelta(days=30)
_TEXT = ("text/plain", "text/csv", "text/markdown")
Refused = Callable[[Request, Exception], Response]


class Gate:
    """An ASGI application. `refused` draws a named failure as the real house does."""

    def __init__(self, hall: Hall, refused: Refused) -> None:
        self.hall, self.refused = hall, refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        path = "/" + scope["path"].removeprefix(PATH).lstrip("/")
        live = self.hall.live
        if live is None or path.startswith(_ELSEWHERE):
            await RedirectResponse("/drills", 303)(scope, receive, send)
            return
        token = request.cookies.get(SESSION, "")
        if not path.startswith(_OPEN) and not await run_in_threadpool(self._seated, live, token):
            await RedirectResponse(f"/sign-in?next={PATH}/", 303)(scope, receive, send)
            return
        lang = _language(request, live)
        try:
            answer = await self._inside(live, request, path)
        except GoldenHourError as error:
            answer = await run_in_threadpool(self.refused, request, error)
        await _marked(answer, live, lang)(scope, receive, send)

    def _seated(self, live: Live, token: str) -> bool:
        """Whether somebody of the real house is signed in; they get their seat in the drill's house."""
        found = access.visitor(self.hall.room, token)
        if found is None:
            return False
        if access.visitor(live.room, token) is None:
            now = live.clock()
            access.seat(live.stage.store, token, live.seat_of(found.person.id), now, now + _SITTING)
        return True

    async def _inside(self, live: Live, request: Request, path: str) -> Response:
        if request.method == "POST" and not live.clock.running:
            raise MoveError("The drill is suspended; nothing is done in it now.")
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > _LONGEST:
                raise MoveError("That is too much for one form.")
        return await _answer_of(live.app, request.scope, path, bytes(body))


async def _answer_of(app: ASGIApp, scope: Scope, path: str, body: bytes) -> Response:
    """What the drill's own application answers, gathered whole."""
    inner = {**scope, "path": path, "raw_path": path.encode(), "root_path": "", "state": {}}
    inner.pop("app", None)
    answer, heads = Response(), list[tuple[bytes, bytes]]()
    pieces = bytearray()

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status_code = message["status"]
            heads.extend(message.get("headers", []))
        elif message["type"] == "http.response.body":
            pieces.extend(message.get("body", b""))

    await app(inner, receive, send)
    answer.body, answer.raw_headers = bytes(pieces), heads
    return answer


def _marked(answer: Response, live: Live, lang: str) -> Response:
    """The answer with the watermark on it and its addresses under /drill."""
    headers = MutableHeaders(raw=answer.raw_headers)
    where = headers.get("location", "")
    if where.startswith("/") and not where.startswith((PATH, "/sign-in")):
        headers["location"] = PATH + where
    if "content-disposition" in headers:
        headers["content-disposition"] = marked_filename(headers["content-disposition"])
    kind = headers.get("content-type", "").partition(";")[0]
    body = bytes(answer.body)
    if kind == "text/html":
        body = marked_screen(body.decode(), lang, banner(live, lang), _simulated(lang)).encode()
    elif kind in _TEXT:
        body = marked_plain(body.decode("utf-8", "replace"), lang).encode()
    headers["content-length"] = str(len(body))
    headers["x-drill"] = "true"
    answer.body, answer.raw_headers = body, headers.raw
    return answer


def banner(live: Live, lang: str) -> str:
    """One line: which drill, virtual time and pace, or why it stands still."""
    now = live.clock().astimezone(ZoneInfo(live.stage.settings.service.zone))
    title = live.drill.zh if lang == "zh" else live.drill.en
    if not live.clock.running:
        return word("drill_banner_still", lang, title=title, why=tell(live.drill.why, lang))
    return word("drill_banner", lang, title=title, at=f"{now:%m-%d %H:%M}", speed=live.clock.speed)


def _simulated(lang: str) -> Callable[[str], str]:
    """The button that records a post says that it only simulates one."""
    said = re.compile(rf"(<button[^>]*>)\s*{re.escape(escape(word('publish', lang)))}\s*(</button>)")
    return lambda html: said.sub(rf"\g<1>{ZH}{escape(word('drill_simulate', lang))}\g<2>", html)


def _language(request: Request, live: Live) -> str:
    chosen = request.cookies.get("lang", "")
    return chosen if chosen in LANGS else live.room.settings.service.language
