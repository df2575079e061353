"""Where do we hear each brand? Platform by platform, the best road that really works now (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from config.watch import MastodonSource, Source, WeiboSource
from desk.screens.listening import Ear, ears
from store.nouns import SourceState


class Road(StrEnum):
    """How a platform reaches us, the best first; BROKEN, UNREAD and NONE are no hearing."""

    LIVE = "live"
    VENDOR = "vendor"
    BRIDGE = "bridge"
    MANUAL = "manual"
    BROKEN = "broken"
    UNREAD = "unread"
    NONE = "none"


# Platform → what sources call it. The order is the order of the board.
PLATFORMS: dict[str, tuple[str, ...]] = {
    "weibo": ("weibo",),
    "wechat": ("wechat", "weixin", "mp"),
    "douyin": ("douyin",),
    "xiaohongshu": ("xiaohongshu", "xhs", "rednote"),
    "zhihu": ("zhihu",),
    "bilibili": ("bilibili",),
    "toutiao": ("toutiao",),
    "baidu": ("baidu", "tieba"),
    "heimao": ("heimao", "tousu", "blackcat"),
    "12315": ("12315", "12345"),
    "appstore": ("appstore", "app_store"),
    "x": ("x", "twitter"),
    "mastodon": ("mastodon",),
    "bluesky": ("bluesky", "bsky"),
    "reddit": ("reddit",),
    "hackernews": ("hackernews", "hn"),
    "youtube": ("youtube",),
    "news": ("news", "gdelt", "newsapi"),
    "telegram": ("telegram",),
}
_BY_NAME = {name: platform for platform, names in PLATFORMS.items() for name in names}


@dataclass(frozen=True, slots=True)
class Cell:
    """One platform for one brand.

    `sources` carry the road; `broken` are those that would, but are not heard; `since` when the last of them fell
    silent; `partial`: only the hot list (hotlist), or only what speaks to our own account (own).
    """

    road: Road
    sources: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    since: datetime | None = None
    partial: str = ""

    @property
    def heard(self) -> bool:
        return self.road in (Road.LIVE, Road.VENDOR, Road.BRIDGE, Road.MANUAL)


@dataclass(frozen=True, slots=True)
class Row:
    """A platform and its cells, one per brand in the order asked for."""

    platform: str
    cells: tuple[Cell, ...]

    @property
    def whole(self) -> bool:
        return all(cell.heard and not cell.partial for cell in self.cells)


def platform_of(source: Source) -> str:
    """The board's name of the source's platform; its own word when the board has no row for it."""
    name = source.platform.strip().lower()
    return _BY_NAME.get(name, name)


def coverage(
    sources: Iterable[Source], states: Mapping[str, SourceState], brands: Sequence[str], now: datetime
) -> tuple[Row, ...]:
    """The board: every known platform, then those only our sources know. A source without a brand is for every one."""
    heard: dict[str, list[Ear]] = {platform: [] for platform in PLATFORMS}
    for ear in ears(sources, states, now):
        heard.setdefault(platform_of(ear.source), []).append(ear)
    return tuple(
        Row(platform, tuple(_cell([ear for ear in found if ear.source.brand in ("", brand)]) for brand in brands))
        for platform, found in heard.items()
    )


def partial_of(source: Source) -> str:
    """hotlist or own when the source cannot hear the platform's public, else ""."""
    if source.klass == "hotlist":
        return "hotlist"
    if isinstance(source, WeiboSource) and "search" not in source.parts:
        return "own"
    if isinstance(source, MastodonSource) and not (source.tags or source.search):
        return "own"
    return ""


def _cell(found: Sequence[Ear]) -> Cell:
    active = [ear for ear in found if ear.word != "off"]
    deaf = [ear for ear in active if ear.deaf]
    broken = tuple(sorted(ear.source.id for ear in deaf))
    since = max((ear.since for ear in deaf if ear.since), default=None)
    works = [ear for ear in active if not ear.deaf and ear.word != "unknown"]
    best = min((_rank(ear) for ear in works), default=None)
    # A hot list that still comes is no comfort while the search behind it is dead.
    if best is None or (best[0] and any(not partial_of(ear.source) for ear in deaf)):
        road = Road.BROKEN if deaf else Road.UNREAD if active else Road.NONE
        ids = broken or tuple(sorted(ear.source.id for ear in active))
        return Cell(road, () if road is Road.NONE else ids, broken, since)
    best_ears = sorted((ear for ear in works if _rank(ear) == best), key=lambda ear: ear.source.id)
    partial = partial_of(best_ears[0].source)
    return Cell(Road(best_ears[0].source.via), tuple(ear.source.id for ear in best_ears), broken, since, partial)


def _rank(ear: Ear) -> tuple[bool, int]:
    return bool(partial_of(ear.source)), list(Road).index(Road(ear.source.via))
