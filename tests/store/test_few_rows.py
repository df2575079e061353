"""What waits is looked for in the index that holds what waits alone, not among all there is."""

from sqlalchemy import event

from store import mentions, triage
from store.database import Store


def plan_of(store: Store, ask) -> str:
    """How SQLite goes about the questions that are asked."""
    asked: list[tuple[str, tuple]] = []
    event.listen(store.engine, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    with store.reading() as tx:
        ask(tx)
        return "\n".join(
            row[3]
            for said, given in asked
            if said.startswith("SELECT")
            for row in tx.connection.driver_connection.execute(f"EXPLAIN QUERY PLAN {said}", given)
        )


def test_what_nobody_has_judged_is_found_by_its_own_index(store):
    assert "ix_mentions_pending" in plan_of(store, lambda tx: mentions.pending(tx, 500))


def test_what_waits_for_a_person_is_found_by_its_own_index(store):
    for ask in (lambda tx: triage.waiting(tx, "", 20), lambda tx: triage.size(tx, "")):
        assert "ix_scores_triage" in plan_of(store, ask)
