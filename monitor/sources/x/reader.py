"""Reads X within a day's money: counts at every turn, posts on a spike, while an incident is open, or when told."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from config.accounts import XSource
from config.errors import SourceError
from monitor.sources.gaps import Gap, Page, Reach, Walk, reach_of
from monitor.sources.tools import Tools
from monitor.sources.x.calls import Calls
from monitor.sources.x.problems import partial_errors
from monitor.sources.x.query import LONGEST, query_of
from monitor.sources.x.shapes import minutes_of, moment_at, position_at
from monitor.sources.x.spike import KEPT, MINUTE, Counts, Rule, Verdict, counts_of
from store.nouns import Outcome, Reading, SourceState

# X searches the last seven days; a little less, so that a slow clock asks for nothing it refuses.
REACHABLE: Final = timedelta(days=7) - timedelta(minutes=5)
_POSTS: Final = "posts"
_WHOLE: Final = (Outcome.AUTH_FAILED, Outcome.QUOTA_EXHAUSTED)


def read_x(source: XSource, before: SourceState, tools: Tools) -> Reading:
    """One turn: the last hour's counts, and posts when they are a spike, when it is hot, or when always asked for.

    Posts go back to where the last ones read ended. A read that is stopped gives what it heard with the outcome that
    stopped it; the cursor holds what is still unread. SourceError when it was stopped before it heard anything.
    """
    token = tools.secret(source.secret_env) if source.secret_env else ""
    if not token:
        what = (
            f"{source.secret_env} is not set" if source.secret_env else "needs `secret_env`, the name of the variable"
        )
        raise SourceError(f"X: {what} with its bearer token", outcome=Outcome.AUTH_FAILED)
    query, left_out = query_of(source.query, tools.words, no_reposts=source.no_reposts)
    if not query:
        raise SourceError(
            "nothing to search for: `query` is empty and the brand has no words", outcome=Outcome.MALFORMED
        )
    run = _Run(source, tools, Calls(source, tools, before.failures, token), query)
    if left_out:
        run.notes.append(f"{left_out} words do not fit into the {LONGEST} characters X takes: write a shorter `query`")
    return replace(run.read(before.cursor), degraded=bool(left_out))


@dataclass(slots=True)
class _Run:
    source: XSource
    tools: Tools
    calls: Calls
    query: str
    notes: list[str] = field(default_factory=list)
    fault: SourceError | None = None
    lost: bool = False

    def read(self, kept: dict[str, Any]) -> Reading:
        always = self.source.always_posts or self.tools.hot
        counts, verdict = self._counts(counts_of(kept.get("counts")), always)
        reach = self._reach(kept.get("reach"))
        walk = Walk({_POSTS: reach}, self.source.max_pages)
        gaps = ([Gap(reach.newest)] if always or verdict.spike else []) + list(reach.gaps)
        # Until posts are read for the first time nothing is remembered: weeks of calm are not paid for afterwards.
        begun = bool(gaps or kept.get("reach"))
        self._walk(walk, gaps)
        mentions = tuple(walk.mentions.values())
        self.notes.insert(0, f"{verdict}; {len(mentions)} posts read" if gaps else f"counts only: {verdict}")
        return Reading(
            self._outcome(bool(mentions or (verdict.posts and not gaps))),
            mentions,
            note="; ".join(self.notes),
            cursor={"counts": counts.to_cursor(), "reach": walk.reaches[_POSTS].to_cursor() if begun else None},
            until=self.fault.until if self.fault else None,
            truncated=walk.truncated or self.lost,
        )

    def _reach(self, kept: object) -> Reach:
        """How far posts were read. A page mark lasts for one read only; the place it stands for lasts."""
        first = position_at(self.tools.now - min(self.source.first, REACHABLE))
        reach = reach_of(kept, first)
        gaps = [Gap(gap.since, gap.below) for gap in reach.gaps if gap.since.isdecimal()]
        gaps = [gap for gap in gaps if not gap.below or gap.below.isdecimal()]
        return Reach(reach.newest, tuple(gaps)) if reach.newest.isdecimal() else Reach(first)

    def _outcome(self, heard: bool) -> Outcome:
        if self.fault is not None:
            return Outcome(self.fault.outcome)
        return Outcome.OK if heard else Outcome.EMPTY

    def _counts(self, kept: Counts, always: bool) -> tuple[Counts, Verdict]:
        """The counts after this turn. They change once a minute, so they are not paid for more often.

        Where posts are read anyway, counts that cannot be had are only noted.
        """
        rule = Rule(self.source.spike_ratio, self.source.spike_least, self.source.spike_minutes)
        now = self.tools.now
        if kept.asked_at is not None and now - MINUTE < kept.asked_at <= now:
            return kept, kept.verdict(rule)
        start = now.replace(second=0, microsecond=0) - MINUTE * KEPT
        try:
            found = minutes_of(self.calls.counts(self.query, start))
        except SourceError as error:
            if not always or error.outcome in _WHOLE:
                raise
            self.notes.append(f"counts are unknown: {error}")
            return kept, kept.verdict(rule)
        return kept.heard(found, now, rule)

    def _walk(self, walk: Walk, gaps: list[Gap]) -> None:
        try:
            for gap in gaps:
                walk.down(_POSTS, gap, self._turn(gap))
        except SourceError as error:
            self.fault = error
            self.notes.append(str(error))
        if walk.truncated:
            self.notes.append(f"{self.source.max_pages} pages are allowed in one read; the rest is read next time")

    def _turn(self, begun: Gap) -> Callable[[Gap], Page]:
        oldest = self.tools.now - REACHABLE

        def turn(gap: Gap) -> Page:
            if begun.below and moment_at(begun.below) < oldest:
                self.lost = True
                self.notes.append("posts older than 7 days were not read in time and are out of reach")
                return Page()
            asked = {"query": self.query}
            if moment_at(begun.since) < oldest:
                asked["start_time"] = oldest.strftime("%Y-%m-%dT%H:%M:%SZ")
            else:
                asked["since_id"] = str(int(begun.since))
            if begun.below:
                asked["until_id"] = str(int(begun.below))
            if gap.page:
                asked["next_token"] = gap.page
            posts, answer = self.calls.posts(asked)
            if left_out := partial_errors(answer):
                self.notes.append(left_out)
            return Page(posts.mentions, posts.high, posts.low, posts.next)

        return turn
