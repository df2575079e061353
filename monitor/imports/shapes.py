"""Whose shape a document has: our own names, a shipped or own field map, or what Weibo's push service sends (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from config.errors import InputError, SourceError
from config.mapping import JsonSpec
from config.presets import load_preset, preset_names
from config.sources import CODED_SHAPES
from monitor.imports import crawler, lines
from monitor.imports.rows import Read, Rules, read_items
from monitor.sources.described import mapping
from monitor.sources.described.text import parse_json
from monitor.sources.weibo import shapes as weibo_shapes

WEIBO: Final = "weibo"


@dataclass(frozen=True, slots=True)
class Shape:
    """How what one source brings is read. `spec` None: by our own names, which include MediaCrawler's."""

    spec: JsonSpec | None = None
    weibo: bool = False
    crawler: bool = False

    @property
    def jsonp(self) -> bool:
        """Whether a call may stand around the JSON."""
        return self.spec is not None and self.spec.shape == "jsonp"

    def parse(self, text: str) -> object:
        """What a JSON or JSONP text of this shape says; InputError."""
        if not self.jsonp:
            return lines.parse(text)
        try:
            return parse_json(text.strip(), jsonp=True).document
        except SourceError as error:
            raise InputError(f"is {error}") from error

    def items(self, document: object) -> Sequence[object]:
        """The items of a whole document; InputError when there are none to be found."""
        if self.spec is None:
            return lines.items_of(document)
        try:
            return mapping.items_of(self.spec, document)
        except SourceError as error:
            raise InputError(str(error)) from error

    def read(self, items: Sequence[object], rules: Rules) -> Read:
        """The mentions of such items, each for itself."""
        if self.weibo:
            return _weibo(items, rules)
        if self.spec is None:
            return read_items(items, rules)
        found = [crawler.prepared(one) if self.crawler and isinstance(one, Mapping) else one for one in items]
        return _mapped(self.spec.model_copy(update={"items": "@"}), found, rules)

    def read_document(self, document: object, rules: Rules) -> Read:
        """The mentions of a whole document, of a bare list of items, or of a single item without its envelope."""
        if self.spec is None or self.crawler:
            return self.read(self.items(document), rules)
        try:
            return _mapped(self.spec, document, rules)
        except SourceError as error:
            bare = self.read(document if isinstance(document, list) else [document], rules)
            if not bare.mentions:
                raise InputError(str(error)) from error
            return bare


def shape_of(preset: str, spec: JsonSpec | None) -> Shape:
    """The shape a source's settings name; InputError for a preset nobody ships."""
    if spec is not None:
        return Shape(spec)
    if not preset:
        return Shape()
    if preset == WEIBO:
        return Shape(weibo=True)
    if preset not in preset_names():
        known = ", ".join(sorted((*CODED_SHAPES, *preset_names())))
        raise InputError(f"preset: there is no {preset!r}; allowed: {known}")
    return Shape(load_preset(preset), crawler=preset == crawler.PRESET)


def _mapped(spec: JsonSpec, document: object, rules: Rules) -> Read:
    found = mapping.map_items(
        spec, document, zone=rules.zone, now=rules.now, platform=rules.platform, klass=rules.klass
    )
    return Read(found.mentions, found.rejected, found.dropped)


def _weibo(items: Sequence[object], rules: Rules) -> Read:
    """Every item may be a message with one post, or a whole answer with many."""
    mentions, rejected, dropped = [], [], 0
    for index, item in enumerate(items):
        inside = list(weibo_shapes.items_of(item))
        made = [weibo_shapes.mention_of(klass, one, now=rules.now, zone=rules.zone) for klass, one in inside]
        mentions += [one for one in made if one is not None]
        dropped += sum(1 for one in made if one is None)
        if not inside:
            rejected.append((index, "holds no Weibo post or comment"))
    return Read(tuple(mentions), tuple(rejected), dropped)
