"""What tells one incident from another of its kind: the places, sites and models a post names (pure)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from ahocorasick_rs import AhoCorasick, MatchKind

from monitor.folding import HAN, fold, is_latin

LONGEST: Final = 2000
# Who lists many places speaks of the whole country.
MOST_PLACES: Final = 3
# "南京路" is a street of many cities, "兰州拉面" a dish.
_NOT_HERE: Final = re.compile(
    r"[东西南北中]{0,2}(?:路|大道|街)|烤鸭|板鸭|拉面|火锅|小面|米线|炒饭|热干面|臭豆腐|螺蛳粉|啤酒|银行|大学|日报|晚报|卫视"
)
# "新街口店" is called 新街口, "万达广场" is called by the whole word.
_SITE: Final = re.compile(
    "(?:直营|加盟|旗舰|专卖|体验)?(?<![酒饭总书药网商])(?:门店|分店|店)(?!员|长|家|铺|主|名)"
    "|(?P<whole>广场|商场|商城|购物中心|酒店|校区|小学|中学|幼儿园|工厂|厂区|机场|车站|基地|园区)"
)
_BEFORE: Final = re.compile(f"[{HAN}]*$")
_SITE_EN: Final = re.compile(
    r"\b((?:[A-Z][\w'’-]+ ){1,3})(?:store|branch|shop|outlet|location|factory|plant|warehouse|airport|restaurant)\b"
)
_CUT: Final = re.compile("[在了的去到于是和与及这那从被给说把我你他她您们某该此就才又也还都刚个有叫位称边近多]")
_COMMON: Final = re.compile(
    "家?(?:奶茶|咖啡|便利|专卖|加盟|直营|连锁|实体|线下|线上|旗舰|官方|甜品|面包|蛋糕|火锅|烧烤|理发|服装|超市|附近|楼下|公司|学校"
    "|本地|当地|同城|全国|全部|所有|各地|涉事|部分|新开|老字号|[一两三几每哪其][条家他它]|美食|水果|零食|茶饮|饮品|餐饮|快餐"
    "|数码|手机|专营|自营|代理|授权|宠物|美容|美发|健身|[开进关探闭]|广场|商场|商城|购物中心|酒店|校区|小学|中学|幼儿园|工厂|厂区"
    "|国际机场|机场|火?车站|基地|园区)"
)
_MODEL: Final = re.compile(r"(?<![a-z0-9.-])(?=[a-z-]*\d)(?=[\d-]*[a-z])[a-z0-9]+(?:-[a-z0-9]+)?(?![a-z0-9-])")
_BATCH: Final = re.compile(r"批(?:号|次)[为是:]? ?([a-z0-9]{4,20})")
_NO_MODEL: Final = re.compile(
    r"\d+(?:st|nd|rd|th|g|k|w|s|h|m|d|x|am|pm|min|ml|kg|cm|mm|km|gb|tb|hz|w\+|days?|hrs?)|covid.*"
)


@dataclass(frozen=True, slots=True)
class Marks:
    """Cities as region/city, named sites, product or flight numbers; empty when a post names none."""

    places: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.places or self.sites or self.models)


@dataclass(frozen=True, slots=True)
class _Place:
    """What a name stands for: "region" or "region/city"; `within` is a part of the city, which may name a site too."""

    name: str
    latin: bool
    within: bool


@lru_cache(maxsize=1024)
def marks(title: str, text: str) -> Marks:
    """The marks of one post; any string is accepted, what is long is cut."""
    whole = f"{title[:LONGEST]}\n{text[:LONGEST]}"
    folded = fold(whole).text
    found = list(_places(folded))
    places = frozenset(place.name for place, _, _ in found)
    bare = folded
    for place, start, end in reversed(found):
        if not place.within:
            # A comma stands for the city: what a site is called begins behind it.
            bare = f"{bare[:start]},{bare[end:]}"
    sites = frozenset((*_sites(bare), *_english_sites(whole)))
    models = {word for word in _MODEL.findall(folded) if not _NO_MODEL.fullmatch(word)} | set(_BATCH.findall(folded))
    return Marks(places if len(places) <= MOST_PLACES else frozenset(), sites, frozenset(models))


def together(places: Iterable[str], others: Iterable[str]) -> bool:
    """Whether any place of one side may be the same as one of the other: the city, or a region and a city of it."""
    theirs = set(others)
    regions = {one for one in theirs if "/" not in one}
    inside = {one.split("/")[0] for one in theirs}
    return any(one in theirs or one.split("/")[0] in regions or ("/" not in one and one in inside) for one in places)


def _places(folded: str) -> Iterator[tuple[_Place, int, int]]:
    tree, names = _gazetteer()
    for index, start, end in tree.find_matches_as_indexes(folded):
        place = names[index]
        if _NOT_HERE.match(folded, end) or (place.latin and (_glued(folded, start - 1) or _glued(folded, end))):
            continue
        yield place, start, end


def _glued(text: str, at: int) -> bool:
    return 0 <= at < len(text) and is_latin(text[at])


@cache
def _gazetteer() -> tuple[AhoCorasick, list[_Place]]:
    meant: dict[str, _Place] = {}
    for line in files("monitor.clusters").joinpath("places.txt").read_text("utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        regions, cities = line.split(":")
        region = regions.split("/")[0]
        for city in cities.split():
            names = city.split("/")
            for name in names:
                within = not name.isascii() and name != names[0]
                meant.setdefault(_form(name), _Place(f"{region}/{names[0]}", name.isascii(), within))
        for name in regions.split("/"):
            meant.setdefault(_form(name), _Place(region, name.isascii(), within=False))
    return AhoCorasick(list(meant), matchkind=MatchKind.LeftmostLongest), list(meant.values())


def _form(name: str) -> str:
    return fold(name.replace("_", " ")).text


def _sites(bare: str) -> Iterator[str]:
    for found in _SITE.finditer(bare):
        before = _BEFORE.search(bare, max(0, found.start() - 8), found.start())
        core = _CUT.split(before[0] if before else "")[-1][-6:] + (found["whole"] or "")
        if len(core) >= 2 and not _COMMON.fullmatch(core):
            yield core


def _english_sites(text: str) -> Iterator[str]:
    for found in _SITE_EN.finditer(text):
        yield found[1].strip().lower()
