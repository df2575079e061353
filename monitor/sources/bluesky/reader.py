"""Reads Bluesky: searches and notifications, newest first, through the account's own server."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from msgspec import structs

from config.accounts import BlueskySource
from config.errors import SourceError
from monitor.sources.bluesky.calls import BlueskyFault, Calls
from monitor.sources.bluesky.session import Login, Sessions
from monitor.sources.bluesky.shapes import Post, followers_of, post_of
from monitor.sources.gaps import Gap, Page, Reach, Walk, reach_of
from monitor.sources.tools import Tools
from store.nouns import Outcome, Reading, SourceState

REASONS: Final = ("mention", "reply", "quote")
_NOTICES: Final = "notifications"
_PAGE_SIZE: Final = "100"
_MOST_PROFILES: Final = 25
_TICK: Final = timedelta(milliseconds=1)
# Logins outlive a read, but never the process, and are written nowhere.
_SESSIONS: Final = Sessions()

Turn = Callable[[Gap], Page]


def read_bluesky(
    source: BlueskySource, before: SourceState, tools: Tools, *, sessions: Sessions = _SESSIONS
) -> Reading:
    """One read of every search (the query, else each of the words) and, when asked for, of the notifications.

    A read that is stopped gives what it heard with the outcome that stopped it; the cursor holds what is still unread.
    SourceError when it was stopped before it heard anything.
    """
    run = _Run(source, tools, _account(source, tools, sessions))
    turns = run.turns()
    if not turns:
        raise SourceError(
            "nothing to search for: `query` is empty and the brand has no words", outcome=Outcome.MALFORMED
        )
    return run.read(turns, before.cursor)


def _account(source: BlueskySource, tools: Tools, sessions: Sessions) -> "Account":
    password = tools.secret(source.secret_env) if source.secret_env else ""
    if not source.handle or not password:
        missing = f"{source.secret_env} is not set" if source.handle and source.secret_env else ""
        what = missing or "needs `handle` and `secret_env`, the name of the variable with its app password"
        raise SourceError(f"Bluesky: {what}", outcome=Outcome.AUTH_FAILED)
    server = source.base_url.rstrip("/")
    calls = Calls(server, source.account, source.limits, tools)
    seat = sessions.seat(server, source.handle, password)
    return Account(calls, Login(calls, seat, source.handle, source.secret_env, password))


@dataclass(frozen=True, slots=True)
class Account:
    """Signed requests of one read; a session that has ended is refreshed once, then renewed by the password once."""

    calls: Calls
    login: Login

    def get(self, method: str, params: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """The answer; SourceError, auth_failed when even a new session is refused."""
        session = self.login.session()
        for mend in (self.login.refreshed, self.login.renewed):
            try:
                return self.calls.get(method, params, session.access)
            except BlueskyFault as fault:
                if not fault.about_token:
                    raise
            session = mend(session)
        return self.calls.get(method, params, session.access)


@dataclass(slots=True)
class _Run:
    source: BlueskySource
    tools: Tools
    account: Account
    posts: dict[str, Post] = field(default_factory=dict)
    faults: list[SourceError] = field(default_factory=list)

    def turns(self) -> dict[str, Turn]:
        """Every search of the source by its name in the cursor."""
        words = (self.source.query,) if self.source.query else tuple(map(_quoted, self.tools.words))
        turns: dict[str, Turn] = {f"search:{word}": self._search(word) for word in words if word}
        return turns | {_NOTICES: self._notices} if self.source.notifications else turns

    def read(self, turns: dict[str, Turn], kept: dict[str, Any]) -> Reading:
        first, reaches = _position(self.tools.now - self.source.first), kept.get("reach")
        known = reaches if isinstance(reaches, dict) else {}
        walk = Walk({name: reach_of(known.get(name), first) for name in turns}, self.source.max_pages)
        begin = self._walk(walk, turns, str(kept.get("begin", "")))
        if self.faults and not walk.pages_read:
            raise self.faults[-1]
        cursor = {"reach": {name: reach.to_cursor() for name, reach in walk.reaches.items()}, "begin": begin}
        notes = [str(fault) for fault in self.faults]
        if walk.truncated:
            notes.append(f"{self.source.max_pages} pages are allowed in one read; the rest is read next time")
        followers = {} if self.faults else self._followers(notes)
        mentions = tuple(structs.replace(one, followers=followers.get(one.handle)) for one in walk.mentions.values())
        outcome = Outcome(self.faults[-1].outcome) if self.faults else Outcome.OK if mentions else Outcome.EMPTY
        return Reading(
            outcome,
            mentions,
            note="; ".join(notes),
            cursor=cursor,
            until=self.faults[-1].until if self.faults else None,
            truncated=walk.truncated,
        )

    def _walk(self, walk: Walk, turns: dict[str, Turn], begin: str) -> str:
        """What is new in every search, then what is left from before. Returns the search to begin with next time.

        The next read begins where this one was cut short, so that no search is always the one that gets nothing.
        """
        names = list(turns)
        at = names.index(begin) if begin in names else 0
        names = names[at:] + names[:at]
        tops = [(name, self._top(walk.reaches[name])) for name in names]
        left = [(name, gap) for name in names for gap in walk.reaches[name].gaps]
        failed: set[str] = set()
        for name, gap in tops + left:
            if name in failed:
                continue
            try:
                walk.down(name, gap, turns[name])
            except SourceError as error:
                failed.add(name)
                self.faults.append(error)
                if not _one_search(error):
                    return names[(names.index(name) + 1) % len(names)]
            if walk.truncated:
                return name
        return ""

    def _top(self, reach: Reach) -> Gap:
        """What may have come since, and a little before for posts that are found late.

        While gaps are open nothing is read twice: in a burst the looking back alone could use up the pages allowed.
        """
        newest = _moment(reach.newest) or self.tools.now - self.source.first
        return Gap(_position(newest if reach.gaps else newest - self.source.overlap))

    def _search(self, word: str) -> Turn:
        def turn(gap: Gap) -> Page:
            asked = [("q", word), ("sort", "latest"), ("limit", _PAGE_SIZE), ("since", gap.since)]
            below = _moment(gap.below)
            # Never both: a page mark may be a mere offset, which counts from another place under another `until`.
            resume = [("until", _position(below + _TICK))] if below else []
            answer = self._paged("app.bsky.feed.searchPosts", asked, gap.page, resume)
            return self._page(answer, "posts")

        return turn

    def _notices(self, gap: Gap) -> Page:
        asked = [("limit", _PAGE_SIZE), *(("reasons", reason) for reason in REASONS)]
        answer = self._paged("app.bsky.notification.listNotifications", asked, gap.page, [])
        page = self._page(answer, "notifications")
        # Notifications cannot be asked for since a moment: a page that is all older than it is the last.
        return replace(page, next="") if page.high and page.high < gap.since else page

    def _paged(
        self, method: str, asked: list[tuple[str, str]], page: str, resume: list[tuple[str, str]]
    ) -> dict[str, Any]:
        """The next page by its mark; a mark the server no longer knows is a 500, and `resume` finds the place too."""
        if not page:
            return self.account.get(method, asked + resume)
        try:
            return self.account.get(method, [*asked, ("cursor", page)])
        except BlueskyFault as fault:
            if not _one_search(fault):
                raise
        return self.account.get(method, asked + resume)

    def _page(self, answer: dict[str, Any], name: str) -> Page:
        rows = answer.get(name)
        if not isinstance(rows, list):
            raise SourceError(f"Bluesky: an answer without a list of {name}", outcome=Outcome.MALFORMED)
        wanted = [row for row in rows if name == "posts" or (isinstance(row, dict) and row.get("reason") in REASONS)]
        found = [post_of(row, platform=self.source.platform, now=self.tools.now) for row in wanted]
        posts = [post for post in found if post is not None]
        if wanted and not posts:
            raise SourceError(f"Bluesky: {len(wanted)} {name}, none of which can be read", outcome=Outcome.MALFORMED)
        self.posts.update({post.mention.ext_id: post for post in posts})
        moments = [post.indexed_at for post in posts if post.indexed_at is not None]
        high = _position(min(max(moments), self.tools.now)) if moments else ""
        cursor = answer.get("cursor")
        return Page(
            tuple(post.mention for post in posts),
            high,
            _position(min(moments)) if moments else "",
            cursor if isinstance(cursor, str) else "",
        )

    def _followers(self, notes: list[str]) -> dict[str, int]:
        """DID → followers of those behind the posts that moved people most; what cannot be asked stays unknown."""
        least = self.source.followers_from
        stirring = [post for post in self.posts.values() if least is not None and post.stir >= least]
        authors = [post.mention.handle for post in sorted(stirring, key=lambda post: -post.stir)]
        actors = list(dict.fromkeys(filter(None, authors)))[:_MOST_PROFILES]
        if not actors:
            return {}
        try:
            answer = self.account.get("app.bsky.actor.getProfiles", [("actors", did) for did in actors])
        except SourceError as error:
            notes.append(f"followers are unknown: {error}")
            return {}
        return followers_of(answer.get("profiles"))


def _one_search(error: SourceError) -> bool:
    """Whether only this search was refused and the others may be answered."""
    return isinstance(error, BlueskyFault) and error.status in (400, 500) and error.outcome != Outcome.AUTH_FAILED


def _quoted(word: str) -> str:
    clean = word.replace('"', " ").strip()
    return f'"{clean}"' if " " in clean else clean


def _position(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _moment(position: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(position)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
