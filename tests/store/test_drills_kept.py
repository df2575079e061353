"""Drills are kept on both stores: numbered in order, found again, changed to their end."""

from datetime import UTC, datetime, timedelta

import pytest

from store import drills, migrations
from store.database import Store
from store.nouns import Drill, DrillState

START = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.realserver)])
def kept(request):
    """A store of this version's schema, of either kind."""
    if request.param == "sqlite":
        yield request.getfixturevalue("store")
        return
    opened = Store(request.getfixturevalue("servers").new_database())
    migrations.migrate(opened)
    yield opened
    opened.close()


def drill(name: str) -> Drill:
    return Drill(
        id=name * 32, number=0, scenario="rumour", zh="谣言", en="A rumour", kind="full", state=DrillState.RUNNING,
        speed=2, started_at=START, started_by="wang", seats={"zhao": "reporter"},
    )  # fmt: skip


def test_a_drill_from_its_start_to_its_sheet(kept):
    with kept.transaction() as tx:
        first, second = drills.add_next(tx, drill("a")), drills.add_next(tx, drill("b"))
    assert (first.number, second.number) == (1, 2)
    end = START + timedelta(hours=1)
    with kept.transaction() as tx:
        drills.change(
            tx, first.id, state=DrillState.ENDED, ended_at=end, score=80, sheet={"score": 80, "weakest": "log"}
        )
    with kept.reading() as tx:
        ended = drills.by_number(tx, 1)
        assert ended is not None
        assert (ended.state, ended.ended_at, ended.score) == (DrillState.ENDED, end, 80)
        assert ended.sheet == {"score": 80, "weakest": "log"}
        assert ended.seats == {"zhao": "reporter"}
        assert [one.number for one in drills.unended(tx)] == [2]
        assert [one.number for one in drills.listed(tx)] == [2, 1]
        assert drills.get(tx, second.id) == second
        assert drills.by_number(tx, 3) is None
