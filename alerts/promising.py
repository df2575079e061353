"""What a page about a public promise says (pure): until when, of what kind, and what is still missing."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from store.nouns import Draft, DraftState, Promise

# Texts that are not for the public keep no promise.
_INWARD = ("qa", "internal", "frontline")
_KIND = {"update": ("更新", "an update"), "deed": ("办到", "to have done it"), "remedy": ("补救", "a remedy")}


def said(promise: Promise, drafts: Sequence[Draft], zone: ZoneInfo, now: datetime, lang: str) -> str:
    """One line such as 承诺 17:00 更新，尚无批准稿：…; the sentence of the text comes last, as it stood there."""
    local = promise.due_at.astimezone(zone)
    today = now.astimezone(zone).date() == local.date()
    at = f"{local:%H:%M}" if today else f"{local:%m-%d %H:%M}"
    kind = _KIND.get(promise.kind, _KIND["deed"])
    missing = _missing(promise, drafts)
    if lang == "zh":
        return f"承诺 {at} {kind[0]}，{missing[0]}：{promise.what}"
    return f"promised {kind[1]} by {at}, {missing[1]}: {promise.what}"


def _missing(promise: Promise, drafts: Sequence[Draft]) -> tuple[str, str]:
    if promise.kind != "update":
        return "尚无兑现的记录", "nothing on record shows that it was kept"
    if any(one.state is DraftState.APPROVED and one.kind not in _INWARD for one in drafts):
        return "有批准稿，尚未记录发布", "a text is approved, no post is recorded yet"
    return "尚无批准稿", "no approved text yet"
