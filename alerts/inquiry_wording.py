"""What a page about somebody who waits says (pure): which stage, how long still or since when, whose it is."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.answering import Deadline
from alerts.calling import Notice
from alerts.neutral import neutral
from config.calendar import Calendar
from config.team import Team
from store.nouns import Inquiry, Level

MINUTE = timedelta(minutes=1)
# With the words before it the first line fits a lock screen.
HEAD_TITLE, LONGEST_TITLE, LONGEST_URL = 24, 200, 500


@dataclass(frozen=True, slots=True)
class Left:
    """How long a stage may still take, or since when it is over: whole minutes; `working` counts office hours only."""

    minutes: int
    over: bool
    working: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """What the words need beside the inquiry; `base_url` is where the screens are, without a slash at the end."""

    team: Team
    calendar: Calendar
    base_url: str
    zone: ZoneInfo
    now: datetime


def left_of(inquiry: Inquiry, stage: Deadline, reader: Reader) -> Left:
    """Time left, in working time where the rule promises that; time over is the time somebody waited in vain."""
    now = reader.now
    if now >= stage.due_at:
        return Left((now - stage.due_at) // MINUTE, over=True, working=False)
    if not _working(inquiry, stage, reader.team):
        return Left((stage.due_at - now) // MINUTE, over=False, working=False)
    return Left(working_minutes(reader.calendar, now, stage.due_at), over=False, working=True)


def working_minutes(calendar: Calendar, since: datetime, until: datetime) -> int:
    """Whole minutes of working time from `since` to `until`, 0 when there are none."""
    most = max(0, (until - since) // MINUTE)
    return max(0, bisect_right(range(most + 1), until, key=lambda n: calendar.after(since, n * MINUTE)) - 1)


def kind_name(team: Team, kind: str) -> str:
    """What the team calls this way to write to us; the word itself for a kind that is no longer in team.toml."""
    return next((rule.name for rule in team.answer if rule.kind == kind), kind)


def notice(inquiry: Inquiry, stages: Sequence[Deadline], reader: Reader) -> Notice:
    """The page about stages that were missed or come due, the gravest first."""
    first = stages[0]
    left = left_of(inquiry, first, reader)
    zh, en = ("已超时", "overdue") if left.over else ("将到时", "due soon")
    heads = (
        f"【来件·{zh}】#{inquiry.number} {first.stage}，{_span_zh(left)}｜{neutral(inquiry.title, HEAD_TITLE)}",
        f"[{en}] #{inquiry.number} {first.stage}, {_span_en(left)} | {neutral(inquiry.title, HEAD_TITLE)}",
    )
    return _made(inquiry, f"{'breach' if left.over else 'warn'}:{first.stage}", heads, stages, reader)


def handed_notice(inquiry: Inquiry, stages: Sequence[Deadline], reader: Reader) -> Notice:
    """The page to the person who has it from now on; `stages` are those still to be answered, earliest first."""
    first = stages[0]
    left, title = left_of(inquiry, first, reader), neutral(inquiry.title, HEAD_TITLE)
    heads = (
        f"【来件·转给你】#{inquiry.number} {first.stage}，{_span_zh(left)}｜{title}",
        f"[yours now] #{inquiry.number} {first.stage}, {_span_en(left)} | {title}",
    )
    return _made(inquiry, f"to:{reader.now:%Y%m%dT%H%M%S%f}", heads, stages, reader)


def _made(inquiry: Inquiry, turn: str, heads: tuple[str, str], stages: Sequence[Deadline], reader: Reader) -> Notice:
    # An address may hold what calls a whole chat room; in percent it leads to the same place.
    url = neutral(inquiry.url.replace("@", "%40"), LONGEST_URL).replace(":／／", "://", 1)
    screen = f"{reader.base_url}/inquiries/{inquiry.number}"
    zh = [*_zh(inquiry, stages, reader), *([f"原件：{url}"] if url else []), "", f"答复之后点“已答复”：\n{screen}"]
    en = [
        *_en(inquiry, stages, reader),
        *([f"Original: {url}"] if url else []),
        "",
        f"Once answered, say so:\n{screen}",
    ]
    return Notice("inquiry", f"{inquiry.id}:{turn}", Level.YELLOW, (heads[0], "\n".join(zh)), (heads[1], "\n".join(en)))


def _zh(inquiry: Inquiry, stages: Sequence[Deadline], reader: Reader) -> list[str]:
    lines = [
        f"来件 #{inquiry.number}（{kind_name(reader.team, inquiry.kind)}）：{neutral(inquiry.title, LONGEST_TITLE)}",
        f"来件时间：{_clock(inquiry.received_at, reader.zone)}　负责：{_owner(inquiry, reader) or '无人'}",
    ]
    for one in stages:
        left = left_of(inquiry, one, reader)
        known = "，记下时就已超时" if left.over and inquiry.noted_at >= one.due_at else ""
        lines.append(f"- {one.stage}：应在 {_clock(one.due_at, reader.zone)} 前，{_span_zh(left)}{known}")
    return lines


def _en(inquiry: Inquiry, stages: Sequence[Deadline], reader: Reader) -> list[str]:
    lines = [
        f"Inquiry #{inquiry.number} ({kind_name(reader.team, inquiry.kind)}): {neutral(inquiry.title, LONGEST_TITLE)}",
        f"Received {_stamp(inquiry.received_at, reader.zone)}. With: {_owner(inquiry, reader) or 'nobody'}",
    ]
    for one in stages:
        left = left_of(inquiry, one, reader)
        known = ", overdue already when it was noted" if left.over and inquiry.noted_at >= one.due_at else ""
        lines.append(f"- {one.stage}: due {_stamp(one.due_at, reader.zone)}, {_span_en(left)}{known}")
    return lines


def _working(inquiry: Inquiry, stage: Deadline, team: Team) -> bool:
    rules = [rule for rule in team.answer if rule.kind == inquiry.kind]
    return any(one.working for rule in rules for one in rule.stages if one.name == stage.stage)


def _owner(inquiry: Inquiry, reader: Reader) -> str:
    found = reader.team.find(inquiry.owner)
    return found.name if found else inquiry.owner


def _span_zh(left: Left) -> str:
    hours, minutes = divmod(left.minutes, 60)
    span = (f"{hours} 小时" if hours else "") + (f" {minutes} 分钟" if hours and minutes else "")
    span = span or f"{minutes} 分钟"
    return f"已超 {span}" if left.over else f"还剩{'工作时间' if left.working else ''} {span}"


def _span_en(left: Left) -> str:
    hours, minutes = divmod(left.minutes, 60)
    span = f"{hours} h {minutes} min" if hours else f"{minutes} min"
    return f"{span} over" if left.over else f"{span}{' of working time' if left.working else ''} left"


def _clock(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def _stamp(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
