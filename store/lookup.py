"""What people look for among the mentions: by words and marks, newest first, a part at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, and_, func, literal, not_, or_, select

from store import search
from store.database import Tx
from store.mentions import all_judged, read_judged
from store.nouns import Incident, Judged, Mention
from store.tables import corrections, incident_mentions, incidents, mention_sources, mentions, scores

# Between these a model does not know whether it is a crisis.
UNSURE = (0.25, 0.75)
STATES = ("crisis", "negative", "unsure", "not_us")
MOST_COUNTED = 10_000
_INCIDENT = [incidents.c[name] for name in Incident.__dataclass_fields__]


@dataclass(frozen=True, slots=True)
class Filter:
    """What is looked for; empty fields ask for nothing. `words` as search.words gives them, `state` one of STATES."""

    brand: str = ""
    words: tuple[str, ...] = ()
    platform: str = ""
    source: str = ""
    klass: str = ""
    state: str = ""
    since: datetime | None = None
    until: datetime | None = None
    in_incident: bool = False
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part ended: the next one begins just below."""

    at: datetime
    mention: str


@dataclass(frozen=True, slots=True)
class Found:
    """A mention judged for one brand, why it is about it, and whether a person said it is not."""

    judged: Judged
    why: str
    not_us: bool


Hits = tuple[Found, ...]


def newest(tx: Tx, asked: Filter, limit: int, below: Place | None = None) -> list[Hits]:
    """The newest mentions that fit, at most `limit`, below a place when one is given; each for every brand it fits."""
    ids = search.some(tx, asked.words) if asked.words else None
    where = [*search.holding(tx, asked.words), *_mention_where(asked)]
    if asked.brand and ids is None:
        # Walked by the brand's own index.
        at, key = scores.c.event_at, scores.c.mention
        query = select(key).join(mentions, mentions.c.id == key).where(*_score_where(asked), *where)
    else:
        at, key = mentions.c.event_at, mentions.c.id
        query = select(key).where(_about(asked), *where)
    if ids is not None:
        query = query.where(key.in_(ids))
    query = query.where(*_span(at, asked))
    if below:
        query = query.where(at <= below.at, or_(at < below.at, key < below.mention))
    return _hits(tx, asked, list(tx.execute(query.order_by(at.desc(), key.desc()).limit(limit)).scalars()))


def count(tx: Tx, asked: Filter, most: int = MOST_COUNTED) -> int:
    """How many mentions fit; `most` + 1 stands for more than `most`."""
    ids = search.some(tx, asked.words) if asked.words else None
    held = search.among(tx, asked.words) if ids is None else search.holding(tx, asked.words)
    chosen = [*held, *_mention_where(asked), *([mentions.c.id.in_(ids)] if ids is not None else [])]
    some = select(literal(1)).select_from(mentions).where(*chosen, *_span(mentions.c.event_at, asked), _about(asked))
    query = select(func.count()).select_from(some.limit(most + 1).subquery())
    found: int = tx.execute(query).scalar_one()
    return found


def mention(tx: Tx, mention_id: str) -> Mention | None:
    row = tx.execute(select(*_mention()).where(mentions.c.id == mention_id)).first()
    return Mention(**row._mapping) if row else None


def of_mention(tx: Tx, mention_id: str) -> list[Found]:
    """What was judged of it, by brand; nothing when it is about none."""
    query = all_judged().where(scores.c.mention == mention_id).order_by(scores.c.brand)
    return [_read(row) for row in tx.execute(query)]


def of_brand(tx: Tx, mention_id: str, brand: str) -> Found | None:
    """What was judged of it for one brand; None when it is not about that."""
    return next((one for one in of_mention(tx, mention_id) if one.judged.brand == brand), None)


def incidents_of(tx: Tx, ids: Sequence[str]) -> dict[str, list[Incident]]:
    """mention -> the incidents it is evidence of, oldest first; those of none are left out."""
    query = select(incident_mentions.c.mention, *_INCIDENT).join(
        incidents, incidents.c.id == incident_mentions.c.incident
    )
    found: dict[str, list[Incident]] = {}
    for row in tx.execute(query.where(incident_mentions.c.mention.in_(ids)).order_by(incidents.c.number)):
        values = dict(row._mapping)
        found.setdefault(values.pop("mention"), []).append(Incident(**values))
    return found


def platforms(tx: Tx) -> list[str]:
    """Every platform there is a mention of."""
    return _different(tx, mentions.c.platform)


def sources(tx: Tx) -> list[str]:
    """Every source that was the first to find something."""
    return _different(tx, mentions.c.source)


def _different(tx: Tx, column: Column[Any], most: int = 200) -> list[str]:
    # From one value to the next by the index: DISTINCT would read it all.
    found: list[str] = []
    while len(found) < most:
        step = select(func.min(column)).where(column > (found[-1] if found else ""))
        value = tx.execute(step).scalar_one()
        if value is None:
            break
        found.append(value)
    return found


def _hits(tx: Tx, asked: Filter, ids: Sequence[str]) -> list[Hits]:
    query = all_judged().where(scores.c.mention.in_(ids), *_score_where(asked)).order_by(scores.c.brand)
    found: dict[str, Hits] = dict.fromkeys(ids, ())
    for row in tx.execute(query):
        found[row.id] += (_read(row),)
    return list(found.values())


def _about(asked: Filter) -> ColumnElement[bool]:
    """Of a mention: that it is about the brand (or one of them) as is asked."""
    return _exists(scores, and_(scores.c.mention == mentions.c.id, *_score_where(asked)))


def _span(at: Column[Any], asked: Filter) -> list[ColumnElement[bool]]:
    return [*([at >= asked.since] if asked.since else []), *([at < asked.until] if asked.until else [])]


def _mention_where(asked: Filter) -> list[ColumnElement[bool]]:
    same = ((mentions.c.platform, asked.platform), (mentions.c.klass, asked.klass))
    where = [column == value for column, value in same if value]
    where += [_source(asked.source)] if asked.source else []
    where += [_exists(incident_mentions, incident_mentions.c.mention == mentions.c.id)] if asked.in_incident else []
    where += [mentions.c.edited_at.is_not(None)] if asked.edited else []
    return where


def _score_where(asked: Filter) -> list[ColumnElement[bool]]:
    brand = [scores.c.brand == asked.brand] if asked.brand else []
    if asked.state == "not_us":
        return [*brand, scores.c.not_us.is_(True)]
    return [*brand, scores.c.not_us.is_(False), *_state(asked.state)]


def _state(state: str) -> list[ColumnElement[bool]]:
    if state in ("crisis", "negative"):
        return [scores.c[state].is_(True)]
    if state == "unsure":
        said = and_(corrections.c.mention == scores.c.mention, corrections.c.brand == scores.c.brand)
        return [scores.c.p_crisis.between(*UNSURE), not_(_exists(corrections, said))]
    return []


def _source(source: str) -> ColumnElement[bool]:
    also = and_(mention_sources.c.mention == mentions.c.id, mention_sources.c.source == source)
    return or_(mentions.c.source == source, _exists(mention_sources, also))


def _exists(where: Any, on: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(literal(1)).select_from(where).where(on).exists()


def _mention() -> list[Column[Any]]:
    return [mentions.c[name] for name in Mention.__struct_fields__]


def _read(row: Row[Any]) -> Found:
    return Found(read_judged(row), row._mapping["s_why"], row._mapping["s_not_us"])
