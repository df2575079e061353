"""Finding mentions by their words: exactly what a case-blind LIKE finds, by an index of letters that stand together.

A to Z count the same in both cases, every other character only as itself. A mention is found when each word stands in
its title or in its text.
"""

import re
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    bindparam,
    column,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    table,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from store.bulk import as_one, one_of
from store.database import Tx
from store.letter_pairs import coded, coded_all, fold, lines, pairs
from store.tables import mentions

Words = tuple[str, str]
# SQLite: a number per mention that never changes, and the pairs of its letters in an FTS5 table that keeps no copy.
lite = MetaData()
numbers = Table(
    "search_numbers",
    lite,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("mention", String(32), nullable=False, unique=True),
)
listed = table("search_pairs", column("rowid", Integer))
FTS = "CREATE VIRTUAL TABLE search_pairs USING fts5(pairs, content='', detail=none, columnsize=0, tokenize='ascii')"
# PostgreSQL: the pairs as numbers in an array under a GIN index.
arrays = Table(
    "search_pairs",
    MetaData(),
    Column("mention", String(32), primary_key=True),
    Column("pairs", ARRAY(Integer), nullable=False),
)
# So many candidates are worth fetching by the index; where there are more, the newest are soon met by walking.
FEW = 1000
MOST_PAIRS = 48
_WORDS = re.compile(r'"([^"]+)"|“([^”]+)”|(\S+)')
_HAS = text(
    "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'search_pairs')"
    " AND EXISTS (SELECT 1 FROM pragma_module_list WHERE name = 'fts5')"
)
_ADD = text("INSERT INTO search_pairs (rowid, pairs) VALUES (:number, :pairs)")
# Many rows go by the driver's own road, which is twice as short.
_NUMBER_ALL = "INSERT INTO search_numbers (number, mention) VALUES (?, ?)"
_ADD_ALL = "INSERT INTO search_pairs (rowid, pairs) VALUES (?, ?)"
_TAKE = text("INSERT INTO search_pairs (search_pairs, rowid, pairs) VALUES ('delete', :number, :pairs)")


def words(asked: str) -> tuple[str, ...]:
    """The words of what is asked for, each once: divided by blanks; what stands in quotes ("…" or “…”) is one word."""
    found = (quoted or chinese or bare for quoted, chinese, bare in _WORDS.findall(fold(asked.replace("\x00", ""))))
    return tuple(dict.fromkeys(found))


def ready(tx: Tx) -> bool:
    """Whether there is an index: always on PostgreSQL, on SQLite when it can do FTS5. Without one, texts are read."""
    if tx.dialect.name == "postgresql":
        return True
    if not tx.info.get("search"):
        tx.info["search"] = bool(tx.execute(_HAS).scalar_one())
    return bool(tx.info["search"])


def index(tx: Tx, ids: Collection[str]) -> None:
    """Make mentions findable by the words they have now, in the transaction that first says they are about a brand:
    before, no screen shows them. Those that are findable already, or erased, are passed over.
    """
    if ids and ready(tx):
        found = tx.execute(_unlisted(tx.dialect.name), {"ids": as_one(tx.dialect.name, ids)})
        enter(tx, [(row.id, row.title, row.text) for row in found])


def enter(tx: Tx, rows: Sequence[tuple[str, str, str]]) -> None:
    """Make (id, title, text) findable, each id once."""
    if not rows or not ready(tx):
        return
    ids, said = [row[0] for row in rows], [row[1:] for row in rows]
    if tx.dialect.name == "postgresql":
        found = zip(ids, coded_all(said), strict=True)
        tx.execute(insert(arrays), [{"mention": one, "pairs": own} for one, own in found])
        return
    last = tx.execute(select(func.coalesce(func.max(numbers.c.number), 0))).scalar_one()
    tx.exec_driver_sql(_NUMBER_ALL, list(enumerate(ids, last + 1)))
    tx.exec_driver_sql(_ADD_ALL, list(enumerate(lines(said), last + 1)))


def reindex(tx: Tx, mention: str, before: Words, after: Words) -> None:
    """The same for a mention whose (title, text) changed; `before` must be what was indexed."""
    was, now = lines([before, after])
    if was == now or not ready(tx):
        return
    if tx.dialect.name == "postgresql":
        tx.execute(update(arrays).where(arrays.c.mention == mention).values(pairs=coded(pairs(*after))))
        return
    number = tx.execute(select(numbers.c.number).where(numbers.c.mention == mention)).scalar_one_or_none()
    if number is not None:
        tx.execute(_TAKE, [{"number": number, "pairs": was}])
        tx.execute(_ADD, [{"number": number, "pairs": now}])


def forget(tx: Tx, rows: Sequence[tuple[str, str, str]]) -> None:
    """These (id, title, text) are found no longer; title and text must be what was indexed."""
    if not rows or not ready(tx):
        return
    ids = [one for one, *_ in rows]
    if tx.dialect.name == "postgresql":
        tx.execute(delete(arrays).where(arrays.c.mention.in_(ids)))
        return
    found = tx.execute(select(numbers.c.mention, numbers.c.number).where(numbers.c.mention.in_(ids)))
    known = {row.mention: row.number for row in found}
    gone = [row for row in rows if row[0] in known]
    if gone:
        told = zip(gone, lines([row[1:] for row in gone]), strict=True)
        tx.execute(_TAKE, [{"number": known[row[0]], "pairs": one} for row, one in told])
        tx.execute(delete(numbers).where(numbers.c.mention.in_(ids)))


def count(tx: Tx, asked: Sequence[str]) -> int:
    """How many mentions hold all of these words."""
    keys = _keys(tx, asked)
    query = select(func.count())
    if keys and keys >= set(asked):
        # The index alone knows: a pair is listed exactly where it stands.
        query = query.select_from(arrays if tx.dialect.name == "postgresql" else listed).where(_listed(tx, keys))
    else:
        query = query.select_from(mentions).where(*among(tx, asked))
    found: int = tx.execute(query).scalar_one()
    return found


def some(tx: Tx, asked: Sequence[str], most: int = FEW) -> list[str] | None:
    """Ids of all mentions that may hold the words, for `holding` to look at; None when they are more or unknown."""
    keys = _keys(tx, asked)
    if not keys:
        return None
    # Asked for by itself: joined to other tables, a planner may look the index up once for every row of theirs.
    ids = list(tx.execute(_ids(tx, keys).limit(most + 1)).scalars())
    return ids if len(ids) <= most else None


def among(tx: Tx, asked: Sequence[str]) -> list[ColumnElement[bool]]:
    """What to ask of `mentions` so that only those with all words are left, by the index where there is one."""
    keys = _keys(tx, asked)
    indexed = [mentions.c.id.in_(_ids(tx, keys))] if keys else []
    return [*indexed, *holding(tx, [word for word in asked if word not in keys])]


def holding(tx: Tx, asked: Sequence[str]) -> list[ColumnElement[bool]]:
    """The same by reading their words."""
    return [_holds(tx, word) for word in asked]


@cache
def _unlisted(dialect: str) -> Select[Any]:
    there = (arrays if dialect == "postgresql" else numbers).c.mention == mentions.c.id
    wanted = (one_of(dialect, mentions.c.id, "ids"), mentions.c.erased_at.is_(None), ~exists().where(there))
    # Held, so that nobody changes the words before they can be found by them.
    query = select(mentions.c.id, mentions.c.title, mentions.c.text).where(*wanted).with_for_update(of=mentions)
    return query.order_by(mentions.c.id)


def _keys(tx: Tx, asked: Sequence[str]) -> set[str]:
    """The pairs to look up; none when there is no index. A word that is one of them needs no second look."""
    if not ready(tx):
        return set()
    return set(sorted(pairs(*asked), key=lambda one: (one not in asked, one))[:MOST_PAIRS])


def _ids(tx: Tx, keys: set[str]) -> Select[Any]:
    if tx.dialect.name == "postgresql":
        return select(arrays.c.mention).where(_listed(tx, keys))
    return select(numbers.c.mention).where(numbers.c.number.in_(select(listed.c.rowid).where(_listed(tx, keys))))


def _listed(tx: Tx, keys: set[str]) -> ColumnElement[bool]:
    """Under every one of these pairs."""
    if tx.dialect.name == "postgresql":
        return arrays.c.pairs.contains(coded(sorted(keys)))
    asked_for = " AND ".join(f'"{one}"' for one in sorted(keys))
    return literal_column("search_pairs").op("MATCH", is_comparison=True)(bindparam(None, asked_for, String()))


def _holds(tx: Tx, word: str) -> ColumnElement[bool]:
    """The word itself in title or text. Not LIKE: SQLite's takes some characters for others and needs escapes."""
    said = (mentions.c.title, mentions.c.text)
    if tx.dialect.name == "postgresql":
        return or_(*(func.strpos(func.lower(one.collate("C")), word) > 0 for one in said))
    return or_(*(func.instr(func.lower(one), word) > 0 for one in said))
