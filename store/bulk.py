"""Many rows into SQLite, and many values asked for, by the shortest way: dressing them one by one costs more than what
the database does with them."""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Dialect, String, Table, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.schema import ScalarElementColumnDefault

Dress = Callable[[Any], Any]


def insert_plainly(tx: Connection, table: Table, rows: Sequence[dict[str, Any]], *, overwrite: bool = False) -> int:
    """Insert rows of the same columns into an SQLite table; those whose keys exist are skipped, or overwritten by their
    primary key. Returns how many were written.

    What a column makes of its values, and its default, is heeded as if SQLAlchemy itself had written them.
    """
    names = tuple(rows[0])
    statement, dresses, defaults = _plan(tx.dialect, table, names, overwrite)
    columns: list[Iterable[Any]] = []
    for name, dress in zip(names, dresses, strict=True):
        values = [row[name] for row in rows]
        columns.append(map(dress, values) if dress else values)
    columns += [[value] * len(rows) for value in defaults]
    return tx.exec_driver_sql(statement, list(zip(*columns, strict=True))).rowcount


def one_of(dialect: str, column: Column[str], name: str) -> ColumnElement[bool]:
    """`column IN` the values that travel, however many, as the one parameter `name`: `as_one` makes it of them."""
    if dialect == "postgresql":
        return column == any_(bindparam(name, type_=ARRAY(String)))
    values = func.json_each(bindparam(name, type_=String)).table_valued("value")
    return column.in_(select(values.c.value))


def as_one(dialect: str, values: Collection[str]) -> Any:
    """Values as the parameter of `one_of`."""
    return sorted(values) if dialect == "postgresql" else json.dumps(sorted(values))


@cache
def _plan(
    dialect: Dialect, table: Table, names: tuple[str, ...], overwrite: bool
) -> tuple[str, list[Dress | None], list[Any]]:
    """The statement, what dresses the values of each named column, and the values of the columns left out."""
    left_out = [one for one in table.columns if one.name not in names and one.default is not None]
    dresses = [_dress(dialect, table.columns[name]) for name in names]
    defaults = [_default(dialect, one) for one in left_out]
    quoted = dialect.identifier_preparer.quote
    columns = ", ".join(map(quoted, (*names, *(one.name for one in left_out))))
    marks = ", ".join("?" * (len(names) + len(left_out)))
    keys = [column.name for column in table.primary_key]
    changed = ", ".join(f"{quoted(name)} = excluded.{quoted(name)}" for name in names if name not in keys)
    then = f"({', '.join(map(quoted, keys))}) DO UPDATE SET {changed}" if overwrite else "DO NOTHING"
    statement = f"INSERT INTO {quoted(table.name)} ({columns}) VALUES ({marks}) ON CONFLICT {then}"  # noqa: S608
    return statement, dresses, defaults


def _dress(dialect: Dialect, column: Column[Any]) -> Dress | None:
    return column.type.dialect_impl(dialect).bind_processor(dialect)


def _default(dialect: Dialect, column: Column[Any]) -> Any:
    if not isinstance(column.default, ScalarElementColumnDefault):
        raise TypeError(f"{column}: a default that is no plain value must be given in the row")
    value, dress = column.default.arg, _dress(dialect, column)
    return dress(value) if dress else value
