"""The pages a house writes about hostile words, as each channel hands them over: nothing in them acts."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import cycle
from zoneinfo import ZoneInfo

import pytest

from alerts import promising
from alerts.answering import Deadline
from alerts.calling import Caller, Notice, Why
from alerts.channels.registry import CHANNELS
from alerts.digest import Load, digest
from alerts.inquiry_wording import Reader, handed_notice, notice
from alerts.links import Links
from config.calendar import Calendar
from config.clock import StepClock
from desk import notices, source_notices
from desk.asking import Asking
from desk.legal_alarm import legal_work
from statements.approving.approval import sha256_of
from store import incidents, pages, texts
from store.agenda import Job
from store.figures import Span
from store.nouns import (
    Approval,
    Draft,
    DraftState,
    Health,
    Incident,
    Inquiry,
    Level,
    Outcome,
    Page,
    Promise,
    SourceState,
    Spike,
)
from tests.alerts.channels.every_channel import Everybody
from tests.desk.house import MINUTE, SITE, ZONE, House
from tests.desk.test_hostile_text_everywhere import ACTS, HOSTILE, judged
from tests.worlds.gateways import dingtalk, telegram

BAD = (
    *HOSTILE, *dingtalk.HOSTILE, "@all @所有人 <@all> <!channel> @everyone @here", "/start /ban@zqx /stop",
    "<at id=all></at>",
    "<https://zqx.example|zqx> <@U123> <!subteam^S1>", "\x1b]0;zqx\x07\x9b31m", "zqx\u2028zqx\u2029zqx\x85zqx",
)  # fmt: skip
# Mail and webhooks hand words to programs, and Apprise to services we do not know: those have tests of their own.
ROOMS = sorted(CHANNELS.keys() - {"email", "webhook", "apprise"})
MARKDOWN = ("dingtalk", "wecom")
CALLS = re.compile(r"[@＠]|<\s*/?\s*[a-z!#]|\{\{|\{%|\$\{|&#?\w+;", re.I)


@dataclass
class Writer:
    """Everything that writes pages, at a house in which one crisis after the other is told in hostile words."""

    house: House

    def __post_init__(self) -> None:
        given = self.house.room.settings.team
        english = ("zhou", "wang", "ops")
        people = [one.model_copy(update={"language": "en"}) if one.id in english else one for one in given.person]
        team = given.model_copy(update={"person": tuple(people)})
        self.caller = Caller(team, Links(SITE, "key", timedelta(hours=1)), ZoneInfo(ZONE), self.house.ids)

    def crisis(self, bad: str, n: int) -> Incident:
        """An incident whose title, reason and posts are these words."""
        now = self.house.clock()
        judged = self.house.heard([("weibo", bad, bad, f"{bad} {n}", "", 0)], now - 20 * MINUTE)
        with self.house.store.transaction() as tx:
            opened = incidents.by_number(tx, 1)
            made = replace(opened, id=self.house.ids(), number=n + 2, key=f"xinghe:{n}", title=bad, why=bad)
            incidents.add(tx, made)
            incidents.add_mentions(tx, made.id, [one.mention.id for one in judged])
        return made

    def call(self, one: Incident, bad: str) -> None:
        reasons = (
            (("call", "li"), ("exhausted", "zhou")) if self.turn(one) % 2 else (("remind", "zhou"), ("breach", "li"))
        )
        with self.house.store.transaction() as tx:
            for reason, who in reasons:
                self.caller.call(tx, one, [who], Why(reason, "1", extra=bad), self.house.clock())

    def promise(self, one: Incident, bad: str) -> None:
        now = self.house.clock()
        made = Promise("p", one.id, "", bad, now, "li")
        with self.house.store.transaction() as tx:
            for reason, lang, who in (("promise", "zh", "li"), ("broken", "en", "zhou")):
                extra = promising.said(made, [], self.caller.zone, now, lang)
                self.caller.call(tx, one, [who], Why(reason, "p", extra=extra), now)

    def text(self, one: Incident, bad: str) -> None:
        """A text that waits for legal, one that turned stale, one whose yes ran out."""
        house, now = self.house, self.house.clock()
        job = Asking(house.store, house.clock, house.room.release, self.caller, SITE)
        state = (DraftState.LEGAL_REVIEW, DraftState.STALE, DraftState.APPROVED)[self.turn(one) % 3]
        who = "li" if self.turn(one) % 2 else "zhou"
        made = Draft(house.ids(), one.id, "holding", "zh", 1, bad, sha256_of(bad), (), (), state, who, now)
        with house.store.transaction() as tx:
            texts.add_draft(tx, made)
            given = Approval(house.ids(), made.id, made.sha256, "zhao", "spokesperson", now - 31 * MINUTE)
            texts.add_approval(tx, given)
        job.look(made.id)

    def inquiry(self, one: Incident, bad: str) -> None:
        now, team = self.house.clock(), self.caller.team
        waits = Inquiry(one.id, 1, "complaint", "xinghe", bad, f"https://zqx.example/{bad}", "li", "li", now, now, {})
        stages = [Deadline("确认收到", now - MINUTE, None)]
        reader = Reader(team, Calendar(), SITE, self.caller.zone, now)
        self._notify(one, notice(waits, stages, reader), handed_notice(waits, stages, reader))

    def law(self, one: Incident, bad: str) -> None:
        room = self.house.room
        work = legal_work(room.settings, room.store, room.clock, self.caller, room.release.speaking)
        work[Job.LEGAL](one.id)

    def service(self, one: Incident, bad: str) -> None:
        """What it says about itself: the daily check, words that cannot be used, a restore, a clock, a blind source."""
        now, source = self.house.clock(), self.house.room.settings.watch.source[0]
        spike = Spike("s", "xinghe", now, "small", 3, 1.0, 30, 1.0, bad, Level.BLUE, (bad,), "food_safety", bad, now)
        state = SourceState(source.id, Health.BLIND, Outcome.MALFORMED, bad, now, None, None, 3, now, "", "", 0, 0)
        self._notify(
            one,
            notices.daily(notices.Day(Span(1, 1, 1, 1), (), (spike,)), one.id, {"xinghe": "星禾"}),
            notices.words(bad),
            notices.scorer(lost=True, name=bad, now=now + one.number * MINUTE),
            notices.restored(now, 3, [one], SITE, self.caller.zone),
            replace(source_notices.blind(source, state, Level.YELLOW, self.caller.zone, SITE), turn=one.id),
        )

    def _notify(self, about: Incident, *found: Notice) -> None:
        """In one language of the two, by turns."""
        with self.house.store.transaction() as tx:
            for n, one in enumerate(found, self.turn(about)):
                self.caller.notify(tx, [("li", "zhou")[n % 2]], one, self.house.clock())

    def turn(self, one: Incident) -> int:
        """How often this kind of page was written before."""
        return one.number // len(self.kinds())

    def kinds(self) -> tuple[Callable[[Incident, str], None], ...]:
        return (self.call, self.promise, self.text, self.inquiry, self.law, self.service)


@pytest.fixture
def written(house) -> list[Page]:
    """Pages of every kind in both languages, each about other hostile words; the digests that carry them."""
    house.opens()
    writer = Writer(house)
    with house.store.reading() as tx:
        before = {one.id for one in pages.newest(tx)}
    for n, kind in zip(range(len(BAD)), cycle(writer.kinds()), strict=False):
        # Titles are cut: each begins with another of them. A store takes no half characters and no NUL.
        bad = " ".join((*BAD[n:], *BAD[:n]))[:1000].encode("utf-8", "replace").decode().replace("\x00", "")
        kind(writer.crisis(bad, n), bad)
    with house.store.reading() as tx:
        found = [one for one in pages.newest(tx, 5000) if one.id not in before]
    now = house.clock()
    return [
        *found,
        *(digest(Load(90, found[n:], Level.YELLOW), "d", "zh", SITE, now) for n in range(0, len(found), 20)),
    ]


KINDS = {
    "call", "remind", "breach", "exhausted", "promise", "broken", "text_informed", "text_unanswered", "text_stale",
    "text_expired", "inquiry", "legal_due", "daily", "words", "scorer", "restored", "source_blind", "digest",
}  # fmt: skip


def acting(channel: str, words: str, page: Page) -> list[str]:
    """What of these words a client of this channel, or the channel itself, would obey; the page's own link may."""
    found = [c for c in words if c != "\n" and unicodedata.category(c) in ACTS]
    if channel == "twilio_voice":
        # It is spoken: no client reads marks, and that nothing but speech is in it was seen before.
        return found + re.findall("[@＠]", words)
    # Slack's own way to write & in the one line it reads for marks.
    rest = words.replace("&amp;", "&") if channel == "slack" else words
    if channel in MARKDOWN:
        return found + CALLS.findall(rest) + [one for one in dingtalk.linked(rest) if one != page.link]
    rest = rest.replace(page.link, "") if page.link else rest
    found += telegram.acting(rest) if channel == "telegram" else []
    return found + CALLS.findall(rest) + dingtalk.bare(rest)


def test_nothing_of_a_strangers_words_acts_in_any_room(house, written):
    assert {one.reason for one in written} == KINDS
    assert {one.person for one in written} >= {"li", "zhou"}
    clock, faults, read = StepClock(written[0].created_at), [], Counter()
    with Everybody(clock) as everybody:
        for page in written:
            # Longer than any provider's span.
            clock.forward(clock() + timedelta(days=1))
            for channel in ROOMS:
                said = everybody.told(channel, page)
                faults += [(channel, page.reason, found, one) for one in said if (found := acting(channel, one, page))]
                read[channel] += any("zqx" in one or "evil" in one for one in said)
        assert faults == []
        assert everybody.rooms["slack"].rang == []
    screen = judged(house.signed_in("ops").get("/deliveries").text)
    assert screen.faults == []
    # They arrive as words, they are not thrown away.
    assert [channel for channel in ROOMS if read[channel] < 3] == []
