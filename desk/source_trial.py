"""Reads a source once, by hand and within bounds, before anybody saves it: what came, and what was missing."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from msgspec import structs

from config.clock import stopwatch
from config.errors import SettingsError, SourceError
from config.mapping import Limits
from config.watch import FeedSource, JsonSource, Source
from desk.source_budget import secret_of
from monitor.privacy import mask_name, mask_numbers
from monitor.sources.readers import READERS
from monitor.sources.tools import Tools
from monitor.sources.wire.answers import ErrorAnswer
from monitor.sources.wire.fetch import Fetched, Fetcher
from store import sources
from store.nouns import Outcome, RawMention, Reading

SHOWN: Final = 5
# Few requests and little time: a person waits, and some places cost money.
MOST_REQUESTS: Final = 6
LONGEST: Final = 20.0
MOST_ENTRIES: Final = 200
# What people look for first; unknown is not zero.
WANTED: Final = ("published_at", "url", "author", "followers", "likes", "comments", "reposts")
# RSSHub and wewe-rss say so themselves, in every form in which they answer.
_BRIDGE: Final = re.compile(
    r"powered by rsshub|welcome to rsshub|<generator[^>]*>[^<]{0,40}(?:rsshub|wewe)|xmlns:rsshub|"
    r'"generator"\s*:\s*"[^"]{0,40}(?:rsshub|wewe)',
    re.IGNORECASE,
)
_WEWE: Final = re.compile(r"/feeds/(?:all|MP_WXS_\d+)\.(?:rss|atom|json)\b")
_LOOKED_AT: Final = 4_000


@dataclass(frozen=True, slots=True)
class Trial:
    """What one read came to. `shown` are masked; `gaps`: (field, how many of `total` lack it), none left out."""

    outcome: str
    note: str
    total: int
    shown: tuple[RawMention, ...]
    gaps: tuple[tuple[str, int], ...]
    bridge: bool
    stopped: bool
    degraded: bool

    @property
    def heard(self) -> bool:
        return self.outcome in (Outcome.OK, Outcome.EMPTY, Outcome.NOT_MODIFIED)


class Few:
    """A limiter for one read by hand: it counts nothing that lasts, and stops after a few requests or seconds."""

    def __init__(self) -> None:
        self.left, self.since, self.stopped = MOST_REQUESTS, stopwatch(), False

    def ask(self, account: str, limits: Limits, requests: int = 1) -> None:
        self.left -= requests
        if self.left < 0 or stopwatch() - self.since > LONGEST:
            self.stopped = True
            raise SourceError(f"a trial makes at most {MOST_REQUESTS} requests", outcome=Outcome.RATE_LIMITED)

    def items(self, account: str, limits: Limits, count: int) -> None:
        return

    def stop(self, account: str, until: datetime, why: str) -> None:
        return


class Peek(Fetcher):
    """The house's fetcher, which also remembers how the last answer began."""

    def __init__(self, inner: Fetcher) -> None:
        self._inner, self.began = inner, ""

    def fetch(self, url: str, **how: Any) -> Fetched:
        try:
            found = self._inner.fetch(url, **how)
        except ErrorAnswer as error:
            self.began = error.body[:_LOOKED_AT].decode("utf-8", "replace")
            raise
        self.began = found.body[:_LOOKED_AT].decode("utf-8", "replace")
        return found


def try_once(source: Source, tools: Tools) -> Trial:
    """One bounded read. `tools` carry the house's fetcher; their limiter is not used: a trial spends no budget."""
    peek, few = Peek(tools.fetch), Few()
    bounded = replace(tools, fetch=peek, limiter=few, max_entries=min(tools.max_entries, MOST_ENTRIES))
    try:
        reading = READERS[source.kind](_one_page(source), sources.fresh(source.id), bounded)
    except SourceError as error:
        reading = Reading(Outcome(error.outcome), note=str(error), until=error.until)
    except SettingsError:
        # A variable that names a file nobody can read: for the source that is no key at all.
        reading = Reading(Outcome.AUTH_FAILED, note=f"{secret_of(source)} is not set: its file cannot be read")
    outcome = reading.outcome
    if few.stopped:
        outcome = Outcome.OK if reading.mentions else Outcome.EMPTY
    return Trial(
        outcome=outcome.value,
        note="" if few.stopped else reading.note,
        total=len(reading.mentions),
        shown=tuple(_masked(one) for one in reading.mentions[:SHOWN]),
        gaps=gaps_of(reading.mentions),
        bridge=isinstance(source, FeedSource) and is_bridge(source.url, peek.began),
        stopped=few.stopped or reading.truncated,
        degraded=reading.degraded,
    )


def is_bridge(url: str, began: str) -> bool:
    """Whether a feed's address or its first words say that RSSHub or wewe-rss stands between us and the platform."""
    return bool(_BRIDGE.search(began) or _WEWE.search(url))


def gaps_of(mentions: tuple[RawMention, ...]) -> tuple[tuple[str, int], ...]:
    """(field, how many lack it) for the fields at least one lacks."""
    counts = ((name, sum(getattr(one, name) in (None, "") for one in mentions)) for name in WANTED)
    return tuple((name, lacking) for name, lacking in counts if lacking)


def _one_page(source: Source) -> Source:
    """The same source, asking for one page only, where its kind turns pages."""
    if "max_pages" in type(source).model_fields:
        return source.model_copy(update={"max_pages": 1})
    if isinstance(source, JsonSource):
        spec = source.described
        pages = spec.pages.model_copy(update={"max": 1})
        return source.model_copy(update={"spec": spec.model_copy(update={"pages": pages})})
    return source


def _masked(one: RawMention) -> RawMention:
    """As it would be kept: no name, no account, no numbers of people."""
    return structs.replace(
        one, author=mask_name(one.author), handle="", title=mask_numbers(one.title), text=mask_numbers(one.text)
    )
