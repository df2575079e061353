"""Requests to X: the money of each is set aside before it is sent, and what was not used is given back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from config.accounts import XSource
from config.errors import SourceError
from config.mapping import Limits
from monitor.sources.tools import Tools
from monitor.sources.wire.answers import ErrorAnswer
from monitor.sources.wire.resets import LONGEST
from monitor.sources.x.problems import answer_of, fault_of
from monitor.sources.x.shapes import Posts, fields_of, posts_of
from store.nouns import Outcome

# Near the end of the day's money smaller pages still fit.
_SIZES: Final = (100, 50, 20, 10)
_COUNTS: Final = "/2/tweets/counts/recent"
_SEARCH: Final = "/2/tweets/search/recent"


@dataclass(frozen=True, slots=True)
class Calls:
    """One read's requests. `failures`: reads of the source that have failed before."""

    source: XSource
    tools: Tools
    failures: int
    token: str = field(repr=False)

    def counts(self, query: str, start: datetime) -> dict[str, Any]:
        """Posts per minute since `start`; SourceError, XFault when X refused."""
        # Counts have a rate limit of their own: when it is used up, posts may still be read.
        self._ask(f"{self.source.account}:counts", Limits())
        price = self._priced(self.source.usd_per_counts)
        self._ask(self.source.account, price)
        params = {"query": query, "granularity": "minute", "start_time": start.strftime("%Y-%m-%dT%H:%M:%SZ")}
        try:
            return self._send(_COUNTS, params, f"{self.source.account}:counts")
        except SourceError:
            self.tools.limiter.items(self.source.account, price, -1)
            raise

    def posts(self, params: Mapping[str, str]) -> tuple[Posts, dict[str, Any]]:
        """One page of posts and the whole answer; SourceError, quota_exhausted when no page fits into the day's money.

        The price of a full page is set aside first: over all processes no more is ever spent than is allowed.
        """
        source, account = self.source, self.source.account
        size, reserved = self._reserve()
        users = {"expansions": "author_id", "user.fields": "name,username,verified,public_metrics"}
        name, fields = fields_of(source.vocabulary)
        asked = {**params, "max_results": str(size), "sort_order": "recency", name: fields}
        try:
            answer = self._send(_SEARCH, {**asked, **(users if source.authors else {})}, account)
        finally:
            self.tools.limiter.items(account, reserved, -size)
        page = posts_of(answer, platform=source.platform, now=self.tools.now)
        self.tools.limiter.items(account, self._priced(source.usd_per_post), page.count)
        self.tools.limiter.items(account, self._priced(source.usd_per_user), page.users)
        if not page.mentions and (page.count or _promised(answer)):
            raise SourceError("X: an answer whose posts cannot be read", outcome=Outcome.MALFORMED)
        return page, answer

    def _reserve(self) -> tuple[int, Limits]:
        """The largest page the day's money allows, and its price per post."""
        source = self.source
        each = source.usd_per_post + (source.usd_per_user if source.authors else 0)
        size, *smaller = (source.page_size, *(size for size in _SIZES if size < source.page_size))
        while True:
            try:
                self._ask(source.account, self._priced(each * size))
            except SourceError as error:
                if error.outcome != Outcome.QUOTA_EXHAUSTED or not smaller:
                    raise
                size = smaller.pop(0)
            else:
                return size, self._priced(each)

    def _priced(self, usd: float) -> Limits:
        return self.source.limits.model_copy(update={"usd_per_request": usd, "usd_per_item": usd})

    def _ask(self, account: str, limits: Limits) -> None:
        try:
            self.tools.limiter.ask(account, limits)
        except SourceError as error:
            # No rate limit lasts so long: what was stopped for longer is the month's use.
            if error.until is not None and error.until > self.tools.now + LONGEST:
                raise SourceError(str(error), outcome=Outcome.QUOTA_EXHAUSTED, until=error.until) from error
            raise

    def _send(self, path: str, params: Mapping[str, str], account: str) -> dict[str, Any]:
        url = f"{self.source.base_url.rstrip('/')}{path}?{urlencode(params)}"
        headers = {"Accept": "application/json", "Authorization": f"Bearer {self.token}"}
        try:
            return answer_of(self.tools.fetch.fetch(url, headers=headers))
        except ErrorAnswer as error:
            fault = fault_of(error, now=self.tools.now, failures=self.failures)
            if fault.until is not None:
                who = self.source.account if fault.outcome == Outcome.QUOTA_EXHAUSTED else account
                self.tools.limiter.stop(who, fault.until, str(fault))
            raise fault from None


def _promised(answer: Mapping[str, Any]) -> bool:
    meta = answer.get("meta")
    count = meta.get("result_count") if isinstance(meta, Mapping) else 0
    return isinstance(count, int) and count > 0
