"""How one HTTP-JSON place is asked and read: request, items, field map, cursor, errors and limits, all in TOML."""

import re
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from config.model import Model
from config.pipes import FIELDS, KLASSES, check_path, parse_pipe
from config.spans import Span

Path = Annotated[str, AfterValidator(check_path)]
# The outcomes of store.nouns.Outcome an error rule may name.
OUTCOMES: Final = (
    "empty", "rate_limited", "auth_failed", "quota_exhausted", "gone", "blocked", "malformed", "timeout",
    "server_error",
)  # fmt: skip
# {names} the reader fills itself; all others come from `values`.
BUILT_IN: Final = frozenset({
    "query", "page", "offset", "size", "token", "since_id", "now_epoch", "now_iso", "until_epoch", "until_iso",
    "since_epoch", "since_epoch_ms", "since_iso", "since_compact", "since_minutes",
})  # fmt: skip
NAME: Final = re.compile(r"\{([^{}:]*)(:int)?\}")


class Limits(Model):
    """What an account may ask and spend; None is without limit."""

    every: Span = Field(timedelta(), description="Least time between two requests of the account.")
    per_hour: int | None = Field(None, ge=1, description="Requests in an hour.")
    per_day: int | None = Field(None, ge=1, description="Requests (or units) in a day.")
    daily_usd: float | None = Field(None, ge=0, description="Money in a day; a hard stop.")
    units_per_request: int = Field(1, ge=0, description="What one request counts against per_day.")
    usd_per_request: float = Field(0, ge=0, description="What one request costs.")
    usd_per_item: float = Field(0, ge=0, description="What one item read costs.")
    zone: str = Field("UTC", description="Where the day ends.")


class Auth(Model):
    """Where the secret goes. `{secret}` in `value` becomes it; oauth2 makes a token of it first (`id:secret`)."""

    type: Literal["none", "header", "query", "oauth2"] = Field("none", description="How the secret is shown.")
    name: str = Field("Authorization", description="Header or parameter.")
    value: str = Field("Bearer {secret}", description="What is sent in it.")
    env: str = Field("", pattern=r"^(?:[A-Z][A-Z0-9_]{2,59})?$", description="Usual name of the secret's variable.")
    into: Literal["header", "query"] = Field("header", description="oauth2: where the token goes.")
    token_url: str = Field("", pattern=r"^(?:https?://\S+)?$", description="oauth2: where the token is asked for.")
    token_body: dict[str, str] = Field(
        default_factory=dict,
        description="oauth2: the JSON that asks, {id} and {secret} in it; empty: client_credentials by Basic.",
    )
    token_at: Path = Field("access_token", description="oauth2: JMESPath of the token in the answer.")
    expires_at: Path = Field("expires_in", description="oauth2: JMESPath of the seconds it lives.")

    @model_validator(mode="after")
    def _askable(self) -> "Auth":
        if self.type == "oauth2" and not self.token_url:
            raise ValueError("token_url is needed for oauth2")
        if self.type != "none" and "{secret}" not in self.value:
            raise ValueError("value needs {secret}, which becomes the key or token")
        return self


class Request(Model):
    """One question. A parameter or header whose {names} are all empty is left out."""

    url: str = Field(pattern=r"^https?://\S+$", description="May hold {names} of `values`.")
    method: Literal["GET", "POST"] = Field("GET", description="POST sends `body`.")
    params: dict[str, str] = Field(default_factory=dict, description="Parameters of the address.")
    headers: dict[str, str] = Field(default_factory=dict, description="Headers beside the usual ones.")
    body: dict[str, str | int] = Field(
        default_factory=dict, description="A JSON body (POST); {name:int} becomes a number."
    )
    auth: Auth = Field(Auth(), description="How the key or token is sent.")
    values: dict[str, str] = Field(default_factory=dict, description="What {names} are unless the source says it.")
    join: str = Field("", description="How several words of a brand stand in one {query}; empty: only the first.")
    quote: str = Field("{word}", description="How one word of a brand stands in {query}.")

    @model_validator(mode="after")
    def _sendable(self) -> "Request":
        if self.body and self.method != "POST":
            raise ValueError('body needs method = "POST"')
        return self

    def names(self) -> frozenset[str]:
        """Every {name} the request holds."""
        texts = [self.url, *self.params.values(), *self.headers.values(), *map(str, self.body.values())]
        return frozenset(found[1] for text in texts for found in NAME.finditer(text))


class Pages(Model):
    """How one read turns pages. `{page}`, `{offset}`, `{token}` and `{size}` may stand in the request."""

    kind: Literal["none", "page", "offset", "token", "link"] = Field("none", description="How the next page is asked.")
    start: int = Field(0, ge=0, description="Number of the first page, or the first offset.")
    size: int = Field(100, ge=1, description="Items asked for per page; offset steps by it.")
    token: Path = Field("", description="token: JMESPath of the next token; empty or null ends.")
    more: Path = Field("", description="JMESPath that is false or 0 when this was the last page.")
    until: Path = Field("", description="page: JMESPath of the number of pages.")
    total: Path = Field("", description="JMESPath of the number of items on all pages together.")
    max: int = Field(10, ge=1, le=500, description="At this cap the window counts as truncated.")

    @model_validator(mode="after")
    def _turnable(self) -> "Pages":
        if self.kind == "token" and not self.token:
            raise ValueError("token is needed for kind = token: the JMESPath of the next token")
        return self


class Cursor(Model):
    """What is remembered from read to read; `{since_…}` of it may stand in the request.

    window: {since_epoch}, {since_epoch_ms}, {since_iso}, {since_compact} (20261122T…: 20261122031500) or
    {since_minutes}, and {until_epoch}, {until_iso}. since_id: {since_id}. A page on which everything is older than
    the window is the last one, whatever the place makes of these.
    """

    kind: Literal["none", "window", "since_id"] = Field("none", description="Where the next read goes on.")
    overlap: Span = Field(timedelta(minutes=10), description="How far it looks back again.")
    lag: Span = Field(timedelta(), description="How late things show up there; the next read looks back by it too.")
    first: Span = Field(timedelta(hours=24), description="How far the first read looks back.")
    id: Path = Field("", description="since_id: JMESPath of an item's id; empty: the mapped id.")
    stale: Span = Field(
        timedelta(hours=6), description="since_id: with nothing for so long the cursor is dropped once."
    )


class ErrorRule(Model):
    """A 200 that is none. All given conditions must hold; `as` is a store.nouns.Outcome."""

    path: Path = Field("", description="JMESPath into the answer.")
    equals: tuple[str | int | bool, ...] = Field((), description="Values at `path` that mean the error.")
    unlike: tuple[str | int | bool, ...] = Field((), description="Any value but these means the error.")
    present: bool = Field(False, description="Anything at `path` means the error.")
    contains: str = Field("", description="Regular expression found in the raw answer.")
    status: tuple[int, ...] = Field((), description="HTTP statuses this rule is about; empty: any.")
    outcome: str = Field(alias="as", description="rate_limited, auth_failed, quota_exhausted, gone, blocked, …")
    wait: Span = Field(timedelta(), description="How long to wait when the answer does not say; 0: as usual.")
    until: Literal["", "hour", "day"] = Field("", description="Wait until the hour or the day (limits.zone) ends.")

    @field_validator("outcome")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in OUTCOMES:
            raise ValueError(f"one of {', '.join(OUTCOMES)}")
        return value

    @field_validator("contains")
    @classmethod
    def _regular(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"is no regular expression: {error}") from error
        return value

    @model_validator(mode="after")
    def _says_when(self) -> "ErrorRule":
        if not (self.path or self.contains or self.status):
            raise ValueError("needs a condition: path, contains or status")
        if self.path and not (self.equals or self.unlike or self.present):
            raise ValueError("path needs equals, unlike or present beside it")
        if (self.equals or self.unlike or self.present) and not self.path:
            raise ValueError("equals, unlike and present need a path")
        return self


class JsonSpec(Model):
    """The whole description. `map` is field of a mention → "JMESPath -> transform -> transform"."""

    request: Request | None = Field(None, description="None: this shape is only pushed or imported.")
    shape: Literal["json", "jsonp"] = Field("json", description="jsonp: JSON inside a call.")
    items: Path = Field(min_length=1, description="JMESPath of the list of items; an object counts as a list of one.")
    map: dict[str, str] = Field(description="ext_id, url, title, text, author, handle, published_at, likes, …")
    drop: Path = Field("", description="JMESPath; items for which it is true are left out (deleted, adverts).")
    constants: dict[str, str] = Field(default_factory=dict, description="Fields that are the same in every item.")
    words: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="Field → what the place says → what it means (status 4 → 处理中)."
    )
    pages: Pages = Field(Pages(), description="How pages are turned.")
    cursor: Cursor = Field(Cursor(), description="Where the next read goes on.")
    errors: tuple[ErrorRule, ...] = Field((), description="Answers that are errors, the first that fits.")
    empty: Path = Field("", description="JMESPath that is true when the answer honestly holds nothing.")
    limits: Limits = Field(Limits(), description="What the account may ask and spend.")
    klass: str = Field("", description="What its items are; empty: as the platform's usually are.")
    platform: str = Field("", description="The platform of its items.")
    source: str = Field("", description="Where this shape was read about, and when.")

    @field_validator("map")
    @classmethod
    def _mapped(cls, value: dict[str, str]) -> dict[str, str]:
        for field, pipe in value.items():
            _known_field(field)
            try:
                parse_pipe(pipe)
            except ValueError as error:
                raise ValueError(f"{field}: {error}") from error
        if not {"title", "text"} & set(value):
            raise ValueError("needs title or text: a mention without words is none")
        return value

    @field_validator("constants", "words")
    @classmethod
    def _fields(cls, value: dict[str, object]) -> dict[str, object]:
        for field in value:
            _known_field(field)
        return value

    @field_validator("klass")
    @classmethod
    def _klass(cls, value: str) -> str:
        if value and value not in KLASSES:
            raise ValueError(f"one of {', '.join(KLASSES)}, or empty")
        return value

    @model_validator(mode="after")
    def _says_since(self) -> "JsonSpec":
        if self.request and self.cursor.kind == "none":
            lost = sorted(name for name in self.request.names() if name.startswith("since_"))
            if lost:
                raise ValueError(f"request: {{{lost[0]}}} needs a cursor (window or since_id)")
        if self.cursor.kind == "since_id" and not self.cursor.id and "ext_id" not in self.map:
            raise ValueError("cursor.id: is needed, or map.ext_id: something must say the newest id")
        return self


def _known_field(field: str) -> None:
    if field not in FIELDS:
        raise ValueError(f"a mention has no {field!r}; allowed: {', '.join(FIELDS)}")
