"""What the last-resort mail says (pure): Chinese first, English below; the same words to everybody."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.calling import Caller
from alerts.neutral import neutral
from alerts.wording import LEVEL_WORD
from store.nouns import ClockState, Incident

TICKING = (ClockState.RUNNING, ClockState.BREACHED)
MINUTE = timedelta(minutes=1)


def away(open_: Sequence[Incident] | None, since: datetime, now: datetime, caller: Caller) -> tuple[str, str]:
    """(subject, body) while the store does not answer; `open_` is what was open before, None when that is unknown."""
    at, minutes = _at(since, caller.zone), (now - since) // MINUTE
    known = open_ is not None
    body = [
        f"数据库从 {at} 起没有应答（{minutes} 分钟）。在它恢复之前：不再读取、不再呼叫、网页打不开。",
        "这封邮件由仍在运行的进程直接发出，之后每 30 分钟一封，恢复时再发一封。",
        "",
        f"失联前未结束的事件：{len(open_ or ())} 个" if known else "失联前的事件：未知（启动后从未读到数据库）",
        *(_line_zh(one, now, caller) for one in open_ or ()),
        "",
        "现在要做：运维检查数据库与磁盘；值班人和负责人直接打电话，按上面的截止时间继续处理；"
        "恢复后先看“投递”和首响计时。",
        "",
        f"The store has not answered since {at} ({minutes} min). Until it does nothing is read, nobody is called "
        "and the screens do not open.",
        f"Open before: {len(open_ or ())}" if known else "Open before: unknown",
        *(_line_en(one, now, caller) for one in open_ or ()),
        "To do: ops look at the database and the disk; duty and lead talk by phone and keep the deadlines above.",
    ]
    return "【红·数据库失联】黄金一小时没有在看守 | store away", "\n".join(body)


def back(since: datetime, now: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """(subject, body) when the store answers again."""
    at, minutes = _at(now, zone), (now - since) // MINUTE
    body = [
        f"数据库在 {at} 恢复应答，失联 {minutes} 分钟（自 {_at(since, zone)}）。到期的提醒和呼叫正在补上。",
        "现在要做：看“投递”里有没有未送达的呼叫，看首响计时。",
        "",
        f"The store answers again since {at}, after {minutes} min. What came due meanwhile is being caught up.",
        "To do: look at Deliveries and at the first-hour clocks.",
    ]
    return "【数据库恢复】黄金一小时重新看守 | store is back", "\n".join(body)


def _line_zh(one: Incident, now: datetime, caller: Caller) -> str:
    left = (one.due_at - now) // MINUTE
    clock = "无首响计时"
    if one.clock in TICKING:
        clock = f"首响截止 {_at(one.due_at, caller.zone)}（{f'剩 {left} 分' if left >= 0 else f'已超时 {-left} 分'}）"
    owner = _name(one.owner, caller) or "没有人接手"
    return f"- #{one.number}【{LEVEL_WORD['zh'][one.level]}】{neutral(one.title, 60)}，{clock}，{owner}"


def _line_en(one: Incident, now: datetime, caller: Caller) -> str:
    left = (one.due_at - now) // MINUTE
    clock = "no clock"
    if one.clock in TICKING:
        clock = (
            f"response due {_at(one.due_at, caller.zone)} ({f'{left} min left' if left >= 0 else f'{-left} min over'})"
        )
    owner = _name(one.owner, caller) or "nobody has it"
    return f"- #{one.number} [{LEVEL_WORD['en'][one.level]}] {neutral(one.title, 60)}, {clock}, {owner}"


def _name(person_id: str, caller: Caller) -> str:
    found = caller.team.find(person_id)
    return found.name if found else person_id


def _at(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%m-%d %H:%M}"
