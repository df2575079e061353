"""The score sheet of a drill (pure): as data that is kept, and as the text people read (STAR, one suggestion each)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from statements.drills.drill_score import Played, Result, score_of, weakest
from statements.drills.drill_words import NAMES, advice_of, name_of, shown
from statements.looking_back.deeds import deed
from statements.writing.marks import plain

MARK = {"zh": "【演练】[DRILL] 成绩单", "en": "[DRILL]【演练】 score sheet"}
_TOLD = 60
# Machinery of the service is no turn of the story.
_QUIET = ("page_accepted", "page_failed", "called", "reminded", "draft_prepared", "page_unverified", "drill_wording")


def sheet_of(played: Played, found: Sequence[Result], *, titles: Mapping[str, str], zone: str) -> dict[str, Any]:
    """Everything the sheet says, as JSON: score, objectives with measured value, goal and suggestion, STAR, next."""
    return {
        "drill": True,
        "score": score_of(found),
        "reached": sum(one.reached for one in found),
        "objectives": [_objective(one) for one in found],
        "weakest": weakest(found),
        "star": {lang: _star(played, found, titles[lang], lang, zone) for lang in ("zh", "en")},
        "began": played.began.isoformat(),
        "ended": played.ended.isoformat(),
    }


def to_text(sheet: Mapping[str, Any], title: str, lang: str) -> str:
    """The sheet as Markdown; its first line carries the mark."""
    zh = lang == "zh"
    head = f"# {MARK[lang]}：{plain(title)}" if zh else f"# {MARK[lang]}: {plain(title)}"
    total = len(sheet["objectives"])
    score = (
        f"得分 {sheet['score']}/100，目标达到 {sheet['reached']}/{total}。"
        if zh
        else f"Score {sheet['score']}/100; {sheet['reached']} of {total} objectives reached."
    )
    rows = [_row(one, lang) for one in sheet["objectives"]]
    table = "| 目标 | 实际 | 目标值 | 结果 | 建议 |" if zh else "| objective | measured | goal | result | suggestion |"
    parts = [head, score, "\n".join([table, "|---|---|---|---|---|", *rows]), sheet["star"][lang], _next(sheet, lang)]
    return "\n\n".join(parts) + "\n"


def _objective(one: Result) -> dict[str, Any]:
    return {
        "name": one.name,
        "reached": one.reached,
        "unit": one.unit,
        "measured": one.measured,
        "goal": one.goal,
        **{
            lang: {
                "name": name_of(one, lang),
                "measured": shown(one, one.measured, lang),
                "goal": shown(one, one.goal, lang),
                "suggestion": advice_of(one, lang),
            }
            for lang in ("zh", "en")
        },
    }


def _row(one: Mapping[str, Any], lang: str) -> str:
    said, zh = one[lang], lang == "zh"
    result = ("达到" if zh else "reached") if one["reached"] else ("未达到" if zh else "missed")
    return f"| {said['name']} | {said['measured']} | {said['goal']} | {result} | {said['suggestion']} |"


def _next(sheet: Mapping[str, Any], lang: str) -> str:
    weak = sheet["weakest"]
    if lang == "zh":
        return f"## 下一次\n\n最弱的一项：{NAMES[weak][0]}。" if weak else "## 下一次\n\n各项都达到了，换一个难的场景。"
    return f"## Next\n\nWeakest: {NAMES[weak][1]}." if weak else "## Next\n\nAll were reached: take a hard scenario."


def _star(played: Played, found: Sequence[Result], title: str, lang: str, zone: str) -> str:
    zh, here = lang == "zh", ZoneInfo(zone)
    goals = "；".join(name_of(one, lang) for one in found) if zh else "; ".join(name_of(one, lang) for one in found)
    entries = [one for one in played.journal if one.what not in _QUIET]
    lines = [f"- {_at(one.at, here)} {plain(one.who)} {plain(deed(one.what, lang))}{_why(one.why)}" for one in entries]
    if len(lines) > _TOLD:
        more = len(lines) - _TOLD
        lines = [*lines[:_TOLD], f"- …（另有 {more} 条）" if zh else f"- … ({more} more)"]
    reached = sum(one.reached for one in found)
    span = f"{_at(played.began, here)}–{_at(played.ended, here)}"
    heads = ("S 情境", "T 目标", "A 行动", "R 结果") if zh else ("S Situation", "T Task", "A Action", "R Result")
    body = (
        f"{plain(title)}。{span}（虚拟时间）。" if zh else f"{plain(title)}. {span} (virtual time).",
        f"{goals}。" if zh else f"{goals}.",
        "\n".join(lines) or ("- 没有记录" if zh else "- nothing on record"),
        f"{reached}/{len(found)} 项达到。" if zh else f"{reached} of {len(found)} reached.",
    )
    return "\n\n".join(f"## {head}\n\n{text}" for head, text in zip(heads, body, strict=True))


def _at(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%m-%d %H:%M}"


def _why(why: str) -> str:
    return f" · {plain(why)[:80]}" if why else ""
