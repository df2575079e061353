"""Where texts were posted, as people recorded and corrected it, and the pictures of those posts. Nothing is erased."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import insert, select

from store.database import Tx, insert_once
from store.nouns import Publication, Screenshot
from store.tables import publications, screenshots

_ABOUT = [screenshots.c[name] for name in Screenshot.__dataclass_fields__]


def add(tx: Tx, made: Publication) -> bool:
    """Keep a record; False when somebody else corrected the same one first."""
    return insert_once(tx, publications, [asdict(made)]) == 1


def get(tx: Tx, publication_id: str) -> Publication | None:
    row = tx.execute(select(publications).where(publications.c.id == publication_id)).first()
    return Publication(**row._mapping) if row else None


def all_of(tx: Tx, incident: str) -> list[Publication]:
    """Every record, the superseded ones too, in the order in which they were written down."""
    query = select(publications).where(publications.c.incident == incident)
    found = tx.execute(query.order_by(publications.c.recorded_at, publications.c.id))
    return [Publication(**row._mapping) for row in found]


def standing(records: Sequence[Publication]) -> list[Publication]:
    """Those that nobody corrected and that were posted, by the time of the post."""
    corrected = {one.supersedes for one in records}
    valid = [one for one in records if one.id not in corrected and not one.withdrawn]
    return sorted(valid, key=lambda one: (one.published_at, one.id))


def add_screenshot(tx: Tx, shot: Screenshot, file: bytes) -> None:
    tx.execute(insert(screenshots).values(**asdict(shot), file=file))


def screenshots_of(tx: Tx, records: Sequence[Publication]) -> dict[str, list[Screenshot]]:
    """Record id → its pictures (without their bytes), oldest first."""
    ids = [one.id for one in records]
    query = select(*_ABOUT).where(screenshots.c.publication.in_(ids)).order_by(screenshots.c.at, screenshots.c.id)
    found: dict[str, list[Screenshot]] = {}
    for row in tx.execute(query):
        found.setdefault(row.publication, []).append(Screenshot(**row._mapping))
    return found


def screenshot(tx: Tx, incident: str, screenshot_id: str) -> tuple[Screenshot, bytes] | None:
    """A picture with its bytes; None when it belongs to no record of this incident."""
    query = (
        select(*_ABOUT, screenshots.c.file)
        .join(publications, publications.c.id == screenshots.c.publication)
        .where(screenshots.c.id == screenshot_id, publications.c.incident == incident)
    )
    row = tx.execute(query).first()
    if row is None:
        return None
    about = {name: row._mapping[name] for name in Screenshot.__dataclass_fields__}
    return Screenshot(**about), bytes(row.file)
