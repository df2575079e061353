"""Reads Weibo by its commercial interfaces: the public by search, and the mentions and comments of an account."""

import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from config.accounts import WeiboSource
from config.errors import SourceError
from monitor.sources.feeds.decode import decode
from monitor.sources.feeds.walls import wall_of
from monitor.sources.tools import Tools
from monitor.sources.weibo.errors import WeiboFault, fault_in, next_hour
from monitor.sources.weibo.series import MOST_SEARCHES, Params, Series, searches_of, series_of
from monitor.sources.weibo.shapes import items_of, mention_of
from monitor.sources.weibo.windows import cursor_of, tracks_of
from monitor.sources.wire.answers import ErrorAnswer
from monitor.sources.wire.resets import reset_of
from store.nouns import Outcome, RawMention, Reading, SourceState

_LISTS: Final = ("statuses", "comments")
_WORDLESS: Final = "nothing to search for: `query` is empty and no brand has words"


def read_weibo(source: WeiboSource, before: SourceState, tools: Tools) -> Reading:
    """One read of every part of `source`, its series page by page in turn, until all are empty or the cap is reached.

    What was heard before a refusal is kept, and the cursor forgets nothing of the rest. SourceError (auth_failed)
    without a token, (malformed) without anything to ask for, or when nothing at all was answered.
    """
    token = tools.secret(source.secret_env) if source.secret_env else ""
    if not token:
        raise SourceError(f"weibo: no token in {source.secret_env or 'secret_env'}", outcome=Outcome.AUTH_FAILED)
    searches, left_out = searches_of(source.query, tools.words)
    series = series_of(source, searches, tracks_of(before.cursor), tools.now)
    wordless = "search" in source.parts and not searches
    if not series:
        raise SourceError(f"weibo: {_WORDLESS}", outcome=Outcome.MALFORMED)
    heard, faults, capped = _read(_Api(source, tools, token), series)
    # A fault of the whole account ended the read; one of a part is told when nothing worse came.
    fault = next((one for one in reversed(faults) if not _of_one_part(one)), faults[0] if faults else None)
    notes = (
        *map(str, faults),
        "stopped at the most pages of one read; the rest is read next time" if capped else "",
        f"not searched, more than {MOST_SEARCHES} words: {', '.join(left_out)}" if left_out else "",
        _WORDLESS if wordless else "",
    )
    return Reading(
        Outcome(fault.outcome) if fault else Outcome.OK if heard else Outcome.EMPTY,
        heard,
        note="; ".join(filter(None, notes)),
        degraded=wordless,
        cursor=cursor_of({one.name: one.walk.track for one in series}),
        until=fault.until if fault else None,
        truncated=capped,
    )


@dataclass(frozen=True, slots=True)
class _Api:
    source: WeiboSource
    tools: Tools
    token: str

    def page(self, series: Series) -> list[RawMention]:
        """The mentions of the next page of `series`, which takes note of it; SourceError when it was not given."""
        document = self._document(series.path, series.asks(series.walk.asking))
        items = list(items_of(document))
        places = [place for _, item in items if (place := series.places(item)) is not None]
        series.walk.take(places, len(items), _total(document))
        self.tools.limiter.items(self.source.account, self.source.limits, len(items))
        zone = ZoneInfo(self.source.zone)
        found = (mention_of(klass, item, now=self.tools.now, zone=zone) for klass, item in items)
        return [mention for mention in found if mention]

    def _document(self, path: str, params: Params) -> Any:
        self.tools.limiter.ask(self.source.account, self.source.limits)
        # The token goes with the query, so nothing may ever tell the whole address.
        query = urlencode({"access_token": self.token, **params})
        try:
            answer = self.tools.fetch.fetch(f"{self.source.base_url.rstrip('/')}/{path}.json?{query}")
        except ErrorAnswer as error:
            raise self._told(self._fault(_parsed(error.body), path) or self._uncoded(error)) from error
        document = _parsed(answer.body)
        fault = self._fault(document, path)
        if fault:
            raise self._told(fault)
        if not _is_list(document):
            raise _no_list(answer.body, answer.host, path)
        return document

    def _fault(self, document: Any, path: str) -> WeiboFault | None:
        secret = self.source.secret_env
        return fault_in(document, part=path, secret_env=secret, token=self.token, now=self.tools.now)

    def _uncoded(self, error: ErrorAnswer) -> SourceError:
        """An error answer without a code of Weibo's own."""
        if error.outcome == Outcome.AUTH_FAILED:
            return SourceError(f"{error}; the token is that of {self.source.secret_env}", outcome=error.outcome)
        if error.outcome == Outcome.RATE_LIMITED:
            error.until = reset_of(error.headers, self.tools.now) or next_hour(self.tools.now)
        return error

    def _told(self, fault: SourceError) -> SourceError:
        """The same fault; when it is about the whole account, all who use the account wait."""
        if fault.until and not _of_one_part(fault):
            self.tools.limiter.stop(self.source.account, fault.until, str(fault))
        return fault


def _read(api: _Api, series: Sequence[Series]) -> tuple[tuple[RawMention, ...], list[SourceError], bool]:
    """What the pages held, each id once; the faults met; and whether the cap ended it.

    Series take turns page by page, so that a flood of one word does not silence the others.
    """
    heard: dict[str, RawMention] = {}
    faults: list[SourceError] = []
    waiting, pages = deque(series), 0
    # With less than a new and an old page for each of them some would never come to an end.
    most = max(api.source.max_pages, 2 * len(series))
    while waiting and pages < most:
        one = waiting.popleft()
        try:
            found = api.page(one)
        except SourceError as error:
            faults.append(error)
            if not _of_one_part(error):
                waiting.clear()
            continue
        pages += 1
        for mention in found:
            heard.setdefault(mention.ext_id, mention)
        if not one.walk.done:
            waiting.append(one)
    if faults and not pages:
        raise faults[-1]
    return tuple(heard.values()), faults, any(one.walk.track.gaps for one in waiting)


def _of_one_part(fault: SourceError) -> bool:
    return isinstance(fault, WeiboFault) and fault.one_part


def _parsed(body: bytes) -> Any:
    """The JSON of an answer; None when it is none."""
    try:
        return json.loads(decode(body, None), strict=False)
    except (ValueError, RecursionError):
        return None


def _is_list(document: Any) -> bool:
    named = isinstance(document, dict) and any(isinstance(document.get(name), list) for name in _LISTS)
    return named or isinstance(document, list)


def _no_list(body: bytes, host: str, path: str) -> SourceError:
    wall = wall_of(decode(body, None))
    what = f"a {wall} wall" if wall else "no list of posts or comments"
    return SourceError(f"{host}: {path} answered with {what}", outcome=Outcome.BLOCKED if wall else Outcome.MALFORMED)


def _total(document: Any) -> int | None:
    found = document.get("total_number") if isinstance(document, dict) else None
    return found if isinstance(found, int) else None
