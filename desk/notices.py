"""What the service says about itself (pure): the daily check, a clock that was set, what waits after an absence."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.calling import Notice
from alerts.neutral import neutral
from config.clock import Jump
from store.figures import Span
from store.nouns import Incident, Level, Spike

SHOWN_SPIKES = 3
# Titles and names are strangers' words or long; a line of a page stays readable.
LONGEST_LINE = 120


@dataclass(frozen=True, slots=True)
class Day:
    """The last 24 hours in figures; `unwell` are the ids of sources that are not well, `small` the most posts first."""

    counts: Span
    unwell: tuple[str, ...]
    small: tuple[Spike, ...]


def daily(day: Day, turn: str, brands: dict[str, str]) -> Notice:
    """The page whose absence is the alarm."""
    counts = day.counts
    zh = [
        "每日自检：没有收到这条，就是呼叫坏了。收到了，不用做任何事。",
        "",
        "过去 24 小时：",
        f"- 读到提及 {counts.mentions} 条",
        f"- 状态不好的来源 {len(day.unwell)} 个{_names('：', '、', day.unwell)}",
        f"- 黄色以下的突增 {len(day.small)} 次（不建事件）{'，最大的：' if day.small else ''}",
        *(f"  · {neutral(one.why, LONGEST_LINE)}" for one in day.small[:SHOWN_SPIKES]),
        f"- 新建事件 {counts.incidents} 个",
        f"- 呼叫送达 {counts.sent} 条，未送达 {counts.failed} 条",
    ]
    en = [
        "Daily check: if this does not come, calling is broken. It came, so there is nothing to do.",
        "",
        "The last 24 hours:",
        f"- mentions read: {counts.mentions}",
        f"- sources not well: {len(day.unwell)}{_names(' (', ', ', day.unwell, ')')}",
        f"- spikes below yellow (they open no incident): {len(day.small)}{', the largest:' if day.small else ''}",
        *(f"  - {_spike_en(one, brands)}" for one in day.small[:SHOWN_SPIKES]),
        f"- incidents opened: {counts.incidents}",
        f"- pages sent: {counts.sent}, failed: {counts.failed}",
    ]
    heads = ("【每日自检】没有收到这条，就是呼叫坏了", "[daily check] if this does not come, calling is broken")
    return Notice("daily", turn, Level.BLUE, (heads[0], "\n".join(zh)), (heads[1], "\n".join(en)))


def clock_jump(jump: Jump, host: str, zone: ZoneInfo) -> Notice:
    """The machine's clock was set; the service did not follow."""
    ours, theirs = _at(jump.at, zone), _at(jump.wall, zone)
    size = _length(abs(jump.drift_s))
    back = abs(jump.drift_s) <= 1
    zh = f"{host} 的系统时钟又与本服务一致" if back else f"{host} 的系统时钟比本服务{_ahead_zh(jump.drift_s)} {size}"
    en = f"{host}: clock agrees again" if back else f"{host}: clock is {size} {_ahead_en(jump.drift_s)}"
    body_zh = [
        f"{zh}。",
        f"跳变时：系统时钟 {theirs}，本服务 {ours}。",
        "本服务沿用自己的时间，计时、提醒和升级都不受影响；重启后会采用系统时钟。",
        "请检查这台机器的时间同步（NTP）。系统时钟确实改对了的话，请在没有进行中的事件时重启本服务。",
    ]
    body_en = [
        f"{en}.",
        f"When it was set, the machine said {theirs}, the service {ours}.",
        "The service keeps its own time: clocks, reminders and escalation go on as they were; a restart takes the "
        "machine's time.",
        "Check the time synchronisation (NTP) of this machine. When its time is right now, restart the service while "
        "no incident is open.",
    ]
    turn = f"{host}:{jump.at:%Y-%m-%dT%H:%M}"
    return Notice(
        "clock_jump",
        turn,
        Level.YELLOW,
        (f"【时钟跳变】{zh}", "\n".join(body_zh)),
        (f"[clock jumped] {en}", "\n".join(body_en)),
    )


def scorer(lost: bool, name: str, now: datetime) -> Notice:
    """The model cannot be used and the word list judges in its place, or the model is back."""
    if lost:
        heads = ("【研判降级】模型用不了，暂由词表研判", "[scoring degraded] the word list judges in the model's place")
        zh = "没有风险词的危机现在认不出来。请看服务日志里的原因，用 ./goldenhour train 重新生成权重，再重启服务。"
        en = "Crises told without a risk word are not seen now. The log says why; ./goldenhour train makes new weights."
    else:
        heads = (f"【研判恢复】模型 {name} 又在研判", f"[scoring back] the model {name} judges again")
        zh, en = "不用做任何事。", "There is nothing to do."
    level = Level.ORANGE if lost else Level.BLUE
    return Notice("scorer", f"{lost}:{now.isoformat()}", level, (heads[0], zh), (heads[1], en))


def words(fault: str) -> Notice:
    """A saved version of words cannot be used; the file counts in its place."""
    said = neutral(fault, LONGEST_LINE)
    heads = ("【词表】保存的版本用不了，暂时按文件研判", "[words] a saved version cannot be used, the files count")
    zh = f"{said}\n请在“风险词表”或“品牌与查询”里看过，重新保存或退回一个版本。"
    en = f"{said}\nLook at it under Risk words or Brands and queries; save it anew or go back to a version."
    turn = hashlib.sha256(fault.encode()).hexdigest()[:16]
    return Notice("words", turn, Level.YELLOW, (heads[0], zh), (heads[1], en))


def restored(last: datetime, held: int, silenced: Sequence[Incident], base_url: str, zone: ZoneInfo) -> Notice:
    """The service was away for long or its store is a restored one: old calls wait for a person."""
    since = _at(last, zone)
    zh = f"{held} 条旧呼叫、{len(silenced)} 个事件的呼叫等人决定"
    en = f"{held} old call(s) and the calls of {len(silenced)} incident(s) wait for you"
    where = f"{base_url}/deliveries"
    body_zh = [
        f"服务从 {since} 起没有运行（停机，或恢复了备份）。{zh}，不会自动发出。",
        *(f"- 事件 #{one.number} {neutral(one.title, 60)}" for one in silenced),
        "首响计时没有停。",
        f"请在“投递”里逐条决定发出或作废：\n{where}",
    ]
    body_en = [
        f"The service had not run since {since} (it was down, or a backup was restored). {en}; none goes by itself.",
        *(f"- incident #{one.number} {neutral(one.title, 60)}" for one in silenced),
        "The first-hour clocks were not stopped.",
        f"Decide each under Deliveries, send or drop:\n{where}",
    ]
    return Notice(
        "restored",
        last.isoformat(),
        Level.ORANGE,
        (f"【恢复后待定】{zh}", "\n".join(body_zh)),
        (f"[waits after a restore] {en}", "\n".join(body_en)),
    )


def _names(before: str, between: str, names: Sequence[str], after: str = "") -> str:
    return before + between.join(names) + after if names else ""


def _spike_en(spike: Spike, brands: dict[str, str]) -> str:
    name = brands.get(spike.brand, spike.brand)
    return f"{name}: {spike.count} posts in {spike.window_minutes} min, usually about {spike.usual:.0f}"


def _at(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _length(seconds: float) -> str:
    """2:00:05, without its fraction."""
    return str(timedelta(seconds=round(seconds)))


def _ahead_zh(drift_s: float) -> str:
    return "快" if drift_s > 0 else "慢"


def _ahead_en(drift_s: float) -> str:
    return "ahead" if drift_s > 0 else "behind"
