"""The agenda: nothing promised is lost, nothing runs twice at once, and only the holder of a claim may finish it."""

from datetime import timedelta

from store import agenda
from store.agenda import Job

LEASE = timedelta(seconds=15)


def test_urgent_jobs_go_first_and_a_claimed_row_is_not_given_twice(store, clock, ids):
    with store.transaction() as tx:
        agenda.promise(tx, Job.POLL, "weibo", clock())
        agenda.promise(tx, Job.PAGE, "p1", clock())
    with store.transaction() as tx:
        first = agenda.claim(tx, clock(), 5, LEASE, ids)
        second = agenda.claim(tx, clock(), 5, LEASE, ids)
    assert [(task.job, task.key) for task in first] == [(Job.PAGE, "p1"), (Job.POLL, "weibo")]
    assert second == []


def test_an_expired_lease_makes_the_row_free_again_and_the_former_holder_may_not_finish_it(store, clock, ids):
    with store.transaction() as tx:
        agenda.promise(tx, Job.PAGE, "p1", clock())
        (dead_worker,) = agenda.claim(tx, clock(), 1, LEASE, ids)
    clock.forward(clock() + LEASE + timedelta(seconds=1))
    with store.transaction() as tx:
        (heir,) = agenda.claim(tx, clock(), 1, LEASE, ids)
        assert (heir.job, heir.key, heir.attempts) == (Job.PAGE, "p1", 0)
        assert not agenda.renew(tx, dead_worker, clock(), LEASE)
        assert not agenda.finish(tx, dead_worker, None)
        assert agenda.finish(tx, heir, None)
        assert agenda.waiting(tx) == {}


def test_a_promise_made_while_the_job_runs_makes_it_run_again(store, clock, ids):
    later = clock() + timedelta(seconds=3)
    with store.transaction() as tx:
        agenda.promise(tx, Job.JUDGE, "pending", clock())
        (task,) = agenda.claim(tx, clock(), 1, LEASE, ids)
        agenda.promise(tx, Job.JUDGE, "pending", later)
        agenda.finish(tx, task, None)
        assert agenda.waiting(tx) == {"judge:pending": later}


def test_the_sooner_of_two_promises_wins(store, clock):
    with store.transaction() as tx:
        agenda.promise(tx, Job.CLOCK, "i1", clock() + timedelta(minutes=9))
        agenda.promise(tx, Job.CLOCK, "i1", clock() + timedelta(minutes=4))
        agenda.promise(tx, Job.CLOCK, "i1", clock() + timedelta(minutes=30))
        assert agenda.waiting(tx) == {"clock:i1": clock() + timedelta(minutes=4)}


def test_failures_back_off_and_a_page_that_cannot_succeed_is_dead_and_loud(store, clock, ids):
    waits = []
    with store.transaction() as tx:
        agenda.promise(tx, Job.DRAFT, "i1", clock())
        for _ in range(agenda.MAX_ATTEMPTS):
            (task,) = agenda.claim(tx, clock(), 1, LEASE, ids)
            agenda.fail(tx, task, "boom", clock(), permanent=False)
            due = agenda.next_due(tx)
            if due:
                waits.append(int((due - clock()).total_seconds()))
                clock.forward(due)
        assert waits == [1, 2, 4, 8, 16, 32, 64]
        assert [(row["job"], row["key"], row["last_error"]) for row in agenda.dead(tx)] == [("draft", "i1", "boom")]
        agenda.promise(tx, Job.DRAFT, "i1", clock())
        assert agenda.dead(tx) == []


def test_a_timer_never_dies_however_often_it_fails(store, clock, ids):
    with store.transaction() as tx:
        agenda.promise(tx, Job.CLOCK, "i1", clock())
        for _ in range(12):
            (task,) = agenda.claim(tx, clock(), 1, LEASE, ids)
            assert not agenda.fail(tx, task, "boom", clock(), permanent=True)
            clock.forward(clock() + timedelta(seconds=600))
        assert agenda.dead(tx) == []


def test_stopping_gives_claims_back_at_once(store, clock, ids):
    with store.transaction() as tx:
        agenda.promise(tx, Job.PAGE, "p1", clock())
        tasks = agenda.claim(tx, clock(), 1, LEASE, ids)
        assert agenda.release(tx, tasks) == 1
        assert [task.key for task in agenda.claim(tx, clock(), 1, LEASE, ids)] == ["p1"]


def test_lag_counts_what_a_silent_holder_sits_on(store, clock, ids):
    with store.transaction() as tx:
        agenda.promise(tx, Job.PAGE, "p1", clock())
        agenda.claim(tx, clock(), 1, LEASE, ids)
        assert agenda.lag(tx, clock()) == timedelta()
        later = clock() + LEASE + timedelta(seconds=5)
        assert agenda.lag(tx, later) == timedelta(seconds=20)


def test_a_holder_that_lost_its_claim_cannot_bury_the_row(store, clock, ids):
    with store.transaction() as tx:
        agenda.promise(tx, Job.DRAFT, "i1", clock())
        (slow,) = agenda.claim(tx, clock(), 1, LEASE, ids)
        clock.forward(clock() + LEASE + timedelta(seconds=1))
        agenda.claim(tx, clock(), 1, LEASE, ids)
        assert not agenda.fail(tx, slow, "boom", clock(), permanent=True)
        assert agenda.dead(tx) == []
