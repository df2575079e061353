"""Which mentions are one story, when it began, and what to call it (pure)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from monitor.clusters.topics import city, topics
from monitor.risk import WEAK
from store.nouns import Judged, Spike

# Within this pause two posts of one category are one story; across a longer one they must share a word or a text.
PAUSE = timedelta(hours=3)


def stories(recent: Sequence[Judged], category: str, now: datetime, look_back: timedelta) -> list[list[Judged]]:
    """The stories that crisis mentions of `category` tell now, each oldest first; the one told of last comes first.

    One for each topic: posts that name other cities, shops or models in other words are another story of their own.
    [] without a category.
    """
    told = [
        item
        for item in recent
        if category
        and item.score.crisis
        and category in item.score.categories
        and now - look_back < item.mention.event_at
    ]
    return [_unbroken(topic, category, now) for topic in topics(told)]


def own_mentions(recent: Sequence[Judged], category: str, now: datetime, look_back: timedelta) -> list[Judged]:
    """The crisis mentions of `category` that share the newest one's story, oldest first; [] without a category."""
    return next(iter(stories(recent, category, now, look_back)), [])


def told_before(
    former: Sequence[Spike], own: Sequence[Judged], category: str, others: Iterable[Sequence[Judged]]
) -> list[Spike]:
    """Those of the former spikes of `category` that were about this story, or about none of the `others` beside it."""
    mine = {item.mention.id for item in own}
    theirs = {item.mention.id for story in others for item in story} - mine
    return [
        one
        for one in former
        if one.category == category and (mine & set(one.mention_ids) or not theirs & set(one.mention_ids))
    ]


def t0(own: Sequence[Judged]) -> datetime | None:
    """The earliest credible moment: a publish time the source itself gave; None when no mention has one."""
    told = [
        item.mention.published_at
        for item in own
        if item.mention.published_at is not None and not item.mention.date_estimated
    ]
    return min(told, default=None)


def title_for(own: Sequence[Judged], category_name: str, brand_name: str) -> str:
    """What people call the incident: brand, category, the city most name, and the words most posts share."""
    counts: Counter[str] = Counter()
    for item in own:
        telling = (span for span in item.score.spans if span.category in item.score.categories and span.weight > WEAK)
        counts.update(list(dict.fromkeys(span.term.replace("…", "") for span in telling)))
    words = "、".join(term for term, _ in counts.most_common(2))
    inside = "：".join(part for part in (city(own), words) if part)
    return f"{brand_name}：{category_name or '声量突增'}" + (f"（{inside}）" if inside else "")


def _unbroken(told: Sequence[Judged], category: str, now: datetime) -> list[Judged]:
    """Back from the newest post until a pause that no common word bridges."""
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


def _words(item: Judged, category: str) -> set[str]:
    """Its risk words of the category, and the text it is a copy of."""
    own = {span.term for span in item.score.spans if span.category == category}
    return own | ({f"#{item.score.cluster}"} if item.score.cluster else set())
