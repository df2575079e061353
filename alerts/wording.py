"""What pages say (pure): the first line carries level, brand, what, counts and minutes left; the rest explains."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.neutral import neutral
from store.nouns import Incident, Judged, Level

LEVEL_WORD = {
    "zh": {Level.RED: "红", Level.ORANGE: "橙", Level.YELLOW: "黄", Level.BLUE: "蓝", Level.NONE: "无"},
    "en": {Level.RED: "RED", Level.ORANGE: "ORANGE", Level.YELLOW: "YELLOW", Level.BLUE: "BLUE", Level.NONE: "NONE"},
}
REASON = {
    "zh": {
        "call": "请接手",
        "remind": "首响提醒",
        "breach": "首响已超时",
        "exhausted": "无人应答！",
        "promise": "承诺将到期",
        "broken": "承诺已过期",
        "test": "测试",
        "digest": "汇总",
        "dead_channel": "渠道失效",
        "restored": "恢复后待定",
        "clock_jump": "时钟跳变",
        "daily": "每日自检",
        "inquiry": "来件时限",
        "proof": "验证码",
    },
    "en": {
        "call": "please take it",
        "remind": "first-hour reminder",
        "breach": "first hour missed",
        "exhausted": "NOBODY ANSWERS",
        "promise": "promise comes due",
        "broken": "promise overdue",
        "test": "test",
        "digest": "digest",
        "dead_channel": "dead channel",
        "restored": "waits after a restore",
        "clock_jump": "clock jumped",
        "daily": "daily check",
        "inquiry": "somebody waits",
        "proof": "proof code",
    },
}
SUBJECT_LIMIT = 64
# As in the severity matrix: possible injury.
HURT = 3
_HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Told:
    """What a page tells about: the incident, its earliest mentions and the moment of telling."""

    incident: Incident
    mentions: Sequence[Judged]
    now: datetime
    zone: ZoneInfo
    extra: str = ""


def subject(told: Told, reason: str, lang: str) -> str:
    """The first line, at most 64 characters; a long title gives way, never the minutes left."""
    left = (told.incident.due_at - told.now) // timedelta(minutes=1)
    level = LEVEL_WORD[lang][told.incident.level]
    if lang == "zh":
        clock = f"剩{left}分" if left >= 0 else f"已超时{-left}分"
        head, tail = f"【{level}·{REASON[lang][reason]}】", f"｜{len(told.mentions)}条｜{clock}"
    else:
        clock = f"{left} min left" if left >= 0 else f"{-left} min over"
        head, tail = f"[{level}] {REASON[lang][reason]}: ", f" | {clock}"
    return head + neutral(told.incident.title, min(28, SUBJECT_LIMIT - len(head) - len(tail))) + tail


def body(told: Told, reason: str, lang: str, link: str) -> str:
    """Plain text, complete by itself; the link is the first link."""
    lines = _zh(told, reason, link) if lang == "zh" else _en(told, reason, link)
    # Quiet, at the very end: by which thresholds this was decided, for whoever asks later.
    decided_by = told.incident.policy.get("thresholds")
    if decided_by:
        lines += ["", f"{'阈值' if lang == 'zh' else 'Thresholds'} {decided_by}"]
    return "\n".join(lines)


def why(incident: Incident, mentions: Sequence[Judged], lang: str) -> str:
    """The sentence that says why. The spike's own is Chinese; English readers get the same facts from the evidence."""
    if lang == "zh" or not mentions or not _HAN.search(incident.why):
        return incident.why
    voices = len({(item.mention.platform, item.mention.voice) for item in mentions})
    platforms = len({item.mention.platform for item in mentions})
    hurt = sum(item.score.harm >= HURT for item in mentions)
    said = f"{_many(len(mentions), 'post')} by {_many(voices, 'author')} on {_many(platforms, 'platform')} so far"
    return said + (f"; {hurt} of them about people hurt or seeing a doctor" if hurt else "")


def _many(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")


def _zh(told: Told, reason: str, link: str) -> list[str]:
    incident = told.incident
    lines = [
        f"事件 #{incident.number} {neutral(incident.title, 60)}",
        f"等级：{LEVEL_WORD['zh'][incident.level]}　事由：{REASON['zh'][reason]}{_more(told, '：')}",
        f"为什么：{neutral(why(incident, told.mentions, 'zh'), 300)}",
        f"首发：{_clock(incident.t0, told.zone)}　发现：{_clock(incident.detected_at, told.zone)}　"
        f"首次回应截止：{_clock(incident.due_at, told.zone)}（当地时间）",
        _left_zh(told),
        "",
        f"打开并接手：\n{link}" if link else "",
        "",
        "最早的帖子：",
    ]
    lines += [_post(item, told.zone) for item in told.mentions[:5]] or ["（尚无）"]
    return lines


def _en(told: Told, reason: str, link: str) -> list[str]:
    incident = told.incident
    lines = [
        f"Incident #{incident.number} {neutral(incident.title, 60)}",
        f"Level: {LEVEL_WORD['en'][incident.level]}. Reason: {REASON['en'][reason]}{_more(told, ': ')}",
        f"Why: {neutral(why(incident, told.mentions, 'en'), 300)}",
        f"First post {_stamp(incident.t0, told.zone)}, seen {_stamp(incident.detected_at, told.zone)}, "
        f"first response due {_stamp(incident.due_at, told.zone)} (local time)",
        f"Minutes left: {(incident.due_at - told.now) // timedelta(minutes=1)}",
        "",
        f"Open and take it:\n{link}" if link else "",
        "",
        "Earliest posts:",
    ]
    lines += [_post(item, told.zone) for item in told.mentions[:5]] or ["(none yet)"]
    return lines


def _left_zh(told: Told) -> str:
    left = (told.incident.due_at - told.now) // timedelta(minutes=1)
    if left < 0:
        return f"首次回应已超时 {-left} 分钟。"
    return f"距首次回应截止还有 {left} 分钟。"


def _clock(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def _stamp(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _more(told: Told, colon: str) -> str:
    return colon + neutral(told.extra, 300) if told.extra else ""


def _post(item: Judged, zone: ZoneInfo) -> str:
    mention = item.mention
    # Many feeds repeat the text as its own title.
    words = mention.text if mention.title in mention.text else f"{mention.title} {mention.text}"
    return f"- {mention.event_at.astimezone(zone):%H:%M} {neutral(mention.platform, 20)}「{neutral(words, 90)}」"
