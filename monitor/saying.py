"""What a reading says to a person (pure): counts, what is usual, how often the watched past saw as much; zh and en.

Never a probability: "once in so many years" cannot be known from a few weeks.
"""

from monitor.peaks import KEPT
from monitor.rarity import PER_DAY
from monitor.series import Reading
from monitor.signals import Evidence

# Shorter than this a past is told in hours.
_DAY_LEAST = 1.0
_TEN_THOUSAND = 10_000


def sentence(reading: Reading, lang: str = "zh") -> str:
    """The whole of it: the volume, the past, then each reason. "" for a quiet reading."""
    if not reading.evidence:
        return ""
    parts = [volume(reading, lang), past(reading, lang), *(reason(one, lang) for one in reading.evidence)]
    stop = "。" if lang == "zh" else ". "
    return stop.join(part for part in parts if part).strip() + stop.strip()


def volume(reading: Reading, lang: str = "zh") -> str:
    """15 分钟 312 条；此品牌此时通常 40 条（7.8 倍）"""
    count = f"{reading.count:.0f}"
    if reading.cold and reading.days < _DAY_LEAST:
        return f"15 分钟 {count} 条" if lang == "zh" else f"{count} in 15 minutes"
    usual, times = f"{reading.usual:.0f}", f"{reading.ratio:.1f}"
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
        zh, en = f"才监测 {hours:.0f} 小时，只按绝对数判断", f"watched for only {hours:.0f} hours: judged by plain numbers"
        return zh if lang == "zh" else en
    if reading.ratio < 2:
        # What is not loud by itself is told by its reasons.
        return ""
    days, n = f"{reading.days:.0f}", reading.times
    if n == 0:
        zh, en = f"过去 {days} 天里从没有达到过这个倍数", f"in the past {days} days it never was as many times the usual"
    elif n >= KEPT:
        zh, en = f"过去 {days} 天里有 {n} 次以上达到这个倍数", f"in the past {days} days it was at least {n} times"
    else:
        only = "只有" if n <= 2 else "有"
        zh, en = f"过去 {days} 天里{only} {n} 次达到这个倍数", f"in the past {days} days it was {_often(n)}"
    return zh if lang == "zh" else en


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


_ZH = {
    "volume": "最近{span}负面 {share}",
    "complaints": "最近{span}负面 {count} 条，通常 {usual} 条；负面占 {share}，平时 {base}",
    "share": "最近{span}负面占 {share}（{count} 条），平时 {base}",
    "cold": "最近{span} {count} 条，负面 {share}",
    "slow_burn": "最近{span} {count} 条，通常 {usual} 条（{times} 倍），在慢慢涨",
    "flood": "最近{span} {count} 条里 {share} 是重复的文本{authors}，像刷屏",
    "reach": "有粉丝 {followers}的账号参与；最近{span} {count} 条，负面 {share}",
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
    "campaign": "a campaign is on, but {count} complaints in {span} are {share} of all, usually {base}",
}


def _span(minutes: int, lang: str) -> str:
    hours = minutes // 60
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


def _often(n: int) -> str:
    return "only once" if n == 1 else "only twice" if n == 2 else f"{n} times"
