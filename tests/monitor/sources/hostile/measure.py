"""Reads hostile documents, each in a process of its own, and prints per document what came of it and what it cost.

python -m tests.monitor.sources.hostile.measure [START STEP]: every STEP-th case from the START-th on, JSON lines.
"""

import json
import os
import re
import resource
import sys
import unicodedata
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import structs

from config.errors import SourceError
from monitor.sources.feeds.feed import parse_feed
from store.nouns import RawMention, Reading
from tests.monitor.sources.hostile.case import Case, item, rss
from tests.monitor.sources.hostile.corpus import CASES

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
# Far above what is allowed: they only keep a runaway from taking the machine with it.
CPU_S, MEMORY = 8, 2_000_000_000
# What reading the yardstick costs on the machine the limits were set on. A machine that is slow, or busy with other
# things, needs as many times more for a document as for this.
YARDSTICK_CPU_S = 0.0075
YARDSTICK = rss(*(item(f"t{number}") for number in range(1000)))
_MOJIBAKE = re.compile("[À-ÿ]{3}")


def read(case: Case, body: bytes) -> Reading:
    return parse_feed(
        body, case.served, zone=ZoneInfo(case.zone), now=NOW, platform="web", url="https://place.example/feed"
    )


def stains(mention: RawMention, garbled: bool) -> list[str]:
    """What must stand in no field of any mention: control or half characters, misread letters, links that run.

    A lost character is none where the document was `garbled`.
    """
    texts = {one.name: getattr(mention, one.name) for one in structs.fields(mention)}
    found = []
    for name, text in texts.items():
        if not isinstance(text, str):
            continue
        if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text):
            found.append(f"{name}: control character")
        if _MOJIBAKE.search(text) or any(unicodedata.category(letter) == "Co" for letter in text):
            found.append(f"{name}: misread letters")
        if "\ufffd" in text and not garbled:
            found.append(f"{name}: lost character")
    if mention.url and not mention.url.startswith(("http://", "https://")):
        found.append("url: not of the web")
    return found


def told(case: Case, body: bytes) -> dict[str, Any]:
    """What came of it; `said` is the message of a refusal."""
    try:
        reading = read(case, body)
    except SourceError as error:
        return {"outcome": error.outcome, "said": str(error)}
    mentions = reading.mentions
    return {
        "outcome": reading.outcome,
        "degraded": reading.degraded,
        "note": reading.note,
        "count": len(mentions),
        "titles": [one.title for one in mentions],
        "texts": [one.text for one in mentions],
        "urls": [one.url for one in mentions],
        "twins": len(mentions) - len({one.ext_id for one in mentions}),
        "dates": [one.published_at and one.published_at.isoformat() for one in mentions],
        "stains": sorted({stain for one in mentions for stain in stains(one, case.garbled)}),
    }


def cost() -> tuple[float, float]:
    """CPU seconds and highest memory in MB of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def measured(case: Case) -> dict[str, Any]:
    """The reading with its CPU seconds, as of the machine of the yardstick, and with its memory in MB.

    The memory is that of the document itself and its making, too.
    """
    _, before = cost()
    body = case.body()
    began, _ = cost()
    row = told(case, body)
    ended, highest = cost()
    cpu = (ended - began) * YARDSTICK_CPU_S / yardstick()
    return {"name": case.name, **row, "cpu": round(cpu, 3), "mb": round(highest - before, 1)}


def yardstick() -> float:
    """CPU seconds for a plain feed of a thousand posts, here and now."""
    body = YARDSTICK.encode()
    began, _ = cost()
    read(Case("", YARDSTICK), body)
    ended, _ = cost()
    return ended - began


def alone(case: Case) -> None:
    """Measures one case in a child; a child that dies, of an error too, leaves a line that says so."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        _say(measured(case))
        sys.stdout.flush()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status:
        _say({"name": case.name, "outcome": f"died with status {status}", "cpu": 0, "mb": 0})


def _say(row: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    start, step = (int(word) for word in sys.argv[1:3] or ("0", "1"))
    # What the first read imports and compiles is no cost of any document.
    for warm in (rss(item("t")), rss(item("t")) + "x", "{}"):
        told(Case("", warm), warm.encode())
    for one in CASES[start::step]:
        alone(one)
