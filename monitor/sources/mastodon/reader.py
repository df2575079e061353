"""Reads one server of the Mastodon family: hashtags, searches, and the mentions of an account."""

import json
import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode

from config.accounts import MastodonSource
from config.errors import SourceError
from monitor.sources.feeds.decode import decode
from monitor.sources.feeds.walls import wall_of
from monitor.sources.mastodon.shapes import Json, mastodon_mentions_of
from monitor.sources.mastodon.walks import Search, Timeline, Walk
from monitor.sources.plain import fold
from monitor.sources.tools import Tools
from monitor.sources.wire.answers import ErrorAnswer
from monitor.sources.wire.fetch import Fetched
from monitor.sources.wire.resets import reset_of
from store.nouns import Outcome, Reading, SourceState

MOST_WORDS: Final = 5
# The span in which these servers count their 300 requests.
_WINDOW: Final = timedelta(minutes=5)
_TAG: Final = re.compile(r"\w*[^\W\d]\w*")
_WORDLESS: Final = "nothing to read: `tags` is empty and no brand has words"
# status → outcome and what it means on these servers; others mean what they always mean.
_MEANINGS: Final = {
    401: (Outcome.AUTH_FAILED, "the token is not accepted, or nothing is shown without one"),
    403: (Outcome.AUTH_FAILED, "the token lacks the scope for this"),
    404: (Outcome.GONE, "there is no such thing, or it is not shown to us"),
    418: (Outcome.BLOCKED, "the server does not serve programs that name themselves as we do"),
    422: (Outcome.AUTH_FAILED, "this is shown only to those who are logged in"),
}
# Another part of the same server may still answer.
_ONE_PART: Final = frozenset({403, 404, 410, 422})


def read_mastodon(source: MastodonSource, before: SourceState, tools: Tools) -> Reading:
    """One read of every tag, search and mailbox of `source`, in turns, until all are empty or the cap is reached.

    What was heard before a refusal is kept, and the cursor forgets nothing of the rest. SourceError (auth_failed)
    when the named token is missing, (malformed) without anything to read, or when nothing at all was answered.
    """
    token = tools.secret(source.secret_env) if source.secret_env else ""
    if not token and (source.secret_env or source.search or source.mentions):
        raise SourceError(f"mastodon: no token in {source.secret_env or 'secret_env'}", outcome=Outcome.AUTH_FAILED)
    walks, left_out = _walks(source, before, tools)
    if not walks:
        raise SourceError(f"mastodon: {_WORDLESS}", outcome=Outcome.MALFORMED)
    statuses, faults = _read(_Api(source, tools, token), walks)
    heard = mastodon_mentions_of(statuses, base_url=source.base_url, now=tools.now)
    fault = next((one for one in reversed(faults) if not _of_one_part(one)), faults[0] if faults else None)
    capped = fault is None and any(walk.behind for walk in walks)
    return Reading(
        Outcome(fault.outcome) if fault else Outcome.OK if heard else Outcome.EMPTY,
        heard,
        note="; ".join(_notes(walks, faults, left_out, capped)),
        cursor={walk.name: walk.state for walk in walks if walk.state},
        until=fault.until if fault else None,
        truncated=capped,
    )


def _walks(source: MastodonSource, before: SourceState, tools: Tools) -> tuple[list[Walk], list[str]]:
    """Every part where it was left, and the words that are too many."""

    def left(name: str) -> dict[str, Any]:
        kept = before.cursor.get(name)
        return kept if isinstance(kept, dict) else {}

    tags, extra = _tags(source, tools.words)
    searches, more = _searches(source, tools.words)
    walks: list[Walk] = [
        Timeline(name, f"/api/v1/timelines/tag/{quote(tag, safe='')}", left(name), tools.now)
        for tag in tags
        for name in (f"tag:{tag}",)
    ]
    if source.mentions:
        # A mailbox numbers what arrives: nothing ever turns up below the newest.
        only = (("types[]", "mention"),)
        walks.append(
            Timeline("mentions", "/api/v1/notifications", left("mentions"), tools.now, looks_back=False, fixed=only)
        )
    walks += [
        Search(name, "/api/v2/search", words, left(name), tools.now)
        for words in searches
        for name in (f"search:{words}",)
    ]
    return walks, list(dict.fromkeys((*extra, *more)))


def _tags(source: MastodonSource, words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The tags of the source, else those words that can be one; the rest are too many."""
    given = source.tags or ([] if source.search and source.query else words)
    spelled = {tag.casefold(): tag for word in reversed(given) if _TAG.fullmatch(tag := word.strip().lstrip("#＃"))}
    found = list(spelled.values())[::-1]
    return (found, []) if source.tags else (found[:MOST_WORDS], found[MOST_WORDS:])


def _searches(source: MastodonSource, words: Sequence[str]) -> tuple[list[str], list[str]]:
    if not source.search:
        return [], []
    given = source.query.split("|") if source.query.strip() else words
    found = list(dict.fromkeys(filter(None, map(fold, given))))
    return found[:MOST_WORDS], found[MOST_WORDS:]


def _notes(walks: Sequence[Walk], faults: Sequence[SourceError], left_out: Sequence[str], capped: bool) -> list[str]:
    silent = [walk.words for walk in walks if isinstance(walk, Search) and not (walk.found or walk.behind or faults)]
    notes = (
        *map(str, faults),
        "stopped at the most pages of one read; the rest is read next time" if capped else "",
        f"not read, more than {MOST_WORDS} words: {', '.join(left_out)}" if left_out else "",
        f"the search never found anything for {', '.join(silent)}: servers without full-text search answer just so"
        if silent
        else "",
    )
    return [note for note in notes if note]


class MastodonFault(SourceError):
    """The server refused one part only, or all of it."""

    def __init__(self, message: str, *, outcome: Outcome, one_part: bool) -> None:
        super().__init__(message, outcome=outcome)
        self.one_part = one_part


@dataclass(frozen=True, slots=True)
class _Api:
    source: MastodonSource
    tools: Tools
    token: str

    def page(self, walk: Walk) -> list[Json]:
        """The statuses of the next page of `walk`, which takes note of it; SourceError when it was not given."""
        self.tools.limiter.ask(self.source.account, self.source.limits)
        url = f"{self.source.base_url.rstrip('/')}{walk.path}?{urlencode(walk.params)}"
        headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
        try:
            answer = self.tools.fetch.fetch(url, headers=headers)
        except ErrorAnswer as error:
            raise self._meant(error) from error
        items = _items(answer, walk)
        walk.take(items, answer.headers.get("link", ""))
        self.tools.limiter.items(self.source.account, self.source.limits, len(items))
        if answer.headers.get("x-ratelimit-remaining") == "0":
            self._stop(answer.headers, "the server's limit is used up")
        held = (one.get("status") for one in items) if walk.name == "mentions" else items
        return [one for one in held if isinstance(one, dict)]

    def _meant(self, error: ErrorAnswer) -> SourceError:
        if error.outcome == Outcome.RATE_LIMITED:
            error.until = reset_of(error.headers, self.tools.now, _WINDOW) or self.tools.now + _WINDOW
            self.tools.limiter.stop(self.source.account, error.until, str(error))
            return error
        if error.status not in _MEANINGS or error.outcome == Outcome.BLOCKED:
            return error
        outcome, words = _MEANINGS[error.status]
        named = f" ({self.source.secret_env})" if outcome == Outcome.AUTH_FAILED and self.source.secret_env else ""
        host = str(error).partition(":")[0]
        message = f"{host}: answered {error.status}: {words}{named}"
        return MastodonFault(message, outcome=outcome, one_part=error.status in _ONE_PART)

    def _stop(self, headers: Any, why: str) -> None:
        until = reset_of(headers, self.tools.now, _WINDOW) or self.tools.now + _WINDOW
        self.tools.limiter.stop(self.source.account, until, why)


def _read(api: _Api, walks: Sequence[Walk]) -> tuple[list[Json], list[SourceError]]:
    """The statuses of all pages and the faults met. Parts take turns, so that a flood of one silences no other."""
    found: list[Json] = []
    faults: list[SourceError] = []
    waiting, pages = deque(walks), 0
    # With less than a new and an old page for each of them some would never come to an end.
    most = max(api.source.max_pages, 2 * len(walks))
    while waiting and pages < most:
        walk = waiting.popleft()
        try:
            found += api.page(walk)
        except SourceError as error:
            faults.append(error)
            if not _of_one_part(error):
                waiting.clear()
            continue
        pages += 1
        if not walk.done:
            waiting.append(walk)
    if faults and not pages:
        raise faults[-1]
    return found, faults


def _of_one_part(fault: SourceError) -> bool:
    return isinstance(fault, MastodonFault) and fault.one_part


def _items(answer: Fetched, walk: Walk) -> list[Json]:
    try:
        document = json.loads(decode(answer.body, None), strict=False)
    except (ValueError, RecursionError):
        document = None
    found = document.get("statuses") if isinstance(document, dict) and isinstance(walk, Search) else document
    if isinstance(found, list):
        return [one for one in found if isinstance(one, dict)]
    wall = wall_of(decode(answer.body, None))
    what = f"a {wall} wall" if wall else "no list of posts"
    outcome = Outcome.BLOCKED if wall else Outcome.MALFORMED
    raise SourceError(f"{answer.host}: {walk.path.split('/')[3]} answered with {what}", outcome=outcome)
