"""Judged mentions in one line each: who said what when, and what the rules saw in it."""

from datetime import UTC, datetime, timedelta

from store.nouns import Judged, Mention, Score, Span

NOW = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def judged(
    ago: float,
    author: str = "",
    *,
    key: str = "",
    platform: str = "weibo",
    followers: int | None = 120,
    category: str = "",
    also: tuple[str, ...] = (),
    terms: tuple[str, ...] = (),
    weak: tuple[str, ...] = (),
    aggravators: tuple[str, ...] = (),
    harm: int = 0,
    hard: bool = False,
    negative: bool | None = None,
    published: bool = True,
    estimated: bool = False,
) -> Judged:
    """A mention `ago` minutes before NOW; with a category it tells of a crisis."""
    at = NOW - ago * MINUTE
    name = key or f"{platform}-{author or 'x'}-{ago:g}"
    crisis = bool(category)
    spans = [Span(0, len(term), term, category, 0.6) for term in terms]
    spans += [Span(0, len(term), term, category, 0.2) for term in weak]
    return Judged(
        Mention(
            id=name,
            source="feed",
            platform=platform,
            ext_id=name,
            url="",
            title="",
            text="",
            author=author,
            followers=followers,
            published_at=at if published else None,
            date_estimated=estimated or not published,
            event_at=at,
            first_seen_at=at,
        ),
        "xinghe",
        Score(
            p_negative=0.9 if crisis or negative else 0.1,
            p_crisis=0.9 if crisis else 0.02,
            negative=crisis if negative is None else negative,
            crisis=crisis,
            category=category,
            categories=(category, *also) if crisis else (),
            spans=tuple(spans),
            aggravators=aggravators,
            harm=harm,
            hard=hard,
        ),
    )
