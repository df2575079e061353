"""One page instead of many (pure): when an address is full, calls below orange travel together and are counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.neutral import neutral
from alerts.wording import LEVEL_WORD
from store.endpoints import key_of
from store.nouns import Level, Page, PageStatus

LISTED = 20


@dataclass(frozen=True, slots=True)
class Load:
    """What a digest carries: how many pages, the first of them (oldest first), and the gravest level among all."""

    count: int
    first: Sequence[Page]
    level: Level


def digest(load: Load, page_id: str, lang: str, base_url: str, now: datetime) -> Page:
    """The page that carries these, all for one address; its count is their number, never more."""
    first, count = load.first[0], load.count
    word = LEVEL_WORD[lang][load.level]
    if lang == "zh":
        subject = f"【{word}·汇总】{count} 条呼叫合并为一条"
        head = f"这个地址在短时间内有 {count} 条橙色以下的呼叫，合并为一条；每一条都已记录，可在“投递”里查看。"
        more = "……另有 {} 条，见“投递”。"
    else:
        subject = f"[{word}] digest: {count} calls in one"
        head = (
            f"{count} calls below orange came for this address at once. They travel as one; each is under Deliveries."
        )
        more = "… and {} more, see Deliveries."
    lines = [head, "", *(f"- {neutral(one.subject, 90)}" for one in load.first[:LISTED])]
    if count > LISTED:
        lines.append(more.format(count - LISTED))
    link = f"{base_url}/deliveries"
    return Page(
        id=page_id,
        incident="",
        person=first.person,
        channel=first.channel,
        address=first.address,
        reason="digest",
        subject=subject,
        body="\n".join([*lines, "", link]),
        link=link,
        level=load.level,
        idempotency=f"digest:{first.id}:{key_of(first.channel, first.address)}",
        status=PageStatus.WAITING,
        created_at=now,
    )
