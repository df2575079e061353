"""The one door to every screen: reads the form, finds the person, checks the form token, then lets the handler in."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from urllib.parse import parse_qsl, quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from config.errors import AccessError, InputError
from config.team import Person
from desk.access import Visitor, same_token, visitor
from desk.room import Room
from desk.screens.times import Times
from desk.screens.uploads import read_files
from desk.words import LANGS, word

SESSION = "goldenhour"
MOST_FIELDS = 40
LONGEST_FORM = 200_000
# Forms that hold whole lists of words.
LONGEST_LISTS = 2_000_000
# Forms that hand in a picture of at most 5 MB.
LONGEST_UPLOAD = 5_200_000


@dataclass(frozen=True)
class Ask:
    """One request as a handler reads it; `person` is None only on screens that are open to all."""

    request: Request
    room: Room
    form: Mapping[str, str]
    now: datetime
    lang: str
    person: Person | None
    csrf: str

    @property
    def raw(self) -> bytes:
        """The body as it came, for what is signed as a whole."""
        return cast(bytes, getattr(self.request.state, "raw", b""))

    @property
    def said(self) -> object:
        """What a JSON body says; None when there is none."""
        return getattr(self.request.state, "said", None)

    @property
    def who(self) -> str:
        """Id of the signed-in person."""
        if self.person is None:
            raise AccessError("Sign in first.")
        return self.person.id

    @property
    def times(self) -> Times:
        return Times(self.room.zone, self.now, self.lang)

    def word(self, key: str, **values: object) -> str:
        return word(key, self.lang, **values)

    def file(self, name: str) -> bytes:
        """The file of a form's field; b"" when none was chosen."""
        files = cast(Mapping[str, bytes], getattr(self.request.state, "files", {}))
        return files.get(name, b"")

    def query(self, name: str, longest: int = 100) -> str:
        """A value of the address, cut to a harmless length."""
        return self.request.query_params.get(name, "")[:longest].replace("\x00", "")

    def field(self, name: str) -> str:
        """A value of the form, without blanks around it; "" when it is not there."""
        return self.form.get(name, "").strip()


Handler = Callable[[Ask], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def door(handler: Handler, *, public: bool = False, longest: int = LONGEST_FORM) -> Endpoint:
    """An endpoint for a plain function: everybody must be signed in and every form carry its token, unless public.

    `longest`: how many bytes a form may have.
    """

    async def endpoint(request: Request) -> Response:
        request.state.form = await read_form(request, longest) if request.method == "POST" else {}
        return await run_in_threadpool(_enter, handler, request, public)

    return endpoint


def _enter(handler: Handler, request: Request, public: bool) -> Response:
    ask = ask_of(request)
    if public:
        return handler(ask)
    if ask.person is None:
        if request.method == "POST":
            raise AccessError("Your sign-in has ended; nothing was changed.")
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return go(f"/sign-in?next={quote(here, safe='')}")
    if request.method == "POST" and not same_token(ask.csrf, ask.form.get("csrf", "")):
        raise AccessError("The form is older than your sign-in; nothing was changed.")
    return handler(ask)


def ask_of(request: Request) -> Ask:
    """The request with its person, language and moment."""
    room = cast(Room, request.app.state.room)
    found = visitor(room, request.cookies.get(SESSION, ""))
    return bare_ask(request, found)


def bare_ask(request: Request, found: Visitor | None = None) -> Ask:
    """The same without asking the store who it is."""
    room = cast(Room, request.app.state.room)
    person = found.person if found else None
    form = cast(Mapping[str, str], getattr(request.state, "form", {}))
    return Ask(request, room, form, room.clock(), _language(request, room, person), person, found.csrf if found else "")


async def read_form(request: Request, longest: int = LONGEST_FORM) -> dict[str, str]:
    """The fields of a small urlencoded form; InputError when it is another kind or too large."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > longest:
            raise InputError(f"The form is too large; {longest} bytes are allowed.")
    request.state.raw = bytes(body)
    if body and kind == "application/json":
        request.state.said = _said(bytes(body))
        return {}
    if body and kind == "multipart/form-data":
        return await read_files(request, bytes(body), MOST_FIELDS)
    if body and kind != "application/x-www-form-urlencoded":
        raise InputError("The form has a kind that is not read here.")
    try:
        fields = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS
        )
    except ValueError as error:
        raise InputError("The form has too many fields.") from error
    return {name: value.replace("\x00", "") for name, value in fields}


def _said(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InputError("The body is not JSON.") from error


def go(path: str) -> RedirectResponse:
    """See other: the answer to every form, so that a reload never acts twice."""
    return RedirectResponse(path, status_code=303)


def local_path(path: str) -> str:
    """The path when it stays on this site, else "/"."""
    plain = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    if not plain:
        return "/"
    try:
        parts = urlsplit(path)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc else quote(path, safe="/?&=%#+,;:@!$'()*~-._")


def _language(request: Request, room: Room, person: Person | None) -> str:
    chosen = request.cookies.get("lang", "")
    if chosen in LANGS:
        return chosen
    return person.language if person else room.settings.service.language
