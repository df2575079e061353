"""One row of somebody's table, or one object of their JSON, becomes a mention, or is refused with a reason (pure)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from config.errors import InputError
from config.mapping import JsonSpec
from config.place import Place
from config.presets import load_preset
from monitor.imports import crawler
from monitor.imports.aliases import klass_of, plan_of, platform_of
from monitor.imports.cells import count_of, id_of, name_of, when_of, words_of, yes_of
from monitor.sources.described.mapping import map_items
from monitor.sources.plain import LONGEST_TEXT, web_url
from store.nouns import RawMention

# Fewer digits than this are a line number of the table, not the name of a thing.
_ROW_NUMBER_DIGITS: Final = 6
_LONGEST_EXCERPT: Final = 4000
_PERSONAL: Final = ("author", "handle")
# So general that they must not overrule what the settings say of a source.
_GENERAL: Final = ("news", "forum", "blog")


@dataclass(frozen=True, slots=True)
class Rules:
    """What a row is read by. `said` are (field, name of the column) somebody fixed by hand."""

    source: str
    platform: str
    klass: str
    zone: ZoneInfo
    now: datetime
    said: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a batch; `rejected` are (index in the batch, reason), `dropped` were deleted or not public."""

    mentions: tuple[RawMention, ...]
    rejected: tuple[tuple[int, str], ...] = ()
    dropped: int = 0


def rules_of(place: Place, now: datetime, said: Mapping[str, str] | None = None) -> Rules:
    """The rules of a source; `said` is field → column."""
    return Rules(place.id, place.platform, place.klass, ZoneInfo(place.zone), now, tuple((said or {}).items()))


def read_items(items: Sequence[object], rules: Rules) -> Read:
    """Every item on its own: one bad row never costs its neighbours."""
    mentions, rejected = [], []
    for index, item in enumerate(items):
        try:
            mentions.append(mention_of(item, rules))
        except InputError as error:
            rejected.append((index, str(error)))
    return Read(tuple(mentions), tuple(rejected))


def mention_of(item: object, rules: Rules) -> RawMention:
    """The mention a row holds; InputError says in one clause why it holds none."""
    if not isinstance(item, Mapping):
        raise InputError("is not an object with fields")
    cells: Mapping[str, object] = {str(name): value for name, value in item.items()}
    if crawler.is_crawler(cells) and not rules.said:
        return _crawled(cells, rules)
    return _Row(cells, plan_of(tuple(cells), rules.said)).mention(rules)


def _crawled(cells: Mapping[str, object], rules: Rules) -> RawMention:
    """A row of MediaCrawler's, by the preset that describes it."""
    found = map_items(
        _crawler_spec(),
        [crawler.prepared(cells)],
        zone=rules.zone,
        now=rules.now,
        platform=rules.platform,
        klass=rules.klass,
    )
    for _, reason in found.rejected:
        raise InputError(reason)
    return found.mentions[0]


@cache
def _crawler_spec() -> JsonSpec:
    return load_preset(crawler.PRESET).model_copy(update={"items": "@"})


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that is asked by our own field names; `plan` says which of its cells fill which."""

    cells: Mapping[str, object]
    plan: Mapping[str, tuple[str, ...]]

    def cell(self, field: str) -> object:
        """The first cell of the field that says something, None when none does."""
        found = (self.cells[name] for name in self.plan.get(field, ()))
        return next((value for value in found if name_of(value, limit=40)), None)

    def mention(self, rules: Rules) -> RawMention:
        title, text, cut = self.words()
        when, raw_date, coarse = when_of(self.cell("published_at"), now=rules.now, zone=rules.zone)
        platform, media = self.platform(rules)
        author, url = name_of(self.cell("author")) or media, web_url(name_of(self.cell("url"), limit=2100))
        return RawMention(
            ext_id=self.ext_id(rules, url, f"{author}\n{title}\n{text}\n{raw_date}"),
            url=url,
            title=title,
            text=text,
            author=author,
            handle=self.quiet_id("handle"),
            followers=count_of(self.cell("followers")),
            published_at=when,
            raw_date=raw_date,
            date_estimated=coarse,
            likes=count_of(self.cell("likes")),
            comments=count_of(self.cell("comments")),
            reposts=count_of(self.cell("reposts")),
            views=count_of(self.cell("views")),
            points=count_of(self.cell("points")),
            rank=count_of(self.cell("rank")),
            platform=platform,
            klass=klass_of(name_of(self.cell("klass"), limit=40)) or rules.klass,
            lang=name_of(self.cell("lang"), limit=12),
            verified=yes_of(self.cell("verified")),
            bot=yes_of(self.cell("bot")),
            parent_ext_id=self.quiet_id("parent_ext_id"),
            repost_of=self.quiet_id("repost_of"),
            region=name_of(self.cell("region"), limit=60),
            status=name_of(self.cell("status"), limit=40),
            truncated=cut or yes_of(self.cell("truncated")) is True,
            raw_excerpt=self.excerpt(),
        )

    def words(self) -> tuple[str, str, bool]:
        """(title, text, whether there was more than this)."""
        title, text = words_of(self.cell("title"), limit=500), words_of(self.cell("text"))
        cut = len(text) >= LONGEST_TEXT
        if not text:
            text = words_of(self.cell("summary"))
            cut = bool(text)
        if not (title or text):
            raise InputError("has no words: neither a title nor a text")
        return title, text, cut

    def platform(self, rules: Rules) -> tuple[str, str]:
        """(platform, name of the medium where that is no platform)."""
        said, media = name_of(self.cell("platform"), limit=40), name_of(self.cell("media"))
        kind = platform_of(name_of(self.cell("klass"), limit=40))
        known = platform_of(said) or said.casefold() or platform_of(media) or (kind if kind not in _GENERAL else "")
        return known or rules.platform, "" if platform_of(media) else media

    def ext_id(self, rules: Rules, url: str, words: str) -> str:
        """The platform's own id; else the sender's, unique only with its source; else the address, else the words."""
        own, theirs = id_of(self.cell("ext_id"), "id"), id_of(self.cell("id"), "id")
        if own:
            return own
        if theirs and not (theirs.isdecimal() and len(theirs) <= _ROW_NUMBER_DIGITS):
            return f"{rules.source}#{theirs}"
        kind, key = ("url", url) if url else ("text", words)
        return f"{kind}:{hashlib.sha256(key.encode()).hexdigest()[:40]}"

    def quiet_id(self, field: str) -> str:
        """An id that is only of use when it is whole: a rounded one is left out, the row is not."""
        try:
            return id_of(self.cell(field), field)
        except InputError:
            return ""

    def excerpt(self) -> str:
        """What came, without the cells that say who it was and those nobody here has a use for."""
        names = [name for field, of in self.plan.items() if field not in _PERSONAL for name in of]
        kept = {name: self.cells[name] for name in names if self.cells[name] not in (None, "")}
        return json.dumps(kept, ensure_ascii=False, default=str)[:_LONGEST_EXCERPT]
