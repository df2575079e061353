"""The journal only grows, and a changed entry shows."""

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from store import journal
from store.tables import journal as table


def test_entries_are_chained_and_a_forged_one_is_found(store, clock):
    for word in ("incident_opened", "acknowledged", "resolved"):
        with store.transaction() as tx:
            journal.write(tx, clock(), "li", word, "incident:1", "因为", {"n": 1})
    with store.reading() as tx:
        assert [entry.what for entry in journal.entries(tx, "incident:1")] == [
            "incident_opened",
            "acknowledged",
            "resolved",
        ]
        assert journal.broken_at(tx) is None
    with pytest.raises(IntegrityError, match="append-only"), store.transaction() as tx:
        tx.execute(update(table).where(table.c.seq == 2).values(who="nobody"))
    with store.transaction() as tx:
        # Somebody with the file in their hands can take the guard off; the chain still tells.
        tx.execute(text("DROP TRIGGER journal_no_update"))
        tx.execute(update(table).where(table.c.seq == 2).values(who="nobody"))
    with store.reading() as tx:
        assert journal.broken_at(tx) == 2


def test_a_transaction_that_fails_leaves_no_entry(store, clock):
    with pytest.raises(LookupError), store.transaction() as tx:
        journal.write(tx, clock(), "li", "x", "incident:1")
        raise LookupError
    with store.reading() as tx:
        assert journal.count(tx) == 0
