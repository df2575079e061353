"""Reads a JSON place: asks page after page within its limits, and keeps what was heard however the read ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from config.errors import SourceError
from config.mapping import JsonSpec, Request
from config.sources import JsonSource
from monitor.sources.described.ask import query_of, without_key
from monitor.sources.described.calls import Answer, Caller
from monitor.sources.described.cursor import (
    Turn,
    Window,
    after,
    broken_off,
    is_stuck,
    names_of,
    newest_of,
    unstuck,
    window_of,
)
from monitor.sources.described.errors import pace_of
from monitor.sources.described.mapping import Mapped, Place, items_of, map_list
from monitor.sources.described.pages import Page, is_read, next_turn
from monitor.sources.described.paths import look, text_of
from monitor.sources.tools import Tools
from store.nouns import Outcome, RawMention, Reading, SourceState

# What a place says when a next-page token of a read that was broken off no longer holds.
_LOST_PLACE: Final = (Outcome.MALFORMED, Outcome.SERVER_ERROR, Outcome.GONE)
_SAID: Final = 3
# An allowance that is spent on a burst may not make us deaf for longer.
_LONGEST_PAUSE: Final = timedelta(hours=1)


def read_json(source: JsonSource, before: SourceState, tools: Tools) -> Reading:
    """One read: ok or empty; SourceError when nothing was heard.

    A read that is stopped in the middle (a limit, a revoked token, a broken network) gives what it has heard with the
    outcome of what stopped it, and a cursor with which the next read goes on where this one stopped. `truncated`: the
    page cap was hit, or one page was as full as it can be and there is no way to ask for another. A read that went well
    has an `until` where the day's allowance asks for longer pauses than the source's interval.
    """
    spec = source.described
    request = spec.request
    if request is None:
        raise SourceError("only a shape of what is pushed; nothing to ask", outcome=Outcome.MALFORMED, permanent=True)
    caller = Caller(source, spec, request, source.limits or spec.limits, tools)
    read = _Read(source, spec, request, tools, caller, before.cursor)
    return read.reading()


@dataclass(slots=True)
class _Read:
    source: JsonSource
    spec: JsonSpec
    request: Request
    tools: Tools
    caller: Caller
    kept: Mapping[str, Any]
    heard: dict[tuple[str, str], RawMention] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    rejected: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    items: int = 0
    newest: tuple[str, str] = ("", "")
    truncated: bool = False
    degraded: bool = False

    def reading(self) -> Reading:
        now, cursor = self.tools.now, self.spec.cursor
        window = window_of(cursor, self.spec.pages, self.kept, now)
        self.newest = window.newest
        stopped, turn, window = self._rest(window) if window.rest else (*self._through(window), window)
        if not stopped and not self.items and is_stuck(cursor, self.kept, window, now):
            window = unstuck(window, self.spec.pages, self.kept, cursor)
            stopped, turn = self._through(window)
        if stopped:
            return self._broken(stopped, window, turn)
        if self.rejected and not self.heard:
            what = f"none of its {self.items} items can be read: {self.rejected[0]}"
            raise SourceError(what, outcome=Outcome.MALFORMED)
        said = self._said(Outcome.OK if self.heard else Outcome.EMPTY, self._after(window))
        return replace(said, until=self._unhurried())

    def _unhurried(self) -> datetime | None:
        """When to ask again so that the day's allowance lasts, when that is later than the source would be read."""
        usual = self.source.hot_interval if self.tools.hot else self.source.interval
        pause = min(pace_of(self.caller.limits) * self.caller.asked, _LONGEST_PAUSE)
        return self.tools.now + pause if pause > usual else None

    def _rest(self, window: Window) -> tuple[SourceError | None, Turn, Window]:
        """What the last read left, and then what came since; or all of it anew when its place is lost."""
        stopped, turn = self._through(window)
        if stopped and turn == window.turn and stopped.outcome in _LOST_PLACE:
            window = replace(window, turn=Turn(self.spec.pages.start), rest=False)
            window = replace(window, seen=self.tools.now - self.spec.cursor.lag)
            return (*self._through(window), window)
        if stopped or self.truncated:
            return stopped, turn, window
        self.kept = self._after(window)
        newer = window_of(self.spec.cursor, self.spec.pages, self.kept, self.tools.now)
        stopped, turn = self._through(newer)
        # Stopped before it began: the rest is read all the same, and that is what has to be remembered.
        return (None, turn, window) if stopped and turn == newer.turn else (stopped, turn, newer)

    def _after(self, window: Window) -> dict[str, Any]:
        return after(self.spec.cursor, self.kept, window, self.newest, self.tools.now)

    def _through(self, window: Window) -> tuple[SourceError | None, Turn]:
        """Page after page; what stopped it and at which turn, or None when all there is has been read."""
        turn = window.turn
        for _ in range(self.spec.pages.max):
            try:
                page = self._page(window, turn)
                done = is_read(window, page, self.seen)
                self.seen |= {mention.ext_id for mention in page.mentions}
                following = next_turn(self.spec.pages, turn, page)
            except SourceError as error:
                return error, turn
            if following is None or done:
                self._mark_full(page)
                return None, turn
            turn = replace(following, link=without_key(following.link, self.request.auth))
        self.truncated = True
        self.notes.append(f"the cap of {self.spec.pages.max} pages was hit")
        return None, turn

    def _page(self, window: Window, turn: Turn) -> Page:
        asked = self._asked() | names_of(window, self.spec.pages, turn, self.tools.now)
        answer = self.caller.ask(asked, turn.link)
        items, mapped = self._mapped(answer, asked)
        self.items += len(items)
        for mention in mapped.mentions:
            self.heard.setdefault((mention.platform, mention.ext_id), mention)
        self.rejected += [f"item {index + 1} {reason}" for index, reason in mapped.rejected]
        if answer.repaired:
            self.degraded = True
            self.notes.append("its JSON was broken and has been repaired")
        self._count(len(items))
        self.newest = newest_of(self._named(items, mapped), self.newest)
        return Page(answer.document, len(items), mapped.mentions, answer.headers, answer.url, bool(mapped.rejected))

    def _mapped(self, answer: Answer, asked: Mapping[str, str]) -> tuple[list[Any], Mapped]:
        items = [] if answer.empty else items_of(self.spec, answer.document)
        if len(items) > self.tools.max_entries:
            self.truncated = True
            self.notes.append(
                f"{len(items) - self.tools.max_entries} items beyond {self.tools.max_entries} were left out"
            )
            items = items[: self.tools.max_entries]
        place = Place(ZoneInfo(self.source.zone), self.tools.now, self.source.platform, self.source.klass, asked)
        return items, map_list(self.spec, items, answer.document, place)

    def _named(self, items: Sequence[Any], mapped: Mapped) -> list[tuple[str, RawMention]]:
        """Each mention with the id the cursor goes by."""
        path = self.spec.cursor.id
        return [
            (text_of(look(path, items[index])) if path else mention.ext_id, mention)
            for index, mention in zip(mapped.indexes, mapped.mentions, strict=True)
        ]

    def _count(self, items: int) -> None:
        self.tools.limiter.items(self.source.account, self.caller.limits, items)

    def _mark_full(self, page: Page) -> None:
        """A place that turns no pages and fills its only one may have had more to say."""
        pages = self.spec.pages
        if pages.kind == "none" and "size" in self.request.names() and page.items >= pages.size:
            self.truncated = True
            self.notes.append(f"its only page is full ({pages.size} items)")

    def _asked(self) -> dict[str, str]:
        values = {**self.request.values, **self.source.values}
        if not values.get("query"):
            values["query"] = query_of(self.request, self.tools.words)
        return values

    def _broken(self, stopped: SourceError, window: Window, turn: Turn) -> Reading:
        if not self.heard and turn == window.turn:
            raise stopped
        kept = broken_off(self.kept, window, turn, self.newest, self.tools.now)
        self.notes.insert(0, str(stopped))
        return replace(self._said(Outcome(stopped.outcome), kept), until=stopped.until)

    def _said(self, outcome: Outcome, cursor: dict[str, Any]) -> Reading:
        if self.rejected:
            self.degraded = True
            self.notes.append(f"{len(self.rejected)} items were left out: {'; '.join(self.rejected[:_SAID])}")
        return Reading(
            outcome,
            tuple(self.heard.values()),
            note="; ".join(dict.fromkeys(self.notes)),
            degraded=self.degraded,
            cursor=cursor,
            truncated=self.truncated,
        )
