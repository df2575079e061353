"""Mentions and their scores: saved once by (platform, ext_id), judged later, read by brand and time."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any

from msgspec import Struct, structs
from sqlalchemy import Row, Select, Update, and_, bindparam, func, or_, select, update

from config.clock import Ids
from store import search
from store.bulk import as_one, one_of
from store.database import Tx, insert_new
from store.nouns import Judged, Mention, RawMention, Score, Span
from store.tables import incident_mentions, mentions, scores

_MENTION = [mentions.c[name] for name in Mention.__struct_fields__]
# Taken over from what a source gave; the words are cut to what a column holds.
_AS_IT_IS = (
    "platform", "url", "followers", "published_at", "likes", "comments", "reposts", "verified", "bot", "views",
    "points", "rank", "truncated",
)  # fmt: skip
_LONGEST = {
    "ext_id": 300, "title": None, "text": None, "author": 120, "klass": 12, "lang": 12, "parent_ext_id": 300,
    "repost_of": 300, "region": 60, "status": 40, "raw_date": 100, "raw_excerpt": 4000,
}  # fmt: skip
# Where what belongs to the score begins and ends in a row of all_judged, and where its spans are.
_FROM = len(_MENTION)
_TO = _FROM + len(Score.__struct_fields__)
_SPANS = _FROM + Score.__struct_fields__.index("spans")
_words, _as_it_is = attrgetter(*_LONGEST), attrgetter(*_AS_IT_IS)


class Marks(Struct, frozen=True):
    """What the intake adds to a mention: whose it is, and its second and third key of identity."""

    author_hash: str = ""
    url_key: str = ""
    text_key: str = ""


def save(
    tx: Tx, source: str, raws: Sequence[RawMention], now: datetime, ids: Ids, marks: Sequence[Marks] = ()
) -> list[str]:
    """Keep what a source gave; a mention known already (same platform and ext_id) is left alone. Returns new ids.

    `marks`, one for each of `raws`, are what the intake found out about it.
    """
    rows = [_row(source, raw, mark, now, ids()) for raw, mark in zip(raws, marks or [Marks()] * len(raws), strict=True)]
    inserted = insert_new(tx, mentions, rows)
    return [row["id"] for row in rows if (row["id"],) in inserted]


def _row(source: str, raw: RawMention, mark: Marks, now: datetime, mention: str) -> dict[str, Any]:
    words = _words(raw)
    if not is_storable("".join(words)):
        words = tuple(map(storable, words))
    row: dict[str, Any] = {name: word[:longest] for (name, longest), word in zip(_LONGEST.items(), words, strict=True)}
    row.update(zip(_AS_IT_IS, _as_it_is(raw), strict=True))
    return row | {
        "id": mention,
        "source": source,
        "date_estimated": raw.published_at is None or raw.date_estimated,
        "event_at": raw.published_at or now,
        "first_seen_at": now,
        "best_rank": raw.rank,
        "author_hash": mark.author_hash,
        "url_key": mark.url_key,
        "text_key": mark.text_key,
    }


def pending(tx: Tx, limit: int) -> list[Mention]:
    """Mentions nobody has judged yet, oldest first."""
    query = select(*_MENTION).where(mentions.c.judged_at.is_(None))
    return [Mention(*row) for row in tx.execute(query.order_by(mentions.c.first_seen_at).limit(limit))]


def newest(tx: Tx, limit: int) -> list[Mention]:
    """The newest mentions of all sources, about a brand or not, newest first."""
    query = select(*_MENTION).order_by(mentions.c.event_at.desc(), mentions.c.id.desc()).limit(limit)
    return [Mention(*row) for row in tx.execute(query)]


def mark_judged(tx: Tx, ids: Sequence[str], now: datetime) -> None:
    tx.execute(_mark_judged(tx.dialect.name), {"ids": as_one(tx.dialect.name, ids), "now": now})


@cache
def _mark_judged(dialect: str) -> Update:
    of_these = one_of(dialect, mentions.c.id, "ids")
    return update(mentions).where(of_these, mentions.c.judged_at.is_(None)).values(judged_at=bindparam("now"))


def save_scores(tx: Tx, judged: Sequence[tuple[Judged, str]], now: datetime) -> list[Judged]:
    """Keep (judged, why it matched) once per mention and brand, from now on findable; returns those that were new."""
    inserted = insert_new(tx, scores, [_score_row(item, why, now) for item, why in judged])
    new = [item for item, _ in judged if (item.mention.id, item.brand) in inserted]
    search.index(tx, {item.mention.id for item in new})
    return new


def _score_row(item: Judged, why: str, now: datetime) -> dict[str, Any]:
    row = structs.asdict(item.score) | {
        "mention": item.mention.id,
        "brand": item.brand,
        "event_at": item.mention.event_at,
    }
    return row | {"spans": [structs.asdict(span) for span in item.score.spans], "why": why, "scored_at": now}


def between(
    tx: Tx, brand: str, since: datetime, until: datetime, *, crisis_only: bool = False, limit: int = 20_000
) -> list[Judged]:
    """Judged mentions of a brand with since < event_at <= until, oldest first."""
    where = [scores.c.brand == brand, scores.c.event_at > since, scores.c.event_at <= until]
    if crisis_only:
        where.append(scores.c.crisis.is_(True))
    query = _judged().where(*where).order_by(scores.c.event_at, scores.c.mention).limit(limit)
    return [read_judged(row) for row in tx.execute(query)]


def of_incident(tx: Tx, incident: str, brand: str, limit: int = 2000) -> list[Judged]:
    """The incident's own mentions, oldest first."""
    query = _judged().join(incident_mentions, incident_mentions.c.mention == mentions.c.id)
    query = query.where(incident_mentions.c.incident == incident, scores.c.brand == brand)
    return [read_judged(row) for row in tx.execute(query.order_by(scores.c.event_at, scores.c.mention).limit(limit))]


def count(tx: Tx, brand: str = "") -> int:
    """Stored mentions, or those judged to be about one brand."""
    if not brand:
        return tx.execute(select(func.count()).select_from(mentions)).scalar_one()
    ours = and_(scores.c.brand == brand, scores.c.not_us.is_(False))
    return tx.execute(select(func.count()).select_from(scores).where(ours)).scalar_one()


def _judged() -> Select[Any]:
    # What a person said is not about the brand is no part of its story.
    return all_judged().where(scores.c.not_us.is_(False))


def all_judged() -> Select[Any]:
    """Every mention with its score for each brand, also those that are not ours; `read_judged` reads its rows."""
    named = [scores.c[name].label(f"s_{name}") for name in (*Score.__struct_fields__, "brand", "why", "not_us")]
    return select(*_MENTION, *named).join(scores, and_(scores.c.mention == mentions.c.id))


def read_judged(row: Row[Any]) -> Judged:
    values = list(row)
    values[_SPANS] = tuple(Span(**span) for span in values[_SPANS])
    return Judged(Mention(*values[:_FROM]), values[_TO], Score(*values[_FROM:_TO]))


def is_storable(text: str) -> bool:
    """PostgreSQL refuses NUL and neither store takes lone surrogates."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def storable(text: str) -> str:
    """The text without what no store takes."""
    return text if is_storable(text) else text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def earliest(tx: Tx, ids: Sequence[str]) -> datetime | None:
    """When the first of these was published (first seen, where that is unknown); None when there are none."""
    query = select(func.min(mentions.c.event_at)).where(mentions.c.id.in_(ids))
    found: datetime | None = tx.execute(query).scalar_one()
    return found


def saying(tx: Tx, words: str, limit: int = 10_000) -> list[Mention]:
    """Mentions whose title or text holds exactly these words, oldest first."""
    has = or_(mentions.c.text.contains(words, autoescape=True), mentions.c.title.contains(words, autoescape=True))
    query = select(*_MENTION).where(has).order_by(mentions.c.event_at).limit(limit)
    return [Mention(*row) for row in tx.execute(query)]
