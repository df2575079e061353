"""The sources of watch.toml: one model per kind; a table without `kind` is a feed."""

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Discriminator, Field, Tag, model_validator

from config.accounts import BlueskySource, MastodonSource, WeiboSource, XSource
from config.mapping import JsonSpec, Limits
from config.place import Http, Place, Secret
from config.presets import name_faults, over, preset_names, shape_of
from config.spans import Span

# What pushed or imported data may look like beside the presets, read by code: whatever Weibo itself sends.
CODED_SHAPES = ("weibo",)


class FeedSource(Place):
    kind: Literal["feed"] = Field("feed", description="RSS, Atom, RDF or JSON Feed.")
    url: Http = Field(description="Address of the feed.")

    @property
    def account(self) -> str:
        return urlsplit(self.url).netloc.lower().rpartition("@")[2]


class JsonSource(Place):
    """One HTTP-JSON place described in settings: a shipped preset, an own `spec`, or a preset with a spec laid over."""

    kind: Literal["json"] = Field("json", description="A described HTTP-JSON place.")
    preset: str = Field("", pattern=r"^[a-z0-9_]{0,40}$", description="A shipped description; see config/presets.")
    spec: JsonSpec | None = Field(None, description="An own description, or what differs from the preset.")
    values: dict[str, str] = Field(default_factory=dict, description="What {names} in the request become; query=….")
    secret_env: Secret = Field("", description="NAME of the environment variable that holds the key or token.")
    limits: Limits | None = Field(None, description="Instead of the preset's limits.")

    @model_validator(mode="before")
    @classmethod
    def _over_the_preset(cls, given: Any) -> Any:
        if not isinstance(given, dict) or not given.get("preset") or not isinstance(given.get("spec"), dict):
            return given
        return given | {"spec": over(str(given["preset"]), given["spec"])}

    @model_validator(mode="after")
    def _described(self) -> "JsonSource":
        if not self.preset and self.spec is None:
            raise ValueError(f"needs `preset` or `spec`; presets: {', '.join(preset_names())}")
        faults = name_faults(self.described, self.values)
        if faults:
            raise ValueError("; ".join(faults))
        if self.described.request and self.described.request.auth.type != "none" and not self.secret_name:
            raise ValueError("secret_env: is missing; the request carries a key or token")
        return self

    @property
    def described(self) -> JsonSpec:
        """How the place is asked and read."""
        return shape_of(self.preset, self.spec)

    @property
    def secret_name(self) -> str:
        """NAME of the variable with the key: the source's own, else the preset's usual one; "" when none is needed."""
        asked = self.described.request
        return self.secret_env or (asked.auth.env if asked and asked.auth.type != "none" else "")

    @property
    def account(self) -> str:
        return f"{self.preset or self.id}:{self.secret_name}" if self.secret_name else self.preset or self.id


class InboundSource(Place):
    """Somebody pushes to us: POST /inbound/{id}, signed with the secret."""

    kind: Literal["inbound"] = Field("inbound", description="Somebody pushes to us.")
    secret_env: Secret = Field(min_length=1, description="NAME of the environment variable with the shared secret.")
    preset: str = Field("", pattern=r"^[a-z0-9_]{0,40}$", description="A shipped field map for what is pushed.")
    spec: JsonSpec | None = Field(None, description="An own field map (items, map) for what is pushed.")
    per_minute: int = Field(300, ge=1, description="Requests allowed in any minute; more get 429.")
    silent_after: Span | None = Field(None, description="Nothing pushed for this long means blind; empty: never.")
    bearer: bool = Field(False, description="true: the secret itself in Authorization: Bearer is enough; weaker.")
    via: Literal["live", "vendor", "bridge", "manual"] = Field("vendor", description="As in every source.")

    @model_validator(mode="before")
    @classmethod
    def _over_the_preset(cls, given: Any) -> Any:
        if not isinstance(given, dict) or not given.get("preset") or not isinstance(given.get("spec"), dict):
            return given
        return given | {"spec": over(str(given["preset"]), given["spec"])}

    @model_validator(mode="after")
    def _described(self) -> "InboundSource":
        _known_shape(self.preset)
        return self

    @property
    def polled(self) -> bool:
        return False


class ImportSource(Place):
    """Files a person brings: ./goldenhour import FILE --source ID."""

    kind: Literal["import"] = Field("import", description="Files a person brings.")
    preset: str = Field("", pattern=r"^[a-z0-9_]{0,40}$", description="A shipped field map for what is in the files.")
    columns: dict[str, str] = Field(
        default_factory=dict, description="Our field = the files' own header, where it is not recognised by itself."
    )
    via: Literal["live", "vendor", "bridge", "manual"] = Field("manual", description="As in every source.")

    @model_validator(mode="after")
    def _described(self) -> "ImportSource":
        _known_shape(self.preset)
        return self

    @property
    def polled(self) -> bool:
        return False


def _known_shape(preset: str) -> None:
    """Shapes of what is pushed and brought: the shipped maps, and those that are read by code."""
    known = ("", *CODED_SHAPES, *preset_names())
    if preset not in known:
        raise ValueError(f"preset: there is no {preset!r}; allowed: {', '.join(sorted(known[1:]))}")


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
