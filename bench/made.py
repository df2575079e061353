"""Made mentions for measuring: a fictional brand's ordinary days and one crisis, the same for the same seed."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

BRAND = {
    "name": "青岚咖啡",
    "any": ["青岚咖啡", "青岚"],
    "ambiguous": ["青岚"],
    "context": ["咖啡", "拿铁", "门店", "杯"],
}
START = datetime(2026, 4, 6, 0, 0, tzinfo=UTC)
PLATFORMS = ("weibo", "weibo", "weibo", "douyin", "xiaohongshu", "x", "zhihu", "news")
WHO = ("早八人", "西湖边的猫", "加班到十点", "阿椰", "北漂小周", "退休老李", "打工人二号", "Momo")
OPENERS = ("今天", "刚刚", "下班路上", "周末", "第一次", "又一次", "陪朋友", "出差前")
DOING = (
    "点了青岚咖啡的燕麦拿铁",
    "喝了青岚的冷萃咖啡",
    "去了青岚咖啡新门店",
    "买了青岚联名杯",
    "排队买青岚咖啡",
    "喝青岚咖啡改方案",
)
FEELING = (
    "味道不错",
    "有点甜",
    "杯子好看",
    "排了二十分钟",
    "店员挺耐心",
    "性价比一般",
    "会回购",
    "冰块有点多",
    "香气很好",
)
CRISIS = (
    "在青岚咖啡{place}店喝出一截塑料，孩子咳了半天，现在在医院检查，有视频",
    "青岚咖啡{place}店的拿铁里有异物，我也喝到了，店员说正常",
    "转：青岚咖啡{place}喝出塑料的事，求关注，已经打12315",
    "青岚咖啡到底管不管，{place}店还在卖，孩子还在医院",
)
PLACES = ("湖滨", "武林", "城西", "滨江")


def pick(seed: int, index: int, what: str, among: int) -> int:
    """A number 0..among-1 that is always the same for the same place."""
    digest = hashlib.blake2b(f"{seed}:{index}:{what}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % among


def mentions(count: int, days: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """`count` mentions over `days`; the last tenth is a crisis on the last day, beginning at 14:00 in China."""
    calm = count - count // 10
    for index in range(calm):
        day = pick(seed, index, "day", days)
        # People sleep: the hour is the larger of two draws around the waking day.
        hour = max(pick(seed, index, "hour", 24), pick(seed, index, "hour2", 24))
        at = START + timedelta(days=day, hours=hour - 8, seconds=pick(seed, index, "second", 3600))
        text = "".join(
            (
                OPENERS[pick(seed, index, "o", 8)],
                DOING[pick(seed, index, "d", 6)],
                "，",
                FEELING[pick(seed, index, "f", 9)],
            )
        )
        yield _mention(seed, index, at, f"{text}，第{pick(seed, index, 'n', 900) + 1}杯")
    begins = START + timedelta(days=days - 1, hours=6)
    for index in range(calm, count):
        late = pick(seed, index, "late", 180) * pick(seed, index, "late2", 60)
        text = CRISIS[pick(seed, index, "c", len(CRISIS))].format(place=PLACES[pick(seed, index, "p", 4)])
        at = begins if index == calm else begins + timedelta(seconds=30 + late)
        yield _mention(seed, index, at, CRISIS[0].format(place="湖滨") if index == calm else text)


def scenario(count: int, days: int, seed: int = 1) -> str:
    """The same as a scenario file for `demo --scenario`."""
    head = json.dumps({"scenario": {"brand": BRAND, "tz": "Asia/Shanghai"}}, ensure_ascii=False)
    rows = sorted(mentions(count, days, seed), key=lambda one: (one["published_at"], one["id"]))
    return "\n".join([head, *(json.dumps(row, ensure_ascii=False) for row in rows)]) + "\n"


def _mention(seed: int, index: int, at: datetime, text: str) -> dict[str, Any]:
    platform = PLATFORMS[pick(seed, index, "platform", len(PLATFORMS))]
    return {
        "id": f"made-{seed}-{index}",
        "platform": platform,
        "url": f"https://{platform}.example/p/{seed}/{index}",
        "author": WHO[pick(seed, index, "who", len(WHO))] + str(pick(seed, index, "whono", 5000)),
        "followers": pick(seed, index, "fans", 5000),
        "published_at": at.isoformat(),
        "title": "",
        "text": text,
        "likes": pick(seed, index, "likes", 300),
        "comments": None,
        "reposts": pick(seed, index, "reposts", 40),
    }
