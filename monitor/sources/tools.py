"""What every reader is handed and what it gives back, whatever the kind of its source."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.limiter import Limiter
from monitor.sources.wire.fetch import Fetcher
from store.nouns import Reading, SourceState


@dataclass(frozen=True, slots=True)
class Tools:
    """`secret` finds a secret by its name ("" when unset); `words` are those of the source's brand (of every brand when
    it has none), for sources that search; `hot`: an incident of that brand is open.
    """

    fetch: Fetcher
    limiter: Limiter
    secret: Callable[[str], str]
    now: datetime
    words: tuple[str, ...] = ()
    hot: bool = False
    max_entries: int = 1000


# (source of the reader's own kind, its state before this read, tools) -> Reading; SourceError when nothing was heard.
Reader = Callable[[Any, SourceState, Tools], Reading]
