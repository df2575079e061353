"""How one HTTP-JSON place is asked and read: request, items, field map, cursor, errors and limits, all in TOML."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from config.model import Model
from config.spans import Span


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
    """Where the secret goes. `{secret}` in `value` becomes it; oauth2 asks `token_url` with it first."""

    type: Literal["none", "header", "query", "oauth2"] = "none"
    name: str = Field("Authorization", description="Header or parameter.")
    value: str = Field("Bearer {secret}", description="What is sent in it.")
    token_url: str = Field("", description="oauth2: where client id and secret (`id:secret`) become a token.")


class Request(Model):
    url: str = Field(pattern=r"^https?://\S+$", description="May hold {names} of `values`.")
    method: Literal["GET", "POST"] = "GET"
    params: dict[str, str] = Field(default_factory=dict)
    headers: dict[str, str] = Field(default_factory=dict)
    body: dict[str, str | int] = Field(default_factory=dict, description="A JSON body (POST).")
    auth: Auth = Auth()


class Pages(Model):
    """How one read turns pages. `{page}`, `{offset}` and `{token}` may stand in the request."""

    kind: Literal["none", "page", "offset", "token", "link"] = "none"
    start: int = 0
    size: int = Field(100, ge=1, description="Items asked for per page; offset steps by it.")
    token: str = Field("", description="token: JMESPath of the next token; empty or null ends.")
    more: str = Field("", description="JMESPath that is false or 0 when this was the last page.")
    until: str = Field("", description="page: JMESPath of the number of pages.")
    max: int = Field(10, ge=1, le=500, description="At this cap the window counts as truncated.")


class Cursor(Model):
    """What is remembered from read to read. `{since_epoch}`, `{since_iso}`, `{since_id}` may stand in the request."""

    kind: Literal["none", "window", "since_id"] = "none"
    overlap: Span = Field(timedelta(minutes=10), description="window: how far it looks back again.")
    first: Span = Field(timedelta(hours=24), description="window: how far the first read looks back.")
    id: str = Field("", description="since_id: JMESPath of an item's id; empty: the mapped id.")
    stale: Span = Field(
        timedelta(hours=6), description="since_id: with nothing for so long the cursor is dropped once."
    )


class ErrorRule(Model):
    """A 200 that is none. All given conditions must hold; `as` is a store.nouns.Outcome."""

    path: str = Field("", description="JMESPath into the answer.")
    equals: tuple[str | int | bool, ...] = Field((), description="Values at `path` that mean the error.")
    unlike: tuple[str | int | bool, ...] = Field((), description="Any value but these means the error.")
    present: bool = Field(False, description="Anything at `path` means the error.")
    contains: str = Field("", description="Regular expression found in the raw answer.")
    status: tuple[int, ...] = Field((), description="HTTP statuses this rule is about; empty: any.")
    outcome: str = Field(alias="as", description="rate_limited, auth_failed, quota_exhausted, gone, blocked, …")


class JsonSpec(Model):
    """The whole description. `map` is field of a mention → "JMESPath -> transform -> transform"."""

    request: Request | None = Field(None, description="None: this shape is only pushed or imported.")
    shape: Literal["json", "jsonp"] = "json"
    items: str = Field(min_length=1, description="JMESPath of the list of items; an object counts as a list of one.")
    map: dict[str, str] = Field(description="ext_id, url, title, text, author, handle, published_at, likes, …")
    drop: str = Field("", description="JMESPath; items for which it is true are left out (deleted, adverts).")
    constants: dict[str, str] = Field(default_factory=dict, description="Fields that are the same in every item.")
    pages: Pages = Pages()
    cursor: Cursor = Cursor()
    errors: tuple[ErrorRule, ...] = ()
    empty: str = Field("", description="JMESPath that is true when the answer honestly holds nothing.")
    limits: Limits = Limits()
    klass: str = "post"
    platform: str = ""
    source: str = Field("", description="Where this shape was read about, and when.")
