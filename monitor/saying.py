"""What a reading says to a person (pure): counts, what is usual, how often the watched past saw as much; zh and en.

Never a probability: "once in so many years" cannot be known from a few weeks.
"""

from monitor.peaks import LEAST_RATIO
from monitor.rarity import PER_DAY
from monitor.series import Reading
from monitor.signals import Evidence

# Shorter than this a past is told in hours.
_DAY_LEAST = 1.0
_TEN_THOUSAND = 10_000
# Oftener than this a past is no news.
_TELLING = 9


def sentence(reading: Reading, lang: str = "zh") -> str:
    """The whole of it: the volume, the past, then each reason. "" for a quiet reading."""
    if not reading.evidence:
        return ""
    parts = [volume(reading, lang), past(reading, lang), reasons(reading, lang)]
    stop = "。" if lang == "zh" else ". "
    return stop.join(part[0].upper() + part[1:] for part in parts if part) + stop.strip()


def reasons(reading: Reading, lang: str = "zh") -> str:
    """What else speaks for it, the weightiest two; "" where moods are unknown and the volume says it all."""
    said = [one for one in reading.evidence if one.share is not None or one.kind == "slow_burn"]
    # A greater share of complaints is part of a greater number of them.
    whole = {one.kind for one in said} & {"complaints", "campaign", "cold"}
    said = [one for one in said if not (whole and one.kind in ("share", "volume"))]
    return ("；" if lang == "zh" else "; ").join(reason(one, lang) for one in said[:2])


def volume(reading: Reading, lang: str = "zh") -> str:
    """15 分钟 312 条；此品牌此时通常 40 条（7.8 倍）"""
    count = f"{reading.count:.0f}"
    if reading.cold and reading.days < _DAY_LEAST:
        return f"15 分钟 {count} 条" if lang == "zh" else f"{count} in 15 minutes"
    usual, times = f"{reading.usual:.{0 if reading.usual >= 10 else 1}f}", f"{reading.ratio:.1f}"
    if reading.usual < 1:
        zh = f"15 分钟 {count} 条；此品牌此时通常不到 1 条"
        en = f"{count} in 15 minutes; usually less than 1 at this hour"
    else:
        zh = f"15 分钟 {count} 条；此品牌此时通常 {usual} 条（{times} 倍）"
        en = f"{count} in 15 minutes; usually {usual} at this hour ({times} times)"
    return zh if lang == "zh" else en


def past(reading: Reading, lang: str = "zh") -> str:
    """过去 38 天里只有 1 次达到这个倍数"""
    if reading.cold:
        hours = reading.days * PER_DAY / 12
        zh, en = (
            f"才监测 {hours:.0f} 小时，只按绝对数判断",
            f"watched for only {hours:.0f} hours: judged by plain numbers",
        )
        return zh if lang == "zh" else en
    # How often is told by what was rarer: this many times the usual, or this many.
    by_ratio = reading.ratio >= LEAST_RATIO and reading.times <= reading.loud_days
    n = reading.times if by_ratio else reading.loud_days
    if n > _TELLING:
        return ""
    never, only, often = _PAST[lang, by_ratio]
    form = never if n == 0 else only if n <= 2 else often
    return form.format(days=f"{reading.days:.0f}", n=n)


def reason(found: Evidence, lang: str = "zh") -> str:
    """One kind of evidence in its own numbers."""
    return (_ZH if lang == "zh" else _EN)[found.kind].format(
        count=f"{found.count:.0f}",
        usual=f"{found.usual:.0f}" if found.usual >= 1 else ("不到 1" if lang == "zh" else "less than 1"),
        span=_span(found.minutes, lang),
        times=f"{found.count / max(found.usual, 1):.1f}",
        share=_percent(found.share, lang),
        base=_percent(found.base, lang),
        followers=_followers(found.followers, lang),
        authors="" if found.authors is None else _authors(found.authors, lang),
    )


# (language, told by the ratio and not by the count): never, once or twice, oftener.
_PAST = {
    ("zh", True): (
        "过去 {days} 天里从没有达到这个倍数",
        "过去 {days} 天里只有 {n} 次达到这个倍数",
        "过去 {days} 天里有 {n} 次达到这个倍数",
    ),
    ("zh", False): (
        "过去 {days} 天里从没有这么多",
        "过去 {days} 天里只有 {n} 天有过这么多",
        "过去 {days} 天里有 {n} 天有过这么多",
    ),
    ("en", True): (
        "never so many times the usual in the past {days} days",
        "so many times the usual only {n}x in the past {days} days",
        "so many times the usual {n}x in the past {days} days",
    ),
    ("en", False): (
        "never so many in the past {days} days",
        "as many on only {n} of the past {days} days",
        "as many on {n} of the past {days} days",
    ),
}
_ZH = {
    "volume": "最近{span}负面 {share}",
    "complaints": "最近{span}负面 {count} 条，通常 {usual} 条；负面占 {share}，平时 {base}",
    "share": "最近{span}负面占 {share}（{count} 条），平时 {base}",
    "cold": "最近{span} {count} 条，负面 {share}",
    "slow_burn": "最近{span} {count} 条，通常 {usual} 条（{times} 倍），在慢慢涨",
    "flood": "最近{span} {count} 条里 {share} 是重复的文本{authors}，像刷屏",
    "reach": "有粉丝 {followers}的账号参与；最近{span} {count} 条，负面 {share}",
    "trend": "投诉平台最近{span} {count} 条，之前通常 {usual} 条（{times} 倍），还在涨",
    "campaign": "计划活动进行中，但最近{span}负面 {count} 条，占 {share}，平时 {base}",
}
_EN = {
    "volume": "complaints of the last {span}: {share}",
    "complaints": "{count} complaints in {span}, usually {usual}; they are {share} of all, usually {base}",
    "share": "complaints are {share} of the last {span} ({count}), usually {base}",
    "cold": "{count} in {span}, complaints {share}",
    "slow_burn": "{count} in {span}, usually {usual} ({times} times), rising slowly",
    "flood": "{share} of {count} posts in {span} repeat one text{authors}: it looks like a flood",
    "reach": "an account with {followers} followers is in on it; {count} in {span}, complaints {share}",
    "trend": "{count} on complaint platforms in {span}, {usual} before ({times} times), and rising",
    "campaign": "a campaign is on, but {count} complaints in {span} are {share} of all, usually {base}",
}


def _span(minutes: int, lang: str) -> str:
    hours, days = minutes // 60, minutes // (24 * 60)
    if days:
        return f" {days} 天" if lang == "zh" else f"{days} days"
    if lang == "zh":
        return f" {hours} 小时" if hours else f" {minutes} 分钟"
    return (f"{hours} hours" if hours > 1 else "1 hour") if hours else f"{minutes} minutes"


def _percent(share: float | None, lang: str) -> str:
    if share is None:
        return "未知" if lang == "zh" else "unknown"
    return f"{share:.0%}"


def _followers(count: float, lang: str) -> str:
    if lang == "zh":
        return f"{count / _TEN_THOUSAND:.0f} 万" if count >= _TEN_THOUSAND else f"{count:.0f} "
    return f"{count:,.0f}"


def _authors(count: float, lang: str) -> str:
    return f"，作者最多 {count:.0f} 位" if lang == "zh" else f" by at most {count:.0f} authors"
