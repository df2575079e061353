"""What the add-source form asks for, kind by kind: the fewest fields first, the rest behind “more” (pure)."""

from dataclasses import dataclass
from typing import Final

from config.mapping import BUILT_IN, JsonSpec
from config.presets import load_preset, preset_names
from config.sources import CODED_SHAPES

VIAS: Final = ("live", "vendor", "bridge", "manual")
KLASSES: Final = ("", "post", "comment", "complaint", "review", "article", "video", "hotlist")


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `form`: text, url, select, check, secret, brand, platform. `label` is a name of a preset's own."""

    name: str
    form: str = "text"
    required: bool = False
    options: tuple[str, ...] = ()
    default: str = ""
    more: bool = False
    label: str = ""


_SECRET = Field("secret_env", "secret", required=True)
_QUERY = Field("query")
_INTERVALS = (Field("interval", default="3m", more=True), Field("hot_interval", default="10s", more=True))
_END = (
    Field("id", more=True),
    Field("zone", default="Asia/Shanghai", more=True),
    Field("klass", "select", options=KLASSES, more=True),
)
_FIELDS: Final[dict[str, tuple[Field, ...]]] = {
    "feed": (
        Field("url", "url", required=True), Field("platform", "platform", required=True, default="news"),
    ),
    "weibo": (
        _SECRET, _QUERY, Field("part_search", "check", default="on"), Field("part_mentions", "check"),
        Field("part_comments", "check"), Field("uid", more=True),
    ),
    "mastodon": (
        Field("base_url", "url", required=True), Field("tags"), Field("search", "check"), Field("mentions", "check"),
        Field("secret_env", "secret"),
    ),
    "bluesky": (
        Field("handle", required=True), _SECRET, _QUERY, Field("notifications", "check"),
        Field("base_url", "url", default="https://bsky.social", more=True),
    ),
    "x": (
        _SECRET, _QUERY, Field("daily_usd", required=True, default="5"), Field("always_posts", "check"),
        Field("vocabulary", "select", options=("tweet", "post"), default="tweet", more=True),
    ),
    "inbound": (
        Field("platform", "platform", required=True, default="weibo"), _SECRET, Field("preset", "select"),
        Field("silent_after"),
    ),
    "import": (Field("platform", "platform", required=True, default="xiaohongshu"), Field("preset", "select")),
}  # fmt: skip


def askable() -> dict[str, JsonSpec]:
    """The shipped presets that can be asked over HTTP."""
    specs = {name: load_preset(name) for name in preset_names()}
    return {name: spec for name, spec in specs.items() if spec.request is not None}


def fields_of(kind: str, preset: str = "") -> tuple[Field, ...]:
    """The fields of a kind (for json: of a preset), those behind “more” last; () for a kind there is not."""
    if kind == "json":
        spec = askable().get(preset)
        own = _preset_fields(spec) if spec else ()
    else:
        own = tuple(_with_presets(one) for one in _FIELDS.get(kind, ()))
    if not own:
        return ()
    polled = kind not in ("inbound", "import")
    via = Field("via", "select", options=VIAS, default=_via(kind), more=True)
    every = (*own, Field("brand", "brand"), *_END, *(_INTERVALS if polled else ()), via)
    return tuple(sorted(every, key=lambda one: one.more))


def _via(kind: str) -> str:
    return {"inbound": "vendor", "import": "manual"}.get(kind, "live")


def _with_presets(field: Field) -> Field:
    if field.name != "preset":
        return field
    return Field("preset", "select", options=("", *CODED_SHAPES, *preset_names()))


def _preset_fields(spec: JsonSpec) -> tuple[Field, ...]:
    request = spec.request
    assert request is not None  # noqa: S101  only those that can be asked come here
    names = sorted((request.names() | set(request.values)) - (BUILT_IN - {"query"}))
    own = [
        Field(f"value_{name}", required=name not in request.values and name != "query",
              default=request.values.get(name, ""), label=name, more=name in request.values)
        for name in names
    ]  # fmt: skip
    if request.auth.type != "none":
        own.append(Field("secret_env", "secret", required=True, default=request.auth.env))
    return tuple(own) or (Field("interval", default="3m"),)
