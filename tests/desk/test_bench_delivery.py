"""`bench delivery` in small: it finds nothing lost in our house, and finds what a careless loop loses."""

from dataclasses import asdict

from bench.delivery import Plan, good, sqlite_threads, struck
from bench.delivery_worker import mark_then_send

# So many that some kills strike a page in the air.
SMALL = Plan(pages=40, kills=10, over=4.0, lease="2s", longest=45.0, quiet=5.0)


def quiet(_line: str) -> None:
    """Nobody watches."""


def test_killed_workers_lose_nothing_and_what_they_double_has_its_own_key():
    found = sqlite_threads(quiet, SMALL)
    assert (found.pages, found.lost, found.believed, found.kills) == (40, 0, 0, 10)
    assert found.doubles <= found.kills
    assert found.cut_short > 0
    # Two refusals and a yes for each page.
    assert found.requests == 3 * found.pages + found.doubles
    assert found.one_key
    assert good({"sqlite_threads": asdict(found), "postgres_rq": None, "postgres_rq_reason": "no such server here"})


def test_a_loop_that_marks_before_it_sends_is_found_to_lose_pages():
    found = struck(quiet, "careless", [mark_then_send, mark_then_send], SMALL)
    assert found.lost > 0
    assert found.believed == found.lost
    assert not good({"careless": asdict(found)})
