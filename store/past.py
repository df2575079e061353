"""What was known of a brand, and when: its judged mentions as a replay reads them, a day at a time."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, case, or_, select

from store.database import Tx
from store.imports import imported
from store.nouns import Judged, Klass, Known, Mention, Score, Span
from store.tables import mentions, scores

DAY = timedelta(days=1)


# Words and spans are read where a rule looks at them: of crises and of what stood on a hot list.
_TELLING = or_(scores.c.crisis, mentions.c.best_rank > 0, mentions.c.rank > 0)
_COLUMNS = (
    mentions.c.id, mentions.c.source, mentions.c.platform, mentions.c.ext_id, mentions.c.author,
    mentions.c.author_hash, mentions.c.followers, mentions.c.published_at, mentions.c.date_estimated,
    scores.c.event_at, mentions.c.first_seen_at, mentions.c.rank, mentions.c.best_rank, mentions.c.klass,
    case((_TELLING, mentions.c.title), else_="").label("title"),
    case((_TELLING, mentions.c.text), else_="").label("text"),
    scores.c.p_negative, scores.c.p_crisis, scores.c.negative, scores.c.crisis, scores.c.category,
    *(case((_TELLING, scores.c[name]), else_=None).label(name) for name in ("categories", "aggravators", "spans")),
    scores.c.harm, scores.c.hard, scores.c.cluster, scores.c.scored_at,
)  # fmt: skip


def known(tx: Tx, brand: str, since: datetime, until: datetime, late: timedelta) -> Iterator[Known]:
    """Judged mentions of a brand with since < event_at <= until, in the order in which they were known until then.
    What calls nobody comes without its words and spans.

    What was imported, or judged more than `late` after it was published, counts as known when it was published.
    """
    by_hand = imported(tx)
    begin, waiting = since, list[Known]()
    while begin < until:
        end = min(begin + DAY, until)
        rows = tx.execute(_within(brand, begin, end)).all()
        # What was heard late waits for the day on which it was heard.
        waiting += [_known(row, brand, by_hand, late) for row in rows]
        waiting.sort(key=lambda one: (one.at, one.judged.mention.event_at, one.judged.mention.id))
        ripe = bisect_right(waiting, end, key=lambda one: one.at)
        yield from waiting[:ripe]
        del waiting[:ripe]
        begin = end


def nth_newest(tx: Tx, brand: str, until: datetime, nth: int) -> datetime | None:
    """When the nth of the brand's mentions, counted back from `until`, was published; None when there are fewer."""
    query = select(scores.c.event_at).where(*_ours(brand), scores.c.event_at <= until)
    found: datetime | None = tx.execute(
        query.order_by(scores.c.event_at.desc()).offset(nth).limit(1)
    ).scalar_one_or_none()
    return found


def complaints(
    tx: Tx, brand: str, since: datetime, until: datetime, late: timedelta
) -> list[tuple[datetime, datetime]]:
    """(known, published) of every mention of a complaint platform in this time."""
    by_hand = imported(tx)
    query = (
        select(scores.c.scored_at, scores.c.event_at, mentions.c.source)
        .join(mentions, mentions.c.id == scores.c.mention)
        .where(
            *_ours(brand),
            scores.c.event_at > since,
            scores.c.event_at <= until,
            mentions.c.klass == Klass.COMPLAINT.value,
        )
    )
    return [(_when(*row, by_hand, late), row[1]) for row in tx.execute(query)]


def _within(brand: str, since: datetime, until: datetime) -> Select[Any]:
    joined = and_(mentions.c.id == scores.c.mention, *_ours(brand))
    return select(*_COLUMNS).join(scores, joined).where(scores.c.event_at > since, scores.c.event_at <= until)


def _ours(brand: str) -> tuple[Any, ...]:
    return scores.c.brand == brand, scores.c.not_us.is_(False)


def _when(scored_at: datetime, event_at: datetime, source: str, by_hand: frozenset[str], late: timedelta) -> datetime:
    return event_at if source in by_hand or scored_at - event_at > late else scored_at


def _known(row: Row[Any], brand: str, by_hand: frozenset[str], late: timedelta) -> Known:
    (
        key, source, platform, ext_id, author, author_hash, followers, published_at, estimated,
        event_at, seen_at, rank, best_rank, klass, title, text,
        p_negative, p_crisis, negative, crisis, category,
        categories, aggravators, spans, harm, hard, cluster, scored_at,
    ) = tuple[Any, ...](row)  # fmt: skip
    mention = Mention(
        key, source, platform, ext_id, "", title, text, author, followers, published_at, estimated, event_at, seen_at,
        klass=klass, author_hash=author_hash, rank=rank, best_rank=best_rank,
    )  # fmt: skip
    read = tuple(Span(**span) for span in spans or ())
    score = Score(
        p_negative,
        p_crisis,
        negative,
        crisis,
        category,
        categories or (),
        read,
        aggravators or (),
        harm,
        hard,
        cluster=cluster,
    )
    return Known(_when(scored_at, event_at, source, by_hand, late), Judged(mention, brand, score))
