"""What a mention said at one moment, kept so that anybody can check it; and what people said of its score."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, insert, select, update

from store import heard
from store.database import Tx
from store.nouns import Correction, Snapshot
from store.tables import corrections, mentions, scores, snapshots, volumes
from store.volumes import FINE, HOUR, bucket_of

SYSTEM = "system"
FORMAT = "golden-hour/mention/1"
EDITED = "before an edit"
# A page that counts its readers in its text is another one at every read.
VERSIONS_AN_HOUR = 10
# (negative, crisis, not_us) as they are -> as they shall be.
Marks = tuple[bool, bool, bool]
# What is public of a mention: not the key of its author, not what came with it unmasked.
_PUBLIC = (
    "id", "platform", "ext_id", "url", "klass", "lang", "title", "text", "truncated", "author", "followers", "verified",
    "bot", "published_at", "raw_date", "date_estimated", "first_seen_at", "last_seen_at", "edited_at", "metrics_at",
    "likes", "comments", "reposts", "views", "points", "rank", "best_rank", "region", "status", "parent_ext_id",
    "repost_of",
)  # fmt: skip


def canonical(body: dict[str, Any]) -> bytes:
    """The one way these words are written down: keys sorted, no blanks between, UTF-8."""
    said = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return said.encode("utf-8", "replace")


def digest(body: dict[str, Any]) -> str:
    """The sha256 of exactly those bytes."""
    return hashlib.sha256(canonical(body)).hexdigest()


def take(tx: Tx, mention: str, snapshot_id: str, at: datetime, who: str, why: str = "") -> Snapshot | None:
    """Keep what the store knows of a mention at this moment; None when there is no such mention."""
    row = tx.execute(select(mentions).where(mentions.c.id == mention)).first()
    if row is None:
        return None
    found = row._mapping
    body: dict[str, Any] = {name: _plain(found[name]) for name in _PUBLIC}
    sources = dict([(found["source"], found["first_seen_at"]), *heard.sources_of(tx, mention)])
    body["found_in"] = [{"source": source, "at": _plain(seen)} for source, seen in sources.items()]
    body |= {"format": FORMAT, "captured_at": _plain(at)}
    # Written as it will be read again: the hash is of what is kept.
    body = json.loads(canonical(body))
    kept = Snapshot(snapshot_id, mention, at, who, why, body, digest(body))
    tx.execute(insert(snapshots).values(**asdict(kept)))
    return kept


def keep_version(tx: Tx, mention: str, snapshot_id: str, at: datetime) -> None:
    """Keep the words a mention had before an edit as a snapshot by `system`; of one that changes at every read some."""
    lately = (snapshots.c.mention == mention, snapshots.c.who == SYSTEM, snapshots.c.at > at - timedelta(hours=1))
    if tx.execute(select(func.count()).select_from(snapshots).where(*lately)).scalar_one() < VERSIONS_AN_HOUR:
        take(tx, mention, snapshot_id, at, SYSTEM, EDITED)


def of_mention(tx: Tx, mention: str) -> list[Snapshot]:
    """Its snapshots, newest first."""
    query = select(snapshots).where(snapshots.c.mention == mention)
    return [
        Snapshot(**row._mapping) for row in tx.execute(query.order_by(snapshots.c.at.desc(), snapshots.c.id.desc()))
    ]


def get(tx: Tx, mention: str, snapshot_id: str) -> Snapshot | None:
    query = select(snapshots).where(snapshots.c.id == snapshot_id, snapshots.c.mention == mention)
    row = tx.execute(query).first()
    return Snapshot(**row._mapping) if row else None


def corrections_of(tx: Tx, mention: str, brand: str = "") -> list[Correction]:
    """What people said of it, oldest first; for one brand or for all."""
    query = select(corrections).where(corrections.c.mention == mention)
    query = query.where(corrections.c.brand == brand) if brand else query
    return [Correction(**row._mapping) for row in tx.execute(query.order_by(corrections.c.seq))]


def correct(tx: Tx, said: Correction, rule: Callable[[Sequence[str]], Marks | None]) -> bool:
    """Keep a person's word, change the marks of the score and count it anew, all of it once.

    `rule` gets every word so far with the new one last, and says the marks that follow; None: it is no news and
    nothing changes. False then, and when the mention was never judged for the brand. `said.seq` is not looked at.
    """
    where = and_(scores.c.mention == said.mention, scores.c.brand == said.brand)
    columns = (scores.c.negative, scores.c.crisis, scores.c.not_us, scores.c.event_at)
    # Locked: of two people at once the second sees what the first has done.
    row = tx.execute(select(*columns).where(where).with_for_update()).first()
    if row is None:
        return False
    known = [one.what for one in corrections_of(tx, said.mention, said.brand)]
    marks = rule([*known, said.what])
    if marks is None:
        return False
    tx.execute(insert(corrections).values(**{name: value for name, value in asdict(said).items() if name != "seq"}))
    negative, crisis, not_us = marks
    tx.execute(update(scores).where(where).values(negative=negative, crisis=crisis, not_us=not_us))
    _recount(tx, said.brand, row.event_at, _counts(row.negative, row.crisis, row.not_us), _counts(*marks))
    return True


def _counts(negative: bool, crisis: bool, not_us: bool) -> tuple[int, int, int]:
    """What a mention adds to its bucket: mentions, negative, crisis."""
    return (0, 0, 0) if not_us else (1, int(negative), int(crisis))


def _recount(tx: Tx, brand: str, at: datetime, before: tuple[int, ...], now: tuple[int, ...]) -> None:
    names = ("mentions", "negative", "crisis")
    more = {name: new - old for name, old, new in zip(names, before, now, strict=True) if new != old}
    if not more:
        return
    for minutes in (FINE, HOUR):
        # Where the bucket is no longer kept there is nothing to mend.
        here = (volumes.c.brand == brand, volumes.c.minutes == minutes, volumes.c.at == bucket_of(at, minutes))
        tx.execute(update(volumes).where(*here).values({name: volumes.c[name] + n for name, n in more.items()}))


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
