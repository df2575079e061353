"""People who wrote to us: what the handbook owes them, when we warn, and that a broken promise has its one moment."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from alerts.answering import Deadline, Due, deadlines, due
from config.calendar import SHIPPED, load_calendar
from config.team import HANDBOOK, Answer, Stage

CALENDAR = load_calendar(SHIPPED.parent)
RULES = {rule.kind: rule for rule in HANDBOOK}
SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def owed(kind: str, received: str) -> list[tuple[str, datetime, datetime | None]]:
    found = deadlines(RULES[kind], local(received), CALENDAR)
    assert all(at.tzinfo is UTC for one in found for at in (one.due_at, one.warn_at) if at)
    return [(one.stage, one.due_at, one.warn_at) for one in found]


def test_a_complaint_is_acknowledged_within_an_hour_of_any_night():
    """Saturday, an hour before midnight."""
    assert owed("complaint", "2026-03-14 23:00") == [
        ("确认收到", local("2026-03-15 00:00"), local("2026-03-14 23:45")),
        ("初步方案", local("2026-03-15 23:00"), local("2026-03-15 19:00")),
    ]


def test_a_mail_of_friday_evening_is_acknowledged_on_monday_morning():
    """One of its two working hours is left on Friday; the answer is owed a day later by the clock on the wall."""
    assert owed("email", "2026-03-13 17:00") == [
        ("确认收到", local("2026-03-16 10:00"), local("2026-03-16 09:30")),
        ("实质答复", local("2026-03-14 17:00"), local("2026-03-14 13:00")),
    ]


def test_a_mail_before_spring_festival_waits_until_the_first_working_day():
    """14 February 2026 is a Saturday that is worked, then nine days are off."""
    assert owed("email", "2026-02-14 16:30")[0][1:] == (local("2026-02-24 09:30"), local("2026-02-14 18:00"))


def test_an_instant_message_warns_after_five_minutes_and_breaks_after_ten():
    assert owed("message", "2026-03-12 10:00") == [("回复", local("2026-03-12 10:10"), local("2026-03-12 10:05"))]
    assert owed("message", "2026-03-12 17:52") == [("回复", local("2026-03-13 09:02"), local("2026-03-12 17:57"))]
    assert owed("message", "2026-03-12 20:00") == [("回复", local("2026-03-13 09:10"), local("2026-03-13 09:05"))]


def test_after_sales_owes_a_first_response_within_a_day():
    assert [(stage, at) for stage, at, _ in owed("after_sales", "2026-03-12 20:00")] == [
        ("首次响应", local("2026-03-13 20:00"))
    ]


def test_a_stage_without_a_warning_has_none():
    rule = Answer(kind="letter", name="信", stages=(Stage(name="回信", after="7d"),))
    assert deadlines(rule, local("2026-03-12 10:00"), CALENDAR) == (Deadline("回信", local("2026-03-19 10:00"), None),)


def test_a_day_of_changing_clocks_still_has_24_hours():
    """London loses an hour in the night of 29 March: a day later is 11:00 there."""
    received = datetime(2026, 3, 28, 10, tzinfo=ZoneInfo("Europe/London"))
    (one,) = deadlines(RULES["after_sales"], received, CALENDAR)
    assert one.due_at == datetime(2026, 3, 29, 10, tzinfo=UTC)


NINE = datetime(2026, 3, 12, 9, tzinfo=UTC)
PLAN = (
    Deadline("ack", NINE + 60 * MINUTE, NINE + 45 * MINUTE),
    Deadline("solution", NINE + 24 * HOUR, NINE + 20 * HOUR),
)


def look(minutes: float, answered=None, warned=(), breached=()) -> tuple[list[str], list[str], float | None]:
    """What is asked for so many minutes after nine: warn, breach, minutes after nine of the next look."""
    given = {stage: NINE + at * MINUTE for stage, at in (answered or {}).items()}
    found = due(PLAN, given, set(warned), set(breached), NINE + minutes * MINUTE)
    return list(found.warn), list(found.breach), (found.next_at - NINE) / MINUTE if found.next_at else None


def test_nobody_answers_and_each_moment_is_said_once():
    assert look(0) == ([], [], 45)
    assert look(44.9) == ([], [], 45)
    assert look(45) == (["ack"], [], 60)
    assert look(50, warned=["ack"]) == ([], [], 60)
    assert look(59.9, warned=["ack"]) == ([], [], 60)
    assert look(60, warned=["ack"]) == ([], ["ack"], 20 * 60)
    assert look(61, warned=["ack"], breached=["ack"]) == ([], [], 20 * 60)
    assert look(20 * 60, breached=["ack"]) == (["solution"], [], 24 * 60)
    assert look(24 * 60, breached=["ack"], warned=["solution"]) == ([], ["solution"], None)
    assert look(48 * 60, breached=["ack", "solution"]) == ([], [], None)


def test_an_answer_in_time_ends_its_stage_only():
    assert look(30, answered={"ack": 20}) == ([], [], 20 * 60)
    assert look(90, answered={"ack": 60}) == ([], [], 20 * 60)
    assert look(22 * 60, answered={"ack": 20, "solution": 21 * 60}) == ([], [], None)


def test_a_late_answer_does_not_undo_the_breach():
    """Nobody looked until noon: the hour was missed although somebody answered at half past ten."""
    assert look(180, answered={"ack": 90}) == ([], ["ack"], 20 * 60)
    assert look(181, answered={"ack": 90}, breached=["ack"]) == ([], [], 20 * 60)


def test_after_downtime_the_breach_is_said_and_no_warning_before_it():
    assert look(23 * 60) == (["solution"], ["ack"], 24 * 60)
    assert look(30 * 60) == ([], ["ack", "solution"], None)


moments = st.integers(0, 3000).map(lambda n: NINE + n * MINUTE)


@given(
    st.lists(st.tuples(st.integers(1, 1000), st.integers(0, 999)), min_size=1, max_size=4),
    st.dictionaries(st.sampled_from("abcd"), moments),
    st.lists(st.integers(0, 3000), min_size=1).map(sorted),
)
def test_however_often_we_look_every_stage_breaks_once_or_never(spans, answers, looks):
    """A walk of looks, the last one after everything: what was said is kept, and nothing is said twice."""
    plan = [
        Deadline(stage, NINE + (after + before) * MINUTE, NINE + after * MINUTE if before else None)
        for stage, (after, before) in zip("abcd", spans, strict=False)
    ]
    warned, breached = [], []
    for now in [NINE + n * MINUTE for n in [*looks, 4000]]:
        known = {stage: at for stage, at in answers.items() if at <= now}
        found = due(plan, known, set(warned), set(breached), now)
        warned += found.warn
        breached += found.breach
        assert not set(found.warn) & set(found.breach)
        ahead = [at for one in plan for at in (one.warn_at, one.due_at) if at and at > now and one.stage not in known]
        assert found.next_at == min(ahead, default=None)
    late = [one.stage for one in plan if one.stage not in answers or answers[one.stage] > one.due_at]
    assert sorted(breached) == sorted(late)
    assert len(set(warned)) == len(warned)
    assert due(plan, answers, warned, breached, NINE + 5000 * MINUTE) == Due((), (), None)
