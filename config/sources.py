"""The sources of watch.toml: one model per kind, with what it asks for, whose account it uses and what it may spend."""

from datetime import timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Discriminator, Field, Tag, model_validator

from config.mapping import JsonSpec, Limits
from config.model import Model
from config.spans import Span

Secret = Annotated[str, Field(pattern=r"^(?:[A-Z][A-Z0-9_]{2,59})?$")]
Http = Annotated[str, Field(pattern=r"^https?://\S+$")]
Klass = Literal["", "post", "comment", "complaint", "review", "article", "video", "hotlist"]


class Place(Model):
    """What every source has, whatever its kind."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$", description="Short name used in links and rows.")
    platform: str = Field(min_length=1, max_length=40, description="weibo, xiaohongshu, douyin, wechat, news, …")
    brand: str = Field("", description="Everything in this source is about this brand; empty: match by words.")
    interval: Span = Field(timedelta(minutes=3), description="How often it is read in calm hours.")
    hot_interval: Span = Field(timedelta(seconds=10), description="How often while a brand is hot.")
    zone: str = Field("Asia/Shanghai", description="Zone of dates without one.")
    enabled: bool = Field(True, description="false: it is listed but not read.")
    klass: Klass = Field("", description="What its items are when they do not say it themselves; empty: by platform.")
    via: Literal["live", "vendor", "bridge", "manual"] = Field(
        "live", description="How honest the coverage board is: live, vendor, bridge (RSSHub and kin), manual."
    )

    @property
    def polled(self) -> bool:
        """Whether we go and ask, or wait to be told."""
        return True

    @property
    def account(self) -> str:
        """The credential or host whose limits and budget all its readers share."""
        return self.id


class FeedSource(Place):
    kind: Literal["feed"] = Field("feed", description="RSS, Atom, RDF or JSON Feed.")
    url: Http = Field(description="Address of the feed.")

    @property
    def account(self) -> str:
        return urlsplit(self.url).netloc.lower().rpartition("@")[2]


class JsonSource(Place):
    """One HTTP-JSON place described in settings: a shipped preset, or its own `spec`."""

    kind: Literal["json"] = "json"
    preset: str = Field("", pattern=r"^[a-z0-9_]{0,40}$", description="A shipped description; see config/presets.")
    spec: JsonSpec | None = Field(None, description="An own description instead of, or over, a preset.")
    values: dict[str, str] = Field(default_factory=dict, description="What {names} in the request become; query=….")
    secret_env: Secret = Field("", description="NAME of the environment variable that holds the key or token.")
    limits: Limits | None = Field(None, description="Instead of the preset's limits.")

    @model_validator(mode="after")
    def _described(self) -> "JsonSource":
        if not self.preset and self.spec is None:
            raise ValueError("needs `preset` or `spec`")
        return self

    @property
    def account(self) -> str:
        return f"{self.preset or self.id}:{self.secret_env}" if self.secret_env else self.preset or self.id


class InboundSource(Place):
    """Somebody pushes to us: POST /inbound/{id}, signed with the secret."""

    kind: Literal["inbound"] = "inbound"
    secret_env: Secret = Field(min_length=1, description="NAME of the environment variable with the shared secret.")
    preset: str = Field("", pattern=r"^[a-z0-9_]{0,40}$", description="A shipped field map for what is pushed.")
    spec: JsonSpec | None = Field(None, description="An own field map (items, map) for what is pushed.")
    per_minute: int = Field(300, ge=1, description="Requests allowed in any minute; more get 429.")
    silent_after: Span | None = Field(None, description="Nothing pushed for this long means blind; empty: never.")
    via: Literal["live", "vendor", "bridge", "manual"] = "vendor"

    @property
    def polled(self) -> bool:
        return False


class ImportSource(Place):
    """Files a person brings: ./goldenhour import FILE --source ID."""

    kind: Literal["import"] = "import"
    via: Literal["live", "vendor", "bridge", "manual"] = "manual"

    @property
    def polled(self) -> bool:
        return False


class AccountSource(Place):
    """What the four adapters share: an account, its budget, and what to search for."""

    secret_env: Secret = Field("", description="NAME of the environment variable that holds the token or password.")
    query: str = Field("", max_length=500, description="What is searched for; empty: the brand's own words.")
    limits: Limits = Limits()
    max_pages: int = Field(
        50, ge=1, le=500, description="Pages in one read; at the cap the window counts as truncated."
    )

    @property
    def account(self) -> str:
        return f"{getattr(self, 'kind', '')}:{self.secret_env or self.id}"


class WeiboSource(AccountSource):
    kind: Literal["weibo"] = "weibo"
    platform: str = "weibo"
    base_url: Http = "https://c.api.weibo.com/2"
    parts: tuple[Literal["search", "mentions", "comments"], ...] = Field(
        ("search",), min_length=1, description="search: the public; mentions, comments: those of the own account."
    )
    uid: str = Field("", pattern=r"^\d{0,20}$", description="Another account's mentions (`other`); empty: the own.")


class MastodonSource(AccountSource):
    kind: Literal["mastodon"] = "mastodon"
    platform: str = "mastodon"
    base_url: Http = Field(description="The server, e.g. https://mastodon.example")
    tags: tuple[str, ...] = Field((), description="Hashtags without #.")
    search: bool = Field(False, description="Search words too; needs a token and a server that allows it.")
    mentions: bool = Field(False, description="Mentions of the own account; needs a token.")


class BlueskySource(AccountSource):
    kind: Literal["bluesky"] = "bluesky"
    platform: str = "bluesky"
    base_url: Http = Field("https://bsky.social", description="The account's own server (PDS).")
    handle: str = Field("", max_length=253, description="The account that searches; the app password is the secret.")
    notifications: bool = Field(False, description="Mentions of and replies to the account too.")


class XSource(AccountSource):
    kind: Literal["x"] = "x"
    platform: str = "x"
    base_url: Http = "https://api.x.com"
    vocabulary: Literal["post", "tweet"] = Field("tweet", description="Which words the API takes for its fields.")
    always_posts: bool = Field(False, description="Read posts at every turn, not only on a spike; costs more.")
    spike_ratio: float = Field(3.0, ge=1.1, description="Posts are read when a count is this many times the usual …")
    spike_least: int = Field(10, ge=1, description="… and at least this high.")
    limits: Limits = Limits(daily_usd=5.0)


def _kind(value: Any) -> str:
    """The kind a table names; a table without one is a feed."""
    found = value.get("kind", "feed") if isinstance(value, dict) else getattr(value, "kind", "feed")
    return str(found)


Source = Annotated[
    Annotated[FeedSource, Tag("feed")]
    | Annotated[JsonSource, Tag("json")]
    | Annotated[InboundSource, Tag("inbound")]
    | Annotated[ImportSource, Tag("import")]
    | Annotated[WeiboSource, Tag("weibo")]
    | Annotated[MastodonSource, Tag("mastodon")]
    | Annotated[BlueskySource, Tag("bluesky")]
    | Annotated[XSource, Tag("x")],
    Discriminator(_kind),
]
KINDS = ("feed", "json", "inbound", "import", "weibo", "mastodon", "bluesky", "x")
