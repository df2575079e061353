"""After a long absence, or from a restored backup, nothing old goes out by itself, and no clock stands still."""

from datetime import timedelta

import pytest

from alerts.rounds import RESTORED
from desk import stepping
from desk.signs import RQ, Signs
from desk.waking import wake
from store import incidents, journal, pages, workers
from store.nouns import ClockState, PageStatus, Paging, Worker
from tests.worlds.company import NOON, Company, told

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
AWAY = 6 * HOUR
HURT = "孩子喝了星禾奶茶上吐下泻，现在在医院"


@pytest.fixture
def company(tmp_path):
    """A crisis nobody took: it opened at 14:05 and is being called; the mail server refuses."""
    made = Company(tmp_path, [told(5, HURT), told(6, HURT + "，同一家店", author="邻居")])
    made.stage.mailbox.refuse = True
    made.forward(9)
    yield made
    made.stage.close()


def stops(company, kind="threads"):
    """The last sign of life is given now; then time passes."""
    Signs(company.store, company.clock, kind).looked()


def starts(company):
    """What `serve` does before it claims anything."""
    house = company.stage.house
    me = house.desk.signs("threads").me(company.clock())
    with company.store.transaction() as tx:
        woken = wake(tx, house.desk.tell_jump.args[0], me, AWAY)
    house.first_promises()
    return woken


def of_reason(company, reason):
    with company.store.reading() as tx:
        return [one for one in pages.newest(tx, 1000) if one.reason == reason]


def test_what_is_old_waits_for_a_person_and_the_breach_stands_at_its_time(company):
    calls = len(of_reason(company, "call"))
    stops(company)
    company.sleep_until(9 + 7 * 60)
    company.stage.mailbox.refuse = False
    letters = len(company.stage.mailbox.letters())
    woken = starts(company)
    waited = [one for one in of_reason(company, "call") if one.status == PageStatus.HELD]
    # What legal was to be told of the law's clocks waits with them.
    law = [one for one in of_reason(company, "legal_due") if one.status == PageStatus.HELD]
    assert (woken.last, woken.held) == (NOON + 9 * MINUTE, len(waited) + len(law))
    assert waited
    stepping.settle(company.stage.house.desk)
    company.forward(9 + 7 * 60 + 40)
    incident = company.incident()
    assert (incident.paging, incident.hushed, incident.clock) == (Paging.SILENCED, RESTORED, ClockState.BREACHED)
    assert incident.breached_at == incident.due_at
    assert len(of_reason(company, "call")) == calls
    assert [one for one in of_reason(company, "call") if one.status == PageStatus.HELD] == waited
    assert company.journal().count("restored") == 1
    new = {letter.subject for letter in company.stage.mailbox.letters()[letters:]}
    assert {subject for subject in new if "请接手" in subject} == set()
    assert f"【恢复后待定】{woken.held} 条旧呼叫、1 个事件的呼叫等人决定" in new


def test_ops_and_lead_are_told_once_over_every_way_with_where_to_decide(company):
    stops(company)
    company.sleep_until(9 + 7 * 60)
    held = starts(company).held
    found = of_reason(company, "restored")
    assert sorted((one.person, one.channel) for one in found) == [
        ("ops", "email"),
        ("ops", "webhook"),
        ("wang", "email"),
        ("wang", "webhook"),
    ]
    assert f"{held} 条旧呼叫、1 个事件" in found[0].body
    assert "/deliveries" in found[0].body
    assert starts(company) is None
    assert len(of_reason(company, "restored")) == 4
    assert company.journal().count("restored") == 1


def test_a_person_lets_a_held_page_go(company):
    stops(company)
    company.sleep_until(9 + 7 * 60)
    company.stage.mailbox.refuse = False
    starts(company)
    one = next(one for one in of_reason(company, "call") if one.status == PageStatus.HELD)
    with company.store.transaction() as tx:
        assert pages.decide_held(tx, one.id, PageStatus.WAITING, company.clock())
    stepping.settle(company.stage.house.desk)
    with company.store.reading() as tx:
        assert pages.get(tx, one.id).status == PageStatus.ACCEPTED


@pytest.mark.parametrize(("minutes", "paging"), [(1, Paging.PAGING), (6 * 60, Paging.EXHAUSTED)])
def test_a_short_absence_holds_nothing_and_the_calls_go_on(company, minutes, paging):
    stops(company)
    company.sleep_until(9 + minutes)
    company.stage.mailbox.refuse = False
    assert starts(company) is None
    stepping.settle(company.stage.house.desk)
    assert company.incident().paging == paging
    assert of_reason(company, "restored") == []
    assert not [one for one in of_reason(company, "call") if one.status == PageStatus.HELD]


def test_a_store_that_was_never_served_has_nothing_old(company):
    company.sleep_until(9 + 7 * 60)
    assert starts(company) is None


def test_workers_that_started_first_do_not_hide_the_absence(company):
    stops(company)
    company.sleep_until(9 + 7 * 60)
    with company.store.transaction() as tx:
        workers.seen(tx, Worker("w", RQ, company.clock()))
    assert starts(company).last == NOON + 9 * MINUTE


def test_an_incident_somebody_has_is_left_alone(company):
    company.take("li")
    stops(company)
    company.sleep_until(9 + 7 * 60)
    assert starts(company).silenced == ()
    assert company.incident().paging == Paging.ACKED


def test_nothing_old_is_no_news(company):
    with company.store.transaction() as tx:
        one = incidents.listed(tx, open_only=True)[0]
        incidents.change(tx, one, paging=Paging.QUIET)
        pages.drop_waiting(tx, one.id, ["call", "legal_due"])
    stops(company)
    company.sleep_until(9 + 7 * 60)
    assert starts(company).held == 0
    assert of_reason(company, "restored") == []
    with company.store.reading() as tx:
        assert [entry.what for entry in journal.entries(tx, "service")] == ["restored"]
