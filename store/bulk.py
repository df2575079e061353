"""Many rows into SQLite, and many values asked for, by the shortest way: dressing them one by one costs more than what
the database does with them."""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Dialect, Insert, String, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.schema import ScalarElementColumnDefault

Dress = Callable[[Any], Any]


def write_all(tx: Connection, statement: Insert, rows: Sequence[dict[str, Any]]) -> None:
    """Run an INSERT, ON CONFLICT and all, for rows of the same columns. `statement` is composed once and kept."""
    if rows and tx.dialect.name == "sqlite":
        insert_plainly(tx, statement, rows)
    elif rows:
        tx.execute(statement, rows)


def insert_plainly(tx: Connection, statement: Insert, rows: Sequence[dict[str, Any]]) -> int:
    """The same for SQLite; returns how many rows were written.

    What a column makes of its values, and its default, is heeded as if SQLAlchemy itself had written them.
    """
    written, dresses, defaults = _plan(tx.dialect, statement, tuple(rows[0]))
    columns: list[Iterable[Any]] = []
    for name, dress in dresses.items():
        values = [defaults[name]] * len(rows) if name in defaults else [row[name] for row in rows]
        columns.append(map(dress, values) if dress else values)
    return tx.exec_driver_sql(written, list(zip(*columns, strict=True))).rowcount


def one_of(dialect: str, column: Column[Any], name: str) -> ColumnElement[bool]:
    """`column IN` the values that travel, however many, as the one parameter `name`: `as_one` makes it of them."""
    if dialect == "postgresql":
        return column == any_(bindparam(name, type_=ARRAY(column.type)))
    values = func.json_each(bindparam(name, type_=String)).table_valued("value")
    return column.in_(select(values.c.value))


def as_one(dialect: str, values: Collection[str] | Collection[int]) -> Any:
    """Values as the parameter of `one_of`."""
    return sorted(values) if dialect == "postgresql" else json.dumps(sorted(values))


@cache
def _plan(
    dialect: Dialect, statement: Insert, names: tuple[str, ...]
) -> tuple[str, dict[str, Dress | None], dict[str, Any]]:
    """The statement as the driver takes it; for each column, in its order, what dresses its values; the values of those
    that are not `names`."""
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(names))
    columns = compiled.statement.table.columns
    dresses = {name: _dress(dialect, columns[name]) for name in compiled.positiontup}
    return str(compiled), dresses, {name: _default(columns[name]) for name in dresses if name not in names}


def _dress(dialect: Dialect, column: Column[Any]) -> Dress | None:
    return column.type.dialect_impl(dialect).bind_processor(dialect)


def _default(column: Column[Any]) -> Any:
    if not isinstance(column.default, ScalarElementColumnDefault):
        raise TypeError(f"{column}: a default that is no plain value must be given in the row")
    return column.default.arg
