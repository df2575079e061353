"""The one table of what is to be done when: promise, claim, renew, finish, fail. `Job` is the table of contents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Insert, Integer, and_, bindparam, case, delete, func, null, or_, select, update

from config.clock import Ids
from store.columns import Moment
from store.database import Tx, insert_for
from store.tables import agenda


class Job(StrEnum):
    """Everything the service does by itself."""

    PAGE = "page"  # deliver one page                     (alerts)
    CLOCK = "clock"  # remind, breach                      (alerts)
    ESCALATE = "escalate"  # call the next step, expire an ack   (alerts)
    OPEN = "open"  # a spike opens or joins an incident  (alerts)
    PROMISE = "promise"  # a public deadline comes due         (alerts)
    INQUIRY = "inquiry"  # somebody who wrote to us waits      (alerts)
    SETTLE = "settle"  # tell providers it is taken or over  (alerts)
    HEARTBEAT = "heartbeat"  # ping outside when all is well       (desk)
    DAILY = "daily"  # the synthetic page and the digest   (desk)
    ALARM = "alarm"  # tell ops: a source is blind, or back  (desk)
    POLL = "poll"  # read one source                     (monitor)
    JUDGE = "judge"  # match and score what came in        (monitor)
    OPINION = "opinion"  # ask another model about a mention   (monitor)
    WATCH = "watch"  # is this brand's volume a spike?     (monitor)
    DRAFT = "draft"  # prepare statement and Q&A           (statements)
    TEXT = "text"  # ask for a yes, expire one, tell a stale text's owner (desk)
    LEGAL = "legal"  # what the law wants done comes due     (desk)
    REVIEW = "review"  # write the review sheet              (statements)
    TIDY = "tidy"  # drop what is past its time         (desk)


# Calling people goes before hearing, hearing before housekeeping, however long the queue.
URGENT = 0  # orange and red: they overtake a thousand yellow ones
PRIORITY = {job: 1 for job in (Job.PAGE, Job.CLOCK, Job.ESCALATE, Job.OPEN, Job.PROMISE, Job.INQUIRY, Job.TEXT)}
PRIORITY |= {Job.LEGAL: 1}
PRIORITY |= {
    Job.DRAFT: 2,
    Job.HEARTBEAT: 2,
    Job.DAILY: 2,
    Job.ALARM: 2,
    Job.WATCH: 3,
    Job.JUDGE: 4,
    Job.POLL: 5,
    Job.OPINION: 5,
}
PRIORITY |= {Job.SETTLE: 6, Job.REVIEW: 6, Job.TIDY: 10}
# These come round for ever: they back off on errors but never die.
ROUND = frozenset(
    {
        Job.OPEN,
        Job.POLL,
        Job.JUDGE,
        Job.WATCH,
        Job.CLOCK,
        Job.ESCALATE,
        Job.INQUIRY,
        Job.LEGAL,
        Job.HEARTBEAT,
        Job.DAILY,
        Job.ALARM,
        Job.TIDY,
    }
)
MAX_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Task:
    """One claimed row. `claim` is the fencing token: only its holder may finish or fail it, until `lease_until`."""

    job: Job
    key: str
    claim: str
    attempts: int
    due_at: datetime
    lease_until: datetime


def promise(tx: Tx, job: Job, key: str, due_at: datetime, *, urgent: bool = False) -> None:
    """Make sure `job` runs for `key` at `due_at` at the latest; a row that runs now will run again.

    `urgent` puts it before everything else that is due; it stays urgent until it is done.
    """
    wanted = URGENT if urgent else PRIORITY[job]
    tx.execute(_promise(tx.dialect.name), {"job": job.value, "key": key, "wanted": wanted, "moment": due_at})


@cache
def _promise(dialect: str) -> Insert:
    # Built once: composing it costs ten times what running it does.
    moment, wanted = bindparam("moment", type_=Moment()), bindparam("wanted", type_=Integer)
    sooner = case((agenda.c.due_at < moment, agenda.c.due_at), else_=moment)
    again = case((and_(agenda.c.again_at.is_not(None), agenda.c.again_at < moment), agenda.c.again_at), else_=moment)
    idle = agenda.c.claim.is_(None)
    row = {"job": bindparam("job"), "key": bindparam("key"), "priority": wanted, "due_at": moment}
    made: Insert = (
        insert_for(dialect)(agenda)
        .values(row | {"attempts": 0, "last_error": ""})
        .on_conflict_do_update(
            index_elements=["job", "key"],
            set_={
                "priority": case((agenda.c.priority < wanted, agenda.c.priority), else_=wanted),
                "due_at": case((agenda.c.dead_at.is_not(None), moment), (idle, sooner), else_=agenda.c.due_at),
                "again_at": case((idle, null()), else_=again),
                "attempts": case((agenda.c.dead_at.is_not(None), 0), else_=agenda.c.attempts),
                "dead_at": None,
            },
        )
    )
    return made


def claim(tx: Tx, now: datetime, seats: int, lease: timedelta, ids: Ids, jobs: Sequence[Job] = ()) -> list[Task]:
    """Take up to `seats` due rows, most urgent first; an expired lease makes a row free again, never failed."""
    free = or_(agenda.c.claim.is_(None), agenda.c.lease_until < now)
    due = select(agenda.c.seq).where(agenda.c.dead_at.is_(None), agenda.c.due_at <= now, free)
    # Rows of a job this version does not know are left alone.
    due = due.where(agenda.c.job.in_([job.value for job in jobs or Job]))
    due = due.order_by(agenda.c.priority, agenda.c.due_at, agenda.c.seq).limit(seats)
    if tx.dialect.name == "postgresql":
        due = due.with_for_update(skip_locked=True)
    token = ids()
    rows = tx.execute(
        update(agenda)
        .where(agenda.c.seq.in_(due.scalar_subquery()))
        .values(claim=token, lease_until=now + lease)
        .returning(agenda.c.job, agenda.c.key, agenda.c.attempts, agenda.c.due_at, agenda.c.priority)
    ).all()
    taken = sorted(rows, key=lambda row: (row.priority, row.due_at, row.job, row.key))
    return [Task(Job(row.job), row.key, token, row.attempts, row.due_at, now + lease) for row in taken]


def renew(tx: Tx, task: Task, now: datetime, lease: timedelta) -> bool:
    """Hold the claim longer; False means somebody else has it now and this work must be dropped."""
    done = tx.execute(update(agenda).where(*_mine(task)).values(lease_until=now + lease))
    return done.rowcount == 1


def finish(tx: Tx, task: Task, again_at: datetime | None) -> bool:
    """Done. The row waits for `again_at` (or an earlier promise made meanwhile), else it goes. False: not ours."""
    row = tx.execute(select(agenda.c.again_at).where(*_mine(task)).with_for_update()).first()
    if row is None:
        return False
    moments = [moment for moment in (again_at, row.again_at) if moment is not None]
    if not moments:
        return tx.execute(delete(agenda).where(*_mine(task))).rowcount == 1
    calm = {"claim": None, "lease_until": None, "again_at": None, "attempts": 0, "last_error": ""}
    return tx.execute(update(agenda).where(*_mine(task)).values(due_at=min(moments), **calm)).rowcount == 1


def fail(tx: Tx, task: Task, reason: str, now: datetime, *, permanent: bool) -> bool:
    """Back off 1, 2, 4 … 600 s. Dead when another try cannot help or after 8, unless the job comes round for ever.

    Returns True when the row is dead now; a claim somebody else holds by now is left alone.
    """
    attempts = task.attempts + 1
    row = tx.execute(select(agenda.c.again_at).where(*_mine(task)).with_for_update()).first()
    asked = row.again_at if row else None
    # Somebody promised it anew while it ran: that promise stands, whatever became of this run.
    dead = task.job not in ROUND and asked is None and (permanent or attempts >= MAX_ATTEMPTS)
    wait = timedelta(seconds=min(600, 2 ** (attempts - 1)))
    due_at = min(now + wait, asked) if asked else now + wait
    done = tx.execute(
        update(agenda)
        .where(*_mine(task))
        .values(
            claim=None,
            lease_until=None,
            again_at=None,
            attempts=attempts,
            last_error=reason[:2000],
            due_at=due_at,
            dead_at=now if dead else None,
        )
    )
    return dead and done.rowcount == 1


def release(tx: Tx, tasks: Sequence[Task]) -> int:
    """Give claims back untouched (a process that is asked to stop)."""
    calm = update(agenda).values(claim=None, lease_until=None)
    return sum(tx.execute(calm.where(*_mine(task))).rowcount for task in tasks)


def release_all(tx: Tx) -> int:
    """Give every claim back: only for a process that holds the store alone, so all other holders are dead."""
    return tx.execute(update(agenda).where(agenda.c.claim.is_not(None)).values(claim=None, lease_until=None)).rowcount


def next_due(tx: Tx) -> datetime | None:
    """When the next free row comes due; the moment a stepping clock may jump to."""
    moment: datetime | None = tx.execute(
        select(func.min(agenda.c.due_at)).where(agenda.c.dead_at.is_(None), agenda.c.claim.is_(None))
    ).scalar_one()
    return moment


def anything_due(tx: Tx, now: datetime) -> bool:
    """A cheap look before a claim: is any row due and free, or its lease over?"""
    free = or_(agenda.c.claim.is_(None), agenda.c.lease_until < now)
    query = select(agenda.c.seq).where(agenda.c.dead_at.is_(None), agenda.c.due_at <= now, free)
    return tx.execute(query.limit(1)).first() is not None


def lag(tx: Tx, now: datetime) -> timedelta:
    """How long the most overdue row has been waiting: free, or claimed by somebody who has fallen silent."""
    silent = or_(agenda.c.claim.is_(None), agenda.c.lease_until < now)
    oldest = tx.execute(select(func.min(agenda.c.due_at)).where(agenda.c.dead_at.is_(None), silent)).scalar_one()
    return max(timedelta(), now - oldest) if oldest else timedelta()


def dead(tx: Tx) -> list[dict[str, Any]]:
    """Rows nobody will try again, newest first."""
    query = select(agenda.c.job, agenda.c.key, agenda.c.dead_at, agenda.c.last_error)
    return [dict(row._mapping) for row in tx.execute(query.where(agenda.c.dead_at.is_not(None)))]


def waiting(tx: Tx) -> dict[str, datetime]:
    """`job:key` → due moment of every living row."""
    query = select(agenda.c.job, agenda.c.key, agenda.c.due_at).where(agenda.c.dead_at.is_(None))
    return {f"{row.job}:{row.key}": row.due_at for row in tx.execute(query)}


def _mine(task: Task) -> tuple[Any, ...]:
    return (agenda.c.job == task.job.value, agenda.c.key == task.key, agenda.c.claim == task.claim)
