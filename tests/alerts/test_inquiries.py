"""Somebody wrote to us and waits: deadlines fixed on arrival, one warning, one miss, and who is called for it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest

from alerts import inquiries as verbs
from alerts.inquiries import Inquiries, Waiting
from alerts.inquiry_wording import working_minutes
from alerts.new_inquiry import NewInquiry
from config.calendar import SHIPPED, Calendar, load_calendar
from config.clock import new_id
from config.errors import InputError, MoveError
from config.team import Answer, Stage
from store import agenda, inquiries, journal, pages, spells
from store.agenda import Job
from store.nouns import Inquiry, Spell, Window
from tests.alerts.crew import MINUTE, NOW, ZONE, Crew, person, team

HOUR = 60 * MINUTE
FRIDAY = datetime(2026, 3, 13, 17, 30, tzinfo=ZONE)
POISON = "求助\r\nBcc: all@x.example <script>alert(1)</script> @所有人 <at id=all></at>\x1b[2J\u202e"


@dataclass
class Desk:
    """The room of inquiries around a crew: notes one, lets time pass, reads back what was said."""

    crew: Crew
    calendar: Calendar

    @property
    def verbs(self) -> Inquiries:
        return Inquiries(self.crew.caller, self.calendar)

    @property
    def now(self) -> datetime:
        return self.crew.clock()

    def at(self, moment: datetime) -> None:
        self.crew.clock.forward(moment.astimezone(UTC))

    def notes(self, kind: str = "complaint", ago: timedelta = timedelta(), **fields) -> Inquiry:
        new = NewInquiry(**{"kind": kind, "title": "喝完拉肚子，要求退款", "received_at": self.now - ago} | fields)
        with self.crew.store.transaction() as tx:
            return self.verbs.note(tx, new, "chen", self.now)

    def act(self, verb, *words, **more):
        with self.crew.store.transaction() as tx:
            return verb(tx, self.one().id, *words, now=self.now, **more)

    def answers(self, stage: str, ago: timedelta = timedelta(), who: str = "li") -> Inquiry:
        return self.act(verbs.answer, stage, who, self.now - ago)

    def look(self) -> datetime | None:
        return Waiting(self.crew.store, self.crew.clock, self.verbs).look(self.one().id)

    def one(self) -> Inquiry:
        with self.crew.store.reading() as tx:
            (found,) = inquiries.listed(tx)
        return found

    def passes(self, span: timedelta) -> list[tuple[int, str, str]]:
        """Let `span` pass, looking whenever the agenda says so; returns what was said meanwhile."""
        before, until = set(self.said()), self.now + span
        with self.crew.store.reading() as tx:
            again = agenda.waiting(tx).get(f"inquiry:{self.one().id}")
        while again and again <= until:
            self.at(again)
            again = self.look()
        self.at(until)
        return [one for one in self.said() if one not in before]

    def said(self) -> list[tuple[int, str, str]]:
        """(minute since NOW, turn, person) of every page, in order."""
        found = []
        for page in self.pages():
            reason, _, *turn, person_, _ = page.idempotency.split(":")
            assert reason == page.reason == "inquiry"
            found.append(((page.created_at - NOW) // MINUTE, ":".join(turn), person_))
        return found

    def pages(self):
        with self.crew.store.reading() as tx:
            return sorted(pages.newest(tx), key=lambda one: (one.created_at, one.id))

    def told(self) -> list[tuple[str, str]]:
        """(who, what) of the journal."""
        with self.crew.store.reading() as tx:
            assert journal.broken_at(tx) is None
            return [(one.who, one.what) for one in journal.entries(tx, verbs.subject(self.one().id))]


@pytest.fixture
def desk(crew):
    return Desk(crew, load_calendar(SHIPPED.parent))


def due(inquiry: Inquiry) -> dict[str, str]:
    """Stage -> due moment as a clock in Shanghai shows it."""
    return {one.stage: f"{one.due_at.astimezone(ZONE):%m-%d %H:%M}" for one in verbs.plan(inquiry)}


def test_a_complaint_is_owed_a_word_within_the_hour_and_a_plan_within_a_day(desk):
    made = desk.notes()
    assert (made.number, made.kind, made.owner, made.author) == (1, "complaint", "li", "chen")
    assert due(made) == {"确认收到": "03-12 15:00", "初步方案": "03-13 14:00"}
    assert desk.passes(30 * HOUR) == [
        (45, "warn:确认收到", "li"),
        (60, "breach:确认收到", "li"),
        (60, "breach:确认收到", "wang"),
        (20 * 60, "warn:初步方案", "li"),
        (24 * 60, "breach:初步方案", "li"),
        (24 * 60, "breach:初步方案", "wang"),
    ]
    assert desk.one() == replace(made, warned=desk.one().warned, breached=_iso(made, "确认收到", "初步方案"))
    assert desk.look() is None


def test_who_is_answered_in_time_is_nobodys_alarm(desk):
    desk.notes()
    desk.at(NOW + 20 * MINUTE)
    desk.answers("确认收到")
    assert desk.passes(4 * HOUR) == []
    closed = desk.answers("初步方案", who="chen")
    assert closed.closed_at == NOW + 20 * MINUTE + 4 * HOUR
    assert desk.passes(40 * HOUR) == []
    assert (closed.breached, closed.warned) == ({}, {})
    assert desk.told() == [
        ("chen", "inquiry_noted"),
        ("li", "inquiry_answered"),
        ("chen", "inquiry_answered"),
        ("chen", "inquiry_closed"),
    ]


def test_a_mail_of_friday_evening_is_due_on_monday_in_working_time(desk):
    desk.at(FRIDAY)
    made = desk.notes("email")
    assert due(made) == {"确认收到": "03-16 10:30", "实质答复": "03-14 17:30"}
    desk.at(datetime(2026, 3, 14, 18, 0, tzinfo=ZONE))
    desk.answers("实质答复", ago=HOUR)
    assert desk.look() == datetime(2026, 3, 16, 10, 0, tzinfo=ZONE)
    desk.at(datetime(2026, 3, 16, 10, 0, tzinfo=ZONE))
    desk.look()
    (page,) = desk.pages()
    assert page.subject == "【来件·将到时】#1 确认收到，还剩工作时间 30 分钟｜喝完拉肚子，要求退款"


@pytest.mark.parametrize(
    ("written", "answer_by"),
    [
        ("2026-09-30 17:30", "10-08 10:30"),  # the eve of 国庆
        ("2026-10-04 12:00", "10-08 11:00"),  # in the middle of it
        ("2026-10-09 17:30", "10-10 10:30"),  # a Saturday that is worked
        ("2026-09-19 12:00", "09-20 11:00"),  # a Sunday that is worked
    ],
)
def test_working_time_knows_the_holidays_and_the_days_worked_for_them(desk, written, answer_by):
    desk.at(datetime.fromisoformat(written).replace(tzinfo=ZONE))
    assert due(desk.notes("email"))["确认收到"] == answer_by


def test_an_instant_message_warns_after_five_minutes_and_is_missed_after_ten(desk):
    desk.notes("message")
    assert desk.passes(HOUR) == [(5, "warn:回复", "li"), (10, "breach:回复", "li"), (10, "breach:回复", "wang")]
    first, second, _ = desk.pages()
    assert first.subject == "【来件·将到时】#1 回复，还剩工作时间 5 分钟｜喝完拉肚子，要求退款"
    assert second.subject == "【来件·已超时】#1 回复，已超 0 分钟｜喝完拉肚子，要求退款"


def test_the_ten_minutes_of_a_message_stand_still_at_night(desk):
    desk.at(datetime(2026, 3, 12, 17, 57, tzinfo=ZONE))
    assert due(desk.notes("message")) == {"回复": "03-13 09:07"}


def test_after_downtime_over_both_only_the_miss_is_said_at_its_own_time(desk):
    made = desk.notes()
    desk.at(NOW + 8 * HOUR)
    assert desk.look() == NOW + 20 * HOUR
    assert desk.said() == [(480, "breach:确认收到", "li"), (480, "breach:确认收到", "wang")]
    assert (desk.one().breached, desk.one().warned) == (_iso(made, "确认收到"), {})
    assert desk.told() == [("chen", "inquiry_noted"), ("system", "inquiry_breached"), ("system", "inquiry_called")]


def test_one_look_is_one_page_whatever_came_together(desk):
    made = desk.notes()
    desk.at(NOW + 21 * HOUR)
    desk.look()
    assert desk.said() == [(1260, "breach:确认收到", "li"), (1260, "breach:确认收到", "wang")]
    assert desk.pages()[0].body.splitlines() == [
        "来件 #1（投诉）：喝完拉肚子，要求退款",
        "来件时间：3月12日 14:00　负责：li",
        "- 确认收到：应在 3月12日 15:00 前，已超 20 小时",
        "- 初步方案：应在 3月13日 14:00 前，还剩 3 小时",
        "",
        "答复之后点“已答复”：",
        "https://gh.example/inquiries/1",
    ]
    assert (list(desk.one().warned), desk.one().breached) == (["初步方案"], _iso(made, "确认收到"))
    assert desk.look() == NOW + 24 * HOUR


def test_what_is_noted_long_after_it_came_is_born_overdue_and_said_once(desk):
    made = desk.notes(ago=26 * HOUR)
    assert desk.passes(HOUR) == [(0, "breach:确认收到", "li"), (0, "breach:确认收到", "wang")]
    assert "- 确认收到：应在 3月11日 13:00 前，已超 25 小时，记下时就已超时" in desk.pages()[0].body
    assert "- 初步方案：应在 3月12日 12:00 前，已超 2 小时，记下时就已超时" in desk.pages()[0].body
    assert desk.one().breached == _iso(made, "确认收到", "初步方案")
    assert desk.look() is None


def test_two_processes_that_look_at_once_say_nothing_twice(crew):
    crew.ids = new_id
    desk = Desk(crew, Calendar())
    desk.notes()
    desk.at(NOW + 2 * HOUR)
    start = Barrier(4)

    def look(_: int) -> datetime | None:
        start.wait()
        return desk.look()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(look, range(4))) == {NOW + 20 * HOUR}
    # Ids made in one millisecond have no order: what is asked is that each is called once.
    assert sorted(desk.said()) == [(120, "breach:确认收到", "li"), (120, "breach:确认收到", "wang")]
    assert [what for _, what in desk.told()].count("inquiry_breached") == 1


def test_a_late_answer_stays_late_but_is_an_answer(desk):
    made = desk.notes()
    desk.passes(70 * MINUTE)
    after = desk.answers("确认收到")
    assert (after.answered, after.breached) == ({"确认收到": desk.now.isoformat()}, _iso(made, "确认收到"))
    assert desk.passes(2 * HOUR) == []


def test_a_late_answer_nobody_looked_at_before_is_late_all_the_same_and_calls_nobody(desk):
    made = desk.notes()
    desk.at(NOW + 70 * MINUTE)
    assert desk.answers("确认收到").breached == _iso(made, "确认收到")
    desk.look()
    assert desk.said() == []
    assert desk.told() == [("chen", "inquiry_noted"), ("system", "inquiry_breached"), ("li", "inquiry_answered")]


def test_an_answer_in_time_that_was_noted_late_takes_the_miss_back(desk):
    desk.notes()
    desk.passes(70 * MINUTE)
    assert desk.answers("确认收到", ago=10 * MINUTE).breached == {}
    assert ("system", "inquiry_breached") in desk.told()
    desk.look()
    assert desk.one().breached == {}


def test_saying_it_twice_is_harmless_also_for_the_last_stage(desk):
    desk.notes("message")
    closed = desk.answers("回复")
    desk.at(NOW + 5 * MINUTE)
    assert desk.answers("回复") == closed
    assert [what for _, what in desk.told()] == ["inquiry_noted", "inquiry_answered", "inquiry_closed"]


@pytest.mark.parametrize("ago", [-MINUTE, 31 * MINUTE])
def test_an_answer_lies_between_the_arrival_and_now(desk, ago):
    desk.notes(ago=30 * MINUTE)
    with pytest.raises(InputError, match="between the arrival and now"):
        desk.answers("确认收到", ago=ago)
    assert desk.one().answered == {}


def test_a_stage_nobody_promised_cannot_be_answered(desk):
    desk.notes()
    with pytest.raises(InputError, match="it has: 确认收到, 初步方案"):
        desk.answers("道歉")


def test_closing_early_needs_a_reason_and_keeps_what_was_missed(desk):
    made = desk.notes()
    desk.at(NOW + 90 * MINUTE)
    with pytest.raises(MoveError, match="needs a reason"):
        desk.act(verbs.close, "li", " ")
    closed = desk.act(verbs.close, "li", "同一人重复投诉，见 #1")
    assert (closed.closed_at, closed.breached) == (desk.now, _iso(made, "确认收到"))
    assert desk.look() is None
    assert desk.said() == []
    for verb, words in ((verbs.close, ("li", "x")), (verbs.answer, ("初步方案", "li", desk.now))):
        with pytest.raises(MoveError, match="#1 is closed"):
            desk.act(verb, *words)


def test_who_gets_it_handed_over_is_told_and_called_from_then_on(desk):
    desk.notes()
    desk.at(NOW + 30 * MINUTE)
    after = desk.act(desk.verbs.hand_over, "zhao", "li")
    assert after.owner == "zhao"
    assert desk.pages()[0].subject == "【来件·转给你】#1 确认收到，还剩 30 分钟｜喝完拉肚子，要求退款"
    assert [(minute, who) for minute, _, who in desk.passes(45 * MINUTE)] == [(45, "zhao"), (60, "zhao"), (60, "wang")]
    assert desk.act(desk.verbs.hand_over, "chen", "chen").owner == "chen"
    assert [one.person for one in desk.pages()].count("chen") == 0
    with pytest.raises(InputError, match="Nobody in the team"):
        desk.act(desk.verbs.hand_over, "nemo", "li")


def test_an_owner_who_left_or_has_no_address_does_not_swallow_it(desk):
    desk.notes(owner="zhao")
    mute = person("zhao").model_copy(update={"endpoint": ()})
    desk.crew.team = team(mute)
    desk.at(NOW + 50 * MINUTE)
    desk.look()
    assert [one.person for one in desk.pages()] == ["wang"]
    desk.crew.team = team().model_copy(update={"person": tuple(one for one in team().person if one.id != "zhao")})
    desk.at(NOW + 60 * MINUTE)
    desk.look()
    assert sorted(one.person for one in desk.pages()) == ["li", "wang", "wang"]


def test_overrides_and_absences_count_as_for_every_call(desk):
    desk.crew.team = team(person("zhao", ("spokesperson",)).model_copy(update={"deputy": "chen"}))
    with desk.crew.store.transaction() as tx:
        for kind, duty, who in ((Window.OVERRIDE, "duty", "wang"), (Window.ABSENCE, "", "zhao")):
            spell = Spell(desk.crew.ids(), kind, NOW, NOW + 50 * MINUTE, "wang", "", NOW, duty=duty, person=who)
            spells.add(tx, spell)
    assert desk.notes().owner == "wang"
    desk.act(desk.verbs.hand_over, "zhao", "zhao")
    assert desk.passes(HOUR) == [
        (45, "warn:确认收到", "chen"),
        (60, "breach:确认收到", "zhao"),
        (60, "breach:确认收到", "wang"),
    ]


def test_deadlines_stay_as_they_were_on_arrival(desk):
    made = desk.notes()
    quicker = Answer(kind="complaint", name="投诉", stages=(Stage(name="确认收到", after="10m", warn="5m"),))
    desk.crew.team = team(answer=(quicker,))
    desk.at(NOW + 30 * MINUTE)
    assert desk.look() == NOW + 45 * MINUTE
    assert due(desk.one()) == due(made)


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"kind": "fax"}, "one of: complaint, email, message, after_sales"),
        ({"title": " \n "}, "a few words"),
        ({"title": "长" * 201}, "201 characters; 200"),
        ({"url": "javascript:alert(1)"}, "http://"),
        ({"url": "https://"}, "http://"),
        ({"url": "javascript://x.example/%0aalert(1)"}, "http://"),
        ({"url": "https://x.example/\r\nSet-Cookie: a"}, "http://"),
        ({"url": "https://x.example/" + "a" * 2000}, "http://"),
        ({"url": "http://[x"}, "http://"),
        ({"received_at": NOW + MINUTE}, "future"),
        ({"received_at": NOW - timedelta(days=30, minutes=1)}, "30 days"),
        ({"owner": "nemo"}, "Nobody in the team"),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_is_kept(desk, fields, what):
    with pytest.raises(InputError, match=what):
        desk.notes(**fields)
    with desk.crew.store.reading() as tx:
        assert (inquiries.listed(tx), agenda.waiting(tx), journal.count(tx)) == ([], {}, 0)


def test_the_limits_themselves_are_allowed(desk):
    made = desk.notes(title="长" * 200, received_at=NOW - timedelta(days=30), url="https://x.example/a?b=c")
    assert (len(made.title), made.url) == (200, "https://x.example/a?b=c")


def test_the_same_form_sent_twice_is_one_inquiry(desk):
    first = desk.notes(id="a" * 32)
    assert desk.notes(id="a" * 32, title="别的") == first
    assert desk.one() == first
    assert [what for _, what in desk.told()] == ["inquiry_noted"]


def test_a_strange_title_and_address_are_harmless_in_every_page(desk):
    desk.crew.team = team(person("wang", ("lead",), language="en"))
    desk.notes(title=POISON, url="https://x.example/@所有人?<at>")
    desk.at(NOW + HOUR)
    desk.look()
    assert [one.person for one in desk.pages()] == ["li", "wang"]
    for page in desk.pages():
        assert "@" not in page.subject + page.body
        assert "<at" not in page.subject + page.body
        assert not set("\r\x1b\u202e") & set(page.subject + page.body)
        assert "\n" not in page.subject
        assert len(page.subject) <= 64
        assert "Bcc" not in {line.partition(":")[0] for line in page.body.splitlines()}
        assert "https://x.example/%40所有人" in page.body
    assert desk.pages()[1].subject.startswith("[overdue] #1 确认收到, 0 min over | 求助 Bcc: all﹫x")


def test_a_long_title_gives_way_in_the_first_line_never_the_minutes(desk):
    desk.notes(title="长" * 200)
    desk.at(NOW + 45 * MINUTE)
    desk.look()
    assert desk.pages()[0].subject == f"【来件·将到时】#1 确认收到，还剩 15 分钟｜{'长' * 23}…"
    assert f"来件 #1（投诉）：{'长' * 200}" in desk.pages()[0].body.splitlines()


def test_the_name_of_a_page_fits_its_column_with_the_longest_words(desk):
    long_stage, long_person = "阶" * 40, "p" * 40
    rule = Answer(kind="complaint", name="投诉", stages=(Stage(name=long_stage, after="1h"),))
    desk.crew.team = team(person(long_person, ("lead",)), answer=(rule,))
    desk.notes(owner=long_person)
    desk.at(NOW + HOUR)
    desk.look()
    assert max(len(one.idempotency) for one in desk.pages()) <= 160


def test_the_agenda_knows_the_first_moment(desk):
    made = desk.notes()
    with desk.crew.store.reading() as tx:
        assert agenda.waiting(tx) == {f"{Job.INQUIRY.value}:{made.id}": NOW + 45 * MINUTE}


@pytest.mark.parametrize(
    ("since", "until", "minutes"),
    [
        ("03-13 17:00", "03-16 10:00", 120),
        ("03-14 12:00", "03-15 12:00", 0),
        ("03-14 12:00", "03-16 09:07", 7),
        ("03-12 10:00", "03-12 09:00", 0),
    ],
)
def test_working_minutes_between_two_moments(since, until, minutes):
    read = [datetime.fromisoformat(f"2026-{one}").replace(tzinfo=ZONE).astimezone(UTC) for one in (since, until)]
    assert working_minutes(Calendar(holidays=(date(2026, 5, 1),)), *read) == minutes


def _iso(inquiry: Inquiry, *stages: str) -> dict[str, str]:
    """What `breached` says when these were missed."""
    return {one.stage: one.due_at.isoformat() for one in verbs.plan(inquiry) if one.stage in stages}
