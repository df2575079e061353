"""Which mentions are one story, when it began, and what to call it (pure)."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.risk import WEAK
from store.nouns import Judged

# Within this pause two posts of one category are one story; across a longer one they must share a word.
PAUSE = timedelta(hours=3)


def own_mentions(recent: Sequence[Judged], category: str, now: datetime, look_back: timedelta) -> list[Judged]:
    """The crisis mentions of `category` that share the newest one's story, oldest first; [] without a category."""
    if not category:
        return []
    told = [
        item
        for item in recent
        if item.score.crisis and category in item.score.categories and now - look_back < item.mention.event_at
    ]
    told.sort(key=lambda item: item.mention.event_at)
    own: list[Judged] = []
    words: set[str] = set()
    begin = now
    for item in reversed(told):
        said = _words(item, category)
        if not own or begin - item.mention.event_at <= PAUSE or words & said:
            own.append(item)
            words |= said
            begin = item.mention.event_at
    return own[::-1]


def t0(own: Sequence[Judged]) -> datetime | None:
    """The earliest credible moment: a publish time the source itself gave; None when no mention has one."""
    told = [
        item.mention.published_at
        for item in own
        if item.mention.published_at is not None and not item.mention.date_estimated
    ]
    return min(told, default=None)


def title_for(own: Sequence[Judged], category_name: str, brand_name: str) -> str:
    """What people call the incident: brand, category and the words most posts share."""
    counts: Counter[str] = Counter()
    for item in own:
        telling = (span for span in item.score.spans if span.category in item.score.categories and span.weight > WEAK)
        counts.update(list(dict.fromkeys(span.term.replace("…", "") for span in telling)))
    words = "、".join(term for term, _ in counts.most_common(2))
    return f"{brand_name}：{category_name or '声量突增'}" + (f"（{words}）" if words else "")


def _words(item: Judged, category: str) -> set[str]:
    return {span.term for span in item.score.spans if span.category == category}
